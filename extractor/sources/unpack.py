"""Packed bytes undone piece by piece: gzip, bzip2, Zstandard; several streams in a row are one.

Unlike the readers of the standard library these give everything that stands before the place where a stream breaks off.
"""

from __future__ import annotations

import bz2
import zlib
from collections.abc import Iterator
from typing import BinaryIO

PIECE = 1 << 20
FEED = 1 << 16
ZSTD_FEED = 1 << 11  # four bytes can unpack to 128 KiB, and nothing bounds the output of one call
ZSTD_WINDOW = 1 << 27


class UnpackError(Exception):
    """A stream that is damaged or breaks off."""


def unpack(file: BinaryIO, packing: str) -> Iterator[bytes]:
    """Yield the unpacked bytes in pieces of about 1 MiB at most.

    Args:
        file: the packed bytes.
        packing: ``gzip``, ``bz2`` or ``zstd``.

    Raises:
        UnpackError: after all that could be unpacked.
    """
    try:
        yield from {"gzip": _gzip, "bz2": _bz2, "zstd": _zstd}[packing](file)
    except EOFError:
        raise UnpackError(f"{packing} stream is cut off") from None
    except (OSError, zlib.error, ValueError) as error:
        raise UnpackError(f"{packing} stream is damaged: {error}") from error


def _gzip(file: BinaryIO) -> Iterator[bytes]:
    data = file.read(FEED)
    while data:
        member = zlib.decompressobj(31)
        while not member.eof:
            data = data or file.read(FEED)
            piece = member.decompress(data, PIECE)
            if not piece and not data:
                raise EOFError
            data = member.unconsumed_tail
            if piece:
                yield piece
        data = _behind(member.unused_data, file, b"\x1f\x8b")


def _bz2(file: BinaryIO) -> Iterator[bytes]:
    data = file.read(FEED)
    while data:
        stream = bz2.BZ2Decompressor()
        while not stream.eof:
            if stream.needs_input and not (data := data or file.read(FEED)):
                raise EOFError
            piece = stream.decompress(data, PIECE)
            data = b""
            if piece:
                yield piece
        data = _behind(stream.unused_data, file, b"BZh")


def _zstd(file: BinaryIO) -> Iterator[bytes]:
    import zstandard

    data = file.read(ZSTD_FEED)
    while data:
        frame = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW).decompressobj()
        while not frame.eof:
            if not (data := data or file.read(ZSTD_FEED)):
                raise EOFError
            try:
                piece = frame.decompress(data)
            except zstandard.ZstdError as error:
                raise ValueError(str(error)) from error
            data = b""
            if piece:
                yield piece
        data = frame.unused_data or file.read(ZSTD_FEED)


def _behind(rest: bytes, file: BinaryIO, magic: bytes) -> bytes:
    """Return what follows a stream: the next one, nothing, or zeros as padding, which are nothing."""
    rest = rest.lstrip(b"\0")
    while not rest and (more := file.read(FEED)):
        rest = more.lstrip(b"\0")
    if rest and not rest.startswith(magic[: len(rest)]):
        raise ValueError("other bytes behind its end")
    return rest
