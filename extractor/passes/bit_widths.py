"""Numeric precisions: how wide the numbers are that a paper stores, sends or computes with.

A width is found by the patterns of ``rules/bit_widths.toml``, read into one or more numbers ("4-, 8-bit" is two, "1-2
bits" is a range), and given to what has it: the words at it, the sentence, the paper, and else the whole model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from extractor.document import Document
from extractor.passes.candidates import BitWidthCandidate
from extractor.records import NumberFormat, Target
from extractor.rulebook import RuleSet
from extractor.rulebook.bit_widths import BitWidthRule
from extractor.rulebook.prefilter import PatternSet

_WORDS = {
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
    "four": 4.0,
    "five": 5.0,
    "six": 6.0,
    "eight": 8.0,
    "single": 1.0,
    "sixteen": 16.0,
}
_ITEM = re.compile(r"(\d{1,2}(?:\.\d{1,2})?|one|two|three|four|five|six|eight|sixteen|single)", re.IGNORECASE)
_RANGE = re.compile(r"-?(?:bits?)?(?:\s?[-–—~]\s?|[\s-]?to[\s-]?)-?", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s$", re.IGNORECASE)
_LOW = 8.0  # widths up to this are what a paper on quantization quantizes to; wider ones are what it starts from
_BEHIND = 70  # characters
_BEFORE = 90
_WIDEST = 128.0
_Places = list[tuple[re.Pattern[str], BitWidthRule]]


class BitWidthPass:
    """Finds precisions by the rules of section ``bit_widths``; a pure function of the document."""

    def __init__(self, rules: RuleSet) -> None:
        every = rules.section("bit_widths", BitWidthRule)

        def compiled(role: str, place: str | None = None) -> _Places:
            return [
                (re.compile(rule.pattern, re.IGNORECASE), rule)
                for rule in every
                if rule.role == role and rule.place == place
            ]

        self._widths = PatternSet([rule for rule in every if rule.role == "width"], re.IGNORECASE)
        self._not_in_paper = {r.id: re.compile(r.not_in_paper, re.IGNORECASE) for r in every if r.not_in_paper}
        self._formats = compiled("format")
        self._not_behind = compiled("not_behind")
        self._not_before = compiled("not_before")
        self._context = compiled("context")
        self._behind = compiled("target", "behind")
        self._before = compiled("target", "before")
        self._sentence = compiled("target", "sentence")
        self._paper = compiled("target", "paper")

    def __call__(self, document: Document, *, prefilter: bool = True) -> list[BitWidthCandidate]:
        """Return the precisions in the order of the text, each distinct (bits, bits_high, target) once."""
        mentions = sorted(
            self._widths.find(document, prefilter=prefilter),
            key=lambda hit: (hit[1].start(), -hit[0].confidence, -hit[1].end()),
        )
        found: dict[tuple[float, float | None, Target], BitWidthCandidate] = {}
        behind = -1
        for rule, match in mentions:
            if match.start() < behind or self._is_something_else(document, rule, match):
                continue
            behind = match.end()
            for bits, high, targets, number_format in self._read(document, rule, match):
                for target in targets:
                    candidate = BitWidthCandidate(
                        match.start(), match.end(), bits, high, target, number_format, rule.id, rule.confidence
                    )
                    found.setdefault((bits, high, target), candidate)
        return list(found.values())

    def _is_something_else(self, document: Document, rule: BitWidthRule, match: re.Match[str]) -> bool:
        if rule.context == "none":
            return False
        text = document.text
        after = text[match.end() : match.end() + _BEHIND]
        if any(pattern.search(after) for pattern, _ in self._not_behind):
            return True
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if any(pattern.search(before) for pattern, _ in self._not_before):
            return True
        if (elsewhere := self._not_in_paper.get(rule.id)) and elsewhere.search(text):
            return True
        return not any(pattern.search(text) for pattern, _ in self._context)

    def _read(
        self, document: Document, rule: BitWidthRule, match: re.Match[str]
    ) -> Iterator[tuple[float, float | None, Sequence[Target], NumberFormat | None]]:
        groups = match.groupdict()
        if rule.bits is not None:
            yield rule.bits, None, self._targets(document, rule, match, rule.bits), rule.format
            return
        if groups.get("bits") is None:
            for name, number in groups.items():
                if number is not None and 0 < float(number) <= _WIDEST:
                    yield float(number), None, (_as_target(name),), rule.format
            return
        after = document.text[match.end() : match.end() + 30]
        number_format = rule.format or next((r.format for p, r in self._formats if p.search(after)), None)
        before = document.text[max(0, match.start() - 12) : match.start()]
        for bits, high in _numbers(groups["bits"], _BETWEEN.search(before) is not None):
            if 0 < bits <= _WIDEST and (high is None or bits < high <= _WIDEST):
                yield bits, high, self._targets(document, rule, match, bits), number_format

    def _targets(self, document: Document, rule: BitWidthRule, match: re.Match[str], bits: float) -> Sequence[Target]:
        """Return what has the width: what the rule says, the words at it, the paper's subject, else the model."""
        if rule.targets:
            return rule.targets
        text = document.text
        start, end = document.sentences[document.sentence_of(match.start())]
        after = text[match.end() : min(end, match.end() + _BEHIND)]
        for pattern, target in self._behind:
            if pattern.search(after):
                return target.targets
        before = text[max(start, match.start() - _BEFORE) : match.start()]
        for pattern, target in self._before:
            if pattern.search(before):
                return target.targets
        for pattern, target in self._sentence:
            if pattern.search(text, start, end):
                return target.targets
        if bits <= _LOW and not rule.whole_model:
            for pattern, target in self._paper:
                if pattern.search(text):
                    return target.targets
        return ("model",)


def _as_target(name: str) -> Target:
    targets: dict[str, Target] = {
        "weights": "weights",
        "activations": "activations",
        "kv_cache": "kv_cache",
        "keys": "keys",
        "values": "values",
        "gradients": "gradients",
    }
    return targets[name]


def _numbers(text: str, between: bool) -> list[tuple[float, float | None]]:
    """Return the numbers of a list or range: "4-, 8" is two, "1-2" a range, "8 to 4" two (a reduction)."""
    items = list(_ITEM.finditer(text))
    values = [_WORDS.get(item[0].lower()) or float(item[0]) for item in items]
    result: list[tuple[float, float | None]] = []
    index = 0
    while index < len(values):
        if index + 1 < len(values):
            gap = text[items[index].end() : items[index + 1].start()].strip(" ")
            is_range = _RANGE.fullmatch(gap) is not None or (between and gap.lower() in ("and", "-bit and"))
            if is_range and values[index] < values[index + 1]:
                result.append((values[index], values[index + 1]))
                index += 2
                continue
        result.append((values[index], None))
        index += 1
    return result
