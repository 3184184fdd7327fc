"""What the Ray tasks are told: which records are duplicates, where the run ends, which parts are done.

The place of a record, file and number within the file, is one whole number, so that which of two equal ids stands first
does not depend on who read it when.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from extractor.records import Paper, Reject
from extractor.run.engine import duplicate
from extractor.sources import read_source
from extractor.sources.fields import FieldMap
from extractor.sources.stream import raw_text

PART_RECORDS = 16_384
PART_CHARACTERS = 64 << 20
KEYS = 65_536  # records whose keys travel together
_FILE_BITS = 40

Words = NDArray[np.uint64]


@dataclass(frozen=True)
class Duplicates:
    """Places of duplicates, sorted, and of each the place and the position of the record that had its id first."""

    places: Words
    first: Words
    positions: Words

    def of_file(self, index: int) -> dict[int, tuple[int, int]]:
        """Return for each duplicate in a file the index of the file and the position of the first record."""
        start, end = np.searchsorted(self.places, [index << _FILE_BITS, (index + 1) << _FILE_BITS])
        numbers = (self.places[start:end] - np.uint64(index << _FILE_BITS)).tolist()
        files = (self.first[start:end] >> np.uint64(_FILE_BITS)).tolist()
        return dict(zip(numbers, zip(files, self.positions[start:end].tolist(), strict=True), strict=True))


_NONE = np.empty(0, dtype=np.uint64)


@dataclass(frozen=True)
class Plan:
    """How the inputs become parts.

    Args:
        files: the inputs as given.
        folder: the folder that relative ones start from.
        format: as in :class:`~extractor.run.options.RunOptions`.
        fields: as there.
        part_records: records in a part.
        duplicates: found by :func:`find_duplicates`.
        last: place of the last record, None for no limit.
        done: names of parts that an earlier attempt finished.
    """

    files: tuple[str, ...]
    folder: str
    format: str | None
    fields: dict[str, str]
    part_records: int = PART_RECORDS
    duplicates: Duplicates = Duplicates(_NONE, _NONE, _NONE)
    last: int | None = None
    done: frozenset[str] = frozenset()

    def records(self, index: int) -> Iterator[tuple[int, Paper | Reject]]:
        """Yield the records of a file with their places, as they are read."""
        file = self.files[index]
        records = read_source(
            str(Path(self.folder) / file), format=self.format, fields=FieldMap(self.fields), source=file
        )
        for place, record in enumerate(records, index << _FILE_BITS):
            if self.last is not None and place > self.last:
                return
            yield place, record

    def keys(self, index: int) -> Iterator[pa.Table]:
        """Yield the keys of the papers of a file: 128 bits of the id, place, position."""
        ids: list[str] = []
        numbers: list[tuple[int, int]] = []
        for place, record in self.records(index):
            if isinstance(record, Paper):
                ids.append(record.paper_id)
                numbers.append((place, record.position or 0))
                if len(ids) == KEYS:
                    yield _key_table(ids, numbers)
                    ids, numbers = [], []
        yield _key_table(ids, numbers)

    def parts(self, index: int) -> Iterator[tuple[str, int, list[Paper | Reject]]]:
        """Yield the parts of a file that are not done: name, number of duplicates, records."""
        known = self.duplicates.of_file(index)
        part: list[Paper | Reject] = []
        number = characters = duplicates = 0
        for place, record in self.records(index):
            if isinstance(record, Paper):
                characters += len(record.title) + len(record.abstract)
                first = known.get(place - (index << _FILE_BITS))
                if first is not None:
                    record = duplicate(record, raw_text(self.files[first[0]]), first[1])
                    duplicates += 1
            part.append(record)
            if len(part) >= self.part_records or characters >= PART_CHARACTERS:
                if (name := part_name(index, number)) not in self.done:
                    yield name, duplicates, part
                number += 1
                part = []
                characters = duplicates = 0
        if part and (name := part_name(index, number)) not in self.done:
            yield name, duplicates, part

    def with_keys(self, tables: Iterable[pa.Table], limit: int | None) -> Plan:
        """Return the plan with the duplicates among the keys, cut behind ``limit`` papers."""
        duplicates, fresh = find_duplicates(tables)
        last = int(fresh[limit - 1]) if limit is not None and len(fresh) >= limit else None
        return replace(self, duplicates=duplicates, last=last)


def part_name(file: int, number: int) -> str:
    """Return the name of a part; the order of the names is that of the records."""
    return f"part-{file:06d}-{number:06d}"


def _key_table(ids: list[str], numbers: list[tuple[int, int]]) -> pa.Table:
    digests = b"".join(hashlib.blake2b(i.encode(), digest_size=16).digest() for i in ids)
    words = np.frombuffer(digests, dtype="<u8").reshape(-1, 2)
    places = np.array(numbers, dtype=np.uint64).reshape(-1, 2)
    return pa.table(
        {"high": words[:, 0].copy(), "low": words[:, 1].copy(), "place": places[:, 0].copy(), "position": places[:, 1].copy()}
    )  # fmt: skip


def find_duplicates(tables: Iterable[pa.Table]) -> tuple[Duplicates, Words]:
    """Return the duplicates among the keys, in whatever order these come, and the sorted places of all other papers."""
    held = list(tables)
    if not held:
        return Duplicates(_NONE, _NONE, _NONE), _NONE
    high, low, place, position = (
        pa.concat_tables(held).column(name).to_numpy() for name in ("high", "low", "place", "position")
    )
    order = np.lexsort((place, low, high))
    high, low, place, position = high[order], low[order], place[order], position[order]
    again = np.zeros(len(order), dtype=bool)
    again[1:] = (high[1:] == high[:-1]) & (low[1:] == low[:-1])
    first = np.maximum.accumulate(np.where(again, 0, np.arange(len(order))))
    places = place[again]
    sort = np.argsort(places)
    duplicates = Duplicates(places[sort], place[first[again]][sort], position[first[again]][sort])
    return duplicates, np.sort(place[~again])
