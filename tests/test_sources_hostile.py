"""Broken and hostile inputs: the record at fault is rejected with its place and reason, its neighbours are read."""

from __future__ import annotations

import bz2
import gzip
import json
import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from extractor.records import Paper, Reject
from extractor.sources import read_source, stream
from extractor.sources.stream import LINE_LIMIT


def write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def split(file: str, format: str | None = None) -> tuple[list[str], list[tuple[int | None, str]]]:
    records = list(read_source(file, format=format))
    for record in records:
        if isinstance(record, Reject):
            assert len(record.raw) <= 2_000
            record.raw.encode("utf-8")
    return (
        [r.title for r in records if isinstance(r, Paper)],
        [(r.position, r.reason) for r in records if isinstance(r, Reject)],
    )


def line(title: str) -> bytes:
    return json.dumps({"title": title, "abstract": f"About {title}."}).encode()


BAD_LINES = {
    b'{"title": "cut of': "not valid JSON",
    b'{"title": "T", "abstract": "caf\xe9"}': "not valid UTF-8 at byte 32",
    b'{"title": "T\0", "abstract": "A"}': "NUL byte at character 13",
    b'{"title": 7, "abstract": "A"}': "title is no text but int",
    b'{"title": "T", "abstract": {"a": 1}}': "abstract is no text but dict",
    b'{"title": "T"}': "no abstract",
    b'{"title": "T", "abstract": "  "}': "no abstract",
    b'{"title": "", "abstract": "A"}': "no title",
    b'{"title": "T", "abstract": null}': "no abstract",
    b"[1, 2]": "not an object but list",
    b'"text"': "not an object but str",
    b"[" * 100_000: "n",  # Python's parser says "nested too deep", orjson's limit is its own
    b'{"title":' * 100_000: "n",
    b'{"title": "T", "abstract": ' + b"[" * 100_000 + b"]" * 100_000 + b"}": "nested too deep",
    "caf\u00e9".encode("utf-16"): "not valid UTF-8",
}


@pytest.mark.parametrize("bad", BAD_LINES)
def test_a_bad_line_costs_itself_alone(tmp_path: Path, bad: bytes) -> None:
    file = write(tmp_path / "x", b"\n".join([line("One"), line("Two"), bad.replace(b"\n", b""), line("Three"), b""]))
    titles, rejects = split(file)
    assert titles == ["One", "Two", "Three"]
    assert [place for place, _ in rejects] == [3]
    assert rejects[0][1].startswith(BAD_LINES[bad])


@pytest.mark.parametrize(
    "bad",
    [b for b in BAD_LINES if b"{" in b and b.count(b"{") == b.count(b"}") and b.count(b'"') % 2 == 0 and b"[" not in b],
)
def test_a_bad_element_of_an_array_costs_itself_alone(tmp_path: Path, bad: bytes) -> None:
    titles, rejects = split(write(tmp_path / "x", b"[" + b",\n".join([line("One"), bad, line("Two")]) + b"]"))
    assert titles == ["One", "Two"]
    assert [place for place, _ in rejects] == [2]


def test_arrays_with_other_faults(tmp_path: Path) -> None:
    faults = [
        b'"a string"',
        b"7",
        b'{"title": "no end, "abstract": "A."}',
        b'{"title": "T", "abstract": "not closed"',
        b"null, [1]",
        b"]",
    ]
    parts = [
        line("One"),
        faults[0],
        faults[1],
        line("Two"),
        faults[2],
        line("Three"),
        faults[3],
        line("Four"),
        faults[4],
        line("Five"),
    ]
    titles, rejects = split(write(tmp_path / "x", b"[" + b",\n".join(parts) + b"]"))
    assert titles == ["One", "Two", "Three", "Four", "Five"]
    assert [place for place, _ in rejects] == [2, 4, 6, 8, 9]
    titles, rejects = split(write(tmp_path / "y", b"[" + line("One") + b", " + line("Two")[:-5]))
    assert titles == ["One"] and rejects == [(2, "JSON breaks off within the record")]
    titles, rejects = split(write(tmp_path / "z", b"[" + line("One") + b", "))
    assert titles == ["One"] and rejects == [(2, "JSON array is not closed: the file is cut off")]


def test_what_pandas_and_python_write_is_forgiven(tmp_path: Path) -> None:
    titles, rejects = split(write(tmp_path / "x", b'{"title": "T", "abstract": "half \\ud835 a pair", "year": NaN}\n'))
    assert titles == ["T"] and not rejects


