"""Shards and the journal of a run.

A shard is one batch of extracted records as an Arrow stream: written to a temporary file, flushed to the disk, renamed,
then entered in the append-only journal with its hash. What the journal holds is done; all else is done again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

JOURNAL = "journal.jsonl"


def write_temporary(batch: pa.RecordBatch, folder: Path, number: int) -> tuple[str, str]:
    """Write a shard's temporary file, flushed to the disk, and return its name and its sha256."""
    path = folder / f"shard-{number:08d}.{os.getpid()}.tmp"
    with path.open("wb") as file:
        sink = _Hashed(file)
        options = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
        with pa.PythonFile(sink, mode="w") as out, pa.ipc.new_stream(out, batch.schema, options=options) as writer:
            writer.write_batch(batch)
        file.flush()
        os.fsync(file.fileno())
    return path.name, sink.digest.hexdigest()


class _Hashed:
    """A file that hashes what is written to it."""

    closed = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        """Leave the file open: it is still to be flushed to the disk."""


class Journal:
    """The folder of one run's shards and the list of those that are done."""

    def __init__(self, folder: Path) -> None:
        """Make or open the folder."""
        self.folder = folder
        self.path = folder / JOURNAL
        self.header: dict[str, Any] | None = None
        self.done: dict[int, bytes] = {}  # lines as written: a run of millions has many
        self.attempts: list[str] = []
        self._file: BinaryIO | None = None

    def shard(self, number: int) -> Path:
        """Return the path of a finished shard."""
        return self.folder / f"shard-{number:08d}.arrow"

    def load(self) -> None:
        """Read the journal; a torn last line is ignored, and so is a shard whose file is missing."""
        if not self.path.exists():
            return
        for line in self.path.read_bytes().split(b"\n")[:-1]:  # a line without its end is torn
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if "run" in entry:
                self.header = entry["run"]
            elif "attempt" in entry:
                self.attempts.append(entry["attempt"])
            elif "shard" in entry and self.shard(entry["shard"]).is_file():
                self.done[entry["shard"]] = line

    def open(self, header: dict[str, Any]) -> None:
        """Start writing: remove temporary files, end a torn line, enter the header of a new run."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for path in self.folder.glob("*.tmp"):
            path.unlink(missing_ok=True)
        content = self.path.read_bytes() if self.path.exists() else b""
        self._file = self.path.open("ab")
        if content and not content.endswith(b"\n"):
            self._append(b"\n")
        if self.header is None:
            self.header = header
            self._append(json.dumps({"run": header}, sort_keys=True).encode() + b"\n")
        self.attempts.append(datetime.now(UTC).isoformat(timespec="seconds"))
        self._append(json.dumps({"attempt": self.attempts[-1]}).encode() + b"\n")

    def commit(self, number: int, temporary: str, entry: dict[str, Any]) -> None:
        """Give a shard its final name and enter it."""
        (self.folder / temporary).replace(self.shard(number))
        _sync_folder(self.folder)
        line = json.dumps({"shard": number, **entry}, sort_keys=True).encode()
        self._append(line + b"\n")
        self.done[number] = line

    def entry(self, number: int) -> dict[str, Any]:
        """Return what the journal holds of a finished shard."""
        entry: dict[str, Any] = json.loads(self.done[number])
        return entry

    def _append(self, line: bytes) -> None:
        assert self._file is not None
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the journal."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def batches(self, count: int) -> Iterator[pa.RecordBatch]:
        """Yield the batches of the shards ``0 … count-1``.

        Raises:
            ShardError: a shard is not what the journal says.
        """
        for number in range(count):
            data = self.shard(number).read_bytes()
            if hashlib.sha256(data).hexdigest() != self.entry(number)["sha256"]:
                raise ShardError(f"{self.shard(number)} is damaged: its hash is not that of the journal")
            with pa.ipc.open_stream(data) as reader:
                yield from reader


class ShardError(Exception):
    """A shard that cannot be trusted."""


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
