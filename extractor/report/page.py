"""The report as a page: everything in one file, nothing from the network, no text of a paper ever taken for markup."""

from __future__ import annotations

import base64
import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractor import __version__
from extractor.report import figures
from extractor.report.leaderboards import LEAST_CONFIDENCE, Scale, leaderboards
from extractor.report.names import canonical_datasets, name_key
from extractor.report.payload import table_payload, text_payload
from extractor.report.read import RunData, read_run, read_texts
from extractor.rulebook import RuleSet
from extractor.rulebook.metrics import MetricRule

TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("data", "selection", "table", "evidence", "controls", "leaderboards", "links")  # one scope, in this order
ROWS = 50_000  # results in the table, if no other number is given


@dataclass(frozen=True)
class ReportSummary:
    """What a report holds."""

    papers: int
    results: int
    shown: int
    bytes: int


def write_report(
    folder: Path, file: Path, rules: RuleSet, *, max_rows: int = ROWS, title: str | None = None
) -> ReportSummary:
    """Write the report of the run in ``folder`` to ``file``; the same tables give the same bytes.

    Args:
        folder: what ``extractor run`` wrote.
        file: replaced if it is there, whole or not at all.
        rules: say of each metric what it is and whether more of it is better.
        max_rows: results in the table; of more the most confident are shown. Counts and plots are of all.
        title: of the page; else the name of the folder.

    Raises:
        OSError: a table is missing, or the file cannot be written.
        pyarrow.ArrowInvalid: a table is no Parquet, or lacks a column.
    """
    run = read_run(folder)
    shown = most_confident([row.confidence for row in run.results], max_rows)
    read_texts(folder, run, {run.results[i].paper_id for i in shown})
    page = render(run, shown, rules, title or f"Report of {folder.resolve().name}").encode()
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(page)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return ReportSummary(len(run.papers), len(run.results), len(shown), len(page))


def most_confident(confidences: Sequence[float], limit: int) -> list[int]:
    """Return the places of the ``limit`` highest confidences in ascending order; of equal ones the first."""
    if len(confidences) <= limit:
        return list(range(len(confidences)))
    return sorted(sorted(range(len(confidences)), key=lambda i: (-confidences[i], i))[:limit])


def render(run: RunData, shown: Sequence[int], rules: RuleSet, title: str) -> str:
    """Return the page."""
    known = {(row.paper_id, name_key(row.name)): row.canonical for row in run.datasets}
    datasets = canonical_datasets([(row.paper_id, row.dataset) for row in run.results], known)
    metrics = {rule.id: (rule.description, rule.polarity) for rule in rules.section("metrics", MetricRule)}
    scale = Scale(run.results)
    boards = leaderboards(run.results, datasets, {id_: polarity for id_, (_, polarity) in metrics.items()}, scale)
    environment = _environment()
    script = '"use strict";\n(() => {\n' + "\n".join(_template(f"script/{name}.js") for name in SCRIPTS) + "})();\n"
    page: str = environment.get_template("report.html.j2").render(
        title=title,
        version=__version__,
        counts=overview(run, datasets),
        figures=[
            figures.changes(run.results, "ratio"),
            figures.changes(run.results, "change"),
            figures.bit_widths(run.bit_widths),
            figures.code(run.papers),
            figures.mentions("plot-models", "Models mentioned most", run.models, None),
            figures.mentions("plot-datasets", "Data sets mentioned most", run.datasets, "dataset"),
            figures.tasks_over_years(run.papers, run.tasks),
        ],
        levels=figures.levels(run.results, datasets, scale),
        rows=table_payload(run, shown, datasets, boards, metrics),
        texts=text_payload(run, shown),
        shown=len(shown),
        least_confidence=LEAST_CONFIDENCE,
        results=len(run.results),
        script=script,
        style=_template("report.css"),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return page


def overview(run: RunData, datasets: Sequence[str | None]) -> list[tuple[str, str, str]]:
    """Return the counts at the top of the page: number, what it counts, a remark."""
    papers, kinds = len(run.papers), Counter(row.kind for row in run.results)
    with_results = len({row.paper_id for row in run.results})
    linked = sum(paper.code == "linked" for paper in run.papers)
    measured = {name for name in datasets if name}
    widths = {row[0] for row in run.bit_widths}
    figures_ = [
        (papers, "papers", f"{_share(with_results, papers)} with a result"),
        (len(run.results), "results", ", ".join(f"{n:,} {kind}" for kind, n in kinds.most_common())),
        (len({row.metric for row in run.results}), "metrics", ""),
        (len({name_key(r.canonical) for r in run.datasets}), "data sets", f"{len(measured):,} named by results"),
        (len({name_key(r.canonical) for r in run.models}), "models", f"{len(run.models):,} mentions"),
        (run.proposed, "proposed names", ""),
        (len(run.bit_widths), "bit widths", f"in {len(widths):,} papers"),
        (linked, "papers with code linked", _share(linked, papers)),
        (run.rejects, "records rejected", ""),
    ]
    return [(f"{number:,}", name, remark) for number, name, remark in figures_]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""


def _template(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _visible(value: Any) -> Any:
    """Return a text with control characters, which HTML forbids, replaced."""
    if type(value) is not str or value.isprintable():  # markup is a type of its own
        return value
    return "".join(c if c >= " " or c in "\n\t" else "\ufffd" for c in value)


def _environment() -> Any:
    import jinja2
    import orjson

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=_visible,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # tojson escapes <, >, & and ' on top of this, so that nothing in it ends the script element
    environment.policies["json.dumps_function"] = lambda value: orjson.dumps(value).decode()
    environment.policies["json.dumps_kwargs"] = {}
    return environment
