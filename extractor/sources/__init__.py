"""Readers: one module per format, all streaming; each yields papers and rejects in the order of the file."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from glob import glob, has_magic
from pathlib import Path
from typing import BinaryIO

from extractor.records import Paper, Reject
from extractor.sources import arxiv, bibtex, delimited, hf_feed, json_document, json_lines, parquet
from extractor.sources.detect import detect
from extractor.sources.fields import FieldMap
from extractor.sources.stream import ByteStream, SourceError, raw_text

Reader = Callable[[ByteStream, str, FieldMap], Iterator[Paper | Reject]]
READERS: dict[str, Reader] = {
    "hf-feed": hf_feed.read,
    "arxiv": arxiv.read,
    "jsonl": json_lines.read,
    "json": json_document.read,
    "bibtex": bibtex.read,
    "csv": delimited.read_csv,
    "tsv": delimited.read_tsv,
    "parquet": parquet.read,
}
FORMATS = tuple(READERS)


def expand_inputs(given: Sequence[str]) -> list[str]:
    """Return the files that the arguments stand for: files, folders (all files below, sorted), globs, ``-``.

    Raises:
        FileNotFoundError: an argument names nothing.
    """
    files: list[str] = []
    for argument in given:
        path = Path(argument)
        if argument == "-" or path.is_file() or (path.exists() and not path.is_dir()):
            files.append(argument)
        elif path.is_dir():
            found = [
                p
                for p in path.rglob("*")
                if p.is_file() and not any(x.startswith(".") for x in p.relative_to(path).parts)
            ]
            files += map(str, sorted(found))
        elif has_magic(argument) and (matches := sorted(glob(argument, recursive=True))):  # noqa: PTH207 - Path.glob takes no absolute pattern
            files += expand_inputs(matches)
        else:
            raise FileNotFoundError(f"no such file or folder: {argument}")
    return list(dict.fromkeys(files))


def read_source(
    file: str,
    *,
    format: str | None = None,
    fields: FieldMap | None = None,
    stdin: BinaryIO | None = None,
    source: str | None = None,
) -> Iterator[Paper | Reject]:
    """Yield the papers and rejects of one file (``-``: standard input); a file that cannot be read on ends with a reject.

    Args:
        file: path, or ``-``.
        format: one of ``FORMATS``; told by content if None.
        fields: where title, abstract and ids stand.
        stdin: what ``-`` reads from, if not standard input.
        source: the name of the file in what is yielded, ``file`` if None.
    """
    fields = fields or FieldMap()
    source = raw_text(source or file)
    stream: ByteStream | None = None
    try:
        stream = ByteStream(None, stdin or sys.stdin.buffer) if file == "-" else ByteStream(Path(file))
        name = format or detect(stream.head(), fields)
        if name is None:
            start = stream.head()
            while not start.strip() and stream.read():  # a stream damaged at its beginning says so itself
                pass
            raise SourceError("format not recognised; give it with --format" if start.strip() else "empty file", start)
        yield from READERS[name](stream, source, fields)
    except SourceError as error:
        yield Reject(source=source, position=error.position, reason=error.reason, raw=raw_text(error.raw))
    finally:
        if stream is not None:
            stream.close()
