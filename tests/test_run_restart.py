"""Killed at every named point and resumed, a run ends with the bytes of an uninterrupted one."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from extractor.run.engine import CHUNK_RECORDS, RunAborted, run
from extractor.run.options import RunOptions, UsageError
from extractor.run.shards import Journal

HERE = Path(__file__).parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE.parent), os.environ.get("PYTHONPATH", "")])}
SHARDS = 4


def write_input(path: Path) -> str:
    lines = []
    for i in range(SHARDS * CHUNK_RECORDS - 100):
        lines.append(
            json.dumps(
                {"title": f"Paper {i % 1_700}", "abstract": f"Paper {i % 1_700} reaches {i % 1_700 % 97}% here."}
            )
        )
        if i % 300 == 0:
            lines.append("broken")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def start(given: dict[str, Any], point: str = "none", number: int = 1) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.killed_run", point, str(number), json.dumps(given)]
    return subprocess.Popen(command, cwd=HERE.parent, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)


def finish(given: dict[str, Any], point: str = "none", number: int = 1) -> tuple[int, str]:
    process = start(given, point, number)
    out, _ = process.communicate(timeout=120)
    return process.returncode, out


def fingerprint(folder: Path) -> dict[str, str]:
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != "run.json"]
    return {str(p.relative_to(folder)): sha256(p.read_bytes()).hexdigest() for p in files}


@pytest.fixture(scope="module")
def input_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_input(tmp_path_factory.mktemp("input") / "in.jsonl")


def given_for(out: Path, input_file: str, **more: Any) -> dict[str, Any]:
    return {"inputs": [input_file], "out": str(out), "factory": "tests.batch_extractors:cheap", **more}


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory, input_file: str) -> dict[str, str]:
    out = tmp_path_factory.mktemp("whole") / "out"
    assert finish(given_for(out, input_file))[0] == 0
    return fingerprint(out)


POINTS = [
    ("before-rename", 1),
    ("before-rename", SHARDS),
    ("after-rename", 1),
    ("after-rename", 3),
    ("in-journal", 1),
    ("in-journal", 2),
    ("in-tables", 1),
    ("in-tables", 4),
    ("in-final-names", 1),
    ("in-final-names", 4),
    ("before-report", 1),
]


@pytest.mark.parametrize(("point", "number"), POINTS)
def test_killed_at_a_named_point(
    tmp_path: Path, input_file: str, wanted: dict[str, str], point: str, number: int
) -> None:
    given = given_for(tmp_path / "out", input_file, jobs=1 + number % 2)
    assert finish(given, point, number)[0] == -signal.SIGKILL
    assert not (tmp_path / "out" / "run.json").exists()
    assert finish({**given, "resume": True, "jobs": 2})[0] == 0
    assert fingerprint(tmp_path / "out") == wanted
    report = json.loads((tmp_path / "out" / "run.json").read_text())
    assert report["attempts"] == 2 and report["counts"]["duplicates"] > 0


def test_killed_at_random_until_done(tmp_path: Path, input_file: str, wanted: dict[str, str]) -> None:
    chance = random.Random(4)
    given = given_for(tmp_path / "out", input_file, jobs=2)
    for _ in range(4):
        process = start({**given, "resume": True})
        time.sleep(chance.uniform(0.2, 2.5))
        process.kill()
        process.wait()
    assert finish({**given, "resume": True})[0] == 0
    assert fingerprint(tmp_path / "out") == wanted


def test_interrupt_finishes_what_is_in_flight_and_says_how_to_go_on(
    tmp_path: Path, input_file: str, wanted: dict[str, str]
) -> None:
    given = given_for(tmp_path / "out", input_file)
    code, out = finish(given, "interrupt", 1)
    assert code == 130
    assert "--resume goes on" in out
    journal = Journal(tmp_path / "out" / ".run")
    journal.load()
    assert 1 <= len(journal.done) < SHARDS
    assert not list((tmp_path / "out" / ".run").glob("*.tmp"))
    assert finish({**given, "resume": True})[0] == 0
    assert fingerprint(tmp_path / "out") == wanted


@pytest.mark.parametrize("point", ["full-disk", "full-disk-tables"])
def test_a_full_disk_leaves_no_half_file(tmp_path: Path, input_file: str, wanted: dict[str, str], point: str) -> None:
    given = given_for(tmp_path / "out", input_file)
    code, out = finish(given, point, 2)
    assert code == 3 and "No space left on device" in out and "--resume goes on" in out
    assert [p.name for p in (tmp_path / "out").iterdir()] == [".run"]
    assert finish({**given, "resume": True})[0] == 0
    assert fingerprint(tmp_path / "out") == wanted


def test_resume_is_bound_to_the_run(tmp_path: Path, input_file: str) -> None:
    copy = tmp_path / "in.jsonl"
    copy.write_bytes(Path(input_file).read_bytes())
    given = given_for(tmp_path / "out", str(copy))
    assert finish(given, "after-rename", 2)[0] == -signal.SIGKILL
    options = RunOptions(**{**given, "inputs": (str(copy),), "out": Path(given["out"])}, resume=True)
    with pytest.raises(UsageError, match="--resume goes on with it, --force starts anew"):
        run(RunOptions(**{**options.__dict__, "resume": False}))
    with pytest.raises(UsageError, match="options changed since it began"):
        run(RunOptions(**{**options.__dict__, "limit": 5}))
    copy.write_text(copy.read_text() + "\n")
    with pytest.raises(UsageError, match="inputs changed since it began"):
        run(options)


def test_resume_of_a_finished_run_does_nothing(tmp_path: Path, input_file: str) -> None:
    given = given_for(tmp_path / "out", input_file)
    options = RunOptions(**{**given, "inputs": (input_file,), "out": Path(given["out"])}, resume=True)
    first = run(options)
    report = (tmp_path / "out" / "run.json").read_bytes()
    again = run(options)
    assert again.already_finished and again.progress == first.progress
    assert (tmp_path / "out" / "run.json").read_bytes() == report


def test_a_damaged_shard_is_seen(tmp_path: Path, input_file: str) -> None:
    given = given_for(tmp_path / "out", input_file)
    assert finish(given, "in-tables", 1)[0] == -signal.SIGKILL
    shard = tmp_path / "out" / ".run" / "shard-00000001.arrow"
    content = bytearray(shard.read_bytes())
    content[len(content) // 2] ^= 1
    shard.write_bytes(content)
    with pytest.raises(RunAborted, match="its hash is not that of the journal"):
        run(RunOptions(**{**given, "inputs": (input_file,), "out": Path(given["out"])}, resume=True))


def test_a_torn_line_is_ignored(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.open({"version": "1"})
    for number in (0, 1):
        (tmp_path / f"shard-{number}.1.tmp").write_bytes(b"x")
        journal.commit(number, f"shard-{number}.1.tmp", {"sha256": "y"})
    journal.close()
    content = journal.path.read_bytes()
    journal.path.write_bytes(content[:-5])
    (tmp_path / "shard-00000009.77.tmp").write_bytes(b"left over")
    again = Journal(tmp_path)
    again.load()
    assert (list(again.done), again.header) == ([0], {"version": "1"})
    again.open({"version": "1"})
    assert not list(tmp_path.glob("*.tmp"))
    (tmp_path / "shard-1.2.tmp").write_bytes(b"x")
    again.commit(1, "shard-1.2.tmp", {"sha256": "z"})
    again.close()
    third = Journal(tmp_path)
    third.load()
    assert third.entry(1)["sha256"] == "z" and len(third.attempts) == 2
