"""Bytes of an input, plain or compressed, a bounded piece at a time.

Compression is told by the first bytes, never by the name. A compressed stream that breaks off, or that unpacks to an
absurd multiple of its size, raises :class:`SourceError`; what stood before it has been read by then.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

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
        self._ahead = first
        self._packed = _Counted(self._file, first)
        self._unpacked = 0
        self._stream = self._open()
        self._head = b""

    def _open(self) -> BinaryIO:
        if self.compression is None:
            return self._packed  # type: ignore[return-value]
        import pyarrow as pa

        source = pa.PythonFile(self._packed, mode="r")
        return pa.CompressedInputStream(source, self.compression)  # type: ignore[no-any-return]

    def head(self, size: int = HEAD) -> bytes:
        """Return up to ``size`` first bytes; later reads start with them.

        A stream that breaks off within them shows what could be read; the error comes with the read that meets it.
        """
        while len(self._head) < size:
            try:
                piece = self._next(size - len(self._head))
            except SourceError:
                break
            if not piece:
                break
            self._head += piece
        return self._head

    def read(self, size: int = PIECE) -> bytes:
        """Return up to ``size`` bytes, nothing at the end.

        Raises:
            SourceError: the stream breaks off, is damaged, or unpacks to more than ``BOMB_RATIO`` times its size.
        """
        if self._head:
            piece, self._head = self._head[:size], self._head[size:]
            return piece
        return self._next(size)

    def _next(self, size: int) -> bytes:
        try:
            piece = self._stream.read(size)
        except OSError as error:
            what = f"damaged or cut off {self.compression} stream" if self.compression else "cannot be read"
            raise SourceError(f"{what}: {error}") from error
        self._unpacked += len(piece)
        if self._unpacked > BOMB_FLOOR and self._unpacked > BOMB_RATIO * max(self._packed.count, 1):
            raise SourceError(f"decompression bomb: unpacks to more than {BOMB_RATIO} times its size")
        return bytes(piece)

    def close(self) -> None:
        """Close the file behind it; standard input stays open."""
        if self.path is not None:
            self._file.close()


class _Counted(io.RawIOBase):
    """A file that gives back the bytes read ahead and counts all that are read."""

    def __init__(self, file: BinaryIO, ahead: bytes) -> None:
        self._file = file
        self._ahead = ahead
        self.count = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._ahead:
            piece, self._ahead = self._ahead, b""
        else:
            piece = self._file.read(size)
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
