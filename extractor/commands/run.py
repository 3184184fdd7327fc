"""``extractor run``: papers in, tables out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from extractor.commands.exits import ABORTED, CLEAN, INTERRUPTED, USAGE, WITH_REJECTS, fail


def run(
    inputs: Annotated[
        list[str], typer.Argument(metavar="INPUT...", help="Files, folders, globs, or - for standard input.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Folder of the tables.")],
    format: Annotated[
        str | None,
        typer.Option(
            "--format", help="hf-feed, arxiv, jsonl, json, bibtex, csv, tsv or parquet; told by content if not given."
        ),
    ] = None,
    map: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="FIELD=PATH",
            help="Where a field stands, such as title=name or abstract=content.text; repeatable.",
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, metavar="N", help="Papers in all.")] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", "-j", min=1, metavar="N", help="Worker processes; with Ray, actors.  [default: one a core]"
        ),
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option(
            "--rules",
            metavar="DIR",
            help="Folder of rules on top of the shipped ones; a rule of the same id replaces; repeatable.",
        ),
    ] = None,
    no_ner: Annotated[bool, typer.Option("--no-ner", help="Rules alone, without the trained pass.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the tables of an earlier run.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an unfinished run.")] = False,
    max_errors: Annotated[
        str | None,
        typer.Option(
            "--max-errors", metavar="N|P%", help="Abort with more rejects than this; duplicates do not count."
        ),
    ] = None,
    raw_csv: Annotated[
        bool, typer.Option("--raw-csv", help="Leave CSV cells that look like formulas as they are.")
    ] = False,
    paper_seconds: Annotated[
        float,
        typer.Option("--paper-seconds", min=0.1, metavar="S", help="Last resort: reject a paper that takes longer."),
    ] = 60.0,
    engine: Annotated[
        str,
        typer.Option("--engine", metavar="local|ray", help="Processes of this machine, or Ray Data (extra: ray)."),
    ] = "local",
    ray_address: Annotated[
        str | None,
        typer.Option(
            "--ray-address", metavar="HOST:PORT|auto", help="Ray cluster to run on; a Ray of this machine if not given."
        ),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Extract the facts of all papers of INPUT into tables (Parquet and CSV) below OUT."""
    from extractor.rulebook import RuleError
    from extractor.run.engine import RunAborted, RunInterrupted
    from extractor.run.engine import run as run_engine
    from extractor.run.options import RunOptions, UsageError
    from extractor.terminal import progress_bar, summary_table

    options = RunOptions(
        inputs=tuple(inputs),
        out=out,
        format=format,
        fields=_parse_map(map or []),
        limit=limit,
        jobs=jobs,
        rules=tuple(str(folder) for folder in rules or []),
        ner=not no_ner,
        force=force,
        resume=resume,
        max_errors=max_errors,
        safe_csv=not raw_csv,
        paper_seconds=paper_seconds,
        engine=engine,
        ray_address=ray_address,
    )
    try:
        with progress_bar(shown=not quiet and sys.stderr.isatty(), limit=limit) as on_progress:
            summary = run_engine(options, on_progress=on_progress)
    except (UsageError, RuleError) as error:
        fail(str(error), USAGE)
    except RunAborted as error:
        fail(str(error), ABORTED)
    except RunInterrupted as error:
        fail(str(error), INTERRUPTED)
    except KeyboardInterrupt:
        fail("interrupted before anything was begun", INTERRUPTED)
    if not quiet:
        typer.echo(summary_table(summary))
    raise typer.Exit(WITH_REJECTS if summary.progress.rejects else CLEAN)


def _parse_map(pairs: list[str]) -> dict[str, str]:
    fields = {}
    for pair in pairs:
        name, equals, path = pair.partition("=")
        if not (name and equals and path):
            fail(f"--map takes FIELD=PATH, such as title=content.title, not {pair!r}", USAGE)
        fields[name] = path
    return fields
