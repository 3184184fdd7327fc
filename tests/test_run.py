"""The batch run: tables, duplicates, rejects, limits, folders that are taken, workers that die."""

from __future__ import annotations

import json
import os
import stat
import tempfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.run import engine
from extractor.run import tables as run_tables
from extractor.run.core import extract_batches, input_batch, split_tables
from extractor.run.engine import CHUNK_RECORDS, RunAborted, run
from extractor.run.options import RunOptions, UsageError
from extractor.run.seen import SeenIds
from extractor.schema import TABLES, batch_schema, table_schema
from extractor.sources import read_source
from tests.batch_extractors import Cheap

HERE = Path(__file__).parent
MISBEHAVING = "tests.batch_extractors:misbehaving"


@pytest.fixture(autouse=True)
def _workers_find_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")]))


def write_papers(path: Path, titles: list[str]) -> str:
    lines = [
        json.dumps({"title": t, "abstract": f"{t} reaches {i % 97}% on our own test."}) for i, t in enumerate(titles)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def options(tmp_path: Path, *inputs: str, factory: str = "cheap", **more: Any) -> RunOptions:
    return RunOptions(inputs=inputs, out=tmp_path / "out", factory=f"tests.batch_extractors:{factory}", **more)


def table(folder: Path, name: str) -> list[dict[str, Any]]:
    single = folder / f"{name}.parquet"
    rows: list[dict[str, Any]] = pq.read_table(single if single.exists() else folder / name).to_pylist()
    return rows


def fingerprint(folder: Path) -> dict[str, str]:
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != "run.json"]
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in files}


def test_tables_agree_with_the_schema_and_with_each_other(tmp_path: Path) -> None:
    file = write_papers(tmp_path / "in.jsonl", [f"Paper {i}" for i in range(1_200)])
    summary = run(options(tmp_path, file))
    assert summary.progress.papers == 1_200
    papers = table(tmp_path / "out", "papers")
    assert [p["title"] for p in papers] == [f"Paper {i}" for i in range(1_200)]
    by_id = {p["paper_id"]: p for p in papers}
    for row in table(tmp_path / "out", "results"):
        assert by_id[row["paper_id"]]["abstract"][row["start"] : row["end"]] == row["quote"]
    for name in TABLES:
        schema = pq.read_schema(tmp_path / "out" / f"{name}.parquet")
        assert schema.equals(table_schema(name))
        assert set(schema.metadata) >= {b"extractor.version", b"extractor.rules"}
        types = {f.name: f.type for f in table_schema(name)}
        options_ = pyarrow.csv.ConvertOptions(
            column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=False
        )
        csv = pyarrow.csv.read_csv(tmp_path / "out" / "csv" / f"{name}.csv", convert_options=options_)
        assert csv.to_pylist() == table(tmp_path / "out", name)
    report = json.loads((tmp_path / "out" / "run.json").read_text())
    assert report["counts"]["papers"] == 1_200
    assert report["inputs"] == [
        {"file": file, "size": Path(file).stat().st_size, "sha256": sha256(Path(file).read_bytes()).hexdigest()}
    ]
    assert not (tmp_path / "out" / ".run").exists()


def test_jobs_change_nothing(tmp_path: Path) -> None:
    file = write_papers(tmp_path / "in.jsonl", [f"Paper {i}" for i in range(5 * CHUNK_RECORDS + 7)])
    prints = []
    for jobs in (1, 4):
        given = replace(options(tmp_path, file, jobs=jobs), out=tmp_path / f"out{jobs}")
        run(given)
        prints.append(fingerprint(given.out))
    assert prints[0] == prints[1]


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["broken", "{}", '{"title": "T", "abstract": ""}', ""]),
            st.integers(0, 12).map(lambda i: json.dumps({"title": f"Paper {i}", "abstract": f"It reaches {i}%."})),
            st.text(max_size=40).map(lambda text: json.dumps({"title": "raise it", "abstract": text})),
        ),
        min_size=5,
        max_size=40,
    )
)
@settings(max_examples=4, deadline=None, derandomize=True, database=None)
def test_jobs_change_nothing_whatever_the_input(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "CHUNK_RECORDS", 4)
        folder = Path(name)
        (folder / "in.jsonl").write_text("\n".join(["{}", *lines]), encoding="utf-8")
        prints = []
        for jobs in (1, 4):
            inputs = (str(folder / "in.jsonl"),)
            chosen = RunOptions(inputs, folder / f"out{jobs}", format="jsonl", jobs=jobs, factory=MISBEHAVING)
            run(chosen)
            prints.append(fingerprint(chosen.out))
        assert prints[0] == prints[1]


