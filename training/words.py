"""Learn word classes from unlabelled abstracts: words that stand in like contexts share a class.

    python training/words.py        reads ../shared/corpora, writes extractor/model/words.json.gz

Context counts (two words to either side, by position) become positive pointwise mutual information, a truncated SVD and
k-means. Seeds are fixed. About two minutes and 3 GB of memory for 55,000 abstracts.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD

from extractor.model.choice import write_weights
from extractor.model.words import WORDS

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora"
TOKEN = re.compile(r"[a-z]\w*(?:[-'’.+]\w+)*|[^\sA-Za-z\d]|\d+")
VOCABULARY, LEAST, CONTEXTS = 30_000, 8, 6_000
OFFSETS = (-2, -1, 1, 2)
DIMENSIONS, COARSE, FINE = 80, 60, 400
SMOOTHING = 0.75  # of context counts, as in Levy, Goldberg and Dagan (2015)


def texts() -> Iterator[str]:
    """Yield title and abstract of every paper of the corpora."""
    for name in ("conference-papers.jsonl.gz", "arxiv-metadata-sample.json.gz"):
        with gzip.open(CORPORA / name, "rt", encoding="utf-8") as lines:
            for paper in map(json.loads, lines):
                yield f"{paper['title']} . {paper['abstract']}".lower()
    bib = gzip.decompress((CORPORA / "acl-anthology-sample.bib.gz").read_bytes()).decode()
    for m in re.finditer(r'title = "(.*?)",\n.*?abstract = "(.*?)",\n', bib, re.DOTALL):
        yield f"{m[1]} . {m[2]}".lower()


def main() -> None:
    """Learn and write the classes."""
    documents = [["<n>" if word.isdigit() else word for word in TOKEN.findall(text)] for text in texts()]
    counts = Counter(word for document in documents for word in document)
    words = [word for word, count in counts.most_common(VOCABULARY) if count >= LEAST]
    contexts = [word for word, _ in counts.most_common(CONTEXTS)]
    row_of = {word: i for i, word in enumerate(words)}
    column_of = {word: i for i, word in enumerate(contexts)}
    shape = (len(words), len(OFFSETS) * len(contexts))
    matrix = csr_matrix(shape, dtype=np.float32)
    rows: list[int] = []
    columns: list[int] = []
    for document in documents:
        ids = [row_of.get(word, -1) for word in document]
        around = [column_of.get(word, -1) for word in document]
        for i, row in enumerate(ids):
            for slot, offset in enumerate(OFFSETS):
                j = i + offset
                if row >= 0 and 0 <= j < len(around) and around[j] >= 0:
                    rows.append(row)
                    columns.append(slot * len(contexts) + around[j])
        if len(rows) > 6_000_000:
            matrix = matrix + csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)
            rows, columns = [], []
    matrix = (matrix + csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)).tocoo()
    by_row = np.bincount(matrix.row, matrix.data, shape[0])
    by_column = np.bincount(matrix.col, matrix.data, shape[1]) ** SMOOTHING
    by_column /= by_column.sum()
    information = np.log(np.maximum(matrix.data / (by_row[matrix.row] * by_column[matrix.col]), 1e-9))
    keep = information > 0
    positive = csr_matrix((information[keep], (matrix.row[keep], matrix.col[keep])), shape=shape)
    vectors = TruncatedSVD(DIMENSIONS, random_state=0, n_iter=3).fit_transform(positive)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    coarse, fine = (
        MiniBatchKMeans(k, random_state=0, batch_size=4096, n_init=2, max_iter=60).fit(vectors).labels_.tolist()
        for k in (COARSE, FINE)
    )
    write_weights(WORDS, {word: [coarse[i], fine[i]] for i, word in enumerate(words)})
    print(f"{WORDS.name}: {len(words):,} words, {WORDS.stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
