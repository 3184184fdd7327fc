"""The local engine: inputs read and numbered here, extracted by a pool of processes, written as shards, then as tables."""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from pyarrow import RecordBatch

from extractor.records import Paper, Reject
from extractor.run.core import FACTS, input_batch
from extractor.run.identity import Input, MismatchError, describe_run, environment, hash_input, model_hash
from extractor.run.interrupt import StopRequest
from extractor.run.options import ENGINES, RunOptions, UsageError, parse_max_errors
from extractor.run.output import OutputFolder
from extractor.run.pool import Chunk, Pool, PoolError, WorkerSetup
from extractor.run.progress import Progress, Summary
from extractor.run.seen import SeenIds
from extractor.run.shards import ShardError
from extractor.run.tables import write_tables
from extractor.sources import FORMATS, expand_inputs, read_source
from extractor.sources.fields import FieldMap
from extractor.sources.stream import raw_text

CHUNK_RECORDS = 512
CHUNK_CHARACTERS = 8 << 20
PERCENT_FROM = 1_000  # records before a share of errors is judged


class RunAborted(Exception):
    """The run cannot go on; what is done is kept for ``resume``."""


class RunInterrupted(Exception):
    """The run was asked to stop; what is done is kept for ``resume``."""


def run(
    options: RunOptions, *, on_progress: Callable[[Progress], None] | None = None, stdin: BinaryIO | None = None
) -> Summary:
    """Extract all papers of the inputs into tables below ``options.out``.

    Raises:
        UsageError: see there; nothing was touched.
        RuleError: a rules folder cannot be used.
        RunAborted: too many errors, no worker starts, the disk is full …
        RunInterrupted: Ctrl-C or SIGTERM.
    """
    if options.engine == "ray":
        from extractor.run.ray_engine import RayRun

        return RayRun(options, on_progress).run()
    return LocalRun(options, on_progress, stdin).run()


