"""Rules of section ``number_words``."""

from __future__ import annotations

from typing import Literal

from extractor.rulebook.base import Rule


class NumberWordRule(Rule):
    """Words and the numbers that they stand for.

    ``cardinal``: plain numbers; ``multiple``: factors; ``increase`` and ``decrease``: verbs that hold a factor and a
    direction; ``fraction``: parts of one.
    """

    kind: Literal["cardinal", "multiple", "increase", "decrease", "fraction"]
    values: dict[str, float]
