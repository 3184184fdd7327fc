"""Exit codes, the same for all commands."""

from __future__ import annotations

from typing import NoReturn

import typer

CLEAN, WITH_REJECTS, USAGE, ABORTED, INTERRUPTED = 0, 1, 2, 3, 130


def fail(message: str, code: int) -> NoReturn:
    """Print ``message`` to standard error and exit with ``code``."""
    typer.echo(f"extractor: {message}", err=True)
    raise typer.Exit(code)
