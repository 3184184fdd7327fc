"""Candidates for the metric of a number, with what speaks for each.

A candidate is a mention in the sentence, a mention in one of the sentences before, the unit itself, the metric of the
number before, or one of the metrics that need no mention (``UNNAMED``: they are ids of the guideline, not words).
"""

from __future__ import annotations

from dataclasses import dataclass

from extractor.document import Document
from extractor.passes.results.annotate import Item, Metric, MetricFinder, Row
from extractor.passes.results.features import clause, key, kin
from extractor.passes.results.govern import Cues, cue_signature
from extractor.passes.results.syntax import metric_places

EARLIER = 3  # sentences with a metric that are looked back
UNNAMED = ("performance", "other", "speedup")
_JOIN = frozenset({",", "and", "the", "a", "&", "/", "or", "in", "by"})
_OWN_2 = frozenset({"of", "is", "to", "by", "=", ":", "(", "from", "at", "was", "score", "scores", "rate", "are", "up"})
_OWN_3 = _OWN_2 | {"an", "a", "about", "over", "than", "more", "less", "around"}
_PRE = frozenset(
    {
        "relative",
        "absolute",
        "average",
        "higher",
        "lower",
        "better",
        "more",
        "less",
        "fewer",
        "increase",
        "reduction",
        "point",
        "points",
        "improvement",
        "in",
        "of",
        "-",
    }
)
_SLOT_LINKS = frozenset({"of", "to", "is", "=", ":", "(", "by", "at", "in", "from"})


@dataclass(slots=True)
class MetricCandidate:
    """``place`` is the index of the mention in the row, None where there is none; ``mention`` its span if it has one."""

    id: str
    place: int | None
    features: list[str]
    mention: Metric | None = None


@dataclass(slots=True, frozen=True)
class Previous:
    """The result decided just before in the same paper."""

    metric: str
    place: int
    row: Row


def bucket(distance: int) -> str:
    """Return a coarse distance in items."""
    for limit, name in ((0, "0"), (1, "1"), (2, "2"), (4, "3"), (8, "5"), (16, "9")):
        if distance <= limit:
            return name
    return "17"


