"""The learned decision: one linear model a kind over named features; weights are data (``extractor/model/names.json.gz``)."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from extractor.passes.names.features import spell
from extractor.passes.names.surroundings import Part

KINDS = ("model", "dataset", "proposed")
Vector = tuple[int, int, int]
SCALE = 1000  # weights are whole thousandths: sums are exact in any order


class _PartIndex(dict[Part, tuple[tuple[int, ...], Vector]]):
    """Which weights a part calls for, and their sum, found on first sight."""

    def __init__(self, weights: dict[str, Vector]) -> None:
        super().__init__()
        self._weights = weights
        self._numbers = {feature: i for i, feature in enumerate(weights)}

    def __missing__(self, part: Part) -> tuple[tuple[int, ...], Vector]:
        if len(self) >= 400_000:
            self.clear()
        features = [f for f in dict.fromkeys(spell(part)) if f in self._numbers]
        entry = self[part] = tuple(map(self._numbers.__getitem__, features)), _sum([self._weights[f] for f in features])
        return entry


class NameModel:
    """Weights per feature and kind, and the calibration of each kind."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Take the parsed weights file: ``weights`` (feature to three whole thousandths), ``calibration``, ``non_names``."""
        self.weights: dict[str, Vector] = {k: (v[0], v[1], v[2]) for k, v in data["weights"].items()}
        self._columns = [list(column) for column in zip(*self.weights.values(), strict=True)]
        self._parts = _PartIndex(self.weights)
        self.calibration: list[tuple[float, float]] = [(a, b) for a, b in data["calibration"]]
        self.non_names: frozenset[str] = frozenset(data["non_names"])

    def total(self, features: Iterable[str]) -> Vector:
        """Return the summed weights of ``features``, in thousandths."""
        return _sum(filter(None, map(self.weights.get, features)))

    def total_of_parts(self, parts: Iterable[Part], *, disjoint: bool = False) -> Vector:
        """Return the summed weights of the features of ``parts``, each feature once.

        ``disjoint`` says that no two parts share a feature, so that their sums may be added up.
        """
        index = self._parts
        if disjoint:
            return _sum([index[part][1] for part in parts])
        found: set[int] = set().union(*[index[part][0] for part in parts])
        a, b, c = (sum(map(column.__getitem__, found)) for column in self._columns)
        return a, b, c

    def probability(self, kind: int, score: int) -> float:
        """Return the calibrated probability of a summed score."""
        slope, shift = self.calibration[kind]
        z = slope * score / SCALE + shift
        if z < -30:
            return 0.0
        return 1 / (1 + math.exp(-z))


def _sum(vectors: Iterable[Vector]) -> Vector:
    a = b = c = 0
    for x, y, z in vectors:
        a += x
        b += y
        c += z
    return a, b, c


def model_dir() -> Path:
    """Return the folder of the shipped weights."""
    return Path(__file__).parent.parent.parent / "model"


@lru_cache(maxsize=2)
def load_model(path: Path | None = None) -> NameModel:
    """Return the shipped model, or that of ``path``; read once a process.

    Raises:
        OSError: the file cannot be read.
    """
    path = path or model_dir() / "names.json.gz"
    return NameModel(orjson.loads(gzip.decompress(path.read_bytes())))


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return ordinary English words of abstracts, lower case."""
    return frozenset((model_dir() / "common_words.txt").read_text(encoding="utf-8").split())
