"""Bytes of an input, plain or compressed, a bounded piece at a time.

Compression is told by the first bytes, never by the name. A compressed stream that breaks off, or that unpacks to an
absurd multiple of its size, raises :class:`SourceError`; what stood before it has been read by then.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from extractor.sources.unpack import UnpackError, unpack

PIECE = 1 << 20
HEAD = 1 << 16
LINE_LIMIT = 16 << 20
RAW_LIMIT = 2_000
BOMB_RATIO = 200
BOMB_FLOOR = 256 << 20
_MAGIC = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\x28\xb5\x2f\xfd": "zstd"}


class SourceError(Exception):
    """An input that cannot be read on; ``raw`` holds what was left over."""

    def __init__(self, reason: str, raw: bytes = b"", position: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.raw = raw
        self.position = position


class ByteStream:
    """Unpacked bytes of one input. ``head`` shows the first ones without consuming them."""

    def __init__(self, path: Path | None, stdin: BinaryIO | None = None) -> None:
        """Open ``path``, or take ``stdin`` where it is None.

        Raises:
            SourceError: the file cannot be opened.
        """
        self.path = path
        try:
            self._file: BinaryIO = path.open("rb") if path is not None else stdin or io.BytesIO()
            first = self._file.read(4)
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror or error}") from error
        self.compression = next((name for magic, name in _MAGIC.items() if first.startswith(magic)), None)
        self._packed = _Counted(self._file, first)
        self._pieces = (
            self._plain() if self.compression is None else unpack(cast("BinaryIO", self._packed), self.compression)
        )
        self._rest = b""  # unpacked, not yet read
        self._unpacked = 0
        self._fault: SourceError | None = None

    def _plain(self) -> Iterator[bytes]:
        while piece := self._packed.read(PIECE):
            yield piece

    def head(self, size: int = HEAD) -> bytes:
        """Return up to ``size`` first bytes; later reads start with them.

        A stream that breaks off within them shows what could be read; the error comes with the read that meets it.
        """
        self._fill(size)
        return self._rest[:size]

    def read(self, size: int = PIECE) -> bytes:
        """Return up to ``size`` bytes, nothing at the end; before a fault, all that stands before it.

        Raises:
            SourceError: the stream breaks off, is damaged, or unpacks to more than ``BOMB_RATIO`` times its size.
        """
        if not self._rest:
            self._fill(1)
        if not self._rest and self._fault is not None:
            raise self._fault
        piece, self._rest = self._rest[:size], self._rest[size:]
        return piece

    def _fill(self, size: int) -> None:
        while len(self._rest) < size and self._fault is None:
            try:
                piece = next(self._pieces, b"")
            except UnpackError as error:
                self._fault = SourceError(str(error))
                return
            except OSError as error:
                self._fault = SourceError(f"cannot be read: {error.strerror or error}")
                return
            if not piece:
                return
            self._rest += piece
            self._unpacked += len(piece)
            if self._unpacked > BOMB_FLOOR and self._unpacked > BOMB_RATIO * self._packed.count:
                self._fault = SourceError(f"decompression bomb: unpacks to more than {BOMB_RATIO} times its size")

    def close(self) -> None:
        """Close the file behind it; standard input stays open."""
        if self.path is not None:
            self._file.close()


class _Counted:
    """A file that gives back the bytes read ahead and counts all that are read."""

    def __init__(self, file: BinaryIO, ahead: bytes) -> None:
        self._file = file
        self._ahead = ahead
        self.count = 0

    def read(self, size: int) -> bytes:
        piece, self._ahead = (self._ahead, b"") if self._ahead else (self._file.read(size), b"")
        self.count += len(piece)
        return piece


class LongLine:
    """Stands for a line longer than the limit; ``start`` is its beginning."""

    def __init__(self, start: bytes) -> None:
        self.start = start


def read_lines(stream: ByteStream, limit: int = LINE_LIMIT) -> Iterator[tuple[int, bytes | LongLine]]:
    """Yield line numbers from 1 and lines without their end; never holds more than ``limit`` of a line.

    Raises:
        SourceError: as :meth:`ByteStream.read`; ``position`` is the line that broke off, ``raw`` its beginning.
    """
    number = 0
    rest: list[bytes] = []
    held = 0
    skipping: LongLine | None = None
    while True:
        try:
            piece = stream.read()
        except SourceError as error:
            start = skipping.start if skipping else b"".join(rest)
            raise SourceError(error.reason, start[: 4 * RAW_LIMIT], number + 1) from error
        if not piece:
            break
        lines = piece.split(b"\n")
        for line in lines[:-1]:
            number += 1
            if skipping is not None:
                yield number, skipping
                skipping = None
            elif rest:
                rest.append(line)
                yield number, b"".join(rest).removesuffix(b"\r")
                rest, held = [], 0
            else:
                yield number, line.removesuffix(b"\r")
        tail = lines[-1]
        if tail and skipping is None:
            rest.append(tail)
            held += len(tail)
            if held > limit:
                skipping = LongLine(b"".join(rest)[: 4 * RAW_LIMIT])
                rest, held = [], 0
    if skipping is not None:
        yield number + 1, skipping
    elif rest:
        yield number + 1, b"".join(rest).removesuffix(b"\r")


def raw_text(raw: bytes | str) -> str:
    """Return the first 2,000 characters of what could not be read, as text that every table can hold."""
    if isinstance(raw, bytes):
        return raw[: 4 * RAW_LIMIT].decode("utf-8", "backslashreplace")[:RAW_LIMIT]
    return raw[:RAW_LIMIT].encode("utf-8", "backslashreplace").decode("utf-8")[:RAW_LIMIT]
