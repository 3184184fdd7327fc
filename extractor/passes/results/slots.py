"""Candidates for data set, system and baseline of a result, with what speaks for each.

Candidates are chunks of the sentence (names and plain noun phrases alike), names of other sentences, what the result
before had, and the two fillers that stand in no text: nothing, and ``ours``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from extractor.document import Document
from extractor.model.words import word_class
from extractor.passes.results.annotate import Metric, Name, Row
from extractor.passes.results.chunks import Chunk, chunk_row
from extractor.passes.results.features import key
from extractor.passes.results.govern import Cues
from extractor.passes.results.metric import bucket

Slot = Literal["dataset", "system", "baseline"]
OURS = "ours"


@dataclass(slots=True)
class SlotCandidate:
    """``text`` is the value that it gives (None: nothing)."""

    text: str | None
    features: list[str]
    span: tuple[int, int] | None = None


@dataclass(slots=True)
class SlotContext:
    """What the slots of one paper share: its chunks by row, its names."""

    document: Document
    names: list[Name]
    proposed: list[str]
    counts: Counter[str] = field(default_factory=Counter)
    chunks: dict[int, list[Chunk]] = field(default_factory=dict)
    row_of: Callable[[int], Row] | None = None
    cues: Cues | None = None
    earlier: dict[int, list[tuple[int, list[Metric]]]] = field(default_factory=dict)
    asked: tuple[int, int] | None = None
    shared: list[tuple[Chunk, list[str], str]] = field(default_factory=list)

    def of(self, index: int) -> list[Chunk]:
        """Return the chunks of a sentence, cut on first use."""
        if index not in self.chunks:
            assert self.row_of is not None and self.cues is not None
            self.chunks[index] = chunk_row(self.document, self.row_of(index), self.cues)
        return self.chunks[index]


@dataclass(slots=True)
class Decided:
    """What is known of a result when its slots are decided."""

    kind: str
    metric: str
    has_origin: bool


def slot_candidates(
    slot: Slot,
    context: SlotContext,
    row: Row,
    place: int,
    group: list[int],
    decided: Decided,
    previous: str | None,
    previous_place: tuple[int, int] | None,
) -> list[SlotCandidate]:
    """Return the candidates for one slot of the number at ``place``.

    ``previous`` is the value of the same slot of the result before, ``previous_place`` its row index and place.
    """
    result = f"{decided.kind}{'*' if decided.has_origin else ''}"
    asked = (row.index, place)
    if context.asked != asked:  # the three slots of a number share what speaks for its chunks
        context.asked = asked
        context.shared = _chunk_features(context, row, place, group, decided, result)
    out: list[SlotCandidate] = []
    for chunk, shared, between in context.shared:
        features = shared
        if previous is not None:
            same = chunk.text == previous
            features = [*shared, f"sameprev={same}|{chunk.kind}", f"sameprev={same}|{between}"]
        out.append(SlotCandidate(chunk.text, features, (chunk.start, chunk.end)))
    here = any(chunk.kind == "<dataset>" for chunk, _, _ in context.shared)
    out += _elsewhere(slot, context, row, result, here, previous)
    if previous_place is not None:
        out.append(_previous(context, row, place, result, here, previous, previous_place))
    out += _fillers(slot, context, row, group, decided, result, here, previous, previous_place)
    return out


def _chunk_features(
    context: SlotContext, row: Row, place: int, group: list[int], decided: Decided, result: str
) -> list[tuple[Chunk, list[str], str]]:
    """Return each chunk of the row with its features and a key for what lies between it and the number."""
    items = row.items
    first, last = group[0], group[-1]
    position = group.index(place)
    respectively = any(item.key == "respectively" for item in items)
    others = [p for p in row.places if p not in group]
    out: list[tuple[Chunk, list[str], str]] = []
    for chunk in context.of(row.index):
        if chunk.first <= place < chunk.stop:
            continue
        side = "L" if chunk.stop <= first else "R" if chunk.first > last else "I"
        anchor = first if side == "L" else last
        low, high = (
            (chunk.stop, first)
            if side == "L"
            else (last + 1, chunk.first)
            if side == "R"
            else ((chunk.stop, place) if chunk.stop <= place else (place + 1, chunk.first))
        )
        gap = items[low:high]
        far = bucket(len(gap))
        numbers = min(2, sum(x.number is not None for x in gap))
        stops = sum(x.key in (";", ":") for x in gap)
        commas = min(2, sum(x.key == "," for x in gap))
        depth = sum((x.key == "(") - (x.key == ")") for x in gap)
        words = (
            " ".join("#" if x.number is not None else key(x) if x.metric is None else "M" for x in gap)
            if len(gap) <= 3
            else "…"
        )
        head = chunk.text.split(" ")[-1].lower() if chunk.kind in ("<plain>", "<proper>") else chunk.kind
        nearer = any(abs(p - chunk.first) < abs(anchor - chunk.first) for p in others)
        behind = items[chunk.stop].key if chunk.stop < len(items) else "</s>"
        k, t = chunk.kind, chunk.trigger
        aligned = "-"
        if len(group) > 1 and chunk.size == len(group):
            aligned = str(chunk.rank == position) + ("r" if respectively else "")
        elif len(group) > 1 and chunk.size > 1:
            aligned = "odd"
        elif respectively and len(row.places) == chunk.size > 1:
            aligned = str(row.places.index(place) == chunk.rank) + "R"
        f = [
            f"{side}k={k}",
            f"{side}t={t}",
            f"{side}k={k}|t={t}",
            f"{side}k={k}|t={t}|{result}",
            f"{side}t={t}|d={far}",
            f"{side}k={k}|d={far}|nn={numbers}",
            f"{side}nn={numbers}|t={t}",
            f"{side}nearer={nearer}|k={k}",
            f"{side}nearer={nearer}|t={t}",
            f"{side}w={words}|k={k}",
            f"{side}w={words}",
            f"{side}stops={min(stops, 1)}",
            f"{side}commas={commas}|{k}",
            f"{side}depth={depth}",
            f"head={head}",
            f"head={head}|t={t}",
            f"hc={word_class(head)}",
            f"hc={word_class(head)}|t={t}",
            f"bc={word_class(behind)}|{k}",
            f"al={aligned}|k={k}",
            f"al={aligned}|{side}",
            f"behind={behind}|{k}",
            f"behind={behind}|{side}",
            f"first={chunk.first <= 1}|{k}",
            f"clausestart={chunk.first == 0 or items[chunk.first - 1].key in (',', ';', ':', 'that')}|{k}",
            f"len={min(4, chunk.stop - chunk.first)}|{k}",
            f"{result}|k={k}|{side}",
            f"{result}|m={decided.metric}|t={t}",
            f"title={row.index == 0}",
            f"n={min(4, context.counts[chunk.text])}|{k}",
            f"size={min(chunk.size, 3)}|k={k}|L={min(len(group), 3)}",
        ]
        if chunk.text in context.proposed:
            f.append(f"isproposed|{side}")
        out.append((chunk, f, f"nn={numbers}|{side}"))
    return out


def _previous(
    context: SlotContext,
    row: Row,
    place: int,
    result: str,
    here: bool,
    previous: str | None,
    previous_place: tuple[int, int],
) -> SlotCandidate:
    """Return what the result before had in this slot."""
    relation = "row" if previous_place[0] == row.index else f"{min(3, row.index - previous_place[0])}"
    gap = row.items[previous_place[1] + 1 : place] if relation == "row" else []
    named = any(x.name is not None for x in gap)
    kinds = "".join(sorted({key(x) for x in gap if x.name is not None}))
    what = (
        "none"
        if previous is None
        else OURS
        if previous == OURS
        else "proposed"
        if previous in context.proposed
        else "other"
    )
    f = [
        f"prev|{relation}",
        f"prev|{relation}|{what}|{result}",
        f"prev|{relation}|g={bucket(len(gap))}",
        f"prev|{relation}|named={named}",
        f"prev|{kinds}|{what}",
        f"prev|here={here}|{relation}|{what}",
    ]
    f += [f"prevw={x.key}" for x in gap[:12] if x.number is None and x.name is None and x.metric is None]
    return SlotCandidate(previous, f)


def _fillers(
    slot: Slot,
    context: SlotContext,
    row: Row,
    group: list[int],
    decided: Decided,
    result: str,
    here: bool,
    previous: str | None,
    previous_place: tuple[int, int] | None,
) -> list[SlotCandidate]:
    """Return the candidates that stand in no text: nothing, and for the system ``ours``."""
    items = row.items
    first, last = group[0], group[-1]
    proposed = bool(context.proposed)
    any_name = "".join(sorted({key(x) for x in items if x.name is not None}))
    l1 = key(items[first - 1]) if first else "<s>"
    r1 = key(items[last + 1]) if last + 1 < len(items) else "</s>"
    bag = sorted(
        {
            item.key
            for item in items
            if item.number is None and item.name is None and item.metric is None and len(item.key) > 1
        }
    )
    sets = min(3, sum("dataset" in n.kinds for n in context.names))
    out: list[SlotCandidate] = []
    for filler, text in (("none", None), (OURS, OURS)) if slot == "system" else (("none", None),):
        f = [
            f"F={filler}",
            f"F={filler}|{result}",
            f"F={filler}|{any_name}",
            f"F={filler}|p={proposed}",
            f"F={filler}|p={proposed}|{any_name}",
            f"F={filler}|m={decided.metric}",
            f"F={filler}|r1={r1}",
            f"F={filler}|l1={l1}",
            f"F={filler}|here={here}",
            f"F={filler}|title={row.index == 0}",
            f"F={filler}|sets={sets}",
            f"F={filler}|prev={'none' if previous is None else 'some'}|{previous_place is not None}",
        ]
        f += [f"F={filler}|w={word}" for word in bag]
        out.append(SlotCandidate(text, f))
    return out


def _elsewhere(
    slot: Slot, context: SlotContext, row: Row, result: str, here: bool, previous: str | None
) -> list[SlotCandidate]:
    """Return names that stand in other sentences; for the system the proposals of the paper too."""
    out: list[SlotCandidate] = []
    taken = {chunk.text for chunk in context.of(row.index)}
    if slot == "system":
        for order, proposal in enumerate(context.proposed[:4]):
            f = [
                "prop",
                f"prop|o={order}",
                f"prop|here={proposal in taken}",
                f"prop|{result}",
                f"prop|one={len(context.proposed) == 1}",
                f"prop|n={min(4, context.counts[proposal])}|o={order}",
            ]
            f += [
                f"prop|w={item.key}"
                for item in row.items
                if item.number is None and item.name is None and item.metric is None
            ]
            any_name = "".join(sorted({key(x) for x in row.items if x.name is not None}))
            f += [
                f"prop|{any_name}|here={proposal in taken}",
                f"prop|title={proposal in context.document.text[: context.document.title_end]}",
            ]
            out.append(SlotCandidate(proposal, f))
        return out
    out += _other_sentences(slot, context, row, result, here, taken, previous)
    wanted = "dataset" if slot == "dataset" else "model"
    any_name = "".join(sorted({key(x) for x in row.items if x.name is not None}))
    order = 0
    seen: set[str] = set(taken)
    total = len({n.text for n in context.names if wanted in n.kinds})
    for name in sorted(context.names, key=lambda n: (n.start > row.end, abs(n.start - row.start))):
        if wanted not in name.kinds or name.text in seen or order >= 5:
            continue
        seen.add(name.text)
        index = context.document.sentence_of(name.start)
        distance = row.index - index
        relation = "title" if index == 0 else f"{max(-2, min(4, distance))}"
        start, end = context.document.sentences[index]
        sentence = context.document.lower[start:end]
        evaluates = any(
            word in sentence for word in ("experiment", "evaluat", "benchmark", "results on", "tested", "validate")
        )
        f = [
            f"E={relation}",
            f"E={relation}|o={order}",
            f"E|here={here}",
            f"E|total={min(4, total)}",
            f"E={relation}|eval={evaluates}|here={here}",
            f"E|p={'proposed' in name.kinds}|{result}",
            f"E|n={min(4, context.counts[name.text])}|here={here}",
            f"E|{result}|here={here}",
        ]
        f += [
            f"E|same={name.text == previous}|{previous is None}",
            f"E={relation}|total={min(3, total)}|o={order}|here={here}",
            f"E|before={name.start < row.start}|o={order}|{slot}|{result}",
        ]
        f += [f"E|{any_name}|o={order}", f"E|kinds={'+'.join(sorted(name.kinds))}|o={order}|{result}"]
        out.append(SlotCandidate(name.text, f))
        order += 1
    return out


_WHERE = frozenset(
    {"on", "in", "for", "over", "across", "under", "at", "of", "with", "&on", "&in", "&for", "&over", "&across"}
)
_AGAINST = frozenset(
    {
        "than",
        "over",
        "against",
        "compared to",
        "compared with",
        "relative to",
        "comparing to",
        "to",
        "with",
        "outperform",
        "outperforms",
        "outperforming",
        "surpass",
        "surpasses",
        "surpassing",
        "beats",
        "exceeds",
        "versus",
        "vs",
        "existing",
        "&than",
        "&over",
        "&to",
    }
)


def _other_sentences(
    slot: Slot, context: SlotContext, row: Row, result: str, here: bool, taken: set[str], previous: str | None
) -> list[SlotCandidate]:
    """Return chunks of the sentences around the row that stand where a data set or a baseline would."""
    out: list[SlotCandidate] = []
    triggers = _WHERE if slot == "dataset" else _AGAINST
    last = len(context.document.sentences) - 1
    for index in (row.index - 1, row.index - 2, row.index + 1):
        if not 1 <= index <= last:
            continue
        order = 0
        for chunk in context.of(index):
            if chunk.trigger not in triggers or chunk.text in taken or order >= 6:
                continue
            if chunk.kind == "<dataset>" and slot == "dataset":
                continue  # proposed as a name below
            head = chunk.text.split(" ")[-1].lower() if chunk.kind in ("<plain>", "<proper>") else chunk.kind
            f = [
                f"S={index - row.index}|k={chunk.kind}|t={chunk.trigger}",
                f"S|k={chunk.kind}|t={chunk.trigger}|here={here}",
                f"S={index - row.index}|here={here}",
                f"S|head={head}",
                f"S|hc={word_class(head)}",
                f"S|hc={word_class(head)}|t={chunk.trigger}",
                f"S|t={chunk.trigger}|{result}",
                f"S|o={order}|{index - row.index}",
                f"S|first={chunk.first <= 2}|t={chunk.trigger}",
                f"S|size={min(chunk.size, 3)}|{chunk.kind}",
                f"S|same={chunk.text == previous}|{previous is None}",
                f"S={index - row.index}|t={chunk.trigger}|hc={word_class(head)}",
                f"S|k={chunk.kind}|{result}|{index - row.index}",
            ]
            out.append(SlotCandidate(chunk.text, f))
            order += 1
    return out
