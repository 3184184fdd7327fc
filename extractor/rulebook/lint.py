"""What can be wrong with rules that load: examples that do not match, literals that a match lacks, patterns that can blow up.

Whether a pattern can backtrack badly is found out by trying: for every repetition in it a text is made that repeats
what the repetition takes and then fails. Time that grows with the square of the text, or worse, is a finding.
"""

from __future__ import annotations

import re
import re._constants as c  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from extractor.rulebook.base import Rule
from extractor.rulebook.load import RuleSet

SLOW_SECONDS = 0.02
_FEW = 24  # so many repetitions are slow only where time grows exponentially
_REPEATS = (16, 20, _FEW, 125, 250, 500, 1_000, 2_000, 4_000)
_TAILS = ("\x01", "")


@dataclass(frozen=True)
class Finding:
    """One fault of one rule."""

    section: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.section}: {self.rule}: {self.message}"


def lint(rules: RuleSet) -> list[Finding]:
    """Return the faults of all rules, in their order. Duplicate ids and missing examples do not even load."""
    return [
        Finding(section, rule.id, message)
        for section, members in sorted(rules.sections.items())
        for rule in members
        for message in _faults(rule)
    ]


def _faults(rule: Rule) -> Iterator[str]:
    pattern = getattr(rule, "pattern", None)
    if not isinstance(pattern, str):
        return
    # sections differ in whether case counts; where all examples match as written, it does
    flags = 0 if all(re.search(pattern, example) for example in rule.examples) else re.IGNORECASE
    compiled = re.compile(pattern, flags)
    literals = getattr(rule, "literals", ())
    for example in rule.examples:
        match = compiled.search(example)
        if match is None:
            yield f"the pattern does not match its example {example!r}"
        elif literals and not any(literal in match[0].lower() for literal in literals):
            yield f"the match {match[0]!r} in an example holds none of the literals: the pre-filter would lose it"
    if slow := find_slow_text(pattern, flags):
        yield f"the pattern backtracks badly on texts like {slow[:40]!r}"


def find_slow_text(pattern: str, flags: int = 0) -> str | None:
    """Return the beginning of a text on which the pattern takes more than linear time, None if none was found."""
    compiled = re.compile(pattern, flags)
    for before, body in dict.fromkeys(_repetitions(parser.parse(pattern), "")):
        for tail in _TAILS:
            earlier = float("inf")
            for many in _REPEATS:
                seconds = _seconds(compiled, before + body * many + tail)
                if seconds > SLOW_SECONDS and (many <= _FEW or seconds > 2.8 * earlier):
                    return before + body * many + tail
                earlier = seconds
    return None


def _seconds(compiled: re.Pattern[str], text: str) -> float:
    """Return the time of one search; one that seems slow is measured again, in case the machine was busy."""
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        compiled.search(text)
        best = min(best, time.process_time() - began)
        if not SLOW_SECONDS < best < 1:
            break
    return best


def _repetitions(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """Yield for every long repetition a text that leads up to it and a text that it takes once."""
    for operation, argument in tree:
        if operation in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            _, most, body = argument
            if most == c.MAXREPEAT or most > 20:
                for sample in _samples(body):
                    if sample:
                        yield before, sample
            yield from _repetitions(body, before)
        else:
            for inner in _inner(operation, argument):
                yield from _repetitions(inner, before)
        before += next(iter(_samples([(operation, argument)])), "")


def _inner(operation: Any, argument: Any) -> list[Any]:
    if operation is c.BRANCH:
        return list(argument[1])
    if operation is c.SUBPATTERN:
        return [argument[3]]
    if operation is c.ATOMIC_GROUP:
        return [argument]
    if operation in (c.ASSERT, c.ASSERT_NOT):
        return [argument[1]]
    return []


def _samples(tree: Any) -> list[str]:
    """Return a few texts that a part of a pattern takes, one for each alternative."""
    samples = [""]
    for operation, argument in tree:
        if operation is c.LITERAL:
            found = [chr(argument)]
        elif operation is c.NOT_LITERAL:
            found = ["a" if argument != ord("a") else "b"]
        elif operation is c.ANY:
            found = ["a"]
        elif operation is c.IN:
            found = _members(argument)
        elif operation in (c.MAX_REPEAT, c.MIN_REPEAT, c.POSSESSIVE_REPEAT):
            found = [s * max(argument[0], 1) for s in _samples(argument[2])]
        elif operation in (c.ASSERT, c.ASSERT_NOT):
            found = [""]
        else:
            found = [s for inner in _inner(operation, argument) for s in _samples(inner)] or [""]
        samples = [a + b for a in samples for b in found][:4]
    return samples


_CATEGORY = {c.CATEGORY_DIGIT: "1", c.CATEGORY_SPACE: " ", c.CATEGORY_WORD: "a", c.CATEGORY_NOT_SPACE: "a", c.CATEGORY_NOT_DIGIT: "a", c.CATEGORY_NOT_WORD: "-"}  # fmt: skip


def _members(argument: Any) -> list[str]:
    """Return a few characters of a set."""
    if argument and argument[0][0] is c.NEGATE:
        compiled = re.compile(f"[^{''.join(re.escape(m) for m in _members(argument[1:]))}]")
        return [next((ch for ch in "a1 -.,A" if compiled.match(ch)), "a")]
    found = []
    for operation, value in argument:
        if operation is c.LITERAL:
            found.append(chr(value))
        elif operation is c.RANGE:
            found.append(chr(value[0]))
        elif operation is c.CATEGORY:
            found.append(_CATEGORY.get(value, "a"))
    return found[:4] or ["a"]
