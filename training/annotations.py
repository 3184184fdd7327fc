"""Our own annotations of unlabelled papers, kept stand-off: ids, values and offsets, never the texts.

The texts come from ``../shared/corpora``; a paper that is not found there is left out with a message.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from results_data import LabelledPaper, annotate

from extractor.passes.results.annotate import Annotator
from extractor.pipeline import Extractor

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora"
RESULT_FIELDS = ("metric", "kind", "value", "value_high", "from_value", "unit", "direction", "qualifier")


def corpus_texts(wanted: set[str]) -> dict[str, tuple[str, str]]:
    """Return title and abstract of the wanted ids."""
    found: dict[str, tuple[str, str]] = {}
    if (path := CORPORA / "conference-papers.jsonl.gz").exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for paper in map(json.loads, lines):
                if paper["id"] in wanted:
                    found[paper["id"]] = (paper["title"], paper["abstract"])
    if (path := CORPORA / "arxiv-metadata-sample.json.gz").exists():
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for paper in map(json.loads, lines):
                if (identifier := "arxiv:" + paper["id"]) in wanted:
                    found[identifier] = tuple(re.sub(r"\s*\n\s*", " ", paper[k]).strip() for k in ("title", "abstract"))  # type: ignore[assignment]
    return found


def read(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the annotated papers with their texts, in the shape of the gold files."""
    records = [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    texts = corpus_texts({record["id"] for record in records})
    for record in records:
        if record["id"] not in texts:
            print(f"{record['id']}: not in the corpora, left out", file=sys.stderr)
            continue
        yield restore(record, *texts[record["id"]])


def restore(record: dict[str, Any], title: str, abstract: str) -> dict[str, Any]:
    """Turn offsets back into words."""
    text = f"{title}\n{abstract}"

    def words(value: Any) -> Any:
        return text[value[0] : value[1]] if isinstance(value, list) else value

    out: dict[str, Any] = {
        "id": record["id"],
        "title": title,
        "abstract": abstract,
        "code": record.get("code", "none"),
        "tasks": record.get("tasks", []),
        "links": [],
    }
    out["results"] = [
        dict.fromkeys((*RESULT_FIELDS, "metric_text", "dataset", "system", "baseline", "quote"))
        | {k: words(v) for k, v in row.items()}
        for row in record["results"]
    ]
    for table in ("models", "datasets", "proposed", "bit_widths"):
        out[table] = [{k: words(v) for k, v in row.items()} for row in record[table]]
    return out


def store(paper: dict[str, Any], title: str, abstract: str) -> dict[str, Any]:
    """Turn words of an annotated paper into offsets of title, line break and abstract; the inverse of :func:`restore`."""
    text = f"{title}\n{abstract}"

    def offsets(value: Any, near: int = 0) -> Any:
        if not isinstance(value, str) or value == "ours":
            return value
        at = text.find(value, near) if near else text.find(value)
        at = at if at >= 0 else text.find(value)
        return [at, at + len(value)] if at >= 0 else value

    out: dict[str, Any] = {"id": paper["id"], "code": paper.get("code", "none"), "tasks": paper.get("tasks", [])}
    out["results"] = []
    for row in paper.get("results", []):
        kept = {k: row[k] for k in RESULT_FIELDS if row.get(k) is not None}
        kept |= {
            k: offsets(row[k])
            for k in ("quote", "metric_text", "dataset", "system", "baseline")
            if row.get(k) is not None
        }
        out["results"].append(kept)
    for table in ("models", "datasets", "proposed"):
        out[table] = [
            {k: (offsets(v) if k in ("name", "long_name") else v) for k, v in row.items() if v is not None}
            for row in paper.get(table, [])
        ]
    out["bit_widths"] = [
        {k: (offsets(v) if k == "quote" else v) for k, v in row.items() if v is not None}
        for row in paper.get("bit_widths", [])
    ]
    return out


def load_annotations(folder: Path, extractor: Extractor, annotator: Annotator, source: Any) -> list[LabelledPaper]:
    """Return the annotated papers as the trainer wants them."""
    return [annotate(gold, "more", extractor, annotator, source) for gold in read(folder)]
