"""Where the names come from that numbers are bound to, and when two names are the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from results_data import gold_names

from extractor.document import Document
from extractor.passes.results.annotate import Name
from extractor.passes.results.mentions import bindable
from extractor.pipeline import Extractor


def norm(text: object) -> str | None:
    """Fold a name: case, spaces, hyphens, underscores and a plural s do not count."""
    if text in (None, ""):
        return None
    return re.sub(r"[^\w@.+/→]", "", re.sub(r"(?<=[A-Za-z])s$", "", str(text).strip(" .")).replace("_", "")).lower()


def same_name(a: object, b: object) -> bool:
    """Say whether two names count as one: equal, equal in their proper words, or one common phrase inside the other."""
    if norm(a) == norm(b):
        return True
    if not norm(a) or not norm(b):
        return False
    words_a, words_b = (re.findall(r"[^\s()\[\],;:/\"'-]+", str(x)) for x in (a, b))
    proper_a, proper_b = ([norm(w) for w in words if not re.fullmatch(r"[a-z]+\.?", w)] for words in (words_a, words_b))
    if proper_a or proper_b:
        return proper_a == proper_b
    short, long = sorted((words_a, words_b), key=len)
    return len(short) * 2 >= len(long) and any(
        long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1)
    )


def found_names(
    extractor: Extractor,
) -> Callable[[dict[str, Any], Document], tuple[list[Name], list[str], list[tuple[int, int]]]]:
    """Return a source of the names that the extractor itself finds."""

    def source(gold: dict[str, Any], document: Document) -> tuple[list[Name], list[str], list[tuple[int, int]]]:
        names, proposed = bindable(document, extractor.names(document))
        return names, proposed, [(link.start, link.end) for link in extractor.links(document)]

    return source


def names_from(
    folder: Path,
) -> Callable[[dict[str, Any], Document], tuple[list[Name], list[str], list[tuple[int, int]]]]:
    """Return a source of names found out of fold, as ``names.py --check`` wrote them; gold names where it has no paper."""
    found = {
        paper["id"]: paper
        for path in sorted(folder.glob("*.jsonl"))
        for paper in map(json.loads, path.read_text(encoding="utf-8").splitlines())
    }

    def source(gold: dict[str, Any], document: Document) -> tuple[list[Name], list[str], list[tuple[int, int]]]:
        return gold_names(found.get(gold["id"], gold), document)

    return source
