"""Whether the code of a paper can be had: linked, released, promised or not said.

Every sentence is read for nouns that name code and cues around them (``rules/code.toml``). A link for the code wins over
every statement, a statement that it is out over a promise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick

from extractor.document import Document
from extractor.passes.candidates import CodeCandidate, LinkCandidate
from extractor.passes.links import LinkPass
from extractor.records import Code
from extractor.rulebook import RuleSet
from extractor.rulebook.availability import AvailabilityRule

_STRONG, _WIDE = -1, -2  # owners of the literals of nouns


def _union(rules: Sequence[AvailabilityRule]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{rule.pattern})" for rule in rules) or r"(?!)")


class CodePass:
    """Decides the availability of the code by the rules of section ``code``; a pure function of document and links."""

    def __init__(self, rules: RuleSet, links: LinkPass) -> None:
        every = rules.section("code", AvailabilityRule)

        def role(name: str) -> list[AvailabilityRule]:
            return [rule for rule in every if rule.role == name]

        self._links = links
        self._noun = _union(role("noun"))
        self._strong_noun = _union([rule for rule in role("noun") if rule.strong])
        self._other = _union(role("other"))
        self._page = _union(role("page"))
        self._barrier = _union(role("barrier"))
        self._cues = [rule for rule in every if rule.status is not None]
        self._patterns = [re.compile(rule.pattern) for rule in self._cues]
        owners: dict[str, list[int]] = {}
        for index, rule in enumerate(self._cues):
            for literal in rule.literals:
                owners.setdefault(literal, []).append(index)
        for rule in role("noun"):
            for literal in rule.literals:
                owners.setdefault(literal, []).append(_STRONG if rule.strong else _WIDE)
        self._owners = list(owners.values())
        self._automaton = AhoCorasick(list(owners)) if owners else None

    def __call__(self, document: Document, links: Sequence[LinkCandidate]) -> CodeCandidate:
        """Return the availability and the span that says it."""
        if links and (linked := self._linked(document, links)):
            return linked
        promise = CodeCandidate("none")
        for index, cues in sorted(self._sentences(document).items()):
            start, end = document.sentences[index]
            status = self._status(document.lower[start:end], cues)
            if status == "released":
                return CodeCandidate(status, start, end)
            if status == "promised" and promise.code == "none":
                promise = CodeCandidate(status, start, end)
        return promise

    def _sentences(self, document: Document) -> dict[int, list[int]]:
        """Return the sentences that may say something, with the cues whose literals they hold."""
        if self._automaton is None:
            return {}
        lower = document.lower
        hits: dict[int, set[int]] = {}
        for literal, start, end in self._automaton.find_matches_as_indexes(lower, overlapping=True):
            if not start or not lower[start - 1].isalnum():
                hits.setdefault(document.sentence_of(end - 1), set()).update(self._owners[literal])
        return {
            sentence: wanted
            for sentence, found in hits.items()
            if (wanted := [i for i in sorted(found) if i >= 0 and self._has_noun(self._cues[i], found)])
        }

    @staticmethod
    def _has_noun(rule: AvailabilityRule, found: set[int]) -> bool:
        return rule.role == "whole" or _STRONG in found or (_WIDE in found and (rule.role == "act" or rule.wide))

    def _linked(self, document: Document, links: Sequence[LinkCandidate]) -> CodeCandidate | None:
        text = document.lower
        said_on_page = False
        behind = 0
        for link in links:
            index = document.sentence_of(link.start)
            begin = max(document.sentences[index][0], behind)
            around = text[begin : link.start] + " " + text[link.end : link.end + 40].split(".", 1)[0]
            behind = link.end
            on_code_host = self._links.holds_code(link)
            noun = (self._noun if on_code_host else self._strong_noun).search(around)
            if noun or (on_code_host and not self._other.search(text, begin, link.start)):
                return CodeCandidate("linked", link.start, link.end)
            said_on_page |= link.kind in ("project_page", "github", "gitlab", "huggingface")
        if said_on_page:
            for start, end in document.sentences:
                if found := self._page.search(text, start, end):
                    return CodeCandidate("linked", found.start(), found.end())
        return None

    def _status(self, sentence: str, cues: Sequence[int]) -> Code:
        """Return what one sentence says about code."""
        strong = [match.span() for match in self._strong_noun.finditer(sentence)]
        every: list[tuple[int, int]] | None = None
        released = False
        for index in cues:
            rule, pattern = self._cues[index], self._patterns[index]
            nouns = strong
            if rule.role == "act" or rule.wide:
                if every is None:
                    every = [match.span() for match in self._noun.finditer(sentence)]
                nouns = every
            if not self._holds(rule, pattern, sentence, nouns):
                continue
            if rule.status == "promised":
                return "promised"
            released = True
        return "released" if released else "none"

    def _holds(
        self, rule: AvailabilityRule, pattern: re.Pattern[str], sentence: str, nouns: list[tuple[int, int]]
    ) -> bool:
        """Whether a cue holds for the sentence, with a noun on its right side and nothing between that parts them."""
        if rule.role == "whole":
            return pattern.search(sentence) is not None
        if not nouns:
            return False
        if pattern.pattern.startswith("^"):  # right behind the noun
            return any(pattern.search(sentence[end : end + rule.reach]) for _, end in nouns)
        for cue in pattern.finditer(sentence):
            for start, end in nouns:
                if rule.role == "act":
                    low, high = cue.end(), start
                else:
                    low, high = end, cue.start()
                if 0 <= high - low <= rule.reach and (
                    rule.role == "state" or not self._barrier.search(sentence, low, high)
                ):
                    return True
        return False
