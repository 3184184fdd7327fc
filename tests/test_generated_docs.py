"""Documents that the code writes are as it writes them; every command has an example, and the examples run."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractor.cli import app
from extractor.commands.examples import EXAMPLES
from tests.generated_docs import DOCS, GENERATED, commands
from tests.shared_data import ROOT


@pytest.mark.parametrize("name", GENERATED)
def test_documents_are_as_the_code_writes_them(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == GENERATED[name](), (
        "python -m tests.generated_docs writes it anew"
    )


def test_every_command_has_an_example_and_shows_it() -> None:
    assert sorted(name for name, _ in commands()) == sorted(EXAMPLES)
    for name, examples in EXAMPLES.items():
        shown = CliRunner().invoke(app, [*name.split(), "--help"], env={"COLUMNS": "200"}).output
        assert all(f"  {example}\n" in shown for example in examples), name


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("extractor.rulebook.lint.find_slow_text", lambda *_: None)  # its own test takes its time
    for name in ("papers.jsonl", "gold.jsonl"):
        shutil.copy(ROOT / "fixtures" / "in_the_wild.jsonl", tmp_path / name)
    for examples in EXAMPLES.values():
        for example in examples:
            done = CliRunner().invoke(app, shlex.split(example)[1:], catch_exceptions=False)
            assert done.exit_code == 0, f"{example}: {done.output}{done.stderr}"
    assert {"out", "all", "report.html", "facts.duckdb", "my-rules"} <= {path.name for path in tmp_path.iterdir()}
