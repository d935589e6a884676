"""What is between works, in a real browser: a family walked through by arrow keys, works set side by side."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def family(page: Page, site: str) -> str:
    """The address of the family of a scroll, which comes from a painting and a poem."""
    page.goto(f"{site}/en/?kind=scroll")
    page.locator(".card a").first.click()
    page.get_by_role("link", name="The whole family").click()
    page.locator(".kin").wait_for()
    return page.url


def test_arrows_go_from_work_to_work_and_enter_opens_one(page: Page, family: str) -> None:
    own = page.locator(".kin [aria-current]")
    own.focus()
    page.keyboard.press("ArrowUp")
    first = page.locator(".node:focus")
    expect(first).to_have_class(re.compile("node (painting|poem)"))
    other = {"node painting": "node poem", "node poem": "node painting"}[str(first.get_attribute("class")).strip()]
    assert page.locator("path.lit").count() >= 1
    page.keyboard.press("ArrowRight")
    expect(page.locator(".node:focus")).to_have_class(other)
    page.keyboard.press("ArrowDown")
    expect(own).to_be_focused()
    page.keyboard.press("ArrowUp")
    opened = first.get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(family.split("/work/")[0] + str(opened))


def test_the_family_is_one_stop_for_the_tab_key(page: Page, family: str) -> None:
    assert page.locator(".kin [tabindex='0']").count() == 1
    page.locator(".kin [aria-current]").focus()
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    expect(page.locator("summary")).to_be_focused()
    expect(page.locator(".outline a").first).to_be_hidden()
    page.keyboard.press("Enter")
    expect(page.locator(".outline a")).to_have_count(page.locator(".kin a").count() - 1)


def test_without_a_script_the_family_is_an_outline(browser: Browser, family: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(family)
    expect(page.locator(".outline a").first).to_be_visible()
    expect(page.locator(".kin")).to_be_hidden()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_a_family_on_a_phone(browser: Browser, family: str, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(family)
    page.locator(".kin").wait_for()
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")] == []
    assert wide <= 360


def test_works_are_chosen_by_a_key_and_set_side_by_side(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?kind=painting")
    page.locator(".card").first.wait_for()
    expect(page.locator("#compare")).to_be_hidden()
    for key in "jxjxjxjxjx":
        page.keyboard.press(key)
    expect(page.locator("#compare")).to_contain_text("4 chosen")
    expect(page.locator(".pick :checked")).to_have_count(4)
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(page.locator("#compare")).to_contain_text("3 chosen")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".beside-each-other li")).to_have_count(3)
    expect(page.locator(".values tr", has_text="seed")).to_be_visible()


def test_stars_are_given_by_a_key(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?kind=painting")
    page.locator(".card a").nth(5).click()
    page.locator(".stars").wait_for()
    page.keyboard.press("4")
    expect(page.locator(".stars [aria-pressed=true]")).to_have_attribute("value", "4")
    page.keyboard.press("2")
    expect(page.locator(".score")).to_contain_text("You gave 2 stars")
    page.get_by_role("button", name="Withdraw my rating").click()
    expect(page.locator(".score")).to_contain_text("shows once you have given yours")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_where_works_are_chosen_and_compared(
    browser: Browser, site: str, scheme: str
) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    for address in ("/en/", "/zh/compare?ids=1,2,3"):
        page.goto(site + address)
        if address == "/en/":
            page.locator(".pick input").first.check()
        found = Axe().run(page).response["violations"]
        bad = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")]
        assert (address, bad) == (address, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
