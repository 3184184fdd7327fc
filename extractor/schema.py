"""Arrow schema, CSV header and JSON Schema of every table, derived from the records.

A fact table has ``paper_id`` and then the fields of its record; ``papers`` has the fields of :class:`Paper` and then the
plain fields of :class:`Extraction`. The batches that travel between processes hold one row a record, paper or reject,
with each fact table as a column of lists (:func:`batch_schema`).
"""

from __future__ import annotations

import types
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pyarrow as pa
from pydantic.fields import FieldInfo

from extractor.records import FACT_TABLES, Extraction, Paper, Record, Reject, Span

TABLES: tuple[str, ...] = ("papers", *(shape.TABLE for shape in FACT_TABLES), "rejects")  # type: ignore[attr-defined]
_SHAPES: dict[str, type[Record]] = {shape.TABLE: shape for shape in FACT_TABLES}  # type: ignore[attr-defined]
_ARROW: dict[type, pa.DataType] = {float: pa.float64(), int: pa.int64(), bool: pa.bool_(), str: pa.string()}


def arrow_type(annotation: Any) -> tuple[pa.DataType, bool]:
    """Return the Arrow type of a field's annotation and whether it may be null.

    Raises:
        TypeError: no column type stands for the annotation.
    """
    origin = get_origin(annotation)
    if origin is Annotated:
        return arrow_type(get_args(annotation)[0])
    if origin is Literal:
        return pa.string(), False
    if origin in (Union, types.UnionType):
        members = [a for a in get_args(annotation) if a is not type(None)]
        if len(members) == 1:
            return arrow_type(members[0])[0], True
    elif annotation in _ARROW:
        return _ARROW[annotation], False
    raise TypeError(f"no column type for {annotation!r}")


def record_fields(shape: type[Record]) -> dict[str, FieldInfo]:
    """Return the fields of a record in column order: a span stands before the rule that found it."""
    fields = dict(shape.model_fields)
    if not issubclass(shape, Span):
        return fields
    span = list(Span.model_fields)
    own = [name for name in fields if name not in span]
    at = own.index("rule") if "rule" in own else len(own)
    return {name: fields[name] for name in own[:at] + span + own[at:]}


def _column(name: str, info: FieldInfo) -> pa.Field:
    kind, nullable = arrow_type(info.annotation)
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    metadata = {"description": info.description or "", "unit": str(extra.get("unit", "none"))}
    return pa.field(name, kind, nullable=nullable, metadata=metadata)


def _paper_id() -> pa.Field:
    return _column("paper_id", Paper.model_fields["paper_id"])


def _paper_columns() -> list[pa.Field]:
    columns = [_column(name, info) for name, info in Paper.model_fields.items()]
    for name, info in Extraction.model_fields.items():
        try:
            columns.append(_column(name, info))
        except TypeError:  # the paper itself and the tuples of facts
            continue
    return columns


@cache
def table_schema(table: str) -> pa.Schema:
    """Return the Arrow schema of a table, with description and unit of each column.

    Raises:
        KeyError: there is no such table.
    """
    if table == "papers":
        return pa.schema(_paper_columns())
    if table == "rejects":
        return pa.schema([_column(name, info) for name, info in Reject.model_fields.items()])
    return pa.schema([_paper_id(), *(_column(n, i) for n, i in record_fields(_SHAPES[table]).items())])


@cache
def input_schema() -> pa.Schema:
    """Return the schema of a batch of records as read: the papers' fields, null in a reject, and ``reason``, ``raw``."""
    columns = [_column(name, info) for name, info in Paper.model_fields.items()]
    rejects = [_column(name, Reject.model_fields[name]) for name in ("reason", "raw")]
    return pa.schema([field.with_nullable(True) for field in columns + rejects])


@cache
def batch_schema() -> pa.Schema:
    """Return the schema of a batch of extracted records: :func:`input_schema`, the papers' other columns, the facts."""
    known = input_schema()
    more = [field.with_nullable(True) for field in _paper_columns() if field.name not in known.names]
    facts = []
    for shape in FACT_TABLES:
        fields = [_column(name, info) for name, info in record_fields(shape).items()]
        facts.append(pa.field(shape.TABLE, pa.list_(pa.field("item", pa.struct(fields), nullable=False))))  # type: ignore[attr-defined]
    return pa.schema([*known, *more, *facts])


def csv_header(table: str) -> list[str]:
    """Return the column names of a table."""
    return list(table_schema(table).names)


def json_schema(table: str) -> dict[str, Any]:
    """Return the JSON Schema of one row of a table."""
    if table == "rejects":
        return Reject.model_json_schema()
    if table == "papers":
        schema, rest = Paper.model_json_schema(), Extraction.model_json_schema()
        schema["properties"] |= {
            n: rest["properties"][n] for n in csv_header("papers") if n not in schema["properties"]
        }
    else:
        schema = _SHAPES[table].model_json_schema()
        schema["properties"]["paper_id"] = Paper.model_json_schema()["properties"]["paper_id"]
        schema["required"] = ["paper_id", *schema.get("required", [])]
    schema["properties"] = {name: schema["properties"][name] for name in csv_header(table)}
    return schema
