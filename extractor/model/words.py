"""Word classes: words that stand in like contexts share a class, so that a decision learned on one holds for all.

Learned from unlabelled abstracts by ``training/words.py``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from extractor.model.choice import read_weights

WORDS = Path(__file__).parent / "words.json.gz"


@cache
def word_classes() -> dict[str, str]:
    """Return the fine class of each known lower-case word, read on first use."""
    return {word: f"c{pair[1]}" for word, pair in read_weights(WORDS).items()}


def word_class(word: str) -> str:
    """Return the class of a lower-case word; "c?" where it is not known."""
    return word_classes().get(word, "c?")
