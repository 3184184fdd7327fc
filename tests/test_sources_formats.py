"""Every format, plain and packed: what becomes a paper, what a reject, and where it stood."""

from __future__ import annotations

import bz2
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from extractor.records import Paper, Reject
from extractor.sources import FORMATS, expand_inputs, read_source
from extractor.sources.bibtex import undo_escapes
from extractor.sources.fields import FieldMap

ABSTRACT = "We train a tagger on our own corpus. It reaches an accuracy of 91.5% and needs 2 GB of memory."
LONG = ABSTRACT + " It runs on a laptop without a graphics card, and its memory stays flat." * 4


def write(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def split(file: str, format: str | None = None, **given: str) -> tuple[list[Paper], list[Reject]]:
    records = list(read_source(file, format=format, fields=FieldMap(given)))
    return [r for r in records if isinstance(r, Paper)], [r for r in records if isinstance(r, Reject)]


def feed() -> str:
    lines = ["Get trending papers in your email inbox once a day!", "Get trending papers in your email inbox!"]
    return "\n".join([*lines, "SubscribeFirst: A Title", LONG, "Second Title", LONG + " More.", ""])


def snapshot() -> str:
    records = [
        {"id": "0704.0001", "title": "Folded\n  title", "abstract": "  Hard\nwraps and\n  $x^2$ stay.\n", "categories": "cs.CL", "doi": "10.1000/x", "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}]},
        {"id": "hep-th/9901001", "title": "Old", "abstract": "Text.", "categories": "hep-th", "update_date": "2009-01-01"},
    ]  # fmt: skip
    return "".join(json.dumps(r) + "\n" for r in records)


def bibtex() -> str:
    return """% a comment
@string{acl = "ACL"}
@comment{nothing}
@inproceedings{a-2020,
    title = "Convertir {TAG} en d{\\'e}pendances",
    year = "2020",
    url = "https://aclanthology.org/2020.acl-main.44",
    abstract = {A rise of 94 \\% on {BERT}
       with a_b {"}quoted{"} text and $x_{1}$.},
}
@article(b, title = {Second} # " part", abstract = "Text.", year = 1999, doi = {10.1000/Q.5})
"""


CONTENT: dict[str, Callable[[], str]] = {
    "hf-feed": feed,
    "arxiv": snapshot,
    "jsonl": lambda: (
        json.dumps({"id": "7", "title": "T1", "abstract": "A1."})
        + "\n\n"
        + json.dumps({"title": "T2", "summary": "A2."})
        + "\n"
    ),
    "json": lambda: json.dumps([{"title": "T1", "abstract": "A1."}, {"title": "T2", "abstract": "A2."}], indent=1),
    "bibtex": bibtex,
    "csv": lambda: 'id,Title,Abstract\n1,T1,"A ""quoted"", text\nover two lines."\n2,T2,A2.\n',
    "tsv": lambda: "title\tabstract\tyear\nT1\tA1.\t2020\nT2\tA2.\t\n",
}
PACK: dict[str, Callable[[bytes], bytes]] = {
    "": lambda b: b,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".zst": lambda b: zstandard.ZstdCompressor().compress(b),
}


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("format", CONTENT)
def test_formats_are_told_by_content_whatever_the_name(tmp_path: Path, format: str, packing: str) -> None:
    file = write(tmp_path / "input.dat", PACK[packing](CONTENT[format]().encode()))
    papers, rejects = split(file)
    assert len(papers) == 2 and not rejects
    assert papers == split(file, format)[0]
    assert {p.source for p in papers} == {file}


def test_feed(tmp_path: Path) -> None:
    papers, _ = split(write(tmp_path / "x", feed()))
    assert [(p.title, p.position) for p in papers] == [("First: A Title", 3), ("Second Title", 5)]
    assert papers[0].abstract == LONG


def test_feed_recovers_where_an_abstract_or_a_title_is_missing(tmp_path: Path) -> None:
    text = "SubscribeOne\n" + LONG + "\nLost Title\nTwo\n" + LONG + "\n" + LONG + "\nThree\n" + LONG + "\nFour"
    papers, rejects = split(write(tmp_path / "x", text))
    assert [p.title for p in papers] == ["One", "Two", "Three"]
    assert [(r.position, r.reason) for r in rejects] == [(3, "no abstract"), (6, "no title"), (9, "no abstract")]


def test_arxiv_snapshot(tmp_path: Path) -> None:
    papers, _ = split(write(tmp_path / "x", snapshot()))
    assert papers[0].title == "Folded title"
    assert papers[0].abstract == "Hard wraps and $x^2$ stay."
    assert [(p.paper_id, p.year) for p in papers] == [("arxiv:0704.0001", 2007), ("arxiv:hep-th/9901001", 1999)]


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        ({"title": "T", "abstract": "A.", "paperId": "f" * 40, "externalIds": {"ArXiv": "2401.01234", "DOI": "10.1000/x"}, "year": 2024}, ("arxiv:2401.01234", 2024)),
        ({"title": "T", "abstract": "A.", "externalIds": {"DOI": "10.1000/X"}, "year": None}, ("doi:10.1000/x", None)),
        ({"id": "aBcDeFgHiJ", "forum": "aBcDeFgHiJ", "content": {"title": {"value": "T"}, "abstract": {"value": "A."}}}, ("openreview:aBcDeFgHiJ", None)),
        ({"id": "aBcDeFgHiJ", "content": {"title": "T", "abstract": "A."}}, ("openreview:aBcDeFgHiJ", None)),
        ({"paper": {"id": "2401.01234", "title": "T", "summary": "A."}, "publishedAt": "2024-01-03T00:00:00Z"}, ("arxiv:2401.01234", 2024)),
        ({"Title": ["T"], "ABSTRACT": "A.", "url": "https://arxiv.org/pdf/1708.03725"}, ("arxiv:1708.03725", None)),
    ],
)  # fmt: skip
def test_shapes_of_services(tmp_path: Path, record: dict[str, object], wanted: tuple[str, int | None]) -> None:
    for text in (json.dumps(record) + "\n", json.dumps([record]), json.dumps({"total": 1, "data": [record]}, indent=2)):
        (paper,), rejects = split(write(tmp_path / "x", text))
        assert (paper.title, paper.abstract) == ("T", "A.")
        assert (paper.paper_id, paper.year) == wanted
        assert not rejects


