"""One step in which all labelers meet: who proposed a name, who won, why.

A name is all mentions with one key. The rules (lists and cues) and the trained model each give it a confidence per
kind. With the model on, it decides, since it has seen every rule's vote as a feature; without it the rules do. Then
overlapping names of a kind are settled (the surer one wins), long forms give way to their acronyms, coordinations
are expanded.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from extractor.passes.candidates import NameCandidate, Names
from extractor.passes.names.expand import expand, parameters_of
from extractor.passes.names.lexicon import NOTHING, Entry, Lexicon
from extractor.passes.names.spans import Mention, Spans
from extractor.passes.names.words import name_key
from extractor.records import ProposalType

KINDS = ("model", "dataset", "proposed")


@dataclass(slots=True)
class Name:
    """All mentions of one name, and what each labeler thinks of it: (confidence, who) per kind."""

    key: str
    mentions: list[Mention]
    rules: dict[str, tuple[float, str]] = field(default_factory=dict)
    model: tuple[float, float, float] | None = None
    won: dict[str, tuple[float, str]] = field(default_factory=dict)


def rule_confidence(name: Name) -> dict[str, tuple[float, str]]:
    """Return what lists and cues say: per kind the confidence and the id of the strongest rule."""
    known = name.mentions[0].known
    if known is NOTHING and not any(m.votes for m in name.mentions):
        return {}
    votes: dict[str, list[tuple[float, str]]] = {}
    seen: set[tuple[str, str]] = set()
    for mention in name.mentions:
        for kind, rule, confidence in mention.votes:
            if (kind, rule) not in seen:
                seen.add((kind, rule))
                votes.setdefault(kind, []).append(
                    (confidence, f"{kind}s.{rule}" if kind != "proposed" else f"proposed.{rule}")
                )
    if known is not NOTHING:
        _known(votes, "model", known.model, known.base_model)
        _known(votes, "dataset", known.dataset, known.base_dataset)
    out: dict[str, tuple[float, str]] = {}
    for kind, cast in votes.items():
        doubt = 1.0
        for confidence, _ in cast:
            doubt *= 1 - confidence
        out[kind] = (1 - doubt, max(cast)[1])
    return out


def _known(votes: dict[str, list[tuple[float, str]]], kind: str, entry: Entry | None, base: Entry | None) -> None:
    if entry is not None:
        votes.setdefault(kind, []).append((0.3 if entry.ambiguous else 0.85, f"{kind}s.{entry.rule}"))
    elif base is not None:
        votes.setdefault(kind, []).append((0.3 if base.ambiguous else 0.75, f"{kind}s.{base.rule}"))


def decide(names: list[Name], thresholds: dict[str, float]) -> None:
    """Fill ``won`` of each name: the kinds it has, each with a confidence and the id of the labeler that decided."""
    for name in names:
        if name.model is not None and not any(name.model):
            continue
        for index, kind in enumerate(KINDS):
            if name.model is not None:
                confidence = name.model[index]
                # the rule is named where it agrees, so that a reader finds the cue; the model where it stands alone
                rule = name.rules.get(kind, (0.0, ""))
                who = rule[1] if rule[0] >= 0.5 else "ner"
            else:
                confidence, who = name.rules.get(kind, (0.0, ""))
            if confidence >= thresholds[kind]:
                name.won[kind] = (confidence, who)
        if not name.won:
            continue
        if "model" in name.won and "dataset" in name.won:
            loser = min(("model", "dataset"), key=lambda k: name.won[k][0])
            if name.won[loser][0] < 0.8:
                del name.won[loser]


def settle(names: list[Name]) -> None:
    """Take ``won`` from names that lie inside, or across, a surer one of the same kind wherever they stand."""
    for kind in KINDS:
        rivals = [n for n in names if kind in n.won]
        if len(rivals) < 2:
            continue
        taken: list[Mention] = []
        for name in sorted(rivals, key=lambda n: (-n.won[kind][0], n.mentions[0].start)):
            free = [m for m in name.mentions if not any(m.start < t.end and t.start < m.end for t in taken)]
            if not free:
                del name.won[kind]
            else:
                taken.extend(free)


def build(spans: Spans, names: list[Name], lexicon: Lexicon) -> Names:
    """Turn what won into candidates with their evidence."""
    out = Names()
    names = [n for n in names if n.won]
    proposed_keys = {n.key for n in names if "proposed" in n.won}
    long_forms = {
        name_key(spans.document.text[m.long_form[0] : m.long_form[1]]): n
        for n in names
        for m in n.mentions
        if m.long_form is not None
    }
    for kind, target in (("model", out.models), ("dataset", out.datasets), ("proposed", out.proposed)):
        seen: set[str] = set()
        for name in sorted((n for n in names if kind in n.won), key=lambda n: n.mentions[0].start):
            owner = long_forms.get(name.key)
            if owner is not None and owner is not name and kind in owner.won:
                continue
            candidate, more = _candidate(spans, name, kind, lexicon, name.key in proposed_keys)
            for c in (candidate, *more):
                key = name_key(c.name)
                if key not in seen:
                    seen.add(key)
                    target.append(c)
    return out


def _candidate(
    spans: Spans, name: Name, kind: str, lexicon: Lexicon, proposed: bool
) -> tuple[NameCandidate, list[NameCandidate]]:
    mention = next((m for m in name.mentions if not m.title), name.mentions[0])
    surface = Counter(m.name for m in name.mentions if not m.title or mention.title).most_common(1)[0][0]
    mention = next(m for m in name.mentions if m.name == surface)
    confidence, who = name.won[kind]
    text = surface
    more: list[NameCandidate] = []
    long_form = next((spans.document.text[m.long_form[0] : m.long_form[1]] for m in name.mentions if m.long_form), None)
    if kind != "proposed":
        for m in name.mentions:
            own, extra = expand(spans, m)
            if m is mention or own != m.name:
                text = own
            more += [_record(spans, kind, e.name, e.start, e.end, who, confidence, lexicon, False) for e in extra]
    record = _record(spans, kind, text, mention.start, mention.end, who, confidence, lexicon, proposed)
    record.long_name = long_form
    if kind == "proposed":
        record.type = proposal_type(spans, name, long_form)
    return record, more


def _record(
    spans: Spans,
    kind: str,
    text: str,
    start: int,
    end: int,
    who: str,
    confidence: float,
    lexicon: Lexicon,
    proposed: bool,
) -> NameCandidate:
    known = lexicon.look_up(text)
    entry = base = None
    if kind == "model":
        entry, base = known.model, known.base_model
    elif kind == "dataset":
        entry, base = known.dataset, known.base_dataset
    family = entry.family if entry else base.family if base else None
    return NameCandidate(
        kind=kind,  # type: ignore[arg-type]
        start=start,
        end=end,
        name=text,
        rule=who,
        confidence=round(confidence, 4),
        canonical=entry.canonical if entry else text,
        family=(family or text) if kind == "model" else None,
        parameters=parameters_of(text) if kind == "model" else None,
        proposed=proposed,
    )


def proposal_type(spans: Spans, name: Name, long_form: str | None) -> ProposalType:
    """Return the type of a proposal: what it won beside, else the typed cue that fired, else a method."""
    if "dataset" in name.won and name.won["dataset"][0] >= name.won.get("model", (0.0, ""))[0]:
        return "dataset"
    if "model" in name.won:
        return "model"
    for mention in name.mentions:
        for kind, _, _ in mention.votes:
            if kind in ("library", "metric"):
                return kind  # type: ignore[return-value]
    return "method"
