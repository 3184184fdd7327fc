import pytest

from extractor.sources.ids import best_id, doi_id, known_id, openreview_id, text_id, url_id


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("2401.01234", "arxiv:2401.01234"),
        ("2401.01234v3", "arxiv:2401.01234"),
        ("arXiv:0704.0001", "arxiv:0704.0001"),
        ("hep-th/9901001", "arxiv:hep-th/9901001"),
        ("math.GT/0309136", "arxiv:math/0309136"),
        ("math/0309136v2", "arxiv:math/0309136"),
        ("2020.acl-main.44", "acl:2020.acl-main.44"),
        ("p19-1001", "acl:P19-1001"),
        ("10.1000/XYZ.5", "doi:10.1000/xyz.5"),
        ("doi:10.1000/xyz.5", "doi:10.1000/xyz.5"),
        ("10.48550/arXiv.2401.01234", "arxiv:2401.01234"),
        ("10.18653/v1/2020.acl-main.44", "acl:2020.acl-main.44"),
        ("openreview:aBc_12-x", "openreview:aBc_12-x"),
        ("17", None),
        ("hf-005", None),
        ("mykey:2020acl-main-44", None),
        ("1" * 10_000, None),
    ],
)
def test_known_ids(given: str, wanted: str | None) -> None:
    assert known_id(given) == wanted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("https://arxiv.org/abs/2401.01234v2", "arxiv:2401.01234"),
        ("http://www.arxiv.org/pdf/2401.01234.pdf", "arxiv:2401.01234"),
        ("https://arxiv.org/abs/hep-th/9901001", "arxiv:hep-th/9901001"),
        ("https://aclanthology.org/2020.acl-main.44/", "acl:2020.acl-main.44"),
        ("https://www.aclweb.org/anthology/P19-1001.pdf", "acl:P19-1001"),
        ("https://openreview.net/forum?id=aBc_12-x", "openreview:aBc_12-x"),
        ("https://openreview.net/pdf?id=aBc_12-x&name=pdf", "openreview:aBc_12-x"),
        ("https://openreview.net/pdf/0123456789abcdef0123456789abcdef.pdf", None),
        ("https://doi.org/10.1000/XYZ.5", "doi:10.1000/xyz.5"),
        ("https://example.org/abs/2401.01234", None),
        ("not a url", None),
    ],
)
def test_url_ids(given: str, wanted: str | None) -> None:
    assert url_id(given) == wanted


def test_the_preferred_id_wins() -> None:
    assert best_id(["doi:10.1/x", None, "arxiv:2401.01234", "acl:P19-1001"]) == "arxiv:2401.01234"
    assert best_id([None]) is None


def test_no_path_gets_into_an_id() -> None:
    assert openreview_id("../../etc/passwd") is None
    assert known_id("../../2401.01234") is None
    assert doi_id("10.1000/../../x") == "doi:10.1000/../../x"  # an id is text; no file is ever named after it


def test_text_id_ignores_case_width_and_spacing() -> None:
    assert text_id("A  Title", "An abstract.") == text_id("a title ", "An\nabstract.")
    assert text_id("ﬁne", "x") == text_id("fine", "x")
    assert text_id("a", "bc") != text_id("ab", "c")
    assert text_id("a", "b").startswith("sha1:") and len(text_id("a", "b")) == 21
