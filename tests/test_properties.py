"""What holds for every text. HYPOTHESIS_PROFILE=long tries many more texts, other ones at each run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache, partialmethod
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from extractor.pipeline import Extractor
from extractor.records import Extraction, Paper
from extractor.rulebook.prefilter import PatternSet
from extractor.run.core import extract_batches, input_batch, split_tables
from tests.fixture_cases import KINDS, KNOWN_FAILURES, read

QUIET = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]}
settings.register_profile("ci", max_examples=100, derandomize=True, database=None, **QUIET)  # type: ignore[arg-type]
settings.register_profile("long", max_examples=5000, **QUIET)  # type: ignore[arg-type]
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

CASES = [case for kind in (*KINDS, KNOWN_FAILURES) for case in read(kind)]
FRAGMENTS = [
    *("2.3x", "15%-50%", "from 11.8% to 8.4%", "up to", "geq 90%", "sim!!25%", "50times", "2mathord,000", "$3\\times$"),
    *("12 million", "1e400", "1e-400", "10^{999}", "3-1%", "0 bits", "4-bit", "W4A8", "INT8", "{rm INT}4", "1{2}", "pm"),
    *("accuracy", "WER", "BLEU", "faster", "perplexity of", "reduces memory by", "compared with", "respectively", "half"),
    *("BERT", "GPT-4", "SQuAD", "we propose", "called", "(REX)", "TinyNet:", "Llama-2 7B & 70B", "orders of magnitude"),
    *("https://github.com/", "github.com/a/b.git.", "http:// x.org", "www.", "\\url{", "code is available", "huggingface.co/"),
    *("(", ")", "[", "]", "{", "}", "$", "\\", ",", ". ", "; ", "\n", "\t", "\x00", "%", "×", "→", "±", "İ", "ß", "\u202e"),
]  # fmt: skip
soup = st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=12)), max_size=40).flatmap(
    lambda parts: st.sampled_from([" ", ""]).map(lambda glue: glue.join(parts))
)
sentences = st.sampled_from([s for case in CASES for s in case["abstract"].split(". ")])
texts = st.one_of(soup, st.text(max_size=300), st.lists(st.one_of(sentences, soup), max_size=6).map(". ".join))
papers = st.sampled_from(CASES)
NEUTRAL = (
    "We hope that others find this useful.",
    "The idea is simple and easy to explain.",
    "Many questions remain open for later work.",
    "This has been studied for a long time.",
)


@lru_cache(maxsize=1)
def extractor() -> Extractor:
    return Extractor()


def extract(title: str, abstract: str) -> Extraction:
    return extractor().extract(Paper(paper_id="test:1", title=title, abstract=abstract))


def located(extraction: Extraction) -> Iterator[Any]:
    for table in ("results", "bit_widths", "links", "models", "datasets", "proposed"):
        yield from getattr(extraction, table)


@example("10.0%", "")  # a number is the first thing of the text
@example("", "→$3\\times$10^{999}")  # beyond any float
@example(
    "", "a speedup of 1e+400x, of 4000000^99x, of " + "9" * 400 + "x and of 10^-400x, at 999" + "0" * 400 + " bits"
)
@example("", f"{'9' * 400} parameters: BERT with {'9' * 400}B parameters")
@given(texts, texts)
def test_no_text_raises_and_offsets_slice_to_the_quote(title: str, abstract: str) -> None:
    extraction = extract(title, abstract)
    fields = {"title": title, "abstract": abstract}
    for row in located(extraction):
        found = fields[row.field][row.start : row.end]
        assert len(found) == row.end - row.start > 0
        assert getattr(row, "quote", found) == found
    assert extract(title, abstract) == extraction


@given(texts, texts)
def test_prefilter_changes_no_answer(title: str, abstract: str) -> None:
    expected = extract(title, abstract)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PatternSet, "find", partialmethod(PatternSet.find, prefilter=False))
        assert extract(title, abstract) == expected


@given(papers, st.sampled_from(NEUTRAL), st.integers(0, 20))
def test_a_neutral_sentence_changes_no_number(case: dict[str, Any], sentence: str, place: int) -> None:
    parts = case["abstract"].split(". ")
    if any(part.endswith(("vs", "e.g", "i.e", "al")) for part in parts):
        return
    place %= len(parts) + 1
    if place < len(parts):
        longer = ". ".join([*parts[:place], sentence.rstrip("."), *parts[place:]])
    else:
        longer = f"{case['abstract']} {sentence}"

    def facts(abstract: str) -> tuple[list[Any], ...]:
        found = extract(case["title"], abstract)
        return (
            sorted((r.value, r.value_high or 0, r.from_value or 0) for r in found.results),
            sorted((b.bits, b.bits_high or 0, b.target) for b in found.bit_widths),
            sorted(link.url for link in found.links),
        )

    assert facts(longer) == facts(case["abstract"])


@given(st.permutations(range(12)))
@settings(max_examples=8)
def test_permuting_papers_permutes_rows(order: list[int]) -> None:
    given_papers = [
        Paper(paper_id=f"test:{i}", title=case["title"], abstract=case["abstract"])
        for i, case in enumerate(CASES[: len(order)])
    ]

    def rows(papers: list[Paper]) -> dict[str, list[dict[str, Any]]]:
        (batch,) = extract_batches([input_batch(papers)], extractor())
        return {name: table.to_pylist() for name, table in split_tables(batch).items()}

    straight, permuted = rows(given_papers), rows([given_papers[i] for i in order])
    for name, table in straight.items():
        by_paper: dict[str, list[dict[str, Any]]] = {}
        for row in table:
            by_paper.setdefault(row.get("paper_id", ""), []).append(row)
        wanted = [row for i in order for row in by_paper.get(f"test:{i}", [])]
        assert permuted[name] == (wanted if "paper_id" in (table or [{}])[0] else table)
