"""The unit of a result, from what stands behind its number and behind the other members of its list."""

from __future__ import annotations

from extractor.passes.results.annotate import Row

_POINTS = frozenset({"points", "point", "pts", "pp"})
_ABSOLUTE = frozenset({"absolute", "absolutely"})


def unit_of(row: Row, place: int, group: list[int], kind: str, *, times: bool = False) -> str | None:
    """Return the unit as GUIDELINES writes it.

    A bare number takes the unit of the next member of its list ("by 3.2 and 4.5 points"); "10% absolute" is points;
    a ratio has ``x``; a multiplied-out magnitude has none. ``times`` says that
    the metric's bare level is a factor.
    """
    number = row.items[place].number
    assert number is not None
    unit = number.unit
    if number.unit_kind == "none":
        for other in group[group.index(place) + 1 :]:
            following = row.items[other].number
            assert following is not None
            if following.unit_kind != "none":
                unit = following.unit if following.unit_kind != "dimension" else None
                break
    if kind == "ratio" and (unit is None or number.unit_kind in ("none", "times")):
        return "x"
    if times and kind == "value" and unit is None:
        return "x"
    if unit == "%" and kind == "change":
        left = range(group[0] - 1, max(-1, group[0] - 6), -1)
        right = range(group[-1] + 1, min(len(row.items), group[-1] + 4))
        for walk in (left, right):
            for i in walk:
                if row.items[i].number is not None or row.items[i].key in (",", ".", ";"):
                    break
                if row.items[i].key in _ABSOLUTE:
                    return "points"
    if kind == "change" and (unit is None or unit == "%") and _points_behind(row, group[-1]):
        return "points"
    if number.magnitude and number.unit_kind == "parameters":
        return None
    return unit


def _points_behind(row: Row, last: int) -> bool:
    """Say whether the list is followed by points of something: "4.9 BLEU points", "1.3 Likert points higher"."""
    for item in row.items[last + 1 : last + 4]:
        if item.key in _POINTS or item.key.endswith((" points", " point")):
            return True
        if (
            item.number is not None
            or not item.key[0].isalpha()
            or item.key in ("in", "on", "and", "over", "for", "with")
        ):
            return False
    return False
