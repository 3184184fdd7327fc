import pytest

from extractor.rulebook.lint import find_slow_text


@pytest.mark.parametrize(
    "pattern", [r"(a+)+$", r"(?:\w+\s?)+!", r"(a|aa)+$", r"x.*.*.*y", r"(\d+)*\.", r"\s+$", r"(?:[a-z]+-?)+\d", r"\d+%"]
)
def test_patterns_that_blow_up(pattern: str) -> None:
    assert find_slow_text(pattern) is not None


@pytest.mark.parametrize(
    "pattern",
    [r"\bGPT-\d", r"(?:\d{1,3},)?\d{1,3}\s?%", r"(?<!\d)\d++%", r"[A-Z][a-z]{0,20}Net\b", r"(?:up to|over) \d"],
)
def test_patterns_that_do_not(pattern: str) -> None:
    assert find_slow_text(pattern) is None
