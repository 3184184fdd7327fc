"""A DuckDB database: the tables of a run, the metrics of its rules, and views for common questions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from extractor.rulebook import RuleSet
from extractor.rulebook.metrics import MetricRule
from extractor.run.finished import FinishedRun
from extractor.schema import TABLES, table_schema

VIEWS: dict[str, tuple[str, str]] = {
    "levels": (
        "levels on data sets, with one spelling of the data set and the metric's polarity",
        """
        select r.*, coalesce(d.canonical, r.dataset) as canonical_dataset, m.polarity, p.title, p.year
        from results r
        join papers p using (paper_id)
        left join (select paper_id, name, any_value(canonical) as canonical from datasets group by all) d
            on d.paper_id = r.paper_id and d.name = r.dataset
        left join metrics m on m.id = r.metric
        where r.kind = 'value' and r.dataset is not null
        """,
    ),
    "leaderboard": (
        "the levels of each metric, data set and unit, ranked by the metric's polarity",
        """
        select metric, canonical_dataset as dataset, unit,
            rank() over (
                partition by metric, canonical_dataset, unit
                order by case when polarity = 'lower' then value else -value end
            ) as rank,
            value, system, title, year, paper_id, quote, confidence
        from levels where polarity in ('higher', 'lower')
        order by metric, dataset, unit, rank
        """,
    ),
    "comparisons": (
        "what papers say of a system against a named baseline",
        """
        select r.system, r.baseline, r.metric, r.kind, r.direction, r.value, r.value_high, r.unit, r.dataset,
            case when r.kind in ('change', 'ratio') and m.polarity in ('higher', 'lower')
                then (r.direction = 'increase') = (m.polarity = 'higher') end as better,
            p.title, p.year, r.paper_id, r.quote, r.confidence
        from results r join papers p using (paper_id) left join metrics m on m.id = r.metric
        where r.kind <> 'value' and r.baseline is not null
        """,
    ),
    "stated_change_errors": (
        "from-to pairs and stated changes that contradict each other",
        """
        select p.title, r.metric, r.kind, r.from_value, r.value, r.unit, r.quote, r.paper_id
        from results r join papers p using (paper_id) where r.stated_change_ok = false
        """,
    ),
    "model_mentions": (
        "models by the number of papers that name them",
        "select canonical as model, any_value(family) as family, count(distinct paper_id) as papers "
        "from models group by canonical order by papers desc, model",
    ),
    "dataset_mentions": (
        "data sets by the number of papers that name them",
        "select canonical as dataset, count(distinct paper_id) as papers "
        "from datasets group by canonical order by papers desc, dataset",
    ),
    "bit_width_counts": (
        "papers by precision and by what is stored at it",
        "select target, bits, bits_high, count(distinct paper_id) as papers "
        "from bit_widths group by all order by papers desc, target, bits, bits_high",
    ),
    "tasks_by_year": (
        "papers by first task and year",
        "select t.task, p.year, count(*) as papers from tasks t join papers p using (paper_id) "
        "where t.rank = 1 group by all order by t.task, p.year",
    ),
    "code_by_year": (
        "papers by availability of their code and year",
        "select year, code, count(*) as papers from papers group by all order by year, code",
    ),
}


def write_database(folder: Path, file: Path, rules: RuleSet) -> dict[str, int]:
    """Write the database to ``file``, which is replaced, and return the number of rows by table.

    Args:
        folder: of a finished run.
        file: the database.
        rules: the rules of the run; their metrics become the table ``metrics``.

    Raises:
        ModuleNotFoundError: duckdb is not installed.
        TablesError: the tables cannot be read.
        OSError: the file cannot be written.
    """
    import duckdb

    run = FinishedRun(folder)
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    try:
        with temporary.open("wb"):  # says what is wrong with the folder better than the database does
            pass
        temporary.unlink()
        connection = duckdb.connect(str(temporary))
        try:
            rows = {name: _add_table(connection, run, name) for name in TABLES}
            _add_metrics(connection, rules.section("metrics", MetricRule))
            for name, (comment, query) in VIEWS.items():
                connection.execute(f"create view {name} as {query}").fetchall()
                connection.execute(f"comment on view {name} is {_text(comment)}").fetchall()
        finally:
            connection.close()
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
        temporary.with_name(f"{temporary.name}.wal").unlink(missing_ok=True)
    return rows


def _add_table(connection: Any, run: FinishedRun, name: str) -> int:
    import pyarrow as pa

    schema = table_schema(name)
    pieces = run.read(name)
    batches = (batch for piece in pieces for batch in piece.to_batches())
    connection.register("incoming", pa.RecordBatchReader.from_batches(schema, batches))
    connection.execute(f"create table {name} as select * from incoming").fetchall()
    connection.unregister("incoming")
    for field in schema:
        comment = field.metadata[b"description"].decode()
        connection.execute(f'comment on column {name}."{field.name}" is {_text(comment)}').fetchall()
    ((count,),) = connection.execute(f"select count(*) from {name}").fetchall()
    return int(count)


def _add_metrics(connection: Any, metrics: Sequence[MetricRule]) -> None:
    connection.execute("create table metrics (id text primary key, description text, polarity text)").fetchall()
    rows = [(rule.id, rule.description, rule.polarity) for rule in metrics]
    connection.executemany("insert into metrics values (?, ?, ?)", rows)


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
