"""``extractor export``: the tables in the formats of others."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.commands.exits import ABORTED, INTERRUPTED, USAGE, fail

if TYPE_CHECKING:
    from extractor.rulebook import RuleSet


class Shape(StrEnum):
    """What the tables are written as."""

    pwc = "pwc"
    jsonl = "jsonl"
    duckdb = "duckdb"


def export(
    folder: Annotated[Path, typer.Argument(metavar="OUT", help="Folder of a finished run.")],
    to: Annotated[
        Shape,
        typer.Option(
            "--to",
            help="pwc: evaluation tables as of Papers with Code; jsonl: one nested record a paper; "
            "duckdb: a database with views.",
        ),
    ],
    file: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")],
    confidence: Annotated[
        float, typer.Option(min=0, max=1, metavar="C", help="Least confidence of a level; for pwc alone.")
    ] = 0.0,
    rules: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Folder of rules that the run used; for duckdb alone, repeatable."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Write the tables of a run for another program."""
    from extractor.rulebook import RuleError, load_rules
    from extractor.run.finished import TablesError

    if file.is_dir() or (file.exists() and not force):
        fail(f"{file}: exists; {'give a file' if file.is_dir() else '--force replaces it'}", USAGE)
    try:
        said = _write(folder, to, file, confidence, load_rules(*(rules or [])) if to is Shape.duckdb else None)
    except (TablesError, RuleError) as error:
        fail(str(error), USAGE)
    except ModuleNotFoundError as error:
        fail(f"--to duckdb needs the package duckdb: pip install 'paperfacts[duckdb]' ({error})", ABORTED)
    except OSError as error:
        fail(f"{file}: cannot be written: {error.strerror or error}", USAGE)
    except KeyboardInterrupt:
        fail(f"interrupted; {file} was not written", INTERRUPTED)
    if not quiet:
        typer.echo(f"{file}: {said}")


def _write(folder: Path, to: Shape, file: Path, confidence: float, rules: RuleSet | None) -> str:
    """Write the file, under another name until it is whole, and say what is in it."""
    import os

    if rules is not None:
        from extractor.export.database import VIEWS, write_database

        rows = write_database(folder, file, rules)
        return f"{rows['papers']:,} papers, {rows['results']:,} results; views {', '.join(VIEWS)}"
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as opened:
            if to is Shape.jsonl:
                from extractor.export.jsonl import write_jsonl

                said = f"{write_jsonl(folder, opened):,} papers"
            else:
                from extractor.export.pwc import write_pwc

                said = f"{write_pwc(folder, opened, confidence=confidence):,} levels"
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
    return said
