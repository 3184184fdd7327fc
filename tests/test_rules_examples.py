"""Every rule fires on its examples and stays silent on its counter-examples."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from extractor.document import Document
from extractor.passes.language import LanguagePass
from extractor.passes.names import NamesPass
from extractor.passes.results.annotate import MetricFinder
from extractor.passes.results.numbers import NumberReader
from extractor.rulebook import load_rules
from extractor.rulebook.base import Rule
from extractor.text.clean import load_cleaner

BOOK = load_rules()
CLEANER = load_cleaner(BOOK.table("latex"))
METRICS = MetricFinder(BOOK)
NUMBERS = NumberReader(BOOK)
NAMES = NamesPass(BOOK, ner=False)
LANGUAGES = LanguagePass(BOOK)
ELSEWHERE = {
    "hosts",
    "code",
    "bit_widths",
    "tasks",
}  # tried by the tests of their passes, which know what an example means there


def document(text: str) -> Document:
    title, newline, abstract = text.partition("\n")
    return Document(title, abstract, CLEANER) if newline else Document("", text, CLEANER)


def _metric(rule: Any, text: str) -> bool:
    if not rule.forms and not rule.acronyms:  # "other": what no words name
        return text in rule.examples
    read = document(text)
    return rule.id in {name for found in METRICS.find(read, 0, len(read.text)) for name in (found.id, *found.others)}


def _unit(rule: Any, text: str) -> bool:
    read = document(text).text
    return any(number.unit_kind == rule.kind for number in NUMBERS.read(read, 0, len(read)))


def _number_word(rule: Any, text: str) -> bool:
    read = document(text).text
    values = {float(value) for value in rule.values.values()}
    return any({number.low, number.high} & values for number in NUMBERS.read(read, 0, len(read)))


def _forms(rule: Any, text: str) -> bool:
    lower = document(text).lower
    return any(
        re.search(
            rf"(?<!\w){re.escape(form[:-1])}" if form.endswith("*") else rf"(?<!\w){re.escape(form)}(?!\w)", lower
        )
        for form in rule.forms
    )


def _pattern(rule: Any, text: str) -> bool:
    match = re.search(rule.pattern, document(text).text)
    return match is not None and any(literal in match[0].lower() for literal in rule.literals)


def _names(rule: Any, text: str) -> bool:
    if rule.pattern is None:
        return any(name in text for name in (*rule.names, *rule.ambiguous, *rule.never, *rule.spellings))
    _, names = NAMES.candidates(document(text))
    return any(vote[1] == rule.id for name in names for mention in name.mentions for vote in mention.votes)


def _language(rule: Any, text: str) -> bool:
    return LANGUAGES("", text) == rule.id


FIRES: dict[str, Callable[[Any, str], bool]] = {
    "metrics": _metric,
    "units": _unit,
    "number_words": _number_word,
    "qualifiers": _forms,
    "cues": _forms,
    "models": _names,
    "datasets": _names,
    "proposed": _names,
    "languages": _language,
}


def fires(section: str, rule: Rule, text: str) -> bool:
    if section in FIRES:
        return FIRES[section](rule, text)
    assert getattr(rule, "pattern", None) is not None, f"say here how a rule of section {section!r} is tried"
    return _pattern(rule, text)


RULES = [(section, rule) for section, rules in BOOK.sections.items() if section not in ELSEWHERE for rule in rules]


@pytest.mark.parametrize("section", sorted({section for section, _ in RULES}))
def test_examples(section: str) -> None:
    wrong = [
        f"{rule.id}: {'silent on' if wanted else 'fires on'} {text!r}"
        for name, rule in RULES
        if name == section
        for wanted, texts in ((True, rule.examples), (False, rule.counter_examples))
        for text in texts
        if fires(section, rule, text) is not wanted
    ]
    assert not wrong
