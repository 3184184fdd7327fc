"""Bit widths: numbers, ranges, targets, and what is no precision."""

import re

import pytest

from extractor.document import Document
from extractor.passes.bit_widths import BitWidthPass
from extractor.rulebook import load_rules
from extractor.rulebook.bit_widths import BitWidthRule
from extractor.text.clean import load_cleaner

RULES = load_rules()
CLEANER = load_cleaner(RULES.table("latex"))
WIDTHS = BitWidthPass(RULES)


def widths(abstract: str, title: str = "A Title") -> list[tuple[float, float | None, str]]:
    return [(c.bits, c.bits_high, c.target) for c in WIDTHS(Document(title, abstract, CLEANER))]


CASES: dict[str, list[tuple[float, float | None, str]]] = {
    "Quantization to 4-bit holds.": [(4, None, "model")],
    "We quantize with 4-, 8-bit formats.": [(4, None, "model"), (8, None, "model")],
    "We quantize the data into 1 or 2 bits.": [(1, None, "model"), (2, None, "model")],
    "We store 1-2 bits per parameter.": [(1, 2, "weights")],
    "We need 3.25 bits per weight.": [(3.25, None, "weights")],
    "It works from 2 to 4 bits under quantization.": [(2, 4, "model")],
    "It works from 2-bit to 4-bit quantization.": [(2, 4, "model")],
    "Precision between 2 and 4 bits suffices.": [(2, 4, "model")],
    "Precision falls from 8 to 3 bits.": [(8, None, "model"), (3, None, "model")],
    "We run W4A8 kernels.": [(4, None, "weights"), (8, None, "activations")],
    "Under W4A4KV4 it holds.": [(4, None, "weights"), (4, None, "activations"), (4, None, "kv_cache")],
    "We run A8W4 kernels.": [(8, None, "activations"), (4, None, "weights")],
    "The INT8/INT4 kernels beat FP16.": [(8, None, "model"), (4, None, "model"), (16, None, "model")],
    "Trained in half-precision, not single precision.": [(16, None, "model"), (32, None, "model")],
    "NVFP4 and bfloat16 training.": [(4, None, "model"), (16, None, "model")],
    "We use 4-bit weights and 8-bit activations.": [(4, None, "weights"), (8, None, "activations")],
    "We quantize weights and activations to 6 bits.": [(6, None, "weights"), (6, None, "activations")],
    "The KV cache is quantized to 2 bits.": [(2, None, "kv_cache")],
    "KV cache quantization is hard. At 2-bit it fails.": [(2, None, "kv_cache")],
    "We keep 4-bit keys and values under quantization.": [(4, None, "keys"), (4, None, "values")],
    "We train with 1-bit Adam and 8-bit optimizer states.": [
        (1, None, "optimizer_states"),
        (8, None, "optimizer_states"),
    ],
    "We send 2-bit gradients at low precision.": [(2, None, "gradients")],
    "We study 1-bit compressed sensing under quantization.": [(1, None, "inputs")],
    "Weight-only quantization at 3-bit works.": [(3, None, "weights")],
    "We reach $2.5$-bit and then $2.5$-bit precision.": [(2.5, None, "model")],
}


@pytest.mark.parametrize(("text", "expected"), CASES.items())
def test_widths(text: str, expected: list[tuple[float, float | None, str]]) -> None:
    assert widths(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "One bit of information, one-bit feedback and quantization.",
        "A bit rate of 4 kbps and a bit error rate of 2 in low-bit quantization.",
        "The watermark hides payloads of 64 bits; quantization breaks it.",
        "We restore 8-bit images from 10-bit video after quantization.",
        "It runs on 64-bit operating systems and a 32-bit microcontroller with quantization.",
        "Compression reaches 0.9 bits per character and 0.2 bits per pixel after quantization.",
        "We study k-bit, low-bit and full precision training.",
        "The game uses 8-bit graphics, a little bit of joy.",
        "At 0.15 bpp our image codec uses quantization.",
        "We estimate a single precision matrix.",
        "GPT-4 bits of advice on quantization.",
        "",
    ],
)
def test_no_width(text: str) -> None:
    assert widths(text) == []


def test_format_and_evidence() -> None:
    abstract = "We use INT8, $16$-bit floating point and 4-bit integer quantization."
    document = Document("T", abstract, CLEANER)
    found = WIDTHS(document)
    assert [(c.bits, c.format) for c in found] == [(8, "int"), (16, "float"), (4, "int")]
    for candidate in found:
        evidence = document.evidence(candidate.start, candidate.end)
        assert abstract[evidence.start : evidence.end] == evidence.quote
    assert document.evidence(found[1].start, found[1].end).quote == "16$-bit"


@pytest.mark.parametrize("text", [*CASES, "no width here", "orbit and ambit"])
def test_prefilter_changes_nothing(text: str) -> None:
    document = Document("T", text, CLEANER)
    assert WIDTHS(document) == WIDTHS(document, prefilter=False)


@pytest.mark.parametrize("rule", RULES.section("bit_widths", BitWidthRule), ids=lambda rule: rule.id)
def test_examples(rule: BitWidthRule) -> None:
    pattern = re.compile(rule.pattern, re.IGNORECASE)
    for example in rule.examples:
        match = pattern.search(example)
        assert match is not None, example
        assert any(literal in match[0].lower() for literal in rule.literals), example
    for example in rule.counter_examples:
        assert pattern.search(example) is None, example


@pytest.mark.parametrize("junk", ["4-" * 20000, "1, " * 20000 + "bit", "bit " * 20000, "4 to " * 10000 + "bits"])
def test_bounded(junk: str) -> None:
    widths(junk[:20000])