def test_a_line_of_200_megabytes(tmp_path: Path) -> None:
    file = tmp_path / "x"
    with file.open("wb") as out:
        out.write(line("One") + b"\n" + b'{"title": "')
        for _ in range(200):
            out.write(b"a" * (1 << 20))
        out.write(b'"}\n' + line("Two") + b"\n")
    tracemalloc.start()
    titles, rejects = split(str(file))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert titles == ["One", "Two"]
    assert rejects == [(2, f"line longer than {LINE_LIMIT >> 20} MiB")]
    assert peak < 6 * LINE_LIMIT


def test_an_element_of_an_array_that_is_too_long(tmp_path: Path) -> None:
    long = b'{"title": "' + b"a\\\\" * (8 << 20) + b'"}'
    titles, rejects = split(write(tmp_path / "x", b"[" + b",".join([line("One"), long, line("Two")]) + b"]"))
    assert titles == ["One", "Two"]
    assert rejects == [(2, f"record longer than {LINE_LIMIT >> 20} MiB")]


@pytest.mark.parametrize("packing", ["gzip", "zstd", "bz2"])
def test_a_stream_cut_off(tmp_path: Path, packing: str) -> None:
    import random

    noise = random.Random(0)
    lines = [line(f"T{i}") + b" " * noise.randrange(40) for i in range(20_000)]
    pack = {
        "gzip": gzip.compress,
        "zstd": lambda b: zstandard.ZstdCompressor().compress(b),
        "bz2": lambda b: bz2.compress(b, 1),
    }[packing]
    packed = pack(b"\n".join(lines) + b"\n")
    titles, rejects = split(write(tmp_path / "x", packed[: len(packed) // 2]), "jsonl")
    assert len(titles) > 5_000
    assert titles == [f"T{i}" for i in range(len(titles))]
    ((position, reason),) = rejects
    assert position == len(titles) + 1
    assert reason.startswith(f"{packing} stream is cut off")


def test_streams_in_a_row_are_one(tmp_path: Path) -> None:
    for name, pack in {
        "gz": gzip.compress,
        "bz2": bz2.compress,
        "zst": lambda b: zstandard.ZstdCompressor().compress(b),
    }.items():
        file = write(tmp_path / name, pack(line("One") + b"\n") + pack(line("Two") + b"\n"))
        assert split(file, "jsonl") == (["One", "Two"], [])


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_a_decompression_bomb(tmp_path: Path, packing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "BOMB_FLOOR", 32 << 20)
    content = line("One") + b"\n" + b" " * (64 << 20)
    packed = gzip.compress(content) if packing == "gzip" else zstandard.ZstdCompressor().compress(content)
    titles, rejects = split(write(tmp_path / "x", packed))
    assert titles == ["One"]
    assert [reason for _, reason in rejects] == ["decompression bomb: unpacks to more than 200 times its size"]


def test_no_input_is_no_crash(tmp_path: Path) -> None:
    assert split(write(tmp_path / "empty", b"")) == ([], [(None, "empty file")])
    ((_, reason),) = split(write(tmp_path / "noise", bytes(range(256)) * 300))[1]
    assert reason.startswith("format not recognised")
    ((_, reason),) = split(str(tmp_path / "missing"), "jsonl")[1]
    assert reason.startswith("cannot be read")
    ((_, reason),) = split(write(tmp_path / "gz", b"\x1f\x8bnoise"), "jsonl")[1]
    assert "gzip" in reason


def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    import os

    name = os.fsencode(tmp_path) + b"/caf\xe9.jsonl"
    try:
        Path(os.fsdecode(name)).write_bytes(line("One") + b"\n")
    except OSError:
        pytest.skip("the file system takes no such name")
    (paper,) = read_source(os.fsdecode(name))
    assert isinstance(paper, Paper) and paper.source is not None
    paper.source.encode("utf-8")


def test_parquet_without_the_columns(tmp_path: Path) -> None:
    pq.write_table(pa.table({"name": ["T"], "abstract": ["A."]}), tmp_path / "x")
    assert split(str(tmp_path / "x")) == ([], [(None, "no title column; columns are name, abstract")])
    pq.write_table(pa.table({"title": [1, 2], "abstract": ["A.", "B."]}), tmp_path / "y")
    assert split(str(tmp_path / "y"))[1] == [(1, "title is no text but int"), (2, "title is no text but int")]


def test_parquet_that_is_damaged(tmp_path: Path) -> None:
    pq.write_table(pa.table({"title": ["T"] * 5_000, "abstract": [f"A{i}." for i in range(5_000)]}), tmp_path / "x")
    content = bytearray((tmp_path / "x").read_bytes())
    ((_, reason),) = split(write(tmp_path / "y", bytes(content[: len(content) // 2])))[1]
    assert reason.startswith("not readable as Parquet")
    content[2_000:6_000] = b"\xff" * 4_000
    rejects = split(write(tmp_path / "z", bytes(content)))[1]
    assert rejects


def test_parquet_text_that_is_no_utf8(tmp_path: Path) -> None:
    titles = pa.array([b"One", b"caf\xe9", b"Two"], pa.binary())
    pq.write_table(pa.table({"title": titles, "abstract": ["A.", "B.", "C."]}), tmp_path / "x")
    assert split(str(tmp_path / "x")) == (["One", "Two"], [(2, "title is not valid UTF-8")])


BIB = "@article{%s, title = {%s}, abstract = {Text.}}\n"


def test_bibtex_entry_without_closing_brace(tmp_path: Path) -> None:
    broken = "@article{b, title = {Broken, abstract = {Text.}}\n"
    text = BIB % ("a", "One") + broken + BIB % ("c", "Two") + "@article{d, title = {Cut"
    titles, rejects = split(write(tmp_path / "x", text))
    assert titles == ["One", "Two"]
    assert rejects == [(2, "entry is not closed"), (4, "entry is not closed: a brace is missing")]


def test_bibtex_with_other_faults(tmp_path: Path) -> None:
    faults = [b"@article{b, title = {caf\xe9}, abstract = {T.}}\n", b"@article{c, title = {a\0b}, abstract = {T.}}\n"]
    faults += [
        b"@article{d, title = , abstract = {T.}}\n",
        b"@article{e, abstract = {T.}}\n",
        b'@article{f, title = "x, abstract = {T.}}\n',
    ]
    text = (BIB % ("a", "One")).encode() + b"".join(faults) + (BIB % ("z", "Two")).encode()
    titles, rejects = split(write(tmp_path / "x", text))
    assert titles == ["One", "Two"]
    assert [place for place, _ in rejects] == [2, 3, 4, 5, 6]


def test_bibtex_takes_linear_time(tmp_path: Path) -> None:
    for text in (
        "{" * 300_000,
        '"' + "a" * 3_000_000,
        "{" + "$" * 300_000,
        "{" + "\\'" * 300_000,
        "{" + "\\a{" * 200_000,
    ):
        titles, rejects = split(write(tmp_path / "x", (BIB % ("a", "One")) + "@article{b, title = " + text), "bibtex")
        assert titles == ["One"] and len(rejects) == 1


def test_csv_rows_that_are_broken(tmp_path: Path) -> None:
    rows = [b"title,abstract", b"One,A.", b"caf\xe9,A.", b"a\0b,A.", b"only", b"", b"Two,A.", b'"not closed,A.']
    titles, rejects = split(write(tmp_path / "x", b"\n".join(rows)))
    assert titles == ["One", "Two"]
    assert [(p, r) for p, r in rejects] == [
        (3, "not valid UTF-8"),
        (4, "NUL byte in the row"),
        (5, "no abstract"),
        (8, "no abstract"),
    ]


def test_csv_cell_that_is_too_long(tmp_path: Path) -> None:
    rows = [
        b"title,abstract",
        b"One,A.",
        b"x," + b"a" * (2 << 20),
        b"Two,A.",
        b"y," + b"a" * (LINE_LIMIT + 9),
        b"Three,A.",
    ]
    titles, rejects = split(write(tmp_path / "x", b"\n".join(rows) + b"\n"))
    assert titles == ["One", "Two", "Three"]
    assert [place for place, _ in rejects] == [3, 5]


def test_csv_without_the_columns(tmp_path: Path) -> None:
    assert split(write(tmp_path / "x", "name,abstract\nT,A.\n"), "csv")[1] == [
        (1, "no title column; columns are name, abstract")
    ]


def test_feed_with_bad_bytes(tmp_path: Path) -> None:
    long = "A text without any fault that goes on for a while. " * 8
    text = f"SubscribeOne\n{long}\nTwo\n".encode() + b"caf\xe9\n" + f"Three\n{long}\n".encode()
    titles, rejects = split(write(tmp_path / "x", text))
    assert titles == ["One", "Three"]
    assert rejects == [(3, "no abstract"), (4, "not valid UTF-8 at byte 4 of the line")]
