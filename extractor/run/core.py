"""The core of every engine: batches of papers in, batches of facts out.

A batch holds one row a record of the input, in order. Rows read as papers come back with their facts (a column of lists
for each fact table); rows that were rejected, by the reader or here, keep their ``reason`` and ``raw``. Arrow columns are
built from whole columns of values, not from rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import accumulate
from operator import attrgetter
from typing import Any, Protocol

import pyarrow as pa

from extractor.records import Extraction, Paper, Record, Reject
from extractor.schema import TABLES, batch_schema, input_schema, table_schema

FACTS = tuple(table for table in TABLES if table not in ("papers", "rejects"))
_INPUT = tuple(Paper.model_fields)


class ExtractsPapers(Protocol):
    """Whatever turns a paper into an extraction; :class:`extractor.pipeline.Extractor` does."""

    def extract(self, paper: Paper) -> Extraction:
        """Return all facts of ``paper``."""
        ...


def input_batch(records: Iterable[Paper | Reject]) -> pa.RecordBatch:
    """Return records as read as one batch of :func:`~extractor.schema.input_schema`."""
    columns: dict[str, list[Any]] = {name: [] for name in input_schema().names}
    papers = [columns[name] for name in _INPUT]
    values = attrgetter(*_INPUT)
    for record in records:
        if isinstance(record, Paper):
            for column, value in zip(papers, values(record), strict=True):
                column.append(value)
            columns["reason"].append(None)
            columns["raw"].append(None)
        else:
            for name, column in columns.items():
                column.append(getattr(record, name, None))
    return pa.record_batch([pa.array(columns[f.name], f.type) for f in input_schema()], schema=input_schema())


def extract_batches(
    batches: Iterable[pa.RecordBatch],
    extractor: ExtractsPapers,
    *,
    skip: Mapping[int, str] | None = None,
    before: Callable[[int], None] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield for each batch of papers the batch of their facts (:func:`~extractor.schema.batch_schema`).

    A paper whose extraction raises becomes a reject with the exception as its reason.

    Args:
        batches: batches with the columns of :func:`~extractor.schema.input_schema`; ``reason`` and ``raw`` may be missing.
        extractor: what extracts.
        skip: reasons to reject papers with, by index of the row within its batch.
        before: called with the index of the row before a paper is extracted.
    """
    for batch in batches:
        yield _extract_batch(batch, extractor, skip or {}, before)


def _extract_batch(
    batch: pa.RecordBatch,
    extractor: ExtractsPapers,
    skip: Mapping[int, str],
    before: Callable[[int], None] | None,
) -> pa.RecordBatch:
    known = set(batch.schema.names)
    rows = zip(
        *(batch.column(name).to_pylist() if name in known else [None] * batch.num_rows for name in _INPUT), strict=True
    )
    reasons = batch.column("reason").to_pylist() if "reason" in known else [None] * batch.num_rows
    raws = batch.column("raw").to_pylist() if "raw" in known else [None] * batch.num_rows
    extractions: list[Extraction | None] = []
    for index, values in enumerate(rows):
        if reasons[index] is not None:
            extractions.append(None)
            continue
        fields = dict(zip(_INPUT, values, strict=True))
        if before is not None:
            before(index)
        try:
            if index in skip:
                raise _Skipped(skip[index])
            extractions.append(extractor.extract(Paper(**fields)))
        except Exception as error:
            reasons[index] = str(error) if isinstance(error, _Skipped) else f"extraction failed: {_describe(error)}"
            raws[index] = f"{fields['title']}\n{fields['abstract']}"[:2_000]
            extractions.append(None)
    return _assemble(batch, extractions, reasons, raws)


class _Skipped(Exception):
    """A paper that is not to be tried; the message is the reason."""


def _describe(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__


def reason_kind(reason: str) -> str:
    """Return what rejects of one kind have in common: the reason without its figures and quotations."""
    if reason.startswith("duplicate of "):
        return "duplicate"
    return re.sub(r"'[^']*'|\"[^\"]*\"|\d+(?:\.\d+)?", "…", ": ".join(reason.split(": ")[:2]))[:80]


def _assemble(
    batch: pa.RecordBatch, extractions: list[Extraction | None], reasons: list[str | None], raws: list[str | None]
) -> pa.RecordBatch:
    given: dict[str, list[Any]] = {"reason": reasons, "raw": raws}
    arrays = []
    for field in batch_schema():
        if field.name in FACTS:
            arrays.append(_fact_column(field, extractions))
        elif field.name in given:
            arrays.append(pa.array(given[field.name], field.type))
        elif field.name in _INPUT:
            arrays.append(
                batch.column(field.name) if field.name in batch.schema.names else pa.nulls(len(extractions), field.type)
            )
        else:
            arrays.append(pa.array([None if e is None else getattr(e, field.name) for e in extractions], field.type))
    return pa.record_batch(arrays, schema=batch_schema())


def _fact_column(field: pa.Field, extractions: list[Extraction | None]) -> pa.ListArray:
    lists: list[tuple[Record, ...]] = [() if e is None else getattr(e, field.name) for e in extractions]
    struct = field.type.value_type
    names = [child.name for child in struct]
    rows = [row for rows in lists for row in rows]
    values = list(zip(*map(attrgetter(*names), rows), strict=True)) or [()] * len(names)
    columns = [pa.array(values[i], child.type) for i, child in enumerate(struct)]
    items = pa.StructArray.from_arrays(columns, fields=list(struct))
    offsets = pa.array(accumulate((len(rows) for rows in lists), initial=0), pa.int32())
    return pa.ListArray.from_arrays(offsets, items, type=field.type)


def split_tables(batch: pa.RecordBatch) -> dict[str, pa.Table]:
    """Return the rows of every table that a batch of extracted records holds."""
    import pyarrow.compute as pc

    read = pc.is_null(batch.column("reason"))
    papers, rejects = batch.filter(read), batch.filter(pc.invert(read))
    tables = {}
    for name in TABLES:
        schema = table_schema(name)
        if name in FACTS:
            lists = papers.column(name)
            ids = papers.column("paper_id").take(pc.list_parent_indices(lists))
            tables[name] = pa.Table.from_arrays([ids, *lists.flatten().flatten()], schema=schema)
        else:
            rows = papers if name == "papers" else rejects
            tables[name] = pa.Table.from_arrays([rows.column(n) for n in schema.names], schema=schema)
    return tables
