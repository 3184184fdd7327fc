"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const { rows, papers, strings } = data;
  const count = rows.paper.length;
  const text = (index) => (index < 0 ? "" : strings[index]);
  const words = (name) => name.replaceAll("_", " ");
  const grouped = new Intl.NumberFormat("en");
  const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
  const fold = (string) => string.toLowerCase();

  // Elements are made from text alone: nothing of a paper is ever parsed as HTML.
  const make = (tag, properties = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(properties)) {
      if (name in element && name !== "list") element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };
  const link = (address, label) =>
    /^https?:\/\//i.test(address || "")
      ? make("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, label)
      : make("span", {}, label);

  // Texts are a long list that is parsed when they are first needed.
  let parsed = null;
  const texts = () => (parsed ??= JSON.parse($("texts").textContent));
  const span = (row) => texts()[rows.paper[row]][1].find((found) => found[0] === rows.number[row]);
  const quote = (row) => {
    const [, inTitle, start, end] = span(row);
    const paper = rows.paper[row];
    return (inTitle ? papers.title[paper] : texts()[paper][0]).slice(start, end);
  };

  const SIGNS = { exact: "", approx: "~", up_to: "up to ", at_least: "≥ ", at_most: "≤ " };
  const WORDS = { exact: "", approx: "about ", up_to: "up to ", at_least: "at least ", at_most: "at most " };
  const ARROWS = { increase: " ↑", decrease: " ↓" };
  const number = (row, signs = SIGNS) => {
    const low = rows.value[row], high = rows.value_high[row], from = rows.from_value[row], unit = text(rows.unit[row]);
    let said = plain.format(low) + (high === null ? "" : `–${plain.format(high)}`);
    if (from !== null) said = `${plain.format(from)} → ${said}`;
    const gap = unit === "x" || unit === "%" || !unit ? "" : " ";
    return signs[text(rows.qualifier[row])] + said + gap + unit + (ARROWS[text(rows.direction[row])] || "");
  };
  const key = (row) => `${papers.id[rows.paper[row]]}/${rows.number[row]}`;

  const COLUMNS = [
    { name: "metric", head: "Metric", show: (row) => words(text(rows.metric[row])) },
    { name: "kind", head: "Kind", show: (row) => text(rows.kind[row]) },
    { name: "value", head: "Value", show: (row) => number(row), rank: (row) => rows.value[row] },
    { name: "dataset", head: "Data set", show: (row) => text(rows.dataset[row]) },
    { name: "system", head: "System", show: (row) => text(rows.system[row]) },
    { name: "baseline", head: "Baseline", show: (row) => text(rows.baseline[row]) },
    { name: "title", head: "Paper", show: (row) => papers.title[rows.paper[row]] },
    { name: "year", head: "Year", show: (row) => String(papers.year[rows.paper[row]] ?? ""), rank: (row) => papers.year[rows.paper[row]] },
    { name: "confidence", head: "Conf.", show: (row) => rows.confidence[row].toFixed(2), rank: (row) => rows.confidence[row] },
    { name: "code", head: "Code", show: (row) => (papers.link[rows.paper[row]] ? "link" : ""), rank: (row) => (papers.link[rows.paper[row]] ? 1 : null) },
  ];

  // State: what the address keeps.
  const EMPTY = { q: "", metric: "", kind: "", dataset: "", task: "", confidence: "0", abstracts: "", code: "", sort: "", row: "" };
  let state = { ...EMPTY };
  const read = () => {
    const found = { ...EMPTY };
    for (const [name, value] of new URLSearchParams(location.hash.slice(1))) if (name in EMPTY) found[name] = value;
    return found;
  };
  const write = () => {
    const kept = Object.entries(state).filter(([name, value]) => value !== EMPTY[name]);
    const address = kept.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
    history.replaceState(null, "", address ? `#${address}` : location.pathname + location.search);
  };

  // Which rows are shown, in which order.
  let view = [];
  let haystacks = [];
  const haystack = (row) =>
    (haystacks[row] ??= fold(
      [
        words(text(rows.metric[row])), text(rows.metric_text[row]), text(rows.dataset[row]), text(rows.canonical[row]),
        text(rows.system[row]), text(rows.baseline[row]), quote(row), papers.title[rows.paper[row]], papers.id[rows.paper[row]],
      ].join("\n"),
    ));
  let abstracts = [];
  const abstract = (paper) => (abstracts[paper] ??= fold(texts()[paper][0]));

  const choose = () => {
    const at = (name) => (state[name] ? strings.indexOf(state[name]) : null);
    const metric = at("metric"), kind = at("kind"), task = at("task");
    const least = Number(state.confidence) || 0;
    const wanted = fold(state.q).split(/\s+/).filter(Boolean);
    const dataset = fold(state.dataset.trim());
    const exact = dataset ? strings.findIndex((name, index) => datasetNames.has(index) && fold(name) === dataset) : -1;
    const fits = strings.map((name) => dataset !== "" && fold(name).includes(dataset));
    view = [];
    for (let row = 0; row < count; row += 1) {
      const paper = rows.paper[row];
      if (metric !== null && rows.metric[row] !== metric) continue;
      if (kind !== null && rows.kind[row] !== kind) continue;
      if (rows.confidence[row] < least) continue;
      if (task !== null && !papers.tasks[paper].includes(task)) continue;
      if (state.code && !papers.link[paper]) continue;
      if (exact >= 0 ? rows.canonical[row] !== exact : dataset && !(fits[rows.dataset[row]] || fits[rows.canonical[row]])) continue;
      if (wanted.length && !wanted.every((word) => haystack(row).includes(word) || (state.abstracts && abstract(paper).includes(word)))) continue;
      view.push(row);
    }
    order();
  };
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const order = () => {
    const down = state.sort.startsWith("-");
    const column = COLUMNS.find((c) => c.name === state.sort.replace(/^-/, ""));
    if (!column) return;
    const keys = new Map(view.map((row) => [row, column.rank ? column.rank(row) : column.show(row)]));
    const missing = (value) => value === null || value === "";
    view.sort((a, b) => {
      const one = keys.get(a), other = keys.get(b);
      if (missing(one) || missing(other)) return missing(one) - missing(other) || a - b; // empty cells last, either way
      const by = column.rank ? one - other : collator.compare(one, other);
      return (down ? -by : by) || a - b;
    });
  };

  // The table: only rows in sight are elements.
  const scroller = $("scroller"), body = $("body");
  let active = 0, drawn = new Map(), height = 44;
  const cell = (column, row) => {
    const said = column.show(row);
    const inside = column.name === "code" && said ? link(papers.link[rows.paper[row]], said) : said || "–";
    const element = make("td", { className: column.name, role: "cell", dir: "auto" }, inside);
    if (column.name === "value") element.classList.add("number");
    if (!said) element.classList.add("none");
    else if (said.length > 12) element.title = said.slice(0, 300);
    if (column.name === "title" && !papers.title[rows.paper[row]]) element.textContent = papers.id[rows.paper[row]];
    return element;
  };
  const line = (place) => {
    const row = view[place];
    const element = make("tr", { role: "row", tabIndex: place === active ? 0 : -1, "aria-rowindex": String(place + 2) });
    element.style.top = `${place * height}px`;
    element.dataset.place = String(place);
    element.append(...COLUMNS.map((column) => cell(column, row)));
    return element;
  };
  const draw = () => {
    const head = $("heads").parentElement.offsetHeight;
    const first = Math.max(0, Math.floor((scroller.scrollTop - head) / height) - 4);
    const last = Math.min(view.length, Math.ceil((scroller.scrollTop + scroller.clientHeight) / height) + 4);
    for (const [place, element] of drawn) {
      if ((place < first || place >= last) && place !== active) { element.remove(); drawn.delete(place); }
    }
    const places = active < view.length ? [active] : [];
    for (let place = first; place < last; place += 1) places.push(place);
    for (const place of places) if (!drawn.has(place)) drawn.set(place, body.appendChild(line(place)));
  };
  const redraw = () => {
    height = parseInt(getComputedStyle(document.documentElement).getPropertyValue("--row"), 10) || 44;
    body.replaceChildren();
    drawn = new Map();
    active = Math.min(active, Math.max(view.length - 1, 0));
    body.style.height = `${view.length * height}px`;
    $("table").setAttribute("aria-rowcount", String(view.length + 1));
    draw();
  };
  const activate = (place) => {
    const before = drawn.get(active);
    if (before) before.tabIndex = -1;
    active = Math.min(Math.max(place, 0), view.length - 1);
    const head = getComputedStyle($("heads").parentElement).position === "sticky" ? $("heads").parentElement.offsetHeight : 0;
    const top = active * height, room = scroller.clientHeight - head;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    else if (top + height > scroller.scrollTop + room) scroller.scrollTop = top + height - room;
    draw();
    drawn.get(active).tabIndex = 0;
    drawn.get(active).focus({ preventScroll: true });
  };
  const refresh = () => {
    choose();
    active = 0;
    scroller.scrollTop = 0;
    redraw();
    const of = new Set(view.map((row) => rows.paper[row])).size;
    $("shown").textContent = view.length
      ? `${grouped.format(view.length)} of ${grouped.format(count)} results, in ${grouped.format(of)} papers`
      : `None of ${grouped.format(count)} results fits.`;
    for (const button of $("heads").querySelectorAll("button")) {
      const name = button.dataset.column, sorted = state.sort.replace(/^-/, "") === name;
      const down = state.sort.startsWith("-");
      button.parentElement.setAttribute("aria-sort", sorted ? (down ? "descending" : "ascending") : "none");
      button.lastElementChild.textContent = sorted ? (down ? " ▼" : " ▲") : "";
    }
  };

  // Evidence: the paper's text with its facts, this result's quote framed.
  const dialog = $("evidence");
  const marked = (content, marks) => {
    const borders = [...new Set([0, content.length, ...marks.flatMap((m) => [m.start, m.end])])].sort((a, b) => a - b);
    const out = document.createDocumentFragment();
    for (let i = 0; i + 1 < borders.length; i += 1) {
      const [from, to] = [borders[i], borders[i + 1]];
      const over = marks.filter((m) => m.start <= from && to <= m.end).sort((a, b) => b.end - b.start - (a.end - a.start));
      let piece = document.createTextNode(content.slice(from, to));
      for (const m of over.reverse()) piece = make("mark", { className: m.kind + (m.own ? " this" : ""), title: m.label }, piece);
      out.append(piece);
    }
    return out;
  };
  const show = (row) => {
    const paper = rows.paper[row];
    const [content, spans, others] = texts()[paper];
    const marks = (inTitle) => [
      ...spans.filter((s) => s[1] === inTitle).map((s) => ({ start: s[2], end: s[3], kind: "results", label: "result", own: s[0] === rows.number[row] })),
      ...others.filter((o) => o[0] === inTitle).map((o) => ({ start: o[1], end: o[2], kind: o[3], label: `${words(o[3])}: ${o[4]}`, own: false })),
    ];
    const fact = make("dl");
    const metric = text(rows.metric[row]);
    const said = (data.metrics[metric] || ["", "none"]);
    const about = [
      ["metric", words(metric) + (said[0] ? ` (${said[0]})` : "")],
      ["better is", { higher: "higher", lower: "lower" }[said[1]] || ""],
      ["named by", text(rows.metric_text[row])],
      ["kind", text(rows.kind[row])], ["value", number(row, WORDS)], ["data set", text(rows.dataset[row])],
      ["system", text(rows.system[row])], ["baseline", text(rows.baseline[row])], ["quote", quote(row)],
      ["found by", text(rows.rule[row])], ["confidence", rows.confidence[row].toFixed(2)],
      ["tasks", papers.tasks[paper].map((task) => words(text(task))).join(", ")],
      ["code", { linked: "linked", released: "said to be public", promised: "promised", none: "not said" }[text(papers.code[paper])] || ""],
    ];
    for (const [name, value] of about) if (value) fact.append(make("dt", {}, name), make("dd", {}, make("bdi", {}, value)));
    const outward = make("p", { className: "outward" }, link(papers.page[paper], papers.id[paper]));
    if (papers.year[paper] !== null) outward.append(make("span", {}, String(papers.year[paper])));
    if (papers.link[paper]) outward.append(link(papers.link[paper], `code: ${papers.link[paper]}`));
    const kinds = ["results", ...new Set(others.map((o) => o[3]))];
    $("evidence-body").replaceChildren(
      make("h2", { id: "evidence-title", className: "marks", dir: "auto" }, marked(papers.title[paper], marks(1))),
      outward,
      make("p", { className: "marks", id: "evidence-text", dir: "auto" }, marked(content, marks(0))),
      make("p", { className: "key" }, ...kinds.map((kind) => make("mark", { className: kind }, words(kind)))),
      fact,
    );
    const place = view.indexOf(row);
    $("place").textContent = place < 0 ? "" : `${grouped.format(place + 1)} of ${grouped.format(view.length)}`;
    $("previous").disabled = place <= 0;
    $("next").disabled = place < 0 || place + 1 >= view.length;
    state.row = key(row);
    write();
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
  };
  const opened = () => {
    for (let row = 0; row < count; row += 1) if (key(row) === state.row) return row;
    return -1;
  };
  const step = (by) => {
    const place = view.indexOf(opened()) + by;
    if (place >= 0 && place < view.length) show(view[place]);
  };
  dialog.addEventListener("close", () => {
    const place = view.indexOf(opened());
    state.row = "";
    write();
    if (place >= 0 && document.activeElement === document.body) activate(place);
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "ArrowRight") step(1);
  });
  $("close").addEventListener("click", () => dialog.close());
  $("previous").addEventListener("click", () => step(-1));
  $("next").addEventListener("click", () => step(1));

  // Controls.
  const counted = (column) => {
    const found = new Map();
    for (const index of column) if (index >= 0) found.set(index, (found.get(index) || 0) + 1);
    return [...found].sort((a, b) => b[1] - a[1] || collator.compare(text(a[0]), text(b[0])));
  };
  const options = (select, found) =>
    select.append(
      make("option", { value: "" }, "any"),
      ...found.map(([index, n]) => make("option", { value: text(index) }, `${words(text(index))} (${grouped.format(n)})`)),
    );
  const datasetCounts = counted(rows.canonical);
  const datasetNames = new Set(datasetCounts.map(([index]) => index));
  options($("f-metric"), counted(rows.metric));
  options($("f-kind"), counted(rows.kind));
  options($("f-task"), counted(rows.paper.flatMap((paper) => papers.tasks[paper])));
  $("dataset-names").append(...datasetCounts.slice(0, 500).map(([index]) => make("option", { value: text(index) })));
  $("f-sort").append(
    make("option", { value: "" }, "order of papers"),
    ...COLUMNS.flatMap((c) => [make("option", { value: c.name }, `${c.head} ▲`), make("option", { value: `-${c.name}` }, `${c.head} ▼`)]),
  );
  $("heads").append(
    ...COLUMNS.map((column) => {
      const button = make("button", { type: "button" }, column.head, make("span", { "aria-hidden": "true" }));
      button.dataset.column = column.name;
      return make("th", { scope: "col", role: "columnheader" }, button);
    }),
  );
  const controls = () => {
    for (const name of ["q", "metric", "kind", "dataset", "task", "confidence", "sort"]) $(`f-${name}`).value = state[name];
    for (const name of ["abstracts", "code"]) $(`f-${name}`).checked = Boolean(state[name]);
    $("f-confidence-said").textContent = Number(state.confidence).toFixed(2);
  };
  const changed = () => {
    for (const name of ["q", "metric", "kind", "dataset", "task", "confidence", "sort"]) state[name] = $(`f-${name}`).value;
    for (const name of ["abstracts", "code"]) state[name] = $(`f-${name}`).checked ? "1" : "";
    $("f-confidence-said").textContent = Number(state.confidence).toFixed(2);
    write();
    refresh();
  };
  let waiting = 0;
  $("filters").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(changed, 80); });
  $("filters").addEventListener("submit", (event) => { event.preventDefault(); changed(); });
  $("filters").addEventListener("reset", (event) => {
    event.preventDefault();
    state = { ...EMPTY };
    controls();
    write();
    refresh();
  });
  $("heads").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const name = button.dataset.column;
    state.sort = state.sort === name ? `-${name}` : state.sort === `-${name}` ? "" : name;
    $("f-sort").value = state.sort;
    write();
    refresh();
  });
  scroller.addEventListener("scroll", draw, { passive: true });
  body.addEventListener("click", (event) => {
    const element = event.target.closest("tr");
    if (!element || event.target.closest("a")) return;
    activate(Number(element.dataset.place));
    show(view[active]);
  });
  body.addEventListener("keydown", (event) => {
    if (event.target.closest("a") && event.key === "Enter") return;
    const page = Math.max(1, Math.floor(scroller.clientHeight / height) - 1);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -view.length, End: view.length };
    if (event.key === "Enter" || event.key === " ") show(view[active]);
    else if (event.key in moves) activate(active + moves[event.key]);
    else return;
    event.preventDefault();
  });
  let widthSeen = innerWidth;
  addEventListener("resize", () => { if (widthSeen !== innerWidth) { widthSeen = innerWidth; redraw(); } else draw(); });

  for (const select of document.querySelectorAll("[data-switches]")) {
    const figures = [...$(select.dataset.switches).children];
    const switched = () => { for (const figure of figures) figure.hidden = figure.id !== select.value; };
    select.addEventListener("change", switched);
    switched();
  }

  // Leaderboards.
  const BOARDS = 24, LINES = 5;
  const metricsOfBoards = [...new Set(data.boards.map((board) => board[0]))];
  let more = BOARDS;
  const boards = () => {
    const metric = $("b-metric").value, name = fold($("b-dataset").value.trim());
    const found = data.boards.filter((b) => text(b[0]) === metric && fold(text(b[1])).includes(name));
    $("boards-shown").textContent = data.boards.length
      ? `${grouped.format(found.length)} data sets${found.length ? `; ${found[0][3] ? "lower" : "higher"} is better` : ""}`
      : "No levels on named data sets in this run.";
    $("boards").replaceChildren(
      ...found.slice(0, more).map(([, dataset, unit, , best, results, of]) => {
        const list = make("ol");
        for (const row of best.slice(0, LINES)) {
          const button = make("button", { type: "button" }, number(row));
          button.dataset.row = String(row);
          const paper = rows.paper[row];
          const system = text(rows.system[row]);
          list.append(make("li", {}, button, " ", make("bdi", {}, system), make("span", { className: "paper", dir: "auto", title: papers.title[paper] }, papers.title[paper])));
        }
        const where = `#metric=${encodeURIComponent(metric)}&dataset=${encodeURIComponent(text(dataset))}&kind=value`;
        return make(
          "article", { className: "board" },
          make("h3", {}, make("bdi", {}, text(dataset)), unit < 0 ? "" : ` (${text(unit)})`),
          make("a", { className: "note", href: where }, `${grouped.format(results)} ${results === 1 ? "result" : "results"} in ${grouped.format(of)} ${of === 1 ? "paper" : "papers"}`),
          list,
        );
      }),
    );
    $("more-boards").hidden = found.length <= more;
  };
  $("b-metric").append(...metricsOfBoards.map((index) => make("option", { value: text(index) }, words(text(index)))));
  $("b-metric").addEventListener("change", () => { more = BOARDS; boards(); });
  $("b-dataset").addEventListener("input", () => { more = BOARDS; boards(); });
  $("board-filters").addEventListener("submit", (event) => event.preventDefault());
  $("more-boards").addEventListener("click", () => { more += BOARDS; boards(); });
  $("boards").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) show(Number(button.dataset.row));
  });

  // Deep links.
  const follow = (arrived) => {
    if (location.hash && !location.hash.includes("=")) return; // a section of the page
    const before = state;
    state = read();
    controls();
    if (arrived || Object.keys(EMPTY).some((name) => name !== "row" && before[name] !== state[name])) refresh();
    const row = state.row ? opened() : -1;
    if (row >= 0) show(row);
    else if (state.row) { state.row = ""; write(); }
    else if (dialog.open) dialog.close();
    if (location.hash && row < 0) $("results").scrollIntoView();
  };
  addEventListener("hashchange", () => follow(false));
  boards();
  follow(true);
  if (!view.length && !drawn.size) refresh();
  document.documentElement.dataset.ready = "1";
})();
