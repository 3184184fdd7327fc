"""Rules of section ``languages``."""

from __future__ import annotations

from typing import Self

from pydantic import field_validator, model_validator

from extractor.rulebook.base import Rule


class LanguageRule(Rule):
    """A language: ``id`` is its code (ISO 639-1), ``words`` its most frequent small words, in lower case.

    A language that puts no blanks between words has ``characters`` instead, counted where no small words decide.
    """

    words: tuple[str, ...] = ()
    characters: str = ""

    @field_validator("words")
    @classmethod
    def _lower(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for word in value:
            if word != word.lower() or not word or len(word.split()) != 1:
                raise ValueError(f"{word!r} must be one word in lower case")
        return value

    @model_validator(mode="after")
    def _words_or_characters(self) -> Self:
        if bool(self.words) == bool(self.characters):
            raise ValueError("a language has either words or characters")
        return self
