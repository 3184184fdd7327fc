"""What every stage makes of the abstract of docs/extraction.md, as text for that document."""

from __future__ import annotations

import json
from collections.abc import Iterable
from io import BytesIO
from typing import Any

from extractor.document import Document
from extractor.explain import explain
from extractor.passes.results.numbers import NumberReader
from extractor.pipeline import Extractor
from extractor.records import Extraction, Paper
from extractor.sources import read_source

RECORD = {
    "id": "2401.00001",
    "title": "GlyphNet: Optical Character Recognition of Old Prints",
    "abstract": "Reading letters in old prints is slow. We propose GlyphNet, a 4-bit network that is trained on 300 pages. "
    r"On the FontBench-12 data set it reduces the character error rate from $11.80\%$ to $8.38\%$, a relative "
    r"reduction of 29\%, and runs $2.3\times$ faster than ResNet-50. Code is at \url{https://github.com/glyphs/glyphnet}.",
}


def stages() -> dict[str, str]:
    """Return by stage what it gives, without confidences: these change with every training."""
    line = json.dumps(RECORD)
    (paper,) = read_source("-", stdin=BytesIO(line.encode() + b"\n"))
    assert isinstance(paper, Paper)
    extractor = Extractor()
    document = extractor.document(paper)
    explanation = explain(paper, extractor)
    facts = explanation.extraction
    return {
        "input": line,
        "paper": "\n".join(f"{name:9s} {value}" for name, value in paper.model_dump().items()),
        "clean": "\n".join(document.text[start:end] for start, end in document.sentences),
        "evidence": _evidence(document, "29%"),
        "numbers": _numbers(extractor, document),
        "names": _rows(facts, {"models": ("name", "proposed"), "datasets": ("name", "canonical"), "proposed": ("name", "type")}),
        "small": _rows(facts, {"links": ("url", "owner", "repo"), "bit_widths": ("bits", "target", "quote")})
        + f"\ncode        {facts.code}",
        "results": "\n\n".join(_result(row.model_dump()) for row in facts.results),
        "others": "\n".join(f"{n.text:6s} {n.reason}" for n in explanation.other_numbers),
        "tasks": "\n".join(f"{row.rank}  {row.task}" for row in facts.tasks),
    }  # fmt: skip


def _evidence(document: Document, text: str) -> str:
    start = document.text.index(text)
    at = document.evidence(start, start + len(text))
    return f"clean text  {start}:{start + len(text)}  {text}\n{at.field}    {at.start}:{at.end}  {at.quote}"


def _numbers(extractor: Extractor, document: Document) -> str:
    lines = []
    reader = NumberReader(extractor.rules)
    for start, end in document.sentences:
        for n in reader.read(document.text, start, end):
            origin = "" if n.origin is None else f"  from {n.origin.low:g}"
            lines.append(f"{document.text[n.start : n.end]:8s} {n.low:<6g} {n.unit_kind}{origin}")
    return "\n".join(lines)


def _rows(facts: Extraction, columns: dict[str, Iterable[str]]) -> str:
    lines = [
        f"{table:11s} {'  '.join(f'{name}={getattr(row, name)}' for name in names)}"
        for table, names in columns.items()
        for row in getattr(facts, table)
    ]
    return "\n".join(lines)


def _result(row: dict[str, Any]) -> str:
    hidden = ("rule", "confidence")
    return "\n".join(f"{name:17s} {value}" for name, value in row.items() if value is not None and name not in hidden)
