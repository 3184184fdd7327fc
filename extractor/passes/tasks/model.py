"""The learned decision on tasks: two small linear models whose weights ship as data.

The first reads the words (tf-idf of the abstract's words and of the title's words and pairs of words) and gives each task
a score. The second, shared by all tasks, weighs that score with the cues of the task, how they compare with those of the
other tasks, and how common the task is; it exists twice, for "is one of the tasks" and for "is the most central one".
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractor.document import Document

PATH = Path(__file__).parent.parent.parent / "model" / "tasks.npz"
_WORD = re.compile(r"[a-z][a-z0-9]+")
Floats = NDArray[np.float64]


def title_words(lower: str) -> list[str]:
    """Return the words and pairs of words of a lower-case title."""
    words = _WORD.findall(lower)
    return words + [f"{first} {second}" for first, second in pairwise(words)]


def abstract_words(lower: str) -> list[str]:
    """Return the words of a lower-case abstract."""
    return _WORD.findall(lower)


def features(title: Floats, abstract: Floats, score: Floats, prior: Floats) -> Floats:
    """Return the features of every task as columns (features × tasks).

    ``title`` and ``abstract`` are strengths of cues, ``score`` the log odds by the words, ``prior`` the log odds of the
    task among all papers.
    """
    strength = 2.0 * title + abstract
    order = np.argsort(-strength, kind="stable")
    top = max(float(strength[order[0]]), 1.0)
    second = float(strength[order[1]]) if len(order) > 1 else 0.0
    probability = 1.0 / (1.0 + np.exp(-score))
    likeliest = int(np.argmax(score))
    result = np.zeros((19, len(strength)))
    result[0] = title
    result[1] = abstract
    result[2] = np.log1p(title)
    result[3] = np.log1p(abstract)
    result[4] = strength / top
    result[5] = strength > 0
    result[6] = title / max(float(title.max()), 1.0)
    result[7] = abstract / max(float(abstract.max()), 1.0)
    result[8, order[0]] = 1.0
    result[9, order[1:2]] = 1.0
    result[10, order[2:3]] = 1.0
    result[11, order[:6]] = 1.0
    result[12] = float(strength.sum()) / 50.0
    result[13] = second / top
    result[14] = prior
    result[15] = score
    result[16] = probability
    result[17] = probability / max(float(probability[likeliest]), 1e-3)
    result[18, likeliest] = 1.0
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
        self._idf = weights["idf"].astype(np.float64).tolist()
        names = str(weights["vocabulary"]).split("\n")
        border = int(weights["border"])
        self._abstract = {word: index for index, word in enumerate(names[:border])}
        self._title = {word: index for index, word in enumerate(names[border:], border)}
        self._member = weights["member"].astype(np.float64)
        self._central = weights["central"].astype(np.float64)
        self.share, self.enough = (float(x) for x in weights["decision"])

    def score(self, title: str, abstract: str) -> Floats:
        """Return the log odds of each task by the words of a lower-case title and abstract."""
        rows: list[int] = []
        values: list[float] = []
        for words, index in ((abstract_words(abstract), self._abstract), (title_words(title), self._title)):
            counts: dict[int, int] = {}
            for word in words:
                if (row := index.get(word)) is not None:
                    counts[row] = counts.get(row, 0) + 1
            block = [(1.0 if times == 1 else 1.0 + math.log(times)) * self._idf[row] for row, times in counts.items()]
            length = math.sqrt(sum(value * value for value in block)) or 1.0
            rows += counts
            values += [value / length for value in block]
        if not rows:
            return self._bias.copy()
        by_words: Floats = np.asarray(values, dtype=np.float32) @ self._weights[rows]
        return self._bias + by_words

    def probabilities(self, document: Document, title: Floats, abstract: Floats) -> tuple[Floats, Floats]:
        """Return for each task the probability that it is one of the tasks, and that it is the most central one."""
        lower = document.lower
        score = self.score(lower[: document.title_end], lower[document.title_end + 1 :])
        columns = features(title, abstract, score, self._prior)
        member = self._member[:-1] @ columns + self._member[-1]
        central = self._central[:-1] @ columns + self._central[-1]
        return 1.0 / (1.0 + np.exp(-member)), 1.0 / (1.0 + np.exp(-central))


@lru_cache(maxsize=4)
def load_task_model(tasks: tuple[str, ...]) -> TaskModel | None:
    """Return the shipped model for these tasks, None where no model is shipped."""
    if not PATH.is_file():
        return None
    with np.load(PATH, allow_pickle=False) as archive:
        return TaskModel({name: archive[name] for name in archive.files}, tasks)
