"""A text that is no file format: one paper."""

from __future__ import annotations

from extractor.records import Paper
from extractor.sources.ids import text_id


def split_text(text: str) -> tuple[str, str]:
    """Return title and abstract of a text; the title is empty where the text has no line break."""
    title, newline, abstract = text.partition("\n")
    return (title, abstract) if newline else ("", text)


def paper_of(text: str, source: str | None = None) -> Paper:
    """Return the paper that a text is: its first line the title if there are more, else all abstract."""
    title, abstract = split_text(text)
    return Paper(paper_id=text_id(title, abstract), title=title, abstract=abstract, source=source)
