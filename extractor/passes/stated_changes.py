"""Check the changes that a paper states against its from-to pairs: "from 11.80% to 8.38%" is a reduction by 29%.

A pair and a change belong together where they are of one metric, go in one direction, and neither data set nor system
tells them apart. A change in percent may be meant relatively or, of a metric in percent, in points: it agrees if one of
the two readings does. Points have the one reading.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from extractor.records import Result

_LITERAL = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MAGNITUDES = (1.0, 1e3, 1e6, 1e9, 1e12)
_SCORES = ("%", "points", None)  # units whose differences are points
_UNNAMED = "ours"


def check_stated_changes(results: Sequence[Result]) -> tuple[Result, ...]:
    """Return ``results`` with ``stated_change_ok`` set: on pairs and changes that could be checked against each other.

    Each change is first given to a pair that it agrees with; of what is left over, changes and pairs that belong
    together contradict each other.
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
            if left and _belong_together(results[pair], results[change]):
                found[pair] = found[change] = False
    return tuple(
        row.model_copy(update={"stated_change_ok": found[i]}) if i in found else row for i, row in enumerate(results)
    )


def _is_pair(row: Result) -> bool:
    return row.from_value is not None and row.from_value != row.value and row.value_high is None


def _belong_together(pair: Result, change: Result) -> bool:
    assert pair.from_value is not None
    return (
        pair.metric == change.metric
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
    readings = []
    if change.unit == "%" and all(a for a, _ in ends):
        readings.append([100 * abs(b - a) / abs(a) for a, b in ends])
    bound = change.unit == "%" and change.qualifier in ("up_to", "at_least", "at_most")
    if pair.unit in _SCORES and not bound:  # 3.42 points are always "up to 29%"
        readings.append([abs(b - a) for a, b in ends])
    low, high = _stated(change)
    return any(min(reading) <= high and max(reading) >= low for reading in readings)


def _stated(change: Result) -> tuple[float, float]:
    """Return between which values a change may lie that is stated like this."""
    last = change.value if change.value_high is None else change.value_high
    step = _half_step(last, change.quote)
    if change.qualifier == "approx":
        step = max(2 * step, _coarse_half_step(last))
    slack = step + 1e-9 * abs(last)
    low = -math.inf if change.qualifier in ("up_to", "at_most") else change.value - slack
    high = math.inf if change.qualifier == "at_least" else last + slack
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
