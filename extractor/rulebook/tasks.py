"""Rules of section ``tasks``."""

from __future__ import annotations

from pydantic import Field, field_validator

from extractor.rulebook.base import Rule


class TaskRule(Rule):
    """A task and the cues that speak for it.

    ``cues`` maps a weight, written as a number, to the cues that have it. A cue is a word or phrase in lower case; a star at
    its end lets it be the beginning of a word.
    """

    description: str = Field(min_length=1)
    cues: dict[str, tuple[str, ...]] = Field(min_length=1)

    @field_validator("cues")
    @classmethod
    def _numbers_and_phrases(cls, value: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        seen: set[str] = set()
        for weight, cues in value.items():
            try:
                float(weight)
            except ValueError:
                raise ValueError(f"a weight must be a number, not {weight!r}") from None
            for cue in cues:
                if not cue.rstrip("*").strip() or cue != cue.lower() or "*" in cue[:-1]:
                    raise ValueError(f"a cue is a lower-case phrase with a star at most at its end, not {cue!r}")
                if cue in seen:
                    raise ValueError(f"cue {cue!r} occurs twice")
                seen.add(cue)
        return value
