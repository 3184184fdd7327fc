"""All mentions of the names of a paper, for binding: the names pass gives each name once."""

from __future__ import annotations

from collections.abc import Mapping

from extractor.document import Document
from extractor.passes.candidates import Names
from extractor.passes.results.annotate import Name


def bindable(document: Document, names: Names) -> tuple[list[Name], list[str]]:
    """Return all mentions of the names in order, and the proposed systems, the most central first.

    A proposed data set is no system: results are measured on it.
    """
    kinds: dict[str, set[str]] = {}
    for kind, found in (("model", names.models), ("dataset", names.datasets), ("proposed", names.proposed)):
        for candidate in found:
            kinds.setdefault(candidate.name, set()).add(kind)
    return mentions_of({name: frozenset(of) for name, of in kinds.items()}, document), [
        c.name for c in names.proposed if c.type != "dataset"
    ]


def mentions_of(kinds: Mapping[str, frozenset[str]], document: Document) -> list[Name]:
    """Return all whole-word occurrences of names, in order, the longest where they overlap."""
    found: list[Name] = []
    text = document.text
    for name in sorted(kinds, key=lambda n: (-len(n), n)):
        at = text.find(name)
        while at >= 0:
            end = at + len(name)
            before = text[at - 1] if at else " "
            after = text[end] if end < len(text) else " "
            whole = not before.isalnum() and (
                not after.isalnum() or (after == "s" and not text[end + 1 : end + 2].isalnum())
            )
            if whole and not any(m.start < end and at < m.end for m in found):
                found.append(Name(at, end, name, kinds[name]))
            at = text.find(name, at + 1)
    found.sort(key=lambda m: m.start)
    return found
