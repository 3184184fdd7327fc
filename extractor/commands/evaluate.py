"""``extractor evaluate``: the tables of a run against labelled papers."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.commands.exits import USAGE, fail

if TYPE_CHECKING:
    from collections.abc import Iterable

    from extractor.evaluate import Evaluation, Facts


class By(StrEnum):
    """What results are broken down by."""

    metric = "metric"
    kind = "kind"
    slot = "slot"


def evaluate(
    gold: Annotated[Path, typer.Argument(help="Labelled papers (JSON lines in the gold format).")],
    out: Annotated[Path, typer.Argument(help="Folder of a run, or a second file in the gold format.")],
    by: Annotated[By | None, typer.Option(help="Break the results down.")] = None,
    errors: Annotated[int, typer.Option(min=0, metavar="N", help="Print up to N errors.")] = 0,
    field: Annotated[str | None, typer.Option(help="Only errors of this field (results, models, ...).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
) -> None:
    """Precision, recall and F1 of every field against labelled papers, joined by title."""
    import extractor.evaluate as library

    try:
        papers, found = library.load_gold(gold), library.load(out)
    except library.LoadError as error:
        fail(str(error), USAGE)
    evaluation = library.evaluate(papers, found)
    fields = ("results", "bit_widths", "models", "datasets", "proposed", "links", "code", "tasks", "papers")
    if field is not None and field.split(".")[0] not in fields:
        fail(f"no field {field!r}; fields are {', '.join(fields)}", USAGE)
    misses = [m for m in evaluation.misses if field is None or field in (m.field, m.field.split(".")[0])][:errors]
    table = _breakdown(by, papers, found) if by else []
    if as_json:
        answer: dict[str, object] = dict(evaluation.to_dict())
        if by:
            answer[f"by_{by.value}"] = table
        if errors:
            answer["errors"] = [
                {"paper": m.paper, "field": m.field, "what": m.what, "slot": m.slot, "text": m.text} for m in misses
            ]
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    typer.echo(_figures(evaluation))
    if table:
        typer.echo("\n" + aligned(table))
    for miss in misses:
        typer.echo("  ".join((miss.paper, miss.field, miss.what, miss.text)))


def _figures(evaluation: Evaluation) -> str:
    rows = evaluation.to_dict().items()
    return "\n".join(f"{name:26s} {'  '.join(f'{k} {v}' for k, v in figures.items())}" for name, figures in rows)


def _breakdown(by: By, gold: dict[str, Facts], found: dict[str, Facts]) -> list[dict[str, object]]:
    import extractor.evaluate as library

    if by is By.slot:
        return [
            {
                "slot": slot,
                "right %": round(100 * s.right / s.pairs, 1) if s.pairs else 100.0,
                "pairs": s.pairs,
                "absent": s.absent,
                "invented": s.invented,
                "different": s.different,
                "most often": ", ".join(f"{a} → {b} ({n})" for (a, b), n in s.confusions.most_common(3)),
            }
            for slot, s in library.by_slot(gold, found).items()
        ]
    return [
        {
            by.value: group,
            "gold": s.number.tp + s.number.fn,
            "pred": s.number.tp + s.number.fp,
            "number p": round(100 * s.number.precision, 1),
            "number r": round(100 * s.number.recall, 1),
            "number f1": round(100 * s.number.f1, 1),
            "core f1": round(100 * s.core.f1, 1),
            "full f1": round(100 * s.full.f1, 1),
        }
        for group, s in library.by_group(gold, found, "metric" if by is By.metric else "kind").items()
    ]


def aligned(rows: Iterable[dict[str, object]]) -> str:
    """Return rows of equal keys as a plain table, numbers to the right."""
    rows = list(rows)
    if not rows:
        return ""
    cells = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[i]) for line in cells) for i in range(len(cells[0]))]
    right = [isinstance(value, int | float) for value in rows[0].values()]
    return "\n".join(
        "  ".join(c.rjust(w) if r else c.ljust(w) for c, w, r in zip(line, widths, right, strict=True)).rstrip()
        for line in cells
    )
