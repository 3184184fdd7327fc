"""Numbers and what they are bound to."""

from __future__ import annotations

import pytest

import extractor
from extractor.passes.results.numbers import Number, NumberReader
from extractor.records import Result
from extractor.rulebook import load_rules
from extractor.text.clean import load_cleaner

BOOK = load_rules()
READER = NumberReader(BOOK)
CLEANER = load_cleaner(BOOK.table("latex"))


def numbers(text: str) -> list[Number]:
    clean = CLEANER.clean(text).text
    return READER.read(clean, 0, len(clean))


READINGS = {
    "a 50times speedup": [(50, None, "x")],
    "sim!!25% better": [(25, None, "%")],
    "2mathord,000 clips": [(2000, None, None)],
    "between 30 and 50% of": [(30, 50, "%")],
    "15%-50% less": [(15, 50, "%")],
    "3x-5x fewer": [(3, 5, "x")],
    "$1.5{\\times}$–$620{\\times}$": [(1.5, 620, "x")],
    "$26\\sim35\\times$": [(26, 35, "x")],
    "improves it from 10.8 to 20.2 BLEU": [(20.2, None, None)],
    "ranging from 21.1% to 69.2%": [(21.1, 69.2, "%")],
    "at 49/91 FPS": [(49, None, "FPS"), (91, None, "FPS")],
    "1/8 of the memory": [(0.125, None, None)],
    "0.51M parameters": [(510000, None, "parameters")],
    "12 million queries": [(12e6, None, "queries")],
    "0.819 ± 0.045": [(0.819, None, None)],
    "69.13±10.71%": [(69.13, None, "%")],
    "4.9%p higher": [(4.9, None, "points")],
    "one order of magnitude": [(10, None, "x")],
    "1 to 2 orders of magnitude": [(10, 100, "x")],
    "four times faster": [(4, None, "x")],
    "doubling the rate": [(2, None, "x")],
    "a tenfold gain": [(10, None, "x")],
    "up to $\\times$200 faster": [(200, None, "x")],
    "within $8K of it": [(8000, None, "$")],
    "GPT-4 and ResNet-50 on CIFAR-10": [],
    "2.3\\times 10^{-4}": [(2.3e-4, None, None)],
}


@pytest.mark.parametrize(("text", "expected"), READINGS.items())
def test_numbers(text: str, expected: list[tuple[float, float | None, str | None]]) -> None:
    assert [(n.low, n.high, n.unit) for n in numbers(text)] == [
        (pytest.approx(low), high if high is None else pytest.approx(high), unit) for low, high, unit in expected
    ]


def test_from_to_is_one_number_with_its_origin() -> None:
    (number,) = numbers("cuts the rate from 33% to 3%")
    assert number.origin is not None
    assert (number.origin.low, number.low) == (33, 3)


def results(abstract: str, title: str = "Quillon: Frugal Decoding") -> list[Result]:
    return list(extractor.extract(title=title, abstract=abstract).results)


def test_a_list_shares_metric_and_is_dealt_out_respectively() -> None:
    found = results(
        "We propose Quillon, a decoding method. Quillon achieves a speedup of 1.4times, 1.6times and 2.1times on GSM8K, "
        "HumanEval and MBPP, respectively."
    )
    assert [(r.metric, r.kind, r.value, r.unit, r.direction, r.dataset) for r in found] == [
        ("speedup", "ratio", 1.4, "x", "increase", "GSM8K"),
        ("speedup", "ratio", 1.6, "x", "increase", "HumanEval"),
        ("speedup", "ratio", 2.1, "x", "increase", "MBPP"),
    ]


def test_better_is_worked_out_from_the_metric() -> None:
    (found,) = results("Our recogniser improves the word error rate by 12% over the baseline on LibriSpeech.")
    assert (found.metric, found.kind, found.direction) == ("word_error_rate", "change", "decrease")


def test_from_to_is_a_value() -> None:
    (found,) = results("It reduces the perplexity on WikiText-103 from 18.3 to 16.9.")
    assert (found.metric, found.kind, found.value, found.from_value) == ("perplexity", "value", 16.9, 18.3)


@pytest.mark.parametrize(
    ("word", "qualifier"),
    [("up to", "up_to"), ("more than", "at_least"), ("less than", "at_most"), ("about", "approx"), ("a", "exact")],
)
def test_qualifiers(word: str, qualifier: str) -> None:
    (found,) = results(
        f"Quillon reduces memory usage by {word} 43% compared to full fine-tuning.".replace("by a ", "by ")
    )
    assert (found.value, found.qualifier) == (43, qualifier)


@pytest.mark.parametrize(
    "text",
    [
        "The corpus has 4.5 million images in 30 languages.",
        "In 2019, we trained for 90 epochs with a batch size of 256 at a temperature of 0.7.",
        "We use a 7B model on 8 GPUs.",
    ],
)
def test_sizes_years_and_settings_are_no_results(text: str) -> None:
    assert results(text, title="A Study") == []


def test_confidence_and_rule_are_given() -> None:
    (found,) = results("The model reaches an accuracy of 91.2% on ImageNet.")
    assert 0 <= found.confidence <= 1
    assert found.rule
    assert found.quote in "The model reaches an accuracy of 91.2% on ImageNet."
