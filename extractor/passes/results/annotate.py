"""A sentence as the decisions see it: a row of items, each a number, a metric, a name or a word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick, MatchKind

from extractor.document import Document
from extractor.passes.results.numbers import Number, NumberReader
from extractor.rulebook import RuleSet
from extractor.rulebook.metrics import MetricRule


@dataclass(slots=True, frozen=True)
class Metric:
    """A mention of a metric: ``id`` of the first rule with this form, ``others`` those that share it."""

    id: str
    start: int
    end: int
    acronym: bool
    others: tuple[str, ...] = ()


@dataclass(slots=True, frozen=True)
class Name:
    """A mention of a name: ``kinds`` holds model, dataset, proposed or other."""

    start: int
    end: int
    text: str
    kinds: frozenset[str]


@dataclass(slots=True)
class Item:
    """One position of the row. ``key`` is the item as features spell it; exactly one of the payloads may be set."""

    key: str
    start: int
    end: int
    number: Number | None = None
    metric: Metric | None = None
    name: Name | None = None
    acronym: bool = False


@dataclass(slots=True)
class Row:
    """A sentence with numbers. ``places`` are the indices of the numbers in ``items``."""

    index: int
    start: int
    end: int
    items: list[Item] = field(default_factory=list)
    places: list[int] = field(default_factory=list)


def _spaced(text: str) -> str:
    """Return the text with hyphens as blanks: "endpoint-error" is "endpoint error"."""
    return text.replace("-", " ").replace("–", " ")


class MetricFinder:
    """Finds mentions of metrics, the longest first, in one Aho-Corasick walk."""

    def __init__(self, rules: RuleSet) -> None:
        """Build the automaton over the forms of all metrics."""
        self.polarity: dict[str, str] = {}
        self._ids: list[tuple[str, str | None]] = []
        forms: list[str] = []
        for rule in rules.section("metrics", MetricRule):
            self.polarity[rule.id] = rule.polarity
            for form in rule.forms:
                forms.append(_spaced(form.lower()))
                self._ids.append((rule.id, None))
            for acronym in rule.acronyms:
                forms.append(_spaced(acronym.lower()))
                self._ids.append((rule.id, acronym))
        self.by_form: dict[str, list[tuple[str, str | None]]] = {}
        for form, which in zip(forms, self._ids, strict=True):
            self.by_form.setdefault(form, []).append(which)
        self._patterns = list(self.by_form)
        self._automaton = AhoCorasick(self._patterns, matchkind=MatchKind.Standard)

    def find(self, document: Document, start: int, end: int) -> list[Metric]:
        """Return the mentions in ``start:end``, in order, longest first where they overlap."""
        lower, text = _spaced(document.lower[start:end]), document.text
        hits: list[tuple[int, int, str]] = []
        for index, at, to in self._automaton.find_matches_as_indexes(lower, overlapping=True):
            if (at and (lower[at - 1].isalnum() or lower[at - 1] == "_")) or (
                to < len(lower) and (lower[to].isalnum() and lower[to - 1] not in "@_")
            ):
                continue
            hits.append((at + start, to + start, self._patterns[index]))
        hits.sort(key=lambda h: (h[0], -h[1]))
        found: list[Metric] = []
        last = -1
        for at, to, form in hits:
            if at < last:
                continue
            ids = [metric for metric, acronym in self.by_form[form] if acronym is None or text[at:to] == acronym]
            if ids:
                found.append(Metric(ids[0], at, to, text[at:to].isupper(), tuple(ids[1:])))
                last = to
        return found


_WORD = re.compile(r"[A-Za-z]\w*(?:[-'’.+]\w+)*|\d[\w.,%]*|[^\sA-Za-z\d]")


def number_key(number: Number) -> str:
    """Return how features spell a number: by its unit."""
    if number.unit_kind == "percent":
        return "<%>"
    if number.unit_kind == "times":
        return "<x>"
    return "<n>"


class Annotator:
    """Turns a document into rows of items."""

    def __init__(self, rules: RuleSet) -> None:
        """Compile number and metric finders."""
        self.numbers = NumberReader(rules)
        self.metrics = MetricFinder(rules)

    def rows(self, document: Document, names: Sequence[Name], blocked: Sequence[tuple[int, int]]) -> list[Row]:
        """Return the sentences that hold numbers; numbers inside ``blocked`` spans (links, bit widths, names) do not count."""
        rows: list[Row] = []
        words = self.numbers.word_starts(document.lower)
        for index, (start, end) in enumerate(document.sentences):
            numbers = [
                n
                for n in self.numbers.read(document.text, start, end, words)
                if not any(s < n.bare_end and n.start < e for s, e in blocked)
                and not any(
                    (m.start < n.start and n.end <= m.end) or (m.start <= n.start and n.bare_end <= m.end)
                    for m in names
                    if m.start < n.bare_end and n.start < m.end
                )
            ]
            if numbers:
                rows.append(self._row(document, index, start, end, numbers, names))
        return rows

    def plain_row(self, document: Document, index: int, names: Sequence[Name]) -> Row:
        """Return a sentence as a row without numbers: for what its words say about a result elsewhere."""
        start, end = document.sentences[index]
        return self._row(document, index, start, end, [], names)

    def _row(
        self, document: Document, index: int, start: int, end: int, numbers: list[Number], names: Sequence[Name]
    ) -> Row:
        text = document.text
        spans: list[Item] = []
        for number in numbers:
            spans.append(Item(number_key(number), number.start, number.end, number=number))
            if number.origin is not None:
                spans.append(Item("<from>", number.origin.start, number.origin.end))
        taken = [(item.start, item.end) for item in spans]
        for name in names:
            if start <= name.start and name.end <= end and not any(s < name.end and name.start < e for s, e in taken):
                spans.append(Item("<name>", name.start, name.end, name=name))
                taken.append((name.start, name.end))
        for metric in self.metrics.find(document, start, end):
            if not any(s < metric.end and metric.start < e for s, e in taken):
                spans.append(
                    Item(_spaced(document.lower[metric.start : metric.end]), metric.start, metric.end, metric=metric)
                )
        spans.sort(key=lambda item: item.start)
        row = Row(index, start, end)
        at = start
        for item in [*spans, None]:
            stop = item.start if item is not None else end
            for m in _WORD.finditer(text, at, stop):
                word = m[0]
                row.items.append(
                    Item(word.lower(), m.start(), m.end(), acronym=len(word) > 1 and sum(map(str.isupper, word)) > 1)
                )
            if item is not None:
                if item.number is not None:
                    row.places.append(len(row.items))
                row.items.append(item)
                at = item.end
        return row
