"""Rules of section ``reasons``."""

from __future__ import annotations

from pydantic import Field

from extractor.rulebook.base import PatternRule


class ReasonRule(PatternRule):
    """Why a number is no result: shown by ``extractor explain``, never used to decide.

    Every match of ``pattern`` holds the number; the first rule that matches gives the reason.
    """

    reason: str = Field(min_length=1, description="shown as it is: 'year', 'setting'")
