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
