"""Readers on noise: nothing makes one raise, and good records between broken ones are read."""

from __future__ import annotations

import gzip
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.records import Paper
from extractor.sources import FORMATS
from tests.fuzz.checks import check_reader as check

SLOW_MACHINE = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
PIECES = st.sampled_from(
    [b"{", b"}", b"[", b"]", b'"', b"\\", b":", b",", b"\n", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\t", b"=", b"#", b"$", b"(", b")", b"@article{k,", b"@string{", b"@comment{", b"title", b"abstract", b'"title": "T"', b'"abstract": "A."', b"title = {T}", b"Subscribe", b'{"data": [', b'{"title": "T", "abstract": "A."}', b"title,abstract\n", b"title\tabstract\n", b"\\u0000", b"\\ud800", b"\xf0\x9f\x98\x80", b"PAR1"]
)  # fmt: skip
NOISE = st.lists(PIECES | st.binary(max_size=8), max_size=40).map(b"".join)


@pytest.mark.parametrize("format", [*FORMATS, None])
@SLOW_MACHINE
@given(content=NOISE)
def test_noise(format: str | None, content: bytes) -> None:
    check(content, format)


@pytest.mark.parametrize("format", ["jsonl", "json", "bibtex", "csv", "hf-feed"])
@SLOW_MACHINE
@given(
    content=NOISE, cut=st.floats(0, 1), flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=4)
)
def test_packed_noise(format: str, content: bytes, cut: float, flips: list[tuple[float, int]]) -> None:
    packed = bytearray(gzip.compress(content))
    for place, value in flips:
        packed[int(place * len(packed))] = value
    check(bytes(packed[: int(cut * len(packed)) + 1]), format)


def good(i: int) -> bytes:
    return json.dumps(
        {"title": f"Good {i}", "abstract": f'Text {i} \\ with "quotes", {{braces}} and [brackets].'}
    ).encode()


def broken(chance: random.Random) -> bytes:
    line = bytearray(good(0))
    for _ in range(chance.randrange(1, 4)):
        kind = chance.randrange(4)
        place = chance.randrange(len(line) + 1)
        if kind == 0:
            del line[place : place + chance.randrange(1, 20)]
        elif kind == 1:
            line[place:place] = chance.choice([b'"', b"{", b"}", b"\\", b"\0", b"\xff", b"[", b"\r", b"'"])
        elif kind == 2:
            line = line[:place]
        else:
            line[place:place] = line[: chance.randrange(len(line) + 1)]
    return bytes(line).replace(b"\n", b"") or b"x"


def test_every_good_line_between_broken_ones_is_read() -> None:
    chance = random.Random(11)
    lines = [good(i) if chance.random() < 0.5 else broken(chance) for i in range(20_000)]
    wanted = [(i + 1, line) for i, line in enumerate(lines) if line == good(i)]
    records = check(b"\n".join(lines), "jsonl")
    assert [r.position for r in records] == [i + 1 for i, line in enumerate(lines) if line.strip()]
    read = {r.position: r for r in records if isinstance(r, Paper)}
    for position, line in wanted:
        assert read[position].title == json.loads(line)["title"]


def test_good_elements_between_broken_ones_of_an_array() -> None:
    chance = random.Random(12)
    for _ in range(300):
        parts = [
            good(i)
            if chance.random() < 0.6
            else b'{"title": "x", ' + chance.choice([b'"abstract": 7}', b'"abstract": "y', b"}", b'"a": [1}', b"nul}"])
            for i in range(8)
        ]
        wanted = [json.loads(p)["title"] for i, p in enumerate(parts) if p == good(i)]
        titles = [r.title for r in check(b"[\n" + b",\n".join(parts) + b"\n]", "json") if isinstance(r, Paper)]
        assert titles == wanted


def test_good_entries_between_broken_ones_of_bibtex() -> None:
    chance = random.Random(13)
    faults = [
        b"@article{x, title = {T",
        b"@article{x, title = }",
        b"@article{x title {T}}",
        b"@article{x, title = {\xff}, abstract = {A}}",
        b'@article{x, title = {T}, abstract = "A {}}',
    ]
    for _ in range(300):
        parts = [
            b"@article{k, title = {Good %d}, abstract = {Text.}}" % i
            if chance.random() < 0.6
            else chance.choice(faults)
            for i in range(8)
        ]
        wanted = [f"Good {i}" for i, p in enumerate(parts) if b"Good" in p]
        titles = [r.title for r in check(b"\n".join(parts), "bibtex") if isinstance(r, Paper)]
        assert titles == wanted