class LocalRun:
    """One run on this machine; other engines share all but how records become tables."""

    def __init__(
        self,
        options: RunOptions,
        on_progress: Callable[[Progress], None] | None = None,
        stdin: BinaryIO | None = None,
    ) -> None:
        """Take options, a callback that is told of every finished shard, and what ``-`` reads from."""
        self.options = options
        self.on_progress = on_progress or (lambda progress: None)
        self.progress = Progress()
        self.max_errors = parse_max_errors(options.max_errors)
        self.started = time.perf_counter()
        self.stdin = stdin
        self.duplicates: dict[int, int] = {}
        self.jobs = cores() if options.jobs is None else options.jobs

    def run(self) -> Summary:
        """Run from the inputs to the finished tables; see :func:`run`."""
        from extractor.rulebook import load_rules

        options = self.options
        files, self.fields = self._check()
        rules = load_rules(*options.rules)
        output = OutputFolder(options.out)
        with contextlib.ExitStack() as held:
            try:
                held.enter_context(output.locked())
                inputs = [hash_input(file) for file in files]
                header = describe_run(inputs, rules.hash, model_hash(), options.binding())
                if options.resume and (done := output.finished()) is not None:
                    return self._already_finished(done, header)
                journal = output.begin(header, force=options.force, resume=options.resume)
            except MismatchError as error:
                raise UsageError(str(error)) from None
            except OSError as error:
                raise UsageError(f"{error.filename or options.out}: {error.strerror or error}") from None
            self.journal, self.output = journal, output
            try:
                with StopRequest() as self.stop:
                    metadata = {
                        "extractor.version": header["version"],
                        "extractor.rules": rules.hash,
                        "extractor.model": header["model"],
                    }
                    self._make_tables(inputs, metadata)
                    summary = Summary(
                        options.out, self.progress, time.perf_counter() - self.started, len(journal.attempts)
                    )
                    output.finish({**header, **environment(), **self._report(summary, inputs)})
                    return summary
            except KeyboardInterrupt:
                raise RunInterrupted(self._resume_hint("stopped")) from None
            except (PoolError, ShardError) as error:
                raise RunAborted(f"{error}. {self._resume_hint('aborted')}") from error
            except OSError as error:
                raise RunAborted(
                    f"{error.filename or options.out}: {error.strerror or error}. {self._resume_hint('aborted')}"
                ) from error
            finally:
                journal.close()

    def _make_tables(self, inputs: list[Input], metadata: dict[str, str]) -> None:
        """Bring all tables to their place below the work of the output folder, ready for their final names."""
        count = self._extract(inputs)
        self._judge(at_end=True)
        with self.output.final() as folder:
            batches = self._until_stopped(self.journal.batches(count))
            write_tables(batches, count, folder, metadata, safe_csv=self.options.safe_csv)

    def _check(self) -> tuple[list[str], FieldMap]:
        options = self.options
        if options.format is not None and options.format not in FORMATS:
            raise UsageError(f"no format {options.format!r}; formats are {', '.join(FORMATS)}")
        if options.engine not in ENGINES:
            raise UsageError(f"no engine {options.engine!r}; engines are {', '.join(ENGINES)}")
        if options.ray_address is not None and options.engine != "ray":
            raise UsageError("--ray-address goes with --engine ray")
        if self.jobs < 1 or (options.limit is not None and options.limit < 1):
            raise UsageError("jobs and limit must be at least 1")
        if options.force and options.resume:
            raise UsageError("force starts anew and resume goes on: give one of them")
        if options.resume and "-" in options.inputs:
            raise UsageError("a run that reads standard input cannot be resumed; save the input to a file")
        try:
            fields = FieldMap(options.fields)
            files = expand_inputs(options.inputs)
        except (FileNotFoundError, ValueError) as error:
            raise UsageError(str(error)) from None
        if options.out.exists() and not options.out.is_dir():
            raise UsageError(f"{options.out} is a file, not a folder for tables")
        out = options.out.resolve()
        files = [f for f in files if f == "-" or not Path(f).resolve().is_relative_to(out)]
        if not files:
            raise UsageError("no input file: the folders given are empty")
        return files, fields

    def _already_finished(self, done: dict[str, Any], header: dict[str, Any]) -> Summary:
        MismatchError.check(done, header)
        counts = done["counts"]
        facts = {name: counts[name] for name in FACTS}
        progress = Progress(
            counts["records"],
            counts["papers"],
            counts["rejects"],
            counts["duplicates"],
            facts,
            Counter(done["reasons"]),
        )
        return Summary(self.options.out, progress, done["seconds"], done["attempts"], already_finished=True)

    def _extract(self, inputs: list[Input]) -> int:
        """Bring all shards to the disk and return how many there are."""
        pool = Pool(worker_setup(self.options), self.jobs)
        folder = str(self.journal.folder)
        in_flight = 0
        number = -1
        try:
            chunks = self._chunks(inputs)
            while not self.stop.requested:
                with self.stop.waiting():
                    records = next(chunks, None)
                if records is None:
                    break
                number += 1
                if number in self.journal.done:
                    self._count(self.journal.entry(number))
                    continue
                chunk = Chunk(number, input_batch(records), folder)
                while not pool.put(chunk):
                    in_flight -= self._collect(pool, wait=False)
                in_flight += 1
                in_flight -= self._collect(pool, wait=False)
            while in_flight:
                in_flight -= self._collect(pool, wait=True)
        except BaseException:
            pool.kill()
            raise
        pool.close()
        if self.stop.requested:
            raise KeyboardInterrupt
        self._check_unchanged(inputs)
        return number + 1

    def _check_unchanged(self, inputs: list[Input]) -> None:
        if changed := [entry.file for entry in inputs if entry.changed()]:
            raise RunAborted(f"{changed[0]} changed while it was read; start anew with --force")

    def _until_stopped(self, batches: Iterator[RecordBatch]) -> Iterator[RecordBatch]:
        for batch in batches:
            if self.stop.requested:
                raise KeyboardInterrupt
            yield batch

    def _collect(self, pool: Pool, *, wait: bool) -> int:
        """Commit the chunks that are finished and return how many."""
        collected = 0
        while True:
            try:
                chunk = pool.finished.get(block=wait and not collected)
            except queue.Empty:
                return collected
            if isinstance(chunk, PoolError):
                raise chunk
            collected += 1
            answer = chunk.answer
            entry = {
                "counts": answer["counts"],
                "sha256": answer["sha256"],
                "duplicates": self.duplicates.pop(chunk.number, 0),
            }
            self.journal.commit(chunk.number, answer["temporary"], entry)
            self._count(entry)

    def _count(self, entry: dict[str, Any]) -> None:
        self.progress.add(entry)
        self.on_progress(self.progress)
        self._judge(at_end=False)

    def _judge(self, *, at_end: bool) -> None:
        if self.max_errors is None:
            return
        limit, percent = self.max_errors
        progress = self.progress
        errors = progress.rejects - progress.duplicates
        if percent and progress.records < PERCENT_FROM and not at_end:
            return
        if errors > (limit * progress.records / 100 if percent else limit):
            shown = f"{limit:g}%" if percent else f"{limit:g}"
            raise RunAborted(
                f"{errors} of {progress.records} records were rejected, more than --max-errors {shown}. {self._resume_hint('aborted')}"
            )

    def _resume_hint(self, what: str) -> str:
        if any(file == "-" for file in self.options.inputs):
            return f"The run is {what}; standard input cannot be read again, so start anew with --force"
        return f"The run is {what} with {len(self.journal.done)} shards done; the same command with --resume goes on"

    def _chunks(self, inputs: list[Input]) -> Iterator[list[Paper | Reject]]:
        """Yield the records in input order, in chunks that depend on nothing but the input; duplicates are rejects."""
        seen = SeenIds()
        bases: list[tuple[int, str]] = []
        left = self.options.limit
        number = 0
        chunk: list[Paper | Reject] = []
        ordinals: list[int] = []
        papers = characters = base = 0
        for entry in inputs:
            bases.append((base, raw_text(entry.file)))
            last = 0
            stdin = entry.hashing(self.stdin or sys.stdin.buffer) if entry.file == "-" else None
            for record in read_source(entry.file, format=self.options.format, fields=self.fields, stdin=stdin):
                chunk.append(record)
                last = max(last, record.position or 0)
                ordinals.append(base + (record.position or 0))
                if isinstance(record, Paper):
                    papers += 1
                    characters += len(record.title) + len(record.abstract)
                full = len(chunk) >= CHUNK_RECORDS or characters >= CHUNK_CHARACTERS
                if full or (left is not None and papers >= left):
                    fresh = self._set_duplicates_aside(chunk, ordinals, seen, bases, number)
                    yield chunk
                    left = left - fresh if left is not None else None
                    number += 1
                    chunk, ordinals, papers, characters = [], [], 0, 0
                    if left == 0:
                        return
            base += last + 1
        if chunk:
            self._set_duplicates_aside(chunk, ordinals, seen, bases, number)
            yield chunk

    def _set_duplicates_aside(
        self, chunk: list[Paper | Reject], ordinals: list[int], seen: SeenIds, bases: list[tuple[int, str]], number: int
    ) -> int:
        """Replace records whose id was seen before by rejects; return how many papers are left."""
        places = [i for i, record in enumerate(chunk) if isinstance(record, Paper)]
        papers = [record for record in chunk if isinstance(record, Paper)]
        first = seen.add([paper.paper_id for paper in papers], [ordinals[i] for i in places])
        duplicates = 0
        for place, paper, ordinal in zip(places, papers, first, strict=True):
            if ordinal is None:
                continue
            base, source = next(b for b in reversed(bases) if b[0] <= ordinal)
            chunk[place] = duplicate(paper, source, ordinal - base)
            duplicates += 1
        self.duplicates[number] = duplicates
        return len(papers) - duplicates

    def _report(self, summary: Summary, inputs: list[Input]) -> dict[str, Any]:
        progress = self.progress
        return {
            "inputs": [entry.describe() for entry in inputs],
            "counts": {
                "records": progress.records,
                "papers": progress.papers,
                "rejects": progress.rejects,
                "duplicates": progress.duplicates,
                **progress.facts,
            },
            "reasons": dict(progress.reasons.most_common()),
            "engine": self.options.engine,
            "jobs": self.jobs,
            "seconds": round(summary.seconds, 3),
            "papers_per_second": round(summary.papers_per_second, 1),
            "attempts": summary.attempts,
            "started": self.journal.attempts,
        }


def duplicate(paper: Paper, source: str, position: int) -> Reject:
    """Return the reject of a paper whose id stood first at ``source:position``."""
    return Reject(
        source=paper.source or "",
        position=paper.position,
        reason=f"duplicate of {paper.paper_id}, first at {source}:{position}",
        raw=f"{paper.title}\n{paper.abstract}"[:2_000],
    )


def worker_setup(options: RunOptions) -> WorkerSetup:
    """Return what the workers of a run are started with."""
    return WorkerSetup(options.factory, {"rules": list(options.rules), "ner": options.ner}, options.paper_seconds)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
