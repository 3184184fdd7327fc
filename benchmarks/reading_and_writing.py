"""What reading and writing cost alone: the batch run with an extractor that finds nothing.

    python benchmarks/reading_and_writing.py INPUT... [--jobs N] [--every SECONDS]

Prints papers per second of the wall clock and of all processors together, and the memory of the run's processes over time
(Linux). Papers per processor second count parent and workers, start-up included; unlike the wall clock they hold on a
machine that is busy with other things.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import threading
from pathlib import Path
from typing import Any

from extractor.records import Extraction, Paper
from extractor.run.engine import run
from extractor.run.options import RunOptions
from extractor.run.progress import Progress


class FindsNothing:
    def extract(self, paper: Paper) -> Extraction:
        return Extraction(paper=paper)


def make(**_: Any) -> FindsNothing:
    return FindsNothing()


def resident(pid: int) -> int:
    """Return the resident memory of a process in MB, 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS")), 0)


def children() -> list[int]:
    pids: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        try:
            pids += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return pids


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--every", type=float, default=5.0)
    given = parser.parse_args()
    root = str(Path(__file__).parent.parent)
    os.environ["PYTHONPATH"] = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    done = threading.Event()
    papers = 0
    peaks = [0, 0]

    def watch() -> None:
        print(f"{'papers':>9}  {'parent MB':>9}  {'workers MB':>10}")
        while not done.wait(given.every):
            workers = [resident(pid) for pid in children()]
            parent = resident(os.getpid())
            peaks[:] = max(peaks[0], parent), max([peaks[1], *workers])
            print(f"{papers:>9,}  {parent:>9}  {' '.join(map(str, workers)):>10}")

    def count(progress: Progress) -> None:
        nonlocal papers
        papers = progress.papers

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    with tempfile.TemporaryDirectory() as folder:
        options = RunOptions(
            tuple(given.inputs), Path(folder) / "out", jobs=given.jobs, factory="benchmarks.reading_and_writing:make"
        )
        summary = run(options, on_progress=count)
    done.set()
    watcher.join()
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(u.ru_utime + u.ru_stime for u in usage)
    print(f"papers {summary.progress.papers:,}, rejects {summary.progress.rejects:,}, jobs {given.jobs}")
    print(f"seconds {summary.seconds:.1f}, papers per second {summary.papers_per_second:,.0f}")
    print(f"processor seconds {processor:.1f}, papers per processor second {summary.progress.papers / processor:,.0f}")
    print(f"peak MB: parent {peaks[0]}, worker {peaks[1]}")


if __name__ == "__main__":
    main()
