"""Find the numbers of a text: value, range, unit, sign; what they mean is decided later.

One regular expression reads one quantity; two quantities that a dash or "to" joins are a range or a from-to pair.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ahocorasick_rs import AhoCorasick

from extractor.rulebook import RuleSet
from extractor.rulebook.number_words import NumberWordRule
from extractor.rulebook.units import UnitRule

MAGNITUDE = {
    "k": 1e3,
    "K": 1e3,
    "M": 1e6,
    "B": 1e9,
    "T": 1e12,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}


@dataclass(slots=True, frozen=True)
class Number:
    """A quantity of the text; ``start:end`` holds number, magnitude and unit, ``start:bare_end`` the number alone.

    ``form``: digits, word, multiple, increase, decrease, fraction or order (of magnitude).
    ``unit_kind``: percent, points, times, symbol, counted, money or none.
    ``origin`` is the A of "from A to B".
    """

    start: int
    end: int
    bare_end: int
    low: float
    high: float | None
    unit: str | None
    unit_kind: str
    form: str
    sign: str = ""
    magnitude: bool = False
    origin: Number | None = None
    decimals: int = 0


def inverse(fraction: float) -> float:
    """Return the factor that a fraction stands for: 0.333 is a third, so 3."""
    factor = 1 / fraction
    return float(round(factor)) if abs(factor - round(factor)) < 0.02 else float(f"{factor:.6g}")


class NumberReader:
    """Reads numbers with the units and number words of a rule book."""

    def __init__(self, rules: RuleSet) -> None:
        """Compile the pattern."""
        self._unit: dict[str, tuple[str, str]] = {}
        for rule in rules.section("units", UnitRule):
            for form in rule.forms:
                self._unit[form] = (rule.kind, form)
                if len(form) > 3:
                    self._unit.setdefault(form.lower(), (rule.kind, form))
                    self._unit.setdefault(form.capitalize(), (rule.kind, form))
        self._words: dict[str, tuple[str, float]] = {}
        for word in rules.section("number_words", NumberWordRule):
            for form, value in word.values.items():
                self._words[form] = (word.kind, value)
        forms = sorted(self._unit, key=len, reverse=True)
        letters = "|".join(re.escape(f) for f in forms if f[-1].isalnum())
        marks = "|".join(re.escape(f) for f in forms if not f[-1].isalnum())
        unit = rf"(?:(?:[ ]|-(?=[A-Za-z]{{4}}|fold|point|year))?(?:{letters})(?![A-Za-z0-9])|[ ]?(?:{marks}))"
        self._quantity = re.compile(
            rf"""(?<![A-Za-z0-9_^.\\]) (?P<prefix>[×x](?=\d))? (?P<money>[$€£][ ]?)?
            (?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!\d) | \d+(?:\.\d+)? | \.\d+)
            (?: [ ]?[×x*·][ ]?10\^?(?P<exponent>[-+−–]?\d{{1,3}})(?!\d) | e(?P<e>[-+]\d{{1,3}}) | \^(?P<power>[-−]?\d{{1,2}})(?![\d.]) | /(?P<denominator>\d{{1,4}})(?![\d/.,%-]) )?
            (?P<magnitude>[KMBTk](?![A-Za-z0-9])|[ -](?:thousand|million|billion|trillion)(?![a-z]))?
            (?P<spread>[ ]?(?:±|\+/-|\+-)[ ]?\d+(?:\.\d+)?(?![\d.]*\d))?
            (?P<unit>{unit})? (?P<plus>\+(?!\d))?""",
            re.VERBOSE,
        )
        cardinals = "|".join(w for w, (kind, _) in self._words.items() if kind == "cardinal")
        others = "|".join(
            sorted((re.escape(w) for w, (kind, _) in self._words.items() if kind != "cardinal"), key=len, reverse=True)
        )
        openers = {
            *self._words,
            "one",
            "an order",
            "an full order",
            "several",
            *(f"{digit} " for digit in "12345"),
            *(f"{digit}-" for digit in "12345"),
            *(f"{digit}–" for digit in "12345"),
        }
        self._openers = AhoCorasick(sorted(openers))
        self._word = re.compile(
            rf"""\b(?: (?P<order>(?:an|one|two|three|four|five|1|2|3|4|5|6|several)(?:(?:[ ]to[ ]|[ ]or[ ]|[-–])(?P<order_high>two|three|four|five|2|3|4|5|6))?)[ -](?:full[ ])?orders?[ -]of[ -]magnitude
            | (?P<cardinal>{cardinals})(?:[ ]to[ ](?P<cardinal_high>{cardinals}))?(?=[ -](?P<after>(?:{letters})(?![A-Za-z0-9])|[a-z]+[ ](?:{letters})(?![A-Za-z0-9])))
            | (?P<other>{others}) )\b(?!-precision)""",
            re.VERBOSE | re.IGNORECASE,
        )

    def word_starts(self, lower: str) -> list[int]:
        """Return where a number in words may start in a text given in lower case."""
        return sorted(
            {
                start
                for _, start, _ in self._openers.find_matches_as_indexes(lower, overlapping=True)
                if not (start and lower[start - 1].isalnum())
            }
        )

    def read(self, text: str, start: int, end: int, words: Sequence[int] | None = None) -> list[Number]:
        """Return the numbers of ``text[start:end]`` in order, ranges joined and from-to pairs bound.

        ``words`` are the :meth:`word_starts` of the text, found here if None.
        """
        if words is None:
            words = self.word_starts(text.lower())
        numbers = [*self._digits(text, start, end), *self._in_words(text, start, end, words)]
        if not numbers:
            return []
        numbers.sort(key=lambda n: (n.start, -n.end))
        kept: list[Number] = []
        for number in numbers:
            if not kept or number.start >= kept[-1].end:
                kept.append(number)
        return _pairs(text, kept)

    def _digits(self, text: str, start: int, end: int) -> Iterator[Number]:
        last_end = -1
        for m in self._quantity.finditer(text, start, end):
            at = m.start()
            sign = ""
            joined = at - 1 == last_end  # "3x-5x"
            before = text[at - 1] if at > start else ""
            if before and before in "+-−–":
                two = text[at - 2] if at - 1 > start else " "
                if before == "+" or two in " ($[~<>≤≥:=,/;" or two in "→∼":
                    sign = "-" if before in "-−–" else "+"
                elif (two.isalpha() and not joined) or two in "_)":
                    continue  # "GPT-4", "ResNet-50"
            literal = m["number"].replace(",", "")
            value = float(literal)
            decimals = len(literal) - literal.find(".") - 1 if "." in literal else 0
            try:
                if m["exponent"]:
                    value *= 10.0 ** int(m["exponent"].replace("−", "-").replace("–", "-"))
                elif m["e"]:
                    value = float(f"{literal}e{m['e']}")
                elif m["power"]:
                    value = value ** int(m["power"].replace("−", "-")) if value else value
            except OverflowError:
                continue  # "10^{999}"
            if value > 1e200:
                continue  # no measurement, and what follows stays finite
            form = "digits"
            if m["denominator"]:
                slash_pair = self._unit_of(m["unit"])[0] in ("symbol", "percent")  # "49/91 FPS"
                if slash_pair or "." in literal or not 0 < value < float(m["denominator"]):
                    value_end = m.start("denominator") - 1
                    other = float(m["denominator"])
                    unit_kind, unit = self._unit_of(m["unit"])
                    shared = (unit, unit_kind) if slash_pair else (None, "none")
                    yield Number(at, value_end, value_end, value, None, *shared, "digits", sign)
                    yield Number(
                        m.start("denominator"),
                        m.end(),
                        m.end("denominator"),
                        other,
                        None,
                        unit,
                        unit_kind,
                        "digits",
                        sign,
                    )
                    continue
                value /= float(m["denominator"])
                form = "fraction"
            if m["magnitude"]:
                value *= MAGNITUDE[m["magnitude"].strip(" -")]
                value = float(f"{value:.12g}")
            unit_kind, unit = self._unit_of(m["unit"])
            stop = last_end = m.end()
            bare_end = (
                m.end("magnitude")
                if m["magnitude"]
                else (m.start("spread") if m["spread"] else m.start("unit") if m["unit"] else m.end())
            )
            if unit_kind == "times" and unit in ("x", "X", "×", "*") and text[stop : stop + 2].strip()[:1].isdigit():
                unit_kind, unit, stop = "dimension", None, bare_end  # "256 x 256"
            if unit_kind == "times":
                unit = "x"
            if m["prefix"]:
                unit_kind, unit = "times", "x"
            if m["money"]:
                unit_kind, unit = "money", m["money"].strip()
            if m["plus"]:
                sign = "plus"
            yield Number(
                at - (1 if sign in ("+", "-") else 0),
                stop,
                bare_end,
                value,
                None,
                unit,
                unit_kind,
                form,
                sign,
                bool(m["magnitude"]),
                None,
                decimals,
            )

    def _unit_of(self, raw: str | None) -> tuple[str, str | None]:
        if not raw:
            return "none", None
        kind, _form = self._unit.get(raw.strip(" "), self._unit.get(raw.strip(" -"), ("none", raw)))
        if kind == "percent":
            return kind, "%"
        if kind == "points":
            return kind, "points"
        return kind, raw.strip(" -")

    def _in_words(self, text: str, start: int, end: int, words: Sequence[int]) -> Iterator[Number]:
        for at in words[bisect_left(words, start) : bisect_left(words, end)]:
            m = self._word.match(text, at, end)
            if m is None:
                continue
            if m["order"]:
                low = self._small(m["order"].split(" ")[0].split("-")[0].split("–")[0])
                if low is None:
                    continue
                high = self._small(m["order_high"]) if m["order_high"] else None
                yield Number(
                    m.start(), m.end(), m.end(), 10.0**low, 10.0**high if high else None, "x", "times", "order"
                )
            elif m["cardinal"]:
                kind, unit = self._unit_of(
                    m["after"].split(" ")[-1] if m["after"].split(" ")[-1] in self._unit else m["after"]
                )
                value = self._words[m["cardinal"].lower()][1]
                bound = self._words[m["cardinal_high"].lower()][1] if m["cardinal_high"] else None
                stop = m.end() + 1 + len(m["after"])
                if kind == "times":
                    unit = "x"
                yield Number(m.start(), stop, m.end(), value, bound, unit, kind, "word")
            else:
                kind, value = self._words[m["other"].lower()]
                times = kind in ("multiple", "increase", "decrease")
                yield Number(
                    m.start(), m.end(), m.end(), value, None, "x" if times else None, "times" if times else "none", kind
                )

    def _small(self, word: str | None) -> int | None:
        if word is None:
            return None
        word = word.lower()
        if word in ("an", "one"):
            return 1
        if word.isdigit():
            return int(word)
        return int(self._words[word][1]) if word in self._words else None


_RANGE = re.compile(
    r"\s?(?:-|–|—|--|---|~|∼|−)\s?~?\s?|\s(?:to|through)\s(?:as (?:much|high|many) as |about |around |over |nearly |even |approximately |more than |~)?"
)
_FROM = re.compile(
    r"\bfrom(?:\s+(?:a|an|the|around|about|approximately|roughly|nearly|over|baseline|just|only|as low as|of|more than|below|above|~|[a-z-]+ of|baseline of)){0,4}\s*[(~≈]*$",
    re.IGNORECASE,
)
_RANGING = re.compile(
    r"\b(?:rang\w+|var(?:y|ies|ied|ying)|span(?:s|ning|ned)?|anywhere|fall\w* in)\s+(?:\w+\s+){0,2}from\b[^.;]{0,25}$|\bbetween\s+[~]?$",
    re.IGNORECASE,
)
_TO = re.compile(
    r"(?P<gap>[^;:]{0,80}?)(?:\bto\b|→|⟶|->|↦)(?:\s+(?:a|an|the|only|just|about|around|approximately|roughly|nearly|over|more than|less than|under|below|as low as|as high as|up to|an average of|\w+ly)){0,3}\s*[~≈<>]?\s*$",
    re.IGNORECASE,
)
_AND = re.compile(r"\s?(?:and|to)\s(?:about |around |~)?$")


def _pairs(text: str, numbers: list[Number]) -> list[Number]:
    """Join ranges ("15%-50%", "between 30 and 50%") and bind from-to pairs ("from 11.8% to 8.4%", "6.1% → 1.5%")."""
    out: list[Number] = []
    i = 0
    while i < len(numbers):
        a = numbers[i]
        b = numbers[i + 1] if i + 1 < len(numbers) else None
        if b is not None and a.form == "digits" and b.form == "digits":
            between = text[a.end : b.start] if b.sign not in ("-", "+") else text[a.end : b.start + 1]
            if b.sign == "-" and text[a.end : b.start].strip() == "" and a.end == b.start:
                b = replace(b, start=b.start + 1, sign="")  # "10-50%"
                between = text[a.end : b.start]
            lead = text[max(0, a.start - 60) : a.start]
            compatible = a.unit == b.unit or a.unit_kind in ("none", "dimension") or b.unit_kind == "none"
            if compatible and (
                _RANGE.fullmatch(between) or (_RANGING.search(lead) and _AND.search(between) and len(between) < 30)
            ):
                said_from = _FROM.search(lead) is not None
                ranging = _RANGING.search(lead) is not None
                dash = not between.strip().isalpha() and "to" not in between
                if dash or ranging or not said_from:
                    low, high = sorted((a.low, b.low))
                    unit_source = b if b.unit_kind != "none" else a
                    if low == high or not (b.magnitude and not a.magnitude):
                        out.append(
                            replace(
                                a,
                                end=b.end,
                                bare_end=b.bare_end,
                                low=low,
                                high=high if high != low else None,
                                unit=unit_source.unit,
                                unit_kind=unit_source.unit_kind,
                                decimals=max(a.decimals, b.decimals),
                            )
                        )
                        i += 2
                        continue
            arrow = "→" in between or "->" in between
            if (_FROM.search(lead) or arrow) and not _RANGING.search(lead) and compatible and len(between) < 110:
                to = _TO.fullmatch(between)
                if to is not None or (arrow and len(between) < 30):
                    if b.unit_kind == "none" and a.unit_kind in ("percent", "points", "symbol", "money"):
                        b = replace(b, unit=a.unit, unit_kind=a.unit_kind)
                    elif a.unit_kind == "none" and b.unit_kind != "none":
                        a = replace(a, unit=b.unit, unit_kind=b.unit_kind)
                    out.append(replace(b, origin=a))
                    i += 2
                    continue
        out.append(a)
        i += 1
    return out
