"""The tables of a finished run read back as batches of extracted records, in their order and without holding them all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extractor.run.core import FACTS
from extractor.run.output import REPORT, WORK
from extractor.schema import batch_schema, table_schema

BATCH_RECORDS = 512


class TablesError(ValueError):
    """A folder that does not hold the tables of a finished run; the message says what is the matter."""


class FinishedRun:
    """The folder of a finished run."""

    def __init__(self, folder: Path) -> None:
        """Look whether the tables are there.

        Raises:
            TablesError: the folder holds no tables, or those of an unfinished run.
        """
        self.folder = folder
        if not folder.is_dir():
            raise TablesError(f"{folder}: no such folder; give one that 'extractor run' wrote")
        if not (folder / REPORT).is_file():
            unfinished = (folder / WORK).is_dir()
            raise TablesError(
                f"{folder}: an unfinished run: finish it with --resume"
                if unfinished
                else f"{folder}: no {REPORT} there; give a folder that 'extractor run' wrote"
            )
        try:
            self.report: dict[str, Any] = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        except ValueError as error:
            raise TablesError(f"{folder / REPORT}: not valid JSON: {error}") from None

    def files(self, table: str) -> list[Path]:
        """Return the Parquet files of a table, in order.

        Raises:
            TablesError: there are none.
        """
        single = self.folder / f"{table}.parquet"
        files = [single] if single.exists() else sorted((self.folder / table).glob("*.parquet"))
        if not files:
            raise TablesError(f"{self.folder}: no table {table!r} there")
        return files

    def rows(self, table: str) -> int:
        """Return the number of rows of a table."""
        return sum(pq.read_metadata(str(path)).num_rows for path in self.files(table))

    def read(self, table: str, size: int = 4_096) -> Iterator[pa.Table]:
        """Yield the rows of a table in pieces of ``size`` (the last may be shorter), with the columns of this version.

        Columns that a later version added are null.

        Raises:
            TablesError: a file cannot be read, or a column is missing.
        """
        held = table_schema(table).empty_table()
        for piece in self._pieces(table, size):
            held = pa.concat_tables([held, piece])
            while held.num_rows >= size:
                yield held.slice(0, size).combine_chunks()
                held = held.slice(size)
        if held.num_rows:
            yield held.combine_chunks()

    def _pieces(self, table: str, size: int) -> Iterator[pa.Table]:
        """Yield the rows of a table in pieces as its files have them, of at most ``size``."""
        schema = table_schema(table)
        for path in self.files(table):
            try:
                file = pq.ParquetFile(str(path))
                for batch in file.iter_batches(size, use_threads=False):
                    yield _as_schema(pa.Table.from_batches([batch]), schema, path)
            except (pa.ArrowException, OSError) as error:
                raise TablesError(f"{path}: cannot be read: {error}") from error

    def papers(self) -> Iterator[pa.RecordBatch]:
        """Yield the papers with their facts (:func:`~extractor.schema.batch_schema`), ``BATCH_RECORDS`` at a time.

        Raises:
            TablesError: a table cannot be read, or a fact belongs to none of the papers.
        """
        facts = {name: _Facts(self, name) for name in FACTS}
        for papers in self.read("papers", BATCH_RECORDS):
            ids = papers.column("paper_id").combine_chunks()
            columns = [
                facts[field.name].take(ids, field)
                if field.name in facts
                else papers.column(field.name).combine_chunks()
                if field.name in papers.column_names
                else pa.nulls(len(ids), field.type)
                for field in batch_schema()
            ]
            yield pa.record_batch(columns, schema=batch_schema())
        for stream in facts.values():
            stream.check_end()

    def rejects(self) -> Iterator[pa.RecordBatch]:
        """Yield the rejects as batches of the same schema."""
        for rejects in self.read("rejects", BATCH_RECORDS):
            columns = [
                rejects.column(field.name).combine_chunks()
                if field.name in rejects.column_names
                else pa.nulls(rejects.num_rows, field.type)
                for field in batch_schema()
            ]
            yield pa.record_batch(columns, schema=batch_schema())


class _Facts:
    """A table of facts beside the papers: its rows stand in the order of the papers."""

    def __init__(self, run: FinishedRun, table: str) -> None:
        self._run = run
        self._table = table
        self._pieces = run.read(table)
        self._held = table_schema(table).empty_table()

    def take(self, ids: pa.Array, field: pa.Field) -> pa.ListArray:
        """Return the facts of the next papers, a list for each."""
        while True:
            places = pc.index_in(self._held.column("paper_id").combine_chunks(), ids)
            mine = pc.index(pc.is_null(places), True).as_py()
            if mine != -1 or (piece := next(self._pieces, None)) is None:
                break
            self._held = pa.concat_tables([self._held, piece]).combine_chunks()
        count = len(places) if mine == -1 else mine
        rows, self._held = self._held.slice(0, count), self._held.slice(count)
        numbers = places.slice(0, count).to_pylist()
        if numbers != sorted(numbers):
            raise TablesError(f"{self._run.folder}: the rows of {self._table!r} are not in the order of the papers")
        lengths = [0] * len(ids)
        for number in numbers:
            lengths[number] += 1
        struct = field.type.value_type
        columns = [rows.column(child.name).combine_chunks() for child in struct]
        items = pa.StructArray.from_arrays(columns, fields=list(struct))
        offsets = pa.array(accumulate(lengths, initial=0), pa.int32())
        return pa.ListArray.from_arrays(offsets, items, type=field.type)

    def check_end(self) -> None:
        """Raise if rows are left that belong to no paper."""
        if self._held.num_rows or next((piece for piece in self._pieces if piece.num_rows), None) is not None:
            raise TablesError(
                f"{self._run.folder}: {self._table!r} holds rows whose paper is not in 'papers', or stands elsewhere"
            )


def _as_schema(table: pa.Table, schema: pa.Schema, path: Path) -> pa.Table:
    columns = []
    for field in schema:
        if field.name in table.column_names:
            columns.append(table.column(field.name).cast(field.type))
        elif field.nullable:
            columns.append(pa.nulls(table.num_rows, field.type))
        else:
            raise TablesError(f"{path}: no column {field.name!r}; was it written by another version?")
    return pa.Table.from_arrays(columns, schema=schema)
