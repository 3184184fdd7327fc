"""The derived schema against the documented columns, and every way to write it down against the others."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pytest

from extractor.records import FACT_TABLES, Extraction
from extractor.schema import TABLES, arrow_type, batch_schema, csv_header, json_schema, table_schema

OUTPUT = Path(__file__).parent.parent.parent / "shared" / "definition" / "OUTPUT.md"


def documented_columns() -> dict[str, list[str]]:
    """Read the table of tables; remarks in brackets are no columns."""
    columns = {}
    for name, cells in re.findall(r"^\| (\w+) \| (.+) \|$", OUTPUT.read_text(encoding="utf-8"), re.MULTILINE):
        if name in TABLES:
            columns[name] = [c.strip() for c in re.sub(r"\([^()]*\)", "", cells).split(",")]
    return columns


@pytest.mark.skipif(not OUTPUT.exists(), reason="needs the definition beside the repository")
def test_columns_are_the_documented_ones_in_their_order() -> None:
    documented = documented_columns()
    assert set(documented) == set(TABLES)
    for name, columns in documented.items():
        assert csv_header(name)[: len(columns)] == columns, name


FLOATS = {"value", "value_high", "from_value", "parameters", "bits", "bits_high", "score", "confidence"}
INTEGERS = {"start", "end", "position", "year", "rank"}
FLAGS = {"proposed", "stated_change_ok"}


@pytest.mark.parametrize("name", TABLES)
def test_types_descriptions_and_units(name: str) -> None:
    for field in table_schema(name):
        wanted = pa.float64() if field.name in FLOATS else pa.int64() if field.name in INTEGERS else pa.string()
        assert field.type == (pa.bool_() if field.name in FLAGS else wanted), field.name
        assert field.metadata[b"description"], f"{name}.{field.name} has no description"
        assert field.metadata[b"unit"]


@pytest.mark.parametrize("name", TABLES)
def test_json_schema_has_the_same_columns(name: str) -> None:
    schema = json_schema(name)
    assert list(schema["properties"]) == csv_header(name)
    assert schema["additionalProperties"] is False
    required = set(schema["required"])
    assert {f.name for f in table_schema(name) if f.nullable}.isdisjoint(required - {"metric_text", "unit"})


def test_the_batch_holds_every_table() -> None:
    names = batch_schema().names
    assert {shape.TABLE for shape in FACT_TABLES} <= set(names)
    assert set(csv_header("papers")) | {"reason", "raw"} <= set(names)
    assert {shape.TABLE for shape in FACT_TABLES} == {
        n
        for n in Extraction.model_fields
        if pa.types.is_list(batch_schema().field(n).type if n in names else pa.null())
    }


def test_annotations_without_a_column_type() -> None:
    assert arrow_type(Literal["a", "b"] | None) == (pa.string(), True)
    for annotation in (dict[str, int], int | str, tuple[int, ...], bytes):
        with pytest.raises(TypeError):
            arrow_type(annotation)
