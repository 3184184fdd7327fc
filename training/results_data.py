"""Labelled papers as the results pass sees them, aligned with the gold results."""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractor.document import Document
from extractor.passes.results.annotate import Annotator, Name, Row
from extractor.passes.results.mentions import mentions_of
from extractor.passes.results.numbers import inverse
from extractor.pipeline import Extractor
from extractor.records import Paper

GOLD = Path(__file__).parent.parent.parent / "shared" / "gold"


@dataclass
class Example:
    """A number of a paper: its row and place, and the gold result that it is (None: not a result)."""

    paper: dict[str, Any]
    document: Document
    row: Row
    place: int
    gold: dict[str, Any] | None
    optional: bool = False


@dataclass
class LabelledPaper:
    """A paper with its rows and examples."""

    gold: dict[str, Any]
    document: Document
    origin: str = ""
    names: list[Name] = field(default_factory=list)
    proposed: list[str] = field(default_factory=list)
    blocked: list[tuple[int, int]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    missed: list[dict[str, Any]] = field(default_factory=list)


def six(x: float | None) -> float | None:
    """Round as the scorer does."""
    return None if x is None or math.isnan(x) else float(f"{float(x):.6g}")


def align(paper: LabelledPaper) -> None:
    """Give each gold result the number that it is: equal value and range, in its quote if it can be."""
    free: dict[tuple[float | None, float | None], list[Example]] = defaultdict(list)
    for example in paper.examples:
        number = example.row.items[example.place].number
        assert number is not None
        keys = {(six(number.low), six(number.high))}
        if number.form == "fraction" and number.low > 0:
            keys.add((six(inverse(number.low)), None))
        if number.sign == "-":
            keys.add((six(-number.low), None))
        for key in keys:
            free[key].append(example)
    raw = paper.document
    for gold in sorted(paper.gold["results"], key=lambda r: bool(r.get("optional"))):
        options = [
            e for e in free[(six(gold["value"]), six(gold.get("value_high")))] if e.gold is None and not e.optional
        ]
        quote = gold["quote"]
        best = None
        for example in options:
            number = example.row.items[example.place].number
            assert number is not None
            evidence = raw.evidence(number.start, number.end)
            text = raw.title if evidence.field == "title" else raw.abstract
            at = text.find(quote)
            inside = at >= 0 and at <= evidence.start and evidence.end <= at + len(quote) + 2
            rank = (inside, -abs(evidence.start - at) if at >= 0 else -1e9)
            if best is None or rank > best[0]:
                best = (rank, example)
        if best is None:
            if not gold.get("optional"):
                paper.missed.append(gold)
        elif gold.get("optional"):
            best[1].optional = True
            best[1].gold = gold
        else:
            best[1].gold = gold


def load(names: tuple[str, ...], extractor: Extractor, annotator: Annotator, source: Any) -> list[LabelledPaper]:
    """Read gold files and annotate their papers."""
    papers = []
    for name in names:
        for line in (GOLD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            papers.append(annotate(json.loads(line), name, extractor, annotator, source))
    return papers


def load_negatives(extractor: Extractor, annotator: Annotator, source: Any) -> list[LabelledPaper]:
    """Return our own abstracts that hold numbers but no result: settings, sizes, years, bounds, background."""
    tables = ("results", "bit_widths", "models", "datasets", "proposed", "links", "tasks")
    empty: dict[str, Any] = {table: [] for table in tables}
    lines = (Path(__file__).parent / "negatives.txt").read_text(encoding="utf-8").splitlines()
    papers = [{"id": f"negative-{i}", "title": "A study", "abstract": line, **empty} for i, line in enumerate(lines, 1)]
    return [annotate(paper, "negative", extractor, annotator, source) for paper in papers]


def annotate(
    gold: dict[str, Any], origin: str, extractor: Extractor, annotator: Annotator, source: Any
) -> LabelledPaper:
    """Annotate one labelled paper and align its results."""
    document = extractor.document(Paper(paper_id=gold["id"], title=gold["title"], abstract=gold["abstract"]))
    paper = LabelledPaper(gold, document, origin)
    paper.names, paper.proposed, paper.blocked = source(gold, document)
    paper.rows = annotator.rows(document, paper.names, paper.blocked)
    for row in paper.rows:
        for place in row.places:
            paper.examples.append(Example(gold, document, row, place, None))
    align(paper)
    return paper


def gold_names(gold: dict[str, Any], document: Document) -> tuple[list[Name], list[str], list[tuple[int, int]]]:
    """Return the mentions of the gold names in a document."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for kind, table in (("model", "models"), ("dataset", "datasets"), ("proposed", "proposed")):
        for row in gold[table]:
            kinds[row["name"]].add(kind)
    return (
        mentions_of({k: frozenset(v) for k, v in kinds.items()}, document),
        [row["name"] for row in gold["proposed"] if row.get("type") != "dataset"],
        [],
    )


if __name__ == "__main__":
    sys.exit("imported by training/results.py")
