"""What every pass reads: one clean text (title, line break, abstract) that knows the way back to the fields."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple

from extractor.records import FieldName
from extractor.text.clean import Clean, Cleaner
from extractor.text.sentences import sentence_spans


class Evidence(NamedTuple):
    """A span of a field as given: ``field_text[start:end] == quote``."""

    field: FieldName
    start: int
    end: int
    quote: str


class Document:
    """One paper as the passes see it.

    ``text`` is the clean title, a line break and the clean abstract. Passes give spans of ``text``;
    :meth:`evidence` turns them into offsets of the field as given. Sentence 0 is the title.
    """

    def __init__(self, title: str, abstract: str, cleaner: Cleaner) -> None:
        """Clean both fields; ``title`` and ``abstract`` are kept as given."""
        self.title = title
        self.abstract = abstract
        self._title: Clean = cleaner.clean(title)
        self._abstract: Clean = cleaner.clean(abstract)
        self.title_end: int = len(self._title.text)
        self.text: str = f"{self._title.text}\n{self._abstract.text}"

    @cached_property
    def lower(self) -> str:
        """``text`` in lower case, character for character ("İ" would grow by one)."""
        lower = self.text.lower()
        if len(lower) == len(self.text):
            return lower
        return "".join(c if len(c.lower()) != 1 else c.lower() for c in self.text)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """Spans of the sentences of ``text``; the title is the first, even where it is empty."""
        offset = self.title_end + 1
        return [(0, self.title_end)] + [(s + offset, e + offset) for s, e in sentence_spans(self.text[offset:])]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [s for s, _ in self.sentences]

    def sentence_of(self, position: int) -> int:
        """Return the index of the sentence that holds ``position``."""
        return max(0, bisect_right(self._sentence_starts, position) - 1)

    def evidence(self, start: int, end: int) -> Evidence:
        """Return the evidence for the span ``start:end`` of ``text``, which lies within one field and is not empty.

        A span that reaches over the end of the title is cut there.
        """
        if start < self.title_end:
            raw_start, raw_end = self._title.raw_span(start, min(end, self.title_end))
            return Evidence("title", raw_start, raw_end, self.title[raw_start:raw_end])
        offset = self.title_end + 1
        raw_start, raw_end = self._abstract.raw_span(max(start - offset, 0), end - offset)
        return Evidence("abstract", raw_start, raw_end, self.abstract[raw_start:raw_end])
