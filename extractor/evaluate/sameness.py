"""When two values count as the same: spelling of names, plural units, schemes of addresses do not matter."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

CORE_SLOTS = ("metric", "kind", "direction", "qualifier", "unit")
NAME_SLOTS = ("dataset", "system", "baseline")
SLOTS = (*CORE_SLOTS, "from_value", *NAME_SLOTS)

_PLURAL = re.compile(r"(?<=[A-Za-z])s$")
_SPELLING = re.compile(r"[^\w@.+/→]|_")
_WORD = re.compile(r"[^\s()\[\],;:/\"'-]+")
_COMMON = re.compile(r"[a-z]+\.?")
_UNITS = {"percent": "%", "×": "x", "pp": "point", "percentage point": "point", "%p": "point"}
_SCHEME = re.compile(r"^https?://(www\.)?")


def title_key(title: str) -> str:
    """Return what identifies a paper by its title: its letters and digits in lower case."""
    return re.sub(r"\W+", "", title).lower()


@lru_cache(maxsize=65536)
def fold_name(name: str | None) -> str | None:
    """Return ``name`` without case, spaces, hyphens, underscores and a lower-case plural s; None for no name.

    "LLMs" is "llm", but "ViT-S" is not "vit".
    """
    if not name:
        return None
    return _SPELLING.sub("", _PLURAL.sub("", name.strip(" ."))).lower()


def fold_number(number: float | None) -> float | None:
    """Return ``number`` to six significant digits; None for None and NaN."""
    if number is None or math.isnan(number := float(number)):
        return None
    return float(f"{number:.6g}")


def fold_unit(unit: str | None) -> str | None:
    """Return ``unit`` in lower case and in the singular, percent and points in one spelling."""
    folded = (unit or "").strip().lower()
    if len(folded) > 2:
        folded = folded.rstrip("s")
    return _UNITS.get(folded, folded) or None


def fold_url(url: str | None) -> str:
    """Return ``url`` without scheme, ``www.`` and a final slash or full stop, in lower case."""
    return _SCHEME.sub("", (url or "").strip()).rstrip("/.").lower()


@lru_cache(maxsize=65536)
def same_name(a: str | None, b: str | None) -> bool:
    """Whether two names are equal, or equal in their proper words.

    "Sintel (clean)" is "Sintel", "SEA-RAFT" is not "RAFT". Phrases of common words alone are the same if one holds the
    other as a run of at least half its words.
    """
    if fold_name(a) == fold_name(b):
        return True
    if not a or not b or not fold_name(a) or not fold_name(b):
        return False
    words_a, words_b = _WORD.findall(a), _WORD.findall(b)
    proper_a, proper_b = ([fold_name(w) for w in ws if not _COMMON.fullmatch(w)] for ws in (words_a, words_b))
    if proper_a or proper_b:
        return proper_a == proper_b
    short, long = sorted((words_a, words_b), key=len)
    size = len(short)
    return size * 2 >= len(long) and any(long[i : i + size] == short for i in range(len(long) - size + 1))


def same_slot(slot: str, a: Any, b: Any) -> bool:
    """Whether two values of a result's slot count as the same."""
    if slot in NAME_SLOTS:
        return same_name(a, b)
    if slot == "unit":
        return fold_unit(a) == fold_unit(b)
    if slot == "from_value":
        return fold_number(a) == fold_number(b)
    return (a or None) == (b or None)


def slot_right(gold: Mapping[str, Any], found: Mapping[str, Any], slot: str) -> bool:
    """Whether ``found`` has the gold value of ``slot``, or one that the gold record accepts besides."""
    value = found.get(slot)
    if same_slot(slot, gold.get(slot), value):
        return True
    return any(same_slot(slot, other, value) for other in gold.get("accept", {}).get(slot, ()))