def test_duplicates_name_the_first(tmp_path: Path) -> None:
    one = write_papers(tmp_path / "a.jsonl", ["Alpha", "Beta"])
    two = tmp_path / "b.jsonl"
    two.write_text(
        Path(one).read_text() + json.dumps({"title": "ALPHA", "abstract": "alpha  reaches 0% on our own test."}) + "\n"
    )
    summary = run(options(tmp_path, one, str(two)))
    assert (summary.progress.papers, summary.progress.duplicates) == (2, 3)
    rejects = table(tmp_path / "out", "rejects")
    assert [(r["source"], r["position"]) for r in rejects] == [(str(two), 1), (str(two), 2), (str(two), 3)]
    assert rejects[0]["reason"].startswith("duplicate") and rejects[0]["reason"].endswith(f"first at {one}:1")
    assert rejects[2]["reason"].endswith(f"first at {one}:1")


def test_limit_counts_papers(tmp_path: Path) -> None:
    lines = []
    for i in range(3_000):
        lines += [json.dumps({"title": f"T{i // 2}", "abstract": "Text."}), "broken"]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    summary = run(options(tmp_path, str(tmp_path / "in.jsonl"), limit=700))
    assert summary.progress.papers == 700
    assert table(tmp_path / "out", "papers")[-1]["title"] == "T699"


def test_rejects_keep_their_order_and_their_text(tmp_path: Path) -> None:
    lines = [
        json.dumps({"title": "raise it", "abstract": "One."}),
        "broken",
        json.dumps({"title": "good", "abstract": "Two."}),
    ]
    (tmp_path / "in.jsonl").write_text("\n".join([*lines, lines[2]]))
    run(options(tmp_path, str(tmp_path / "in.jsonl"), factory="misbehaving"))
    rejects = table(tmp_path / "out", "rejects")
    assert [r["position"] for r in rejects] == [1, 2, 4]
    assert rejects[0]["reason"] == "extraction failed: ValueError: no such thing"
    assert rejects[0]["raw"] == "raise it\nOne."
    assert rejects[1]["raw"] == "broken"
    assert [p["title"] for p in table(tmp_path / "out", "papers")] == ["good"]


def test_a_worker_that_dies_or_hangs_costs_one_paper(tmp_path: Path) -> None:
    titles = [f"Paper {i}" for i in range(CHUNK_RECORDS + 200)]
    titles[3], titles[100], titles[CHUNK_RECORDS + 1], titles[CHUNK_RECORDS + 2] = (
        "die here",
        "hang here",
        "exit here",
        "raise here",
    )
    file = write_papers(tmp_path / "in.jsonl", titles)
    run(options(tmp_path, file, factory="misbehaving", paper_seconds=0.5, jobs=2))
    assert [p["title"] for p in table(tmp_path / "out", "papers")] == [t for t in titles if not t.endswith("here")]
    assert [(r["position"], r["reason"]) for r in table(tmp_path / "out", "rejects")] == [
        (4, "the worker died on it: SIGKILL"),
        (101, "no end after 0.5 seconds"),
        (CHUNK_RECORDS + 2, "the worker died on it: exit code 7"),
        (CHUNK_RECORDS + 3, "extraction failed: ValueError: no such thing"),
    ]


