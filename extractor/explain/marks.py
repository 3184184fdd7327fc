"""What is marked where in a field, and the rows of the tables below it; shared by terminal and page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from extractor.explain.numbers import Explanation
from extractor.records import FieldName, Result


class Mark(NamedTuple):
    """A stretch of a field, ``kind`` is a table or ``number``; ``label`` says what it is."""

    start: int
    end: int
    kind: str
    label: str


class Piece(NamedTuple):
    """Text between two borders of marks, with all marks that cover it."""

    text: str
    marks: tuple[Mark, ...]


class Row(NamedTuple):
    """A fact as the table below the text shows it."""

    table: str
    fact: str
    rule: str
    confidence: str
    evidence: str


def marks(explanation: Explanation, field: FieldName) -> list[Mark]:
    """Return the marks of a field, the widest first."""
    extraction = explanation.extraction
    found = [
        Mark(row.start, row.end, row.TABLE, f"{row.TABLE}: {describe(row)}")
        for rows in (
            extraction.results,
            extraction.bit_widths,
            extraction.models,
            extraction.datasets,
            extraction.proposed,
            extraction.links,
        )
        for row in rows
        if row.field == field
    ]
    found += [Mark(n.start, n.end, "number", n.reason) for n in explanation.other_numbers if n.field == field]
    return sorted(found, key=lambda mark: (mark.start, -mark.end, mark.kind))


def pieces(text: str, found: list[Mark]) -> Iterator[Piece]:
    """Cut ``text`` at the borders of the marks."""
    borders = sorted({0, len(text), *(m.start for m in found), *(m.end for m in found)})
    for start, end in pairwise(borders):
        covering = tuple(m for m in found if m.start <= start and end <= m.end)
        yield Piece(text[start:end], covering)


def rows(explanation: Explanation) -> Iterator[Row]:
    """Return all facts, then what is known of the paper as a whole, then the numbers that are no results."""
    extraction = explanation.extraction
    for facts in (
        extraction.results,
        extraction.bit_widths,
        extraction.models,
        extraction.datasets,
        extraction.proposed,
        extraction.links,
    ):
        for fact in facts:
            confidence = getattr(fact, "confidence", None)
            text = extraction.paper.title if fact.field == "title" else extraction.paper.abstract
            yield Row(
                fact.TABLE,
                describe(fact),
                getattr(fact, "rule", ""),
                "" if confidence is None else f"{confidence:.2f}",
                text[fact.start : fact.end],
            )
    for task in extraction.tasks:
        yield Row("tasks", f"{task.rank}. {task.task}", task.rule, f"{task.score:.2f}", "")
    yield Row("code", extraction.code, "", "", "")
    for number in explanation.other_numbers:
        yield Row("no result", number.text, number.rule or "", "", number.reason)


def describe(fact: object) -> str:
    """Return a fact in one line."""
    if isinstance(fact, Result):
        return _describe_result(fact)
    keys = {
        "bit_widths": ("bits", "bits_high", "target", "format"),
        "models": ("name", "parameters"),
        "datasets": ("name",),
        "proposed": ("name", "long_name", "type"),
        "links": ("url", "kind"),
    }[fact.TABLE]  # type: ignore[attr-defined]
    values = [getattr(fact, key) for key in keys]
    words = [f"{v:g}" if isinstance(v, float) else str(v) for v in values if v is not None]
    if getattr(fact, "proposed", False) is True:
        words.append("(this paper's)")
    return " ".join(words)


def _describe_result(row: Result) -> str:
    signs = {"exact": "", "approx": "~", "up_to": "up to ", "at_least": "≥ ", "at_most": "≤ "}
    number = signs[row.qualifier] + f"{row.value:g}"
    if row.value_high is not None:
        number += f" to {row.value_high:g}"
    if row.from_value is not None:
        number = f"from {row.from_value:g} to {number}"
    words = [row.metric, row.kind, number + (f" {row.unit}" if row.unit else "")]
    words += [row.direction] if row.direction else []
    words += [f"on {row.dataset}"] if row.dataset else []
    words += [f"by {row.system}"] if row.system else []
    words += [f"against {row.baseline}"] if row.baseline else []
    return " ".join(words)
