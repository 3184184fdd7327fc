"""Which found result answers which gold result: equal numbers, paired for the highest total agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any, NamedTuple

from extractor.evaluate.sameness import CORE_SLOTS, SLOTS, fold_number, slot_right

MOST_PERMUTED = 6  # results of one number in one paper; beyond it they are paired in order


class Pair(NamedTuple):
    """Indices of a gold and a found result with equal numbers, and the slots in which they differ."""

    gold: int
    found: int
    wrong: frozenset[str]

    @property
    def core(self) -> bool:
        """Whether metric, kind, direction, qualifier and unit are right."""
        return self.wrong.isdisjoint(CORE_SLOTS)

    @property
    def full(self) -> bool:
        """Whether every slot is right."""
        return not self.wrong


def pair_results(gold: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> list[Pair]:
    """Pair the results of one paper that have equal numbers; each takes part in at most one pair."""
    groups: dict[tuple[float | None, float | None], tuple[list[int], list[int]]] = {}
    for index, record in enumerate(gold):
        groups.setdefault(_number(record), ([], []))[0].append(index)
    for index, record in enumerate(found):
        if group := groups.get(_number(record)):
            group[1].append(index)
    pairs: list[Pair] = []
    for wanted, offered in groups.values():
        options = {(i, j): Pair(i, j, _wrong(gold[i], found[j])) for i in wanted for j in offered}
        if len(wanted) > MOST_PERMUTED or len(offered) > MOST_PERMUTED:
            pairs += [options[pair] for pair in zip(wanted, offered, strict=False)]
            continue
        worth = {pair: _agreement(option, bool(gold[pair[0]].get("optional"))) for pair, option in options.items()}
        if len(wanted) <= len(offered):
            choices = [tuple(zip(wanted, order, strict=True)) for order in permutations(offered, len(wanted))]
        else:
            choices = [tuple(zip(order, offered, strict=True)) for order in permutations(wanted, len(offered))]
        best = max(choices, key=lambda choice: sum(worth[pair] for pair in choice))  # the first of equals
        pairs += [options[pair] for pair in best]
    return pairs


def _number(record: Mapping[str, Any]) -> tuple[float | None, float | None]:
    return fold_number(record["value"]), fold_number(record.get("value_high"))


def _wrong(gold: Mapping[str, Any], found: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(slot for slot in SLOTS if not slot_right(gold, found, slot))


def _agreement(pair: Pair, optional: bool) -> float:
    wrong_core = sum(slot in pair.wrong for slot in CORE_SLOTS)
    right_core, right_rest = len(CORE_SLOTS) - wrong_core, len(SLOTS) - len(CORE_SLOTS) - (len(pair.wrong) - wrong_core)
    return 8 * pair.full + 4 * pair.core + right_core + right_rest / 4 - 0.1 * optional
