"""Check the changes that a paper states against its from-to pairs: "from 11.80% to 8.38%" is a reduction by 29%.

A pair and a change belong together where they are of one metric, go in one direction, and neither data set nor system
tells them apart. A change in percent may be meant relatively or, of a score, in points: it agrees if one of the two
readings does. Points have the one reading; of scores from 0 to 1 a point is 0.01.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from extractor.records import Qualifier, Result

_LITERAL = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MAGNITUDES = (1.0, 1e3, 1e6, 1e9, 1e12)
_SCORES = ("%", "points", None)  # units whose differences are points
_UNNAMED = "ours"
_UNSPECIFIC = "other"
NEAR = 200  # characters: a change that stands further away and disagrees is about something else


def check_stated_changes(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return ``results`` with ``stated_change_ok`` set: on pairs and changes that could be checked against each other.

    Each change is first given to a pair that it agrees with; of what is left over, changes and pairs that belong
    together and stand near each other contradict each other.
    """
    pairs = [i for i, row in enumerate(results) if _is_pair(row)]
    changes = [i for i, row in enumerate(results) if row.kind == "change" and row.unit in ("%", "points")]
    if not pairs or not changes:
        return tuple(results)
    found: dict[int, bool] = {}
    for change in changes:
        for pair in pairs:
            if _belong_together(results[pair], results[change]) and _agree(results[pair], results[change]):
                found[pair] = found[change] = True
                break
    for change in changes:
        for pair in pairs:
            left = found.get(change) is not True and found.get(pair) is not True
            if left and _near(results[pair], results[change]) and _belong_together(results[pair], results[change]):
                found[pair] = found[change] = False
    return tuple(
        row.model_copy(update={"stated_change_ok": found[i]}) if i in found else row for i, row in enumerate(results)
    )


def _is_pair(row: Result) -> bool:
    return row.from_value is not None and row.from_value != row.value and row.value_high is None


def _near(a: Result, b: Result) -> bool:
    return a.field == b.field and max(a.start - b.end, b.start - a.end) <= NEAR


def _belong_together(pair: Result, change: Result) -> bool:
    assert pair.from_value is not None
    return (
        pair.metric == change.metric
        and (pair.metric != _UNSPECIFIC or pair.metric_text == change.metric_text)
        and change.direction == ("increase" if pair.value > pair.from_value else "decrease")
        and (change.unit != "points" or pair.unit in _SCORES)
        and not _differ(pair.dataset, change.dataset)
        and not _differ(pair.system, change.system)
    )


def _differ(a: str | None, b: str | None) -> bool:
    """Tell whether both are named, and not alike."""
    if a is None or b is None or _UNNAMED in (a, b):
        return False
    return a.casefold() != b.casefold()


def _agree(pair: Result, change: Result) -> bool:
    assert pair.from_value is not None
    spreads = (_half_step(pair.from_value, pair.quote), _half_step(pair.value, pair.quote))
    ends = [
        (a, b)
        for a in (pair.from_value - spreads[0], pair.from_value + spreads[0])
        for b in (pair.value - spreads[1], pair.value + spreads[1])
    ]
    low, high = _stated(change, change.qualifier)
    if change.unit == "%" and all(a for a, _ in ends):
        relative = [100 * abs(b - a) / abs(a) for a, b in ends]
        if min(relative) <= high and max(relative) >= low:
            return True
    if pair.unit not in _SCORES:
        return False
    if change.unit == "%" and change.qualifier in ("up_to", "at_least", "at_most"):
        low, high = _stated(change, "exact")  # else 3.42 points were always "up to 29%"
    point = 0.01 if pair.unit is None and max(abs(pair.value), abs(pair.from_value)) <= 1 else 1
    points = [abs(b - a) / point for a, b in ends]
    return min(points) <= high and max(points) >= low


def _stated(change: Result, qualifier: Qualifier) -> tuple[float, float]:
    """Return between which values a change may lie that is stated like this."""
    last = change.value if change.value_high is None else change.value_high
    step = _half_step(last, change.quote)
    if qualifier == "approx":
        step = max(2 * step, _coarse_half_step(last))
    slack = step + 1e-9 * abs(last)
    low = -math.inf if qualifier in ("up_to", "at_most") else change.value - slack
    high = math.inf if qualifier == "at_least" else last + slack
    return low, high


def _half_step(value: float, quote: str) -> float:
    """Return half a unit of the last digit of ``value`` as it stands in ``quote``; 11.80 has two decimals, 1.2M has 1e5."""
    steps = []
    for literal in _LITERAL.findall(quote):
        digits = literal.replace(",", "")
        for magnitude in _MAGNITUDES:
            if math.isclose(float(digits) * magnitude, abs(value), rel_tol=1e-9):
                steps.append(magnitude * 10.0 ** -len(digits.partition(".")[2]))
    return (min(steps) if steps else 10.0 ** -len(f"{abs(value):.10f}".rstrip("0").partition(".")[2])) / 2


def _coarse_half_step(value: float) -> float:
    """Return half a unit of the last digit that is not zero: 30 may be said of 25 to 35."""
    digits = f"{abs(value):.10f}".rstrip("0")
    if not digits.endswith("."):
        return 10.0 ** -len(digits.partition(".")[2]) / 2
    whole = digits[:-1]
    return 10.0 ** (len(whole) - len(whole.rstrip("0"))) / 2 if value else 0.5
