"""Documents that are written by the code: ``python -m tests.generated_docs`` writes them anew, a test holds them to it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args, get_type_hints

import typer

from extractor.cli import app
from extractor.commands.examples import EXAMPLES
from extractor.dictionary import to_markdown
from tests.extraction_stages import stages
from tests.shared_data import ROOT

DOCS = ROOT / "docs"
CLI_HEAD = """\
# Command line

Written by `python -m tests.generated_docs`; `extractor COMMAND --help` says the same. Exit codes: 0 clean, 1 finished with
rejects (or findings), 2 wrong usage, 3 aborted, 130 interrupted.

Every option may also stand in a file, see [configuration.md](configuration.md): `--max-errors 5%` of `extractor run` is
`max-errors = "5%"` in the table `[run]`.
"""


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command with its name, those of groups as ``group command``."""
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name, command
        else:
            yield from ((f"{name} {sub}", member) for sub, member in inner.items())


def cli_reference() -> str:
    """Return docs/cli.md."""
    return "\n".join([CLI_HEAD, *(_command(name, command) for name, command in commands())])


def _command(name: str, command: Any) -> str:
    hints = get_type_hints(inspect.unwrap(command.callback))
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    usage = " ".join(
        ["extractor", name, *(["[OPTIONS]"] if options else []), *(a.metavar or a.name.upper() for a in arguments)]
    )
    lines = [f"## extractor {name}", "", f"`{usage}`", "", inspect.cleandoc(command.help), "", "| | |", "|---|---|"]
    lines += [f"| `{a.metavar or a.name.upper()}` | {_help(a)} |" for a in arguments]
    for option in options:
        names = ", ".join(f"`{one}`" for one in option.opts)
        value = "" if option.is_flag else f" {_value(option, hints[option.name])}"
        lines.append(f"| {names}{value} | {_help(option)}{_remarks(option)} |")
    return "\n".join([*lines, "", "```sh", *EXAMPLES.get(name, ()), "```", ""])


def _help(parameter: Any) -> str:
    return (getattr(parameter, "help", None) or "").replace("|", "\\|")


def _value(option: Any, hint: Any) -> str:
    for kind in (hint, *get_args(hint)):
        if isinstance(kind, type) and issubclass(kind, Enum):
            return " or ".join(f"`{member.value}`" for member in kind)
    return (option.metavar or "").replace("|", "\\|") or ("N" if hint is int else "TEXT")


def _remarks(option: Any) -> str:
    default = option.default
    if option.required:
        return " Required."
    if option.is_flag or default in (None, (), []) or isinstance(default, Callable):  # type: ignore[arg-type]
        return ""
    return f" Default: {default.value if isinstance(default, Enum) else default}."


def extraction() -> str:
    """Return docs/extraction.md with what the stages give, each between its marks."""
    text = (DOCS / "extraction.md").read_text(encoding="utf-8")
    given = stages()
    return re.sub(
        r"(<!-- stage: (\w+) -->\n```\w*\n).*?(```)", lambda m: f"{m[1]}{given[m[2]]}\n{m[3]}", text, flags=re.DOTALL
    )


GENERATED: dict[str, Callable[[], str]] = {
    "tables.md": to_markdown,
    "cli.md": cli_reference,
    "extraction.md": extraction,
}


def main() -> None:
    """Write all documents."""
    for name, make in GENERATED.items():
        Path(DOCS / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    main()
