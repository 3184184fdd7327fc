"""Chunks of a sentence: names and plain noun phrases, cut without a parser, with the word that brings them in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extractor.document import Document
from extractor.passes.results.annotate import Item, Row
from extractor.passes.results.features import key
from extractor.passes.results.govern import Cues

_BOUNDARY = frozenset(
    """a an the this that these those its their our his her it we they he she i you and or nor but while whereas whilst which who whom whose
    that than as if when where how why what because since although though however moreover furthermore also thus hence therefore then so such
    on in at of for by with to from over under across into onto within without between among against via per through during upon towards toward
    about around after before until along despite beyond except including like unlike versus vs compared comparing relative respectively
    is are was were be been being am has have had do does did can could may might will would shall should must not no only just even still yet already
    both either neither each all any some most many several few various multiple more less much very too up down out off again
    using used uses use based given achieving achieves achieved achieve reaching reaches reached reach attains attaining yields yielding obtains obtaining
    outperforms outperforming outperform outperformed surpasses surpassing surpass exceeds exceeding beats beating improves improving improve improved
    reduces reducing reduce increases increasing increase enables enabling provides providing shows showing show showed demonstrate demonstrates demonstrating
    delivers delivering maintains maintaining retains retaining preserves preserving requires requiring needs needing saves saving boosts boosting
    trained tested evaluated measured performs performing performed scoring scores gains gaining leads leading resulting results result gives giving
    there here i.e e.g etc""".split()
)
_DETERMINERS = frozenset("the a an this that these those its their our some any all both each".split())
_ARTICLES = frozenset({"a", "an", "the"})
_COORDINATION = frozenset({",", "and", "or", "&", "/"})
_PLAIN = re.compile(r"[a-z]+\.?")
MAX_CHUNK = 7


@dataclass(slots=True)
class Chunk:
    """A run of items that may fill a slot: ``first:stop`` are item indices, ``kind`` what its name is."""

    first: int
    stop: int
    start: int
    end: int
    text: str
    kind: str
    trigger: str
    group: int = 0
    rank: int = 0
    size: int = 1


def chunk_row(document: Document, row: Row, cues: Cues) -> list[Chunk]:
    """Cut a row into chunks at function words, punctuation, numbers and metrics."""
    items = row.items
    chunks: list[Chunk] = []
    i = 0
    fixed = _fixed(items)
    while i < len(items):
        if i not in fixed and _is_boundary(items[i], cues):
            i += 1
            continue
        j = i
        while j < len(items) and (j in fixed or not _is_boundary(items[j], cues)) and j - i < MAX_CHUNK:
            j += 1
        _add(document, items, i, j, chunks)
        i = j
    _coordinate(items, chunks)
    _join_lists(document, chunks)
    return chunks


def _fixed(items: list[Item]) -> set[int]:
    """Return the indices of the function words inside fixed phrases: "state of the art" is one word."""
    out: set[int] = set()
    for i, item in enumerate(items):
        if item.key == "state" and [x.key for x in items[i + 1 : i + 4]] == ["of", "the", "art"]:
            out.update((i + 1, i + 2))
    return out


def _is_boundary(item: Item, cues: Cues) -> bool:
    if item.name is not None:
        return False
    if item.number is not None or item.metric is not None or item.key == "<from>":
        return True
    word = item.key
    if word in _BOUNDARY or not (word[0].isalnum()):
        return True
    if word.endswith(("ing", "es", "ed")) and len(word) > 5:
        cue = cues.of_word(word)
        return cue is not None and cue not in ("differ",)
    return False


def _add(document: Document, items: list[Item], i: int, j: int, chunks: list[Chunk]) -> None:
    start, end = items[i].start, items[j - 1].end
    names = [items[k] for k in range(i, j) if items[k].name is not None]
    kind = (
        key(names[-1])
        if names
        else (
            "<proper>"
            if any(not _PLAIN.fullmatch(document.text[items[k].start : items[k].end]) for k in range(i, j))
            else "<plain>"
        )
    )
    k = i - 1
    while k >= 0 and items[k].key in _DETERMINERS:
        k -= 1
    trigger = (
        items[k].key
        if k >= 0 and items[k].number is None and items[k].metric is None
        else ("<num>" if k >= 0 and items[k].number is not None else "<metric>" if k >= 0 else "<s>")
    )
    if (
        trigger in ("to", "with")
        and k >= 1
        and items[k - 1].key in ("compared", "relative", "comparing", "respect", "comparison", "superior", "up")
    ):
        trigger = f"{items[k - 1].key} {trigger}"
    chunks.append(Chunk(i, j, start, end, document.text[start:end], kind, trigger))
    for item in names:
        if (item.start, item.end) != (start, end):
            chunks.append(Chunk(i, j, item.start, item.end, document.text[item.start : item.end], key(item), trigger))


def _coordinate(items: list[Item], chunks: list[Chunk]) -> None:
    """Number the members of coordinated chunks: "A, B and C"."""
    whole = [c for n, c in enumerate(chunks) if n == 0 or chunks[n - 1].first != c.first]
    runs: list[list[Chunk]] = []
    for c in whole:
        if runs:
            gap = items[runs[-1][-1].stop : c.first]
            alike = (c.kind == "<plain>") == (runs[-1][-1].kind == "<plain>")
            if (
                alike
                and 0 < len(gap) <= 3
                and all(item.key in _COORDINATION or item.key in _ARTICLES for item in gap)
                and any(item.key in _COORDINATION for item in gap)
            ):
                runs[-1].append(c)
                continue
        runs.append([c])
    place: dict[int, tuple[int, int, int, str]] = {}
    for group, run in enumerate(runs, 1):
        for rank, c in enumerate(run):
            place[c.first] = (group, rank, len(run), run[0].trigger)
    for c in chunks:
        c.group, c.rank, c.size, trigger = place[c.first]
        if c.rank > 0:
            c.trigger = f"&{trigger}"


def _join_lists(document: Document, chunks: list[Chunk]) -> None:
    """Add, for each coordinated list of names, the list as written: one number may stand for all of it."""
    by_group: dict[int, list[Chunk]] = {}
    for c in chunks:
        by_group.setdefault(c.group, []).append(c)
    for members in by_group.values():
        if members[0].size > 1 and any(c.kind not in ("<plain>",) for c in members):
            start, end = min(c.start for c in members), max(c.end for c in members)
            first = members[0]
            chunks.append(
                Chunk(
                    first.first,
                    max(c.stop for c in members),
                    start,
                    end,
                    document.text[start:end],
                    "<list>",
                    first.trigger,
                    first.group,
                    0,
                    first.size,
                )
            )
