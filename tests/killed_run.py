"""Run the batch with the arguments given and kill this process at a named point: ``killed_run.py POINT N OPTIONS``.

POINT is ``before-rename``, ``after-rename``, ``in-journal`` (half of a line is written), ``in-tables``, ``in-final-names``
or ``before-report``; the N-th time it is passed the process gets SIGKILL. ``none`` lets it run, ``interrupt`` sends SIGINT
after the N-th shard, ``full-disk`` and ``full-disk-tables`` raise what a full disk raises.
"""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from extractor.run import engine, shards
from extractor.run.options import RunOptions
from extractor.run.output import REPORT
from extractor.run.tables import _TableWriter


def main() -> int:
    point, number, given = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
    passed = 0

    def reached(name: str) -> bool:
        nonlocal passed
        passed += name == point
        return name == point and passed == number

    def kill() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    rename = Path.replace

    def replace(self: Path, target: Any) -> Path:
        shard = self.name.startswith("shard-")
        if (shard and reached("before-rename")) or (self.name == REPORT and reached("before-report")):
            kill()
        if not shard and self.name != REPORT and reached("in-final-names"):
            kill()
        result = rename(self, target)
        if shard and reached("after-rename"):
            kill()
        return result

    append = shards.Journal._append

    def torn(self: shards.Journal, line: bytes) -> None:
        if b'"shard"' in line:
            if reached("full-disk"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
            if reached("in-journal"):
                append(self, line[: len(line) // 2])
                kill()
        append(self, line)
        if b'"shard"' in line and reached("interrupt"):
            os.kill(os.getpid(), signal.SIGINT)

    write = _TableWriter._write

    def write_rows(self: _TableWriter, rows: int) -> None:
        if reached("full-disk-tables"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, rows)
        if reached("in-tables"):
            kill()

    Path.replace = replace  # type: ignore[method-assign]
    shards.Journal._append = torn  # type: ignore[method-assign]
    _TableWriter._write = write_rows  # type: ignore[method-assign]
    try:
        engine.run(RunOptions(**{**given, "inputs": tuple(given["inputs"]), "out": Path(given["out"])}))
    except engine.RunInterrupted as error:
        print(error)
        return 130
    except engine.RunAborted as error:
        print(error)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
