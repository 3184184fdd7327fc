"""The schema for people and programs: data dictionary, JSON Schema, Arrow schema."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal, get_args, get_origin

import pyarrow as pa
from pydantic import BaseModel

from extractor.records import FACT_TABLES, Extraction, Paper, Reject
from extractor.schema import TABLES, json_schema, table_schema

_SHAPES: dict[str, list[type[BaseModel]]] = {
    "papers": [Paper, Extraction],
    "rejects": [Reject],
    **{shape.TABLE: [shape] for shape in FACT_TABLES},  # type: ignore[attr-defined]
}
_ABOUT = {
    "papers": "A row is a paper that was read.",
    "rejects": "A row is a record that could not be read or extracted, or a second record with an id.",
    "tasks": "A row is a task that a paper works on, most central first.",
}
_INTRODUCTION = """\
# Tables

Written by `extractor schema --format markdown`; the records in `extractor/records.py` say the same in code.

One run writes one folder: for each table a Parquet file (in large runs a folder of parts) and the same rows as CSV below
`csv/`. Every table joins to `papers` by `paper_id`. Offsets count characters of `papers.title` and `papers.abstract` and are
half-open: `abstract[start:end]` is the quote.
"""


def to_json_schema(tables: Sequence[str] = TABLES) -> str:
    """Return a JSON Schema: of one table that of a row, of several an object with an array of rows for each."""
    schemas: dict[str, Any] = {name: json_schema(name) for name in tables}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    if len(schemas) == 1:
        (schema,) = schemas.values()
        return json.dumps({**head, **schema}, indent=2, ensure_ascii=False)
    arrays = {name: {"type": "array", "items": schema} for name, schema in schemas.items()}
    whole = {**head, "title": "Tables", "type": "object", "properties": arrays, "additionalProperties": False}
    return json.dumps(whole, indent=2, ensure_ascii=False)


def to_arrow(tables: Sequence[str] = TABLES) -> str:
    """Return the Arrow schemas as text, with nullability."""
    lines = []
    for name in tables:
        lines.append(f"{name}:")
        lines += [f"  {_arrow_line(field)}" for field in table_schema(name)]
    return "\n".join(lines)


def _arrow_line(field: pa.Field) -> str:
    return f"{field.name}: {field.type}{'' if field.nullable else ' not null'}"


def to_markdown(tables: Sequence[str] = TABLES) -> str:
    """Return the data dictionary."""
    return "\n".join([_INTRODUCTION, *(_section(name) for name in tables)])


def _section(name: str) -> str:
    shape = _SHAPES[name][0]
    about = _ABOUT.get(name) or " ".join((shape.__doc__ or "").split())
    lines = [f"## {name}", "", about, "", "| column | type | null | unit | what |", "|---|---|---|---|---|"]
    for field in table_schema(name):
        metadata = {key.decode(): value.decode() for key, value in field.metadata.items()}
        unit = "" if metadata["unit"] == "none" else metadata["unit"]
        what = metadata["description"].replace("|", "\\|")
        if values := _values(name, field.name):
            what += ": " + ", ".join(f"`{value}`" for value in values)
        null = "yes" if field.nullable else ""
        lines.append(f"| `{field.name}` | {field.type} | {null} | {unit} | {what} |")
    return "\n".join([*lines, ""])


def _values(table: str, column: str) -> list[str]:
    """Return the values that a column may have, none where it may have any."""
    for shape in _SHAPES[table]:
        if column in shape.model_fields:
            return _literals(shape.model_fields[column].annotation)
    return []


def _literals(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [str(value) for value in get_args(annotation)]
    return [value for member in get_args(annotation) for value in _literals(member)]
