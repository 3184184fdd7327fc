"""Rules of section ``cues``."""

from __future__ import annotations

from extractor.rulebook.base import Rule


class CueRule(Rule):
    """A class of cue words; a form that ends in ``*`` is a prefix."""

    forms: tuple[str, ...]
