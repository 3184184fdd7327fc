"""Votes of the cue rules: "we propose NAME", "on the NAME data set"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import compress, count
from typing import NamedTuple

from extractor.passes.names.lexicon import Lexicon
from extractor.passes.names.spans import Mention, Spans
from extractor.rulebook.names import NameRule


class _Cue(NamedTuple):
    kind: str
    rule: NameRule
    pattern: re.Pattern[str]


class Cues:
    """The cue rules of all three kinds.

    Each is tried only where it can begin: at one of its literals, at a candidate, or at the start of the title.
    """

    def __init__(self, models: Sequence[NameRule], datasets: Sequence[NameRule], proposed: Sequence[NameRule]) -> None:
        """Compile the rules that are cues."""
        self._by_word: dict[str, list[_Cue]] = {}
        self._at_name: list[_Cue] = []
        self._at_title: list[_Cue] = []
        for kind, rules in (("model", models), ("dataset", datasets), ("proposed", proposed)):
            for rule in rules:
                if rule.pattern is None:
                    continue
                cue = _Cue(kind, rule, re.compile(rule.pattern))
                if rule.begins == "literal":
                    for literal in rule.literals:
                        self._by_word.setdefault(literal, []).append(cue)
                else:
                    (self._at_name if rule.begins == "name" else self._at_title).append(cue)

    def vote(self, spans: Spans, lexicon: Lexicon) -> None:
        """Give each mention that a cue announces its vote; introduce mentions where a rule may."""
        text = spans.document.text
        by_word = self._by_word
        for cue in self._at_title:
            if match := cue.pattern.match(text):
                _cast(spans, cue, match, lexicon)
        lower = spans.lower
        for i in compress(count(), map(by_word.__contains__, lower)):
            start = spans.starts[i]
            end = spans.document.sentences[spans.sentence[i]][1]
            for cue in by_word[lower[i]]:
                if match := cue.pattern.match(text, start, end):
                    _cast(spans, cue, match, lexicon)
        for start, mentions in list(spans.by_start.items()):
            if mentions[0].first != mentions[0].run[0]:
                continue
            end = spans.document.sentences[spans.sentence[mentions[0].first]][1]
            for cue in self._at_name:
                if match := cue.pattern.match(text, start, end):
                    _cast(spans, cue, match, lexicon)


def _cast(spans: Spans, cue: _Cue, match: re.Match[str], lexicon: Lexicon) -> None:
    start, end = match.span("name")
    mentions = spans.by_start.get(start, [])
    if cue.rule.introduces:
        introduced = _introduce(spans, start, end, lexicon)
        if introduced is not None:
            mentions = [introduced]
    if mentions:
        # "we propose Glyph Mixing": the whole name; "the Glyph Set data set": what the group holds
        inside = mentions if cue.kind == "proposed" else [m for m in mentions if m.end <= end]
        best = max(inside or mentions, key=lambda m: m.end)
        best.votes.append((cue.kind, cue.rule.id, cue.rule.confidence))


def _introduce(spans: Spans, start: int, end: int, lexicon: Lexicon) -> Mention | None:
    """Return the mention of the words between two characters; None if the words begin elsewhere."""
    first = bisect_left(spans.starts, start)
    if first >= len(spans.starts) or spans.starts[first] != start:
        return None
    last = bisect_left(spans.starts, end)
    if last <= first or not spans.words[last - 1].core:
        return None
    return spans.add(first, last, lexicon)
