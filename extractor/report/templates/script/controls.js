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
