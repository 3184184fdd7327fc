"""Tell the language of a paper by its most frequent small words: each that is there counts once."""

from __future__ import annotations

from extractor.rulebook import RuleSet
from extractor.rulebook.languages import LanguageRule

READ = (400, 4_000)  # characters of the abstract: few that cost next to nothing, more where they do not decide
ENOUGH = 3  # different small words


class LanguagePass:
    """Knows the small words of the languages of a rule book."""

    def __init__(self, rules: RuleSet) -> None:
        """Take the words."""
        self._languages: dict[str, list[str]] = {}
        self._characters: dict[str, str] = {}
        for rule in rules.section("languages", LanguageRule):
            for word in rule.words:
                self._languages.setdefault(word, []).append(rule.id)
            if rule.characters:
                self._characters[rule.id] = rule.characters
        self._words = frozenset(self._languages)

    def __call__(self, title: str, abstract: str) -> str | None:
        """Return the code of the language most of whose small words stand in the text; None if too few do, or on a tie."""
        for length in READ:
            code = self._decide(f"{title} {abstract[:length]}")
            if code is not None or len(abstract) <= length:
                return code
        return None

    def _decide(self, text: str) -> str | None:
        counts: dict[str, int] = {}
        for word in self._words.intersection(text.lower().split()):
            for code in self._languages[word]:
                counts[code] = counts.get(code, 0) + 1
        if max(counts.values(), default=0) < ENOUGH and not text.isascii():
            counts = {code: sum(map(text.count, known)) for code, known in self._characters.items()}
        most = max(counts.values(), default=0)
        best = [code for code, count in counts.items() if count == most]
        return best[0] if most >= ENOUGH and len(best) == 1 else None
