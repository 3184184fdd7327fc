"""Every number of a paper that is no result, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from extractor.document import Document, Evidence
from extractor.passes.results.numbers import Number, NumberReader
from extractor.pipeline import Extractor
from extractor.records import Extraction, FieldName, Paper
from extractor.rulebook.prefilter import PatternSet
from extractor.rulebook.reasons import ReasonRule

UNSAID = "not said as a measured outcome"
_INSIDE = {
    "bit_widths": "bit width",
    "links": "part of a link",
    "models": "part of a model's name",
    "datasets": "part of a data set's name",
    "proposed": "part of a proposed name",
}


@dataclass(frozen=True, slots=True)
class OtherNumber:
    """A number that is no result: ``text`` stands at ``start:end`` of the field; ``rule`` is None where none says why."""

    text: str
    field: FieldName
    start: int
    end: int
    reason: str
    rule: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """What was found in a paper, and what was not."""

    extraction: Extraction
    other_numbers: tuple[OtherNumber, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the extraction as nested dictionaries, with ``other_numbers`` beside the tables."""
        others = [
            {"text": n.text, "field": n.field, "start": n.start, "end": n.end, "reason": n.reason, "rule": n.rule}
            for n in self.other_numbers
        ]
        return {**self.extraction.to_dict(), "other_numbers": others}


def explain(paper: Paper, extractor: Extractor | None = None) -> Explanation:
    """Extract the facts of ``paper`` and say of each number that is no result why.

    Args:
        paper: the paper.
        extractor: the implementation to ask; one with the shipped rules if None.
    """
    extractor = extractor or Extractor()
    extraction = extractor.extract(paper)
    document = extractor.document(paper)
    reader = NumberReader(extractor.rules)
    reasons = _reasons(document, PatternSet(extractor.rules.section("reasons", ReasonRule)))
    others = []
    for start, end in document.sentences:
        for number in reader.read(document.text, start, end):
            evidence = document.evidence(number.start, number.end)
            if number.form == "digits" and not _is_result(extraction, number, evidence):
                others.append(_other(extraction, number, evidence, reasons))
    return Explanation(extraction, tuple(others))


def _is_result(extraction: Extraction, number: Number, evidence: Evidence) -> bool:
    sizes = {abs(value) for value in (number.low, number.high) if value is not None}
    for row in extraction.results:
        if row.field == evidence.field and row.start < evidence.end and evidence.start < row.end:
            stated = (row.value, row.value_high, row.from_value)
            if any(abs(value) in sizes for value in stated if value is not None):
                return True
    return False


def _other(
    extraction: Extraction, number: Number, evidence: Evidence, reasons: list[tuple[int, int, ReasonRule]]
) -> OtherNumber:
    at = (evidence.quote, evidence.field, evidence.start, evidence.end)
    for table, reason in _INSIDE.items():
        for row in getattr(extraction, table):
            if row.field == evidence.field and row.start < evidence.end and evidence.start < row.end:
                return OtherNumber(*at, reason, getattr(row, "rule", None))
    for start, end, rule in reasons:
        if start <= number.start and number.bare_end <= end:
            return OtherNumber(*at, rule.reason, f"reasons.{rule.id}")
    return OtherNumber(*at, UNSAID, None)


def _reasons(document: Document, patterns: PatternSet[ReasonRule]) -> list[tuple[int, int, ReasonRule]]:
    """Return the matches of the rules, those of earlier rules first."""
    order = {rule.id: place for place, rule in enumerate(patterns.rules)}
    found = [(m.start(), m.end(), rule) for rule, m in patterns.find(document)]
    return sorted(found, key=lambda match: (order[match[2].id], match[0]))