class MetricCandidates:
    """Proposes metrics for numbers."""

    def __init__(self, finder: MetricFinder, cues: Cues) -> None:
        self._finder = finder
        self._cues = cues

    def earlier(self, document: Document, row: Row) -> list[tuple[int, list[Metric]]]:
        """Return the named metrics of sentences before a row, the nearest first, with the sentence's order among them.

        Sentences that name none do not count, so that a sentence without metrics changes no answer.
        """
        out: list[tuple[int, list[Metric]]] = []
        for index in range(row.index - 1, -1, -1):
            named = [
                metric for metric in self._finder.find(document, *document.sentences[index]) if metric.id not in UNNAMED
            ]
            if named:
                out.append((len(out) + 1, named))
                if len(out) == EARLIER:
                    break
        return out

    def propose(
        self, row: Row, place: int, group: list[int], earlier: list[tuple[int, list[Metric]]], previous: Previous | None
    ) -> list[MetricCandidate]:
        """Return the candidates for the number at ``place``, a member of the list ``group``."""
        items = row.items
        number = items[place].number
        assert number is not None
        first, last = group[0], group[-1]
        kind = number.unit_kind
        unit = (number.unit or "").lower()
        signature_left, signature_right = cue_signature(row, first, last, self._cues)
        out: list[MetricCandidate] = []
        if kind not in ("percent", "times", "points"):
            for metric, acronym in self._finder.by_form.get(unit, ()):
                if acronym is None or acronym == number.unit:
                    out.append(MetricCandidate(metric, None, ["isunit", f"isunit|{metric}", f"isunit={unit}|{metric}"]))
        left = [i for i in range(first - 1, -1, -1) if items[i].metric is not None]
        right = [i for i in range(last + 1, len(items)) if items[i].metric is not None]
        inner = [i for i in range(first, last) if items[i].metric is not None]
        respectively = any(item.key == "respectively" for item in items)
        span = clause(row, place)
        places = metric_places(row, group, self._cues)
        for side, sequence in (("L", left), ("R", right), ("I", inner)):
            for order, i in enumerate(sequence[:5]):
                mention = items[i].metric
                assert mention is not None
                for metric in (mention.id, *mention.others):
                    out.append(
                        self._mention(
                            metric,
                            row,
                            place,
                            group,
                            side,
                            order,
                            sequence,
                            left + right,
                            span,
                            respectively,
                            (signature_left, signature_right),
                            places,
                        )
                    )
        specific = any(items[i].metric.id not in UNNAMED for i in left + right)  # type: ignore[union-attr]
        order = 0
        for nearness, metrics in earlier:
            for mention in metrics:
                if mention.id in UNNAMED or order >= 4:
                    continue
                features = [
                    f"P={nearness}",
                    f"Po={order}",
                    f"P|u={kind}",
                    f"P|{mention.id}|u={kind}",
                    f"Pany={bool(left or right)}",
                    f"P|{signature_left}|{signature_right}",
                    f"Pany={specific}",
                    f"P|inf={number.form}",
                ]
                out.append(MetricCandidate(mention.id, None, features, mention))
                out += [
                    MetricCandidate(
                        other,
                        None,
                        [f.replace(f"|{mention.id}|", f"|{other}|") for f in features] + [f"Pother={other}"],
                        mention,
                    )
                    for other in mention.others
                ]
                order += 1
        out += self._unnamed(
            row, place, group, specific, (left[:1] + right[:1]), (signature_left, signature_right), previous, places
        )
        if previous is not None:
            self._follow(out, row, place, previous, signature_right)
        return out

    def _mention(
        self,
        metric: str,
        row: Row,
        place: int,
        group: list[int],
        side: str,
        order: int,
        sequence: list[int],
        both: list[int],
        span: tuple[int, int],
        respectively: bool,
        signature: tuple[str, str],
        places: dict[str, tuple[int, int]],
    ) -> MetricCandidate:
        items = row.items
        number, i = items[place].number, sequence[order]
        mention = items[i].metric
        assert number is not None and mention is not None
        first, last, kind = group[0], group[-1], number.unit_kind
        low, high = (
            (i + 1, first) if side == "L" else (last + 1, i) if side == "R" else (min(i, place) + 1, max(i, place))
        )
        gap = items[low:high]
        far = bucket(len(gap))
        numbers = min(2, sum(item.number is not None for item in gap))
        metrics = min(2, sum(item.metric is not None for item in gap))
        words = " ".join("#" if item.number is not None else item.key for item in gap) if len(gap) <= 3 else "…"
        unnamed = metric in UNNAMED
        word = items[i].key
        f = [
            f"{side}d={far}",
            f"{side}d={far}|nn={numbers}",
            f"{side}nn={numbers}|nm={metrics}",
            f"{side}g={words}",
            f"{side}o={order}",
            f"{side}o={order}|u={kind}",
            f"{side}clause={span[0] <= i < span[1]}",
            f"{side}comma={any(x.key == ',' for x in gap)}|{any(x.key in ('and', 'while') for x in gap)}",
            f"{side}par={sum((x.key == '(') - (x.key == ')') for x in gap)}",
            f"{side}d={far}|{metric}",
            f"{side}|{metric}|u={kind}",
            f"{side}k={word}",
            f"k={word}|{kind}",
            f"k={word}|{metric}",
            f"k={word}|{metric}|{kind}",
            f"acr={mention.acronym}|{side}",
            f"{side}o={order}|gen={unnamed}|nn={min(numbers, 1)}",
            f"{side}|{metric}|{signature[0]}",
            f"{metric}|{signature[1]}",
            f"{side}d={far}|{self._cues.of(items[i])}|u={kind}",
            f"{side}g={words}|{unnamed}",
            f"len={min(3, word.count(' '))}|{side}",
        ]
        inside = [
            f"{name}{'!' if i == stop - 1 else ''}" for name, (start, stop) in places.items() if start <= i < stop
        ]
        filled = _filled(items, places)
        f += [f"in={name}" for name in inside]
        f += [f"in={name}|gen={unnamed}" for name in inside]
        f += [f"in={name}|{filled}" for name in inside]
        f += [f"in={name}|{kind}" for name in inside]
        if not inside:
            f += [f"out|{side}", f"out|{filled}", f"out|{filled}|gen={unnamed}"]
        owner = _owner(items, i, frozenset(group))
        f += [f"own={owner}|{side}", f"own={owner}|{side}o={order}|nn={numbers}"]
        rank, length = _rank_in_list(items, i)
        if length > 1 and length == len(group):
            aligned = rank == group.index(place)
            f += [f"align={aligned}", f"align={aligned}|resp={respectively}|{side}"]
        elif length > 1:
            f.append(f"mlist={min(rank, 2)}|L={min(len(group), 3)}|{side}")
        nearer = any(items[j].metric.id not in UNNAMED for j in sequence[:order])  # type: ignore[union-attr]
        f.append(f"{side}near_nongen={nearer}|gen={unnamed}")
        if i:
            f += [
                f"pre={before_key(items[i - 1])}|{metric}",
                f"prec={kin(items[i - 1])}|{metric}",
                f"preac={items[i - 1].acronym}|{unnamed}",
            ]
        after = items[i + 1].key if i + 1 < len(items) else ""
        before = key(items[i - 1]) if i else "<s>"
        if side == "L":
            f += [
                f"beforesep={items[first - 1].key if first else '-'}|{far}",
                f"after={after}",
                f"after={after}|d={far}",
                f"bef={before}",
            ]
        else:
            f += [f"Rbef={before}|{far}", f"Rafter={after}"]
        f.append(f"n_same={min(3, sum(items[j].metric.id == metric for j in both))}")  # type: ignore[union-attr]
        return MetricCandidate(metric, i, f, mention)

    def _unnamed(
        self,
        row: Row,
        place: int,
        group: list[int],
        specific: bool,
        near: list[int],
        signature: tuple[str, str],
        previous: Previous | None,
        places: dict[str, tuple[int, int]],
    ) -> list[MetricCandidate]:
        items = row.items
        number = items[place].number
        assert number is not None
        first, last, kind = group[0], group[-1], number.unit_kind
        l1 = key(items[first - 1]) if first else "<s>"
        r1 = key(items[last + 1]) if last + 1 < len(items) else "</s>"
        r2 = key(items[last + 2]) if last + 2 < len(items) else "</s>"
        before = items[max(0, first - 4) : first][::-1]
        link = before[0].key if before else "<s>"
        slot = before[1] if len(before) > 1 and link in _SLOT_LINKS else None
        behind = items[last + 1] if last + 1 < len(items) else None
        slot_word = (
            "none"
            if slot is None
            else "metric"
            if slot.metric
            else "name"
            if slot.name
            else "num"
            if slot.number
            else slot.key
        )
        slot_type = "none" if slot is None else self._type(slot)
        behind_type = (
            "none"
            if behind is None
            else "punct"
            if not behind.key[0].isalpha() and not (behind.metric or behind.name)
            else self._type(behind)
        )
        nearest = bucket(min((abs(j - place) for j in near), default=30))
        filled = _filled(items, places)
        out = []
        for metric in UNNAMED:
            g = f"G={metric}"
            f = [
                g,
                f"{g}|u={kind}",
                f"{g}|un={(number.unit or '').lower()}",
                f"{g}|any={specific}",
                f"{g}|{signature[0]}|{signature[1]}",
                f"{g}|{signature[0]}|{kind}",
                f"{g}|{signature[1]}|{kind}",
                f"{g}|l1={l1}",
                f"{g}|r1={r1}",
                f"{g}|r2={r2}",
                f"{g}|dmin={nearest}",
                f"{g}|ttl={row.index == 0}",
                f"{g}|form={number.form}",
                f"{g}|sign={number.sign}",
                f"{g}|slot={slot_word}",
                f"{g}|slt={slot_type}|{link}|{behind_type}",
                f"{g}|rt={behind_type}|{kind}",
                f"{g}|pm={previous.metric == metric if previous else None}",
                f"{g}|{kind}|any={specific}|{signature[0]}",
            ]
            f.append(f"{g}|filled={filled}")
            for name, (start, stop) in places.items():
                if not _specific(items[start:stop]):
                    head = items[stop - 1]
                    if any(item.acronym and item.name is None for item in items[start:stop]):
                        f.append(f"{g}|{name}:acronym")
                    f += [
                        f"{g}|{name}={head.key}",
                        f"{g}|{name}c={kin(head)}",
                        f"{g}|{name}|{self._type(head)}|{filled}",
                    ]
                    f += [f"{g}|{name}w={item.key}" for item in items[start : stop - 1]]
            if slot is not None:
                f.append(f"{g}|slotc={kin(slot)}")
            f += [f"{g}|lc={kin(x)}" for x in items[max(0, first - 3) : first]]
            f += [f"{g}|rc={kin(x)}" for x in items[last + 1 : last + 4]]
            f += [f"{g}|l={key(x)}" for x in items[max(0, first - 5) : first]]
            f += [f"{g}|r={key(x)}" for x in items[last + 1 : last + 6]]
            out.append(MetricCandidate(metric, None, f))
        return out

    def _type(self, item: Item) -> str:
        if item.metric is not None:
            return "metric"
        if item.name is not None:
            return "name"
        return "cue" if self._cues.of(item) else "unk"

    def _follow(
        self, out: list[MetricCandidate], row: Row, place: int, previous: Previous, signature_right: str
    ) -> None:
        """Add what the metric of the number before says: coordination shares a metric."""
        items = row.items
        number, other = items[place].number, previous.row.items[previous.place].number
        assert number is not None and other is not None
        gap = items[previous.place + 1 : place] if previous.row is row else []
        if previous.row is not row:
            relation = "other"
        elif len(gap) <= 2:
            relation = "list"
        elif any(x.key in ("and", ",") for x in gap) and not any(x.key in (".", ";") for x in gap):
            relation = "and"
        else:
            relation = "far"
        named = any(x.metric is not None and x.metric.id not in UNNAMED for x in gap)
        kind = number.unit_kind
        if previous.metric not in UNNAMED and all(candidate.id != previous.metric for candidate in out):
            out.append(MetricCandidate(previous.metric, None, ["onlyprev"]))
        for candidate in out:
            same = f"prev={candidate.id == previous.metric}|{relation}"
            candidate.features += [
                same,
                f"{same}|m={named}|u={other.unit_kind == kind}",
                f"{same}|gl={min(len(gap), 12)}",
                f"{same}|{kind}|{signature_right}",
            ]


