"""Coordination inside a name: "llama-2-chat 7B & 70B", "CIFAR-10/100", "LLaMA3 (8B)"."""

from __future__ import annotations

import re
from typing import NamedTuple

from extractor.passes.names.spans import Mention, Spans
from extractor.passes.names.words import Word

_SIZE_TAIL = re.compile(r"[\s-]?~?\d+(?:\.\d+)?[BMTK]$")
_NUMBER_TAIL = re.compile(r"\d+(?:\.\d+)?$")
_GRADE = frozenset("tiny small base medium large huge xl xxl".split())
_AMOUNT = re.compile(r"~?(\d+(?:\.\d+)?)\s?([BMTK])(?![A-Za-z])")
_FACTOR = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


class Expanded(NamedTuple):
    """A name read out of a coordination, with the words that it stands in."""

    name: str
    start: int
    end: int


def parameters_of(name: str) -> float | None:
    """Return the size that a name states, in parameters: "Llama-2 70B" is 7e10."""
    found = [m for m in _AMOUNT.finditer(name) if m.start() == 0 or not name[m.start() - 1].isalpha()]
    if not found:
        return None
    number, factor = found[-1].groups()
    return float(f"{float(number) * _FACTOR[factor]:.6g}")


def expand(spans: Spans, mention: Mention) -> tuple[str, list[Expanded]]:
    """Return the name of ``mention`` itself, with a size in brackets taken in, and the names that follow from it."""
    words = spans.words
    at = mention.last
    name = mention.name
    out: list[Expanded] = []
    if at >= len(words):
        return name, out
    if sizes := _bracketed_sizes(words, at):
        if parameters_of(name) is None and not mention.bracketed:
            texts = [words[i].core for i in sizes]
            out = [
                Expanded(f"{name} {t}", mention.start, _end(spans, i))
                for i, t in zip(sizes[1:], texts[1:], strict=True)
            ]
            return f"{name} ({texts[0]})", out
        return name, out
    stem = _SIZE_TAIL.sub("", name) if parameters_of(name) is not None else None
    grade = words[at - 1].lower if words[at - 1].lower in _GRADE and mention.last - mention.first > 1 else None
    while at < len(words):
        step = 0
        if words[at - 1].post.strip(")") in ("", ",") and words[at].lower in ("and", "or", "&") and at + 1 < len(words):
            step = 1
        elif words[at].pre == "/" or words[at - 1].post == ",":
            step = 0
        else:
            break
        if words[at - 1].post == "," and words[at].lower in ("and", "or", "&"):
            step = 1
        if at + step >= len(words):
            break
        word = words[at + step]
        if word.pre not in ("", "/"):
            break
        if stem is not None and word.kind == "S":
            glue = name[len(stem) : len(stem) + 1]
            out.append(
                Expanded(f"{stem}{glue if glue in ' -' else ''}{word.core}", mention.start, _end(spans, at + step))
            )
        elif grade is not None and word.lower in _GRADE:
            base = name[: -len(words[mention.last - 1].core)]
            out.append(Expanded(f"{base}{word.core}", mention.start, _end(spans, at + step)))
        elif stem is None and (word.pre == "/" or word.core.startswith("-")) and _NUMBER_TAIL.search(name):
            if not re.fullmatch(r"-?\d+(?:\.\d+)?[a-zA-Z]{0,2}", word.core):
                break
            out.append(Expanded(_NUMBER_TAIL.sub(word.core.lstrip("-"), name), mention.start, _end(spans, at + step)))
        elif word.pre == "/" and word.core in ("+", "g", "++"):  # RefCOCO/+/g
            out.append(Expanded(name + word.core, mention.start, _end(spans, at + step)))
        else:
            break
        at += step + 1
    return name, out


def _bracketed_sizes(words: list[Word], at: int) -> list[int]:
    if "(" not in words[at].pre or words[at].kind != "S":
        return []
    sizes = []
    for i in range(at, min(at + 8, len(words))):
        if words[i].kind == "S":
            sizes.append(i)
        elif words[i].lower not in ("and", "or", "&"):
            return []
        if ")" in words[i].post:
            return sizes
    return []


def _end(spans: Spans, index: int) -> int:
    return spans.starts[index] + len(spans.words[index].core)
