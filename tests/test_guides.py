"""The guides for users do what they say: their files are accepted, their commands run, their words are true."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from extractor.cli import app
from extractor.configuration import load_configuration
from extractor.pipeline import Extractor
from extractor.rulebook import load_rules
from extractor.sources.plain import paper_of
from tests.shared_data import ROOT

_STEP = re.compile(r"(?:<!-- file: (\S+) -->\n)?```(?:toml|sh)\n(.*?)```", re.DOTALL)


def test_own_rules_step_by_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("extractor.rulebook.lint.find_slow_text", lambda *_: None)  # its own test takes its time
    shutil.copy(ROOT / "fixtures" / "sample.jsonl", tmp_path / "papers.jsonl")
    guide = (ROOT / "docs" / "own-rules.md").read_text(encoding="utf-8")
    outputs = []
    for file, content in _STEP.findall(guide):
        if file:
            (tmp_path / file).write_text(content, encoding="utf-8")
            continue
        for command in content.splitlines():
            done = CliRunner().invoke(app, shlex.split(command)[1:], catch_exceptions=False)
            assert done.exit_code == 0, f"{command}: {done.output}{done.stderr}"
            outputs.append(done.output)
    assert "glyph_score" in outputs[2]
    assert "kerning_error" in outputs[4]
    assert "kerning_error\ta kerning error" in outputs[-1]
    facts = Extractor(load_rules(tmp_path / "my-rules")).extract(
        paper_of("Kerning\nOn KernPairs our method reduces the kerning error from 4.2 to 2.1.")
    )
    (row,) = facts.results
    assert (row.metric, row.from_value, row.value, row.dataset) == ("kerning_error", 4.2, 2.1, "KernPairs")
    assert facts.tasks[0].task == "kerning"


def test_configurations_load(tmp_path: Path) -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    guide = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    blocks = re.findall(r"<!-- configuration: (\S+) -->\n```toml\n(.*?)```", guide, re.DOTALL)
    assert [name for name, _ in blocks] == ["extractor.toml", "pyproject.toml"]
    for name, content in blocks:
        (tmp_path / name).write_text(content, encoding="utf-8")
        found = load_configuration(tmp_path / name, commands)
        assert found["run"]["jobs"] == 4 and found["run"]["rules"] == [str(tmp_path / "my-rules")], json.dumps(found)
