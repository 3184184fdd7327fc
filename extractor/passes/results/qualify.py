"""Which qualifier stands directly beside a number, and which it takes over from the number before it."""

from __future__ import annotations

import re

from extractor.passes.results.annotate import Row
from extractor.rulebook import RuleSet
from extractor.rulebook.qualifiers import QualifierRule

_FILLER = r"(?:\s*(?:a|an|the|another|average|mean|of|by|only|just|additional|relative|total|factor|nearly|about|average of|factor of|by a factor of|improvement of|\$|\+|-|−|\())*\s*"
_BEHIND = re.compile(r"\s*(?:or|and)\s+(more|less|higher|above|better|greater|below|fewer|so)\b")
_JOINT = re.compile(
    r"^[^.;:]{0,90}?(?:,|\band\b|\bor\b|/|&|\bto\b)\s*(?:a |an |by |the |to )?(?:(?!\w+ing )[a-z]+ ){0,2}$"
)


class Qualifiers:
    """Finds qualifiers by the forms of a rule book."""

    def __init__(self, rules: RuleSet) -> None:
        """Compile one pattern of all forms, longest first."""
        self._id: dict[str, str] = {}
        for rule in rules.section("qualifiers", QualifierRule):
            for form in rule.forms:
                self._id[form] = rule.id
        forms = sorted(self._id, key=len, reverse=True)
        words = "|".join(re.escape(f) for f in forms if f[0].isalpha())
        signs = "|".join(re.escape(f) for f in forms if not f[0].isalpha())
        self._before = re.compile(
            rf"(?:(?<![a-z-])(?P<word>{words})|(?P<sign>{signs}))(?P<filler>{_FILLER})$", re.IGNORECASE
        )

    def direct(self, lower: str, row: Row, place: int) -> str | None:
        """Return the qualifier beside the number, or None. ``lower`` is the document in lower case."""
        number = row.items[place].number
        assert number is not None
        start = number.start
        window = lower[max(row.start, start - 48) : start]
        if number.sign == "plus":
            return "at_least"
        behind = _BEHIND.match(lower, number.end)
        if behind is not None:
            return {"so": "approx", "less": "at_most", "below": "at_most", "fewer": "at_most"}.get(
                behind[1], "at_least"
            )
        found = None
        for m in self._before.finditer(window):
            found = m  # the last one starts nearest to the number
            break
        if found is None:
            return None
        # a longer window may hold two: "a maximum of approximately 6.5%"; look again behind the first
        while True:
            again = self._before.search(window, found.end("word") if found["word"] else found.end("sign"))
            if again is None:
                break
            found = again
        return self._id[(found["word"] or found["sign"]).lower()]

    def all(self, lower: str, row: Row) -> dict[int, tuple[str | None, str | None]]:
        """Return, by place, the direct and the inherited qualifier of each number of a row."""
        out: dict[int, tuple[str | None, str | None]] = {}
        last: tuple[int, str | None] | None = None
        for place in row.places:
            number = row.items[place].number
            assert number is not None
            direct = self.direct(lower, row, place)
            inherited = None
            if last is not None and direct is None:
                gap = lower[last[0] : number.start]
                if _JOINT.match(gap):
                    inherited = last[1]
            out[place] = (direct, inherited)
            last = (number.end, direct or inherited)
        return out
