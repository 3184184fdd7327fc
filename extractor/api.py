"""One paper, one call."""

from __future__ import annotations

from functools import lru_cache

from extractor.pipeline import Extractor
from extractor.records import Extraction, Paper
from extractor.sources.ids import text_id


def extract(*, title: str = "", abstract: str = "", paper_id: str | None = None, ner: bool = True) -> Extraction:
    """Return the facts of one paper, by the shipped rules.

    Rules and model are loaded at the first call and kept. For rules of your own make an :class:`~extractor.Extractor`.

    Args:
        title: as the paper has it.
        abstract: as the paper has it; all offsets count its characters.
        paper_id: entered in the paper; a hash of title and abstract if None.
        ner: whether the trained pass runs beside the rules.
    """
    paper = Paper(paper_id=paper_id or text_id(title, abstract), title=title, abstract=abstract)
    return _extractor(ner).extract(paper)


@lru_cache(maxsize=2)
def _extractor(ner: bool) -> Extractor:
    return Extractor(ner=ner)
