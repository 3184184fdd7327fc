"""Tables of a small run, made from records without any pass, so that the report's tests know every row."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extractor.records import FACT_TABLES, BitWidth, Dataset, Extraction, Link, Model, Paper, Result, Task
from extractor.schema import TABLES, table_schema


def write_run(folder: Path, extractions: Iterable[Extraction]) -> Path:
    """Write the tables of these extractions as a run does, without CSV."""
    tables: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    for found in extractions:
        tables["papers"].append({**found.paper.model_dump(), "code": found.code, "warnings": found.warnings})
        for shape in FACT_TABLES:
            rows = getattr(found, shape.TABLE)  # type: ignore[attr-defined]
            tables[shape.TABLE] += [{"paper_id": found.paper.paper_id, **row.model_dump()} for row in rows]  # type: ignore[attr-defined]
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        pq.write_table(pa.Table.from_pylist(rows, schema=table_schema(name)), folder / f"{name}.parquet")
    (folder / "run.json").write_text(json.dumps({"counts": {"papers": len(tables["papers"])}}))
    return folder


def result(abstract: str, quote: str, metric: str, value: float, **more: Any) -> Result:
    """Return a result with its quote in ``abstract``; a level, if nothing else is said."""
    start = abstract.index(quote)
    known = {"metric_text": None, "kind": "value", "rule": "by-hand", "confidence": 0.9}
    return Result(
        metric=metric,
        value=value,
        quote=quote,
        field="abstract",
        start=start,
        end=start + len(quote),
        **{**known, **more},
    )


def paper(paper_id: str, title: str, abstract: str, year: int | None = None) -> Paper:
    """Return a paper."""
    return Paper(paper_id=paper_id, title=title, abstract=abstract, year=year)


def tiny() -> list[Extraction]:
    """Return four papers with nine results of all kinds."""
    one = (
        "QuickTag tags LibriSpeech with a WER of 4.2%, and Dozer with 3.9%. It is 2.5x faster than Dozer. "
        "Code: https://github.com/quick/tag. We use 4-bit weights."
    )
    two = "On Libri-Speech, our Slumber model has a WER of 5.5%. Memory falls by 43.1% against Dozer."
    three = "NapNet reaches an accuracy of 0.912 on SQuAD. It keeps 97% of the accuracy of BERT."
    four = "Doze reaches an accuracy of 90.5% on SQuAD and of 88 on SQuAD with fewer labels."
    link = "https://github.com/quick/tag"
    return [
        Extraction(
            paper=paper("arxiv:2101.00001", "QuickTag: Tagging While Awake", one, 2021),
            code="linked",
            results=(
                result(one, "a WER of 4.2%", "word_error_rate", 4.2, unit="%", dataset="LibriSpeech", system="QuickTag", metric_text="WER"),
                result(one, "Dozer with 3.9%", "word_error_rate", 3.9, unit="%", dataset="LibriSpeech", system="Dozer", confidence=0.7),
                result(one, "2.5x faster", "speedup", 2.5, unit="x", kind="ratio", direction="increase", system="QuickTag", baseline="Dozer"),
            ),
            datasets=(_dataset(one, "LibriSpeech"),),
            models=(_model(one, "Dozer"),),
            bit_widths=(
                BitWidth(
                    bits=4, target="weights", quote="4-bit weights", field="abstract",
                    start=one.index("4-bit"), end=one.index("4-bit") + 13, rule="by-hand", confidence=0.9,
                ),
            ),
            links=(
                Link(
                    url=link, kind="github", owner="quick", repo="tag", quote=link, field="abstract",
                    start=one.index(link), end=one.index(link) + len(link),
                ),
            ),
            tasks=(Task(task="speech_recognition", rank=1, score=1.0, rule="by-hand"),),
        ),
        Extraction(
            paper=paper("acl:2022.naps-1.1", "Slumber", two, 2022),
            code="promised",
            results=(
                result(two, "a WER of 5.5%", "word_error_rate", 5.5, unit="%", dataset="Libri-Speech", system="Slumber"),
                result(two, "falls by 43.1%", "memory", 43.1, unit="%", kind="change", direction="decrease", baseline="Dozer", confidence=0.4),
            ),
            datasets=(_dataset(two, "Libri-Speech"),),
            tasks=(Task(task="speech_recognition", rank=1, score=1.0, rule="by-hand"),),
        ),
        Extraction(
            paper=paper("sha1:0123456789abcdef", "NapNet", three),
            results=(
                result(three, "accuracy of 0.912", "accuracy", 0.912, dataset="SQuAD", system="NapNet"),
                result(three, "keeps 97% of the accuracy", "accuracy", 97, unit="%", kind="share", baseline="BERT"),
            ),
            tasks=(Task(task="question_answering", rank=1, score=1.0, rule="by-hand"),),
        ),
        Extraction(
            paper=paper("doi:10.1234/doze", "Doze", four, 2022),
            code="released",
            results=(
                result(four, "accuracy of 90.5%", "accuracy", 90.5, unit="%", dataset="SQuAD", system="Doze"),
                result(four, "88 on SQuAD with fewer labels", "accuracy", 88, dataset="SQuAD", system="Doze (few)"),
            ),
            datasets=(_dataset(four, "SQuAD"),),
            tasks=(Task(task="question_answering", rank=1, score=1.0, rule="by-hand"),),
        ),
    ]  # fmt: skip


HOSTILE = (
    "</script><script>window.harmed=1</script>",
    "<!--<script>window.harmed=2</script>",
    "<img src=x onerror=window.harmed=3>",
    "]]> &lt;b&gt; {{ 7*7 }} {% raw %} ${window.harmed=4} `",
    "\u2028\u2029\u0000\u001b[31m \\u003cscript> '\" ' onmouseover='window.harmed=5",
    "x" * 5_000,
    "نموذج صغير يتعلم من \u202eevil\u202c שלום עולם",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🧪👩‍🔬 e\u0301" + "\u0301" * 200,
    "=HYPERLINK(\"javascript:window.harmed=6\")",
)  # fmt: skip


def hostile() -> list[Extraction]:
    """Return papers whose every text tries to do harm."""
    papers = []
    for number, text in enumerate(HOSTILE):
        abstract = f"{text} gains an accuracy of {number}.5% on {text}. See javascript:window.harmed=7"
        bad = "javascript:window.harmed=7"
        papers.append(
            Extraction(
                paper=paper(f"openreview:{number}{text}"[:4_000], text, abstract, 2020),
                code="linked",
                results=(
                    result(abstract, f"accuracy of {number}.5%", "accuracy", number + 0.5, unit="%", dataset=text, system=text, baseline=text),
                ),
                links=(
                    Link(
                        url=bad, kind="other", quote=bad, field="abstract",
                        start=abstract.rindex(bad), end=abstract.rindex(bad) + len(bad),
                    ),
                ),
                models=(Model(name=text, canonical=text, field="title", start=0, end=len(text), rule=text, confidence=1),),
                datasets=(Dataset(name=text, canonical=text, field="title", start=0, end=len(text), rule=text, confidence=1),),
                tasks=(Task(task=text, rank=1, score=1, rule=text),),
            )
        )  # fmt: skip
    return papers


def many(count: int) -> list[Extraction]:
    """Return ``count`` results in half as many papers with abstracts of ordinary length."""
    filler = "A sentence of the length that sentences have, said again so that the abstract is as long as others. " * 10
    papers = []
    for number in range(count // 2):
        abstract = f"{filler}Ours has an accuracy of {number % 100}.25% on Set-{number % 700}, and is {number % 50 + 2}x faster."
        papers.append(
            Extraction(
                paper=paper(f"arxiv:21{number % 12 + 1:02d}.{number:05d}", f"Paper {number}", abstract, 2015 + number % 10),
                results=(
                    result(abstract, f"accuracy of {number % 100}.25%", "accuracy", number % 100 + 0.25, unit="%", dataset=f"Set-{number % 700}", system=f"Net-{number}"),
                    result(abstract, f"{number % 50 + 2}x faster", "speedup", number % 50 + 2, unit="x", kind="ratio", direction="increase"),
                ),
            )
        )  # fmt: skip
    return papers


def _dataset(text: str, name: str) -> Dataset:
    start = text.index(name)
    return Dataset(
        name=name, canonical=name, field="abstract", start=start, end=start + len(name), rule="by-hand", confidence=1
    )


def _model(text: str, name: str) -> Model:
    start = text.index(name)
    return Model(
        name=name, canonical=name, field="abstract", start=start, end=start + len(name), rule="by-hand", confidence=1
    )
