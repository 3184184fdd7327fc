"""From candidates to records: spans of the clean text become evidence in the fields as given."""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol, TypeVar

from extractor.document import Document
from extractor.records import Record

R = TypeVar("R", bound=Record)


class Spanned(Protocol):
    """A candidate with a span of ``Document.text``."""

    start: int
    end: int


@cache
def _shared(shape: type[Record], source: type[Any]) -> tuple[str, ...]:
    """Return the fields that a candidate hands on to its record as they are."""
    return tuple(
        name for name in shape.model_fields if name in source.__dataclass_fields__ and name not in ("start", "end")
    )


def record(shape: type[R], document: Document, candidate: Spanned, **more: Any) -> R:
    """Return the validated record of a candidate; ``more`` overrides its fields."""
    at = document.evidence(candidate.start, candidate.end)
    values: dict[str, Any] = {name: getattr(candidate, name) for name in _shared(shape, type(candidate))}
    values |= {"field": at.field, "start": at.start, "end": at.end} | more
    if "quote" in shape.model_fields:
        values["quote"] = at.quote
    return shape(**values)
