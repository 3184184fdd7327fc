"""The finished tables, put together from the shards in input order.

Row groups have a fixed number of rows, whatever shards the rows come from. A run of more than ``PART_SHARDS`` shards
(about 100,000 records) writes parts: part ``n`` of every table holds the rows of the same ``PART_SHARDS`` shards.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq

from extractor.run.core import split_tables
from extractor.schema import TABLES, table_schema

ROW_GROUP = 4_096
ROW_GROUP_BYTES = 64 << 20
PART_SHARDS = 200
FORMULA = "^[=+\\-@\t\r\n\\x{00}＝＋－＠]"


def write_tables(
    batches: Iterable[pa.RecordBatch], count: int, folder: Path, metadata: dict[str, str], *, safe_csv: bool
) -> None:
    """Write all tables as Parquet and CSV below ``folder``.

    Args:
        batches: the batches of the shards, in order.
        count: how many there are.
        folder: an empty folder.
        metadata: entered in the schema of every Parquet file.
        safe_csv: whether text cells that a spreadsheet would take for a formula are prefixed with ``'``.

    Raises:
        OSError: a file cannot be written.
    """
    parts = count > PART_SHARDS
    writers: dict[str, _TableWriter] = {}
    for number, batch in enumerate(batches):
        if number % PART_SHARDS == 0:
            _close(writers)
            part = f"part-{number // PART_SHARDS:05d}" if parts else None
            writers = {name: _TableWriter(name, part, folder, metadata, safe_csv=safe_csv) for name in TABLES}
        for name, table in split_tables(batch).items():
            writers[name].add(table)
    if not count:
        writers = {name: _TableWriter(name, None, folder, metadata, safe_csv=safe_csv) for name in TABLES}
    _close(writers)


def write_part(tables: Mapping[str, pa.Table], part: str, folder: Path, metadata: dict[str, str]) -> None:
    """Write the rows of one part as ``folder/TABLE/PART.parquet``; a table without rows gets no file.

    Each file is flushed to the disk and then renamed, so that a part written twice at once is whole in any case.

    Raises:
        OSError: a file cannot be written.
    """
    for name, table in tables.items():
        if not table.num_rows:
            continue
        path = folder / name / f"{part}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{part}.{uuid4().hex}.tmp")
        try:
            with temporary.open("wb") as file:
                pq.write_table(
                    table.replace_schema_metadata(metadata),
                    file,
                    row_group_size=ROW_GROUP,
                    compression="zstd",
                    write_page_index=True,
                )
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def write_empty(name: str, folder: Path, metadata: dict[str, str]) -> None:
    """Write a table without rows as ``folder/TABLE/part-000000.parquet``."""
    path = folder / name / "part-000000.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table_schema(name).empty_table().replace_schema_metadata(metadata), path, compression="zstd")


def _close(writers: dict[str, _TableWriter]) -> None:
    for writer in writers.values():
        writer.close()


class _TableWriter:
    """One Parquet file and one CSV file with the same rows."""

    def __init__(self, name: str, part: str | None, folder: Path, metadata: dict[str, str], *, safe_csv: bool) -> None:
        stem = f"{name}/{part}" if part else name
        self._safe_csv = safe_csv
        self._schema = table_schema(name).with_metadata(metadata)
        parquet, csv = folder / f"{stem}.parquet", folder / "csv" / f"{stem}.csv"
        for path in (parquet, csv):
            path.parent.mkdir(parents=True, exist_ok=True)
        self._parquet = pq.ParquetWriter(str(parquet), self._schema, compression="zstd", write_page_index=True)
        self._csv = pc_csv.CSVWriter(str(csv), self._schema)
        self._tables: list[pa.Table] = []
        self._rows = self._bytes = 0

    def add(self, table: pa.Table) -> None:
        """Add rows; whole row groups are written."""
        self._tables.append(table)
        self._rows += table.num_rows
        self._bytes += table.nbytes
        while self._rows >= ROW_GROUP:
            self._write(ROW_GROUP)
        if self._bytes >= ROW_GROUP_BYTES:
            self._write(self._rows)

    def _write(self, rows: int) -> None:
        table = pa.concat_tables(self._tables)
        rest = table.slice(rows)
        self._tables = [rest] if rest.num_rows else []
        self._rows, self._bytes = rest.num_rows, rest.nbytes
        table = table.slice(0, rows).combine_chunks().replace_schema_metadata(self._schema.metadata)
        self._parquet.write_table(table, row_group_size=max(rows, 1))
        self._csv.write_table(defuse(table) if self._safe_csv else table)

    def close(self) -> None:
        """Write what is left and close both files."""
        if self._rows:
            self._write(self._rows)
        self._parquet.close()
        self._csv.close()


def defuse(table: pa.Table) -> pa.Table:
    """Return ``table`` with ``'`` before every text that a spreadsheet would take for a formula."""
    for index, field in enumerate(table.schema):
        if not pa.types.is_string(field.type):
            continue
        column = table.column(index)
        formula = pc.match_substring_regex(column, FORMULA)
        if pc.any(formula).as_py():
            safe = pc.if_else(formula, pc.binary_join_element_wise("'", column, ""), column)
            table = table.set_column(index, field, safe)
    return table
