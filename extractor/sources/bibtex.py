"""BibTeX entries with title and abstract.

The file is cut into entries at lines that start with ``@type{``, so an entry without its closing brace costs itself
alone. Braces and escapes are undone (``{BERT}``, ``94\\%``, ``{\\'e}``), blanks run together, as BibTeX does;
mathematics between dollars keeps its LaTeX.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from extractor.records import Paper, Reject
from extractor.sources.fields import FieldError, FieldMap, as_text, as_year, field_ids, make_paper
from extractor.sources.stream import LINE_LIMIT, ByteStream, LongLine, raw_text, read_lines

_START = re.compile(rb"[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]")
_HEAD = re.compile(r"@\s*([A-Za-z]+)\s*([{(])\s*")
_KEY = re.compile(r"[^\s,{}()]*\s*,?")
_NAME = re.compile(r"[\s,]*([A-Za-z][\w:.+/-]*)\s*=\s*")
_BARE = re.compile(r"[^\s,#{}\"]+")
_REST = re.compile(r"[\s,]*")
_JOIN = re.compile(r"\s*#\s*")
_BRACE = re.compile(r"[^{}\\]*+(\\.|[{}])", re.DOTALL)
_QUOTED = re.compile(r"[^{}\"\\]*+(\\.|[{}\"])", re.DOTALL)
_ESCAPE = re.compile(
    r"""(?=[\\${}~])(?:
        (?P<math>(?<!\\)\$(?:[^$\\]|\\.)*+\$)
      | \\(?P<accent>['`^"~=.]|[uvHckrdbt](?=\s*\{|\s+[A-Za-z\\]))\s*(?P<open>\{)?\s*\\?(?P<letter>[A-Za-z])\s*(?(open)\})
      | \\(?P<escaped>[%&_\#${}])
      | \\(?P<letters>ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j|textquoteright|textquoteleft|textquotedblleft|textquotedblright
          |textendash|textemdash|textasciitilde|textbackslash|textunderscore|textdollar|textpercent|ldots|dots)(?![A-Za-z])(?:\{\}|[ ])?
      | \\(?P<command>[A-Za-z]+)\{(?P<argument>[^{}]*)\}
      | (?P<brace>[{}])
      | (?P<tilde>~)
      | \\(?P<space>[ ,;\\-])
      )
    """,
    re.VERBOSE | re.DOTALL,
)
_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ",
    "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”", "textendash": "–", "textemdash": "—",
    "textasciitilde": "~", "textbackslash": "\\", "textunderscore": "_", "textdollar": "$", "textpercent": "%", "ldots": "…", "dots": "…",
}  # fmt: skip
_FORMATTING = frozenset(
    [
        "emph",
        "text",
        "textbf",
        "textit",
        "texttt",
        "textsc",
        "textsf",
        "textrm",
        "textmd",
        "textup",
        "textnormal",
        "mbox",
        "underline",
    ]
)
_SKIPPED = {"comment", "preamble"}


def read(stream: ByteStream, source: str, fields: FieldMap) -> Iterator[Paper | Reject]:
    """Yield a paper or a reject for every entry; positions are line numbers of the entries' first lines."""
    macros: dict[str, str] = {}
    for position, raw, fault in _entries(stream):
        try:
            if fault:
                raise FieldError(fault)
            text = _decode(raw)
            for kind, values in parse_entries(text, macros):
                if kind == "string":
                    macros.update(values)
                elif kind not in _SKIPPED:
                    yield _paper(values, fields, source, position)
        except FieldError as error:
            yield Reject(source=source, position=position, reason=str(error), raw=raw_text(raw))


def _entries(stream: ByteStream) -> Iterator[tuple[int, bytes, str | None]]:
    """Cut the file where a line starts an entry."""
    first = 0
    lines: list[bytes] = []
    size = 0
    fault: str | None = None
    for position, line in read_lines(stream):
        if isinstance(line, LongLine):
            fault = f"line longer than {LINE_LIMIT >> 20} MiB"
            line = line.start
            starts = not lines and _START.match(line) is not None
        else:
            starts = b"@" in line and _START.match(line) is not None
        if starts and lines:
            yield first, b"\n".join(lines), fault
            lines, size, fault = [], 0, None
        if starts:
            first = position
        if starts or lines:
            size += len(line)
            if size > LINE_LIMIT:
                fault = f"entry longer than {LINE_LIMIT >> 20} MiB"
            if not fault or not lines:
                lines.append(line)
    if lines:
        yield first, b"\n".join(lines), fault


def _decode(raw: bytes) -> str:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FieldError(f"not valid UTF-8 at byte {error.start + 1} of the entry") from None
    if "\0" in text:
        raise FieldError("NUL byte in the entry")
    return text


def parse_entries(text: str, macros: dict[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield type and fields (lower-case names, values as written) of the entries that start in ``text``.

    Raises:
        FieldError: an entry is not closed.
    """
    at = 0
    while m := _HEAD.search(text, at):
        kind, closing = m[1].lower(), "}" if m[2] == "{" else ")"
        at = m.end()
        if kind in _SKIPPED:
            at = _braced(text, at) if closing == "}" else len(text)
            continue
        if kind != "string":
            at = _KEY.match(text, at).end()  # type: ignore[union-attr]
        values: dict[str, str] = {}
        while name := _NAME.match(text, at):
            value, at = _value(text, name.end(), macros)
            values.setdefault(name[1].lower(), value)
        rest = _REST.match(text, at)
        at = rest.end() if rest else at
        if text[at : at + 1] != closing:
            raise FieldError(
                "entry is not closed" if at >= len(text) else f"entry cannot be read at {text[at : at + 20]!r}"
            )
        at += 1
        yield kind, values


def _value(text: str, at: int, macros: dict[str, str]) -> tuple[str, int]:
    parts: list[str] = []
    while True:
        opening = text[at : at + 1]
        if opening == "{":
            end = _braced(text, at + 1)
            parts.append(text[at + 1 : end - 1])
        elif opening == '"':
            end = _closing_quote(text, at + 1)
            parts.append(text[at + 1 : end - 1])
        elif m := _BARE.match(text, at):
            end = m.end()
            parts.append(macros.get(m[0].lower(), m[0]))
        else:
            raise FieldError("entry is not closed" if at >= len(text) else f"no value at {text[at : at + 20]!r}")
        join = _JOIN.match(text, end)
        if join is None:
            return "".join(parts), end
        at = join.end()


def _braced(text: str, at: int) -> int:
    """Return the position behind the brace that closes the one before ``at``."""
    depth = 1
    while m := _BRACE.match(text, at):  # no search: where nothing closes it would look from every character
        at = m.end()
        if m[1] == "{":
            depth += 1
        elif m[1] == "}":
            depth -= 1
            if not depth:
                return at
    raise FieldError("entry is not closed: a brace is missing")


def _closing_quote(text: str, at: int) -> int:
    depth = 0
    while m := _QUOTED.match(text, at):
        at = m.end()
        if m[1] == "{":
            depth += 1
        elif m[1] == "}":
            depth -= 1
        elif m[1] == '"' and depth <= 0:
            return at
    raise FieldError("entry is not closed: a quote or a brace is missing")


def undo_escapes(value: str) -> str:
    """Return a field's value without braces and LaTeX escapes, blanks run together; mathematics keeps its LaTeX."""
    if "\\" in value or "{" in value or "}" in value or "~" in value:
        value = _ESCAPE.sub(_undo, value)
    return " ".join(value.split())


def _undo(m: re.Match[str]) -> str:
    kind = m.lastgroup
    if kind == "math":
        return re.sub(r"\\([%&_#])", r"\1", m[0])
    if kind == "letter":
        letter = m["letter"]
        return unicodedata.normalize("NFC", letter + _ACCENTS[m["accent"]])
    if kind == "escaped":
        return m["escaped"]
    if kind == "letters":
        return _LETTERS[m["letters"]]
    if kind == "argument":  # other commands are no escapes: their braces stay
        return _ESCAPE.sub(_undo, m["argument"]) if m["command"] in _FORMATTING else m[0]
    if kind == "tilde":
        return " "
    if kind == "space":
        return "" if m["space"] == "-" else " "
    return ""


def _paper(values: dict[str, str], fields: FieldMap, source: str, position: int) -> Paper:
    found = {
        name: fields.find(values, name)
        for name in ("title", "abstract", "year", "arxiv", "acl", "openreview", "doi", "url")
    }
    title = undo_escapes(as_text(found["title"], "title"))
    abstract = undo_escapes(as_text(found["abstract"], "abstract"))
    ids = {k: undo_escapes(v) for k, v in found.items() if k not in ("title", "abstract", "year") and v}
    return make_paper(
        as_text(title, "title"), as_text(abstract, "abstract"), field_ids(ids), as_year(found["year"]), source, position
    )
