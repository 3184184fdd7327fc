"""An explanation in a terminal, narrow or wide, in colour or not, or in a pipe."""

from __future__ import annotations

from typing import IO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from extractor.explain.marks import marks, pieces, rows
from extractor.explain.numbers import Explanation
from extractor.records import FieldName

STYLES = {
    "results": "bold green",
    "bit_widths": "magenta",
    "models": "cyan",
    "datasets": "yellow",
    "proposed": "bold blue",
    "links": "underline",
    "number": "dim strike",
}
NARROW = 100  # columns; below it each fact is a block of lines, not a row


def print_explanation(explanation: Explanation, file: IO[str] | None = None, *, width: int | None = None) -> None:
    """Print text and facts; without colour the marks are brackets.

    Args:
        explanation: what to print.
        file: where to; standard output if None.
        width: columns; the terminal's if None.
    """
    console = Console(file=file, width=width, highlight=False, emoji=False, markup=False)
    colours = console.color_system is not None and not console.no_color
    paper = explanation.extraction.paper
    console.print(Text(paper.paper_id, style="dim"))
    for field in ("title", "abstract"):
        text = _marked(explanation, field, colours=colours)
        if field == "title":
            text.stylize("bold")
        console.print(text)
        console.print()
    if colours:
        console.print(Text(" ").join(Text(kind, style=style) for kind, style in STYLES.items() if kind != "number"))
        console.print()
    if console.width < NARROW:
        _blocks(console, explanation)
    else:
        _table(console, explanation)


def _marked(explanation: Explanation, field: FieldName, *, colours: bool) -> Text:
    paper = explanation.extraction.paper
    given = paper.title if field == "title" else paper.abstract
    found = marks(explanation, field)
    text = Text()
    if colours:
        for piece in pieces(given, found):
            text.append(_printable(piece.text), style=" ".join(STYLES[mark.kind] for mark in piece.marks))
        return text
    results = [mark for mark in found if mark.kind == "results"]
    borders = sorted([(mark.end, 0, "»") for mark in results] + [(mark.start, 1, "«") for mark in results])
    position = 0
    for at, _, sign in borders:
        text.append(_printable(given[position:at]) + sign)
        position = at
    return text.append(_printable(given[position:]))


def _printable(text: str) -> str:
    """Return ``text`` with control characters shown, not sent: an abstract must not steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)


def _table(console: Console, explanation: Explanation) -> None:
    table = Table(box=None, pad_edge=False, header_style="dim", expand=False)
    for name, ratio in (("table", None), ("fact", 4), ("rule", 2), ("confidence", None), ("evidence", 4)):
        table.add_column(name, ratio=ratio, overflow="fold", no_wrap=ratio is None)
    for row in rows(explanation):
        style = STYLES.get(row.table, "dim" if row.table == "no result" else "")
        table.add_row(Text(row.table, style=style), *map(_printable, row[1:]))
    console.print(table)


def _blocks(console: Console, explanation: Explanation) -> None:
    for row in rows(explanation):
        console.print(Text(f"{row.table}: ", style=STYLES.get(row.table, "")) + Text(_printable(row.fact)))
        details = [part for part in (row.rule, row.confidence, row.evidence) if part]
        if details:
            console.print(Text("  " + _printable(" · ".join(details)), style="dim"))
