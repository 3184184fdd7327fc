"""``extractor report``: a run as one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.commands.exits import USAGE, fail


def report(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a run.")],
    html: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The HTML file to write.")],
    title: Annotated[str | None, typer.Option(help="Title of the page; else the name of the folder.")] = None,
    max_results: Annotated[
        int, typer.Option(min=1, metavar="N", help="Results in the table; of more the most confident are shown.")
    ] = 50_000,
    rules: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Folder of rules that the run used on top of the shipped ones; repeatable."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Write one HTML file with plots, a searchable table of results with their evidence, and leaderboards.

    It needs no network and no server.
    """
    import pyarrow as pa

    from extractor.report import write_report
    from extractor.rulebook import RuleError, load_rules
    from extractor.tables import load

    try:
        load(out)
        summary = write_report(out, html, load_rules(*(rules or [])), max_rows=max_results, title=title)
    except FileNotFoundError as error:
        fail(str(error) if error.errno is None else f"{error.filename}: {error.strerror}", USAGE)
    except RuleError as error:
        fail(str(error), USAGE)
    except OSError as error:
        fail(f"{error.filename or html}: {error.strerror or error}", USAGE)
    except pa.ArrowInvalid as error:
        fail(f"{out}: its tables cannot be read: {error}", USAGE)
    if not quiet:
        typer.echo(
            f"{html}: {summary.papers:,} papers, {summary.shown:,} of {summary.results:,} results, "
            f"{summary.bytes / 1e6:.1f} MB"
        )
