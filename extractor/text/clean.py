"""Undo LaTeX, raw or stripped, and odd Unicode, and remember where every character came from.

One regular expression of fixed alternatives walks the text once, so the work is linear in its length. Text without
any of the trigger characters is returned as it is, with no offset table at all.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_UNICODE = {
    "\u00a0": " ", "\u2009": " ", "\u200a": " ", "\u202f": " ", "\u2002": " ", "\u2003": " ", "\u2005": " ", "\u3000": " ",
    "\u200b": "", "\u00ad": "", "\ufeff": "", "\u2060": "", "\u2010": "-", "\u2011": "-", "\u2212": "-", "\uff05": "%",
    "\ufb01": "fi", "\ufb02": "fl", "\ufb00": "ff", "\ufb03": "ffi", "\ufb04": "ffl", "\u223c": "~", "\u02dc": "~", "\uff5e": "~",
    "\u2a7e": "≥", "\u2a7d": "≤", "\u2273": "≥", "\u2272": "≤", "\u2715": "×", "\u2a2f": "×", "\t": " ", "\n": " ", "\r": " ", "\0": " ",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clean:
    """Clean text and the way back: character ``i`` of ``text`` stands for ``raw[starts[i]:ends[i]]``.

    ``starts`` and ``ends`` are None where the clean text is the raw text.
    """

    text: str
    starts: list[int] | None = None
    ends: list[int] | None = None

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the raw text of the clean span ``start:end`` (not empty)."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


class Cleaner:
    """Cleans text by the tables of ``rules/latex.toml``."""

    def __init__(self, table: Path) -> None:
        """Read the tables; ``table`` is the path of latex.toml."""
        data = tomllib.loads(table.read_text(encoding="utf-8"))
        self._symbols: dict[str, str] = data["symbols"]
        self._dropped = frozenset(data["formatting"]["dropped"])
        self._dropped_argument = frozenset(data["formatting"]["dropped_with_argument"])
        self._stripped: dict[str, str] = data["stripped"]
        words = sorted((w for w in self._stripped if w.isalpha()), key=len, reverse=True)
        marks = sorted((w for w in self._stripped if not w.isalpha()), key=len, reverse=True)
        odd = "".join(map(re.escape, _UNICODE))
        self._trigger = re.compile(
            rf"[\\${{}}~{odd}]|(?<=\d)\s?times|"
            + "|".join(map(re.escape, marks))
            + "|(?:"
            + "|".join(words)
            + r")!{0,4}\s?\d|ext(?:it|bf)\{"
        )
        self._token = re.compile(
            rf"""
              \\(?P<caret>[\^~])\{{\}}
            | \\(?P<accent>['`^"~=.]|[uvHckrdb](?=\{{[A-Za-z]\}}))\s?\{{?\\?(?P<letter>[A-Za-z])\}}?
            | \\(?P<command>[A-Za-z]+)\*?(?P<gap>[ ]?)
            | \\(?P<escaped>[%&_#${{}}])
            | \\(?P<space>[,;:! ])
            | \\(?P<other>.?)
            | (?P<dollar>\$+)
            | (?P<fraction>(?<=\d)\{{(?=\d{{1,4}}\}}))
            | \{{(?P<group>rm|em|bf|it|sc|tt|sl|cal)[ ]
            | (?P<brokentab>\bext(?:it|bf)\{{)
            | (?P<brace>[{{}}])
            | (?P<tilde>~)
            | (?P<times>(?<=\d)[ ]?times(?![a-z])(?<!\d[ ]times)|(?<=\d)times)
            | (?P<mark>{"|".join(map(re.escape, marks))})
            | (?P<word>(?<![a-z])(?:{"|".join(words)}))(?P<bangs>!{{0,4}})(?=\s?\d)
            | (?P<odd>[{odd}])
            """,
            re.VERBOSE | re.DOTALL,
        )

    def clean(self, raw: str) -> Clean:
        """Return the clean form of ``raw``; linear in its length, never raises."""
        if self._trigger.search(raw) is None:
            return Clean(raw)
        currency = _currency_signs(raw)
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        skip_to = 0

        def put(text: str, start: int, end: int) -> None:
            parts.append(text)
            starts.extend([start] * len(text))
            ends.extend([end] * len(text))

        def keep(start: int, end: int) -> None:
            parts.append(raw[start:end])
            starts.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))

        fraction_open = False
        for m in self._token.finditer(raw):
            start, end = m.span()
            if start < skip_to:
                continue
            if start > at:
                keep(at, start)
            at = end
            kind = m.lastgroup
            if kind == "letter":
                put(unicodedata.normalize("NFC", m["letter"] + _ACCENTS[m["accent"]]), start, end)
            elif kind in ("command", "gap"):
                name, gap = m["command"], m["gap"]
                if name in self._symbols:
                    put(self._symbols[name] + (gap if gap and self._symbols[name].isalpha() else ""), start, end)
                    if gap and not self._symbols[name].isalpha():
                        at = end - len(gap)
                        if raw[end : end + 1].isdigit():  # "\sim 25" is "~25"
                            at = end
                elif name in self._dropped:
                    fraction_open = name.endswith("frac")
                    if gap and raw[end : end + 1] != "{" and (not parts or not parts[-1].endswith((" ", "("))):
                        at = end - len(gap)
                elif name in self._dropped_argument:
                    closing = raw.find("}", end, end + 200) if raw[end : end + 1] == "{" else -1
                    if closing > 0:
                        at = skip_to = closing + 1
                else:
                    keep(start + 1, end - len(gap))
                    at = end - len(gap)
            elif kind == "escaped":
                put(m["escaped"], start, end)
            elif kind == "caret":
                put(m["caret"], start, end)
            elif kind == "space":
                if m["space"] != "!":
                    put(" ", start, end)
            elif kind == "other":
                pass
            elif kind == "dollar":
                if start in currency:
                    keep(start, end)
            elif kind == "fraction":
                put("/", start, end)
            elif kind == "brace":
                if m["brace"] == "}" and raw[end : end + 1] == "{":
                    put("/" if fraction_open else " ", start, end)
                    fraction_open = False
            elif kind == "tilde":
                before, after = raw[start - 1 : start], raw[end : end + 1]
                keep(start, end) if not before or before in " ($/-=:[" or (
                    before.isdigit() and after.isdigit()
                ) else put(" ", start, end)
            elif kind == "times":
                put("×", start, end)
            elif kind == "mark":
                put(self._stripped[m["mark"]], start, end)
            elif kind in ("word", "bangs"):
                put(self._stripped[m["word"]], start, end)
                if raw[end : end + 1] == " " and m["bangs"]:
                    at = end + 1
            elif kind == "odd":
                put(_UNICODE[m["odd"]], start, end)
        if at < len(raw):
            keep(at, len(raw))
        return Clean("".join(parts), starts, ends)


_MONEY = re.compile(r"\$(?=\d[\d,.]*[ ]?(?:[KMBk](?![A-Za-z])|[a-z]{2,}|[.,;)]|$))")


def _currency_signs(raw: str) -> frozenset[int]:
    """Return the positions of the dollar signs that mean money: "within $8K", but not "$3.2$" and not "$12$ queries"."""
    if "$" not in raw:
        return frozenset()
    signs = [m.start() for m in re.finditer(r"(?<!\\)\$", raw)]
    money: set[int] = set()
    i = 0
    while i < len(signs):
        here = signs[i]
        following = signs[i + 1] if i + 1 < len(signs) else None
        inside = raw[here + 1 : following] if following is not None else ""
        prose = (
            following is None
            or len(inside) > 300
            or re.search(r"^[\d.,]+[KMB]?\)?[.,;]?\s+[A-Za-z]{2,}|[a-z]{3,}\s[a-z]{3,}", inside) is not None
        )
        if prose and raw[here + 1 : here + 2].isdigit() and "\\text" not in inside:
            money.add(here)
            i += 1
        else:
            i += 1 if following is None else 2
    return frozenset(money)


@lru_cache(maxsize=4)
def load_cleaner(table: Path) -> Cleaner:
    """Return the cleaner for a table, built once a process."""
    return Cleaner(table)
