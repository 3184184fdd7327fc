"""From numbers to results: what each number is, one decision after the other.

Numbers are read in order; each is a result or not, then its metric, kind, direction, qualifier, unit, data set, system and
baseline are chosen, each by a linear model over the features of its candidates. A result hands its choices to the next
one, since coordination shares them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from extractor.document import Document
from extractor.model.choice import Classifier, Ranker, read_weights, softmax
from extractor.passes.candidates import ResultCandidate
from extractor.passes.results import features as F
from extractor.passes.results.annotate import Annotator, Metric, Name, Row
from extractor.passes.results.govern import Cues, cue_signature, governors, lists
from extractor.passes.results.metric import MetricCandidates, Previous
from extractor.passes.results.numbers import inverse
from extractor.passes.results.qualify import Qualifiers
from extractor.passes.results.slots import Decided, Slot, SlotContext, slot_candidates
from extractor.passes.results.units import unit_of
from extractor.records import Direction, Kind, Qualifier
from extractor.rulebook import RuleSet
from extractor.rulebook.metrics import MetricRule

WEIGHTS = Path(__file__).parent.parent.parent / "model" / "results.json.gz"
SLOTS: tuple[Slot, ...] = ("system", "dataset", "baseline")


@dataclass(slots=True)
class Choice:
    """What was decided for one number; ``probability`` holds how sure each decision was."""

    row: Row
    place: int
    metric: str = "other"
    mention: Metric | None = None
    kind: str = "value"
    direction: str | None = None
    qualifier: str = "exact"
    unit: str | None = None
    slots: dict[str, str | None] = field(default_factory=dict)
    probability: dict[str, float] = field(default_factory=dict)


class ResultsPass:
    """Finds and binds results; a pure function of document and names once built."""

    def __init__(self, rules: RuleSet, weights: Any = None) -> None:
        """Compile the finders; ``weights`` defaults to the shipped file, read on first use."""
        self.rules = rules
        self.annotator = Annotator(rules)
        self.cues = Cues(rules)
        self.qualifiers = Qualifiers(rules)
        self.metrics = MetricCandidates(self.annotator.metrics, self.cues)
        self.polarity = self.annotator.metrics.polarity
        self.in_times = {rule.id: rule.in_times for rule in rules.section("metrics", MetricRule)}
        self._weights = weights

    @cached_property
    def _model(self) -> dict[str, Any]:
        data = self._weights if self._weights is not None else read_weights(WEIGHTS)
        model: dict[str, Any] = {"threshold": data["threshold"], "calibration": data.get("calibration")}
        for head in ("result", "kind", "direction"):
            model[head] = Classifier(data[head]["classes"], data[head]["weights"])
        for head in ("metric", *SLOTS):
            model[head] = Ranker(data[head])
        return model

    def __call__(
        self, document: Document, names: Sequence[Name], proposed: Sequence[str], blocked: Sequence[tuple[int, int]]
    ) -> list[ResultCandidate]:
        """Return the results of a document.

        Args:
            document: the paper.
            names: all mentions of models, data sets and proposals, in order.
            proposed: the names that the paper introduces, the most central first.
            blocked: spans whose numbers are no results (links, bit widths).
        """
        rows = self.annotator.rows(document, names, blocked)
        if not rows:
            return []
        model = self._model
        accepted: list[tuple[Row, list[int], int, float]] = []
        for row in rows:
            for group in lists(row):
                for place in group:
                    share = model["result"].probabilities(self.result_features(document, row, place, group))["yes"]
                    if share >= model["threshold"]:
                        accepted.append((row, group, place, share))
        if not accepted:
            return []
        context = self.context(document, rows, names, proposed)
        out: list[ResultCandidate] = []
        last: Choice | None = None
        for row, group, place, share in accepted:
            last = self.decide(document, context, row, group, place, last)
            last.probability["result"] = share
            out.append(self._candidate(document, last, model["calibration"]))
        return out

    def context(
        self, document: Document, rows: Sequence[Row], names: Sequence[Name], proposed: Sequence[str]
    ) -> SlotContext:
        """Return what the slots of a document share."""
        found = list(names)
        context = SlotContext(document, found, list(proposed), cues=self.cues)
        numbered = {row.index: row for row in rows}
        context.row_of = lambda index: numbered.get(index) or self.annotator.plain_row(document, index, found)
        for name in names:
            context.counts[name.text] += 1
        return context

    def decide(
        self, document: Document, context: SlotContext, row: Row, group: list[int], place: int, last: Choice | None
    ) -> Choice:
        """Choose all attributes of the result at ``place``; ``last`` is the result before."""
        model = self._model
        number = row.items[place].number
        assert number is not None
        choice = Choice(row, place)
        previous = Previous(last.metric, last.place, last.row) if last is not None else None
        if row.index not in context.earlier:
            context.earlier[row.index] = self.metrics.earlier(document, row)
        earlier = context.earlier[row.index]
        candidates = self.metrics.propose(row, place, group, earlier, previous)
        shares = softmax([model["metric"].score(c.features) for c in candidates])
        totals: dict[str, float] = {}
        for candidate, share in zip(candidates, shares, strict=True):
            totals[candidate.id] = totals.get(candidate.id, 0.0) + share
        choice.metric = max(totals, key=lambda metric: totals[metric])
        choice.probability["metric"] = totals[choice.metric]
        named = [
            (share, c)
            for share, c in zip(shares, candidates, strict=True)
            if c.id == choice.metric and c.mention is not None
        ]
        if named:
            choice.mention = max(named, key=lambda pair: pair[0])[1].mention
        kinds = model["kind"].probabilities(self.kind_features(row, place, group, choice.metric))
        choice.kind = max(kinds, key=lambda kind: kinds[kind])
        if number.origin is not None and choice.kind != "value":
            choice.kind = "value"
        choice.probability["kind"] = kinds[choice.kind]
        if choice.kind in ("change", "ratio"):
            ways = model["direction"].probabilities(
                self.direction_features(row, place, group, choice.metric, choice.kind)
            )
            choice.direction = max(ways, key=lambda way: ways[way])
            choice.probability["direction"] = ways[choice.direction]
        direct, inherited = self.qualifiers.all(document.lower, row)[place]
        choice.qualifier = direct or inherited or ("approx" if number.form == "order" else "exact")
        choice.unit = unit_of(row, place, group, choice.kind, times=self.in_times.get(choice.metric, False))
        decided = Decided(choice.kind, choice.metric, number.origin is not None)
        for slot in SLOTS:
            if slot == "baseline" and choice.kind == "value" and number.origin is None:
                choice.slots[slot] = None  # by the guideline a value takes no baseline
                continue
            before = last.slots.get(slot) if last is not None else None
            where = (last.row.index, last.place) if last is not None else None
            options = slot_candidates(slot, context, row, place, group, decided, before, where)
            weights = softmax([model[slot].score(option.features) for option in options])
            value: dict[str | None, float] = {}
            for option, share in zip(options, weights, strict=True):
                value[option.text] = value.get(option.text, 0.0) + share
            best = max(value, key=lambda text: value[text])
            choice.slots[slot] = best
            choice.probability[slot] = value[best]
        return choice

    def result_features(self, document: Document, row: Row, place: int, group: list[int]) -> list[str]:
        """Return the features of "is it a result"."""
        return [
            *F.shape(row, place),
            *F.around(row, place, self.polarity),
            *F.sentence(row, place),
            *governors(row, group[0], group[-1], self.cues),
            *F.list_context(row, group),
        ]

    def kind_features(self, row: Row, place: int, group: list[int], metric: str) -> list[str]:
        """Return the features of the kind; they know the metric."""
        near = [
            name
            for name in F.around(row, place, self.polarity)
            if name.startswith(("l1", "l2", "r1", "r2", "l3c", "r3c", "mL", "mR", "bl4", "br4"))
        ]
        number = row.items[place].number
        assert number is not None
        words = {
            f"s={item.key}" for item in row.items if item.number is None and item.name is None and len(item.key) > 2
        }
        return [
            *F.shape(row, place),
            *governors(row, group[0], group[-1], self.cues),
            *F.list_context(row, group),
            *near,
            *sorted(words),
            f"metric={metric}|{number.unit_kind}",
            f"metric={metric}",
        ]

    def direction_features(self, row: Row, place: int, group: list[int], metric: str, kind: str) -> list[str]:
        """Return the features of the direction; they know metric and kind."""
        number = row.items[place].number
        assert number is not None
        polarity = self.polarity[metric]
        left, right = cue_signature(row, group[0], group[-1], self.cues)
        out = [
            f"pol={polarity}",
            f"metric={metric}",
            f"sig={left}|{right}|{polarity}",
            f"sigL={left}|{polarity}",
            f"sigR={right}|{polarity}",
            f"sig={left}|{right}|{metric}",
            f"sign={number.sign}|{polarity}",
            f"sign={number.sign}",
            f"form={number.form}",
            f"kind={kind}|{polarity}",
        ]
        out += [f"{name}|{polarity}" for name in governors(row, group[0], group[-1], self.cues)]
        out += [
            name
            for name in F.around(row, place, self.polarity)
            if name.startswith(("l1=", "r1=", "r2=", "bl4", "br4", "l1c", "r1c", "r2c"))
        ]
        return out

    def _candidate(self, document: Document, choice: Choice, calibration: Any) -> ResultCandidate:
        number = choice.row.items[choice.place].number
        assert number is not None
        low, high = number.low, number.high
        if number.form == "fraction" and choice.kind == "ratio" and low > 0:
            low, high = inverse(low), None
        if choice.kind == "value" and number.sign == "-":
            low, high = (-low, None) if high is None else (-high, -low)  # levels keep their sign
        start, end = number.start, number.end
        if (
            choice.mention is not None
            and choice.row.start <= choice.mention.start
            and choice.mention.end <= choice.row.end
        ):
            reach = max(end, choice.mention.end) - min(start, choice.mention.start)
            if reach <= 160:
                start, end = min(start, choice.mention.start), max(end, choice.mention.end)
        if number.origin is not None:
            start = min(start, number.origin.start)
        core = math.prod(choice.probability.get(name, 1.0) for name in ("result", "metric", "kind", "direction"))
        return ResultCandidate(
            start,
            end,
            choice.metric,
            self._metric_text(document, choice),
            cast("Kind", choice.kind),
            low,
            high,
            number.origin.low if number.origin is not None and choice.kind == "value" else None,
            choice.unit,
            cast("Direction | None", choice.direction),
            cast("Qualifier", choice.qualifier),
            choice.slots.get("dataset"),
            choice.slots.get("system"),
            choice.slots.get("baseline"),
            "results.linear",
            calibrated(core, calibration),
        )

    def _metric_text(self, document: Document, choice: Choice) -> str | None:
        if choice.mention is not None:
            return document.text[choice.mention.start : choice.mention.end]
        items, place = choice.row.items, choice.place
        number = items[place].number
        assert number is not None
        if number.unit_kind == "symbol" and choice.metric != "other":
            return number.unit
        for at in (place + 1, place + 2, place - 2, place - 1):
            if (
                0 <= at < len(items)
                and items[at].number is None
                and items[at].key[0].isalpha()
                and len(items[at].key) > 3
            ):
                return document.text[items[at].start : items[at].end]
        return None


def calibrated(core: float, table: Sequence[Sequence[float]] | None) -> float:
    """Map a product of probabilities to the share of results that were right at it (piecewise linear table)."""
    if not table:
        return round(core, 4)
    before = table[0]
    for point in table:
        if core <= point[0]:
            if point[0] == before[0]:
                return round(point[1], 4)
            share = (core - before[0]) / (point[0] - before[0])
            return round(before[1] + share * (point[1] - before[1]), 4)
        before = point
    return round(table[-1][1], 4)
