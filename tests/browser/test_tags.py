"""Tags and kept searches in a real browser: tagged by a key, found by a visitor, kept as a collection, by axe."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.test_desk import press, sign_in


def test_a_curator_tags_by_a_key_and_a_visitor_finds_the_work_by_it(page: Page, desk: str, browser: Browser) -> None:
    sign_in(page, desk)
    page.goto(desk)
    work = str(page.locator(".judging h2 a").get_attribute("href"))
    page.keyboard.press("t")
    expect(page.get_by_label("Tag", exact=True)).to_be_focused()
    page.keyboard.type("雪景")
    page.keyboard.press("Enter")
    expect(page.locator(".told")).to_contain_text("Tagged “雪景”.")
    page.keyboard.press("Escape")
    press(page, "j")
    visitor = browser.new_page(locale="en-GB")
    visitor.goto(f"{desk.removesuffix('/desk')}/en/")
    visitor.get_by_role("searchbox").fill("xuejing")
    visitor.keyboard.press("Enter")
    visitor.locator(f'.card a[href="{work}"]').click()
    visitor.locator(".work-tags a").click()
    expect(visitor.locator(".chosen")).to_contain_text("雪景")
    expect(visitor.locator(f'.card a[href="{work}"]')).to_be_visible()
    visitor.get_by_text("All tags").click()
    expect(visitor.locator(".tag-leaves .title", has_text="雪景")).to_be_visible()
    visitor.close()


def test_a_search_is_narrowed_and_kept_as_a_collection(page: Page, desk: str) -> None:
    sign_in(page, desk)
    page.goto(f"{desk}/find?kind=poem")
    page.get_by_text("Narrow", exact=True).first.click()
    page.get_by_label("Form").select_option(index=1)
    page.get_by_label("Score at least").fill("2")
    page.get_by_role("button", name="Narrow").click()
    shown = page.locator(".picks li").count()
    assert shown
    page.get_by_text("Keep this search as a collection").click()
    page.get_by_label("Title in English").fill("Quatrains that stay")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", name="Quatrains that stay")).to_be_visible()
    expect(page.locator(".kept-by")).to_contain_text("score from 2")
    expect(page.locator(".ordered li")).to_have_count(shown)
    expect(page.locator(".moves")).to_have_count(0)


def test_a_blur_holds_the_place_of_a_picture_that_is_on_its_way(page: Page, site: str) -> None:
    waiting, held = list[Route](), [True]
    page.route("**/media/*", lambda route: waiting.append(route) if held else route.continue_())
    page.goto(f"{site}/en/?kind=painting", wait_until="domcontentloaded")
    picture = page.locator(".card img").first
    expect(picture).to_have_attribute("style", re.compile("data:image/png"))
    held.clear()
    for one in waiting:
        one.continue_()
    expect(picture).to_have_attribute("style", "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_it_fits_a_narrow_screen(browser: Browser, desk: str, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", locale="en-GB")
    page = context.new_page()
    sign_in(page, desk)
    page.goto(f"{desk}/work/1")
    page.get_by_label("Tag", exact=True).fill(f"A long name of a tag, {scheme}")
    page.get_by_role("button", name="Tag it").click()
    expect(page.get_by_role("status").first).to_contain_text("Tagged.")
    page.set_viewport_size({"width": 360, "height": 740})
    found, site = [], desk.removesuffix("/desk")
    for one in (f"{desk}/tags", f"{desk}/find?kind=poem", f"{desk}/work/1", f"{site}/en/tags", f"{site}/work/1"):
        page.goto(one)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.wait_for_timeout(300)
        found += Axe().run(page).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
    assert [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")] == []
