"""``extractor init-rules``: the beginning of a user's own rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.commands.exits import USAGE, fail


def init_rules(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to be made, or an empty one.")],
) -> None:
    """Write commented example rules into DIR: a metric, a data set, a model, a task to be replaced by your own."""
    from extractor.rulebook.example import write_example

    try:
        written = write_example(folder)
    except OSError as error:
        fail(f"{error.filename or folder}: {error.strerror or error}", USAGE)
    for path in written:
        typer.echo(str(path))
    typer.echo(f"next: extractor rules check {folder}")
