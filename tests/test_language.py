"""Languages of papers."""

from __future__ import annotations

import pytest

import extractor
from extractor.passes.language import LanguagePass
from extractor.rulebook import load_rules

TELL = LanguagePass(load_rules())


@pytest.mark.parametrize(
    ("title", "abstract", "code"),
    [
        ("A Tagger", "We show that the tagger is fast.", "en"),
        ("Un étiqueteur", "Dans cet article, nous présentons un étiqueteur pour le français et les langues voisines.", "fr"),
        ("Ein Tagger", "Wir zeigen, dass der Tagger schnell ist und mit wenigen Daten auskommt.", "de"),
        ("Un etiquetador", "En este trabajo se presenta un etiquetador para el español y las lenguas vecinas.", "es"),
        ("标注器", "本文提出的方法对数据的要求是很低的。", "zh"),
        ("", "", None),
        ("Glyph", "Glyph shapes", None),
        ("1 2 3", "4 5 6 7 8", None),
    ],
)  # fmt: skip
def test_language(title: str, abstract: str, code: str | None) -> None:
    assert TELL(title, abstract) == code


def test_a_beginning_that_does_not_decide_is_read_on() -> None:
    assert TELL("", "Glyph " * 100 + "is the shape of a letter in a font that we draw") == "en"
    assert TELL("", "Glyph " * 10_000 + "is the shape of a letter in a font that we draw") is None


def test_numbers_and_links_of_a_french_paper_are_extracted() -> None:
    facts = extractor.extract(
        title="GlyphNet : un réseau pour les lettres",
        abstract="Nous présentons GlyphNet, dont le code est sur https://github.com/glyphs/glyphnet et qui atteint "
        "une F-mesure (F1) de 91,5% avec des poids sur 4 bits pour les langues de Suisse.",
    )
    assert facts.language == "fr"
    assert [link.repo for link in facts.links] == ["glyphnet"]
