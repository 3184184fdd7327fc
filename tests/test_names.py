"""Names: what is a candidate, who wins, what a coordination expands to, where the evidence stands."""

from __future__ import annotations

import pytest

from extractor.document import Document
from extractor.passes.candidates import NameCandidate, Names
from extractor.passes.names import NamesPass
from extractor.passes.names.definitions import long_form_after, long_form_before
from extractor.passes.names.expand import parameters_of
from extractor.passes.names.words import analyse, name_key, shape
from extractor.pipeline import Extractor
from extractor.records import Paper
from extractor.rulebook import load_rules
from extractor.text.clean import load_cleaner

RULES = load_rules()
CLEANER = load_cleaner(RULES.table("latex"))
BOTH = NamesPass(RULES)
ALONE = NamesPass(RULES, ner=False)
PASSES = [pytest.param(BOTH, id="rules+ner"), pytest.param(ALONE, id="rules")]


def find(names: NamesPass, title: str, abstract: str) -> Names:
    return names(Document(title, abstract, CLEANER))


def texts(candidates: list[NameCandidate]) -> set[str]:
    return {c.name for c in candidates}


@pytest.mark.parametrize(
    ("core", "kind"),
    [
        ("7B", "S"),
        ("2.0", "N"),
        ("BERT", "A"),
        ("LLaMA", "M"),
        ("word2vec", "M"),
        ("Spring", "C"),
        ("data", ""),
        ("6.25Hz", ""),
    ],
)
def test_shape(core: str, kind: str) -> None:
    assert shape(core) == kind


@pytest.mark.parametrize(
    ("token", "cores"),
    [
        ("(GPT-4),", ["GPT-4"]),
        ("BERT-based", ["BERT"]),
        ("HumanEval/MBPP.", ["HumanEval", "MBPP"]),
        ("ViT-B/16", ["ViT-B/16"]),
        ("Whisper's", ["Whisper"]),
        ("FontNet(FN)", ["FontNet", "FN"]),
    ],
)
def test_words_of_a_token(token: str, cores: list[str]) -> None:
    words = analyse(token)
    assert [w.core for w in words] == cores
    assert all(token[w.start : w.end] == w.core for w in words)


def test_names_are_compared_without_case_blanks_hyphens() -> None:
    assert name_key("Llama-2 70B") == name_key("llama2-70b")
    assert name_key("ViTs") == name_key("ViT") != name_key("ViT-S")


def test_long_forms() -> None:
    assert long_form_before("GMN", "we train a Glyph Mixing Network".split()) == 3
    assert long_form_before("GMN", "we train a large model".split()) is None
    assert long_form_after("GMN", "Glyph Mixing Network for reading".split()) == 3
    assert long_form_after("GMN", "a network".split()) is None


def test_sizes() -> None:
    assert parameters_of("Llama-2 70B") == 7e10
    assert parameters_of("Gemma 3 270M") == 2.7e8
    assert parameters_of("BERT") is None


@pytest.mark.parametrize("names", PASSES)
def test_a_coordinated_size_is_a_model_of_its_own(names: NamesPass) -> None:
    found = find(names, "", "We evaluate llama-2-chat 7B & 70B and Qwen2.5-7B on GSM8K.")
    assert {"llama-2-chat 7B", "llama-2-chat 70B", "Qwen2.5-7B"} <= texts(found.models)
    assert {c.name: c.parameters for c in found.models}["llama-2-chat 70B"] == 7e10
    assert texts(found.datasets) == {"GSM8K"}


@pytest.mark.parametrize("names", PASSES)
def test_title_names_a_proposal(names: NamesPass) -> None:
    found = find(
        names, "GlyphMix: Blending Fonts for Robust Reading", "We propose GlyphMix, an algorithm that blends fonts."
    )
    assert texts(found.proposed) == {"GlyphMix"}
    assert not found.datasets


@pytest.mark.parametrize("names", PASSES)
def test_acronym_and_long_form_are_one_entry(names: NamesPass) -> None:
    found = find(
        names, "", "In this paper, we introduce the Handwritten Glyph Corpus (HGC), a new benchmark dataset of scripts."
    )
    (proposal,) = found.proposed
    assert (proposal.name, proposal.long_name, proposal.type) == ("HGC", "Handwritten Glyph Corpus", "dataset")
    assert texts(found.datasets) == {"HGC"}


@pytest.mark.parametrize("names", PASSES)
def test_plain_words_are_no_names(names: NamesPass) -> None:
    found = find(
        names, "A Study of Large Models", "We study how large language models (LLMs) and GANs learn with SGD on a GPU."
    )
    assert found == Names()


def test_who_won_is_said() -> None:
    found = find(ALONE, "", "We fine-tune BERT on the SQuAD dataset.")
    (model,), (dataset,) = found.models, found.datasets
    assert (model.rule, model.canonical, model.family) == ("models.bert", "BERT", "BERT")
    assert dataset.rule.startswith("datasets.")


def test_records_point_at_the_text_as_given() -> None:
    abstract = "We quantize \\textbf{LLaMA-7B} and $\\mathrm{OPT}$ on WikiText2, with 50times less memory."
    extraction = Extractor().extract(Paper(paper_id="x:1", title="", abstract=abstract))
    assert extraction.models
    for model in extraction.models:
        assert abstract[model.start : model.end] in (model.name, "LLaMA-7B")
        assert 0 <= model.confidence <= 1


def test_answers_do_not_depend_on_what_came_before() -> None:
    text = (
        "GlyphMix: Blending Fonts",
        "We present GlyphMix. On ImageNet and COCO, GlyphMix beats ResNet-50 and ViT-B/16.",
    )
    first = find(NamesPass(RULES), *text)
    find(BOTH, "Other: a title", "Whisper and LibriSpeech stand here.")
    assert find(BOTH, *text) == first


@pytest.mark.parametrize(
    "text", ["", " ", "((((", "A" * 5000, "(" * 500 + "ABC" + ")" * 500, "Aa " * 3000, "A/B" * 2000, "7B, " * 800]
)
def test_odd_text_is_survived(text: str) -> None:
    for names in (BOTH, ALONE):
        find(names, text, text)