def test_a_paper_that_fails_once_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISBEHAVE_ONCE", str(tmp_path / "marks"))
    (tmp_path / "marks").mkdir()
    titles = ["a", "die once", "b", "hang once", "c"]
    summary = run(
        options(tmp_path, write_papers(tmp_path / "in.jsonl", titles), factory="misbehaving", paper_seconds=0.5)
    )
    assert summary.progress.papers == 5
    assert [p["title"] for p in table(tmp_path / "out", "papers")] == titles


def test_an_extractor_that_cannot_be_loaded_aborts(tmp_path: Path) -> None:
    with pytest.raises(RunAborted, match="the weights are missing"):
        run(options(tmp_path, write_papers(tmp_path / "in.jsonl", ["a"]), factory="broken"))
    assert not list((tmp_path / "out").glob("*.parquet"))


@pytest.mark.parametrize(("limit", "aborts"), [("2", True), ("3", False), ("0", True), ("29%", True), ("31%", False)])
def test_max_errors(tmp_path: Path, limit: str, aborts: bool) -> None:
    good = [json.dumps({"title": f"T{i}", "abstract": "Text."}) for i in range(7)]
    (tmp_path / "in.jsonl").write_text("\n".join([*good, "x", "y", "z"]))
    given = options(tmp_path, str(tmp_path / "in.jsonl"), max_errors=limit, format="jsonl")
    if aborts:
        with pytest.raises(RunAborted, match="3 of 10 records were rejected"):
            run(given)
        assert not (tmp_path / "out" / "papers.parquet").exists()
        run(replace(given, max_errors=None, resume=True))
    else:
        run(given)
    assert len(table(tmp_path / "out", "papers")) == 7


