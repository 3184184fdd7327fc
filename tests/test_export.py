"""The tables for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import extractor
from extractor.cli import app
from extractor.export.pwc import paper_url
from extractor.records import Dataset, Extraction, Link, Model, Paper, Reject, Result, Task
from extractor.run.core import extract_batches, input_batch
from extractor.run.tables import write_tables


def result(quote: str, metric: str, value: float, **more: Any) -> Result:
    given = {"kind": "value", "unit": "%", "system": "ours", "confidence": 0.9, **more}
    at = {"quote": quote, "field": "abstract", "start": 0, "end": len(quote), "rule": "test"}
    return Result(metric=metric, metric_text=None, value=value, **at, **given)


def span(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "field": "abstract", "start": 0, "end": 3, "rule": "test", "confidence": 0.9, **more}


URL = "https://github.com/glyphs/glyphnet"
FACTS = (
    Extraction(
        paper=Paper(paper_id="arxiv:2401.00001", title="GlyphNet: Letters", abstract=f"{URL} 91.5", year=2024),
        code="linked",
        results=(
            result(URL, "accuracy", 91.5, dataset="the questions", system="GlyphNet"),
            result(URL, "accuracy", 90.5, dataset="the questions", system="GlyphNet", confidence=0.5),
            result(URL, "f1", 88.1, unit=None, dataset="SQuAD", system="GlyphNet"),
        ),
        datasets=(Dataset(**span("the questions", canonical="SQuAD")),),
        models=(Model(**span("GlyphNet", canonical="GlyphNet", proposed=True)),),
        links=(Link(url=URL, kind="github", owner="glyphs", repo="glyphnet", quote=URL, field="abstract", start=0, end=len(URL)),),
        tasks=(Task(task="text", rank=2, score=1.0, rule="test"), Task(task="fonts", rank=1, score=2.0, rule="test")),
    ),
    Extraction(
        paper=Paper(paper_id="sha1:1", title="O'Letters; drop table", abstract="by 20% <b>\u2028</b>", year=2023),
        results=(
            result("by 20%", "latency", 20, kind="change", direction="decrease", baseline="BERT", stated_change_ok=False),
        ),
    ),
    Extraction(
        paper=Paper(paper_id="sha1:2", title="Perplexed", abstract="12.5 to 14.2"),
        results=(
            result("12.5 to 14.2", "perplexity", 14.2, unit=None, dataset="WikiText-103", system="GPT-2"),
            result("12.5 to 14.2", "perplexity", 12.5, value_high=13, unit=None, dataset="WikiText-103"),
        ),
    ),
)  # fmt: skip


class Given:
    """An extractor that knows its papers by title."""

    def extract(self, paper: Paper) -> Extraction:
        return next(facts for facts in FACTS if facts.paper == paper)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("o'export *")
    records = [*(facts.paper for facts in FACTS), Reject(source="x", reason="broken", raw="")]
    write_tables(extract_batches([input_batch(records)], Given()), 1, folder, {}, safe_csv=True)
    (folder / "run.json").write_text("{}")
    return folder


def export(out: Path, to: str, file: Path, *more: str) -> Any:
    return CliRunner().invoke(app, ["export", str(out), "--to", to, "-o", str(file), *more])


def test_jsonl_reads_back(out: Path, tmp_path: Path) -> None:
    done = export(out, "jsonl", tmp_path / "papers.jsonl")
    assert done.exit_code == 0 and "3 papers" in done.output
    lines = (tmp_path / "papers.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    assert [Extraction.model_validate_json(line) for line in lines] == list(FACTS)


def test_pwc(out: Path, tmp_path: Path) -> None:
    done = export(out, "pwc", tmp_path / "tables.json")
    assert done.exit_code == 0, done.output
    tables = json.loads((tmp_path / "tables.json").read_text(encoding="utf-8"))
    assert [task["task"] for task in tables] == ["Unknown", "fonts"]
    datasets = {d["dataset"]: d["sota"] for task in tables for d in task["datasets"]}
    assert datasets["SQuAD"]["metrics"] == ["accuracy", "f1"]
    (row,) = datasets["SQuAD"]["rows"]
    assert row["model_name"] == "GlyphNet" and row["metrics"] == {"accuracy": "91.5%", "f1": "88.1"}
    assert (row["paper_url"], row["paper_date"]) == ("https://arxiv.org/abs/2401.00001", "2024")
    assert row["code_links"] == [{"title": "glyphs/glyphnet", "url": "https://github.com/glyphs/glyphnet"}]
    keys = {"task", "description", "categories", "synonyms", "source_link", "subtasks", "datasets"}
    assert all(set(task) == keys for task in tables)
    perplexed = {row["model_name"]: row["metrics"] for row in datasets["WikiText-103"]["rows"]}
    assert perplexed == {
        "GPT-2": {"perplexity": "14.2"},
        "Perplexed": {"perplexity": "12.5-13"},
    }  # a system without a name goes by the title


def test_pwc_of_the_sure_alone(out: Path, tmp_path: Path) -> None:
    assert export(out, "pwc", tmp_path / "none.json", "--confidence", "1").exit_code == 0
    assert json.loads((tmp_path / "none.json").read_text()) == []


def test_addresses() -> None:
    assert paper_url("acl:2020.acl-main.44") == "https://aclanthology.org/2020.acl-main.44/"
    assert paper_url("doi:10.1/x") == "https://doi.org/10.1/x"
    assert paper_url("sha1:0123456789abcdef") is None


def test_duckdb(out: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    done = export(out, "duckdb", tmp_path / "facts.duckdb")
    assert done.exit_code == 0, done.output
    assert [path.name for path in tmp_path.iterdir()] == ["facts.duckdb"]
    with duckdb.connect(str(tmp_path / "facts.duckdb"), read_only=True) as database:
        tables = extractor.load(out)
        for name in tables:
            assert database.execute(f"select count(*) from {name}").fetchall() == [(len(tables[name]),)]
        from extractor.export.database import VIEWS

        for view in VIEWS:
            database.execute(f"select * from {view}").fetchall()
        board = database.execute(
            "select title, value, rank from leaderboard where dataset = 'SQuAD' and metric = 'accuracy'"
        )
        assert board.fetchall() == [("GlyphNet: Letters", 91.5, 1), ("GlyphNet: Letters", 90.5, 2)]
        ranked = "select value from leaderboard where metric = 'perplexity' order by rank"
        assert database.execute(ranked).fetchall() == [(12.5,), (14.2,)]
        assert database.execute("select quote from stated_change_errors").fetchall() == [("by 20%",)]
        assert database.execute("select better from comparisons where baseline = 'BERT'").fetchall() == [(True,)]
        comment = "select comment from duckdb_columns() where table_name = 'results' and column_name = 'quote'"
        assert "substring" in database.execute(comment).fetchall()[0][0]


def test_what_cannot_be_exported(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "there.jsonl").write_text("mine")
    for file, to, folder, message in (
        ("there.jsonl", "jsonl", out, "--force replaces it"),
        (".", "jsonl", out, "give a file"),
        ("no/where.jsonl", "jsonl", out, "cannot be written: No such file"),
        ("no/where.db", "duckdb", out, "cannot be written: No such file"),
        ("new.json", "pwc", tmp_path, "no run.json there"),
        ("new.json", "xml", out, "--to"),
    ):
        done = export(folder, to, tmp_path / file)
        assert done.exit_code == 2 and message in done.stderr, (file, done.stderr)
    assert (tmp_path / "there.jsonl").read_text() == "mine"
    assert export(out, "jsonl", tmp_path / "there.jsonl", "--force").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["there.jsonl"]
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    missing = export(out, "duckdb", tmp_path / "facts.duckdb")
    assert missing.exit_code == 3 and "pip install 'paperfacts[duckdb]'" in missing.stderr
