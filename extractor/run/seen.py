"""The index of ids seen in a run: 16 bytes a paper, at most 32 while it grows.

Levels of sorted arrays, merged when the next is as long (a log-structured merge). Of each id 64 bits order the arrays
and 24 more stand beside the record's number, so that two ids pass for one with a chance of about 1e-14 at 3 million
papers and 2e-11 at 100 million.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_NUMBER_BITS = 40
_NUMBERS = np.uint64((1 << _NUMBER_BITS) - 1)

Words = NDArray[np.uint64]


class SeenIds:
    """Remembers each id and the number of the record that had it first."""

    def __init__(self) -> None:
        self._levels: list[tuple[Words, Words]] = []

    def __len__(self) -> int:
        return sum(len(keys) for keys, _ in self._levels)

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(keys.nbytes + marks.nbytes for keys, marks in self._levels)

    def add(self, ids: Sequence[str], numbers: Sequence[int]) -> list[int | None]:
        """Remember ``ids`` of records ``numbers`` (below 2**40); return for each the number of its first record, or None."""
        if not ids:
            return []
        digest = b"".join(hashlib.blake2b(i.encode(), digest_size=16).digest() for i in ids)
        words = np.frombuffer(digest, dtype="<u8").reshape(-1, 2)
        keys = words[:, 0].astype(np.uint64)
        checks = words[:, 1].astype(np.uint64) & ~_NUMBERS
        marks = checks | np.asarray(numbers, dtype=np.uint64)
        first = self._look_up(keys, checks)
        fresh: dict[tuple[int, int], int] = {}
        keep: list[int] = []
        for i, (key, check) in enumerate(zip(keys.tolist(), checks.tolist(), strict=True)):
            if first[i] is not None:
                continue
            if (key, check) in fresh:
                first[i] = fresh[key, check]
            else:
                fresh[key, check] = int(numbers[i])
                keep.append(i)
        if keep:
            self._insert(keys[keep], marks[keep])
        return first

    def _look_up(self, keys: Words, checks: Words) -> list[int | None]:
        first: list[int | None] = [None] * len(keys)
        for level_keys, level_marks in self._levels:
            left = np.searchsorted(level_keys, keys, "left")
            right = np.searchsorted(level_keys, keys, "right")
            for i in np.flatnonzero(right > left):
                for mark in level_marks[left[i] : right[i]]:
                    if mark & ~_NUMBERS == checks[i]:
                        first[i] = int(mark & _NUMBERS)
        return first

    def _insert(self, keys: Words, marks: Words) -> None:
        order = np.argsort(keys, kind="stable")
        self._levels.append((keys[order], marks[order]))
        while len(self._levels) > 1 and 2 * len(self._levels[-1][0]) >= len(self._levels[-2][0]):
            self._merge_last()

    def _merge_last(self) -> None:
        """Merge the last two levels, keys first and then marks, so that little is held twice."""
        newer_keys, newer_marks = self._levels.pop()
        older_keys, older_marks = self._levels.pop()
        count = len(older_keys) + len(newer_keys)
        places = np.searchsorted(older_keys, newer_keys, "right") + np.arange(len(newer_keys))
        older = np.ones(count, dtype=bool)
        older[places] = False
        keys = np.empty(count, dtype=np.uint64)
        keys[places], keys[older] = newer_keys, older_keys
        del newer_keys, older_keys
        marks = np.empty(count, dtype=np.uint64)
        marks[places], marks[older] = newer_marks, older_marks
        self._levels.append((keys, marks))
