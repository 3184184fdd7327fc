"""Tables of several runs as one."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import extractor
from extractor.cli import app
from extractor.run import tables as run_tables
from extractor.run.engine import run
from extractor.run.finished import FinishedRun, TablesError
from extractor.run.merge import merge
from extractor.run.options import RunOptions, UsageError
from extractor.schema import TABLES

HERE = Path(__file__).parent


def paper(number: int, text: str = "It reaches {}% and {}%.") -> str:
    return json.dumps(
        {"title": f"T{number}", "abstract": text.format(number, number + 1), "id": f"arxiv:2401.{number:05d}"}
    )


def finished(folder: Path, name: str, lines: list[str]) -> Path:
    """Run over ``lines`` with the cheap extractor."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")]))
        run(RunOptions((str(folder / f"{name}.jsonl"),), folder / name, factory="tests.batch_extractors:cheap"))
    return folder / name


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("days")
    return [
        finished(folder, "monday", [paper(1), paper(2, "Nothing."), "broken", paper(3)]),
        finished(folder, "tuesday", [paper(2, "Now {}%."), paper(4), paper(3)]),
        finished(folder, "sunday", ["broken too"]),
    ]


def test_the_first_paper_with_an_id_stays(days: list[Path], tmp_path: Path) -> None:
    summary = merge(days, tmp_path / "all")
    tables = extractor.load(tmp_path / "all")
    assert list(tables.papers.title) == ["T1", "T2", "T3", "T4"]
    assert list(tables.results.value) == [1, 2, 3, 4, 4, 5]
    assert list(tables.tasks.paper_id) == list(tables.papers.paper_id)
    first = f"{days[0]}.jsonl"
    assert [reason for reason in tables.rejects.reason if reason.startswith("duplicate")] == [
        f"duplicate of arxiv:2401.00002, first at {first}:2",
        f"duplicate of arxiv:2401.00003, first at {first}:4",
    ]
    duplicate = tables.rejects[tables.rejects.reason.str.startswith("duplicate")].iloc[0]
    assert (duplicate.source, duplicate.position, duplicate.raw) == (f"{days[1]}.jsonl", 1, "T2\nNow 2%.")
    assert len(tables.rejects) == 4
    counts = tables.run["counts"]
    assert counts["papers"] == summary.progress.papers == 4
    assert (counts["rejects"], counts["duplicates"], counts["results"]) == (4, 2, 6)
    assert [entry["counts"]["papers"] for entry in tables.run["merged"]] == [3, 3, 0]
    assert len(tables.run["inputs"]) == 3


def test_one_run_merged_is_the_same_tables(days: list[Path], tmp_path: Path) -> None:
    merge(days[:1], tmp_path / "one")
    for table in TABLES:
        same = f"{table}.parquet"
        assert pq.read_table(days[0] / same).equals(pq.read_table(tmp_path / "one" / same)), table
        assert (days[0] / "csv" / f"{table}.csv").read_bytes() == (
            tmp_path / "one" / "csv" / f"{table}.csv"
        ).read_bytes()


def test_merging_in_steps_and_at_once_is_the_same(days: list[Path], tmp_path: Path) -> None:
    merge(days[:2], tmp_path / "a")
    merge([tmp_path / "a", days[2]], tmp_path / "b")
    merge(days, tmp_path / "c")
    for table in TABLES:
        assert pq.read_table(tmp_path / "b" / f"{table}.parquet").equals(
            pq.read_table(tmp_path / "c" / f"{table}.parquet")
        )


