"""Read what is compared: labelled papers (JSON lines), the tables of a run, or extractions in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from extractor.evaluate.sameness import title_key
from extractor.records import FACT_TABLES, Extraction

Facts = dict[str, Any]
"""One paper in the gold format: id, title, code, and lists of plain records by table; ``tasks`` are ids in order."""

By = Literal["title", "id"]
LISTS = tuple(record.TABLE for record in FACT_TABLES)  # type: ignore[attr-defined]


class LoadError(ValueError):
    """A file or folder that cannot be compared; the message says which and why."""


def as_facts(extraction: Extraction) -> Facts:
    """Return an extraction in the gold format."""
    facts = extraction.to_dict()
    paper = facts.pop("paper")
    facts["tasks"] = [row["task"] for row in sorted(facts["tasks"], key=lambda row: row["rank"])]
    return {"id": paper["paper_id"], "title": paper["title"], **facts}


def load(path: Path | str, *, by: By = "title") -> dict[str, Facts]:
    """Return papers by title or id: of a folder its tables, of a file its JSON lines in the gold format.

    Raises:
        LoadError: the path is missing, or is neither.
    """
    return load_tables(path, by=by) if Path(path).is_dir() else load_gold(path, by=by)


def load_gold(path: Path | str, *, by: By = "title") -> dict[str, Facts]:
    """Return the papers of a file in the gold format by title (by id where they have none) or by id.

    Raises:
        LoadError: the file is missing, a line is no JSON object, or a paper lacks a list of facts.
    """
    papers: dict[str, Facts] = {}
    try:
        with Path(path).open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    paper = json.loads(line)
                except ValueError as error:
                    raise LoadError(f"{path}:{number}: not a JSON object: {error}") from error
                _check(paper, f"{path}:{number}")
                papers[title_key(paper["title"]) if by == "title" and "title" in paper else paper["id"]] = paper
    except (OSError, UnicodeDecodeError) as error:
        raise LoadError(f"{path}: cannot be read: {error}") from error
    return papers


def load_tables(folder: Path | str, *, by: By = "title") -> dict[str, Facts]:
    """Return the papers of a run's tables by title or by id; of equal keys the last one.

    Raises:
        LoadError: the folder holds no ``papers`` table, or a table names a paper that ``papers`` lacks.
    """
    folder = Path(folder)
    if _parquet(folder, "papers") is None:
        raise LoadError(f"{folder}: no papers.parquet there; give the folder that 'extractor run' wrote")
    by_id: dict[str, Facts] = {
        row["paper_id"]: {"id": row["paper_id"], "title": row["title"], "code": row["code"], **{t: [] for t in LISTS}}
        for row in _rows(folder, "papers")
    }
    for table in LISTS:
        for row in _rows(folder, table):
            try:
                by_id[row["paper_id"]][table].append(row)
            except KeyError:
                raise LoadError(f"{folder}: {table} has paper {row['paper_id']!r}, papers has not") from None
    for paper in by_id.values():
        paper["tasks"] = [row["task"] for row in sorted(paper["tasks"], key=lambda row: row["rank"])]
    return by_id if by == "id" else {title_key(paper["title"]): paper for paper in by_id.values()}


def _check(paper: object, where: str) -> None:
    if not isinstance(paper, dict) or "id" not in paper:
        raise LoadError(f"{where}: not a paper in the gold format (an object with id, title, results, ...)")
    missing = [key for key in (*LISTS, "code") if key not in paper]
    if missing:
        raise LoadError(f"{where}: paper {paper['id']!r} lacks {', '.join(missing)}")


def _parquet(folder: Path, table: str) -> Path | None:
    """One file, or in large runs a folder of parts."""
    return next((path for path in (folder / f"{table}.parquet", folder / table) if path.exists()), None)


def _rows(folder: Path, table: str) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    path = _parquet(folder, table)
    if path is not None:
        yield from pq.read_table(path).to_pylist()
