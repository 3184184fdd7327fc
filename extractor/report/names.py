"""One spelling for names that differ in case, blanks or hyphens only."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

_JOINTS = re.compile(r"[\s\-_‐-―]+")


def name_key(name: str) -> str:
    """Return what two spellings of one name have in common."""
    return _JOINTS.sub("", name.casefold())


class Spellings:
    """The most frequent spelling of each name; of equally frequent ones the first by code point."""

    def __init__(self, names: Iterable[str]) -> None:
        """Count the spellings of ``names``."""
        found: dict[str, Counter[str]] = {}
        for name in names:
            found.setdefault(name_key(name), Counter())[name] += 1
        self._best = {key: min(counts, key=lambda name: (-counts[name], name)) for key, counts in found.items()}

    def __call__(self, name: str) -> str:
        """Return the spelling for ``name``, itself if it was never counted."""
        return self._best.get(name_key(name), name)


def canonical_datasets(
    results: Iterable[tuple[str, str | None]], known: dict[tuple[str, str], str]
) -> list[str | None]:
    """Return for each result (paper, data set as written) one spelling of its data set across the run.

    Args:
        results: paper ids with the data set as the result names it, None where it names none.
        known: canonical names of the table ``datasets`` by paper and :func:`name_key` of the name as written.
    """
    named = [(known.get((paper, name_key(name)), name) if name else None) for paper, name in results]
    spelling = Spellings([*(name for name in named if name), *known.values()])
    return [spelling(name) if name else None for name in named]
