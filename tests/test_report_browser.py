"""The report in a real browser: Chromium without a screen, if the system has one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from extractor.report import write_report
from extractor.rulebook import load_rules
from tests.report_run import HOSTILE, hostile, many, tiny, write_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on this system (Debian: apt-get install chromium)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM)
        yield started
        started.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, rules = tmp_path_factory.mktemp("pages"), load_rules()
    runs = {"tiny": tiny(), "hostile": hostile(), "many": many(10_000), "empty": []}
    for name, papers in runs.items():
        write_report(write_run(folder / name, papers), folder / f"{name}.html", rules, title=name)
    return {name: folder / f"{name}.html" for name in runs}


class Opened:
    """A page with what its console said and what it asked for."""

    def __init__(self, browser: Browser, file: Path, fragment: str = "", **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.url = file.as_uri()
        self.page.goto(self.url + fragment)
        self.page.wait_for_selector("html[data-ready]", state="attached")

    def shown(self) -> str:
        return self.page.text_content("#shown") or ""

    def values(self) -> list[str]:
        return self.page.locator("#body tr .value").all_text_contents()

    def quote(self) -> str:
        """Return what is framed in the open evidence; other facts within may cut it in pieces."""
        return "".join(self.page.locator("#evidence-body mark.this").all_text_contents())

    def wait(self, start: str) -> None:
        """Wait until the line above the table begins so."""
        self.page.wait_for_function(
            "start => document.getElementById('shown').textContent.startsWith(start)", arg=start
        )


@pytest.fixture
def opened(browser: Browser, files: dict[str, Path]) -> Iterator[Any]:
    pages: list[Opened] = []

    def open_(name: str, fragment: str = "", **options: Any) -> Opened:
        pages.append(Opened(browser, files[name], fragment, **options))
        return pages[-1]

    yield open_
    for page in pages:
        page.context.close()


@pytest.mark.parametrize("name", ["tiny", "hostile", "many", "empty"])
def test_it_opens_without_a_complaint_and_asks_for_nothing(opened: Any, name: str) -> None:
    it = opened(name)
    it.page.wait_for_timeout(100)
    assert it.complaints == []
    assert it.requests == [it.url]
    assert it.page.title() == name


def test_ten_thousand_results_open_within_two_seconds(browser: Browser, files: dict[str, Path]) -> None:
    seconds = []
    for _ in range(5):
        it = Opened(browser, files["many"])
        seconds.append(it.page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd / 1000"))
        it.context.close()
    assert min(seconds) < 2, seconds


def test_only_rows_in_sight_are_elements(opened: Any) -> None:
    it = opened("many")
    assert it.shown() == "10,000 of 10,000 results, in 5,000 papers"
    assert 10 < it.page.locator("#body tr").count() < 60
    it.page.evaluate("document.getElementById('scroller').scrollTop = 1e9")
    it.page.wait_for_selector("#body tr[data-place='9999']")
    assert it.page.locator("#body tr").count() < 60
    it.page.locator("#body tr[data-place='9999']").click()
    assert it.page.text_content("#place") == "10,000 of 10,000"


def test_search_and_filters_change_the_rows(opened: Any) -> None:
    it = opened("tiny")
    assert it.shown().startswith("9 of 9 results, in 4 papers")
    page = it.page
    for name, value, shown in (
        ("q", "dozer FASTER", "1 of 9"),
        ("q", "arxiv:2101", "3 of 9"),
        ("q", "no such word", "None of 9"),
        ("dataset", "LibriSpeech", "3 of 9"),  # all spellings of it
        ("dataset", "libri", "3 of 9"),
    ):
        page.fill(f"#f-{name}", value)
        it.wait(shown)
        page.fill(f"#f-{name}", "")
        it.wait("9 of 9")
    for name, value, shown in (
        ("metric", "word_error_rate", "3 of 9"),
        ("kind", "share", "1 of 9"),
        ("task", "question_answering", "4 of 9"),
    ):
        page.select_option(f"#f-{name}", value)
        it.wait(shown)
        assert f"{name}={value}" in page.url
        page.select_option(f"#f-{name}", "")
        it.wait("9 of 9")
    page.locator("#f-confidence").fill("0.75")
    it.wait("7 of 9")
    page.check("#f-code")
    it.wait("2 of 9")
    page.click("#filters button[type=reset]")
    it.wait("9 of 9")
    assert page.url == it.url and not page.is_checked("#f-code")
    page.fill("#f-q", "awake 4-bit")
    it.wait("None")
    page.check("#f-abstracts")
    it.wait("3 of 9")


def test_columns_sort(opened: Any) -> None:
    it = opened("tiny", "#metric=word_error_rate")
    assert it.values() == ["4.2%", "3.9%", "5.5%"]
    head = it.page.locator("#heads button[data-column=value]")
    head.click()
    assert it.values() == ["3.9%", "4.2%", "5.5%"]
    assert it.page.locator("#heads th[aria-sort=ascending]").count() == 1
    head.click()
    assert it.values() == ["5.5%", "4.2%", "3.9%"]
    assert "sort=-value" in it.page.url
    head.click()
    assert it.values() == ["4.2%", "3.9%", "5.5%"]
    it.page.click("#filters button[type=reset]")
    it.page.locator("#heads button[data-column=baseline]").click()
    assert it.page.locator("#body tr .baseline").all_text_contents()[:4] == ["BERT", "Dozer", "Dozer", "–"]


def test_a_row_opens_its_evidence(opened: Any) -> None:
    it = opened("tiny")
    page = it.page
    page.locator("#body tr").nth(2).click()
    assert it.quote() == "2.5x faster"
    assert "row=arxiv%3A2101.00001%2F3" in page.url
    assert {"QuickTag: Tagging While Awake"} == set(page.locator("#evidence-body h2").all_text_contents())
    assert page.locator("#evidence-text mark").count() >= 6
    links = page.locator("#evidence-body .outward a").evaluate_all("all => all.map(a => [a.href, a.rel])")
    assert links == [
        ["https://arxiv.org/abs/2101.00001", "noreferrer noopener"],
        ["https://github.com/quick/tag", "noreferrer noopener"],
    ]
    page.click("#next")
    assert it.quote() == "a WER of 5.5%"
    page.keyboard.press("ArrowLeft")
    assert it.quote() == "2.5x faster"
    page.keyboard.press("Escape")
    page.wait_for_selector("#evidence", state="hidden")
    assert page.url == it.url


def test_all_of_it_by_keyboard(opened: Any) -> None:
    it = opened("tiny")
    page = it.page
    page.locator("#heads button").last.focus()
    page.keyboard.press("Tab")
    for key in ("ArrowDown", "ArrowDown", "End", "ArrowUp", "Home", "ArrowDown"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.dataset.place") == "1"
    page.keyboard.press("Enter")
    assert it.quote() == "Dozer with 3.9%"
    assert page.evaluate("document.getElementById('evidence').contains(document.activeElement)")
    page.keyboard.press("Escape")
    page.wait_for_selector("#evidence", state="hidden")
    assert page.evaluate("document.activeElement.dataset.place") == "1"


def test_addresses_lead_to_filters_and_rows(opened: Any) -> None:
    it = opened("tiny", "#metric=accuracy&dataset=SQuAD&sort=-confidence&row=doi%3A10.1234%2Fdoze%2F2")
    assert it.shown().startswith("3 of 9")
    assert it.quote() == "88 on SQuAD with fewer labels"
    assert it.page.input_value("#f-metric") == "accuracy" and it.page.input_value("#f-dataset") == "SQuAD"
    it.page.keyboard.press("Escape")
    it.page.evaluate("location.hash = '#kind=ratio'")
    it.wait("1 of 9")
    for wrong in ("#row=nothing/1", "#metric=nothing", "#confidence=x&q=%E0", "#plots", "#=&&=", "#sort=nothing"):
        other = opened("tiny", wrong)
        assert other.complaints == [] and "of 9 results" in other.shown(), wrong


def test_plots_lead_to_rows(opened: Any) -> None:
    it = opened("tiny")
    it.page.locator("#plot-ratio a", has_text="speedup").click()
    it.wait("1 of 9")
    assert it.page.input_value("#f-metric") == "speedup"
    it.page.select_option("#level-metric", "plot-level-word_error_rate")
    assert it.page.is_visible("#plot-level-word_error_rate") and not it.page.is_visible("#plot-level-accuracy")
    it.page.locator("#plot-level-word_error_rate circle").first.click()
    assert "WER" in (it.quote())


def test_leaderboards(opened: Any) -> None:
    it = opened("tiny")
    page = it.page
    page.select_option("#b-metric", "word_error_rate")
    assert page.text_content("#boards-shown") == "1 data set; lower is better"
    assert page.locator("#boards li button").all_text_contents() == ["3.9%", "4.2%", "5.5%"]
    page.locator("#boards li button").nth(1).click()
    assert it.quote() == "a WER of 4.2%"
    page.keyboard.press("Escape")
    page.locator("#boards a").first.click()
    it.wait("3 of 9")
    page.select_option("#b-metric", "accuracy")
    assert page.locator("#boards li button").all_text_contents() == ["0.912", "90.5%", "88"]
    page.fill("#b-dataset", "nothing")
    assert page.locator("#boards article").count() == 0


@pytest.mark.parametrize("width", [375, 1280])
def test_hostile_texts_do_no_harm(opened: Any, width: int) -> None:
    it = opened("hostile", viewport={"width": width, "height": 800})
    page = it.page
    fits = "document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(fits)
    for number in range(len(HOSTILE)):
        page.locator(f"#body tr[data-place='{number}']").click()
        assert it.quote() == f"accuracy of {number}.5%"
        text = page.text_content("#evidence-text") or ""
        assert text.startswith(HOSTILE[number])
        assert page.evaluate("document.getElementById('evidence').scrollWidth <= document.getElementById('evidence').clientWidth")  # fmt: skip
        page.locator("#evidence-text").hover()
        page.keyboard.press("Escape")
    page.fill("#f-q", "window.harmed")
    it.wait("6 of 9")
    page.fill("#f-q", "")
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate(fits)
    assert page.evaluate("window.harmed") is None
    assert page.locator("img, iframe, a[href^='javascript']").count() == 0
    assert it.complaints == [] and it.requests == [it.url]


def test_right_to_left_runs_from_the_right(opened: Any) -> None:
    it = opened("hostile")
    place = next(n for n, text in enumerate(HOSTILE) if text.startswith("نموذج"))
    it.page.locator(f"#body tr[data-place='{place}']").click()
    style = "e => getComputedStyle(e).direction"
    assert it.page.locator("#evidence-text").evaluate(style) == "rtl"
    assert it.page.locator("#evidence-body dd").first.evaluate(style) == "ltr"


CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).slice(0, 3).map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const mix = (over, under) => {
    const [r, g, b, a = 1] = numbers(over), below = numbers(under);
    return `rgb(${[r, g, b].map((c, i) => c * a + below[i] * (1 - a)).join(',')})`;
  };
  const behind = (element) => {
    if (!element) return getComputedStyle(document.body).backgroundColor;
    const own = getComputedStyle(element).backgroundColor;
    const [, , , a = 1] = numbers(own);
    return a === 1 ? own : mix(own, behind(element.parentElement));
  };
  const worst = [];
  for (const element of document.querySelectorAll('body *')) {
    if (![...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !element.checkVisibility()) continue;
    if (['SCRIPT', 'STYLE', 'TITLE', 'OPTION'].includes(element.tagName.toUpperCase()) || element.disabled) continue;
    const style = getComputedStyle(element);
    const colour = element.namespaceURI.endsWith('svg') ? style.fill : style.color;
    const [one, other] = [light(colour), light(behind(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) worst.push([ratio.toFixed(2), element.tagName, element.className.toString(), element.textContent.slice(0, 30)]);
  }
  return worst;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_in_light_and_dark(opened: Any, scheme: str) -> None:
    it = opened("tiny", color_scheme=scheme)
    assert it.page.evaluate(CONTRAST) == []
    it.page.locator("#body tr").first.click()
    assert it.page.evaluate(CONTRAST) == []
    back = it.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (back == "rgb(255, 255, 255)") == (scheme == "light")


def test_everything_has_a_name(opened: Any) -> None:
    page = opened("tiny").page
    nameless = page.evaluate("""() => [...document.querySelectorAll('input, select, button, a, svg.plot, section, dialog, [role=grid]')]
      .filter((e) => {
        const by = (e.getAttribute('aria-labelledby') || '').split(' ').map((id) => document.getElementById(id)?.textContent || '').join('');
        const own = e.getAttribute('aria-label') || e.textContent.trim() || [...(e.labels || [])].map((l) => l.textContent.trim()).join('');
        return !(e.matches('input, select') ? [...(e.labels || [])].length : by || own);
      }).map((e) => e.outerHTML.slice(0, 100))""")
    assert nameless == []
    assert page.locator("figure").count() == page.locator("figure > p[id$=-alt]").count()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_on_a_phone(opened: Any) -> None:
    it = opened("tiny", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = it.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("#body tr").first.evaluate("e => e.scrollWidth <= innerWidth")
    page.select_option("#f-sort", "-value")
    page.wait_for_function("() => document.querySelector('#body .value').textContent === '97%'")
    page.locator("#body tr").first.tap()
    assert it.quote() == "keeps 97% of the accuracy"
    page.locator("#close").tap()
    page.wait_for_selector("#evidence", state="hidden")


def test_without_script_counts_and_plots_remain(browser: Browser, files: dict[str, Path]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(files["tiny"].as_uri())
    assert "need JavaScript" in page.inner_text("#overview")
    assert page.is_visible("#plot-ratio svg") and page.is_visible("#plot-level-word_error_rate")
    context.close()
