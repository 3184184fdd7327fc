"""The cues of the tasks in a text: how strongly title and abstract speak for each task."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from ahocorasick_rs import AhoCorasick
from numpy.typing import NDArray

from extractor.rulebook.tasks import TaskRule

# Everything but letters and digits becomes one blank, so that "low-rank", "low rank" and "cnn/dm" need no second spelling.
_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()} | {ord(c): " " for c in "‐‑–—−“”‘’…·•×→"}
_ASCII_BLANKS = bytes(32 if code in _BLANKS else code for code in range(256))


def plain(text: str) -> str:
    """Return lower-case ``text`` with blanks for all marks, character for character."""
    if text.isascii():  # a table of bytes is ten times as fast
        return text.encode("ascii").translate(_ASCII_BLANKS).decode("ascii")
    return text.translate(_BLANKS)


class TaskCues:
    """Matches all cues in one walk over the text."""

    def __init__(self, rules: Sequence[TaskRule]) -> None:
        """Build the automaton; a cue is entered with its blanks, so that it stands for whole words only."""
        self.tasks = [rule.id for rule in rules]
        patterns: dict[str, list[tuple[int, float, int]]] = {}
        self._number = 0
        for index, rule in enumerate(rules):
            for weight, cues in rule.cues.items():
                for cue in cues:
                    self._number += 1
                    stem = " ".join(plain(cue.removesuffix("*")).split())
                    forms = [f" {stem}"] if cue.endswith("*") else [f" {stem} ", f" {stem}s "]
                    for form in forms:
                        patterns.setdefault(form, []).append((index, float(weight), self._number))
        self._owners = list(patterns.values())
        self._automaton = AhoCorasick(list(patterns)) if patterns else None

    def strengths(self, plain_text: str, border: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return for each task the strength of the cues in the title and in the abstract.

        ``plain_text`` is :func:`plain` text whose title ends at ``border``. A cue counts with its weight, in the abstract
        a little more if repeated; one inside a longer cue of the same task does not count.
        """
        number = len(self.tasks)
        title = [0.0] * number
        abstract = [0.0] * number
        if self._automaton is None:
            return np.array(title), np.array(abstract)
        text = f" {plain_text} "
        border += 1
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        hits.sort(key=lambda hit: (hit[1], -hit[2]))
        reached = [-1] * number
        seen: dict[int, int] = {}
        for pattern, start, end in hits:
            for task, weight, cue in self._owners[pattern]:
                if end <= reached[task]:
                    continue
                reached[task] = end
                if start < border:
                    if -cue not in seen:
                        seen[-cue] = 1
                        title[task] += weight
                else:
                    times = seen.get(cue, 0) + 1
                    seen[cue] = times
                    abstract[task] += weight if times == 1 else 0.5 * weight * math.log(times / (times - 1))
        return np.array(title), np.array(abstract)
