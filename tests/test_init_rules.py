"""The example rules that a user starts from."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from extractor.cli import app
from extractor.pipeline import Extractor
from extractor.rulebook import load_rules
from extractor.rulebook.lint import lint
from extractor.sources.plain import paper_of


def test_the_example_is_accepted_and_fires(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["init-rules", str(tmp_path / "own")])
    assert done.exit_code == 0 and f"next: extractor rules check {tmp_path / 'own'}" in done.output
    own = load_rules(tmp_path / "own")
    mine = {path.stem for path in (tmp_path / "own").iterdir()}
    assert {"metrics", "datasets", "models"} <= mine
    shipped = load_rules()
    new = {rule.id for name in mine for rule in own.sections[name]} - {
        r.id for s in shipped.sections.values() for r in s
    }
    assert len(new) == len(mine)
    assert not [finding for finding in lint(own) if finding.rule in new]
    facts = Extractor(own, ner=False).extract(paper_of("LetterNet-XL reaches a glyph score of 3.5 on FontBench-12."))
    assert [(row.metric, row.value, row.dataset) for row in facts.results] == [("glyph_score", 3.5, "FontBench-12")]
    assert [row.family for row in facts.models] == ["LetterNet"]


def test_what_is_commented_out_can_be_used(tmp_path: Path) -> None:
    """Without its sign of a comment, every commented rule and field loads and is clean."""
    CliRunner().invoke(app, ["init-rules", str(tmp_path / "own")])
    for path in (tmp_path / "own").iterdir():
        lines = path.read_text(encoding="utf-8").splitlines()
        code = [line.removeprefix("# ") if line.startswith("# [[") or " = " in line[:25] else line for line in lines]
        path.write_text("\n".join(code) + "\n", encoding="utf-8")
    own = load_rules(tmp_path / "own")
    assert not [finding for finding in lint(own) if finding.rule == "specimen-book"]
    assert "specimen-book" in {rule.id for rule in own.sections["datasets"]}


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "metrics.toml").write_text("mine")
    done = CliRunner().invoke(app, ["init-rules", str(tmp_path)])
    assert done.exit_code == 2 and "is not empty" in done.stderr
    assert (tmp_path / "metrics.toml").read_text() == "mine"
    (tmp_path / "file").touch()
    assert CliRunner().invoke(app, ["init-rules", str(tmp_path / "file")]).exit_code == 2
