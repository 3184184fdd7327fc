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
