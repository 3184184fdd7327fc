"""Rules of section ``metrics``."""

from __future__ import annotations

from typing import Literal

from extractor.rulebook.base import Rule


class MetricRule(Rule):
    """A metric: ``forms`` are matched ignoring case, ``acronyms`` exactly, both as whole words.

    ``polarity`` says whether a higher value is better; ``none`` where it depends.
    """

    description: str
    polarity: Literal["higher", "lower", "none"]
    forms: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
