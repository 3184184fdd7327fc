"""What the page's script reads: columns of numbers and of indices into one list of strings; texts apart, parsed when needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from extractor.report.leaderboards import Board
from extractor.report.read import PaperRow, ResultRow, RunData

_INTERNED = ("metric", "metric_text", "kind", "unit", "direction", "qualifier", "dataset", "system", "baseline", "rule")
_NUMBERS = ("value", "value_high", "from_value", "confidence", "number")
_PAGES = {
    "arxiv": "https://arxiv.org/abs/",
    "acl": "https://aclanthology.org/",
    "doi": "https://doi.org/",
    "openreview": "https://openreview.net/forum?id=",
}
_CODE_HOSTS = ("github", "gitlab", "huggingface", "project_page", "other")


class _Strings:
    """Texts, each kept once; index -1 stands for None."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}

    def __call__(self, text: str | None) -> int:
        return -1 if text is None else self._index.setdefault(text, len(self._index))

    def to_list(self) -> list[str]:
        return list(self._index)


def page_of(paper_id: str) -> str | None:
    """Return the address of a paper's page, None for an id whose scheme has none."""
    scheme, _, number = paper_id.partition(":")
    return _PAGES[scheme] + number if scheme in _PAGES else None


def code_links(run: RunData) -> dict[str, str]:
    """Return one address by paper whose code is linked: of its links the one most like a code host's."""
    linked = {paper.paper_id for paper in run.papers if paper.code == "linked"}
    found: dict[str, tuple[int, str]] = {}
    for paper_id, url, kind in run.links:
        if paper_id not in linked or not url.lower().startswith(("http://", "https://")):
            continue
        rank = _CODE_HOSTS.index(kind) if kind in _CODE_HOSTS else len(_CODE_HOSTS)
        if paper_id not in found or rank < found[paper_id][0]:
            found[paper_id] = (rank, url)
    return {paper_id: url for paper_id, (_, url) in found.items()}


def table_payload(
    run: RunData,
    shown: Sequence[int],
    datasets: Sequence[str | None],
    boards: Iterable[Board],
    metrics: Mapping[str, tuple[str, str]],
) -> dict[str, Any]:
    """Return rows, papers and leaderboards for the script.

    Args:
        run: the tables.
        shown: indices of the results that are shown, in order.
        datasets: the canonical data set of every result.
        boards: leaderboards over all results; entries that are not shown are left out.
        metrics: description and polarity of each metric.
    """
    strings = _Strings()
    rows = [run.results[i] for i in shown]
    papers = shown_papers(run, rows)
    place = {paper.paper_id: n for n, paper in enumerate(papers)}
    links = code_links(run)
    columns: dict[str, list[Any]] = {name: [strings(getattr(row, name)) for row in rows] for name in _INTERNED}
    columns |= {name: [_short(getattr(row, name)) for row in rows] for name in _NUMBERS}
    columns["paper"] = [place[row.paper_id] for row in rows]
    columns["canonical"] = [strings(datasets[i]) for i in shown]
    row_of = {index: n for n, index in enumerate(shown)}
    return {
        "rows": columns,
        "papers": {
            "id": [paper.paper_id for paper in papers],
            "title": [paper.title for paper in papers],
            "year": [paper.year for paper in papers],
            "code": [strings(paper.code) for paper in papers],
            "page": [page_of(paper.paper_id) for paper in papers],
            "link": [links.get(paper.paper_id) for paper in papers],
            "tasks": [[strings(task) for task in run.tasks.get(paper.paper_id, ())] for paper in papers],
        },
        "metrics": {
            metric: list(said) for metric, said in metrics.items() if any(row.metric == metric for row in rows)
        },
        "boards": [
            [strings(b.metric), strings(b.dataset), strings(b.unit), b.lower, best, b.results, b.papers]
            for b in boards
            if (best := [row_of[i] for i in b.best if i in row_of])
        ],
        "strings": strings.to_list(),
    }


def text_payload(run: RunData, shown: Sequence[int]) -> list[list[Any]]:
    """Return for each paper shown its abstract, the spans of the results shown and the marks of its other facts.

    Offsets count UTF-16 units, as the browser's strings do.
    """
    rows = [run.results[i] for i in shown]
    spans: dict[str, list[ResultRow]] = {}
    for row in rows:
        spans.setdefault(row.paper_id, []).append(row)
    texts = []
    for paper in shown_papers(run, rows):
        abstract = run.abstracts.get(paper.paper_id, "")
        unit = {"title": utf16_offsets(paper.title), "abstract": utf16_offsets(abstract)}
        texts.append(
            [
                abstract,
                [[row.number, int(row.field == "title"), *map(unit[row.field], (row.start, row.end))] for row in spans[paper.paper_id]],
                [
                    [int(m.field == "title"), *map(unit[m.field], (m.start, m.end)), m.table, m.label]
                    for m in run.marks.get(paper.paper_id, ())
                ],
            ]
        )  # fmt: skip
    return texts


def shown_papers(run: RunData, rows: Sequence[ResultRow]) -> list[PaperRow]:
    """Return the papers of these results, in the order of the run."""
    ids = {row.paper_id for row in rows}
    return [paper for paper in run.papers if paper.paper_id in ids]


def utf16_offsets(text: str) -> Callable[[int], int]:
    """Return what turns an offset in characters into one in UTF-16 units."""
    if text.isascii() or max(text) <= "\uffff":
        return lambda at: at
    wide = [n for n, character in enumerate(text) if character > "\uffff"]
    return lambda at: at + sum(n < at for n in wide)


def _short(number: float | int | None) -> float | int | None:
    """Return a number that is written as short as it can be: 2.0 as 2, a confidence with three digits."""
    if isinstance(number, float):
        return int(number) if number.is_integer() and abs(number) < 1e15 else float(f"{number:.12g}")
    return number
