"""The report without a browser: what is counted, ranked and drawn, what the command says, what the file holds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from extractor.report import figures, write_report
from extractor.report.axes import Axis, compact, quantile
from extractor.report.leaderboards import Scale, leaderboards
from extractor.report.names import Spellings, canonical_datasets
from extractor.report.page import most_confident
from extractor.report.payload import code_links, page_of, utf16_offsets
from extractor.report.read import read_run
from extractor.rulebook import RuleSet, load_rules
from tests.report_run import HOSTILE, hostile, many, tiny, write_run


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("report") / "out", tiny())


def block(page: str, id_: str) -> object:
    """Return a block of data as the page's script reads it."""
    match = re.search(rf'<script type="application/json" id="{id_}">(.*?)</script>', page, re.DOTALL)
    assert match
    return json.loads(match[1])


def test_the_best_is_first_by_polarity_and_units_are_brought_to_one(out: Path) -> None:
    run = read_run(out)
    datasets = canonical_datasets([(r.paper_id, r.dataset) for r in run.results], {})
    boards = leaderboards(run.results, datasets, {"word_error_rate": "lower", "accuracy": "higher"}, Scale(run.results))
    found = {(b.metric, b.dataset, b.unit): [run.results[i].value for i in b.best] for b in boards}
    assert found == {
        ("word_error_rate", "LibriSpeech", "%"): [3.9, 4.2, 5.5],
        ("accuracy", "SQuAD", "%"): [0.912, 90.5, 88],
    }
    assert [(b.results, b.papers) for b in boards] == [(3, 2), (3, 2)]
    assert leaderboards(run.results, datasets, {"word_error_rate": "none"}, Scale(run.results)) == []


def test_a_doubtful_number_leads_no_board_and_a_system_of_a_paper_stands_once(tmp_path: Path) -> None:
    papers = tiny()
    first = papers[0].results[0]
    papers[0] = papers[0].model_copy(
        update={
            "results": (
                first,
                first.model_copy(update={"value": 1.0, "confidence": 0.3}),
                first.model_copy(update={"value": 2.0}),
            )
        }
    )
    run = read_run(write_run(tmp_path / "out", papers))
    boards = leaderboards(
        run.results, [r.dataset for r in run.results], {"word_error_rate": "lower"}, Scale(run.results)
    )
    assert [[run.results[i].value for i in b.best] for b in boards] == [[2.0], [5.5]]


def test_bare_numbers_stay_bare_where_per_cent_is_rare(tmp_path: Path) -> None:
    papers = [
        paper.model_copy(update={"results": tuple(r.model_copy(update={"unit": None}) for r in paper.results if r.kind == "value")})
        for paper in tiny()
    ]  # fmt: skip
    run = read_run(write_run(tmp_path / "out", papers))
    assert {Scale(run.results)(row)[1] for row in run.results} == {None}


def test_names_are_one_whatever_their_case_blanks_and_hyphens() -> None:
    spelling = Spellings(["SQuAD", "SQuAD", "squad", "S-QuAD", "Set 1", "set-1"])
    assert [spelling(name) for name in ("SQUAD", "s quad", "SET1", "other")] == ["SQuAD", "SQuAD", "Set 1", "other"]
    known = {("p", "cifar10"): "CIFAR-10"}
    assert canonical_datasets([("p", "Cifar 10"), ("q", "CIFAR10"), ("q", None)], known) == ["CIFAR-10", "CIFAR-10", None]  # fmt: skip


