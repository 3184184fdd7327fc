"""Worker processes behind a bounded queue.

One thread a worker feeds it a chunk at a time and waits for the answer. A worker that dies or falls silent costs the paper
in hand alone: the chunk runs again with every paper announced, the paper at fault runs once by itself in a fresh process,
and if that fails too it is rejected with the reason and the rest of the chunk goes on.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from extractor.run.worker import BEAT_SECONDS, read_frame, write_frame

START_SECONDS = 300.0
MAX_STARTS = 3


class PoolError(Exception):
    """The pool cannot work on: no worker starts, or a shard cannot be written."""


@dataclass(frozen=True)
class WorkerSetup:
    """What every worker is started with.

    Args:
        factory: ``module:function`` that makes the extractor.
        options: keyword arguments of the function.
        paper_seconds: seconds after which a paper counts as hung.
    """

    factory: str
    options: dict[str, Any]
    paper_seconds: float


@dataclass
class Chunk:
    """One batch of records on its way through the pool."""

    number: int
    batch: pa.RecordBatch
    folder: str
    answer: dict[str, Any] = field(default_factory=dict)


class _Died(Exception):
    """The worker died or was killed; ``row`` is the paper in hand where that is known."""

    def __init__(self, reason: str, row: int | None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.row = row


class Pool:
    """``jobs`` workers. :meth:`put` blocks while the queue is full; finished chunks come out of :attr:`finished`.

    A :class:`PoolError` that a worker's thread meets comes out of :attr:`finished` too.
    """

    def __init__(self, setup: WorkerSetup, jobs: int) -> None:
        """Make the pool; a worker process is started when there is work for it."""
        self.setup = setup
        self.jobs = jobs
        self.finished: queue.SimpleQueue[Chunk | PoolError] = queue.SimpleQueue()
        self._waiting: queue.Queue[Chunk | None] = queue.Queue(maxsize=jobs)
        self._threads: list[threading.Thread] = []
        self._idle = threading.Semaphore(0)
        self._processes: set[_Process] = set()
        self._killed = False

    def put(self, chunk: Chunk) -> bool:
        """Queue a chunk; return False after a tenth of a second in which the queue stayed full."""
        if len(self._threads) < self.jobs and not self._idle.acquire(blocking=False):
            thread = threading.Thread(target=self._work, daemon=True)
            self._threads.append(thread)
            thread.start()
        try:
            self._waiting.put(chunk, timeout=0.1)
        except queue.Full:
            return False
        return True

    def close(self) -> None:
        """Let the workers end; call it when every chunk has come out."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def kill(self) -> None:
        """Kill the workers at once and let their threads end; what is unfinished never comes out."""
        self._killed = True
        for process in list(self._processes):
            process.kill()
        for _ in range(self._waiting.qsize()):
            with contextlib.suppress(queue.Empty):
                self._waiting.get_nowait()
        self.close()

    def _work(self) -> None:
        process: _Process | None = None
        while (chunk := self._waiting.get()) is not None:
            try:
                process = self._finish(chunk, process)
                self.finished.put(chunk)
            except PoolError as error:
                self.finished.put(error)
            except Exception as error:  # a fault of the pool itself must not hang the run
                self.finished.put(PoolError(f"{type(error).__name__}: {error}"))
            self._idle.release()
        if process is not None:
            process.end()
            self._processes.discard(process)

    def _finish(self, chunk: Chunk, process: _Process | None) -> _Process:
        """Work on a chunk until it is done, whatever its papers do; return the worker that is left."""
        skip: dict[int, str] = {}
        cleared: set[int] = set()
        careful = False
        silent = 0
        while True:
            if self._killed:
                raise PoolError("the pool was killed")
            process = process or self._start()
            try:
                chunk.answer = process.run(
                    chunk.batch, number=chunk.number, folder=chunk.folder, skip=skip, careful=careful
                )
                if "failed" in chunk.answer:
                    raise PoolError(chunk.answer["failed"])
                return process
            except _Died as died:
                self._processes.discard(process)
                process = None
                if not careful:
                    careful = True
                elif died.row is None:
                    silent += 1
                    if silent == MAX_STARTS:
                        raise PoolError(f"workers die outside of any paper: {died.reason}") from None
                elif died.row in cleared or not self._survives(chunk, died.row):
                    skip[died.row] = died.reason
                else:
                    cleared.add(died.row)

    def _survives(self, chunk: Chunk, row: int) -> bool:
        """Tell whether a fresh worker gets through the paper alone."""
        process = self._start()
        try:
            process.run(chunk.batch.slice(row, 1), number=chunk.number, folder=None, skip={}, careful=True)
        except _Died:
            self._processes.discard(process)
            return False
        process.end()
        self._processes.discard(process)
        return True

    def _start(self) -> _Process:
        for attempt in range(1, MAX_STARTS + 1):
            if self._killed:
                raise PoolError("the pool was killed")
            process = _Process(self.setup)
            self._processes.add(process)
            try:
                process.wait_ready()
                return process
            except _Died as died:
                self._processes.discard(process)
                if attempt == MAX_STARTS:
                    raise PoolError(f"no worker starts: {died.reason}") from None
        raise AssertionError


class _Process:
    """One worker process."""

    def __init__(self, setup: WorkerSetup) -> None:
        self._limit = setup.paper_seconds
        arguments = json.dumps({"factory": setup.factory, "options": setup.options, "seconds": setup.paper_seconds})
        environment = {
            **os.environ,
            **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "extractor.run.worker", arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # no frame may hide in a buffer while the pipe is polled
            env=environment,
            start_new_session=True,  # Ctrl-C is for the parent, which lets shards in flight finish
        )

    def wait_ready(self) -> None:
        """Wait until the extractor is loaded."""
        kind, content = self._next(START_SECONDS, None)
        if kind == b"E":
            self._process.wait()
            raise PoolError(f"the extractor cannot be loaded: {content.decode()}")

    def run(
        self, batch: pa.RecordBatch, *, number: int, folder: str | None, skip: dict[int, str], careful: bool
    ) -> dict[str, Any]:
        """Run one task and return the answer; raise :class:`_Died` where none comes."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        header = {"number": number, "folder": folder, "skip": skip, "careful": careful}
        row: int | None = None
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it died before it read the task; its end is seen below
            write_frame(self._process.stdin, b"T", json.dumps(header).encode() + b"\0" + sink.getvalue().to_pybytes())
        while True:
            kind, content = self._next(self._limit + 2 * BEAT_SECONDS, row)
            if kind == b"B":
                row = int(content)
            elif kind == b"D":
                answer: dict[str, Any] = json.loads(content)
                return answer

    def _next(self, seconds: float, row: int | None) -> tuple[bytes, bytes]:
        out = self._process.stdout
        assert out is not None
        poll = select.poll()
        poll.register(out, select.POLLIN)
        if not poll.poll(int(seconds * 1000)):
            self.kill()
            self._process.wait()
            raise _Died(f"no end after {self._limit:g} seconds", row)
        frame = read_frame(out)
        if frame is None:
            raise _Died(_how_it_died(self._process.wait()), row)
        return frame

    def kill(self) -> None:
        """Kill the process."""
        with contextlib.suppress(OSError):
            self._process.kill()

    def end(self) -> None:
        """Close the input and wait for the end."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()


def _how_it_died(code: int) -> str:
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"the worker died on it: {signal.Signals(-code).name}"
    return f"the worker died on it: exit code {code}"
