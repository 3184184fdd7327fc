"""Precision, recall and F1 per field over all papers (micro), and every miss with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from extractor.evaluate.load import LISTS, Facts
from extractor.evaluate.pairing import Pair, pair_results
from extractor.evaluate.sameness import SLOTS, fold_name, fold_number, fold_url

Record = Mapping[str, Any]


@dataclass(slots=True)
class Counts:
    """True positives, false positives and false negatives of a field."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    def add(self, tp: int, fp: int, fn: int) -> None:
        """Add the counts of one paper."""
        self.tp += tp
        self.fp += fp
        self.fn += fn

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 1 where nothing was found."""
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 1.0

    @property
    def recall(self) -> float:
        """Share of gold that was found; 1 where gold is empty."""
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def to_dict(self) -> dict[str, float]:
        """Return percentages to one decimal, and how many facts gold and prediction have."""
        figures = {"p": self.precision, "r": self.recall, "f1": self.f1}
        rounded: dict[str, float] = {name: round(100 * figure, 1) for name, figure in figures.items()}
        return rounded | {"gold": self.tp + self.fn, "pred": self.tp + self.fp}


@dataclass(frozen=True, slots=True)
class Miss:
    """One error: ``what`` is ``missed``, ``extra`` or ``≠``; ``slot`` names what is wrong in a paired result."""

    paper: str
    field: str
    what: str
    text: str
    slot: str | None = None


@dataclass(slots=True)
class Evaluation:
    """What :func:`evaluate` found out."""

    fields: dict[str, Counts]
    wrong_slots: Counter[str] = field(default_factory=Counter)
    pairs: int = 0
    papers: int = 0
    exact_papers: int = 0
    code_right: int = 0
    first_task_right: int = 0
    misses: list[Miss] = field(default_factory=list)

    def to_dict(self) -> dict[str, dict[str, float]]:
        """Return all figures by field, percentages to one decimal."""
        out = {name: counts.to_dict() for name, counts in self.fields.items()}
        out["code"] = {"acc": self._share(self.code_right)}
        out["tasks.first"] = {"acc": self._share(self.first_task_right)}
        out["papers.exact"] = {
            "acc": self._share(self.exact_papers),
            "papers": self.exact_papers,
            "of": self.papers,
        }
        wrong: dict[str, float] = {"n": self.pairs} if self.pairs else {}
        out["results.wrong_attributes"] = wrong | dict(self.wrong_slots)
        return out

    def headline(self) -> dict[str, float]:
        """Return one figure a field, in percent: F1, or accuracy where there is no F1."""
        return {
            name: figures["f1"] if "f1" in figures else figures["acc"]
            for name, figures in self.to_dict().items()
            if "f1" in figures or "acc" in figures
        }

    def _share(self, right: int) -> float:
        return round(100 * right / self.papers, 1) if self.papers else 100.0


_KEYS: dict[str, tuple[str, Callable[[Record], Hashable]]] = {
    "bit_widths": ("bit_widths", lambda r: (*_bits(r), r["target"])),
    "bit_widths.bits": ("bit_widths", lambda r: _bits(r)),
    "models": ("models", lambda r: fold_name(r["name"])),
    "datasets": ("datasets", lambda r: fold_name(r["name"])),
    "proposed": ("proposed", lambda r: fold_name(r["name"])),
    "links": ("links", lambda r: fold_url(r["url"])),
    "links.repo": ("links", lambda r: (r["kind"], fold_name(r["owner"]), fold_name(r["repo"]))),
}
_FIELDS = ("results.number", "results.core", "results.full", *_KEYS, "tasks")


def evaluate(gold: Mapping[str, Facts], found: Mapping[str, Facts]) -> Evaluation:
    """Compare papers joined by their keys (titles, see :func:`extractor.evaluate.load.load_gold`).

    A paper of gold that ``found`` lacks counts as found empty; papers beyond gold do not count. Gold records may carry
    ``accept`` (other right values of a slot), ``aliases`` (other spellings) and ``optional`` (neither missing it nor
    finding it counts).
    """
    evaluation = Evaluation({name: Counts() for name in _FIELDS}, papers=len(gold))
    for key, wanted in gold.items():
        offered = found.get(key)
        if offered is None:
            evaluation.misses.append(Miss(wanted["id"], "papers", "-", "paper missing"))
            _paper(evaluation, wanted, {"code": "none", **{table: [] for table in LISTS}}, present=False)
        else:
            _paper(evaluation, wanted, offered, present=True)
    return evaluation


def _paper(evaluation: Evaluation, gold: Facts, found: Facts, *, present: bool) -> None:
    clean = _results(evaluation, gold, found) and present
    for name, (wanted, offered) in _sets(gold, found).items():
        evaluation.fields[name].add(len(wanted & offered), len(offered - wanted), len(wanted - offered))
        clean &= name == "tasks" or wanted == offered
        for what, keys in (("missed", wanted - offered), ("extra", offered - wanted)):
            evaluation.misses += [Miss(gold["id"], name, what, text) for text in sorted(map(str, keys))]
    if gold["code"] != found["code"]:
        clean = False
        text = f"gold {gold['code']} got {found['code']}"
        evaluation.misses.append(Miss(gold["id"], "code", "≠", text))
    elif present:
        evaluation.code_right += 1
    evaluation.first_task_right += bool(found["tasks"]) and gold["tasks"][:1] == found["tasks"][:1]
    evaluation.exact_papers += clean


def _results(evaluation: Evaluation, gold: Facts, found: Facts) -> bool:
    """Count the results of one paper; return whether all are right."""
    wanted, offered = gold["results"], found["results"]
    all_pairs = pair_results(wanted, offered)
    pairs = [pair for pair in all_pairs if not wanted[pair.gold].get("optional")]
    due = sum(not record.get("optional") for record in wanted)
    given = len(offered) - (len(all_pairs) - len(pairs))
    full = sum(pair.full for pair in pairs)
    for name, right in (("number", len(pairs)), ("core", sum(pair.core for pair in pairs)), ("full", full)):
        evaluation.fields[f"results.{name}"].add(right, given - right, due - right)
    evaluation.pairs += len(pairs)
    for pair in pairs:
        evaluation.wrong_slots.update(slot for slot in SLOTS if slot in pair.wrong)
    evaluation.misses += _result_misses(gold["id"], wanted, offered, pairs, all_pairs)
    return full == due == given


def _result_misses(
    paper: str, wanted: list[Record], offered: list[Record], pairs: list[Pair], all_pairs: list[Pair]
) -> list[Miss]:
    misses = []
    for pair in pairs:
        record, other = wanted[pair.gold], offered[pair.found]
        for slot in (slot for slot in SLOTS if slot in pair.wrong):
            text = f"{slot}: gold {record.get(slot)!r} got {other.get(slot)!r} | {record.get('quote')}"
            misses.append(Miss(paper, "results", "≠", text, slot))
    met_gold, met_found = {pair.gold for pair in all_pairs}, {pair.found for pair in all_pairs}
    for i, record in enumerate(wanted):
        if i not in met_gold and not record.get("optional"):
            misses.append(Miss(paper, "results", "missed", describe(record)))
    for j, record in enumerate(offered):
        if j not in met_found:
            misses.append(Miss(paper, "results", "extra", describe(record)))
    return misses


def describe(result: Record) -> str:
    """Return a result in one line, with its quote."""
    return f"{result['metric']} {result['kind']} {result['value']} | {result.get('quote')}"


def _bits(record: Record) -> tuple[float | None, float | None]:
    return fold_number(record["bits"]), fold_number(record.get("bits_high"))


def _sets(gold: Facts, found: Facts) -> dict[str, tuple[set[Hashable], set[Hashable]]]:
    """By field what gold wants and what was found, other spellings folded, optional records out of both."""
    out: dict[str, tuple[set[Hashable], set[Hashable]]] = {}
    for name, (table, key) in _KEYS.items():
        records = gold[table]
        wanted = {key(record) for record in records if not record.get("optional")}
        ignored = {key(record) for record in records if record.get("optional")} - wanted
        spellings: dict[Hashable, Hashable] = {}
        for record in records:
            for spelling in (*record.get("aliases", ()), record.get("long_name")):
                if spelling and "name" in record:
                    spellings[fold_name(spelling)] = key(record)
            if name == "bit_widths":
                for target in record.get("accept", {}).get("target", ()):
                    spellings[(*_bits(record), target)] = key(record)
        offered = {k if k in wanted else spellings.get(k, k) for k in map(key, found[table])} - ignored
        out[name] = wanted, offered
    return out | {"tasks": (set(gold["tasks"]), set(found["tasks"]))}
