"""The spaCy door gives the answers of the library, in anybody's pipeline."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import warnings
from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from extractor.pipeline import Extractor
from extractor.records import Paper
from extractor.sources.ids import text_id
from extractor.sources.plain import split_text
from extractor.spacy import ATTRIBUTES, span_of

TITLE = "TurboNet: Faster Reading for Everyone"
ABSTRACT = (
    "We propose TurboNet, a model for question answering. On SQuAD, TurboNet is 2.5x faster than BERT and reaches "
    "an accuracy of 91.2% with 4-bit weights. Code is at https://github.com/turbo/net."
)
TEXT = f"{TITLE}\n{ABSTRACT}"


def _expected(title: str, abstract: str) -> object:
    return Extractor().extract(Paper(paper_id=text_id(title, abstract), title=title, abstract=abstract))


def test_no_import_is_needed() -> None:
    code = """
        import spacy
        nlp = spacy.blank("en")
        nlp.add_pipe("extractor")
        doc = nlp("We reach 90% accuracy.")
        assert doc._.extraction is not None and doc._.code == "none"
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)


def test_same_facts_as_the_library() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("extractor")
    doc = nlp(TEXT)
    assert doc._.extraction == _expected(TITLE, ABSTRACT)
    for attribute in ATTRIBUTES:
        assert getattr(doc._, attribute) == getattr(doc._.extraction, attribute)
    for row in (*doc._.results, *doc._.models, *doc._.datasets, *doc._.links, *doc._.bit_widths, *doc._.proposed):
        evidence = getattr(row, "quote", None) or getattr(row, "name", "")
        assert evidence.split()[0] in span_of(doc, row).text
        assert span_of(doc, row).label_ == row.TABLE.upper()


def test_title_and_abstract() -> None:
    assert split_text("all abstract") == ("", "all abstract")
    assert split_text("title\nabstract\nmore") == ("title", "abstract\nmore")
    nlp = spacy.blank("en")
    nlp.add_pipe("extractor")
    assert nlp(ABSTRACT)._.extraction == _expected("", ABSTRACT)
    assert nlp("")._.extraction == _expected("", "")


def test_before_it_ran_there_is_nothing() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("extractor")
    assert nlp.make_doc(TEXT)._.extraction is None
    assert nlp.make_doc(TEXT)._.results is None


def test_pipe_in_one_process_and_two() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("extractor", config={"ner": False})
    texts = [TEXT, ABSTRACT, "Nothing here."] * 3
    alone = [nlp(text)._.extraction for text in texts]
    assert [doc._.extraction for doc in nlp.pipe(texts, batch_size=2)] == alone
    assert [doc._.extraction for doc in nlp.pipe(texts, n_process=2, batch_size=2)] == alone


def test_facts_travel_with_the_document() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("extractor")
    doc = nlp(TEXT)
    assert Doc(nlp.vocab).from_bytes(doc.to_bytes())._.extraction == doc._.extraction
    store = DocBin(store_user_data=True, docs=[doc])
    again = DocBin().from_bytes(store.to_bytes()).get_docs(nlp.vocab)
    assert next(iter(again))._.extraction == doc._.extraction


def test_beside_other_components() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("extractor")
    nlp.add_pipe("sentencizer", first=True)
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "WORK", "pattern": "TurboNet"}])  # type: ignore[attr-defined]
    doc = nlp(TEXT)
    assert len(list(doc.sents)) >= 3
    assert {ent.label_ for ent in doc.ents} == {"WORK"}
    assert doc._.extraction == _expected(TITLE, ABSTRACT)
    assert not nlp.analyze_pipes()["problems"]["extractor"]


def test_to_disk_and_back(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("extractor", config={"ner": False})
    nlp.to_disk(tmp_path / "pipeline")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = spacy.load(tmp_path / "pipeline")
        bytes_again = spacy.blank("en")
        bytes_again.add_pipe("extractor", config={"ner": False})
        bytes_again.from_bytes(nlp.to_bytes())
    assert again.get_pipe("extractor").ner is False  # type: ignore[attr-defined]
    assert again(TEXT)._.extraction == nlp(TEXT)._.extraction
    meta = tmp_path / "pipeline" / "extractor" / "extractor.json"
    meta.write_text(meta.read_text().replace('"rules": "', '"rules": "0'))
    with pytest.warns(UserWarning, match="facts may differ"):
        spacy.load(tmp_path / "pipeline")


def test_own_rules_go_along_to_disk(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "metrics.toml").write_text(
        '[[rule]]\nid = "zork_score"\ndescription = "zork"\npolarity = "higher"\nforms = ["zork score"]\n'
        'examples = ["a zork score of 3"]\n'
    )
    nlp = spacy.blank("en")
    nlp.add_pipe("extractor", config={"rules": str(own)})
    facts = nlp("We reach a zork score of 3.5 on SQuAD.")._.extraction
    nlp.to_disk(tmp_path / "pipeline")
    (own / "metrics.toml").unlink()
    own.rmdir()
    again = spacy.load(tmp_path / "pipeline")
    assert again.get_pipe("extractor").extractor.rules.hash == nlp.get_pipe("extractor").extractor.rules.hash  # type: ignore[attr-defined]
    assert again("We reach a zork score of 3.5 on SQuAD.")._.extraction == facts


def test_names_alone(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("extractor_names")
    nlp.add_pipe("extractor")
    doc = nlp(TEXT)
    found = {(span.label_, span.text, span.kb_id_) for span in doc.spans["extractor_names"]}
    rows = [("MODEL", m) for m in doc._.models] + [("DATASET", d) for d in doc._.datasets]
    assert {(label, row.name, row.canonical) for label, row in rows} <= found
    assert {span.text for span in doc.spans["extractor_names"] if span.label_ == "PROPOSED"} == {
        row.name for row in doc._.proposed
    }
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    doc_again = again(TEXT)
    assert {(s.label_, s.text, s.kb_id_) for s in doc_again.spans["extractor_names"]} == found
    other = spacy.blank("en")
    other.add_pipe("extractor_names", config={"spans_key": "names"})
    docs = list(other.pipe([TEXT, "", "Nothing."], n_process=2, batch_size=1))
    assert [len(doc.spans["names"]) for doc in docs] == [len(found), 0, 0]
