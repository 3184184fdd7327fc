"""``extractor diff``: gains and losses between two runs."""

from __future__ import annotations

import json
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer

from extractor.commands.exits import USAGE, fail

_SIGN = {"gained": "+", "lost": "-", "changed": "~"}


def diff(
    out_a: Annotated[Path, typer.Argument(metavar="OUT_A", help="Folder of the run before.")],
    out_b: Annotated[Path, typer.Argument(metavar="OUT_B", help="Folder of the run after.")],
    field: Annotated[str | None, typer.Option(help="Only this table (results, models, ...).")] = None,
    limit: Annotated[int | None, typer.Option(min=0, metavar="N", help="Print at most N changes.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a change instead.")] = False,
) -> None:
    """Facts gained (+), lost (-) and changed (~) from one run to another, by paper, then their counts by table."""
    from extractor.commands.evaluate import aligned
    from extractor.evaluate import LoadError, changes, load

    try:
        both = [load(path, by="id" if out_a.is_dir() and out_b.is_dir() else "title") for path in (out_a, out_b)]
    except LoadError as error:
        fail(str(error), USAGE)
    found = [change for change in changes(*both) if field in (None, change.table)]
    shown = found if limit is None else found[:limit]
    if as_json:
        for change in shown:
            typer.echo(json.dumps(change._asdict(), ensure_ascii=False))
        return
    for (paper, title), rows in groupby(shown, key=lambda change: (change.paper, change.title)):
        typer.echo(f"{paper}  {title}")
        for row in rows:
            detail = f" | {row.detail}" if row.detail else ""
            typer.echo(f"  {_SIGN[row.what]} {row.table}: {row.fact}{detail}")
    if len(shown) < len(found):
        typer.echo(f"... {len(found) - len(shown)} more changes not shown")
    if not found:
        typer.echo("no differences")
        return
    counts = Counter((change.table, change.what) for change in found)
    typer.echo(
        "\n"
        + aligned(
            {"table": table, **{what: counts[table, what] for what in ("gained", "lost", "changed")}}
            for table in dict.fromkeys(change.table for change in found)
        )
    )