def test_axes() -> None:
    axis = Axis(1, 1000, log=True)
    assert [axis.at(n) for n in (0, 1, 10, 1000, 5000)] == [0, 0, 33.33, 100, 100]
    assert [tick.label for tick in axis.ticks()] == ["1", "3", "10", "30", "100", "300", "1000"]
    assert [tick.label for tick in Axis(0, 100, log=False).ticks()] == ["0", "20", "40", "60", "80", "100"]
    assert all(2 <= len(Axis(1e-5, 10.0**n, log=True).ticks()) <= 8 for n in range(-4, 13))
    assert [tick.at for tick in Axis(5, 5, log=False).ticks()]
    assert [compact(n) for n in (0.1234567, 1234, 12345, 1.5e6, -3e9)] == ["0.1235", "1234", "12.35k", "1.5M", "-3G"]
    assert [quantile([1, 2, 3, 4], share) for share in (0, 0.5, 1)] == [1, 2.5, 4]


def test_offsets_in_utf16_units() -> None:
    text = "a𝔘b🧪c"
    at = utf16_offsets(text)
    wide = text.encode("utf-16-le")
    assert [wide[2 * at(n) : 2 * at(n + 1)].decode("utf-16-le") for n in range(len(text))] == list(text)


def test_pages_and_code_links(out: Path, tmp_path: Path) -> None:
    assert [
        page_of(i) for i in ("arxiv:2101.00001", "acl:2022.naps-1.1", "doi:10.1/x", "openreview:abc", "sha1:00")
    ] == [
        "https://arxiv.org/abs/2101.00001",
        "https://aclanthology.org/2022.naps-1.1",
        "https://doi.org/10.1/x",
        "https://openreview.net/forum?id=abc",
        None,
    ]
    assert code_links(read_run(out)) == {"arxiv:2101.00001": "https://github.com/quick/tag"}
    assert code_links(read_run(write_run(tmp_path / "hostile", hostile()))) == {}


def test_figures_say_in_words_what_they_show(out: Path) -> None:
    run = read_run(out)
    datasets = [row.dataset for row in run.results]
    drawn = [
        figures.changes(run.results, "ratio"),
        figures.changes(run.results, "change"),
        figures.bit_widths(run.bit_widths),
        figures.tasks_over_years(run.papers, run.tasks),
        figures.code(run.papers),
        figures.mentions("models", "Models", run.models, None),
        *figures.levels(run.results, datasets, Scale(run.results)),
    ]
    assert all(figure.alt and (figure.lines or figure.grid) for figure in drawn)
    assert "speedup ↑, 1 of them, median 2.5x" in drawn[0].alt
    assert "speech recognition at 2022" in drawn[3].alt or "speech recognition at 2021" in drawn[3].alt
    undated = [paper._replace(year=None) for paper in run.papers]
    assert [line.href for line in figures.tasks_over_years(undated, run.tasks).lines] == [
        "#task=question_answering",
        "#task=speech_recognition",
    ]
    assert "linked 1 of 4, said to be public 1 of 4, promised 1 of 4, not said 1 of 4" in drawn[4].alt
    assert [figure.title for figure in drawn[6:]] == ["accuracy by data set, %", "word error rate by data set, %"]
    shapes = [shape for figure in drawn for line in figure.lines for shape in (*line.bars, *line.dots)]
    assert shapes and all(0 <= shape.at <= shape.to <= 100 for shape in shapes)


def test_a_run_without_anything_is_a_report_too(rules: RuleSet, tmp_path: Path) -> None:
    out = write_run(tmp_path / "out", [])
    summary = write_report(out, tmp_path / "r.html", rules)
    assert (summary.papers, summary.results, summary.shown) == (0, 0, 0)
    assert "Nothing to draw" in (tmp_path / "r.html").read_text()


def test_the_file_is_one_and_always_the_same(out: Path, rules: RuleSet, tmp_path: Path) -> None:
    pages = []
    for name in ("a.html", "b.html"):
        write_report(out, tmp_path / name, rules, title="The same")
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
    assert not re.findall(r"<link|@import|url\(|src=", pages[0].decode())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html"]


