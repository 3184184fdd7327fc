"""JSON lines: one object a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from extractor.records import Paper, Reject
from extractor.sources.fields import FieldMap
from extractor.sources.json_record import read_record
from extractor.sources.stream import LINE_LIMIT, ByteStream, LongLine, raw_text, read_lines

LineReader = Callable[[bytes, FieldMap, str, int], Paper | Reject]


def read(
    stream: ByteStream, source: str, fields: FieldMap, reader: LineReader = read_record
) -> Iterator[Paper | Reject]:
    """Yield a paper or a reject for every line that is not blank; positions are line numbers."""
    for position, line in read_lines(stream):
        if isinstance(line, LongLine):
            reason = f"line longer than {LINE_LIMIT >> 20} MiB"
            yield Reject(source=source, position=position, reason=reason, raw=raw_text(line.start))
        elif line.strip():
            yield reader(line.removeprefix(b"\xef\xbb\xbf") if position == 1 else line, fields, source, position)
