"""Where the grammar of a sentence keeps the metric of a number, found without a parser.

Each place is a short noun phrase in a fixed relation to the number (or to its list):

    behind     97.6% [optimal rate]; 2.3x lower [latency]; a 4.9 [BLEU point] gain
    of_change  a 16% improvement in [grammar validity]; 5.2% gains of [speed]
    before     an [overall error] of 0.38; [WER]: 4.2%; the [threshold] is 1%
    object     reduces the [size] of the model by 40x; improves [accuracy] on X to 88%
    terms      in terms of [fidelity]; measured by [MPJPE]
"""

from __future__ import annotations

from extractor.passes.results.annotate import Item, Row
from extractor.passes.results.govern import Cues

_LINKS = frozenset(
    {
        "of",
        ":",
        "=",
        "(",
        "is",
        "was",
        "are",
        "were",
        "at",
        "reaches",
        "reaching",
        "reached",
        "to",
        "as",
        "remains",
        "equals",
        "[",
    }
)
_SKIP = frozenset(
    {
        "only",
        "just",
        "about",
        "around",
        "up",
        "over",
        "nearly",
        "approximately",
        "~",
        "≈",
        "a",
        "an",
        "the",
        "roughly",
        "more",
        "than",
        "less",
        "under",
        "above",
        "below",
        "merely",
        "as",
        "low",
        "high",
        "least",
        "even",
        "average",
        "mean",
        "maximum",
        "-",
        "+",
        ">",
        "<",
        "≥",
        "≤",
        "almost",
        "within",
        "fewer",
        "little",
        "much",
    }
)
_END = frozenset(
    """. ; : , ( ) and or but while which that who where when by with from on at than over for using via under across as is are was were to into among
    compared respectively against without within between during through if because so thus due relative versus vs while whereas we our it its""".split()
)
_STRONG = frozenset({"increase", "decrease", "better", "worse", "faster", "slower", "keep"})
REACH = 12


def _run_right(items: list[Item], start: int, limit: int = 6) -> int:
    """Return the end of the run of words that starts at ``start``."""
    at = start
    while at < len(items) and at - start < limit:
        item = items[at]
        if item.number is not None or item.key in _END or item.key in ("of", "in"):
            break
        at += 1
    return at


def _run_left(items: list[Item], stop: int, limit: int = 5) -> int:
    """Return the start of the run of words that ends before ``stop``."""
    at = stop
    while at > 0 and stop - at < limit:
        item = items[at - 1]
        if item.number is not None or item.key in _END or item.key in ("of", "in", "a", "an", "the"):
            break
        at -= 1
    return at


def metric_places(row: Row, group: list[int], cues: Cues) -> dict[str, tuple[int, int]]:
    """Return the item ranges (half-open) of the noun phrases that may name the metric of a list of numbers."""
    items = row.items
    first, last = group[0], group[-1]
    places: dict[str, tuple[int, int]] = {}
    start = last + 1
    while start < len(items) and items[start].key in (
        "-",
        "relative",
        "absolute",
        "average",
        "mean",
        "overall",
        "in",
        ")",
    ):
        if items[start].key == "in" and start > last + 1:
            break
        start += 1
    stop = _run_right(items, start)
    if stop > start:
        places["behind"] = (start, stop)
        link = items[stop].key if stop < len(items) else ""
        if link in ("in", "of", "on", "for", "over"):
            changes = any(cues.of(item) in _STRONG for item in items[start:stop])
            if changes and link in ("in", "of"):
                begin = stop + 1
                while begin < len(items) and items[begin].key in (
                    "the",
                    "a",
                    "an",
                    "both",
                    "its",
                    "their",
                    "average",
                    "overall",
                ):
                    begin += 1
                end = _run_right(items, begin)
                if end > begin:
                    places["of_change"] = (begin, end)
    at = first - 1
    while at >= 0 and items[at].key in _SKIP and items[at].metric is None:
        at -= 1
    if at >= 0 and items[at].key in _LINKS:
        begin = _run_left(items, at)
        if begin < at:
            places["before"] = (begin, at)
    elif at >= 0 and items[at].number is None and items[at].key not in _END and items[at].key != "by":
        begin = _run_left(items, at + 1)
        if begin <= at:
            places["before"] = (begin, at + 1)
    verb = first - 1
    while verb >= 0 and first - verb <= REACH:
        item = items[verb]
        if item.key in (".", ";") or item.number is not None:
            break
        if cues.of(item) in _STRONG and item.metric is None:
            begin = verb + 1
            while begin < first and items[begin].key in (
                "the",
                "a",
                "an",
                "our",
                "its",
                "their",
                "both",
                "average",
                "overall",
                "of",
                "in",
            ):
                begin += 1
            end = _run_right(items, begin)
            if begin < end <= first:
                places["object"] = (begin, end)
                break
        verb -= 1
    for at, item in enumerate(items):
        if item.key == "terms" and at + 2 < len(items) and items[at + 1].key == "of":
            begin = at + 2
            end = _run_right(items, begin)
            if end > begin:
                places["terms"] = (begin, end)
            break
    return places
