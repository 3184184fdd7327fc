"""Which field of a record is the title, the abstract, an id, the year; and a paper made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from extractor.records import Paper
from extractor.sources.ids import acl_id, arxiv_id, best_id, doi_id, known_id, openreview_id, text_id, url_id

ALIASES: dict[str, tuple[str, ...]] = {
    "title": ("title", "paper_title", "papertitle", "article_title", "display_name"),
    "abstract": ("abstract", "summary", "paper_abstract", "paperabstract", "abstract_text", "abstracttext", "description"),
    "year": ("year", "publication_year", "publicationyear", "pub_year", "published", "publishedat", "published_at", "publication_date", "publicationdate", "date", "created"),
    "id": ("id", "paper_id", "paperid", "_id", "uid", "corpusid"),
    "arxiv": ("arxiv_id", "arxivid", "arxiv", "eprint"),
    "acl": ("acl_id", "aclid", "acl", "anthology_id"),
    "openreview": ("openreview_id", "openreview", "forum"),
    "doi": ("doi",),
    "url": ("url", "link", "paper_url", "url_abs", "abs_url", "entry_id", "pdf_url", "url_pdf", "pdf"),
}  # fmt: skip
MAPPABLE = tuple(ALIASES)
_ID_READERS = {
    "arxiv": arxiv_id,
    "acl": acl_id,
    "openreview": openreview_id,
    "doi": doi_id,
    "url": url_id,
    "id": known_id,
}
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class FieldError(ValueError):
    """A record that is no paper; the message is the reason."""


class FieldMap:
    """Where each field stands: the usual names, or the path that the user gave (``title=content.title``)."""

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        """Take the user's paths.

        Raises:
            ValueError: a key is none of ``MAPPABLE``.
        """
        self.given = dict(given or {})
        if unknown := sorted(set(self.given) - set(MAPPABLE)):
            raise ValueError(f"cannot map {', '.join(unknown)}; fields are {', '.join(MAPPABLE)}")
        self.names: dict[str, tuple[str, ...]] = {
            f: (self.given[f],) if f in self.given else a for f, a in ALIASES.items()
        }

    def find(self, record: Mapping[str, Any], field: str) -> Any:
        """Return the value of ``field`` in a record of nested dictionaries with lower-case keys at the top, or None."""
        if field in self.given:
            return walk(record, self.given[field])
        for name in ALIASES[field]:
            value = record.get(name)
            if value is not None and value != "":
                return value
        return None

    def columns(self, header: Sequence[str]) -> dict[str, int]:
        """Return the index of each field's column in a header, case ignored; fields without a column are left out."""
        lower = [_plain(name) for name in header]
        found = {}
        for field, names in self.names.items():
            for name in names:
                if _plain(name) in lower:
                    found[field] = lower.index(_plain(name))
                    break
        return found


def _plain(name: str) -> str:
    return name.strip().lstrip("\ufeff").lower().replace(" ", "_")


def walk(record: Any, path: str) -> Any:
    """Return what stands at a dotted path of a nested record, or None."""
    if isinstance(record, Mapping) and path in record:
        return record[path]
    for step in path.split("."):
        if isinstance(record, list) and step.isdigit() and int(step) < len(record):
            record = record[int(step)]
        elif isinstance(record, Mapping):
            record = record.get(step)
        else:
            return None
    return record


def as_text(value: Any, field: str) -> str:
    """Return the text of a field: a string, ``{"value": …}``, or the first of a list of strings.

    Raises:
        FieldError: the field is missing, empty or no text.
    """
    if isinstance(value, Mapping) and "value" in value:
        value = value["value"]
    if isinstance(value, list) and value and all(isinstance(v, str) for v in value):
        value = value[0] if field == "title" else " ".join(value)
    if value is None or value == [] or (isinstance(value, str) and not value.strip()):
        raise FieldError(f"no {field}")
    if not isinstance(value, str):
        raise FieldError(f"{field} is no text but {type(value).__name__}")
    return value


def as_year(value: Any) -> int | None:
    """Return the year in a number or a date, or None."""
    if isinstance(value, Mapping):
        value = value.get("value")
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return int(value) if 1500 <= value <= 2999 else None
    m = _YEAR.search(str(value)[:100])
    return int(m[0]) if m else None


def make_paper(
    title: str, abstract: str, ids: Iterable[str | None], year: int | None, source: str, position: int
) -> Paper:
    """Return a paper with the best of its ids, or the hash of its text."""
    return Paper(
        paper_id=best_id(ids) or text_id(title, abstract),
        title=title,
        abstract=abstract,
        source=source,
        position=position,
        year=year,
    )


def field_ids(values: Mapping[str, Any]) -> list[str | None]:
    """Return the ids in the fields of a record that can hold one."""
    return [
        reader(value) for field, reader in _ID_READERS.items() if isinstance(value := values.get(field), str) and value
    ]
