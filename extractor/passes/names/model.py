"""The learned decision: one linear model a kind over named features; weights are data (``extractor/model/names.json.gz``)."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

from extractor.passes.names.features import Part, spell

KINDS = ("model", "dataset", "proposed")
Vector = tuple[int, int, int]
SCALE = 1000  # weights are whole thousandths: sums are exact in any order


class _PartIndex(dict[Part, tuple[int, ...]]):
    """Which weights a part calls for, found on first sight."""

    def __init__(self, features: dict[str, int]) -> None:
        super().__init__()
        self._features = features

    def __missing__(self, part: Part) -> tuple[int, ...]:
        if len(self) >= 400_000:
            self.clear()
        found = self[part] = tuple(self._features[f] for f in spell(part) if f in self._features)
        return found


class NameModel:
    """Weights per feature and kind, and the calibration of each kind."""

    def __init__(self, data: dict[str, Any]) -> None:
        """Take the parsed weights file: ``weights`` (feature to three whole thousandths), ``calibration``, ``non_names``."""
        self.weights: dict[str, Vector] = {k: (v[0], v[1], v[2]) for k, v in data["weights"].items()}
        self._columns = [list(column) for column in zip(*self.weights.values(), strict=True)]
        self._parts = _PartIndex({feature: i for i, feature in enumerate(self.weights)})
        self.calibration: list[tuple[float, float]] = [(a, b) for a, b in data["calibration"]]
        self.non_names: frozenset[str] = frozenset(data["non_names"])

    def total(self, features: Iterable[str]) -> Vector:
        """Return the summed weights of ``features``, in thousandths."""
        a = b = c = 0
        get = self.weights.get
        for feature in features:
            vector = get(feature)
            if vector is not None:
                a += vector[0]
                b += vector[1]
                c += vector[2]
        return a, b, c

    def total_of_parts(self, parts: Iterable[Part]) -> Vector:
        """Return the summed weights of the features of ``parts``, each feature once."""
        index = self._parts
        found: set[int] = set().union(*[index[part] for part in parts])
        a, b, c = (sum(map(column.__getitem__, found)) for column in self._columns)
        return a, b, c

    def probability(self, kind: int, score: int) -> float:
        """Return the calibrated probability of a summed score."""
        slope, shift = self.calibration[kind]
        z = slope * score / SCALE + shift
        if z < -30:
            return 0.0
        return 1 / (1 + math.exp(-z))


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
