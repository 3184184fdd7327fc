"""What must hold for every input: of a reader, and of the passes. A first byte says which, so that one file is one case."""

from __future__ import annotations

import io
from functools import lru_cache

from extractor.pipeline import Extractor
from extractor.records import Paper, Reject
from extractor.sources import FORMATS, read_source

READERS: tuple[str | None, ...] = (*FORMATS, None)
PASSES = len(READERS)  # the first byte, modulo one more, that means the passes
TABLES = ("results", "bit_widths", "links", "models", "datasets", "proposed")


def check_reader(content: bytes, format: str | None) -> list[Paper | Reject]:
    """Read; every record is a paper that can be extracted or a reject that can be written."""
    records = list(read_source("-", format=format, stdin=io.BytesIO(content)))
    for record in records:
        assert record.position is None or record.position >= 1
        if isinstance(record, Paper):
            assert record.title.strip() and record.abstract.strip() and record.paper_id
            (record.title + record.abstract + record.paper_id).encode("utf-8")
        else:
            assert record.reason and len(record.raw) <= 2_000
            record.raw.encode("utf-8")
    return records


@lru_cache(maxsize=1)
def extractor() -> Extractor:
    return Extractor()


def check_passes(title: str, abstract: str) -> None:
    """Extract; nothing raises, and every span slices to its quote."""
    extraction = extractor().extract(Paper(paper_id="fuzz:1", title=title, abstract=abstract))
    fields = {"title": title, "abstract": abstract}
    for table in TABLES:
        for row in getattr(extraction, table):
            found = fields[row.field][row.start : row.end]
            assert len(found) == row.end - row.start > 0
            assert getattr(row, "quote", found) == found


def check(data: bytes) -> None:
    """Check one case: a first byte, then what a reader reads, or a title, a line break and an abstract."""
    if not data:
        return
    kind = data[0] % (len(READERS) + 1)
    if kind < PASSES:
        check_reader(data[1:], READERS[kind])
    else:
        title, _, abstract = data[1:].decode("utf-8", "replace").partition("\n")
        check_passes(title, abstract)


def seeds() -> list[bytes]:
    """Return cases to begin with: the samples through their readers, our abstracts through the passes."""
    from tests.fixture_cases import KINDS, KNOWN_FAILURES, read
    from tests.shared_data import ROOT

    found = []
    for path in sorted((ROOT / "fixtures").glob("sample.*")):
        content = path.read_bytes()[:4_000]
        found += [bytes([kind]) + content for kind in range(PASSES)]
    for kind in (*KINDS, KNOWN_FAILURES):
        for case in read(kind):
            found.append(bytes([PASSES]) + f"{case['title']}\n{case['abstract']}".encode())
    return found