def test_large_runs_stay_in_parts(tmp_path: Path) -> None:
    a = finished(tmp_path, "a", [paper(n) for n in range(1_300)])
    b = finished(tmp_path, "b", [paper(n) for n in range(700, 2_000)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run_tables, "PART_SHARDS", 2)
        merge([a, b], tmp_path / "all")
    assert len(list((tmp_path / "all" / "results").glob("*.parquet"))) == 3
    tables = extractor.load(tmp_path / "all")
    assert list(tables.papers.title) == [f"T{n}" for n in range(2_000)]
    assert list(tables.results.value[::2]) == list(range(2_000))
    assert len(tables.rejects) == 600
    assert [batch.num_rows for batch in FinishedRun(tmp_path / "all").papers()] == [512, 512, 512, 464]
    again = merge([tmp_path / "all"], tmp_path / "again")  # parts are read in their order
    assert again.progress.facts["results"] == 4_000


def test_tables_of_an_earlier_version_lack_columns(days: list[Path], tmp_path: Path) -> None:
    merge(days[:1], tmp_path / "old")
    path = tmp_path / "old" / "results.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["stated_change_ok"]), path)
    merge([tmp_path / "old"], tmp_path / "new")
    assert extractor.load(tmp_path / "new").results.stated_change_ok.isna().all()
    pq.write_table(pq.read_table(path).drop_columns(["quote"]), path)
    with pytest.raises(TablesError, match="no column 'quote'"):
        merge([tmp_path / "old"], tmp_path / "newer")
    assert not (tmp_path / "newer").exists()


def test_facts_without_their_paper(days: list[Path], tmp_path: Path) -> None:
    merge(days[:1], tmp_path / "old")
    path = tmp_path / "old" / "results.parquet"
    rows = pq.read_table(path)
    pq.write_table(rows.set_column(0, rows.schema.field(0), pa.array(["arxiv:9"] * rows.num_rows)), path)
    with pytest.raises(TablesError, match="'results' holds rows whose paper is not"):
        merge([tmp_path / "old"], tmp_path / "new")
    path.write_bytes(b"no parquet")
    with pytest.raises(TablesError, match=r"results\.parquet: cannot be read"):
        list(FinishedRun(tmp_path / "old").papers())


def test_an_interrupted_merge_leaves_nothing(days: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("extractor.run.merge.write_tables", stop)
    done = CliRunner().invoke(app, ["merge", *map(str, days), "-o", str(tmp_path / "all")])
    assert done.exit_code == 130 and "interrupted" in done.stderr
    assert not (tmp_path / "all").exists()


def test_command(days: list[Path], tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["merge", *map(str, days), "-o", str(tmp_path / "all")])
    assert done.exit_code == 0 and "duplicate" in done.output and str(tmp_path / "all") in done.output
    wrong = CliRunner().invoke(app, ["merge", str(tmp_path / "no"), "-o", str(tmp_path / "all2")])
    assert wrong.exit_code == 2 and "no such folder" in wrong.stderr
    (days[0].parent / "damaged").mkdir()
    for path in days[0].iterdir():
        if path.is_file():
            (days[0].parent / "damaged" / path.name).write_bytes(path.read_bytes())
    (days[0].parent / "damaged" / "models.parquet").write_bytes(b"PAR1 no")
    damaged = CliRunner().invoke(app, ["merge", str(days[0].parent / "damaged"), "-o", str(tmp_path / "all3")])
    assert damaged.exit_code == 3 and "models.parquet" in damaged.stderr and not (tmp_path / "all3").exists()


def test_what_cannot_be_merged(days: list[Path], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "begun" / ".run").mkdir(parents=True)
    (tmp_path / "file").touch()
    for folders, out, message in (
        ([tmp_path / "missing"], "out", "no such folder"),
        ([tmp_path / "empty"], "out", "no run.json there"),
        ([tmp_path / "begun"], "out", "unfinished run: finish it with --resume"),
        ([days[0], days[0]], "out", "is given twice"),
        ([days[0]], str(days[0]), "is one of the runs to be merged"),
        ([days[0]], "file", "is a file, not a folder"),
    ):
        with pytest.raises(UsageError, match=message):
            merge(folders, tmp_path / out)
    assert not (tmp_path / "out").exists()
    merge(days[:1], tmp_path / "out")
    with pytest.raises(UsageError, match="--force"):
        merge(days[:2], tmp_path / "out")
    merge(days[:2], tmp_path / "out", force=True)
    assert len(extractor.load(tmp_path / "out").papers) == 4