def before_key(item: Item) -> str:
    """Return the word before a mention; function words and numbers say nothing about it."""
    return item.key if item.key[0].isalpha() and item.number is None and item.name is None else "-"


def _filled(items: list[Item], places: dict[str, tuple[int, int]]) -> str:
    """Return which places hold a named metric, which only words."""
    out = []
    for name in ("behind", "of_change", "before", "object", "terms"):
        if name in places:
            start, stop = places[name]
            named = any(item.metric is not None for item in items[start:stop])
            bare = "A" if any(item.acronym and item.name is None for item in items[start:stop]) else "w"
            out.append(f"{name[0]}{name[-1]}{'M' if _specific(items[start:stop]) else 'g' if named else bare}")
    return "".join(out)


def _specific(items: list[Item]) -> bool:
    """Say whether one of the items is a mention of a metric that has a name of its own."""
    return any(item.metric is not None and item.metric.id not in UNNAMED for item in items)


def _owner(items: list[Item], i: int, mine: frozenset[int]) -> str:
    """Say which number a mention stands directly beside: ours, another or none."""
    if i > 0 and items[i - 1].number is not None:
        return "me" if i - 1 in mine else "other"
    if i > 1 and items[i - 2].number is not None and items[i - 1].key in _PRE:
        return "me~" if i - 2 in mine else "other~"
    for offset in (1, 2, 3):
        j = i + offset
        if j >= len(items) or items[j].number is None:
            continue
        between = [items[q].key for q in range(i + 1, j)]
        if all(word in _OWN_3 for word in between):
            return "me" if j in mine else "other"
    return "-"


def _rank_in_list(items: list[Item], i: int) -> tuple[int, int]:
    """Return the rank of a mention in a coordinated list of metrics, and the length of that list."""
    rank = 0
    at = i
    while True:
        q = at - 1
        while q >= 0 and items[q].key in _JOIN:
            q -= 1
        if q < 0 or q == at - 1 or items[q].metric is None:
            break
        rank += 1
        at = q
    length = rank + 1
    at = i
    while True:
        q = at + 1
        while q < len(items) and items[q].key in _JOIN:
            q += 1
        if q >= len(items) or q == at + 1 or items[q].metric is None:
            break
        length += 1
        at = q
    return rank, length