def test_texts_stay_texts(rules: RuleSet, tmp_path: Path) -> None:
    write_report(write_run(tmp_path / "out", hostile()), tmp_path / "r.html", rules, title="</title><script>x</script>")
    page = (tmp_path / "r.html").read_text()
    assert len(re.findall(r"<script", page)) == len(re.findall(r"</script", page)) == 3  # two of data, one of ours
    assert "<img" not in page and "\0" not in page
    rows, texts = block(page, "data"), block(page, "texts")
    assert isinstance(rows, dict) and isinstance(texts, list)
    assert list(rows["papers"]["title"]) == list(HOSTILE)
    for (abstract, spans, _), number in zip(texts, range(len(HOSTILE)), strict=True):
        (_, in_title, start, end), wide = spans[0], abstract.encode("utf-16-le")
        assert not in_title and wide[2 * start : 2 * end].decode("utf-16-le") == f"accuracy of {number}.5%"


def test_of_too_many_results_the_most_confident_are_shown(rules: RuleSet, tmp_path: Path) -> None:
    assert most_confident([0.1, 0.9, 0.5, 0.9, 0.5], 3) == [1, 2, 3]
    out = write_run(tmp_path / "out", tiny())
    summary = write_report(out, tmp_path / "r.html", rules, max_rows=3)
    page = (tmp_path / "r.html").read_text()
    rows = block(page, "data")
    assert summary.shown == 3 and "The 3 most confident of 9 results" in page
    assert isinstance(rows, dict) and min(rows["rows"]["confidence"]) == 0.9 and len(rows["rows"]["paper"]) == 3
    assert all(row < 3 for board in rows["boards"] for row in board[4])


def test_tables_in_parts_give_the_same_page(rules: RuleSet, tmp_path: Path) -> None:
    single, parts = write_run(tmp_path / "single", tiny()), write_run(tmp_path / "parts", tiny()[:2])
    rest = write_run(tmp_path / "rest", tiny()[2:])
    for path in list(parts.glob("*.parquet")):
        folder = parts / path.stem
        folder.mkdir()
        path.rename(folder / "part-00000.parquet")
        shutil.copy(rest / path.name, folder / "part-00001.parquet")
    for folder in (single, parts):
        write_report(folder, tmp_path / f"{folder.name}.html", rules, title="t")
    assert (tmp_path / "single.html").read_bytes() == (tmp_path / "parts.html").read_bytes()


def test_many_results_stay_small(rules: RuleSet, tmp_path: Path) -> None:
    summary = write_report(write_run(tmp_path / "out", many(2_000)), tmp_path / "r.html", rules)
    assert summary.bytes < 2_000 * 1_000


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "extractor", "report", *map(str, arguments)], capture_output=True, text=True, timeout=120
    )


def test_the_command(out: Path, tmp_path: Path) -> None:
    done = command(out, "-o", tmp_path / "r.html", "--title", "My run")
    assert (done.returncode, done.stderr) == (0, "")
    assert "4 papers, 9 of 9 results" in done.stdout
    assert "<title>My run</title>" in (tmp_path / "r.html").read_text()


def test_wrong_uses_say_what_is_wrong(out: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(out, broken)
    (broken / "models.parquet").write_bytes(b"not Parquet")
    lacking = tmp_path / "lacking"
    shutil.copytree(out, lacking)
    (lacking / "links.parquet").unlink()
    target = tmp_path / "r.html"
    for arguments, message in (
        ((tmp_path / "nowhere", "-o", target), "no tables of a run"),
        ((out, "-o", tmp_path / "no" / "folder.html"), "No such file or directory"),
        ((out, "-o", tmp_path), "directory"),
        ((out, "-o", target, "--rules", tmp_path / "none"), "no such rules folder"),
        ((out, "-o", target, "--max-results", 0), "--max-results"),
        ((out,), "--output"),
        ((broken, "-o", target), "cannot be read"),
        ((lacking, "-o", target), "no table links"),
    ):
        done = command(*arguments)
        assert done.returncode == 2 and message in done.stderr and "Traceback" not in done.stderr, (arguments, done)
    assert not target.exists()
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".r.html")]
