"""Gains and losses: which facts a second run found, lost or read differently, by paper."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, Literal, NamedTuple

from extractor.evaluate.load import LISTS, Facts
from extractor.evaluate.pairing import pair_results
from extractor.evaluate.sameness import fold_name, fold_number, fold_url

What = Literal["gained", "lost", "changed"]
Record = Mapping[str, Any]

_KEYS: dict[str, Callable[[Record], Hashable]] = {
    "bit_widths": lambda r: (fold_number(r["bits"]), fold_number(r.get("bits_high")), r["target"]),
    "models": lambda r: fold_name(r["name"]),
    "datasets": lambda r: fold_name(r["name"]),
    "proposed": lambda r: fold_name(r["name"]),
    "links": lambda r: fold_url(r["url"]),
}
_READING = {  # the columns whose change is a change of the fact; evidence and confidence may move freely
    "results": (
        *("metric", "metric_text", "kind", "unit", "direction", "qualifier"),
        *("from_value", "dataset", "system", "baseline"),
    ),
    "bit_widths": ("format",),
    "models": ("name", "canonical", "family", "parameters", "proposed"),
    "datasets": ("name", "canonical", "proposed"),
    "proposed": ("name", "long_name", "type"),
    "links": ("url", "kind", "owner", "repo"),
}
_SHOWN = {"results": ("metric", "kind", "value", "unit"), "bit_widths": ("bits", "target"), "links": ("url",)}


class Change(NamedTuple):
    """One fact that differs between two runs.

    ``fact`` names it, ``detail`` is its quote, or for ``changed`` the columns as ``column: before → after``.
    """

    paper: str
    title: str
    table: str
    what: What
    fact: str
    detail: str


def changes(before: Mapping[str, Facts], after: Mapping[str, Facts]) -> list[Change]:
    """Return all differences between two sets of papers joined by their keys, in the order of ``before``."""
    out: list[Change] = []
    for key in [*before, *(key for key in after if key not in before)]:
        out += _paper(before.get(key), after.get(key))
    return out


def _paper(a: Facts | None, b: Facts | None) -> list[Change]:
    paper = a or b or {}
    label = paper["id"], paper.get("title", "")
    if a is None or b is None:
        return [Change(*label, "papers", "gained" if a is None else "lost", paper["id"], "the whole paper")]
    out: list[Change] = []
    for table in LISTS:
        if table == "tasks":
            continue
        pairs, lost, gained = _match(table, a[table], b[table])
        out += [Change(*label, table, "lost", _name(table, r), str(r.get("quote") or "")) for r in lost]
        out += [Change(*label, table, "gained", _name(table, r), str(r.get("quote") or "")) for r in gained]
        for old, new in pairs:
            moved = [
                f"{column}: {old.get(column)!r} → {new.get(column)!r}"
                for column in _READING[table]
                if old.get(column) != new.get(column)
            ]
            if moved:
                out.append(Change(*label, table, "changed", _name(table, new), "; ".join(moved)))
    tasks_a, tasks_b = a["tasks"], b["tasks"]
    out += [Change(*label, "tasks", "lost", task, "") for task in tasks_a if task not in tasks_b]
    out += [Change(*label, "tasks", "gained", task, "") for task in tasks_b if task not in tasks_a]
    if set(tasks_a) == set(tasks_b) and tasks_a != tasks_b:
        out.append(Change(*label, "tasks", "changed", "order", f"{', '.join(tasks_a)} → {', '.join(tasks_b)}"))
    if a["code"] != b["code"]:
        out.append(Change(*label, "papers", "changed", "code", f"code: {a['code']!r} → {b['code']!r}"))
    return out


def _match(
    table: str, a: list[Record], b: list[Record]
) -> tuple[list[tuple[Record, Record]], list[Record], list[Record]]:
    """Return the facts that both have, those of ``a`` alone and those of ``b`` alone."""
    if table == "results":
        met = pair_results(a, b)
        in_a, in_b = {pair.gold for pair in met}, {pair.found for pair in met}
        pairs = [(a[pair.gold], b[pair.found]) for pair in sorted(met)]
        return pairs, [r for i, r in enumerate(a) if i not in in_a], [r for j, r in enumerate(b) if j not in in_b]
    key = _KEYS[table]
    old, new = {key(r): r for r in a}, {key(r): r for r in b}
    return (
        [(r, new[k]) for k, r in old.items() if k in new],
        [r for k, r in old.items() if k not in new],
        [r for k, r in new.items() if k not in old],
    )


def _name(table: str, record: Record) -> str:
    return " ".join(str(record[column]) for column in _SHOWN.get(table, ("name",)) if record.get(column) is not None)
