"""Train the decision on names: ``python training/names.py`` (about two minutes on one core, seeds fixed).

Learns from the labelled papers of ``../shared/gold`` and from our own annotations in ``training/annotations`` (offsets
and verdicts; the texts come from ``../shared/corpora``). ``training/non_names.txt`` holds frequent strings that were
judged to be no name. Writes ``extractor/model/names.json.gz``; ``--check`` writes cross-validated predictions instead:
the labelled papers are held out in five folds, our own annotations are always learned from and never measured on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from annotations import corpus_texts, read  # noqa: E402

from extractor.document import Document  # noqa: E402
from extractor.passes.names import NamesPass  # noqa: E402
from extractor.passes.names.model import SCALE, NameModel  # noqa: E402
from extractor.passes.names.words import name_key  # noqa: E402
from extractor.rulebook import load_rules  # noqa: E402
from extractor.text.clean import load_cleaner  # noqa: E402

SHARED = ROOT.parent / "shared"
ANNOTATIONS = ROOT / "training/annotations"
FIELDS = ("models", "datasets", "proposed")
SEED = 7


@dataclass
class Row:
    """One candidate name of one paper."""

    paper: str
    key: str
    own: list[str]
    context: list[str]
    label: tuple[int, int, int]  # 1 yes, 0 no, -1 not to be learned from
    weight: float = 1.0


def gold_papers() -> list[dict[str, Any]]:
    papers = []
    for name in ("train", "hf_dev", "arxiv_dev"):
        for line in (SHARED / "gold" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            papers.append(json.loads(line) | {"set": name})
    return papers


def title_key(title: str) -> str:
    return re.sub(r"\W+", "", title).lower()


def labels_of(paper: dict[str, Any]) -> list[tuple[set[str], set[str]]]:
    """Return per field the keys that are right and those that are not to be learned from."""
    out = []
    for field in FIELDS:
        right: set[str] = set()
        open_: set[str] = set()
        for fact in paper[field]:
            names = {name_key(fact["name"]), *map(name_key, fact.get("aliases", []))}
            (open_ if fact.get("optional") else right).update(names)
            if fact.get("long_name"):
                open_.add(name_key(fact["long_name"]))
        out.append((right, open_ - right))
    return out


class Rows:
    """Candidates with features, labelled by gold, or weakly."""

    def __init__(self) -> None:
        self.rules = load_rules()
        self.cleaner = load_cleaner(self.rules.table("latex"))
        self.names = NamesPass(self.rules, ner=False)
        self.non_names = frozenset(
            name_key(line) for line in (ROOT / "training/non_names.txt").read_text(encoding="utf-8").splitlines()
        )

    def of(self, paper: str, title: str, abstract: str) -> Iterator[tuple[Row, Any]]:
        spans, names = self.names.candidates(Document(title, abstract, self.cleaner))
        for name in names:
            own, context = self.names.features(spans, name, self.non_names)
            yield Row(paper, name.key, sorted(set(own)), context, (-1, -1, -1)), name

    def judged(self) -> Iterator[Row]:
        """Yield candidates that were judged one by one, being those that an earlier model was least sure of."""
        judged: dict[str, dict[str, str]] = defaultdict(dict)
        for line in (ANNOTATIONS / "names.tsv").read_text(encoding="utf-8").splitlines():
            paper, key, verdict = line.split("\t")
            judged[paper][key] = verdict
        texts = corpus_texts(set(judged))
        for paper in sorted(texts):
            for row, _ in self.of(paper, *texts[paper]):
                if verdict := judged[paper].get(row.key):
                    row.label = (int("M" in verdict), int("D" in verdict), int("P" in verdict))
                    yield row

    def gold(self, paper: dict[str, Any]) -> Iterator[Row]:
        labels = labels_of(paper)
        for row, _ in self.of(paper["id"], paper["title"], paper["abstract"]):
            row.label = tuple(1 if row.key in yes else -1 if row.key in open_ else 0 for yes, open_ in labels)  # type: ignore[assignment]
            yield row


class Linear:
    """One logistic regression a field over the same features."""

    def __init__(self, rows: Sequence[Row], *, c: float, least: int = 2) -> None:
        counts: Counter[str] = Counter()
        for row in rows:
            counts.update(row.own)
            counts.update(row.context)
        self.index = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= least))}
        x = self.matrix(rows)
        y = np.array([r.label for r in rows])
        w = np.array([r.weight for r in rows])
        self.coef = np.zeros((len(self.index), 3))
        self.bias = np.zeros(3)
        for k in range(3):
            use = y[:, k] >= 0
            fit = LogisticRegression(C=c, solver="liblinear", max_iter=200, random_state=SEED)
            fit.fit(x[use], y[use, k], sample_weight=w[use])
            self.coef[:, k] = fit.coef_[0]
            self.bias[k] = fit.intercept_[0]

    def matrix(self, rows: Sequence[Row]) -> csr_matrix:
        pointers, columns = [0], []
        for row in rows:
            columns += [self.index[f] for f in (*row.own, *row.context) if f in self.index]
            pointers.append(len(columns))
        return csr_matrix((np.ones(len(columns)), columns, pointers), shape=(len(rows), len(self.index)))

    def scores(self, rows: Sequence[Row]) -> np.ndarray:
        return np.asarray(self.matrix(rows) @ self.coef + self.bias)

    def probabilities(self, rows: Sequence[Row]) -> np.ndarray:
        return 1 / (1 + np.exp(-self.scores(rows)))

    def weights(self, smallest: float = 0.01) -> dict[str, list[int]]:
        out = {
            f: [round(float(v) * SCALE) for v in self.coef[i]]
            for f, i in self.index.items()
            if np.abs(self.coef[i]).max() > smallest
        }
        out["bias"] = [round(a + float(b) * SCALE) for a, b in zip(out.get("bias", [0, 0, 0]), self.bias, strict=True)]
        return out


def as_model(linear: Linear, non_names: frozenset[str], calibration: list[tuple[float, float]]) -> dict[str, Any]:
    return {
        "weights": linear.weights(),
        "calibration": calibration,
        "non_names": sorted(non_names),
    }


def calibrate(scores: np.ndarray, labels: np.ndarray) -> list[tuple[float, float]]:
    """Return slope and shift per field (Platt), from scores on held-out papers."""
    out = []
    for k in range(3):
        use = labels[:, k] >= 0
        fit = LogisticRegression(C=1e4).fit(scores[use, k : k + 1], labels[use, k])
        out.append((round(float(fit.coef_[0, 0]), 4), round(float(fit.intercept_[0]), 4)))
    return out


def folds(papers: Sequence[dict[str, Any]], n: int = 5) -> dict[str, int]:
    order = [p["id"] for p in papers]
    random.Random(SEED).shuffle(order)
    return {paper: i % n for i, paper in enumerate(order)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--check", type=Path, help="write cross-validated predictions, in gold format, into this folder"
    )
    parser.add_argument("-c", type=float, default=0.3, help="inverse regularisation")
    args = parser.parse_args()
    papers = gold_papers()
    source = Rows()
    judged = list(source.judged())
    taken = {title_key(p["title"]) for p in papers}
    for paper in read(ANNOTATIONS):
        if title_key(paper["title"]) not in taken:
            judged += source.gold(paper)
    print(f"{len(judged)} candidates of our own annotations", flush=True)
    gold: dict[str, list[Row]] = {p["id"]: list(source.gold(p)) for p in papers}
    print(f"{sum(map(len, gold.values()))} labelled candidates", flush=True)
    part = folds(papers)
    scores, labels = [], []
    predictions: dict[str, list[dict[str, Any]]] = defaultdict(list)
    held: list[tuple[int, Linear]] = []
    for fold in range(5):
        linear = Linear([r for p, rows in gold.items() if part[p] != fold for r in rows] + judged, c=args.c)
        rows = [r for p, rows in gold.items() if part[p] == fold for r in rows]
        scores.append(linear.scores(rows))
        labels.append(np.array([r.label for r in rows]))
        held.append((fold, linear))
    calibration = calibrate(np.concatenate(scores), np.concatenate(labels))
    print("calibration", calibration, flush=True)
    if args.check:
        for fold, linear in held:
            names = NamesPass(source.rules, model=NameModel(as_model(linear, source.non_names, calibration)))
            for paper in papers:
                if part[paper["id"]] == fold:
                    predictions[paper["set"]].append(predict(names, source, paper))
        args.check.mkdir(parents=True, exist_ok=True)
        for name, rows_ in predictions.items():
            (args.check / f"{name}.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows_), encoding="utf-8")
        return
    linear = Linear([r for rows in gold.values() for r in rows] + judged, c=args.c)
    data = json.dumps(as_model(linear, source.non_names, calibration), sort_keys=True, separators=(",", ":"))
    target = ROOT / "extractor/model/names.json.gz"
    target.write_bytes(gzip.compress(data.encode(), mtime=0))
    print(f"{len(linear.index)} features, {target.stat().st_size} bytes")


def predict(names: NamesPass, source: Rows, paper: dict[str, Any]) -> dict[str, Any]:
    found = names(Document(paper["title"], paper["abstract"], source.cleaner))
    row = {k: paper[k] for k in ("id", "title", "results", "bit_widths", "links", "tasks", "code")}
    for field, candidates in zip(FIELDS, (found.models, found.datasets, found.proposed), strict=True):
        row[field] = [
            {"name": c.name, "long_name": c.long_name, "rule": c.rule, "confidence": c.confidence} for c in candidates
        ]
    return row


if __name__ == "__main__":
    main()
