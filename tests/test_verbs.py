"""Leaderboards, comparisons, pivots and joins over the tables of a run."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import extractor
from extractor.records import Dataset, Extraction, Paper, Result
from extractor.run.core import extract_batches, input_batch
from extractor.run.tables import write_tables

TEXT = "a sentence that is long enough"


def result(metric: str, value: float, **more: Any) -> Result:
    given = {"kind": "value", "unit": "%", "system": "ours", "dataset": "SQuAD", "confidence": 0.9, **more}
    at = {"quote": TEXT[:10], "field": "abstract", "start": 0, "end": 10, "rule": "test"}
    return Result(metric=metric, metric_text=None, value=value, **at, **given)


def dataset(name: str, canonical: str) -> Dataset:
    return Dataset(name=name, canonical=canonical, field="abstract", start=0, end=5, rule="test", confidence=0.9)


FACTS: dict[str, dict[str, Any]] = {
    "A": {"results": [result("accuracy", 91.2, confidence=0.95), result("accuracy", 90, system="BERT"), result("accuracy", 90.5)]},
    "B": {"results": [result("accuracy", 0.934, unit=None, confidence=0.4), result("word_error_rate", 8, dataset="Libri Speech")]},
    "C": {
        "results": [
            result("accuracy", 92, dataset="the questions", system="Quiz-Net"),
            result("word_error_rate", 4.5, dataset="LibriSpeech", system="QuizNet"),
            result("word_error_rate", 7.5, dataset="LibriSpeech", system="bert"),
            result("word_error_rate", 40, kind="change", direction="decrease", system="QuizNet", baseline="BERT", dataset=None),
            result("latency", 2, kind="ratio", unit="x", direction="increase", system="QuizNet", baseline="BERT", dataset=None),
            result("accuracy", 97, kind="share", system="QuizNet", baseline="BERT", dataset=None),
            result("other", 3, unit=None, kind="change", direction="increase", system="QuizNet", baseline="BERT", dataset=None),
        ],
        "datasets": [dataset("the questions", "SQuAD")],
    },
    "D": {},
}  # fmt: skip


class Given:
    """An extractor that knows its papers by title."""

    def extract(self, paper: Paper) -> Extraction:
        return Extraction(paper=paper, **{name: tuple(rows) for name, rows in FACTS[paper.title].items()})


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> extractor.Tables:
    folder = tmp_path_factory.mktemp("verbs")
    papers = [Paper(paper_id=f"x:{title}", title=title, abstract=TEXT, year=2020 + i) for i, title in enumerate(FACTS)]
    write_tables(extract_batches([input_batch(papers)], Given()), 1, folder, {}, safe_csv=True)
    return extractor.load(folder)


def test_leaderboard(tables: extractor.Tables) -> None:
    board = tables.leaderboard("accuracy", "squad")
    assert list(board["title"]) == ["B", "C", "A", "A"]
    assert list(board["level"]) == pytest.approx([93.4, 92, 91.2, 90])
    assert list(board["rank"]) == [1, 2, 3, 4]
    assert list(board["value"]) == [0.934, 92, 91.2, 90]
    assert list(board["year"]) == [2021, 2022, 2020, 2020]
    assert {str(dtype) for dtype in board.dtypes} <= {"string", "Int64", "float64"}


def test_lower_is_better_where_the_rule_says_so(tables: extractor.Tables) -> None:
    assert list(tables.leaderboard("word_error_rate", "Libri-speech")["level"]) == [4.5, 7.5, 8]
    assert list(tables.leaderboard("word_error_rate", "LibriSpeech", best="higher")["level"]) == [8, 7.5, 4.5]


def test_equal_levels_share_a_rank(tables: extractor.Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    even = tables.confident(0)
    even._frames["results"] = even["results"].assign(value=5.0, unit="%")
    assert list(even.leaderboard("accuracy", "SQuAD")["rank"]) == [1, 1, 1, 1]


def test_boards_without_rows_and_metrics_without_direction(tables: extractor.Tables) -> None:
    empty = tables.leaderboard("accuracy", "nothing")
    assert len(empty) == 0 and list(empty.columns) == list(tables.leaderboard("accuracy", "SQuAD").columns)
    assert len(tables.leaderboard("bleu", "SQuAD")) == 0
    with pytest.raises(ValueError, match="best='higher'"):
        tables.leaderboard("no_such_metric", "SQuAD")
    assert len(tables.leaderboard("no_such_metric", "SQuAD", best="lower")) == 0


def test_the_report_and_the_verb_agree(tables: extractor.Tables) -> None:
    report = pytest.importorskip("extractor.report.leaderboards")
    from extractor.report.names import canonical_datasets, name_key
    from extractor.report.read import read_run
    from extractor.verbs import PER_CENT_SHARE, polarity

    assert report.PER_CENT_SHARE == PER_CENT_SHARE
    run = read_run(tables.folder)
    known = {(row.paper_id, name_key(row.name)): row.canonical for row in run.datasets}
    names = canonical_datasets(((row.paper_id, row.dataset) for row in run.results), known)
    boards = report.leaderboards(run.results, names, polarity(), report.Scale(run.results))
    for board in boards:
        mine = tables.confident(report.LEAST_CONFIDENCE).leaderboard(board.metric, board.dataset)
        assert list(mine["value"]) == [run.results[i].value for i in board.best], board


def test_compare(tables: extractor.Tables) -> None:
    found = tables.compare("quiznet", "BERT")
    assert list(found["kind"]) == ["change", "ratio", "share", "change", "value"]
    assert [None if pd.isna(better) else bool(better) for better in found["better"]] == [True, False, None, None, True]
    pair = found[found["kind"] == "value"].iloc[0]
    assert (pair["metric"], pair["value"], pair["baseline_value"]) == ("word_error_rate", 4.5, 7.5)
    assert len(tables.compare("BERT", "QuizNet")) == 1
    nobody = tables.compare("Nobody", "BERT")
    assert len(nobody) == 0 and list(nobody.columns) == list(found.columns)


def test_by_paper(tables: extractor.Tables) -> None:
    table = tables.by_paper()
    assert list(table.columns) == ["title", "year", "accuracy", "word_error_rate"]
    assert list(table.index) == ["x:A", "x:B", "x:C"]
    assert list(table["accuracy"]) == [91.2, 0.934, 92]
    assert list(table["word_error_rate"].dropna()) == [8, 4.5]
    assert list(tables.by_paper(["latency"], kind="ratio")["latency"]) == [2]
    none = tables.by_paper(["bleu", "accuracy"])
    assert list(none.columns) == ["title", "year", "bleu", "accuracy"] and none["bleu"].isna().all()


def test_confident(tables: extractor.Tables) -> None:
    sure = tables.confident(0.9)
    assert list(sure.leaderboard("accuracy", "SQuAD")["title"]) == ["C", "A", "A"]
    assert len(sure.papers) == 4 and len(tables.results) == len(sure.results) + 1
    assert len(tables.confident(0.95).results) == 1
    with pytest.raises(ValueError, match="between 0 and 1"):
        tables.confident(90)


def test_with_papers(tables: extractor.Tables) -> None:
    joined = tables.with_papers("results")
    assert list(joined.columns) == [*tables.results.columns, "title", "year"]
    assert len(joined) == len(tables.results) and joined["title"].notna().all()
    assert "language" in tables.with_papers("datasets", ["language"])
    with pytest.raises(KeyError, match="no column 'titel'"):
        tables.with_papers("results", ["titel"])
    with pytest.raises(KeyError, match="tables are papers"):
        tables.with_papers("result")


def test_tables_stay_as_they_are(tables: extractor.Tables) -> None:
    before = tables.results.copy()
    tables.leaderboard("accuracy", "SQuAD")
    tables.compare("QuizNet", "BERT")
    pd.testing.assert_frame_equal(tables.results, before)
