// The table: only rows in sight are elements.
const scroller = $("scroller"), body = $("body");
let active = 0, drawn = new Map(), height = 44;
const cell = (column, row) => {
  const said = column.show(row);
  const inside = column.name === "code" && said ? link(papers.link[rows.paper[row]], said) : said || "–";
  if (inside instanceof HTMLElement) inside.tabIndex = -1; // the arrow keys move by rows; the evidence has the link, too
  const element = make("td", { className: column.name, role: "gridcell", dir: "auto" }, inside);
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
  for (const place of places) {
    if (drawn.has(place)) continue;
    const behind = [...body.children].find((other) => Number(other.dataset.place) > place); // read in the order seen
    drawn.set(place, body.insertBefore(line(place), behind ?? null));
  }
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
