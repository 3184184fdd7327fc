"""The fuzz target for a bounded time, and all that it or other random tests ever found. FUZZ_SECONDS=3600 fuzzes longer."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz.checks import check, seeds
from tests.shared_data import ROOT

CASES = sorted((ROOT / "tests" / "fuzz" / "cases").glob("*.bin"))


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_what_was_found_once(case: Path) -> None:
    check(case.read_bytes())


def test_seeds_are_fine() -> None:
    for seed in seeds():
        check(seed)


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris is not installed (extra: fuzz)")
def test_fuzzing_finds_nothing(tmp_path: Path) -> None:
    seconds = int(os.environ.get("FUZZ_SECONDS", "20"))
    command = [sys.executable, "-m", "tests.fuzz.target", f"-max_total_time={seconds}"]
    command += [f"-artifact_prefix={tmp_path}/", str(tmp_path / "corpus")]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=seconds + 600, check=False)
    report = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
    found = [path.read_bytes() for path in tmp_path.glob("*-*") if path.is_file()]
    assert done.returncode == 0 and not found, f"{found!r}\n{report[-4_000:]}"
    assert "cov:" in report, report[-2_000:]  # it ran, and saw the code
