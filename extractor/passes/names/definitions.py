"""Acronyms and the words that they stand for (after Schwartz and Hearst, 2003)."""

from __future__ import annotations

from collections.abc import Sequence

_SMALL = frozenset("of for the and in on with a an to by from via at as or under over into".split())


def _letters(name: str) -> str:
    letters = "".join(c for c in name if c.isalnum()).lower()
    return letters[:-1] if name.endswith("s") and name[-2:-1].isupper() else letters


def long_form_before(name: str, words: Sequence[str]) -> int | None:
    """Return the index of the first of ``words`` that ``name``, standing behind them, abbreviates, or None."""
    letters = _letters(name)
    if not 2 <= len(letters) <= 14 or not any(c.isupper() for c in name):
        return None
    window = min(len(letters) + 5, 2 * len(letters), len(words))
    if window < 2:
        return None
    at = len(letters) - 1
    for back in range(1, window + 1):
        word = words[-back].lower()
        # the longest tail of the letters left that the word holds in order, its own first letter included
        at = _consume(letters, at, word)
        if at < 0:
            first = len(words) - back
            if back >= 2 and word[:1] == letters[0]:
                return first
            return None
    return None


def _consume(letters: str, at: int, word: str) -> int:
    """Take as many letters as the word gives, from behind, provided that its first letter is among them."""
    best = at
    pieces = [p for p in word.split("-") if p]
    for piece in reversed(pieces):
        best = _consume_piece(letters, best, piece)
    return best


def _consume_piece(letters: str, at: int, piece: str) -> int:
    # try the longest match that ends in the piece's first letter
    best = at
    for start in range(max(-1, at - 4), at):
        chunk = letters[start + 1 : at + 1]
        if chunk[0] != piece[0]:
            continue
        position = 0
        for c in chunk:
            position = piece.find(c, position) + 1
            if not position:
                break
        else:
            return min(best, start)
    return best


def long_form_after(name: str, words: Sequence[str]) -> int | None:
    """Return how many of ``words`` are the long form of ``name``, standing before them, or None."""
    capitals = [c.lower() for c in name if c.isupper() or c.isdigit()]
    if len(capitals) < 2:
        return None
    at = 0
    for count, word in enumerate(words, 1):
        for piece in word.split("-"):
            initial = piece[:1].lower()
            if at < len(capitals) and initial == capitals[at]:
                at += 1
                inner = [c.lower() for c in piece[1:] if c.isupper()]
                for c in inner:
                    if at < len(capitals) and c == capitals[at]:
                        at += 1
            elif piece.lower() not in _SMALL and at == 0:
                return None
        if at == len(capitals):
            return count if count >= 2 else None
        if count > len(capitals) + 4:
            return None
    return None
