"""Rules of sections ``models``, ``datasets`` and ``proposed``: lists of known names, and cues that announce a name."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from extractor.rulebook.base import Rule


class NameRule(Rule):
    """Either a list of names or a cue.

    A list holds ``names`` (whose string nearly always means the thing) and ``ambiguous`` ones (common words, methods,
    companies: they count only beside a cue). ``spellings`` maps further spellings to the canonical one; case, blanks,
    hyphens and a plural s need no entry. ``family`` is the family of all names of the list; without it each name is
    its own.

    A cue is a ``pattern`` with the group ``name`` around the words that it announces; it is tried at each word that is
    one of its ``literals`` (whole words, lower case), or where ``begins`` says. The cue votes for the longest candidate that starts where the group starts; with
    ``introduces`` the words of the group become a candidate themselves, whatever their shape.
    """

    family: str | None = None
    names: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    spellings: dict[str, str] = Field(default_factory=dict)
    pattern: str | None = None
    literals: tuple[str, ...] = ()
    confidence: float = Field(default=0.9, gt=0, lt=1, description="share of the votes that are right")
    introduces: bool = False
    begins: Literal["literal", "name", "title"] = Field(
        default="literal",
        description="where a match begins: at a word that is one of the literals, at a name, at the title",
    )

    @model_validator(mode="after")
    def _list_or_cue(self) -> Self:
        if (self.pattern is None) == (not self.names and not self.ambiguous and not self.never):
            raise ValueError("a rule holds either names or a pattern")
        if self.pattern is not None:
            try:
                groups = re.compile(self.pattern).groupindex
            except re.error as error:
                raise ValueError(f"not a regular expression: {error}") from error
            if "name" not in groups:
                raise ValueError("the pattern needs a group called name")
            if self.begins == "literal" and not self.literals:
                raise ValueError("a pattern needs literals, or begins = 'name' or 'title'")
        if bad := [literal for literal in self.literals if literal != literal.lower() or not literal]:
            raise ValueError(f"literal {bad[0]!r} must be lower case and not empty")
        return self


class ModelRule(NameRule):
    """Names of models and cues for them."""


class DatasetRule(NameRule):
    """Names of data sets, benchmarks and challenges, and cues for them."""


class ProposedRule(NameRule):
    """Cues that announce what a paper introduces under a name."""
