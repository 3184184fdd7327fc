"""Conditional logistic regression over sparse string features: choose one candidate of a group, or one class.

Both are fitted by L-BFGS with an L2 penalty, from zero weights, so that a fit depends on nothing but its data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix


class Vocabulary:
    """Feature names to columns; names seen fewer than ``least`` times are left out."""

    def __init__(self, rows: Sequence[Sequence[str]], least: int = 2) -> None:
        counts = Counter(name for row in rows for name in set(row))
        self.index = {name: i for i, name in enumerate(sorted(n for n, c in counts.items() if c >= least))}

    def matrix(self, rows: Sequence[Sequence[str]]) -> csr_matrix:
        """Return the rows as a matrix of zeros and ones."""
        indices: list[int] = []
        starts = [0]
        for row in rows:
            indices.extend(sorted({self.index[name] for name in row if name in self.index}))
            starts.append(len(indices))
        return csr_matrix((np.ones(len(indices)), indices, starts), shape=(len(rows), len(self.index)))


def fit_ranker(
    rows: Sequence[Sequence[str]], groups: Sequence[int], right: Sequence[bool], penalty: float = 1.0, least: int = 2
) -> dict[str, float]:
    """Fit weights so that in each group the right candidates (any of them) beat the others; groups are consecutive."""
    vocabulary = Vocabulary(rows, least)
    matrix = vocabulary.matrix(rows)
    group = np.asarray(groups)
    good = np.asarray(right, dtype=bool)
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    sizes = np.diff(np.r_[starts, len(group)])
    number = np.repeat(np.arange(len(starts)), sizes)
    usable = np.add.reduceat(good.astype(int), starts) > 0

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        score = matrix @ w
        top = np.maximum.reduceat(score, starts)
        e = np.exp(score - top[number])
        total = np.add.reduceat(e, starts)
        hit = np.add.reduceat(np.where(good, e, 0.0), starts)
        value = -np.log(np.maximum(hit[usable], 1e-300) / total[usable]).sum() + 0.5 * penalty * (w @ w)
        p = e / total[number]
        q = np.where(good, e, 0.0) / np.maximum(hit, 1e-300)[number]
        delta = np.where(usable[number], p - q, 0.0)
        return value, matrix.T @ delta + penalty * w

    fit = minimize(loss, np.zeros(matrix.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return {name: float(fit.x[i]) for name, i in vocabulary.index.items()}


def fit_classes(
    rows: Sequence[Sequence[str]],
    labels: Sequence[str],
    penalty: float = 1.0,
    least: int = 2,
    weights: Sequence[float] | None = None,
) -> tuple[list[str], dict[str, list[float]]]:
    """Fit a softmax classifier; returns the classes and, per feature, one weight a class."""
    vocabulary = Vocabulary(rows, least)
    matrix = vocabulary.matrix(rows)
    classes = sorted(set(labels))
    target = np.array([classes.index(label) for label in labels])
    importance = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=float)
    shape = (matrix.shape[1], len(classes))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        w = flat.reshape(shape)
        score = matrix @ w
        score -= score.max(axis=1, keepdims=True)
        e = np.exp(score)
        p = e / e.sum(axis=1, keepdims=True)
        value = -(importance * np.log(np.maximum(p[np.arange(len(target)), target], 1e-300))).sum() + 0.5 * penalty * (
            flat @ flat
        )
        p[np.arange(len(target)), target] -= 1
        return value, (matrix.T @ (p * importance[:, None]) + penalty * w).ravel()

    fit = minimize(loss, np.zeros(shape[0] * shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    w = fit.x.reshape(shape)
    return classes, {name: [float(x) for x in w[i]] for name, i in vocabulary.index.items()}
