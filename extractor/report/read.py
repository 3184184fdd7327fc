"""What the report needs of a run's tables, column by column, abstracts only of papers that it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from extractor.tables import table_path


class ResultRow(NamedTuple):
    """A row of ``results`` and its number among the results of its paper, from 1."""

    paper_id: str
    metric: str
    metric_text: str | None
    kind: str
    value: float
    value_high: float | None
    from_value: float | None
    unit: str | None
    direction: str | None
    qualifier: str
    dataset: str | None
    system: str | None
    baseline: str | None
    field: str
    start: int
    end: int
    rule: str
    confidence: float
    number: int


class PaperRow(NamedTuple):
    """A row of ``papers`` without its abstract."""

    paper_id: str
    title: str
    year: int | None
    code: str


class NameRow(NamedTuple):
    """A mention of a model or data set."""

    paper_id: str
    name: str
    canonical: str


class Mark(NamedTuple):
    """A stretch of a field that holds a fact other than a result; offsets in characters."""

    field: str
    start: int
    end: int
    table: str
    label: str


@dataclass
class RunData:
    """The tables of a run as far as a report shows them."""

    papers: list[PaperRow]
    results: list[ResultRow]
    models: list[NameRow]
    datasets: list[NameRow]
    proposed: int
    bit_widths: list[tuple[str, float, float | None, str]]
    links: list[tuple[str, str, str]]  # paper_id, url, kind
    tasks: dict[str, list[str]]  # by paper, the most central first
    rejects: int
    marks: dict[str, list[Mark]] = field(default_factory=dict)
    abstracts: dict[str, str] = field(default_factory=dict)


_MARKED = {  # table: the columns that say what the mark is
    "bit_widths": ("bits", "bits_high", "target"),
    "models": ("canonical", "parameters"),
    "datasets": ("canonical",),
    "proposed": ("type", "long_name"),
    "links": ("url",),
}


def read_run(folder: Path) -> RunData:
    """Return the tables of a run without abstracts and marks; :func:`read_texts` adds these.

    Raises:
        OSError: a table is missing or cannot be read.
        pyarrow.ArrowInvalid: a file is no Parquet, or lacks a column.
    """
    columns = ResultRow._fields[:-1]
    results: list[ResultRow] = []
    numbers: dict[str, int] = {}
    for row in _rows(folder, "results", columns):
        numbers[row[0]] = number = numbers.get(row[0], 0) + 1
        results.append(ResultRow._make((*row, number)))
    tasks: dict[str, list[tuple[int, str]]] = {}
    for paper_id, task, rank in _rows(folder, "tasks", ("paper_id", "task", "rank")):
        tasks.setdefault(paper_id, []).append((rank, task))
    return RunData(
        papers=[PaperRow(*row) for row in _rows(folder, "papers", PaperRow._fields)],
        results=results,
        models=[NameRow(*row) for row in _rows(folder, "models", NameRow._fields)],
        datasets=[NameRow(*row) for row in _rows(folder, "datasets", NameRow._fields)],
        proposed=_count(folder, "proposed"),
        bit_widths=list(_rows(folder, "bit_widths", ("paper_id", "bits", "bits_high", "target"))),
        links=list(_rows(folder, "links", ("paper_id", "url", "kind"))),
        tasks={paper_id: [task for _, task in sorted(found)] for paper_id, found in tasks.items()},
        rejects=_count(folder, "rejects"),
    )


def read_texts(folder: Path, run: RunData, paper_ids: set[str]) -> None:
    """Add abstracts and marks of these papers to ``run``."""
    for paper_id, abstract in _rows(folder, "papers", ("paper_id", "abstract")):
        if paper_id in paper_ids:
            run.abstracts[paper_id] = abstract
    for table, told in _MARKED.items():
        for paper_id, where, start, end, *values in _rows(folder, table, ("paper_id", "field", "start", "end", *told)):
            if paper_id in paper_ids:
                label = " ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in values if v is not None)
                run.marks.setdefault(paper_id, []).append(Mark(where, start, end, table, label))


def _dataset(folder: Path, table: str) -> Any:
    import pyarrow.dataset as ds

    path = table_path(folder, table)
    if not path.exists():
        raise FileNotFoundError(2, f"no table {table} there", str(folder))
    return ds.dataset(path, format="parquet")


def _rows(folder: Path, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    for batch in _dataset(folder, table).to_batches(columns=list(columns)):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _count(folder: Path, table: str) -> int:
    return int(_dataset(folder, table).count_rows())
