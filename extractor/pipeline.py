"""Behind all doors (CLI, library, spaCy) stands this one implementation: a paper in, a validated extraction out."""

from __future__ import annotations

from extractor.convert import record
from extractor.document import Document
from extractor.passes.bit_widths import BitWidthPass
from extractor.passes.candidates import LinkCandidate, Names
from extractor.passes.code import CodePass
from extractor.passes.language import LanguagePass
from extractor.passes.links import LinkPass
from extractor.passes.names import NamesPass
from extractor.passes.results.decide import ResultsPass
from extractor.passes.results.mentions import bindable
from extractor.passes.stated_changes import check_stated_changes
from extractor.passes.tasks import TaskPass
from extractor.records import BitWidth, Dataset, Extraction, Link, Model, Paper, Proposed, Result, Task
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
        self._links = LinkPass(self.rules)
        self._code = CodePass(self.rules, self._links)
        self._bit_widths = BitWidthPass(self.rules)
        self._names = NamesPass(self.rules, ner=ner)
        self._results = ResultsPass(self.rules)
        self._language = LanguagePass(self.rules)
        self._tasks = TaskPass(self.rules, trained=ner)

    def document(self, paper: Paper) -> Document:
        """Return the paper as the passes see it: long fields cut, so that the work per paper is bounded."""
        return Document(paper.title[:TITLE_LIMIT], paper.abstract[:ABSTRACT_LIMIT], self._cleaner)

    def extract(self, paper: Paper) -> Extraction:
        """Return all facts of ``paper``, each with its evidence."""
        document = self.document(paper)
        links = self._links(document)
        code = self._code(document, links)
        widths = self._bit_widths(document)
        names = self._names(document)
        mentions, proposed = bindable(document, names)
        results = self._results(document, mentions, proposed, [(c.start, c.end) for c in links])
        return Extraction(
            paper=paper,
            code=code.code,
            results=check_stated_changes([record(Result, document, c) for c in results]),
            links=tuple(record(Link, document, c) for c in links),
            bit_widths=tuple(record(BitWidth, document, c) for c in widths),
            models=tuple(record(Model, document, c) for c in names.models),
            datasets=tuple(record(Dataset, document, c) for c in names.datasets),
            proposed=tuple(record(Proposed, document, c, type=c.type or "method") for c in names.proposed),
            tasks=tuple(Task(task=c.task, rank=c.rank, score=c.score, rule=c.rule) for c in self._tasks(document)),
            warnings=_warnings(paper),
            language=self._language(paper.title, paper.abstract),
        )

    def names(self, document: Document) -> Names:
        """Return the names of ``document`` as candidates."""
        return self._names(document)

    def links(self, document: Document) -> list[LinkCandidate]:
        """Return the links of ``document`` as candidates."""
        return list(self._links(document))


def _warnings(paper: Paper) -> str | None:
    """Say which fields were too long to be read whole."""
    found = []
    for name, text, limit in (("title", paper.title, TITLE_LIMIT), ("abstract", paper.abstract, ABSTRACT_LIMIT)):
        if len(text) > limit:
            found.append(f"{name} has {len(text)} characters: only the first {limit} were read")
    return "; ".join(found) or None
