"""The evaluation tables of Papers with Code: task, data set, metrics, rows.

What an abstract does not say is empty or null: descriptions, categories, links of models. Dates are years.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from extractor.run.finished import FinishedRun

_ADDRESSES = {
    "arxiv": "https://arxiv.org/abs/{}",
    "acl": "https://aclanthology.org/{}/",
    "openreview": "https://openreview.net/forum?id={}",
    "doi": "https://doi.org/{}",
}
_CODE = ("github", "gitlab", "huggingface")
NO_TASK = "Unknown"


def write_pwc(folder: Path, file: BinaryIO, *, confidence: float = 0.0) -> int:
    """Write the levels that papers report on data sets as evaluation tables and return how many there are.

    A row is a paper and a system under its first task; a system without a name ("ours") goes by the title of the paper.
    Of several levels of one metric the most confident stays.

    Args:
        folder: of a finished run.
        file: what to write to.
        confidence: the least confidence of a level.

    Raises:
        TablesError: the tables cannot be read.
    """
    import orjson

    tasks: dict[str, dict[str, dict[tuple[str, str], dict[str, Any]]]] = {}
    metrics: dict[tuple[str, str], set[str]] = {}
    levels = 0
    for paper in _papers(folder):
        task = min(paper["tasks"], key=lambda row: row["rank"])["task"] if paper["tasks"] else NO_TASK
        canonical = {row["name"]: row["canonical"] for row in paper["datasets"]}
        for result in sorted(paper["results"], key=lambda row: -row["confidence"]):
            if result["kind"] != "value" or result["dataset"] is None or result["confidence"] < confidence:
                continue
            dataset = canonical.get(result["dataset"], result["dataset"])
            rows = tasks.setdefault(task, {}).setdefault(dataset, {})
            system = _system(result, paper)
            row = rows.setdefault((paper["paper_id"], system), _row(paper, system))
            if result["metric"] not in row["metrics"]:
                row["metrics"][result["metric"]] = _level(result)
                metrics.setdefault((task, dataset), set()).add(result["metric"])
                levels += 1
    tables = [
        _task(
            task,
            [_dataset(name, sorted(metrics[task, name]), list(rows.values())) for name, rows in sorted(sets.items())],
        )
        for task, sets in sorted(tasks.items())
    ]
    file.write(orjson.dumps(tables, option=orjson.OPT_INDENT_2) + b"\n")
    return levels


def paper_url(paper_id: str) -> str | None:
    """Return the address that an id stands for, None for a hash of the text."""
    scheme, _, number = paper_id.partition(":")
    return _ADDRESSES[scheme].format(number) if scheme in _ADDRESSES else None


def _papers(folder: Path) -> Iterator[dict[str, Any]]:
    for batch in FinishedRun(folder).papers():
        yield from batch.to_pylist()


def _system(result: Mapping[str, Any], paper: Mapping[str, Any]) -> str:
    name: str | None = result["system"]
    return paper["title"] if name is None or name == "ours" else name


def _level(result: Mapping[str, Any]) -> str:
    high = result["value_high"]
    number = f"{result['value']:.12g}" + (f"-{high:.12g}" if high is not None else "")
    unit = result["unit"] or ""
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}".strip()


def _row(paper: Mapping[str, Any], system: str) -> dict[str, Any]:
    links = [row for row in paper["links"] if row["kind"] in _CODE and row["repo"]]
    return {
        "model_name": system,
        "metrics": {},
        "paper_title": paper["title"],
        "paper_url": paper_url(paper["paper_id"]),
        "paper_date": None if paper["year"] is None else str(paper["year"]),
        "code_links": [{"title": f"{row['owner']}/{row['repo']}", "url": row["url"]} for row in links]
        if paper["code"] == "linked"
        else [],
        "model_links": [],
        "uses_additional_data": False,
    }


def _dataset(name: str, metrics: list[str], rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "dataset": name,
        "description": "",
        "dataset_links": [],
        "dataset_citations": [],
        "subdatasets": [],
        "sota": {"metrics": metrics, "rows": rows},
    }


def _task(name: str, datasets: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "task": name,
        "description": "",
        "categories": [],
        "synonyms": [],
        "source_link": None,
        "subtasks": [],
        "datasets": datasets,
    }
