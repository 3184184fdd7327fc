"""The learned decision on tasks: two small linear models whose weights ship as data.

The first reads the words (tf-idf of the abstract's words and of the title's words and pairs of words) and gives each task
a score. The second, shared by all tasks, weighs that score with the cues of the task, how they compare with those of the
other tasks, and how common the task is; it exists twice, for "is one of the tasks" and for "is the most central one".
"""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PATH = Path(__file__).parent.parent.parent / "model" / "tasks.npz"
Floats = NDArray[np.float64]
FEATURES = 22


def title_words(words: list[str]) -> list[str]:
    """Return the words of a title and its pairs of neighbouring words."""
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def features(title: Floats, abstract: Floats, score: Floats, prior: Floats) -> Floats:
    """Return the features of every task as columns (features × tasks).

    ``title`` and ``abstract`` are strengths of cues, ``score`` the log odds by the words, ``prior`` the log odds of the
    task among all papers.
    """
    strength = 2.0 * title + abstract
    order = np.argsort(-strength, kind="stable")
    top = max(float(strength[order[0]]), 1.0)
    second = float(strength[order[1]]) if len(order) > 1 else 0.0
    likeliest = int(score.argmax())
    result = np.zeros((FEATURES, len(strength)))
    result[0] = title
    result[1] = abstract
    np.log1p(result[:2], out=result[2:4])
    np.divide(strength, top, out=result[4])
    np.greater(strength, 0, out=result[5], casting="unsafe")
    np.divide(title, max(float(title.max()), 1.0), out=result[6])
    np.divide(abstract, max(float(abstract.max()), 1.0), out=result[7])
    for row, rank in ((8, 0), (9, 1), (10, 2)):
        result[row, order[rank : rank + 1]] = 1.0
    result[11, order[:6]] = 1.0
    result[12] = float(strength.sum()) / 50.0
    result[13] = second / top
    result[14] = prior
    result[15] = score
    np.divide(1.0, 1.0 + np.exp(-score), out=result[16])
    np.divide(result[16], max(float(result[16, likeliest]), 1e-3), out=result[17])
    result[18, likeliest] = 1.0
    np.log1p(strength, out=result[19])
    np.greater_equal(title, 4, out=result[20], casting="unsafe")
    np.greater_equal(strength, 12, out=result[21], casting="unsafe")
    return result


class TaskModel:
    """The weights, arranged for a list of tasks; a task that the model was not trained on has its cues alone."""

    def __init__(self, weights: dict[str, NDArray[np.generic]], tasks: tuple[str, ...]) -> None:
        known = {str(task): index for index, task in enumerate(weights["tasks"])}
        columns = [known.get(task, -1) for task in tasks]
        scale = np.append(weights["scale"].astype(np.float64), 0.0)[columns]
        self._weights = np.ascontiguousarray(weights["words"][:, columns]).astype(np.float32) * scale.astype(np.float32)
        self._bias = np.append(weights["bias"].astype(np.float64), -6.0)[columns]
        self._prior = np.append(weights["prior"].astype(np.float64), -6.0)[columns]
        self._idf = weights["idf"].astype(np.float64)
        names = str(weights["vocabulary"]).split("\n")
        border = int(weights["border"])
        self._abstract = {word: index for index, word in enumerate(names[:border])}
        self._title = {word: index for index, word in enumerate(names[border:], border)}
        decisions = np.stack([weights["member"], weights["central"]]).astype(np.float64)
        self._decisions = np.ascontiguousarray(decisions[:, :-1])
        self._constants = decisions[:, -1:]
        self.share, self.enough = (float(x) for x in weights["decision"])

    def score(self, title: list[str], abstract: list[str]) -> Floats:
        """Return the log odds of each task by the words of title and abstract, as :func:`plain` text has them."""
        total = self._bias.astype(np.float32)
        for words, index in ((abstract, self._abstract.get), (title_words(title), self._title.get)):
            pairs = [(row, times) for word, times in Counter(words).items() if (row := index(word)) is not None]
            if pairs:
                rows, times = np.array(pairs).T
                values = self._idf[rows] * (1.0 + np.log(times))
                total += (values / math.sqrt(values @ values)).astype(np.float32) @ self._weights[rows]
        return total.astype(np.float64)

    def probabilities(self, text: str, border: int, title: Floats, abstract: Floats) -> tuple[Floats, Floats]:
        """Return for each task the probability that it is one of the tasks, and that it is the most central one.

        ``text`` is :func:`plain` text whose title ends at ``border``.
        """
        score = self.score(text[:border].split(), text[border:].split())
        columns = features(title, abstract, score, self._prior)
        odds = self._decisions @ columns + self._constants
        member, central = 1.0 / (1.0 + np.exp(-odds))
        return member, central


@lru_cache(maxsize=4)
def load_task_model(tasks: tuple[str, ...]) -> TaskModel | None:
    """Return the shipped model for these tasks, None where no model is shipped."""
    if not PATH.is_file():
        return None
    with np.load(PATH, allow_pickle=False) as archive:
        return TaskModel({name: archive[name] for name in archive.files}, tasks)
