"""CSV and TSV with a header line that names a title and an abstract column."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from extractor.records import Paper, Reject
from extractor.sources.fields import FieldError, FieldMap, as_text, as_year, field_ids, make_paper
from extractor.sources.stream import LINE_LIMIT, ByteStream, LongLine, SourceError, raw_text, read_lines

CELL_LIMIT = 1 << 20
_NO_TEXT = "\udcff"  # stands where a line was too long to be held; no valid UTF-8 decodes to it


def read_csv(stream: ByteStream, source: str, fields: FieldMap) -> Iterator[Paper | Reject]:
    """Yield a paper or a reject for every row of a comma (or semicolon) separated file."""
    first = stream.head().split(b"\n", 1)[0]
    return _read(stream, source, fields, ";" if first.count(b";") > first.count(b",") else ",")


def read_tsv(stream: ByteStream, source: str, fields: FieldMap) -> Iterator[Paper | Reject]:
    """Yield a paper or a reject for every row of a tab separated file."""
    return _read(stream, source, fields, "\t")


def _read(stream: ByteStream, source: str, fields: FieldMap, delimiter: str) -> Iterator[Paper | Reject]:
    """Positions are line numbers of the rows' first lines."""
    csv.field_size_limit(CELL_LIMIT)
    rows = csv.reader(_text_lines(stream), delimiter=delimiter)
    try:
        header = next(rows)
    except (StopIteration, csv.Error):
        raise SourceError("no header line") from None
    columns = fields.columns(header)
    if missing := [f for f in ("title", "abstract") if f not in columns]:
        raise SourceError(f"no {' and no '.join(missing)} column; columns are {', '.join(header)}", position=1)
    while True:
        position = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Reject(source=source, position=position, reason=f"row cannot be read: {error}", raw="")
            continue
        if not row:
            continue
        try:
            yield _paper(row, columns, source, position)
        except FieldError as error:
            raw = raw_text(delimiter.join(row).replace(_NO_TEXT, ""))
            yield Reject(source=source, position=position, reason=str(error), raw=raw)


def _text_lines(stream: ByteStream) -> Iterator[str]:
    """Yield lines as text; bytes that are no UTF-8 stay visible as lone surrogates, so that only their row is rejected."""
    for position, line in read_lines(stream):
        if isinstance(line, LongLine):
            yield _NO_TEXT + line.start.decode("utf-8", "surrogateescape").replace('"', "") + "\n"
        else:
            text = line.decode("utf-8", "surrogateescape")
            yield (text.removeprefix("\ufeff") if position == 1 else text) + "\n"


def _paper(row: list[str], columns: dict[str, int], source: str, position: int) -> Paper:
    found = {field: row[index] if index < len(row) else None for field, index in columns.items()}
    for value in row:
        if value.isascii():
            if "\0" in value:
                raise FieldError("NUL byte in the row")
        elif _NO_TEXT in value:
            raise FieldError(f"line longer than {LINE_LIMIT >> 20} MiB, or not valid UTF-8")
        elif any("\udc80" <= c <= "\udcff" for c in value):
            raise FieldError("not valid UTF-8")
        elif "\0" in value:
            raise FieldError("NUL byte in the row")
    title, abstract = as_text(found["title"], "title"), as_text(found["abstract"], "abstract")
    return make_paper(title, abstract, field_ids(found), as_year(found.get("year")), source, position)
