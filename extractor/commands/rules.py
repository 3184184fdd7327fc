"""``extractor rules``: check and list the rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from extractor.commands.examples import epilog
from extractor.commands.exits import ABORTED, CLEAN, USAGE, WITH_REJECTS, fail

rules_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Check and list the rules.")


@rules_app.command("check", epilog=epilog("rules check"))
def rules_check(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Rules on top of the shipped ones; the shipped ones alone if not given."),
    ] = None,
) -> None:
    """Load and lint the rules: duplicate ids, patterns without example, patterns that can backtrack badly."""
    from extractor.rulebook import RuleError, load_rules
    from extractor.rulebook.lint import lint

    try:
        rules = load_rules(*([folder] if folder else []))
    except RuleError as error:
        fail(str(error), ABORTED)
    findings = lint(rules)
    for finding in findings:
        typer.echo(str(finding))
    count = sum(len(section) for section in rules.sections.values())
    typer.echo(f"{count} rules in {len(rules.sections)} sections, {len(findings)} findings")
    raise typer.Exit(WITH_REJECTS if findings else CLEAN)


@rules_app.command("list", epilog=epilog("rules list"))
def rules_list(
    section: Annotated[str | None, typer.Argument(metavar="[SECTION]", help="Only this section.")] = None,
    rules: Annotated[
        list[Path] | None, typer.Option("--rules", metavar="DIR", help="Folder of rules on top of the shipped ones.")
    ] = None,
) -> None:
    """List the rules: section, id and first example, tab separated."""
    from extractor.rulebook import RuleError, load_rules

    try:
        book = load_rules(*(rules or []))
    except RuleError as error:
        fail(str(error), USAGE)
    if section is not None and section not in book.sections:
        fail(f"no section {section!r}; sections are {', '.join(sorted(book.sections))}", USAGE)
    for name in [section] if section else sorted(book.sections):
        for rule in book.sections[name]:
            example = " ".join(rule.examples[0].split())
            typer.echo(f"{name}\t{rule.id}\t{example}")
