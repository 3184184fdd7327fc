"""``extractor explain``: highlights, records, and the reason why a number is no result."""

from __future__ import annotations

import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from extractor.cli import app
from extractor.explain import explain, print_explanation, to_html
from extractor.explain.numbers import UNSAID
from extractor.explain.terminal import NARROW
from extractor.pipeline import Extractor
from extractor.records import Paper
from extractor.rulebook import load_rules
from extractor.rulebook.prefilter import PatternSet
from extractor.rulebook.reasons import ReasonRule
from extractor.sources.plain import paper_of
from tests.shared_data import ROOT

EXTRACTOR = Extractor()
REASONS = load_rules().section("reasons", ReasonRule)
HOSTILE = '<script>alert(1)</script>\n]]> \x1b[31mred\x1b[0m & <b title="x">90</b> in 2019 \u202eabc ' + "x" * 300


@pytest.mark.parametrize("rule", REASONS, ids=lambda rule: rule.id)
def test_reasons_fire_on_their_examples(rule: ReasonRule) -> None:
    patterns = PatternSet([rule])
    for example in rule.examples:
        assert list(patterns.find(EXTRACTOR.document(paper_of(example)))), example
    for example in rule.counter_examples:
        assert not list(patterns.find(EXTRACTOR.document(paper_of(example)))), example


@pytest.mark.parametrize(
    ("text", "number", "reason"),
    [
        ("This was shown in 2019.", "2019", "year"),
        ("We train 2000 experiments on 256 GPUs.", "2000", "size of a study"),
        ("It holds 4.5 million images.", "4.5 million images", "size of a data set, corpus or vocabulary"),
        ("We use a batch size of 64.", "64", "setting or condition"),
        ("The difference is significant (p < 0.01).", "0.01", "test statistic"),
        ("See Figure 2 for more.", "2", "number of a section, figure, table or theorem"),
        ("We prove a rate of O(1/k^2).", "1", "theoretical bound or rate"),
        ("The moon has 17 of them.", "17", UNSAID),
    ],
)
def test_reasons(text: str, number: str, reason: str) -> None:
    found = {n.text: n.reason for n in explain(paper_of(text), EXTRACTOR).other_numbers}
    if number not in found:
        number = next(key for key in found if key.startswith(number.split()[0]))
    assert found[number] == reason


def test_every_number_is_a_result_or_has_a_reason() -> None:
    text = "TinyNet: Small\nIn 2019, TinyNet reached 91% accuracy on SQuAD with 4-bit weights and a batch size of 64."
    explanation = explain(paper_of(text), EXTRACTOR)
    others = {n.text for n in explanation.other_numbers}
    assert {"2019", "64"} <= others
    for row in explanation.extraction.results:
        assert not any(f"{row.value:g}" in other for other in others)
    for n in explanation.other_numbers:
        field = explanation.extraction.paper.title if n.field == "title" else explanation.extraction.paper.abstract
        assert field[n.start : n.end] == n.text


@pytest.mark.parametrize("width", [20, 40, NARROW - 1, NARROW, 200])
def test_terminal_of_any_width(width: int) -> None:
    out = io.StringIO()
    print_explanation(explain(paper_of(HOSTILE), EXTRACTOR), out, width=width)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert "\x1b" not in out.getvalue()
    assert "\u202e" not in out.getvalue()


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def test_page_is_harmless_and_whole() -> None:
    page = _Page()
    page.feed(to_html(explain(paper_of(HOSTILE), EXTRACTOR)))
    assert not {"script", "b", "link", "img", "iframe"} & set(page.tags)
    assert not any(name.startswith("on") or name in ("src", "href") for name in page.attributes)
    assert "<script>alert(1)</script>" in page.text
    assert "2019" in page.text
    assert "\x1b" not in page.text


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["explain", *arguments], input=stdin)


def test_command(tmp_path: Path) -> None:
    text = "TinyNet: Small\nTinyNet reached 91% accuracy in 2019."
    answer = json.loads(run("--text", text, "--json").output)
    assert answer["paper"]["title"] == "TinyNet: Small"
    assert [n["reason"] for n in answer["other_numbers"] if n["text"] == "2019"] == ["year"]
    assert "2019" in run("--text", text).output
    plain = tmp_path / "abstract.txt"
    plain.write_text(text + "\n")
    assert json.loads(run(str(plain), "--json").output) == {
        **answer,
        "paper": json.loads(run(str(plain), "--json").output)["paper"],
    }
    assert json.loads(run("-", "--json", stdin=text).output)["other_numbers"] == answer["other_numbers"]
    page = tmp_path / "page.html"
    assert run("--text", text, "--html", str(page)).exit_code == 0
    assert page.read_text().startswith("<!doctype html>")
    sample = str(ROOT / "fixtures" / "sample.jsonl")
    first = json.loads(run(sample, "--json").output)["paper"]
    second = json.loads(run(sample, "--id", "2", "--json").output)["paper"]
    assert first["paper_id"] != second["paper_id"]
    assert json.loads(run(sample, "--id", second["paper_id"], "--json").output)["paper"] == second
    out = tmp_path / "out"
    assert CliRunner().invoke(app, ["run", sample, "-o", str(out), "--quiet", "--jobs", "1"]).exit_code == 0
    assert json.loads(run(str(out), "--id", second["paper_id"], "--json").output)["paper"]["title"] == second["title"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "either INPUT or --text"),
        (["x.txt", "--text", "y"], "either INPUT or --text"),
        (["--text", "y", "--id", "3"], "--id chooses a paper of INPUT"),
        (["no-such-file"], "no such file or folder"),
        ([str(ROOT / "fixtures" / "sample.jsonl"), "--id", "zzz"], "its first ids are"),
        ([str(ROOT / "tests")], "no papers.parquet there"),
        (["--text", "y", "--rules", "no-such-folder"], "no such rules folder"),
        (["--text", "y", "--html", "no-such-folder/x.html"], "cannot be written"),
    ],
)
def test_wrong_use_says_what_to_do(arguments: list[str], message: str) -> None:
    answer = run(*arguments)
    assert answer.exit_code == 2
    assert message in answer.output


def test_paper_is_kept() -> None:
    paper = Paper(paper_id="arxiv:2401.01234", title="", abstract="Nothing.")
    assert explain(paper, EXTRACTOR).extraction.paper == paper
