// Leaderboards.
const BOARDS = 24, LINES = 5;
const metricsOfBoards = [...new Set(data.boards.map((board) => board[0]))];
let more = BOARDS;
const boards = () => {
  const metric = $("b-metric").value, name = fold($("b-dataset").value.trim());
  const found = data.boards.filter((b) => text(b[0]) === metric && fold(text(b[1])).includes(name));
  $("boards-shown").textContent = data.boards.length
    ? `${grouped.format(found.length)} data ${found.length === 1 ? "set" : "sets"}${found.length ? `; ${found[0][3] ? "lower" : "higher"} is better` : ""}`
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
