"""``extractor explain``: one paper with its facts, and why its other numbers are none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from extractor.commands.exits import USAGE, fail

if TYPE_CHECKING:
    from extractor.records import Paper


def explain(
    source: Annotated[
        str | None,
        typer.Argument(metavar="[INPUT]", help="File of papers, file of plain text, folder of a run, or -."),
    ] = None,
    text: Annotated[str | None, typer.Option(help="The text itself; a first line is its title.")] = None,
    paper_id: Annotated[
        str | None,
        typer.Option("--id", metavar="ID", help="Which paper of INPUT: its id or its position; else the first."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page instead.")] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option(metavar="DIR", help="Folder of rules on top of the shipped ones; repeatable."),
    ] = None,
    no_ner: Annotated[bool, typer.Option("--no-ner", help="Rules alone, without the trained pass.")] = False,
) -> None:
    """Show title and abstract of one paper with the facts highlighted, every fact with rule, confidence and evidence.

    Numbers that are no results are listed with the reason.
    """
    if (source is None) == (text is None):
        fail("give either INPUT or --text", USAGE)
    if text is not None and paper_id is not None:
        fail("--id chooses a paper of INPUT; it does not go with --text", USAGE)
    from extractor.explain import explain as library
    from extractor.explain import print_explanation, to_html
    from extractor.pipeline import Extractor
    from extractor.rulebook import RuleError, load_rules
    from extractor.sources.plain import paper_of

    paper = paper_of(text) if text is not None else _choose(str(source), paper_id)
    try:
        explanation = library(paper, Extractor(load_rules(*(rules or [])), ner=not no_ner))
    except RuleError as error:
        fail(str(error), USAGE)
    if html is not None:
        try:
            html.write_text(to_html(explanation), encoding="utf-8")
        except OSError as error:
            fail(f"{html}: cannot be written: {error.strerror or error}", USAGE)
    if as_json:
        typer.echo(json.dumps(explanation.to_dict(), ensure_ascii=False))
    elif html is None:
        print_explanation(explanation)


def _choose(source: str, paper_id: str | None) -> Paper:
    """Return the paper of ``source`` with this id or position, the first one if None."""
    seen = []
    for number, paper in enumerate(_papers(source), 1):
        if paper_id is None or paper_id in (paper.paper_id, str(paper.position or number)):
            return paper
        if number <= 3:
            seen.append(paper.paper_id)
    missing = f"no paper {paper_id!r}; its first ids are {', '.join(seen)}" if seen else "no paper in it"
    return fail(f"{source}: {missing}", USAGE)


def _papers(source: str) -> Iterator[Paper]:
    from extractor.records import Paper
    from extractor.sources import read_source
    from extractor.sources.plain import paper_of

    path = Path(source)
    if path.is_dir():
        yield from _papers_of_run(path)
    elif source != "-" and not path.exists():
        fail(f"{source}: no such file or folder", USAGE)
    elif source == "-" or _is_plain(path):
        yield paper_of((typer.get_text_stream("stdin").read() if source == "-" else path.read_text("utf-8")).strip())
    else:
        yield from (record for record in read_source(source) if isinstance(record, Paper))


def _is_plain(path: Path) -> bool:
    """Whether a file is text in none of the formats."""
    from extractor.sources.detect import detect
    from extractor.sources.fields import FieldMap
    from extractor.sources.stream import ByteStream

    stream = ByteStream(path)
    try:
        head = stream.head()
        return stream.compression is None and b"\0" not in head and detect(head, FieldMap()) is None
    finally:
        stream.close()


def _papers_of_run(folder: Path) -> Iterator[Paper]:
    import pyarrow.dataset as ds

    from extractor.records import Paper

    parts = next((path for path in (folder / "papers.parquet", folder / "papers") if path.exists()), None)
    if parts is None:
        fail(f"{folder}: no papers.parquet there; give a file, or the folder that 'extractor run' wrote", USAGE)
    columns = list(Paper.model_fields)
    for batch in ds.dataset(parts, format="parquet").to_batches(columns=columns):
        yield from (Paper(**row) for row in batch.to_pylist())
