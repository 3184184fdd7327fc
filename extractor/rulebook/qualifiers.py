"""Rules of section ``qualifiers``."""

from __future__ import annotations

from extractor.rulebook.base import Rule


class QualifierRule(Rule):
    """A qualifier; its id is the value of the field, its forms are lower-case words or signs beside a number."""

    forms: tuple[str, ...]
