"""Where results go wrong: by metric, by kind, by slot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from extractor.evaluate.load import Facts
from extractor.evaluate.pairing import pair_results
from extractor.evaluate.sameness import SLOTS
from extractor.evaluate.scores import Counts


@dataclass(slots=True)
class GroupScores:
    """The three figures of results within one group (a metric, a kind)."""

    number: Counts = field(default_factory=Counts)
    core: Counts = field(default_factory=Counts)
    full: Counts = field(default_factory=Counts)


@dataclass(slots=True)
class SlotScores:
    """How one slot fares over all paired results."""

    pairs: int = 0
    right: int = 0
    absent: int = 0  # gold has a value, none was found
    invented: int = 0  # a value was found, gold has none
    different: int = 0
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)


def by_group(
    gold: Mapping[str, Facts], found: Mapping[str, Facts], slot: Literal["metric", "kind"]
) -> dict[str, GroupScores]:
    """Return the figures of results by the value of ``slot``, most frequent group first.

    A pair and a missed result count in the group that gold says, an extra one in the group that was found.
    """
    groups: dict[str, GroupScores] = {}
    for key, paper in gold.items():
        wanted, offered = paper["results"], found[key]["results"] if key in found else []
        pairs = pair_results(wanted, offered)
        for pair in pairs:
            record = wanted[pair.gold]
            if record.get("optional"):
                continue
            group = groups.setdefault(record[slot], GroupScores())
            for counts, right in ((group.number, True), (group.core, pair.core), (group.full, pair.full)):
                counts.add(right, not right, not right)
        met_gold, met_found = {pair.gold for pair in pairs}, {pair.found for pair in pairs}
        for i, record in enumerate(wanted):
            if i not in met_gold and not record.get("optional"):
                _add_to_all(groups.setdefault(record[slot], GroupScores()), fn=1)
        for j, record in enumerate(offered):
            if j not in met_found:
                _add_to_all(groups.setdefault(record[slot], GroupScores()), fp=1)
    return dict(sorted(groups.items(), key=lambda item: (-item[1].number.tp - item[1].number.fn, item[0])))


def by_slot(gold: Mapping[str, Facts], found: Mapping[str, Facts]) -> dict[str, SlotScores]:
    """Return for each slot of a result how often it is right, absent, invented or different among the paired ones."""
    slots = {slot: SlotScores() for slot in SLOTS}
    for key, paper in gold.items():
        wanted, offered = paper["results"], found[key]["results"] if key in found else []
        for pair in pair_results(wanted, offered):
            record, other = wanted[pair.gold], offered[pair.found]
            if record.get("optional"):
                continue
            for slot, scores in slots.items():
                scores.pairs += 1
                if slot not in pair.wrong:
                    scores.right += 1
                    continue
                a, b = record.get(slot), other.get(slot)
                scores.absent += b is None
                scores.invented += a is None
                scores.different += a is not None and b is not None
                scores.confusions[str(a), str(b)] += 1
    return slots


def _add_to_all(group: GroupScores, *, fp: int = 0, fn: int = 0) -> None:
    for counts in (group.number, group.core, group.full):
        counts.add(0, fp, fn)
