"""Tell a format by its first bytes."""

from __future__ import annotations

import re

from extractor.sources import arxiv, json_document
from extractor.sources.fields import FieldError, FieldMap
from extractor.sources.json_record import parse

_BIBTEX = re.compile(rb"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
_FEED = re.compile(rb"^(?:Subscribe(?=\S)|get trending papers\b)", re.IGNORECASE | re.MULTILINE)


def detect(head: bytes, fields: FieldMap) -> str | None:
    """Return the name of the format whose first bytes are ``head``, or None."""
    if head.startswith(b"PAR1"):
        return "parquet"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"["):
        return "json"
    json_like = _json_kind(text)
    if json_like:
        return json_like
    if _BIBTEX.search(text[:8192]):
        return "bibtex"
    if _FEED.search(text[:2048]):
        return "hf-feed"
    header = text.split(b"\n", 1)[0].decode("utf-8", "replace").strip("\r")
    for name, delimiter in (("tsv", "\t"), ("csv", ","), ("csv", ";")):
        columns = fields.columns([cell.strip('" ') for cell in header.split(delimiter)])
        if {"title", "abstract"} <= set(columns):
            return name
    return None


def _json_kind(text: bytes) -> str | None:
    """Return ``arxiv`` or ``jsonl`` where most of the first lines are objects, ``json`` for any other start of one."""
    lines = [line for line in text.split(b"\n") if line.strip()]
    complete = lines[:50] if len(lines) == 1 or text.endswith(b"\n") else lines[: min(50, len(lines) - 1)]
    objects = []
    for line in complete:
        if line.lstrip().startswith(b"{"):
            try:
                value = parse(line)
            except FieldError:
                continue
            if isinstance(value, dict):
                objects.append(value)
    first = bool(complete) and bool(objects) and complete[0].strip().endswith(b"}")  # a document has no such first line
    if objects and (first or 2 * len(objects) >= len(complete)):
        if any(arxiv.is_snapshot(value) for value in objects):
            return "arxiv"
        wrapped = len(objects) == 1 and any(isinstance(objects[0].get(k), list) for k in json_document.WRAPPERS)
        return "json" if wrapped and "title" not in objects[0] else "jsonl"
    return "json" if text.startswith(b"{") else None
