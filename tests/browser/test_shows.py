"""Exhibitions in a real browser: walked through by arrow keys and without a script, and by axe on a narrow screen."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_desk import sign_in

SHOW = "/show/first-light"


def test_walk_through_by_arrow_keys(page: Page, site: str) -> None:
    page.goto(f"{site}/en/shows")
    page.get_by_role("link", name="First light").click()
    page.wait_for_url(f"**{SHOW}")
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**{SHOW}/room1")
    expect(page.get_by_role("heading", name="One number, one painting")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**{SHOW}/1")
    expect(page.locator(".on-wall img")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**{SHOW}/room1")


def test_it_is_read_and_walked_without_a_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}{SHOW}")
    expect(page.get_by_role("heading", level=1)).to_have_text("初见")
    page.get_by_role("link", name="步入展厅").click()
    page.get_by_role("link", name="下一站").click()
    page.get_by_role("link", name="近看这件作品").click()
    page.get_by_role("link", name="初见").click()
    expect(page.locator(".walk")).to_be_visible()
    context.close()


def test_prepare_and_open_one_by_keys(page: Page, site: str, desk: str) -> None:
    sign_in(page, desk)
    page.goto(f"{desk}/shows")
    page.get_by_text("Begin an exhibition").click()
    page.get_by_label("Title in English").fill("Winter hills")
    page.get_by_label("Address").fill("winter-hills")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Works by number").fill("3 1 2")
    page.keyboard.press("Enter")
    expect(page.locator(".ordered li")).to_have_count(3)
    page.locator(".ordered li").last.get_by_role("button").first.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".ordered li").nth(1)).to_have_attribute("id", "w2")
    page.get_by_role("button", name="Open as version 1").click()
    page.goto(f"{site}/show/winter-hills")
    expect(page.locator(".line li")).to_have_count(3)
    assert [one.get_attribute("href") for one in page.locator(".line a").all()] == [
        f"/show/winter-hills/{n}" for n in (3, 2, 1)
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_it_fits_every_screen(
    browser: Browser, site: str, desk: str, scheme: str
) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", locale="en-GB")
    page, found = context.new_page(), list[Any]()
    sign_in(page, desk)
    page.goto(f"{desk}/shows")
    first = page.get_by_role("link", name="First light").get_attribute("href")
    paths = ["/en/shows", SHOW, f"{SHOW}/room1", f"{SHOW}/1", "/desk/shows", str(first), f"{first}/preview"]
    for width in (360, 1360):
        page.set_viewport_size({"width": width, "height": 740})
        for path in paths:
            page.goto(f"{site}{path}")
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            page.wait_for_timeout(400)
            found += Axe().run(page).response["violations"] if width == 360 else []
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
    assert [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")] == []
