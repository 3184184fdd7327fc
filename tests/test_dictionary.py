"""The schema written down in three ways."""

from __future__ import annotations

import json

from typer.testing import CliRunner

import extractor
from extractor.cli import app
from extractor.dictionary import to_arrow, to_json_schema, to_markdown
from extractor.schema import TABLES, csv_header


def test_json_schema_accepts_what_is_extracted() -> None:
    schema = json.loads(to_json_schema())
    assert list(schema["properties"]) == list(TABLES)
    facts = extractor.extract(title="GlyphNet", abstract="GlyphNet reduces latency by 20% on SQuAD.").to_dict()
    for table in ("results", "models", "datasets"):
        row = schema["properties"][table]["items"]["properties"]
        for fact in facts[table]:
            assert set(fact) <= set(row)
    one = json.loads(to_json_schema(["links"]))
    assert list(one["properties"]) == csv_header("links") and one["$schema"] == schema["$schema"]


def test_arrow() -> None:
    text = to_arrow(["results"])
    assert text.splitlines()[:2] == ["results:", "  paper_id: string not null"]
    assert "  stated_change_ok: bool" in text.splitlines()


def test_markdown_has_every_column_and_the_values_it_may_have() -> None:
    text = to_markdown()
    for table in TABLES:
        section = text.partition(f"## {table}\n")[2].partition("\n## ")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == csv_header(table)
    assert "`up_to`" in text and "`linked`" in text and "| characters |" in text


def test_command() -> None:
    assert CliRunner().invoke(app, ["schema", "--format", "json-schema", "tasks"]).exit_code == 0
    wrong = CliRunner().invoke(app, ["schema", "task"])
    assert wrong.exit_code == 2 and "tables are papers, results" in wrong.stderr
