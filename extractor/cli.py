"""The command line: thin, with everything heavy imported inside the commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor import __version__
from extractor.commands.diff import diff
from extractor.commands.evaluate import evaluate
from extractor.commands.examples import epilog
from extractor.commands.exits import USAGE, fail
from extractor.commands.explain import explain
from extractor.commands.export import export
from extractor.commands.init_rules import init_rules
from extractor.commands.merge import merge
from extractor.commands.report import report
from extractor.commands.rules import rules_app
from extractor.commands.run import run
from extractor.commands.schema import schema

app = typer.Typer(
    name="extractor",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Facts out of machine-learning titles and abstracts, as tables.",
    epilog="Exit codes: 0 clean, 1 finished with rejects, 2 wrong usage, 3 aborted, 130 interrupted.",
)
app.command(epilog=epilog("run"))(run)
app.command(epilog=epilog("explain"))(explain)
app.command(epilog=epilog("report"))(report)
app.command(epilog=epilog("merge"))(merge)
app.command(epilog=epilog("export"))(export)
app.command(epilog=epilog("evaluate"))(evaluate)
app.command(epilog=epilog("diff"))(diff)
app.command(epilog=epilog("schema"))(schema)
app.add_typer(rules_app, name="rules")
app.command(epilog=epilog("init-rules"))(init_rules)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"extractor {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    context: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Options from this file instead of the nearest extractor.toml or pyproject.toml with [tool.extractor].",
        ),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    from extractor.configuration import ConfigurationError, find_configuration, load_configuration

    try:
        path = config or find_configuration(Path.cwd())
        if path is not None:
            context.default_map = load_configuration(path, context.command.commands)  # type: ignore[attr-defined]
    except ConfigurationError as error:
        fail(str(error), USAGE)


def main() -> None:
    """Run the command line."""
    app()
