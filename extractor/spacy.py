"""The spaCy door: ``nlp.add_pipe("extractor")`` fills ``doc._.results``, ``doc._.models`` and so on;
``nlp.add_pipe("extractor_names")`` fills ``doc.spans["extractor_names"]``.

Of a text with a line break the first line is the title and the rest the abstract; a text without one is all abstract.
The package registers the factory by entry point, so nothing needs importing. Facts are kept in ``doc.user_data`` as
plain data, so they travel with ``doc.to_bytes``, ``DocBin(store_user_data=True)`` and several processes.
"""

from __future__ import annotations

import json
import shutil
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from spacy.language import Language
from spacy.tokens import Doc, Span

import extractor
from extractor.records import BitWidth, Dataset, Extraction, Link, Model, Proposed, Result
from extractor.sources.plain import paper_of, split_text

if TYPE_CHECKING:
    from extractor.pipeline import Extractor
    from extractor.rulebook import RuleSet

KEY = "extractor"
NAMES = "extractor_names"
ATTRIBUTES = ("results", "models", "datasets", "proposed", "bit_widths", "links", "tasks", "code")
_META = "extractor.json"
_RULES = "rules"


def extraction_of(doc: Doc) -> Extraction | None:
    """Return what the component found in ``doc``; None if it has not run."""
    stored = doc.user_data.get(KEY)
    if stored is None:
        return None
    title, abstract = split_text(doc.text)
    return Extraction.model_validate({**stored, "paper": {**stored["paper"], "title": title, "abstract": abstract}})


def span_of(doc: Doc, fact: Result | BitWidth | Model | Dataset | Proposed | Link) -> Span:
    """Return the tokens of ``doc`` that hold the evidence of ``fact``, labelled with its table in capitals.

    Raises:
        ValueError: the evidence lies outside the document.
    """
    title, _ = split_text(doc.text)
    offset = len(title) + 1 if fact.field == "abstract" and "\n" in doc.text else 0
    label = fact.TABLE.upper()
    span = doc.char_span(fact.start + offset, fact.end + offset, label=label, alignment_mode="expand")
    if span is None:
        raise ValueError(
            f"{fact.field}[{fact.start}:{fact.end}] lies outside this document: is the fact another one's?"
        )
    return span


class _WithRules:
    """What both components share: rules loaded on first use, carried along to disk, compared when loaded again."""

    def __init__(self, name: str, *, rules: str | None) -> None:
        self.name = name
        self.rules = rules
        self._book: RuleSet | None = None

    @property
    def book(self) -> RuleSet:
        """The rule book, loaded on first use.

        Raises:
            extractor.rulebook.RuleError: the folder of rules is missing or wrong.
        """
        if self._book is None:
            from extractor.rulebook import load_rules

            self._book = load_rules(*([self.rules] if self.rules else []))
        return self._book

    def forget(self) -> None:
        """Drop what was loaded."""
        self._book = None

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return what must be the same where the pipeline is loaded: version and rules, by hash."""
        return json.dumps(self._meta()).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> Self:
        """Compare with what :meth:`to_bytes` wrote; warn where they differ."""
        self._compare(json.loads(data))
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write version and hash of the rules, and a copy of the added rules."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _META).write_text(json.dumps(self._meta()) + "\n", encoding="utf-8")
        if self.rules and Path(self.rules).resolve() != (folder / _RULES).resolve():
            shutil.copytree(self.rules, folder / _RULES, dirs_exist_ok=True)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> Self:
        """Use the added rules that lie in ``path``; warn if the shipped rules have changed since."""
        folder = Path(path)
        if (folder / _RULES).is_dir():
            self.rules = str(folder / _RULES)
            self.forget()
        self._compare(json.loads((folder / _META).read_text(encoding="utf-8")))
        return self

    def _meta(self) -> dict[str, str]:
        return {"version": extractor.__version__, "rules": self.book.hash}

    def _compare(self, meta: dict[str, str]) -> None:
        if meta != self._meta():
            message = f"the pipeline was saved with {meta}, here is {self._meta()}: facts may differ"
            warnings.warn(message, stacklevel=3)


class ExtractorComponent(_WithRules):
    """The pipeline of this package as a spaCy component.

    Args:
        name: name in the pipeline.
        rules: folder of rules that add to the shipped ones, or None.
        ner: whether the trained pass runs beside the rules.
    """

    def __init__(self, name: str = KEY, *, rules: str | None = None, ner: bool = True) -> None:
        super().__init__(name, rules=rules)
        self.ner = ner
        self._extractor: Extractor | None = None

    @property
    def extractor(self) -> Extractor:
        """The implementation, loaded on first use."""
        if self._extractor is None:
            from extractor.pipeline import Extractor

            self._extractor = Extractor(self.book, ner=self.ner)
        return self._extractor

    def forget(self) -> None:
        """Drop what was loaded."""
        super().forget()
        self._extractor = None

    def __call__(self, doc: Doc) -> Doc:
        """Extract the facts of ``doc.text`` and keep them with the document."""
        stored = self.extractor.extract(paper_of(doc.text)).to_dict()
        del stored["paper"]["title"], stored["paper"]["abstract"]  # the document holds them already
        doc.user_data[KEY] = stored
        return doc

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the settings alone; another process loads rules and model itself."""
        return _rebuild, (self.name, self.rules, self.ner)


