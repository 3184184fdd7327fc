"""The Ray engine: the same run on Ray Data, for more cores than one machine has.

The inputs are read twice, a task a file. The first reading brings the ids together, so that of two records with one id the
same one is kept as by the local engine. The second yields parts of records; an actor a core has each part extracted by
its worker process (the same as the local engine's, so that a paper which kills or hangs it costs that paper alone) and
writes the part's rows as one Parquet file a table. Names of parts depend on the input alone: a part that is tried again
overwrites itself, and a run that is resumed leaves out the parts that are done.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa

from extractor.run import ray_plan
from extractor.run.core import input_batch, split_tables
from extractor.run.engine import CHUNK_RECORDS, LocalRun, RunAborted, worker_setup
from extractor.run.identity import Input
from extractor.run.options import UsageError
from extractor.run.pool import Chunk, Pool, PoolError, WorkerSetup
from extractor.run.ray_plan import Plan
from extractor.run.tables import write_empty, write_part
from extractor.schema import TABLES
from extractor.sources.fields import FieldMap

CORES_PER_READER = 8  # one reading task keeps about so many actors busy


class RayRun(LocalRun):
    """One run on Ray Data."""

    def _check(self) -> tuple[list[str], FieldMap]:
        if importlib.util.find_spec("ray") is None:
            raise UsageError("--engine ray needs Ray: pip install 'paperfacts[ray]'")
        if "-" in self.options.inputs:
            raise UsageError(
                "the Ray engine reads its inputs twice, standard input can be read once; save it to a file"
            )
        return super()._check()

    def _make_tables(self, inputs: list[Input], metadata: dict[str, str]) -> None:
        parts = (self.output.work / "parts").resolve()
        plan = Plan(
            tuple(entry.file for entry in inputs),
            str(Path.cwd()),
            self.options.format,
            self.options.fields,
            ray_plan.PART_RECORDS,
        )
        with _ray(self.options.ray_address, self.options.jobs) as ray:
            self.jobs = self.options.jobs or max(1, int(ray.cluster_resources().get("CPU", 1)))
            try:
                plan = plan.with_keys(self._until_stopped_waiting(_keys(ray, plan)), self.options.limit)
                done = _done(parts)
                for entry in done.values():
                    self._count(entry)
                plan = replace(plan, done=frozenset(done))
                work = _extract(ray, plan, worker_setup(self.options), parts, metadata, self.jobs)
                for table in self._until_stopped_waiting(work):
                    for answer in table.column("entry").to_pylist():
                        entry = json.loads(answer)
                        if "failed" in entry:
                            raise PoolError(entry["failed"])
                        self._count(entry)
            except ray.exceptions.RayError as error:
                said = [line for line in str(error).splitlines() if line.strip()][-1:]
                raise RunAborted(f"Ray: {' '.join(said)}. {self._resume_hint('aborted')}") from error
        self._check_unchanged(inputs)
        self._judge(at_end=True)
        with self.output.final() as folder:
            for name in TABLES:
                if (parts / name).is_dir():
                    for left in (parts / name).glob(".*.tmp"):
                        left.unlink(missing_ok=True)
                    (parts / name).replace(folder / name)
                else:
                    write_empty(name, folder, metadata)

    def _until_stopped_waiting(self, tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
        while True:
            if self.stop.requested:
                raise KeyboardInterrupt
            with self.stop.waiting():
                table = next(tables, None)
            if table is None:
                return
            yield table

    def _resume_hint(self, what: str) -> str:
        done = len(list((self.output.work / "parts" / "done").glob("*.json")))
        return f"The run is {what} with {done} parts done; the same command with --resume goes on"


@contextmanager
def _ray(address: str | None, jobs: int | None) -> Iterator[Any]:
    """Give Ray, connected; one that was started here ends here."""
    import ray

    started = not ray.is_initialized()
    if started:
        for name in ("ray", "ray.data"):
            logging.getLogger(name).setLevel(logging.ERROR)
        try:
            given = {"address": address} if address else {"num_cpus": jobs, "include_dashboard": False}
            ray.init(**given, logging_level=logging.ERROR, log_to_driver=False)
        except (OSError, RuntimeError, ValueError) as error:
            raise RunAborted(f"Ray at {address or 'this machine'}: {error}") from error
    context = ray.data.DataContext.get_current()
    before = context.target_max_block_size, context.enable_progress_bars
    # one part a block or little more: what travels in one block is extracted by one actor
    context.target_max_block_size, context.enable_progress_bars = 1 << 20, False
    try:
        yield ray
    finally:
        context.target_max_block_size, context.enable_progress_bars = before
        if started:
            ray.shutdown()


def _files(ray: Any, plan: Plan) -> Any:
    numbers = [{"index": index} for index in range(len(plan.files))]
    return ray.data.from_items(numbers, override_num_blocks=len(numbers))


def _keys(ray: Any, plan: Plan) -> Iterator[pa.Table]:
    def read(batch: pa.Table) -> Iterator[pa.Table]:
        for index in batch.column("index").to_pylist():
            yield from plan.keys(index)

    dataset = _files(ray, plan).map_batches(read, batch_size=1, batch_format="pyarrow")
    return iter(dataset.iter_batches(batch_size=None, batch_format="pyarrow"))


def _extract(
    ray: Any, plan: Plan, setup: WorkerSetup, folder: Path, metadata: dict[str, str], cores: int
) -> Iterator[pa.Table]:
    shared = ray.put(plan)

    def read(batch: pa.Table) -> Iterator[pa.Table]:
        told: Plan = ray.get(shared)
        for index in batch.column("index").to_pylist():
            for name, duplicates, records in told.parts(index):
                sink = pa.BufferOutputStream()
                given = input_batch(records)
                with pa.ipc.new_stream(sink, given.schema) as writer:
                    writer.write_batch(given)
                content = pa.array([sink.getvalue().to_pybytes()], pa.large_binary())
                yield pa.table({"part": [name], "duplicates": [duplicates], "records": content})

    # all cores belong to the actors; few files are read at a time instead
    readers = min(len(plan.files), max(1, cores // CORES_PER_READER))
    dataset = (
        _files(ray, plan)
        .map_batches(
            read, batch_size=1, batch_format="pyarrow", num_cpus=0, compute=ray.data.TaskPoolStrategy(size=readers)
        )
        .map_batches(
            PartExtractor,
            fn_constructor_args=(setup, str(folder), metadata),
            batch_size=1,
            batch_format="pyarrow",
            num_cpus=1,
            compute=ray.data.ActorPoolStrategy(size=cores),
        )
    )
    return iter(dataset.iter_batches(batch_size=None, batch_format="pyarrow"))


class PartExtractor:
    """The actor: extracts parts and writes them; its worker process loads rules and model once."""

    def __init__(self, setup: WorkerSetup, folder: str, metadata: dict[str, str]) -> None:
        """Take what the worker starts with, the folder of the parts, and the metadata of the Parquet files."""
        self.folder = Path(folder)
        self.metadata = metadata
        self.pool = Pool(setup, 1)

    def __call__(self, batch: pa.Table) -> pa.Table:
        """Return what the journal would hold of each part, as JSON, once it is written; or why nobody can go on."""
        columns = (batch.column(name).to_pylist() for name in ("part", "duplicates", "records"))
        entries: list[dict[str, Any]] = []
        for row in zip(*columns, strict=True):
            try:
                entries.append(self._extract(*row))
            except PoolError as error:  # an exception would come through Ray with its traceback as its message
                entries.append({"failed": str(error)})
            except OSError as error:
                entries.append({"failed": f"{error.filename or self.folder}: {error.strerror or error}"})
        return pa.table({"entry": [json.dumps(entry) for entry in entries]})

    def _extract(self, part: str, duplicates: int, records: bytes) -> dict[str, Any]:
        with pa.ipc.open_stream(records) as reader:
            (given,) = reader
        with tempfile.TemporaryDirectory(prefix="extractor-") as folder:
            chunks = [
                Chunk(number, given.slice(start, CHUNK_RECORDS), folder)
                for number, start in enumerate(range(0, given.num_rows, CHUNK_RECORDS))
            ]
            batches = list(self._through_the_pool(chunks))
        split = [split_tables(extracted) for extracted in batches]
        tables = {name: pa.concat_tables([tables[name] for tables in split]).combine_chunks() for name in TABLES}
        write_part(tables, part, self.folder, self.metadata)
        counts: dict[str, Any] = {"reasons": Counter()}
        for chunk in chunks:
            for name, count in chunk.answer["counts"].items():
                if name == "reasons":
                    counts[name].update(count)
                else:
                    counts[name] = counts.get(name, 0) + count
        entry = {
            "part": part,
            "counts": counts,
            "duplicates": duplicates,
            "tables": [name for name in TABLES if tables[name].num_rows],
        }
        _mark_done(self.folder, entry)
        return entry

    def _through_the_pool(self, chunks: list[Chunk]) -> Iterator[pa.RecordBatch]:
        for chunk in chunks:
            while not self.pool.put(chunk):
                pass
            finished = self.pool.finished.get()
            if isinstance(finished, PoolError):
                raise finished
            path = Path(chunk.folder) / chunk.answer["temporary"]
            with pa.ipc.open_stream(path.read_bytes()) as reader:
                yield from reader
            path.unlink()


def _mark_done(folder: Path, entry: dict[str, Any]) -> None:
    path = folder / "done" / f"{entry['part']}.json"
    path.parent.mkdir(exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    temporary.write_text(json.dumps(entry), encoding="utf-8")
    temporary.replace(path)


def _done(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the entries of the parts that an earlier attempt finished and whose files are there."""
    done = {}
    for path in sorted((folder / "done").glob("part-*.json")):
        entry = json.loads(path.read_text(encoding="utf-8"))
        if all((folder / name / f"{entry['part']}.parquet").is_file() for name in entry["tables"]):
            done[entry["part"]] = entry
    return done
