"""The shapes that all rules share."""

from __future__ import annotations

import re
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator


class Rule(BaseModel):
    """A rule: an id, examples that it must match and counter-examples that it must not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_.\-]*$", description="unique in its section")
    note: str | None = Field(default=None, description="why the rule is there, or a source")
    examples: tuple[str, ...] = Field(min_length=1, description="texts in which the rule must fire")
    counter_examples: tuple[str, ...] = Field(default=(), description="texts in which it must not")


class PatternRule(Rule):
    """A rule that is one regular expression, run only where one of its literals stands.

    ``literals`` are lower-case strings; every match of ``pattern`` contains at least one of them, ignoring case.
    """

    pattern: str
    literals: tuple[str, ...] = Field(min_length=1)

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return value

    @model_validator(mode="after")
    def _lower(self) -> Self:
        for literal in self.literals:
            if literal != literal.lower() or not literal:
                raise ValueError(f"literal {literal!r} must be lower case and not empty")
        return self
