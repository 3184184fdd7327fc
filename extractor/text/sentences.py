"""Sentence boundaries of abstracts, by one linear regular expression.

spaCy's own sentencizer cuts at every full stop of "et al." and "vs."; abstracts are full of them.
"""

from __future__ import annotations

import re

_END = re.compile(r"[.!?]+[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9~≥≤<>$+\-(]|[a-z]+[A-Z0-9])|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.?g|i\.?e|et al|cf|vs|v\.s|fig|figs|eq|eqs|sec|no|nos|approx|resp|ca|etc|dr|prof|mr|st|ref|refs|tab|w\.r\.t|a\.k\.a|aka|incl|avg|max|min)|(?<![A-Za-z])[A-Z])\.$",
    re.IGNORECASE,
)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return the half-open spans of the sentences of ``text``, in order, blanks between them left out."""
    spans: list[tuple[int, int]] = []
    start = 0
    for m in _END.finditer(text):
        stop = m.start() + 1 if text[m.start()] != "\n" else m.start()
        if text[m.start()] == "." and _ABBREVIATION.search(text, max(start, m.start() - 8), m.start() + 1):
            following = text[m.end() : m.end() + 1]
            if text[max(0, m.start() - 3) : m.start()].lower() != "etc" or not following.isupper():
                continue
        stop = m.end() - len(m[0]) + len(m[0].rstrip())
        if stop > start:
            spans.append((start, stop))
        start = m.end()
    tail = len(text.rstrip())
    if tail > start:
        spans.append((start, tail))
    return spans
