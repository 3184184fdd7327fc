"""The literal pre-filter: one Aho-Corasick walk decides which patterns run on which sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from ahocorasick_rs import AhoCorasick

from extractor.document import Document
from extractor.rulebook.base import PatternRule

P = TypeVar("P", bound=PatternRule)


class PatternSet(Generic[P]):
    """Patterns behind a common pre-filter."""

    def __init__(self, rules: Sequence[P], flags: int = 0) -> None:
        """Compile the patterns; ``flags`` are those of :mod:`re`."""
        self.rules = tuple(rules)
        self._compiled = [re.compile(rule.pattern, flags) for rule in self.rules]
        owners: dict[str, list[int]] = {}
        for index, rule in enumerate(self.rules):
            for literal in rule.literals:
                owners.setdefault(literal, []).append(index)
        self._literals = list(owners)
        self._owners = [owners[literal] for literal in self._literals]
        self._automaton = AhoCorasick(self._literals) if self._literals else None

    def find(self, document: Document, *, prefilter: bool = True) -> Iterator[tuple[P, re.Match[str]]]:
        """Yield rule and match, sentence by sentence and rule by rule.

        ``prefilter=False`` runs every pattern everywhere; the answer is the same (a test holds it to that).
        """
        if self._automaton is None:
            return
        wanted: dict[int, set[int]] = {}
        if prefilter:
            for literal, start, _ in self._automaton.find_matches_as_indexes(document.lower, overlapping=True):
                wanted.setdefault(document.sentence_of(start), set()).update(self._owners[literal])
        else:
            everything = set(range(len(self.rules)))
            wanted = dict.fromkeys(range(len(document.sentences)), everything)
        for index in sorted(wanted):
            start, end = document.sentences[index]
            for which in sorted(wanted[index]):
                for match in self._compiled[which].finditer(document.text, start, end):
                    yield self.rules[which], match
