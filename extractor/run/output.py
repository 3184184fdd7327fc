"""The output folder: what may stand there, the work of an unfinished run below ``.run``, and the change to final names."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from extractor.run.identity import MismatchError
from extractor.run.shards import Journal
from extractor.schema import TABLES

WORK = ".run"
REPORT = "run.json"


class FolderTaken(OSError):
    """The folder holds something that would be overwritten, or another run works in it."""


class OutputFolder:
    """The folder of one run's tables."""

    def __init__(self, path: Path) -> None:
        """Take the folder; nothing is touched yet."""
        self.path = path
        self.work = path / WORK

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for this process.

        Raises:
            FolderTaken: another run holds it.
            OSError: it cannot be made or written.
        """
        self.work.mkdir(parents=True, exist_ok=True)
        with (self.work / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderTaken(0, "another run is writing to this folder", str(self.path)) from None
            try:
                yield
            finally:
                if not Journal(self.work).path.exists():  # nothing was begun, or all is finished
                    shutil.rmtree(self.work, ignore_errors=True)
                    with contextlib.suppress(OSError):
                        self.path.rmdir()  # only where it is empty

    def finished(self) -> dict[str, Any] | None:
        """Return the report of a finished run, None if there is none or a newer one is under way."""
        report = self.path / REPORT
        if not report.is_file() or Journal(self.work).path.exists():
            return None
        done: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return done

    def _products(self) -> list[Path]:
        names = [REPORT, "csv", *TABLES, *(f"{name}.parquet" for name in TABLES)]
        return [path for name in names if (path := self.path / name).exists()]

    def begin(self, header: dict[str, Any], *, force: bool, resume: bool) -> Journal:
        """Return the journal of a new run, or with ``resume`` of the one that is under way.

        Raises:
            MismatchError: the run under way is another one.
            FolderTaken: there is something and neither ``force`` nor ``resume`` was given.
        """
        journal = Journal(self.work)
        under_way = journal.path.exists()
        if under_way and not (force or resume):
            raise FolderTaken(
                0, "holds an unfinished run; --resume goes on with it, --force starts anew", str(self.path)
            )
        if not under_way and not force and (found := self._products()):
            names = ", ".join(path.name for path in found[:3])
            raise FolderTaken(0, f"already holds {names}; --force replaces them", str(self.path))
        if under_way and resume:
            journal.load()
            if journal.header is not None:
                MismatchError.check(journal.header, header)
        else:
            for path in self.work.iterdir():
                if path.name != "lock":
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
        journal.open(header)
        return journal

    @contextmanager
    def final(self) -> Iterator[Path]:
        """Give a folder for the finished tables, flushed to the disk at the end."""
        folder = self.work / "final"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        yield folder
        for path in folder.rglob("*"):
            if path.is_file():
                with path.open("rb+") as file:
                    os.fsync(file.fileno())

    def finish(self, report: dict[str, Any]) -> None:
        """Give the tables their final names, then write the report, then remove the work."""
        for path in self._products():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        folder = self.work / "final"
        for path in sorted(folder.iterdir()):
            path.replace(self.path / path.name)
        temporary = self.work / REPORT
        temporary.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        temporary.replace(self.path / REPORT)
        Journal(self.work).path.unlink()
        shutil.rmtree(self.work, ignore_errors=True)
