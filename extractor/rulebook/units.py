"""Rules of section ``units``."""

from __future__ import annotations

from typing import Literal

from extractor.rulebook.base import Rule


class UnitRule(Rule):
    """A group of units; ``kind`` says how a result writes them.

    ``percent`` becomes ``%``, ``points`` becomes ``points``, ``times`` becomes ``x``; ``symbol`` and ``counted`` stay as
    written.
    """

    kind: Literal["percent", "points", "times", "symbol", "counted"]
    forms: tuple[str, ...]
