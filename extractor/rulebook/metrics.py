"""Rules of section ``metrics``."""

from __future__ import annotations

from typing import Literal

from extractor.rulebook.base import Rule


class MetricRule(Rule):
    """A metric: ``forms`` are matched ignoring case, ``acronyms`` exactly, both as whole words.

    ``in_times`` says that its bare level is a factor, with the unit ``x`` (a compression ratio of 34); ``polarity`` says whether a higher value is better; ``none`` where it depends.
    """

    description: str
    in_times: bool = False
    polarity: Literal["higher", "lower", "none"]
    forms: tuple[str, ...] = ()
    acronyms: tuple[str, ...] = ()
