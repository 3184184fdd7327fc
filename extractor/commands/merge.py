"""``extractor merge``: the tables of several runs as one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.commands.exits import ABORTED, INTERRUPTED, USAGE, fail


def merge(
    folders: Annotated[list[Path], typer.Argument(metavar="OUT...", help="Folders of finished runs, oldest first.")],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Folder of the joined tables.")],
    force: Annotated[bool, typer.Option("--force", help="Replace tables that stand there.")] = False,
    raw_csv: Annotated[
        bool, typer.Option("--raw-csv", help="Leave CSV cells that look like formulas as they are.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Join the tables of several runs. Of papers with the same id the first stays, later ones go to the rejects."""
    from extractor.run.finished import TablesError
    from extractor.run.merge import merge as library
    from extractor.run.options import UsageError
    from extractor.terminal import summary_table

    try:
        summary = library(folders, out, force=force, safe_csv=not raw_csv)
    except UsageError as error:
        fail(str(error), USAGE)
    except TablesError as error:
        fail(str(error), ABORTED)
    except OSError as error:
        fail(f"{error.filename or out}: {error.strerror or error}", ABORTED)
    except KeyboardInterrupt:
        fail(f"interrupted; nothing was written to {out}, the same command merges anew", INTERRUPTED)
    if not quiet:
        typer.echo(summary_table(summary))
