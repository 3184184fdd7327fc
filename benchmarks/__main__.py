"""Measure and print a table with ratios to tokenisation alone.

    python -m benchmarks [INPUT...]              papers of INPUT, the samples in fixtures/ if none is given
    python -m benchmarks INPUT --quantulum3      also quantulum3, installed in a virtual environment of its own
    python -m benchmarks INPUT --growth 100000   also whole runs over more and more papers, by repetition
    python -m benchmarks INPUT --write docs/benchmarks.md   the report goes into the page, too

Every arm runs in fresh processes, in turn with the others, on one core; the fastest of the repetitions counts, in
seconds of processor time, so that a busy machine does the least harm. Whole runs are measured by the clock.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import platform
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterable, Iterator
from itertools import cycle, islice
from pathlib import Path

import extractor
from extractor.records import Paper
from extractor.sources import expand_inputs, read_source

ROOT = Path(__file__).resolve().parent.parent
ONE_CORE = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
NAMES = {
    "make_doc": "tokenisation alone (spacy.blank('en').make_doc)",
    "full": "extractor, rules and model",
    "rules": "extractor, rules alone",
    "spacy_pipe": "extractor as a spaCy component",
    "quantulum3": "quantulum3",
}
Row = dict[str, str]
_BEGIN, _END = "<!-- measured -->", "<!-- end of measured -->"


def papers(inputs: list[str], count: int) -> list[Paper]:
    """Return up to ``count`` papers of the inputs."""
    records = (record for file in expand_inputs(inputs) for record in read_source(file))
    return list(islice((record for record in records if isinstance(record, Paper)), count))


def measure(arms: dict[str, str], texts: list[tuple[str, str]], repeat: int) -> dict[str, dict[str, float]]:
    """Return the best figures of each arm; ``arms`` maps to the Python that runs it."""
    best: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "texts.json"
        file.write_text(json.dumps(texts), encoding="utf-8")
        few = Path(folder) / "few.json"  # quantulum3 is slow: a part tells its speed
        few.write_text(json.dumps(texts[:200]), encoding="utf-8")
        for _ in range(repeat):
            for arm, python in arms.items():
                command = [python, "-m", "benchmarks.arms", arm, str(few if arm == "quantulum3" else file)]
                answer = subprocess.run(command, env=ONE_CORE, cwd=ROOT, check=True, capture_output=True, text=True)
                figures = json.loads(answer.stdout.splitlines()[-1])
                if arm not in best or figures["seconds"] < best[arm]["seconds"]:
                    best[arm] = figures
    return best


def arm_table(best: dict[str, dict[str, float]]) -> Iterator[Row]:
    """Rows of speed and memory."""
    speeds = {arm: figures["papers"] / figures["seconds"] for arm, figures in best.items()}
    for arm, figures in best.items():
        yield {
            "": NAMES[arm],
            "papers/s": f"{speeds[arm]:,.0f}",
            "to tokenisation": f"{speeds[arm] / speeds['make_doc']:.2f}",
            "to quantulum3": f"{speeds[arm] / speeds['quantulum3']:.0f}" if "quantulum3" in speeds else "-",
            "ready after": f"{figures['ready']:.2f} s",
            "peak memory": f"{figures['peak_mb']:,.0f} MB",
            "failed": f"{figures['failed']:.0f}",
        }


def start_up(repeat: int) -> Iterator[Row]:
    """Rows of how long small things take from a cold process."""
    python, command = sys.executable, str(Path(sys.executable).with_name("extractor"))
    for name, arguments in {
        "python -c pass": [python, "-c", "pass"],
        "import extractor": [python, "-c", "import extractor"],
        "extractor --help": [command, "--help"],
        "extractor --version": [command, "--version"],
        "one paper: extractor.extract(...)": [
            python,
            "-c",
            "import extractor; extractor.extract(abstract='2x faster')",
        ],
    }.items():
        times = []
        for _ in range(max(repeat, 3)):
            started = time.perf_counter()
            subprocess.run(arguments, check=True, capture_output=True, env=ONE_CORE)
            times.append(time.perf_counter() - started)
        yield {"start-up": name, "best": f"{min(times):.2f} s"}


def whole_runs(found: list[Paper], sizes: Iterable[int], jobs: Iterable[int]) -> Iterator[Row]:
    """Rows of ``extractor run`` from a file to finished tables, papers repeated under distinct ids."""
    for size in sizes:
        first = 0.0
        for workers in jobs:
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "papers.jsonl"
                with file.open("w", encoding="utf-8") as lines:
                    for number, paper in enumerate(islice(cycle(found), size)):
                        record = {"id": f"arxiv:{1000 + number // 100000}.{number % 100000:05d}"}
                        lines.write(json.dumps(record | {"title": paper.title, "abstract": paper.abstract}) + "\n")
                command = [str(Path(sys.executable).with_name("extractor")), "run", str(file), "-o", f"{folder}/out"]
                started = time.perf_counter()
                process = subprocess.Popen([*command, "--jobs", str(workers), "--quiet"], env=ONE_CORE)
                code, sizes_over_time = _watch(process)
                seconds = time.perf_counter() - started
                fifth = max(1, len(sizes_over_time) // 5)
                first = first or seconds
                early, late = max(sizes_over_time[:fifth]), max(sizes_over_time[-fifth:])
                yield {
                    "extractor run": f"{size:,} papers, {workers} job{'s' * (workers > 1)}",
                    "papers/s": f"{size / seconds:,.0f}",
                    "to one job": f"{first / seconds:.2f}",
                    "seconds": f"{seconds:.1f}",
                    "largest process": f"{max(sizes_over_time):,.0f} MB",
                    "in the first, in the last fifth of the time": f"{early:,.0f} MB, {late:,.0f} MB",
                    "exit code": str(code),
                }


def _watch(process: subprocess.Popen[bytes]) -> tuple[int, list[float]]:
    """Return exit code and, ten times a second, the largest resident size in MB of the process and its children.

    Sizes are read from /proc and are 0 where there is none.
    """
    sizes = [0.0]
    while process.poll() is None:
        sizes.append(max(_resident(pid) for pid in _family(process.pid)))
        time.sleep(0.1)
    return process.returncode, sizes


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(member for child in children for member in _family(int(child)))]


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    except (OSError, IndexError):
        return 0.0


def own_environment(package: str) -> str:
    """Install a package into a new virtual environment; return its Python."""
    folder = Path(tempfile.mkdtemp(prefix="benchmark-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", package], check=True)
    return python


def machine() -> str:
    """Return what the figures were measured on."""
    try:
        model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        model = None
    from importlib.metadata import version

    parts = [model[1] if model else platform.processor() or platform.machine(), f"{os.cpu_count()} cores"]
    parts += [platform.system(), f"Python {platform.python_version()}", f"spaCy {version('spacy')}"]
    return ", ".join([*parts, f"paperfacts {extractor.__version__}"])


def markdown(rows: Iterable[Row]) -> str:
    """Return rows of equal keys as a Markdown table."""
    rows = list(rows)
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
    return "\n".join(lines + ["| " + " | ".join(row.values()) + " |" for row in rows])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="*", default=[str(ROOT / "fixtures" / "sample.*")])
    parser.add_argument("--papers", type=int, default=2000, help="papers for the arms (default 2000)")
    parser.add_argument("--repeat", type=int, default=3, help="processes per arm (default 3)")
    parser.add_argument("--growth", type=int, default=0, metavar="N", help="whole runs from 1,000 to N papers")
    parser.add_argument("--quantulum3", action="store_true", help="install and measure quantulum3 too")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="also put the report into this Markdown page")
    options = parser.parse_args()
    found = papers(options.inputs, options.papers)
    if not found:
        parser.error("no papers in the input")
    arms = dict.fromkeys(("make_doc", "full", "rules", "spacy_pipe"), sys.executable)
    if options.quantulum3:
        arms["quantulum3"] = own_environment("quantulum3")
    texts = [(paper.title, paper.abstract) for paper in islice(cycle(found), max(len(found), min(500, options.papers)))]
    length = sum(len(a) + len(b) for a, b in texts) / len(texts)
    parts = [f"{machine()}; {len(texts):,} papers of {length:,.0f} characters on average."]
    parts.append(markdown(arm_table(measure(arms, texts, options.repeat))))
    parts.append(markdown(start_up(options.repeat)))
    sizes = [size for size in (1_000, 10_000, 30_000, 100_000, 300_000) if size <= options.growth]
    parts.append(markdown(whole_runs(found, sizes or [len(texts)], (1, 2))))
    report = "\n\n".join(parts)
    print(report)
    if options.write:
        page = options.write.read_text(encoding="utf-8")
        before, _, rest = page.partition(_BEGIN)
        _, end, after = rest.partition(_END)
        if not end:
            parser.error(f"{options.write} has no lines {_BEGIN} and {_END}")
        options.write.write_text(f"{before}{_BEGIN}\n{report}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
