"""From-to pairs against the changes that are stated beside them."""

from __future__ import annotations

from typing import Any

import pytest

import extractor
from extractor.passes.stated_changes import check_stated_changes
from extractor.records import Result


def row(kind: str, value: float, **more: Any) -> Result:
    given = {"metric": "word_error_rate", "metric_text": "WER", "unit": "%", "quote": f"{value:g}", "start": 0, **more}
    if kind in ("change", "ratio"):
        given.setdefault("direction", "decrease")
    given["end"] = given["start"] + len(given["quote"])
    return Result(kind=kind, value=value, field="abstract", rule="test", confidence=1.0, **given)  # type: ignore[arg-type]


def pair(a: float = 11.8, b: float = 8.38, **more: Any) -> Result:
    return row("value", b, from_value=a, **{"quote": f"from {a:.2f} to {b:.2f}", **more})


def change(value: float = 29, **more: Any) -> Result:
    return row("change", value, **more)


def checked(*rows: Result) -> list[bool | None]:
    return [result.stated_change_ok for result in check_stated_changes(rows)]


@pytest.mark.parametrize(
    ("stated", "ok"),
    [
        (change(29), True),
        (change(28.98), True),
        (change(28.7), False),
        (change(30), False),
        (change(30, qualifier="approx"), True),
        (change(36, qualifier="approx"), False),
        (change(30, qualifier="up_to"), True),
        (change(28, qualifier="up_to"), False),
        (change(25, qualifier="at_least"), True),
        (change(30, qualifier="at_least"), False),
        (change(30, qualifier="at_most"), True),
        (change(20, value_high=30), True),
        (change(40, value_high=50), False),
        (change(3.42), True),  # an unmarked difference of percentages
        (change(3.42, unit="points"), True),
        (change(3.4, unit="points"), True),
        (change(29, unit="points"), False),
        (change(29, direction="increase"), None),
        (change(29, metric="character_error_rate"), None),
        (change(29, unit="dB"), None),
        (row("ratio", 1.4, unit="x"), None),
        (row("share", 71), None),
    ],
)
def test_one_pair_and_one_statement(stated: Result, ok: bool | None) -> None:
    assert checked(pair(), stated) == [ok, ok]
    assert checked(stated, pair()) == [ok, ok]


def test_digits_as_written_say_how_exact_a_number_is() -> None:
    assert checked(pair(1.0, 0.8, quote="from 1.0 to 0.80", unit="s"), change(40)) == [False, False]
    assert checked(pair(3.0, 2.0, quote="from 3 to 2", unit="s"), change(50)) == [True, True]  # from 3.4 to 1.7, say
    assert checked(pair(3.0, 2.0, quote="from 3.00 to 2.00", unit="s"), change(50)) == [False, False]
    assert checked(pair(1.2e6, 0.8e6, quote="from 1.2M to 0.8M", unit=None), change(35)) == [True, True]
    assert checked(pair(1.2e6, 0.8e6, quote="1,200,000 to 800,000", unit=None), change(35)) == [False, False]


def test_each_statement_is_given_to_the_pair_it_agrees_with() -> None:
    pairs = pair(11.8, 8.38, dataset="clean"), pair(20, 15, dataset="other")
    assert checked(*pairs, change(29), change(25)) == [True] * 4
    assert checked(*pairs, change(29), change(40)) == [True, False, True, False]
    assert checked(*pairs, change(29)) == [True, None, True]
    assert checked(*pairs, change(25, dataset="clean")) == [False, None, False]


def test_scores_from_0_to_1_have_points_too() -> None:
    scores = pair(0.74, 0.82, unit=None)
    assert checked(scores, change(8, unit="points", direction="increase")) == [True, True]
    assert checked(scores, change(8, direction="increase")) == [True, True]
    assert checked(scores, change(10, unit="points", direction="increase")) == [False, False]
    assert checked(pair(75, 88.46), change(13.46, direction="increase", qualifier="up_to")) == [True, True]


def test_what_stands_far_away_agrees_but_does_not_contradict() -> None:
    assert checked(pair(), change(29, start=900)) == [True, True]
    assert checked(pair(), change(40, start=900)) == [None, None]
    other = {"metric": "other", "metric_text": "ink"}
    assert checked(pair(**other), change(40, **other)) == [False, False]
    assert checked(pair(**other), change(40, metric="other", metric_text="paper")) == [None, None]


def test_other_systems_are_other_statements() -> None:
    assert checked(pair(system="GlyphNet"), change(40, system="FontNet")) == [None, None]
    assert checked(pair(system="GlyphNet"), change(40, system="glyphnet")) == [False, False]
    assert checked(pair(system="ours"), change(40, system="GlyphNet")) == [False, False]


def test_what_cannot_be_divided() -> None:
    assert checked(pair(0.0, 5.0), change(29, direction="increase")) == [False, False]
    assert checked(pair(0.0, 5.0), change(5, direction="increase")) == [True, True]
    assert checked(pair(5.0, 5.0), change(29)) == [None, None]
    assert checked(pair()) == [None] and checked(change()) == [None] and checked() == []


@pytest.mark.parametrize(("percent", "ok"), [("29%", True), ("40%", False)])
def test_from_the_text(percent: str, ok: bool) -> None:
    text = f"GlyphNet reduces the word error rate from 11.80% to 8.38%, a relative WER reduction of {percent}."
    facts = extractor.extract(title="GlyphNet", abstract=text)
    assert {(r.kind, r.stated_change_ok) for r in facts.results} == {("value", ok), ("change", ok)}
