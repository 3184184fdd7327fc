"""What the documents say is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from extractor.cli import app
from extractor.pipeline import Extractor
from extractor.rulebook import load_rules
from extractor.rulebook.lint import lint
from extractor.rulebook.sections import SECTIONS
from extractor.schema import TABLES
from extractor.sources.plain import paper_of
from tests.shared_data import ROOT


def test_rules_of_the_guide_load_and_fire(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    blocks = re.findall(r"<!-- rules: (\S+) -->\n```toml\n(.*?)```", guide, re.DOTALL)
    assert len(blocks) == 3
    for name, content in blocks:
        (tmp_path / name).write_text(content, encoding="utf-8")
    rules = load_rules(tmp_path)
    own = {"glyph_score", "font-sets", "typeface-network"}
    assert own <= {rule.id for section in rules.sections.values() for rule in section}
    assert not [finding for finding in lint(rules) if finding.rule in own]
    text = "We reach a glyph score of 3.5 on FontBench-12, ahead of the typeface network Garamond."
    found = Extractor(rules, ner=False).extract(paper_of(text))
    assert "FontBench-12" in [row.name for row in found.datasets]
    assert "Garamond" in [row.name for row in found.models]


def test_every_section_is_described() -> None:
    guide = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert not [section for section in SECTIONS if f"`{section}`" not in guide]


def test_readme_names_every_table() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [table for table in TABLES if f"`{table}`" not in readme]
    assert re.findall(r"<!-- command: (\w+) -->\n```sh\n.+\n```", readme) == ["run", "test"]


def test_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sample = str(ROOT / "fixtures" / "sample.jsonl")
    assert CliRunner().invoke(app, ["run", sample, "-o", "out", "--jobs", "1", "--quiet"]).exit_code == 0
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        names: dict[str, object] = {}
        exec(block, names)
        assert names.get("facts", names.get("doc")) is not None


def test_links_between_documents_lead_somewhere() -> None:
    for document in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"
