"""What a paper works on: cues weighed by rules, and a learned decision over the same cues and the words of the text.

By rules alone the tasks with the strongest cues are taken. With the trained pass on, a small linear model
(``extractor/model/tasks.npz``) gives each task a probability from its cues, their rank among the tasks, and the words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from extractor.document import Document
from extractor.passes.candidates import TaskCandidate
from extractor.passes.tasks.cues import TaskCues, plain
from extractor.passes.tasks.model import TaskModel, load_task_model
from extractor.rulebook import RuleSet
from extractor.rulebook.tasks import TaskRule

MOST = 3  # tasks a paper
TITLE = 1.5  # a cue in the title counts so often as one in the abstract
ENOUGH = 9.0  # strength that a second or third task must have
SHARE = 0.5  # and its share of the first one's


class TaskPass:
    """Finds the tasks by the rules of section ``tasks`` and, if ``trained``, the model; a pure function of the document."""

    def __init__(self, rules: RuleSet, *, trained: bool = True) -> None:
        every = rules.section("tasks", TaskRule)
        self.cues = TaskCues(every)
        self._fallback = "other" if "other" in self.cues.tasks else None
        self._model: TaskModel | None = load_task_model(tuple(self.cues.tasks)) if trained else None

    def __call__(self, document: Document) -> list[TaskCandidate]:
        """Return one to three tasks, the most central first; none if there are no rules or nothing to read."""
        if not self.cues.tasks or not document.text.strip():
            return []
        text, border = plain(document.lower), document.title_end
        title, abstract = self.cues.strengths(text, border)
        if self._model is not None:
            probability, central = self._model.probabilities(text, border, title, abstract)
            return self._pick(probability, central, self._model.share, self._model.enough, "learned")
        strength = TITLE * title + abstract
        if not strength.any():
            return [TaskCandidate(self._fallback, 1, 0.0, "fallback")] if self._fallback else []
        return self._pick(strength, strength, SHARE, ENOUGH, "cues")

    def _pick(
        self, score: NDArray[np.float64], central: NDArray[np.float64], share: float, enough: float, rule: str
    ) -> list[TaskCandidate]:
        """Take the best task and those near it, and put the most central first."""
        best = np.argsort(-score, kind="stable")[:MOST]
        top = float(score[best[0]])
        taken = [int(task) for task in best if task == best[0] or (score[task] > share * top and score[task] > enough)]
        taken.sort(key=lambda task: -float(central[task]))
        return [
            TaskCandidate(self.cues.tasks[task], rank, round(float(score[task]), 4), rule)
            for rank, task in enumerate(taken, 1)
        ]
