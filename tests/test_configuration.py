"""Options from a file; flags win."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from extractor.cli import app
from extractor.configuration import ConfigurationError, find_configuration, load_configuration

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def load(path: Path, content: str) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return load_configuration(path, COMMANDS)


def test_tables_are_commands_and_other_keys_are_for_all(tmp_path: Path) -> None:
    found = load(
        tmp_path / "extractor.toml", 'rules = "own"\nquiet = true\n[run]\njobs = 3\nmax-errors = "5%"\nno-ner = true\n'
    )
    own = [str(tmp_path / "own")]
    assert found["run"] == {"rules": own, "quiet": True, "jobs": 3, "max_errors": "5%", "no_ner": True}
    assert found["explain"] == {"rules": own}
    assert found["rules"] == {"check": {}, "list": {"rules": own}}
    assert found["diff"] == {}


def test_a_table_wins_over_what_is_for_all_and_paths_count_from_the_file(tmp_path: Path) -> None:
    found = load(tmp_path / "extractor.toml", 'rules = "own"\n[run]\nrules = ["/abs", "rel"]\nout = "tables"\n')
    assert found["rules"]["list"] == {"rules": [str(tmp_path / "own")]}
    assert found["run"] == {"rules": ["/abs", str(tmp_path / "rel")], "out": str(tmp_path / "tables")}


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "extractor.toml").touch()
    assert find_configuration(inner) == tmp_path / "extractor.toml"
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.other]\n")
    assert find_configuration(inner) == tmp_path / "extractor.toml"
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.extractor.run]\njobs = 2\n")
    assert find_configuration(inner) == tmp_path / "a" / "pyproject.toml"
    assert load_configuration(tmp_path / "a" / "pyproject.toml", COMMANDS)["run"] == {"jobs": 2}
    (tmp_path / "a" / "extractor.toml").touch()
    assert find_configuration(inner) == tmp_path / "a" / "extractor.toml"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("jobs =", "not readable as TOML"),
        ("[runs]\njobs = 1\n", "no command 'runs'; commands are run"),
        ("job = 1\n", "no command has an option 'job'"),
        ("run = 1\n", "no command has an option 'run'"),
        ("[run]\njob = 1\n", "'run' has no option 'job'; it has out, format"),
        ('["rules chek"]\n', "no command 'rules chek'; commands are run"),
        ("[run]\nhelp = true\n", "'run' has no option 'help'"),
    ],
)
def test_what_cannot_be_used(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load(tmp_path / "extractor.toml", content)


def test_flags_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "extractor.toml").write_text('[schema]\nformat = "arrow"\n')
    assert "not null" in CliRunner().invoke(app, ["schema"]).output
    assert CliRunner().invoke(app, ["schema", "--format", "markdown"]).output.startswith("# Tables")
    (tmp_path / "other.toml").write_text('[schema]\nformat = "json-schema"\n')
    assert CliRunner().invoke(app, ["--config", "other.toml", "schema"]).output.startswith("{")


def test_wrong_values_and_missing_files_give_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    missing = CliRunner().invoke(app, ["--config", "no.toml", "schema"])
    assert (missing.exit_code, missing.stderr) == (2, "extractor: no.toml: No such file or directory\n")
    (tmp_path / "extractor.toml").write_text('[schema]\nformat = "yaml"\n')
    wrong = CliRunner().invoke(app, ["schema"])
    assert wrong.exit_code == 2 and "--format" in wrong.stderr
    (tmp_path / "extractor.toml").write_text("[run]\nrules = [1]\n")
    assert CliRunner().invoke(app, ["run", "x", "-o", "y"]).exit_code == 2
