"""The abstracts in fixtures/ give the records that stand beside them."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any

import pytest

from extractor.rulebook import load_rules
from extractor.sources import read_source
from tests.fixture_cases import FIELDS, FOLDER, KINDS, KNOWN_FAILURES, errors
from tests.fixture_cases import read as read_cases

ALL = [(kind, case) for kind in KINDS for case in read_cases(kind)]
ALL += [(case["kind"], case) for case in read_cases(KNOWN_FAILURES)]


@pytest.mark.parametrize(
    ("kind", "case", "field"),
    [
        pytest.param(
            kind,
            case,
            field,
            id=f"{kind}-{case['id']}-{field}",
            marks=[pytest.mark.xfail(reason=case["shows"], strict=True)] if field in case.get("fails", ()) else [],
        )
        for kind, case in ALL
        for field in FIELDS
    ],
)
def test_case(kind: str, case: dict[str, Any], field: str) -> None:
    assert not _errors(kind, case["id"])[field]


@cache
def _errors(kind: str, case_id: str) -> dict[str, list[str]]:
    return errors(next(case for _, case in ALL if case["id"] == case_id), kind)


def test_cases_are_sound() -> None:
    ids = Counter(case["id"] for _, case in ALL)
    assert max(ids.values()) == 1
    assert len(ids) >= 40
    book = load_rules()
    metrics = {rule.id for rule in book.sections.get("metrics", ())} | {"other"}
    for kind, case in ALL:
        text = f"{case['title']}\n{case['abstract']}"
        assert case["shows"], case["id"]
        assert all(row["quote"] in text for table in ("results", "bit_widths") for row in case[table]), case["id"]
        assert {row["metric"] for row in case["results"]} <= metrics, case["id"]
        if kind == "negative":
            tables = ("results", "bit_widths", "models", "datasets", "proposed")
            assert not any(case[table] for table in tables), case["id"]


def test_samples_hold_the_abstracts_of_the_cases() -> None:
    samples = sorted(FOLDER.glob("sample.*"))
    assert [path.suffix for path in samples] == [".bib", ".jsonl", ".txt"]
    records = [record for path in samples for record in read_source(str(path))]
    known = {case["title"]: case["abstract"] for kind, case in ALL if kind == "in_the_wild"}
    assert {record.title: record.abstract for record in records} == known
