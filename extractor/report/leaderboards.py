"""Leaderboards: the best values per metric and data set.

Only levels (kind ``value``) of metrics whose rule says whether more is better. Units are never mixed, with one exception:
of a metric that is given in per cent, 0.912, 91.2 and 91.2 % are the same level.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from extractor.report.read import ResultRow

PER_CENT_SHARE = 0.05  # of a metric's levels with the unit %, from which on it counts as given in per cent
LENGTH = 10
LEAST_CONFIDENCE = 0.5  # a number that is probably none must not lead a board
_BARE = (None, "points")


class Board(NamedTuple):
    """The best results of one metric on one data set, in one unit."""

    metric: str
    dataset: str
    unit: str | None
    lower: bool
    best: tuple[int, ...]  # indices of results, the best first, one a paper and system
    results: int
    papers: int


class Scale:
    """Brings levels of one metric to one scale."""

    def __init__(self, results: Sequence[ResultRow]) -> None:
        """Find out which metrics are given in per cent."""
        levels = Counter(row.metric for row in results if row.kind == "value")
        marked = Counter(row.metric for row in results if row.kind == "value" and row.unit == "%")
        self._per_cent = {metric for metric, n in marked.items() if n >= PER_CENT_SHARE * levels[metric]}

    def __call__(self, row: ResultRow) -> tuple[float, str | None]:
        """Return the level of a row of kind ``value`` and its unit, both comparable within a metric."""
        if row.metric not in self._per_cent or row.unit not in (*_BARE, "%"):
            return row.value, row.unit
        if row.unit is None and 0 < row.value <= 1:
            return row.value * 100, "%"
        return row.value, "%"


def leaderboards(
    results: Sequence[ResultRow], datasets: Sequence[str | None], polarity: Mapping[str, str], scale: Scale
) -> list[Board]:
    """Return all boards, those of metrics and then of data sets with most results first.

    Args:
        results: the rows.
        datasets: the canonical data set of each row.
        polarity: ``higher`` or ``lower`` by metric; metrics with anything else have no boards.
        scale: of the same rows.
    """
    groups: dict[tuple[str, str, str | None], list[tuple[float, int]]] = {}
    for index, (row, dataset) in enumerate(zip(results, datasets, strict=True)):
        if row.kind != "value" or dataset is None or row.confidence < LEAST_CONFIDENCE:
            continue
        if polarity.get(row.metric) not in ("higher", "lower"):
            continue
        level, unit = scale(row)
        groups.setdefault((row.metric, dataset, unit), []).append((level, index))
    total = Counter({metric: 0 for metric, _, _ in groups})
    for (metric, _, _), found in groups.items():
        total[metric] += len(found)
    boards = []
    for (metric, dataset, unit), found in groups.items():
        lower = polarity[metric] == "lower"
        found.sort(key=lambda pair: (pair[0] if lower else -pair[0], pair[1]))
        best = {(results[i].paper_id, results[i].system): i for _, i in reversed(found)}  # the best of each stays
        ranked = [i for _, i in found if best[results[i].paper_id, results[i].system] == i]
        papers = len({results[i].paper_id for _, i in found})
        boards.append(Board(metric, dataset, unit, lower, tuple(ranked[:LENGTH]), len(found), papers))
    boards.sort(key=lambda b: (-total[b.metric], b.metric, -b.papers, -b.results, b.dataset.casefold(), b.unit or ""))
    return boards
