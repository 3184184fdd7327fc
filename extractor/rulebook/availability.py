"""Rules of section ``code``."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from extractor.rulebook.base import PatternRule


class AvailabilityRule(PatternRule):
    """A word or phrase by which a text says whether its code can be had; patterns see the sentence in
    lower case.

    ``noun`` names code, ``other`` what else papers give away (data, models, demos). ``act`` stands before its noun ("we
    release … code"), ``state`` behind it ("code … is available"), both within ``reach`` characters and not beyond a
    ``barrier``. ``whole`` says it all ("an open-source toolkit"), ``page`` says that the code is on a page of the work.
    """

    role: Literal["noun", "other", "act", "state", "whole", "page", "barrier"]
    status: Literal["released", "promised"] | None = None
    wide: bool = Field(default=False, description="a state that is said of the weaker nouns too")
    strong: bool = Field(default=False, description="a noun that names code beside any link, not only on a code host")
    reach: int = Field(default=0, ge=0, le=400, json_schema_extra={"unit": "characters"})

    @model_validator(mode="after")
    def _status_goes_with_role(self) -> Self:
        if (self.status is not None) != (self.role in ("act", "state", "whole")):
            raise ValueError(f"role {self.role!r} and status {self.status!r} do not go together")
        return self
