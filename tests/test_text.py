"""Cleaning: what the passes read, and the way back."""

import pytest

from extractor.document import Document
from extractor.rulebook import load_rules
from extractor.text.clean import load_cleaner
from extractor.text.sentences import sentence_spans

CLEANER = load_cleaner(load_rules().table("latex"))

CASES = {
    "gives 50times speed": "gives 50× speed",
    "geq 90% of": "≥ 90% of",
    "a sim!!25% gain, sim!! 3 % away": "a ~25% gain, ~3 % away",
    "2mathord,000 examples": "2,000 examples",
    "98\\% done": "98% done",
    "3\\times faster": "3× faster",
    "$3.2\\times$ faster": "3.2× faster",
    "{rm INT}8 and {\\em max}": "INT8 and max",
    "1.25sim1.56times": "1.25~1.56×",
    "roughly 2{3} total": "roughly 2/3 total",
    "$\\sim2.5\\times$": "~2.5×",
    "\\textdollar 2.3\\times 10\\^{}3\\textdollar speedup": "$2.3×10^3$ speedup",
    "30\\,fps": "30 fps",
    "within $8K of": "within $8K of",
    "cost \\$5 and": "cost $5 and",
    "costs $20 and $30 per": "costs $20 and $30 per",
    "up to $438$ times": "up to 438 times",
    "34.07$\\rightarrow$34.57": "34.07→34.57",
    "by ~30% and Table~1": "by ~30% and Table 1",
    "Erd\\H{o}s and Poincar\\'e": "Erdős and Poincaré",
    "10 times larger; 2times less": "10 times larger; 2× less",
    "$\\frac{1}{2}$ of": "1/2 of",
    "the \\ourname baseline (93.3\\%)": "the ourname baseline (93.3%)",
    "(MAE = $465.13)": "(MAE = $465.13)",
    "by $40.9%$ ($0.208$ vs. $0.352$)": "by 40.9% (0.208 vs. 0.352)",
    "\\url{https://a.example/~x\\_y}": "https://a.example/~x_y",
}


@pytest.mark.parametrize(("raw", "clean"), CASES.items())
def test_clean(raw: str, clean: str) -> None:
    assert CLEANER.clean(raw).text == clean


@pytest.mark.parametrize("raw", [*CASES, "plain text"])
def test_every_clean_character_leads_back(raw: str) -> None:
    result = CLEANER.clean(raw)
    for i in range(len(result.text)):
        start, end = result.raw_span(i, i + 1)
        assert 0 <= start < end <= len(raw)


def test_evidence_is_the_text_as_given() -> None:
    document = Document("A $3\\times$ title", "We gain 98\\% here. Then $2\\times$ more.", CLEANER)
    at = document.text.index("98%")
    evidence = document.evidence(at, at + 3)
    assert (evidence.field, evidence.quote) == ("abstract", "98\\%")
    assert document.abstract[evidence.start : evidence.end] == evidence.quote
    at = document.text.index("3×")
    assert document.evidence(at, at + 2).field == "title"


def test_sentences() -> None:
    text = "As in Smith et al. (2020), e.g. on COCO, it works. Results vs. BERT are 3.5 points better! Next (see Fig. 3) one."
    assert [text[s:e] for s, e in sentence_spans(text)] == [
        "As in Smith et al. (2020), e.g. on COCO, it works.",
        "Results vs. BERT are 3.5 points better!",
        "Next (see Fig. 3) one.",
    ]
