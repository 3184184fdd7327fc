"""The arXiv metadata snapshot: JSON lines with hard-wrapped title and abstract.

Line wraps become single spaces; LaTeX stays. The year is that of the first version; the number gives it where the
record holds no versions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractor.records import Paper, Reject
from extractor.sources import json_lines
from extractor.sources.fields import FieldError, FieldMap, as_text, as_year, field_ids, make_paper
from extractor.sources.ids import arxiv_id
from extractor.sources.json_record import parse
from extractor.sources.stream import ByteStream, raw_text


def read(stream: ByteStream, source: str, fields: FieldMap) -> Iterator[Paper | Reject]:
    """Yield a paper or a reject for every line; positions are line numbers."""
    return json_lines.read(stream, source, fields, _read_record)


def unwrap(text: str) -> str:
    """Return ``text`` with hard line wraps joined by single spaces, without blanks around it."""
    text = text.strip()
    return " ".join([line for part in text.split("\n") if (line := part.strip())]) if "\n" in text else text


def is_snapshot(record: Any) -> bool:
    """Tell whether a JSON value has the shape of a snapshot record."""
    return isinstance(record, dict) and {"id", "title", "abstract", "categories"} <= set(record) and bool(
        {"versions", "update_date", "authors_parsed", "journal-ref"} & set(record)
    )  # fmt: skip


def _read_record(raw: bytes, fields: FieldMap, source: str, position: int) -> Paper | Reject:
    try:
        record = parse(raw)
        if not isinstance(record, dict):
            raise FieldError(f"not an object but {type(record).__name__}")
        found = {field: fields.find(record, field) for field in ("title", "abstract", "id", "doi")}
        title = unwrap(as_text(found["title"], "title"))
        abstract = unwrap(as_text(found["abstract"], "abstract"))
        known = found["id"]
        ids = [arxiv_id(known)] if isinstance(known, str) and len(known) < 100 else []
        if not any(ids):
            ids = field_ids({"id": known, "doi": found["doi"]})
        return make_paper(title, abstract, ids, _year(record), source, position)
    except FieldError as error:
        return Reject(source=source, position=position, reason=str(error), raw=raw_text(raw))


def _year(record: dict[str, Any]) -> int | None:
    versions = record.get("versions")
    if isinstance(versions, list) and versions and isinstance(versions[0], dict):
        year = as_year(versions[0].get("created"))
        if year is not None:
            return year
    m = re.match(r"(\d\d)\d\d\.\d|[a-z.-]+/(\d\d)\d{5}", str(record.get("id")), re.IGNORECASE)
    if m:
        short = int(m[1] or m[2])
        return 1900 + short if m[2] and short > 90 else 2000 + short
    return as_year(record.get("update_date"))
