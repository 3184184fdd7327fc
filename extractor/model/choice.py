"""Linear decisions over named features: which candidate of several, or which class."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson


class Ranker:
    """Scores candidates: the sum of the weights of their features."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        """Keep the weights."""
        self._weights = dict(weights)

    def score(self, features: Iterable[str]) -> float:
        """Return the score of one candidate; unknown features weigh nothing."""
        return sum(filter(None, map(self._weights.get, features)))


class Classifier:
    """A softmax over classes."""

    def __init__(self, classes: Sequence[str], weights: Mapping[str, Sequence[float]]) -> None:
        """Keep one weight per class and feature."""
        self.classes = list(classes)
        self._weights = {name: tuple(row) for name, row in weights.items()}

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        """Return the probability of each class; they sum to one."""
        rows = list(filter(None, map(self._weights.get, features)))
        totals = [sum(column) for column in zip(*rows, strict=True)] if rows else [0.0] * len(self.classes)
        top = max(totals)
        shares = [math.exp(total - top) for total in totals]
        whole = sum(shares)
        return {name: share / whole for name, share in zip(self.classes, shares, strict=True)}


def softmax(scores: Sequence[float]) -> list[float]:
    """Return the shares of scores, which sum to one."""
    top = max(scores)
    shares = [math.exp(score - top) for score in scores]
    whole = sum(shares)
    return [share / whole for share in shares]


def read_weights(path: Path) -> Any:
    """Read a weights file (gzipped JSON)."""
    return orjson.loads(gzip.decompress(path.read_bytes()))


def write_weights(path: Path, data: Any) -> None:
    """Write a weights file; equal data gives equal bytes."""
    path.write_bytes(gzip.compress(orjson.dumps(data, option=orjson.OPT_SORT_KEYS), compresslevel=9, mtime=0))
