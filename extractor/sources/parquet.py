"""Parquet files with a title and an abstract column; only the columns that count are read, a thousand rows at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from extractor.records import Paper, Reject
from extractor.sources.fields import FieldError, FieldMap, as_text, as_year, field_ids, make_paper
from extractor.sources.stream import ByteStream, SourceError, raw_text

ROWS = 1_000


def read(stream: ByteStream, source: str, fields: FieldMap) -> Iterator[Paper | Reject]:
    """Yield a paper or a reject for every row; positions are row numbers from 1."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with tempfile.TemporaryFile() as spooled:
        if stream.path is not None and stream.compression is None:
            where: Any = str(stream.path)
        else:  # the footer stands at the end: a packed file or standard input is unpacked first
            while piece := stream.read():
                spooled.write(piece)
            spooled.seek(0)
            where = cast("BinaryIO", spooled)
        try:
            file = pq.ParquetFile(where)
        except (pa.ArrowException, OSError) as error:
            raise SourceError(f"not readable as Parquet: {error}") from error
        names = file.schema_arrow.names
        columns = fields.columns(names)
        if missing := [f for f in ("title", "abstract") if f not in columns]:
            raise SourceError(f"no {' and no '.join(missing)} column; columns are {', '.join(names)}")
        position = 0
        try:
            for batch in file.iter_batches(batch_size=ROWS, columns=sorted({names[i] for i in columns.values()})):
                cells = {field: _values(batch.column(names[index])) for field, index in columns.items()}
                for row in range(batch.num_rows):
                    position += 1
                    yield _row({field: values[row] for field, values in cells.items()}, source, position)
        except (pa.ArrowException, OSError) as error:
            raise SourceError(f"damaged Parquet: {error}", position=position + 1) from error


def _values(column: Any) -> list[Any]:
    try:
        return cast("list[Any]", column.to_pylist())
    except UnicodeDecodeError:  # one bad cell must not cost its neighbours
        return [_cell(cell) for cell in column]


def _cell(cell: Any) -> Any:
    try:
        return cell.as_py()
    except UnicodeDecodeError:
        return cell.as_buffer().to_pybytes()


def _row(found: dict[str, Any], source: str, position: int) -> Paper | Reject:
    try:
        for field, value in found.items():
            if isinstance(value, bytes):
                try:
                    found[field] = value.decode("utf-8")
                except UnicodeDecodeError:
                    raise FieldError(f"{field} is not valid UTF-8") from None
        title, abstract = as_text(found["title"], "title"), as_text(found["abstract"], "abstract")
        return make_paper(title, abstract, field_ids(found), as_year(found.get("year")), source, position)
    except FieldError as error:
        return Reject(source=source, position=position, reason=str(error), raw=raw_text(str(found)))
