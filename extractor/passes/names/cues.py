"""Votes of the cue rules: "we propose NAME", "on the NAME data set"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from extractor.passes.names.lexicon import Lexicon
from extractor.passes.names.spans import Mention, Spans
from extractor.rulebook.base import PatternRule
from extractor.rulebook.names import NameRule
from extractor.rulebook.prefilter import PatternSet


@dataclass(frozen=True)
class _Cue:
    kind: str
    rule: NameRule

    @property
    def pattern(self) -> str:
        return self.rule.pattern or ""

    @property
    def literals(self) -> tuple[str, ...]:
        return self.rule.literals


class Cues:
    """The cue rules of all three kinds behind one pre-filter."""

    def __init__(self, models: Sequence[NameRule], datasets: Sequence[NameRule], proposed: Sequence[NameRule]) -> None:
        """Compile the rules that are cues."""
        cues = [
            _Cue(kind, rule)
            for kind, rules in (("model", models), ("dataset", datasets), ("proposed", proposed))
            for rule in rules
            if rule.pattern is not None
        ]
        self._patterns = PatternSet(cast("list[PatternRule]", cues))

    def vote(self, spans: Spans, lexicon: Lexicon) -> None:
        """Give each mention that a cue announces its vote; introduce mentions where a rule may."""
        for found, match in self._patterns.find(spans.document):
            cue = cast("_Cue", found)
            start, end = match.span("name")
            mentions = [m for m in spans.by_start.get(start, ()) if m.end <= end] or spans.by_start.get(start, [])
            if cue.rule.introduces:
                introduced = _introduce(spans, start, end, lexicon)
                if introduced is not None:
                    mentions = [introduced]
            if mentions:
                best = max(mentions, key=lambda m: m.end)
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