@pytest.mark.parametrize("limit", ["", "x", "-1", "101%", "1.5"])
def test_max_errors_that_mean_nothing(tmp_path: Path, limit: str) -> None:
    with pytest.raises(UsageError, match="max-errors"):
        run(options(tmp_path, write_papers(tmp_path / "in.jsonl", ["a"]), max_errors=limit))


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    file = write_papers(tmp_path / "in.jsonl", ["a"])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "notes.txt").write_text("mine")
    run(options(tmp_path, file))
    before = fingerprint(tmp_path / "out")
    with pytest.raises(UsageError, match="--force replaces them"):
        run(options(tmp_path, file))
    assert fingerprint(tmp_path / "out") == before
    run(options(tmp_path, write_papers(tmp_path / "in2.jsonl", ["b", "c"]), force=True))
    assert [p["title"] for p in table(tmp_path / "out", "papers")] == ["b", "c"]
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_two_runs_do_not_write_to_one_folder(tmp_path: Path) -> None:
    from extractor.run.output import OutputFolder

    file = write_papers(tmp_path / "in.jsonl", ["a"])
    with OutputFolder(tmp_path / "out").locked(), pytest.raises(UsageError, match="another run"):
        run(options(tmp_path, file))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "docx"}, "no format 'docx'"),
        ({"jobs": 0}, "at least 1"),
        ({"limit": 0}, "at least 1"),
        ({"force": True, "resume": True}, "one of them"),
        ({"inputs": ("-",), "resume": True}, "standard input cannot be resumed"),
        ({"inputs": ("no/such/file",)}, "no such file or folder: no/such/file"),
        ({"fields": {"titel": "x"}}, "cannot map titel"),
    ],
)
def test_wrong_usage_says_what_to_do(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    file = write_papers(tmp_path / "in.jsonl", ["a"])
    with pytest.raises(UsageError, match=message):
        run(replace(options(tmp_path, file), **change))
    assert not (tmp_path / "out").exists()


def test_an_output_folder_that_cannot_be_written(tmp_path: Path) -> None:
    file = write_papers(tmp_path / "in.jsonl", ["a"])
    (tmp_path / "out").write_text("a file")
    with pytest.raises(UsageError, match="out"):
        run(options(tmp_path, file))
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
    if os.access(locked, os.W_OK):
        pytest.skip("this user may write everywhere")
    with pytest.raises(UsageError, match="denied"):
        run(replace(options(tmp_path, file), out=locked / "out"))


def test_the_output_is_no_input(tmp_path: Path) -> None:
    write_papers(tmp_path / "in.jsonl", ["a"])
    run(options(tmp_path, str(tmp_path)))
    summary = run(options(tmp_path, str(tmp_path), force=True))
    assert (summary.progress.papers, summary.progress.rejects) == (1, 0)


def test_csv_cells_open_safely(tmp_path: Path) -> None:
    titles = ["=1+1", "+x", "-x", "@x", "\tx", "\0x", "\rx", "＝x", "x=1", "'x", 'quo"te,']
    file = write_papers(tmp_path / "in.jsonl", titles)
    run(options(tmp_path, file))
    run(replace(options(tmp_path, file), out=tmp_path / "raw", safe_csv=False))
    assert [p["title"] for p in table(tmp_path / "out", "papers")] == titles
    import csv

    def titles_in(folder: str) -> list[str]:
        with (tmp_path / folder / "csv" / "papers.csv").open(newline="", encoding="utf-8") as lines:
            return [row["title"] for row in csv.DictReader(lines)]

    assert titles_in("out") == [f"'{t}" if t[0] in "=+-@\t\0\r＝" else t for t in titles]
    assert titles_in("raw") == titles


def test_large_runs_write_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_tables, "PART_SHARDS", 2)
    monkeypatch.setattr(run_tables, "ROW_GROUP", 100)
    titles = [f"Paper {i}" for i in range(4 * CHUNK_RECORDS + 1)]
    run(options(tmp_path, write_papers(tmp_path / "in.jsonl", titles)))
    out = tmp_path / "out"
    assert sorted(p.name for p in (out / "papers").iterdir()) == [f"part-0000{i}.parquet" for i in range(3)]
    assert sorted(p.name for p in (out / "csv" / "papers").iterdir()) == [f"part-0000{i}.csv" for i in range(3)]
    assert [p["title"] for p in table(out, "papers")] == titles
    first = pq.ParquetFile(out / "papers" / "part-00000.parquet").metadata
    assert [first.row_group(i).num_rows for i in range(first.num_row_groups)] == [100] * 10 + [24]
    assert {p["paper_id"] for p in table(out, "results")} <= {p["paper_id"] for p in table(out, "papers")}
    run(options(tmp_path, write_papers(tmp_path / "in2.jsonl", ["a"]), force=True))
    assert not (out / "papers").exists() and len(table(out, "papers")) == 1


def test_the_core_takes_and_gives_batches(tmp_path: Path) -> None:
    file = write_papers(tmp_path / "in.jsonl", ["a", "b"])
    batch = input_batch(read_source(file))
    (facts,) = extract_batches([batch], Cheap())
    assert facts.schema.equals(batch_schema())
    plain = pa.record_batch({n: batch.column(n) for n in ("paper_id", "title", "abstract")})
    (bare,) = extract_batches(iter([plain]), Cheap())
    assert split_tables(bare)["results"].equals(split_tables(facts)["results"])
    assert split_tables(facts)["papers"].column("title").to_pylist() == ["a", "b"]
    (empty,) = extract_batches([batch.slice(0, 0)], Cheap())
    assert all(t.num_rows == 0 for t in split_tables(empty).values())


def test_seen_ids() -> None:
    seen = SeenIds()
    known: dict[str, int] = {}
    for start in range(0, 20_000, 500):
        ids = [f"id{(i * 7919) % 15_000}" for i in range(start, start + 500)]
        numbers = list(range(start, start + 500))
        wanted = []
        for i, n in zip(ids, numbers, strict=True):
            wanted.append(known.get(i))
            known.setdefault(i, n)
        assert seen.add(ids, numbers) == wanted
    assert len(seen) == len(known)
    assert seen.nbytes <= 16 * len(known)
    assert seen.add([], []) == []
