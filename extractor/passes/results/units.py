"""The unit of a result, from what stands behind its number and behind the other members of its list."""

from __future__ import annotations

from extractor.passes.results.annotate import Row

_ABSOLUTE = frozenset({"absolute", "absolutely"})


def unit_of(row: Row, place: int, group: list[int], kind: str) -> str | None:
    """Return the unit as GUIDELINES writes it.

    A bare number takes the unit of the next member of its list ("by 3.2 and 4.5 points"); "10% absolute" is points;
    a ratio has ``x``; a multiplied-out magnitude has none.
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
    if unit == "%" and kind == "change":
        near = [row.items[i].key for i in (group[0] - 2, group[0] - 1, group[-1] + 1, group[-1] + 2) if 0 <= i < len(row.items)]
        if any(word in _ABSOLUTE for word in near):
            return "points"
    if number.magnitude and number.unit_kind == "counted":
        return None
    return unit
