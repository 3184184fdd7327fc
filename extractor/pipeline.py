"""Behind all doors (CLI, library, spaCy) stands this one implementation: a paper in, a validated extraction out."""

from __future__ import annotations

from extractor.document import Document
from extractor.records import Extraction, Paper
from extractor.rulebook import RuleSet, load_rules
from extractor.text.clean import load_cleaner

TITLE_LIMIT = 2_000  # characters; what lies behind is not read
ABSTRACT_LIMIT = 20_000


class Extractor:
    """Holds rules and model; :meth:`extract` is a pure function of the paper.

    Args:
        rules: the rule book; the shipped one if None.
        ner: whether the trained pass runs beside the rules.
    """

    def __init__(self, rules: RuleSet | None = None, *, ner: bool = True) -> None:
        self.rules = rules if rules is not None else load_rules()
        self.ner = ner
        self._cleaner = load_cleaner(self.rules.table("latex"))

    def document(self, paper: Paper) -> Document:
        """Return the paper as the passes see it: long fields cut, so that the work per paper is bounded."""
        return Document(paper.title[:TITLE_LIMIT], paper.abstract[:ABSTRACT_LIMIT], self._cleaner)

    def extract(self, paper: Paper) -> Extraction:
        """Return all facts of ``paper``, each with its evidence."""
        self.document(paper)
        return Extraction(paper=paper, warnings=_warnings(paper))


def _warnings(paper: Paper) -> str | None:
    """Say which fields were too long to be read whole."""
    found = []
    for name, text, limit in (("title", paper.title, TITLE_LIMIT), ("abstract", paper.abstract, ABSTRACT_LIMIT)):
        if len(text) > limit:
            found.append(f"{name} has {len(text)} characters: only the first {limit} were read")
    return "; ".join(found) or None
