"""JSON documents: an array of objects, an object that wraps one (``data``, ``notes``, ``papers`` …), or objects in a row.

The bytes are cut into elements by walking over brackets and strings, so that a document of any size is read with no more
than one element in memory, and a broken element costs itself alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from extractor.records import Paper, Reject
from extractor.sources.fields import FieldMap
from extractor.sources.json_record import read_record
from extractor.sources.stream import LINE_LIMIT, RAW_LIMIT, ByteStream, SourceError, raw_text

WRAPPERS = ("data", "notes", "papers", "results", "items", "records", "rows", "entries", "hits", "documents", "works")
_MARK = re.compile(rb'["{}\[\]]')
_STRING_END = re.compile(rb'(?:[^"\\\n]|\\[^\n])*+["\n]')  # no string holds a line break: one that does is broken
_UNCLOSED = re.compile(rb",\s*\{\Z")  # within an object a brace follows a colon
_WRAPPED = re.compile(rb'"(' + "|".join(WRAPPERS).encode() + rb')"\s*:\s*\[$')


def read(stream: ByteStream, source: str, fields: FieldMap) -> Iterator[Paper | Reject]:
    """Yield a paper or a reject for every element; positions count elements from 1."""
    position = 0
    try:
        for element, fault in _elements(stream):
            position += 1
            if fault:
                yield Reject(source=source, position=position, reason=fault, raw=raw_text(element[: 4 * RAW_LIMIT]))
            else:
                yield read_record(element, fields, source, position)
    except SourceError as error:
        raise SourceError(error.reason, error.raw, error.position or position + 1) from error


class _Walker:
    """Walks over the marks of a document; ``depth`` counts brackets open within the element."""

    def __init__(self, stream: ByteStream) -> None:
        self.stream = stream
        self.buffer = b""
        self.at = 0  # next byte to look at
        self.start = -1  # where the element in hand begins
        self.long: bytes | None = None  # beginning of an element longer than the limit
        self.junk = b""  # beginning of what stands between elements and is none

    def more(self) -> bool:
        """Read on; bytes before the element in hand are let go, and an element beyond the limit but for its beginning."""
        keep = self.start if self.start >= 0 else self.at
        if self.start >= 0 and self.at - self.start > LINE_LIMIT:
            self.long = self.long or self.buffer[self.start : self.start + 4 * RAW_LIMIT]
            keep = self.start = self.at
        piece = self.stream.read()
        if not piece:
            return False
        self.buffer = self.buffer[keep:] + piece
        self.at -= keep
        self.start = 0 if self.start >= 0 else -1
        return True

    def mark(self) -> bytes:
        """Return the next bracket outside of strings, b"" at the end; ``at`` stands behind it."""
        in_string = False
        while True:
            pattern = _STRING_END if in_string else _MARK
            m = pattern.match(self.buffer, self.at) if in_string else pattern.search(self.buffer, self.at)
            if m is None:
                end = len(self.buffer)
                if in_string:  # an odd run of backslashes at the end escapes what comes
                    end -= (end - self.at - len(self.buffer[self.at :].rstrip(b"\\"))) % 2
                self._move(end)
                if not self.more():
                    return b""
            elif in_string or m[0] == b'"':
                self._move(m.end())
                in_string = not in_string
            else:
                self._move(m.start())
                self.at = m.end()
                return m[0]

    def _move(self, to: int) -> None:
        """Go on to a byte; what is no blank or comma and lies in no element is junk."""
        if self.start < 0 and len(self.junk) < 4 * RAW_LIMIT:
            self.junk += self.buffer[self.at : to].strip(b" \t\r\n,")
        self.at = to

    def drop_junk(self) -> bytes:
        """Return the junk before the element and forget it."""
        junk, self.junk = self.junk.removeprefix(b"\xef\xbb\xbf"), b""
        return junk

    def take(self) -> tuple[bytes, str | None]:
        """Return the element in hand and what is wrong with its size."""
        element, self.start = self.buffer[self.start : self.at], -1
        if self.long is not None or len(element) > LINE_LIMIT:
            start, self.long = self.long or element, None
            return start, f"record longer than {LINE_LIMIT >> 20} MiB"
        return element, None


def _elements(stream: ByteStream) -> Iterator[tuple[bytes, str | None]]:
    walker = _Walker(stream)
    depth = 0  # brackets open within the element in hand
    outer: list[bytes] = []  # brackets of arrays and wrappers around the elements
    while True:
        try:
            mark = walker.mark()
        except SourceError as error:
            start = walker.start if walker.start >= 0 else walker.at
            raise SourceError(error.reason, walker.buffer[start : start + 4 * RAW_LIMIT]) from error
        if junk := walker.drop_junk():
            yield junk, "not an object"
        if not mark:
            break
        if mark in b"{[":
            if (
                mark == b"{"
                and depth == 1
                and walker.start >= 0
                and _UNCLOSED.search(walker.buffer, max(walker.start, walker.at - 100), walker.at)
            ):
                end = walker.at - 1
                walker.at = end
                yield walker.take()[0], "JSON breaks off within the record"
                walker.at = end + 1
            if walker.start < 0:
                if mark == b"[" and not outer:
                    outer.append(mark)
                    continue
                walker.start = walker.at - 1
                depth = 1
                continue
            depth += 1
            if (
                mark == b"["
                and depth == 2
                and not outer
                and _WRAPPED.search(walker.buffer, max(walker.start, walker.at - 200), walker.at)
            ):
                outer += [b"{", b"["]
                walker.start = -1
        elif walker.start >= 0:
            depth -= 1
            if depth <= 0:
                yield walker.take()
        elif outer:
            outer.pop()
            if outer == [b"{"]:  # the rest of a wrapper: its other fields are no papers
                walker.start = walker.at - 1
                depth = 1
                outer.clear()
                while depth and (mark := walker.mark()):
                    depth += 1 if mark in b"{[" else -1
                walker.start, walker.long = -1, None
    if walker.start >= 0:
        element = walker.long or walker.buffer[walker.start :]
        yield element, "JSON breaks off within the record"
    elif outer and not walker.long:
        yield b"", "JSON array is not closed: the file is cut off"