def test_private_ids_are_no_ids(tmp_path: Path) -> None:
    papers, _ = split(write(tmp_path / "x", CONTENT["jsonl"]()))
    assert all(p.paper_id.startswith("sha1:") for p in papers)
    assert [p.position for p in papers] == [1, 3]


def test_mapped_fields(tmp_path: Path) -> None:
    file = write(tmp_path / "x", json.dumps({"meta": {"name": "T"}, "texts": ["A."], "key": "2401.01234"}) + "\n")
    (paper,), _ = split(file, "jsonl", title="meta.name", abstract="texts.0", id="key")
    assert (paper.title, paper.abstract, paper.paper_id) == ("T", "A.", "arxiv:2401.01234")
    file = write(tmp_path / "y", "name;text\nT;A.\n")
    (paper,), _ = split(file, title="name", abstract="text")
    assert paper.title == "T"
    with pytest.raises(ValueError, match="cannot map titel"):
        FieldMap({"titel": "x"})


def test_bibtex(tmp_path: Path) -> None:
    papers, _ = split(write(tmp_path / "x", bibtex()))
    assert papers[0].title == "Convertir TAG en dépendances"
    assert papers[0].abstract == 'A rise of 94 % on BERT with a_b "quoted" text and $x_{1}$.'
    assert (papers[0].paper_id, papers[0].year, papers[0].position) == ("acl:2020.acl-main.44", 2020, 4)
    assert (papers[1].title, papers[1].paper_id, papers[1].year) == ("Second part", "doi:10.1000/q.5", 1999)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("{\\'e}t\\'{e} \\'{\\i}", "été í"),
        ('G{\\"o}del and {\\v{c}}', "Gödel and č"),
        ("a \\& b \\_c \\#1 \\$5", "a & b _c #1 $5"),
        ("{\\ss} \\o{} {\\AA}", "ß ø Å"),
        ("$\\alpha_{1}$ and {$x$}", "$\\alpha_{1}$ and $x$"),
        ("\\textbf{b\\_old} {T}ext \\cite{a_b}", "b_old Text \\cite{a_b}"),
        ("A~B", "A B"),
        ("  a \n\t b ", "a b"),
    ],
)
def test_bibtex_escapes(given: str, wanted: str) -> None:
    assert undo_escapes(given) == wanted


def test_csv_positions_are_lines(tmp_path: Path) -> None:
    papers, _ = split(write(tmp_path / "x", CONTENT["csv"]()))
    assert [p.position for p in papers] == [2, 4]
    assert papers[0].abstract == 'A "quoted", text\nover two lines.'


def test_parquet(tmp_path: Path) -> None:
    table = pa.table(
        {
            "Title": ["T1", None, "T3"],
            "abstract": ["A1.", "A2.", "A3."],
            "arxiv_id": ["2401.01234", None, None],
            "year": [2024, 2023, None],
        }
    )
    pq.write_table(table, tmp_path / "x.bin", row_group_size=2)
    papers, rejects = split(str(tmp_path / "x.bin"))
    assert [(p.title, p.position, p.year) for p in papers] == [("T1", 1, 2024), ("T3", 3, None)]
    assert papers[0].paper_id == "arxiv:2401.01234"
    assert [(r.position, r.reason) for r in rejects] == [(2, "no title")]
    packed = write(tmp_path / "x.gz", gzip.compress((tmp_path / "x.bin").read_bytes()))
    assert len(split(packed)[0]) == 2


def test_standard_input() -> None:
    stdin = io.BytesIO(gzip.compress(snapshot().encode()))
    assert len(list(read_source("-", stdin=stdin))) == 2


def test_inputs_are_expanded_in_order(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.jsonl", "sub/c.jsonl", ".hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(tmp_path / name, "")
    names = [Path(f).name for f in expand_inputs([str(tmp_path)])]
    assert names == ["a.jsonl", "b.jsonl", "c.jsonl"]
    assert [Path(f).name for f in expand_inputs([str(tmp_path / "*.jsonl"), str(tmp_path / "a.jsonl")])] == [
        "a.jsonl",
        "b.jsonl",
    ]
    with pytest.raises(FileNotFoundError):
        expand_inputs([str(tmp_path / "none*")])


def test_every_format_has_a_test() -> None:
    assert set(FORMATS) == {*CONTENT, "parquet"}


CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora"


@pytest.mark.parametrize(
    ("name", "count", "scheme"),
    [
        ("hf_trending_dev.txt", 125, "sha1:"),
        ("acl-anthology-sample.bib.gz", 5_000, "acl:"),
        ("arxiv-metadata-sample.json.gz", 30_000, "arxiv:"),
        ("conference-papers.jsonl.gz", 20_000, ""),
    ],
)
def test_real_files_read_whole(name: str, count: int, scheme: str) -> None:
    if not (CORPORA / name).exists():
        pytest.skip("needs the corpora beside the repository")
    papers, rejects = split(str(CORPORA / name))
    assert len(papers) == count and not rejects
    assert all(p.paper_id.startswith(scheme) for p in papers)
