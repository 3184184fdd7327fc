"""What the decisions look at: plain strings, each the name of a weight."""

from __future__ import annotations

import math

from extractor.model.words import word_class
from extractor.passes.results.annotate import Item, Row

WINDOW = 9
_CLAUSE_END = frozenset(";.:")


def shape(row: Row, place: int) -> list[str]:
    """Return features of the number itself."""
    number = row.items[place].number
    assert number is not None
    unit = number.unit.lower() if number.unit else "-"
    value = number.low
    size = "0" if value == 0 else str(min(9, max(-4, math.floor(math.log10(abs(value))))))
    out = [
        f"u={number.unit_kind}",
        f"un={unit}",
        f"f={number.form}",
        f"f={number.form}|u={number.unit_kind}",
        f"sz={size}|u={number.unit_kind}",
        f"dec={min(number.decimals, 3)}|u={number.unit_kind}",
        f"sign={number.sign}",
        f"sign={number.sign}|u={number.unit_kind}",
    ]
    if number.high is not None:
        out.append(f"range|u={number.unit_kind}")
    if number.origin is not None:
        out.append("from-to")
    if number.magnitude:
        out.append("magnitude")
    if number.unit_kind == "none" and number.decimals == 0 and 1900 <= value <= 2035:
        out.append("year")
    return out


def key(item: Item) -> str:
    """Return an item as its neighbours see it: metrics by themselves, names by what they are."""
    if item.name is not None:
        kinds = item.name.kinds
        for kind in ("dataset", "proposed", "model"):
            if kind in kinds:
                return f"<{kind}>"
        return "<name>"
    return item.key


def kin(item: Item) -> str:
    """Return the word class of a plain word; names and numbers as :func:`key` gives them."""
    if item.name is not None or item.number is not None:
        return key(item)
    return word_class(item.key)


def around(row: Row, place: int, polarity: dict[str, str]) -> list[str]:
    """Return features of the words and metrics around a number."""
    items = row.items
    number = items[place].number
    assert number is not None
    unit = number.unit_kind
    left = [key(items[i]) for i in range(place - 1, max(-1, place - 1 - WINDOW), -1)]
    right = [key(items[i]) for i in range(place + 1, min(len(items), place + 1 + WINDOW))]
    pad = ["<s>"]
    l1, l2, l3 = ([*left, *pad, *pad, *pad])[:3]
    r1, r2, r3 = ([*right, "</s>", "</s>", "</s>"])[:3]
    out = [
        f"l1={l1}",
        f"l2={l2}",
        f"l3={l3}",
        f"r1={r1}",
        f"r2={r2}",
        f"r3={r3}",
        f"l1={l1}|u={unit}",
        f"r1={r1}|u={unit}",
        f"r2={r2}|u={unit}",
        f"l12={l2} {l1}",
        f"l123={l3} {l2} {l1}",
        f"r12={r1} {r2}",
        f"lr={l1}_{r1}",
    ]
    for offset in (1, 2, 3):
        if place - offset >= 0:
            out.append(f"l{offset}c={kin(items[place - offset])}")
        if place + offset < len(items):
            out.append(f"r{offset}c={kin(items[place + offset])}")
    for distance, word in enumerate(left):
        out.append(f"bl={word}")
        if distance < 4:
            out.append(f"bl4={word}")
    for distance, word in enumerate(right):
        out.append(f"br={word}")
        if distance < 4:
            out.append(f"br4={word}")
    for side, walk in (("L", range(place - 1, -1, -1)), ("R", range(place + 1, len(items)))):
        for distance, i in enumerate(walk):
            metric = items[i].metric
            if metric is not None:
                bucket = (
                    "0"
                    if distance == 0
                    else "1"
                    if distance == 1
                    else "2"
                    if distance < 4
                    else "4"
                    if distance < 8
                    else "8"
                )
                out.append(f"m{side}={metric.id}")
                out.append(f"m{side}d={bucket}|{polarity[metric.id]}")
                out.append(f"m{side}d={bucket}|u={unit}")
                break
    return out


def sentence(row: Row, place: int) -> list[str]:
    """Return features of the sentence as a whole; not of its place: sentences without numbers change no result."""
    items = row.items
    out = [f"many={min(len(row.places), 6)}", f"rank={min(row.places.index(place), 4)}"]
    if row.index == 0:
        out.append("title")
    out.extend({f"s={item.key}" for item in items if item.number is None and item.name is None and len(item.key) > 2})
    depth = sum((item.key == "(") - (item.key == ")") for item in items[:place])
    if depth > 0:
        out.append("inside")
    return out


def clause(row: Row, place: int) -> tuple[int, int]:
    """Return the indices of the clause around a number: between semicolons, full stops, colons."""
    items = row.items
    start = place
    while start > 0 and items[start - 1].key not in _CLAUSE_END:
        start -= 1
    stop = place
    while stop < len(items) - 1 and items[stop + 1].key not in _CLAUSE_END:
        stop += 1
    return start, stop + 1


def list_context(row: Row, group: list[int]) -> list[str]:
    """Return features of a number's list: its length, what stands before its head and behind its tail."""
    out = [f"list={min(len(group), 4)}"]
    if len(group) > 1:
        items = row.items
        out += [f"h{i}={key(item)}" for i, item in enumerate(items[max(0, group[0] - 3) : group[0]][::-1])]
        out += [f"t{i}={key(item)}" for i, item in enumerate(items[group[-1] + 1 : group[-1] + 4])]
    return out