class NamesComponent(_WithRules):
    """The trained decision about names alone: fills a span group with labels MODEL, DATASET and PROPOSED.

    Each name is a span at its first mention; ``span.kb_id_`` is its canonical spelling.

    Args:
        name: name in the pipeline.
        rules: folder of rules that add to the shipped ones, or None.
        spans_key: the group in ``doc.spans`` to fill.
    """

    def __init__(self, name: str = NAMES, *, rules: str | None = None, spans_key: str = NAMES) -> None:
        super().__init__(name, rules=rules)
        self.spans_key = spans_key
        self._extractor: Extractor | None = None

    def forget(self) -> None:
        """Drop what was loaded."""
        super().forget()
        self._extractor = None

    def __call__(self, doc: Doc) -> Doc:
        """Find the names of ``doc.text``."""
        if self._extractor is None:
            from extractor.pipeline import Extractor

            self._extractor = Extractor(self.book)
        title, _ = split_text(doc.text)
        offset = {"title": 0, "abstract": len(title) + 1 if "\n" in doc.text else 0}
        document = self._extractor.document(paper_of(doc.text))
        names = self._extractor.names(document)
        spans = []
        for candidate in (*names.models, *names.datasets, *names.proposed):
            at = document.evidence(candidate.start, candidate.end)
            start, end, label = at.start + offset[at.field], at.end + offset[at.field], candidate.kind.upper()
            spans.append(doc.char_span(start, end, label=label, kb_id=candidate.canonical, alignment_mode="expand"))
        doc.spans[self.spans_key] = sorted(filter(None, spans), key=lambda span: (span.start, span.end, span.label_))
        return doc

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the settings alone; another process loads rules and model itself."""
        return _rebuild_names, (self.name, self.rules, self.spans_key)


def _rebuild(name: str, rules: str | None, ner: bool) -> ExtractorComponent:
    return ExtractorComponent(name, rules=rules, ner=ner)


def _rebuild_names(name: str, rules: str | None, spans_key: str) -> NamesComponent:
    return NamesComponent(name, rules=rules, spans_key=spans_key)


def _getter(attribute: str) -> Any:
    def get(doc: Doc) -> Any:
        extraction = extraction_of(doc)
        return None if extraction is None else getattr(extraction, attribute)

    return get


def _register_attributes() -> None:
    getters = {"extraction": extraction_of} | {attribute: _getter(attribute) for attribute in ATTRIBUTES}
    for attribute, getter in getters.items():
        if Doc.has_extension(attribute):
            warnings.warn(f"doc._.{attribute} is another component's; read doc._.extraction instead", stacklevel=2)
        else:
            Doc.set_extension(attribute, getter=getter)


@Language.factory(KEY, default_config={"rules": None, "ner": True}, assigns=[f"doc._.{a}" for a in ATTRIBUTES])
def make_component(nlp: Language, name: str, rules: str | None, ner: bool) -> ExtractorComponent:
    """Make the component ``extractor``; ``rules`` and ``ner`` as for :class:`ExtractorComponent`."""
    return ExtractorComponent(name, rules=rules, ner=ner)


@Language.factory(NAMES, default_config={"rules": None, "spans_key": NAMES}, assigns=["doc.spans"])
def make_names(nlp: Language, name: str, rules: str | None, spans_key: str) -> NamesComponent:
    """Make the component ``extractor_names``; settings as for :class:`NamesComponent`."""
    return NamesComponent(name, rules=rules, spans_key=spans_key)


_register_attributes()
