"""Rules of section ``units``."""

from __future__ import annotations

from typing import Literal

from extractor.rulebook.base import Rule


class UnitRule(Rule):
    """A group of units; ``kind`` says how a result writes them.

    ``percent`` becomes ``%``, ``points`` becomes ``points``, ``times`` becomes ``x``; ``symbol`` and ``counted`` stay as
    written; ``parameters`` are no unit once their magnitude is multiplied out (0.51M parameters are 510000).
    """

    kind: Literal["percent", "points", "times", "symbol", "counted", "parameters"]
    forms: tuple[str, ...]
