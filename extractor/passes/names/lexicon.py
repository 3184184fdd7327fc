"""Look-up of known names: the lists of ``rules/models`` and ``rules/datasets``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from extractor.passes.names.words import analyse, name_key
from extractor.rulebook.names import NameRule

_PART = re.compile(r"[\s_]+|-(?=\w)|(?<=[a-z])(?=\d)|(?<=[A-Z]{2})(?=\d)")
_PLAIN_PART = re.compile(r"[\s_]+|-(?=\w)")  # the same for names without digits
_DIGIT = re.compile(r"\d")
_VERSION = re.compile(
    r"(?:v?\d+(?:\.\d+)*[a-z]?|~?\d+(?:\.\d+)?[bmkt]|a\d+b|\d+x\d+b?|[ivx]{1,3}|base|large|small|tiny|mini|medium|micro|nano|huge|"
    r"xl|xxl|giant|big|turbo|instruct|chat|it|pro|plus|flash|lite|preview|max|ultra|high|low|omni|o|s|m|l|b|h|g|x|n|ti|"
    r"vl|vision|audio|coder|math|code|next|thinking|distill|haiku|sonnet|opus|\d+[a-z]|[a-z]\d{1,2})$",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"(?:\d{1,4}|\d{1,2}\.\d|\d+k|v\d+(?:\.\d+)*|val|test|dev|train|lite|hard|pro|verified|mini|plus|\+|[a-z]{2}|c|r|a|lt|full|"
    r"clean|other|clear|english|german|french|chinese|long|live|x|xl|20\d\d(?:/\d+)?|english-german|english-french|en|de|fr|zh)$",
    re.IGNORECASE,
)


class Entry(NamedTuple):
    """A known name."""

    canonical: str
    family: str | None
    ambiguous: bool
    rule: str


class Known(NamedTuple):
    """What the lists say about a string: as a model, as a data set, and by its base name without versions and sizes."""

    model: Entry | None
    dataset: Entry | None
    base_model: Entry | None
    base_dataset: Entry | None


NOTHING = Known(None, None, None, None)


class Lexicon:
    """The known names of a rule book."""

    def __init__(self, models: Iterable[NameRule], datasets: Iterable[NameRule]) -> None:
        """Index the lists; rules that are cues are passed over."""
        models, datasets = list(models), list(datasets)
        self.never = frozenset(name_key(name) for rule in (*models, *datasets) for name in rule.never)
        self._models = _index(models)
        self._datasets = _index(datasets)
        keys = [*self._models[0], *self._datasets[0]]
        self._heads = frozenset(key[:3] for key in keys)
        # names with a plain lower-case word ("bag of words") cannot be found by shape: index them by first word
        self.irregular: dict[str, list[tuple[str, ...]]] = {}
        for entry_name in (*self._models[1], *self._datasets[1]):
            words = [w for token in entry_name.split() for w in analyse(token)]
            if any(not w.kind for w in words) and words and words[0].core:
                self.irregular.setdefault(words[0].lower, []).append(tuple(w.lower for w in words))
        for names in self.irregular.values():
            names.sort(key=len, reverse=True)
        self.look_up = lru_cache(maxsize=100_000)(self._look_up)

    def _look_up(self, name: str) -> Known:
        key = name_key(name)
        model, dataset = self._models[0].get(key), self._datasets[0].get(key)
        base_model = base_dataset = None
        # what begins like no known name has no known base either
        heads = self._heads
        if (model is None or dataset is None) and (
            key[:3] in heads or key[:2] in heads or key[:1] in heads or not name.isascii()
        ):
            pattern = _PART if _DIGIT.search(name) else _PLAIN_PART
            parts = [m.span() for m in pattern.finditer(name)]
            for start, end in reversed(parts):
                rest = name[end:]
                base = name_key(name[:start])
                if not base:
                    break
                if model is None and base_model is None and (m := self._models[0].get(base)):
                    base_model = m if all(map(_VERSION.match, re.split(r"[\s_-]+", rest))) else None
                if dataset is None and base_dataset is None and (d := self._datasets[0].get(base)):
                    base_dataset = d if all(map(_SPLIT.match, re.split(r"[\s_-]+", rest))) else None
        if model or dataset or base_model or base_dataset:
            return Known(model, dataset, base_model, base_dataset)
        return NOTHING


def _index(rules: Iterable[NameRule]) -> tuple[dict[str, Entry], list[str]]:
    entries: dict[str, Entry] = {}
    names: list[str] = []
    for rule in rules:
        for group, ambiguous in ((rule.names, False), (rule.ambiguous, True)):
            for name in group:
                canonical = rule.spellings.get(name, name)
                names.append(name)
                entries.setdefault(name_key(name), Entry(canonical, rule.family or canonical, ambiguous, rule.id))
    return entries, names
