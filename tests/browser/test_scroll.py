"""The Scroll page in a real browser: choose from the wall, mount, ask the other network, sign, hang, print."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import choose

SCROLL = "figure.mounted img"


def open_page(page: Page, site: str, query: str = "") -> str:
    """Open the page, wait for the first scroll, and return its picture."""
    page.goto(f"{site}/en/scroll{query}")
    page.locator(SCROLL).wait_for()
    return str(page.locator(SCROLL).get_attribute("src"))


def chosen(page: Page, kind: str) -> str:
    return page.locator(f"#{kind}s input:checked").input_value()


def hang(page: Page, title: str, signature: str) -> int:
    page.locator("#sign input, #sign textarea").fill(signature)
    expect(page.locator("figure.mounted figcaption")).to_contain_text(signature)
    page.locator("#title input, #title textarea").fill(title)
    page.locator("#save").click()
    link = page.locator("#kept a")
    expect(link).to_have_css("text-decoration-line", "underline")
    return int(str(link.get_attribute("href")).split("/")[-1])


def test_a_scroll_is_made_from_the_wall_and_hung(page: Page, site: str) -> None:
    first = open_page(page, site)
    for strip in page.locator(".offered .row").all():  # the strip is as wide as its column
        assert strip.evaluate("(one) => one.clientWidth / one.closest('.column').clientWidth") > 0.95
    page.locator("#paintings input").nth(2).check(force=True)
    expect(page.locator(SCROLL)).not_to_have_attribute("src", first)
    parents = {chosen(page, kind) for kind in ("painting", "poem")}
    number = hang(page, "A scroll from the wall", "阿宁")
    page.goto(f"{site}/work/{number}")
    lineage = page.locator(".lineage").first.locator("a")  # similar works stand below
    expect(lineage).to_have_count(2)
    assert {a.get_attribute("href") for a in lineage.all()} == {f"/work/{one}" for one in parents}
    expect(page.locator("dl.recipe")).to_contain_text("阿宁题")
    page.locator("[data-again]").click()
    expect(page.locator(".verdict")).to_contain_text("Identical")
    with page.expect_download() as paper:
        page.get_by_role("link", name="Download PDF for print").click()
    assert paper.value.suggested_filename == "A scroll from the wall.pdf"
    page.goto(f"{site}/en/?kind=scroll")
    expect(page.locator(f".card a[href='/work/{number}'] img")).to_be_visible()


def test_every_choice_of_the_mounting_shows_at_once(page: Page, site: str) -> None:
    before = open_page(page, site)
    for name in ("Handscroll", "Celadon", "Regular", "Red on paper"):
        choose(page.get_by_label(name, exact=True))
        expect(page.locator(SCROLL)).not_to_have_attribute("src", before)
        before = str(page.locator(SCROLL).get_attribute("src"))
    assert int(str(page.locator(SCROLL).get_attribute("width"))) > int(
        str(page.locator(SCROLL).get_attribute("height"))
    )


def test_the_poet_writes_for_a_painting_and_its_poem_is_mounted(page: Page, site: str) -> None:
    before = open_page(page, site)
    page.locator("#ask-poem").click()
    expect(page.locator("#said")).to_contain_text(re.compile("wrote 3 poems"))
    expect(page.locator("#poems .offer").first).to_contain_text("draft")
    expect(page.locator("#poems input").first).to_be_checked()
    expect(page.locator(SCROLL)).not_to_have_attribute("src", before)


def test_the_painter_paints_for_a_poem_and_the_work_pages_lead_here(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?kind=poem&order=best")
    page.locator(".card a").first.click()
    page.get_by_role("link", name="Put it on a painting").click()
    page.locator(SCROLL).wait_for()
    assert chosen(page, "poem") in page.url
    before = str(page.locator(SCROLL).get_attribute("src"))
    page.locator("#ask-painting").click()
    expect(page.locator("#said")).to_contain_text(re.compile("painted 3"))
    expect(page.locator(SCROLL)).not_to_have_attribute("src", before)


@pytest.mark.parametrize(
    ("query", "title", "sentence"),
    [("?painting=99999", "T", "no work number 99999"), ("?poem=1", "T", "is not a poem"), ("", "", "needs a title")],
)
def test_bad_input_gets_one_clear_sentence(page: Page, site: str, query: str, title: str, sentence: str) -> None:
    page.goto(f"{site}/en/scroll{query}")
    if not title:
        page.locator(SCROLL).wait_for()
        page.locator("#save").click()
    expect(page.get_by_role("alert").filter(has_text=sentence)).to_have_count(1)


@pytest.mark.parametrize("width", [360, 1360])
def test_the_page_is_clean_for_those_who_cannot_see_it_and_fits(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, site)
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("#paintings input:checked").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#paintings input").nth(1)).to_be_checked()
