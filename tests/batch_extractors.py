"""Extractors for tests of the batch run: cheap, and some that misbehave on papers whose title says so."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path
from typing import Any

from extractor.records import Extraction, Paper, Result, Task


class Cheap:
    """Every number with a percent sign is a result, every paper has a task: enough to fill tables."""

    def extract(self, paper: Paper) -> Extraction:
        results = tuple(
            Result(
                metric="accuracy", metric_text=None, kind="value", value=float(m[1]), unit="%", quote=m[0],
                field="abstract", start=m.start(), end=m.end(), rule="cheap", confidence=0.5,
            )
            for m in re.finditer(r"(\d+)%", paper.abstract)
        )  # fmt: skip
        tasks = (Task(task="classification", rank=1, score=1.0, rule="cheap"),)
        return Extraction(paper=paper, code="none", results=results, tasks=tasks)


class Misbehaving(Cheap):
    """Dies, hangs or raises where the title says so; with a folder, dies on each title once only."""

    def __init__(self, once: str | None = None) -> None:
        self.once = once

    def extract(self, paper: Paper) -> Extraction:
        what = paper.title.split()[0]
        if self.once and what in ("die", "hang"):
            mark = Path(self.once) / re.sub(r"\W", "-", paper.title)
            if mark.exists():
                what = ""
            mark.touch()
        if what == "die":
            os.kill(os.getpid(), 9)
        if what == "exit":
            os._exit(7)
        if what == "hang":
            time.sleep(600)
        if what == "raise":
            raise ValueError("no such thing")
        return super().extract(paper)


def cheap(**_: Any) -> Cheap:
    return Cheap()


def misbehaving(**_: Any) -> Misbehaving:
    return Misbehaving(os.environ.get("MISBEHAVE_ONCE"))


def broken(**_: Any) -> Cheap:
    raise RuntimeError("the weights are missing")
