"""Rules of section ``bit_widths``."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from extractor.records import NumberFormat, Target
from extractor.rulebook.base import PatternRule


class BitWidthRule(PatternRule):
    """A way to write a precision, or a word that decides about one; patterns ignore case.

    A ``width`` pattern has the group ``bits`` (a number, a list or a range), or groups named by targets (``weights``,
    ``activations`` …), or stands for the fixed number ``bits``. A ``target`` rule names what has the width: in the words
    right ``behind`` the number or ``before`` it, in the ``sentence``, or in the ``paper`` as a whole. A ``format``
    pattern behind a width says how the number is stored. ``not_behind`` and ``not_before`` patterns make a number of
    bits something else; a ``context`` pattern must stand in the paper for the widths that need one.
    """

    role: Literal["width", "target", "format", "not_behind", "not_before", "context"]
    bits: float | None = Field(default=None, gt=0, json_schema_extra={"unit": "bits"})
    format: NumberFormat | None = None
    targets: tuple[Target, ...] = ()
    place: Literal["behind", "before", "sentence", "paper"] | None = None
    context: Literal["none", "paper", "sentence"] = Field(default="none", description="where a width needs a context")
    not_in_paper: str | None = Field(
        default=None, description="a pattern of papers in which the width is another thing"
    )
    whole_model: bool = Field(
        default=False, description="a width that is the whole model's unless words at it say else"
    )
    confidence: float = Field(default=0.9, ge=0, le=1)

    @field_validator("not_in_paper")
    @classmethod
    def _paper_pattern_compiles(cls, value: str | None) -> str | None:
        try:
            re.compile(value or "")
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return value

    @model_validator(mode="after")
    def _role_has_its_fields(self) -> Self:
        if (self.role == "target") != (self.place is not None):
            raise ValueError("a target rule, and no other, has a place")
        if self.role == "target" and not self.targets:
            raise ValueError("a target rule names targets")
        return self
