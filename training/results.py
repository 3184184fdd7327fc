"""Train the decisions of the results pass and measure them by cross-validation over papers.

    python training/results.py            fit on all labelled papers, write extractor/model/results.json.gz
    python training/results.py --cv       five folds: score out-of-fold predictions like score.py does

Labels: ../shared/gold (train, hf_dev, arxiv_dev) and the stand-off annotations in training/annotations.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from choice import fit_classes, fit_ranker
from names_source import names_from, same_name
from results_data import Example, LabelledPaper, gold_names, load, load_negatives

from extractor.model.choice import write_weights
from extractor.passes.results.decide import SLOTS, WEIGHTS, ResultsPass
from extractor.passes.results.govern import lists
from extractor.passes.results.metric import Previous
from extractor.passes.results.slots import Decided, SlotContext, slot_candidates
from extractor.pipeline import Extractor

FOLDS = 5
CALIBRATION = Path(__file__).parent / "results_calibration.json"
PENALTY = {"result": 2.0, "kind": 2.0, "direction": 2.0, "metric": 4.0, "system": 6.0, "dataset": 4.0, "baseline": 4.0}


def group_of(example: Example) -> list[int]:
    """Return the list that holds the example's number."""
    return next(group for group in lists(example.row) if example.place in group)


def right(gold: dict[str, Any], field: str) -> list[Any]:
    """Return the values of a field that count as right."""
    return [gold[field], *gold.get("accept", {}).get(field, [])]


class Trainer:
    """Collects the features of all decisions, fits them, and decodes papers with what it fitted."""

    def __init__(self, engine: ResultsPass, papers: Sequence[LabelledPaper]) -> None:
        self.engine = engine
        self.papers = papers
        self.engine_rules = engine.rules
        self.rows: dict[str, list[list[str]]] = {head: [] for head in PENALTY}
        self.labels: dict[str, list[Any]] = {head: [] for head in PENALTY}
        self.groups: dict[str, list[int]] = {head: [] for head in PENALTY}
        self.owner: dict[str, list[int]] = {head: [] for head in PENALTY}
        for index, paper in enumerate(papers):
            self._collect(index, paper)

    def _add(self, head: str, paper: int, features: list[str], label: Any, group: int = 0) -> None:
        self.rows[head].append(features)
        self.labels[head].append(label)
        self.groups[head].append(group)
        self.owner[head].append(paper)

    def context(self, paper: LabelledPaper) -> SlotContext:
        """Return the slot context of a paper with the names that the trainer was given."""
        return self.engine.context(paper.document, paper.rows, paper.names, paper.proposed)

    def _collect(self, index: int, paper: LabelledPaper) -> None:
        engine, document = self.engine, paper.document
        context = self.context(paper)
        last: Example | None = None
        for example in paper.examples:
            if example.optional:
                continue
            row, place, group = example.row, example.place, group_of(example)
            self._add(
                "result", index, engine.result_features(document, row, place, group), "yes" if example.gold else "no"
            )
            gold = example.gold
            if gold is None:
                continue
            number = row.items[place].number
            assert number is not None
            previous = Previous(last.gold["metric"], last.place, last.row) if last is not None and last.gold else None
            unique = len(self.labels["kind"])
            accepted = right(gold, "metric")
            for candidate in engine.metrics.propose(row, place, group, engine.metrics.earlier(document, row), previous):
                self._add("metric", index, candidate.features, candidate.id in accepted, unique)
            self._add("kind", index, engine.kind_features(row, place, group, gold["metric"]), gold["kind"])
            if gold["direction"]:
                self._add(
                    "direction",
                    index,
                    engine.direction_features(row, place, group, gold["metric"], gold["kind"]),
                    gold["direction"],
                )
            decided = Decided(gold["kind"], gold["metric"], number.origin is not None)
            for slot in SLOTS:
                if slot == "baseline" and gold["kind"] == "value" and number.origin is None:
                    continue
                before = last.gold[slot] if last is not None and last.gold else None
                where = (last.row.index, last.place) if last is not None else None
                for option in slot_candidates(slot, context, row, place, group, decided, before, where):
                    self._add(
                        slot,
                        index,
                        option.features,
                        any(same_name(value, option.text) for value in right(gold, slot)),
                        unique,
                    )
            last = example

    def fit(self, papers: np.ndarray) -> dict[str, Any]:
        """Fit all heads on the papers of a boolean mask."""
        out: dict[str, Any] = {"threshold": 0.45}
        for head, penalty in PENALTY.items():
            chosen = np.flatnonzero(papers[np.array(self.owner[head])])
            rows = [self.rows[head][i] for i in chosen]
            labels = [self.labels[head][i] for i in chosen]
            if head in ("result", "kind", "direction"):
                classes, weights = fit_classes(rows, labels, penalty)
                out[head] = {
                    "classes": classes,
                    "weights": {k: [round(x, 4) for x in v] for k, v in weights.items() if max(map(abs, v)) > 0.01},
                }
            else:
                weights = fit_ranker(rows, [self.groups[head][i] for i in chosen], labels, penalty)
                out[head] = {k: round(v, 4) for k, v in weights.items() if abs(v) > 0.01}
        return out


def as_record(candidate: Any) -> dict[str, Any]:
    """Return a candidate in the shape of the gold records."""
    names = (
        "metric",
        "kind",
        "value",
        "value_high",
        "from_value",
        "unit",
        "direction",
        "qualifier",
        "dataset",
        "system",
        "baseline",
        "metric_text",
        "confidence",
    )
    return {name: getattr(candidate, name) for name in names} | {"quote": ""}


def decode(engine: ResultsPass, paper: LabelledPaper) -> list[dict[str, Any]]:
    """Return the predicted results of a paper."""
    out = []
    for candidate in engine(paper.document, paper.names, paper.proposed, paper.blocked):
        record = as_record(candidate)
        record["quote"] = paper.document.text[candidate.start : candidate.end]
        out.append(record)
    return out


def main() -> None:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cv", action="store_true")
    parser.add_argument("--gold-names", action="store_true", help="bind to gold names instead of found ones")
    parser.add_argument("--names", type=Path, help="bind to names found out of fold: the folder of names.py --check")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--field", default="")
    arguments = parser.parse_args()
    extractor = Extractor(ner=not (arguments.gold_names or arguments.names))
    engine = ResultsPass(extractor.rules)
    if arguments.names is not None:
        source = names_from(arguments.names)
    elif arguments.gold_names:
        source = gold_names
    else:
        from names_source import found_names

        source = found_names(extractor)
    papers = load(("train", "hf_dev", "arxiv_dev"), extractor, engine.annotator, source)
    papers += load_negatives(extractor, engine.annotator, source)
    extra = Path(__file__).parent / "annotations"
    if extra.is_dir():
        from annotations import load_annotations

        papers += load_annotations(extra, extractor, engine.annotator, source)
    trainer = Trainer(engine, papers)
    if not arguments.cv:
        weights = trainer.fit(np.ones(len(papers), dtype=bool))
        if CALIBRATION.exists():
            weights["calibration"] = json.loads(CALIBRATION.read_text(encoding="utf-8"))["table"]
        write_weights(WEIGHTS, weights)
        print(f"{WEIGHTS.name}: {WEIGHTS.stat().st_size:,} bytes")
        return
    from cross_validation import cross_validate

    cross_validate(trainer, FOLDS, arguments.errors, arguments.field)


if __name__ == "__main__":
    sys.exit(main())
