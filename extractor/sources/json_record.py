"""One JSON object, of whatever service, as a paper.

Known shapes: flat objects; Semantic Scholar (``externalIds``); OpenReview v1 and v2 (``content.title``,
``content.abstract.value``); Hugging Face daily papers (``paper.summary``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson

from extractor.records import Paper, Reject
from extractor.sources.fields import FieldError, FieldMap, as_text, as_year, field_ids, make_paper
from extractor.sources.ids import acl_id, arxiv_id, doi_id, openreview_id
from extractor.sources.stream import raw_text

_ID_FIELDS = ("id", "arxiv", "acl", "openreview", "doi", "url")


def parse(raw: bytes) -> Any:
    """Return the value of a JSON text, ``NaN`` and halves of surrogate pairs (as U+FFFD) forgiven.

    Raises:
        FieldError: it is no JSON, no UTF-8, or nested too deep.
    """
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FieldError(f"not valid UTF-8 at byte {error.start + 1} of the record") from None
    if "\0" in text:
        raise FieldError(f"NUL byte at character {text.index(chr(0)) + 1} of the record")
    try:
        value = json.loads(text)
    except RecursionError:
        raise FieldError("nested too deep") from None
    except ValueError as error:
        raise FieldError(f"not valid JSON: {error}") from None
    return _without_surrogates(value)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(v) for v in value]
    if isinstance(value, dict):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
    return value


def read_record(raw: bytes, fields: FieldMap, source: str, position: int) -> Paper | Reject:
    """Return the paper that a JSON text holds, or the reject that says why there is none."""
    try:
        return paper_from_object(parse(raw), fields, source, position)
    except FieldError as error:
        return Reject(source=source, position=position, reason=str(error), raw=raw_text(raw))


def paper_from_object(value: Any, fields: FieldMap, source: str, position: int) -> Paper:
    """Return the paper that a JSON object stands for.

    Raises:
        FieldError: it is no object, or has no title or abstract.
    """
    if not isinstance(value, dict):
        raise FieldError(f"not an object but {type(value).__name__}")
    if fields.given:
        record = value
        lower = {str(k).lower(): v for k, v in value.items()}
        found = {
            f: fields.find(record if f in fields.given else lower, f)
            for f in ("title", "abstract", "year", *_ID_FIELDS)
        }
    else:
        record = {k.lower(): v for k, v in _inner(value).items()}
        found = {f: fields.find(record, f) for f in ("title", "abstract", "year", *_ID_FIELDS)}
    title = as_text(found["title"], "title")
    abstract = as_text(found["abstract"], "abstract")
    ids = field_ids(found)
    external = value.get("externalIds") or value.get("externalids")
    if isinstance(external, Mapping):
        ids += _external_ids(external)
    if isinstance(value.get("content"), dict) and isinstance(value.get("id"), str):
        ids.append(openreview_id(value["id"]))
    return make_paper(title, abstract, ids, as_year(found["year"]), source, position)


def _inner(value: dict[str, Any]) -> dict[str, Any]:
    """Return the object in which title and abstract stand, with the outer fields that it lacks."""
    for key in ("paper", "content"):
        inner = value.get(key)
        if isinstance(inner, dict) and "title" in inner:
            outer = {k: v for k, v in value.items() if k != "id"} if key == "content" else value
            return outer | inner
    return value


def _external_ids(external: Mapping[str, Any]) -> list[str | None]:
    readers = {"arxiv": arxiv_id, "acl": acl_id, "doi": doi_id}
    return [readers[k.lower()](v) for k, v in external.items() if k.lower() in readers and isinstance(v, str)]
