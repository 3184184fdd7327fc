"""What governs a number: the cue words to its left and right, and the list that it is a member of.

In "accuracies of 99.4%, 98.3% and 97.4% on A, B and C" the words to the left of the first number govern all three; in
"a 3.2%, 2.1% and 1.4% improvement" those to the right of the last one do.
"""

from __future__ import annotations

from functools import lru_cache

from extractor.passes.results.annotate import Item, Row
from extractor.rulebook import RuleSet
from extractor.rulebook.cues import CueRule

_LIST = frozenset(
    {
        ",",
        "and",
        "or",
        "/",
        "&",
        "a",
        "an",
        "the",
        "about",
        "around",
        "~",
        "+",
        "up",
        "to",
        "over",
        "by",
        "-",
        "(",
        "than",
        "more",
    }
)
_LINKS = frozenset(
    {
        "by",
        "of",
        "to",
        "from",
        "at",
        "with",
        "in",
        "than",
        "for",
        "over",
        "=",
        ":",
        "(",
        "on",
        "only",
        "+",
        "is",
        "was",
        "under",
        "below",
        "above",
        "achieving",
        "achieves",
        "reaches",
        "within",
        "vs",
        "versus",
        "and",
        ",",
    }
)
_STOP = frozenset({".", ";"})
REACH = 14


class Cues:
    """Looks words up among the cues."""

    def __init__(self, rules: RuleSet) -> None:
        """Index the forms."""
        self._exact: dict[str, str] = {}
        prefixes: list[tuple[str, str]] = []
        for rule in rules.section("cues", CueRule):
            for form in rule.forms:
                if form.endswith("*"):
                    prefixes.append((form[:-1], rule.id))
                else:
                    self._exact.setdefault(form, rule.id)
        self._prefixes: dict[str, str] = {}
        for prefix, cue in prefixes:
            self._prefixes.setdefault(prefix, cue)
        self._longest = max(map(len, self._prefixes), default=0)
        self.of_word = lru_cache(maxsize=20_000)(self._of_word)

    def _of_word(self, word: str) -> str | None:
        if word in self._exact:
            return self._exact[word]
        for length in range(min(len(word), self._longest), max(1, len(word) - 7), -1):
            cue = self._prefixes.get(word[:length])
            if cue is not None:
                return cue
        return None

    def of(self, item: Item) -> str | None:
        """Return the class of the first cue word of an item, None for numbers and names."""
        if item.number is not None or item.name is not None:
            return None
        if " " in item.key or "-" in item.key:
            for word in item.key.replace("-", " ").split():
                if (cue := self.of_word(word)) is not None:
                    return cue
            return None
        return self.of_word(item.key)


def lists(row: Row) -> list[list[int]]:
    """Return the numbers of a row as lists: neighbours with nothing but commas, "and" and the like between them."""
    out: list[list[int]] = []
    for place in row.places:
        if out:
            gap = row.items[out[-1][-1] + 1 : place]
            if (
                0 < len(gap) <= 4
                and all(item.key in _LIST for item in gap)
                and any(item.key in (",", "and", "or", "/", "&") for item in gap)
            ):
                out[-1].append(place)
                continue
        out.append([place])
    return out


def governors(row: Row, first: int, last: int, cues: Cues) -> list[str]:
    """Return features of the cues around the list that runs from item ``first`` to item ``last``."""
    items = row.items
    number = items[last].number
    assert number is not None
    unit = number.unit_kind
    link = "-"
    out: list[str] = []
    left: list[str] = []
    crossed = 0
    at = first - 1
    while at >= 0 and first - at <= REACH and items[at].key not in _STOP:
        item = items[at]
        if item.number is not None:
            crossed += 1
            if crossed > 1:
                break
        if first - at <= 3 and link == "-" and item.key in _LINKS:
            link = item.key
        cue = cues.of(item)
        if cue is not None:
            left.append(cue if not crossed else cue + "'")
        at -= 1
    right: list[str] = []
    at = last + 1
    while at < len(items) and at - last <= 8 and items[at].key not in _STOP and items[at].key not in (",", ":"):
        item = items[at]
        if item.number is not None:
            break
        cue = cues.of(item)
        if cue is not None:
            right.append(f"{cue}{min(at - last, 3)}" if at - last < 4 else cue)
        if item.key in ("and", "while", "with") and not right:
            break
        at += 1
    strong = [cue for cue in left if cue.rstrip("'") not in ("level", "need", "differ")]
    nearest = left[0] if left else "-"
    first_strong = strong[0] if strong else "-"
    right_first = right[0] if right else "-"
    right_strong = next((cue for cue in right if not cue.startswith(("level", "need", "differ"))), "-")
    out += [
        f"gL={nearest}|{link}",
        f"gL={nearest}|{link}|{unit}",
        f"gS={first_strong}|{link}",
        f"gS={first_strong}|{link}|{unit}",
        f"gR={right_first}",
        f"gR={right_first}|{unit}",
        f"gRS={right_strong}|{unit}",
        f"gLR={nearest}|{link}|{right_first}",
        f"gSR={first_strong}|{link}|{right_strong}",
        f"link={link}|{unit}",
    ]
    out += [f"cueL={cue}" for cue in set(left)]
    out += [f"cueR={cue}" for cue in set(right)]
    return out


def cue_signature(row: Row, first: int, last: int, cues: Cues) -> tuple[str, str]:
    """Return the nearest strong cue to the left (within reach) and to the right of a list, "-" where there is none."""
    strong = ("increase", "decrease", "better", "worse", "faster", "slower", "keep")
    items = row.items
    left = right = "-"
    at = first - 1
    while at >= 0 and first - at <= REACH and items[at].key not in _STOP:
        cue = cues.of(items[at])
        if cue in strong:
            left = str(cue)
            break
        at -= 1
    at = last + 1
    while (
        at < len(items)
        and at - last <= 6
        and items[at].key not in _STOP
        and items[at].number is None
        and items[at].key not in (",", "and")
    ):
        cue = cues.of(items[at])
        if cue in strong:
            right = str(cue)
            break
        at += 1
    return left, right
