"""Axes: where a number stands between 0 and 100 % of a plot's width, and which numbers are written below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Tick(NamedTuple):
    """A number below an axis; ``at`` in per cent of the width."""

    at: float
    label: str


class Axis:
    """A linear or logarithmic axis from ``low`` to ``high``."""

    def __init__(self, low: float, high: float, *, log: bool) -> None:
        """Take the ends; a logarithmic axis needs both above 0, and equal ends are drawn apart."""
        if low == high:
            low, high = (low / 2, high * 2) if log else (low - 1, high + 1)
        self.log = log
        self._low, self._high = (math.log10(low), math.log10(high)) if log else (low, high)

    def at(self, number: float) -> float:
        """Return where ``number`` stands, in per cent of the width; what lies outside stands at the border."""
        if self.log:
            number = math.log10(number) if number > 0 else self._low
        share = (number - self._low) / (self._high - self._low)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def ticks(self) -> list[Tick]:
        """Return three to seven round numbers of the axis."""
        return [Tick(self.at(number), compact(number)) for number in (self._powers() if self.log else self._steps())]

    def _powers(self) -> list[float]:
        decades = self._high - self._low
        digits = (1,) if decades > 3 else (1, 3) if decades > 1.5 else (1, 2, 5)
        powers = range(math.floor(self._low), math.ceil(self._high) + 1)
        every = max(1, math.ceil(decades / 6))
        numbers = [d * 10.0**p for p in powers if p % every == 0 for d in digits]
        return [n for n in numbers if self._low - 1e-9 <= math.log10(n) <= self._high + 1e-9]

    def _steps(self) -> list[float]:
        rough = (self._high - self._low) / 5
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(d * power for d in (1, 2, 5, 10) if d * power >= rough)
        first = math.ceil(self._low / step - 1e-9)
        return [round(n * step, 12) for n in range(first, math.floor(self._high / step + 1e-9) + 1)]


def compact(number: float) -> str:
    """Return a number as short as it can be read: 1500000 is ``1.5M``."""
    for size, letter in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(number) >= size:
            return f"{number / (1e3 if letter == 'k' else size):.4g}{letter}"
    return f"{number:.4g}"


def quantile(ordered: Sequence[float], share: float) -> float:
    """Return a quantile of numbers in ascending order, interpolated linearly."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
