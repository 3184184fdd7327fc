"""Join the tables of several finished runs: the first paper with an id stays, a later one goes to the rejects."""

from __future__ import annotations

import contextlib
import time
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from extractor import __version__
from extractor.run.core import FACTS, reason_kind
from extractor.run.finished import BATCH_RECORDS, FinishedRun, TablesError
from extractor.run.identity import environment
from extractor.run.options import UsageError
from extractor.run.output import OutputFolder
from extractor.run.progress import Progress, Summary
from extractor.run.seen import SeenIds
from extractor.run.tables import write_tables
from extractor.schema import batch_schema


def merge(folders: Sequence[Path], out: Path, *, force: bool = False, safe_csv: bool = True) -> Summary:
    """Write the tables of the runs in ``folders``, in this order, to ``out``.

    Args:
        folders: folders of finished runs.
        out: the folder of the joined tables.
        force: replace tables that stand in ``out``.
        safe_csv: as in :class:`~extractor.run.options.RunOptions`.

    Raises:
        UsageError: a folder holds no finished run or occurs twice, or ``out`` is taken.
        TablesError: a table cannot be read.
        OSError: a table cannot be written.
    """
    started = time.perf_counter()
    try:
        runs = [FinishedRun(folder) for folder in folders]
        count = sum(-(-run.rows(table) // BATCH_RECORDS) for run in runs for table in ("papers", "rejects"))
    except TablesError as error:
        raise UsageError(str(error)) from None
    places = [folder.resolve() for folder in folders]
    if doubles := [str(folder) for folder, n in Counter(places).items() if n > 1]:
        raise UsageError(f"{doubles[0]} is given twice")
    if out.resolve() in places:
        raise UsageError(f"{out} is one of the runs to be merged; give another folder with -o")
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file, not a folder for tables")
    output = OutputFolder(out)
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(output.locked())
            journal = output.begin({"merge": [str(place) for place in places]}, force=force, resume=False)
        except OSError as error:
            raise UsageError(f"{error.filename or out}: {error.strerror or error}") from None
        try:
            merging = _Merging(runs)
            with output.final() as folder:
                write_tables(merging.batches(), count, folder, _metadata(runs), safe_csv=safe_csv)
            summary = Summary(out, merging.progress, time.perf_counter() - started, 1)
            journal.close()
            output.finish(_report(runs, summary))
        finally:
            journal.close()
            journal.path.unlink(missing_ok=True)  # a merge is not resumed: it is done again
    return summary


class _Merging:
    def __init__(self, runs: Sequence[FinishedRun]) -> None:
        self.runs = runs
        self.progress = Progress()
        self._seen = SeenIds()
        self._number_of: dict[str, int] = {}
        self._sources: list[str] = []
        self._source_of = array("q")
        self._position_of = array("q")

    def batches(self) -> Iterator[pa.RecordBatch]:
        for run in self.runs:
            for batch in run.papers():
                yield self._counted(self._without_duplicates(batch))
            for batch in run.rejects():
                yield self._counted(batch)

    def _counted(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        reasons = [reason_kind(reason) for reason in batch.column("reason").to_pylist() if reason is not None]
        progress = self.progress
        progress.records += batch.num_rows
        progress.rejects += len(reasons)
        progress.papers += batch.num_rows - len(reasons)
        progress.reasons.update(reasons)
        progress.duplicates += reasons.count("duplicate")
        for name in FACTS:
            progress.facts[name] += len(batch.column(name).flatten())
        return batch

    def _without_duplicates(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Turn papers whose id was seen before into rejects."""
        base = len(self._source_of)
        sources = batch.column("source").to_pylist()
        positions = batch.column("position").to_pylist()
        for source, position in zip(sources, positions, strict=True):
            place = self._number_of.setdefault(source or "", len(self._sources))
            if place == len(self._sources):
                self._sources.append(source or "")
            self._source_of.append(place)
            self._position_of.append(position or 0)
        ids = batch.column("paper_id").to_pylist()
        first = self._seen.add(ids, range(base, base + len(ids)))
        if all(number is None for number in first):
            return batch
        texts = zip(batch.column("title").to_pylist(), batch.column("abstract").to_pylist(), strict=True)
        columns: dict[str, list[Any]] = {"reason": [], "raw": []}
        for paper_id, number, (title, abstract) in zip(ids, first, texts, strict=True):
            known = number is not None
            columns["reason"].append(f"duplicate of {paper_id}, first at {self._place(number)}" if known else None)
            columns["raw"].append(f"{title}\n{abstract}"[:2_000] if known else None)
        fresh = pa.array([number is None for number in first])
        arrays = []
        for field in batch_schema():
            if field.name in columns:
                arrays.append(pa.array(columns[field.name], field.type))
            elif field.name in FACTS:
                arrays.append(_emptied(batch.column(field.name), fresh, field))
            else:
                arrays.append(batch.column(field.name))
        return pa.record_batch(arrays, schema=batch_schema())

    def _place(self, number: int | None) -> str:
        assert number is not None
        source = self._sources[self._source_of[number]]
        position = self._position_of[number]
        return f"{source}:{position}" if position else source or "an unknown place"


def _emptied(lists: pa.ListArray, keep: pa.Array, field: pa.Field) -> pa.ListArray:
    """Return ``lists`` with an empty list where ``keep`` is false."""
    kept = [rows if stays else [] for rows, stays in zip(lists.to_pylist(), keep.to_pylist(), strict=True)]
    return pa.array(kept, field.type)


def _common(runs: Sequence[FinishedRun], key: str) -> str | None:
    """Return what all runs have under ``key``, None where they differ."""
    values = {run.report.get(key) for run in runs}
    return values.pop() if len(values) == 1 else None


def _metadata(runs: Sequence[FinishedRun]) -> dict[str, str]:
    values = {key: _common(runs, key) or "differs" for key in ("version", "rules", "model")}
    return {f"extractor.{key}": value for key, value in values.items()}


def _report(runs: Sequence[FinishedRun], summary: Summary) -> dict[str, Any]:
    progress = summary.progress
    parts = ("version", "rules", "model", "options", "counts")
    return {
        "version": __version__,
        "inputs": [entry for run in runs for entry in run.report.get("inputs", [])],
        "rules": _common(runs, "rules"),
        "model": _common(runs, "model"),
        "merged": [{"folder": str(run.folder), **{key: run.report.get(key) for key in parts}} for run in runs],
        **environment(),
        "counts": {
            "records": progress.records,
            "papers": progress.papers,
            "rejects": progress.rejects,
            "duplicates": progress.duplicates,
            **progress.facts,
        },
        "reasons": dict(progress.reasons.most_common()),
        "seconds": round(summary.seconds, 3),
        "papers_per_second": round(summary.papers_per_second, 1),
    }
