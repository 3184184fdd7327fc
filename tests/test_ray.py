"""The Ray engine gives the rows of the local engine: duplicates, rejects, papers that kill a worker, limits, parts."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractor.run import ray_engine, ray_plan
from extractor.run.engine import RunAborted, run
from extractor.run.options import RunOptions, UsageError
from extractor.run.ray_plan import Plan, find_duplicates
from extractor.schema import TABLES, table_schema

HERE = Path(__file__).parent
needs_ray = pytest.mark.skipif(
    ray_engine.importlib.util.find_spec("ray") is None, reason="Ray is not installed (extra: ray)"
)


@pytest.fixture(scope="module")
def ray() -> Iterator[None]:
    """One Ray for all tests: it takes seconds to start."""
    import ray

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")]))
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100 << 20)
        yield
        ray.shutdown()


@pytest.fixture
def inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    """Three files, named as from their folder: JSON lines with faults, Parquet, JSON lines that repeat both."""
    lines = [json.dumps({"title": f"Paper {i}", "abstract": f"Paper {i} reaches {i % 97}%."}) for i in range(400)]
    lines[7], lines[90], lines[200] = "{broken", json.dumps({"title": "raise it", "abstract": "One."}), lines[5]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    rows = {"title": [f"Row {i}" for i in range(150)], "abstract": [f"It gains {i}%." for i in range(150)]}
    rows["abstract"][3] = ""
    pq.write_table(pa.table(rows), tmp_path / "b.parquet")
    again = [lines[1], json.dumps({"title": "ROW 9", "abstract": "it gains  9%."}), lines[1], "", lines[399]]
    (tmp_path / "c.jsonl").write_text("\n".join([*again, json.dumps({"title": "New", "abstract": "At 5%."})]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setattr(ray_plan, "PART_RECORDS", 120)
    return "a.jsonl", "b.parquet", "c.jsonl"


def rows(out: Path) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for name in TABLES:
        single = out / f"{name}.parquet"
        found[name] = pq.read_table(single if single.exists() else out / name).to_pylist()
    return found


def options(inputs: tuple[str, ...], factory: str = "misbehaving", **more: Any) -> RunOptions:
    return RunOptions(inputs, Path("out"), factory=f"tests.batch_extractors:{factory}", jobs=2, **more)


@needs_ray
@pytest.mark.parametrize("limit", [None, 450])
def test_rows_are_those_of_the_local_engine(inputs: tuple[str, ...], ray: None, limit: int | None) -> None:
    local = run(options(inputs, limit=limit))
    there = run(replace(options(inputs, limit=limit), engine="ray", out=Path("there")))
    assert there.progress == local.progress
    assert rows(Path("there")) == rows(Path("out"))  # in the order of the input, too
    for name in TABLES:
        for file in Path("there", name).iterdir():
            schema = pq.read_schema(file)
            assert schema.equals(table_schema(name)) and b"extractor.rules" in schema.metadata
    assert not Path("there/.run").exists()
    report = json.loads(Path("there/run.json").read_text())
    assert report["engine"] == "ray" and report["counts"]["papers"] == local.progress.papers


@needs_ray
def test_shipped_rules_on_ray(ray: None, tmp_path: Path) -> None:
    sample = (str(HERE.parent / "fixtures" / "sample.*"),)
    run(RunOptions(sample, tmp_path / "out"))
    run(RunOptions(sample, tmp_path / "there", jobs=2, engine="ray"))
    assert rows(tmp_path / "there") == rows(tmp_path / "out")


@needs_ray
def test_a_worker_that_dies_costs_one_paper(inputs: tuple[str, ...], ray: None) -> None:
    bad = [{"title": f"{what} here", "abstract": "Text."} for what in ("die", "exit", "fine")]
    Path("d.jsonl").write_text("\n".join(map(json.dumps, bad)))
    run(replace(options(("d.jsonl",)), engine="ray"))
    found = rows(Path("out"))
    assert [p["title"] for p in found["papers"]] == ["fine here"]
    assert [r["reason"] for r in found["rejects"]] == [
        "the worker died on it: SIGKILL",
        "the worker died on it: exit code 7",
    ]


@needs_ray
def test_a_run_that_was_broken_off_goes_on(inputs: tuple[str, ...], ray: None, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = run(options(inputs))
    given = replace(options(inputs), engine="ray", out=Path("there"))
    with pytest.raises(RunAborted, match=r"--max-errors 0.*\d parts done; .*--resume"):
        run(replace(given, max_errors="0"))
    done = list(Path("there/.run/parts/done").iterdir())
    assert done and not Path("there/papers").exists()
    with pytest.raises(UsageError, match="options changed"):
        run(replace(given, engine="local", resume=True))
    for path in Path("there/.run/parts/papers").glob("part-000000-000000.parquet"):
        path.unlink()  # a part whose files are gone is not done
    resumed = run(replace(given, resume=True))
    assert (resumed.attempts, resumed.progress) == (2, wanted.progress)
    assert rows(Path("there")) == rows(Path("out"))


@needs_ray
def test_what_goes_wrong_says_so(inputs: tuple[str, ...], ray: None) -> None:
    with pytest.raises(RunAborted, match="the weights are missing"):
        run(replace(options(inputs, factory="broken"), engine="ray"))
    with pytest.raises(UsageError, match="read once"):
        run(replace(options(("-",)), engine="ray", out=Path("there")))


def test_ray_missing_or_not_asked_for(inputs: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="goes with --engine ray"):
        run(options(inputs, ray_address="auto"))
    with pytest.raises(UsageError, match="engines are local, ray"):
        run(options(inputs, engine="dask"))
    monkeypatch.setattr(ray_engine.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"paperfacts\[ray\]"):
        run(options(inputs, engine="ray"))
    assert not Path("out").exists()


@pytest.mark.parametrize("limit", [None, 1, 450, 10_000])
def test_the_plan_alone(inputs: tuple[str, ...], limit: int | None) -> None:
    """Duplicates, limit and parts need no Ray; keys may come in any order."""
    run(options(inputs, factory="cheap", limit=limit))
    local = rows(Path("out"))
    plan = Plan(inputs, str(Path.cwd()), None, {}, 120)
    keys = [table for index in (2, 0, 1) for table in plan.keys(index)]
    plan = plan.with_keys(keys, limit)
    parts = [part for index in range(3) for part in plan.parts(index)]
    assert [name for name, _, _ in parts] == sorted(name for name, _, _ in parts)
    records = [record for _, _, part in parts for record in part]
    reasons = [record.reason for record in records if hasattr(record, "reason")]
    assert reasons == [reject["reason"] for reject in local["rejects"]]
    assert len(records) - len(reasons) == len(local["papers"])
    assert sum(duplicates for _, duplicates, _ in parts) == sum("duplicate" in reason for reason in reasons)
    assert find_duplicates([])[1].size == 0
