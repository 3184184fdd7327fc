"""Links: found, repaired, classified."""

import pytest

from extractor.document import Document
from extractor.passes.links import LinkPass
from extractor.rulebook import load_rules
from extractor.rulebook.hosts import HostRule
from extractor.text.clean import load_cleaner

RULES = load_rules()
CLEANER = load_cleaner(RULES.table("latex"))
LINKS = LinkPass(RULES)


def links(abstract: str, title: str = "A Title") -> list[tuple[str, str, str | None, str | None]]:
    found = LINKS(Document(title, abstract, CLEANER))
    return [(link.url, link.kind, link.owner, link.repo) for link in found]


REPAIRED = {
    "Code: https://github.com/lab/tool.": "https://github.com/lab/tool",
    "(see https://github.com/lab/tool).": "https://github.com/lab/tool",
    "Code at https://github.com/lab/tool, which helps.": "https://github.com/lab/tool",
    "Code at https: //github.com/lab/tool.": "https://github.com/lab/tool",
    "Code at https:// github. com/lab/tool here.": "https://github.com/lab/tool",
    "Code at https: // github. com/ lab/ my-tool .": "https://github.com/lab/my-tool",
    "Code at https://github.com/lab/ tool.": "https://github.com/lab/tool",
    "Code at https://github.com/lab /tool.": "https://github.com/lab/tool",
    "Code at github.com/lab/my\\_tool.": "https://github.com/lab/my_tool",
    "Code at www.github.com/lab/tool .": "https://www.github.com/lab/tool",
    "Site: lab-tool.github. io.": "https://lab-tool.github.io",
    "Code at \\url{https://github.com/lab/tool}We go on.": "https://github.com/lab/tool",
    "Code at \\href{https://github.com/lab/tool}{GitHub}.": "https://github.com/lab/tool",
    "Code at \\href{https://github.com/lab/tool}{https://github.com/lab/tool}.": "https://github.com/lab/tool",
    "Code at [https://github.com/lab/tool](https://github.com/lab/tool).": "https://github.com/lab/tool",
    "Code at <https://github.com/lab/tool>.": "https://github.com/lab/tool",
    "Code at magentahttps://github.com/lab/tool.": "https://github.com/lab/tool",
    "Code at https://github$.$com/lab/tool": "https://github.com/lab/tool",
    "Code at https://github.com/lab/tool.The results hold.": "https://github.com/lab/tool",
    "Page: \\url{https://lab.github.io}Code soon.": "https://lab.github.io",
    "Page: https://lab.github.ioCode soon.": "https://lab.github.io",
    'Code at "https://github.com/lab/tool".': "https://github.com/lab/tool",
    "Code at https://github.com/lab/tool/tree/main?x=1#top.": "https://github.com/lab/tool/tree/main?x=1#top",
    "Data at http://nlp.lab-one.edu/sets/v1.0/.": "http://nlp.lab-one.edu/sets/v1.0/",
    "Data at www. lab-one.org.": "https://www.lab-one.org",
    "The demo (lab-one.edu/demo) runs.": "https://lab-one.edu/demo",
    "It is available at demo.lab-one.edu.": "https://demo.lab-one.edu",
    "Data at http:///sets.lab-one.edu/a.html.": "http://sets.lab-one.edu/a.html",
}


@pytest.mark.parametrize(("text", "url"), REPAIRED.items())
def test_repaired(text: str, url: str) -> None:
    assert [link[0] for link in links(text)] == [url]


@pytest.mark.parametrize(
    "text",
    [
        "Reviews from Booking.com and posts on Last.fm are noisy.",
        "We work with Node.js, e.g.in practice, and version 2.0.in tests.",
        "Streaming over HTTP/3 and https is common; write to someone@lab.edu.",
        "Code will be available on github.com soon, or at this https URL.",
        "See arXiv:2301.00001 and communities on forum.org for background.",
        "We end.It is good.At least.",
        "",
    ],
)
def test_no_link(text: str) -> None:
    assert links(text) == []


def test_kinds() -> None:
    assert links("https://github.com/lab/tool.git")[0][1:] == ("github", "lab", "tool")
    assert links("https://github.com/lab")[0][1:] == ("github", "lab", None)
    assert links("https://gitlab.com/lab/tool/-/tree/x")[0][1:] == ("gitlab", "lab", "tool")
    assert links("https://huggingface.co/datasets/lab/signs")[0][1:] == ("huggingface", "lab", "signs")
    assert links("https://lab.github.io/tool/")[0][1:] == ("project_page", None, None)
    assert links("https://anonymous.4open.science/r/Tool-12AB")[0][1:] == ("other", None, None)
    assert links("https://anonymous.4open.science/w/Tool-12AB")[0][1:] == ("project_page", None, None)
    assert links("https://tool.lab-one.edu")[0][1] == "project_page"


def test_two_links_and_their_evidence() -> None:
    abstract = "Data: https://huggingface.co/datasets/lab/a\\_b and code: https: //github.com/lab/tool."
    document = Document("T", abstract, CLEANER)
    found = LINKS(document)
    assert [link.kind for link in found] == ["huggingface", "github"]
    for link in found:
        evidence = document.evidence(link.start, link.end)
        assert abstract[evidence.start : evidence.end] == evidence.quote
    assert document.evidence(found[0].start, found[0].end).quote == "https://huggingface.co/datasets/lab/a\\_b"


def test_glued_addresses() -> None:
    text = "Code: https://github.com/lab/tool,https://lab.github.io/tool"
    assert [link[0] for link in links(text)] == ["https://github.com/lab/tool", "https://lab.github.io/tool"]


def test_link_in_title_stops_there() -> None:
    assert links("/lab/tool is ours.", "Tool at https://lab.github.io")[0][0] == "https://lab.github.io"


@pytest.mark.parametrize("rule", RULES.section("hosts", HostRule), ids=lambda rule: rule.id)
def test_examples(rule: HostRule) -> None:
    def hit(text: str) -> bool:
        found = links(text)
        return bool(found) and (rule.kind is None or rule is LINKS._rule(*_parts(found[0][0])))

    assert all(hit(example) for example in rule.examples)
    assert not any(hit(example) for example in rule.counter_examples)


def _parts(url: str) -> tuple[str, str]:
    host, _, path = url.split("://", 1)[1].partition("/")
    return host, "/" + path


@pytest.mark.parametrize("junk", ["https://" * 2000, "a." * 20000, "https://x.io/" + "(" * 5000, "www." * 5000])
def test_bounded(junk: str) -> None:
    links(junk)
