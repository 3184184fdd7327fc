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
  const own = $("evidence-body").querySelector(".this");
  if (own && own.getBoundingClientRect().bottom > dialog.getBoundingClientRect().bottom) {
    own.scrollIntoView({ block: "center", behavior: "instant" });
  }
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
