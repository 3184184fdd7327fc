"""The text dump of a trending-papers page: title line and abstract line in turn.

A banner line or two stands before; the first title is glued to the word ``Subscribe``. A title whose abstract is missing
is rejected alone: the pairing recovers where a short line without a full stop is followed by a long one.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from extractor.records import Paper, Reject
from extractor.sources.fields import FieldMap, make_paper
from extractor.sources.stream import LINE_LIMIT, ByteStream, LongLine, raw_text, read_lines

_BANNER = re.compile(r"get trending papers\b|.*\bin your (?:email )?inbox\b|subscribe\s*$", re.IGNORECASE)
_GLUED = re.compile(r"Subscribe(?=\S)")
_LONG = 300  # characters; no title is longer, few abstracts are shorter


class _Line(NamedTuple):
    position: int
    text: str
    fault: str | None = None

    @property
    def like_title(self) -> bool:
        return len(self.text) <= _LONG and not self.text.rstrip().endswith((".", "!", "?", ")"))

    @property
    def like_abstract(self) -> bool:
        return len(self.text) > _LONG


def read(stream: ByteStream, source: str, fields: FieldMap) -> Iterator[Paper | Reject]:
    """Yield a paper or a reject for every pair of lines; the position is the title's line number."""
    ahead: deque[_Line] = deque()
    lines = _lines(stream)

    def peek(index: int) -> _Line | None:
        while len(ahead) <= index:
            line = next(lines, None)
            if line is None:
                return None
            ahead.append(line)
        return ahead[index]

    while (title := peek(0)) is not None:
        body, after = peek(1), peek(2)
        ahead.popleft()
        if title.fault:
            yield _reject(source, title, title.fault)
        elif title.like_abstract:
            yield _reject(source, title, "no title")
        elif body is None or body.fault or (body.like_title and after is not None and after.like_abstract):
            yield _reject(source, title, "no abstract")
        else:
            ahead.popleft()
            yield make_paper(title.text, body.text, (), None, source, title.position)


def _reject(source: str, line: _Line, reason: str) -> Reject:
    return Reject(source=source, position=line.position, reason=reason, raw=raw_text(line.text))


def _lines(stream: ByteStream) -> Iterator[_Line]:
    """Yield the lines that are neither blank nor banner; the first title comes without the word glued to it."""
    started = False
    for position, raw in read_lines(stream):
        if isinstance(raw, LongLine):
            yield _Line(position, raw_text(raw.start), f"line longer than {LINE_LIMIT >> 20} MiB")
            continue
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            yield _Line(position, raw_text(raw), f"not valid UTF-8 at byte {error.start + 1} of the line")
            continue
        if not started:
            text = text.removeprefix("\ufeff")
            if not text.strip() or _BANNER.match(text):
                continue
            started = True
            if m := _GLUED.match(text):
                text = text[m.end() :]
        if text.strip():
            yield _Line(position, text)
