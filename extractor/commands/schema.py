"""``extractor schema``: what the tables hold."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from extractor.commands.exits import USAGE, fail


class Format(StrEnum):
    """How the schema is written down."""

    json_schema = "json-schema"
    arrow = "arrow"
    markdown = "markdown"


def schema(
    table: Annotated[str | None, typer.Argument(metavar="[TABLE]", help="Only this table.")] = None,
    format: Annotated[Format, typer.Option("--format", help="How to write it down.")] = Format.markdown,
) -> None:
    """Print the columns of the tables: types, units, what they mean."""
    from extractor.dictionary import to_arrow, to_json_schema, to_markdown
    from extractor.schema import TABLES

    if table is not None and table not in TABLES:
        fail(f"no table {table!r}; tables are {', '.join(TABLES)}", USAGE)
    write = {Format.json_schema: to_json_schema, Format.arrow: to_arrow, Format.markdown: to_markdown}[format]
    typer.echo(write([table] if table else TABLES), nl=format is not Format.markdown)
