"""The command line as a user meets it: exit codes, messages, what is printed where, how fast help comes."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import extractor

COMMAND = [sys.executable, "-m", "extractor"]
PAPER = json.dumps({"title": "A Tagger", "abstract": "Our tagger reaches an accuracy of 91.5% on our own test set."})


def call(*arguments: object, stdin: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COLUMNS": "200", **more}
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], input=stdin, capture_output=True, text=True, env=environment, timeout=120
    )


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_version() -> None:
    done = call("--version")
    assert (done.returncode, done.stdout) == (0, f"extractor {extractor.__version__}\n")


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, extractor.cli; print([m for m in ('pandas', 'pyarrow', 'spacy', 'numpy', 'pydantic', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_help_is_quick() -> None:
    """By processor time: the machine may be busy with other things."""

    def spent() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    best = 9.0
    for _ in range(5):
        before = spent()
        assert call("--help").returncode == 0
        best = min(best, spent() - before)
    assert best < 0.3


def test_help_of_every_command_names_its_options() -> None:
    text = call("run", "--help").stdout
    for option in ("--out", "--format", "--map", "--limit", "--jobs", "--rules", "--no-ner", "--force", "--resume", "--max-errors", "--raw-csv", "--quiet"):  # fmt: skip
        assert option in text
    assert "Exit codes" in call("--help").stdout


def test_a_clean_run(tmp_path: Path) -> None:
    done = call("run", write(tmp_path / "in.jsonl", PAPER), "-o", tmp_path / "out")
    assert done.returncode == 0
    assert done.stderr == ""
    assert re.search(r"^papers\s+1$", done.stdout, re.MULTILINE)
    assert re.search(r"^papers/s\s", done.stdout, re.MULTILINE)
    assert str(tmp_path / "out") in done.stdout
    assert (tmp_path / "out" / "results.parquet").exists() and (tmp_path / "out" / "csv" / "results.csv").exists()


def test_quiet(tmp_path: Path) -> None:
    done = call("run", write(tmp_path / "in.jsonl", PAPER), "-o", tmp_path / "out", "--quiet")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_rejects_give_1(tmp_path: Path) -> None:
    done = call("run", write(tmp_path / "in.jsonl", PAPER, "broken"), "-o", tmp_path / "out")
    assert done.returncode == 1
    assert re.search(r"^rejected\s+1$", done.stdout, re.MULTILINE)


def test_standard_input_and_mapping(tmp_path: Path) -> None:
    stdin = json.dumps({"name": "A Tagger", "text": "Our tagger is small."})
    done = call(
        "run",
        "-",
        "-o",
        tmp_path / "out",
        "--format",
        "jsonl",
        "--map",
        "title=name",
        "--map",
        "abstract=text",
        stdin=stdin,
    )
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "out" / "run.json").read_text())
    assert report["inputs"][0]["size"] == len(stdin)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["in.jsonl"], "--out"),
        (["missing.jsonl", "-o", "out"], "no such file or folder: missing.jsonl"),
        (["in.jsonl", "-o", "out", "--format", "pdf"], "formats are hf-feed, arxiv"),
        (["in.jsonl", "-o", "out", "--map", "title"], "--map takes FIELD=PATH"),
        (["in.jsonl", "-o", "out", "--map", "titel=x"], "fields are title"),
        (["in.jsonl", "-o", "out", "--max-errors", "many"], "a number or a share like 5%"),
        (["in.jsonl", "-o", "out", "--jobs", "0"], "--jobs"),
        (["in.jsonl", "-o", "out", "--rules", "nowhere"], "nowhere: no such rules folder"),
        (["in.jsonl", "-o", "out", "--force", "--resume"], "give one of them"),
        (["in.jsonl", "-o", "in.jsonl"], "in.jsonl is a file, not a folder"),
    ],
)
def test_wrong_usage_gives_2_and_says_what_to_do(
    tmp_path: Path, arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in.jsonl", PAPER)
    monkeypatch.chdir(tmp_path)
    done = call("run", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_taken_folder_gives_2_and_force_replaces(tmp_path: Path) -> None:
    file = write(tmp_path / "in.jsonl", PAPER)
    assert call("run", file, "-o", tmp_path / "out").returncode == 0
    again = call("run", file, "-o", tmp_path / "out")
    assert again.returncode == 2 and "--force replaces them" in again.stderr
    assert call("run", file, "-o", tmp_path / "out", "--force").returncode == 0
    resumed = call("run", file, "-o", tmp_path / "out", "--resume")
    assert resumed.returncode == 0 and "was finished before" in resumed.stdout


def test_too_many_errors_give_3(tmp_path: Path) -> None:
    done = call("run", write(tmp_path / "in.jsonl", PAPER, "a", "b"), "-o", tmp_path / "out", "--max-errors", "1")
    assert done.returncode == 3
    assert "2 of 3 records were rejected, more than --max-errors 1" in done.stderr


def test_ctrl_c_gives_130(tmp_path: Path) -> None:
    command = [*COMMAND, "run", "-", "-o", str(tmp_path / "out")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(PAPER + "\n")
    process.stdin.flush()
    for _ in range(200):
        if (tmp_path / "out" / ".run" / "journal.jsonl").exists():
            break
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "stopped" in error and "Traceback" not in error


def test_rules_list() -> None:
    done = call("rules", "list")
    assert done.returncode == 0
    assert all(line.count("\t") == 2 for line in done.stdout.splitlines())
    assert call("rules", "list", "nowhere").returncode == 2


def test_rules_check_names_file_rule_and_field(tmp_path: Path) -> None:
    assert call("rules", "check").returncode == 0
    write(
        tmp_path / "units.toml",
        "[[rule]]",
        'id = "furlong"',
        'kind = "symbol"',
        'forms = "furlong"',
        'examples = ["3 furlong"]',
    )
    done = call("rules", "check", tmp_path)
    assert done.returncode == 3
    assert "units.toml" in done.stderr and "'furlong'" in done.stderr and "forms" in done.stderr
