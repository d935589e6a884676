"""The wall in a real browser: search, narrow, come back to the same place, by mouse and by keys."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_journeys import paint, save


def shown(page: Page) -> list[str | None]:
    """The works on the wall, in order."""
    page.locator(".card").first.wait_for()
    return [link.get_attribute("href") for link in page.locator(".card a").all()]


def test_a_search_is_in_the_address_and_back_brings_the_whole_wall(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    whole = shown(page)
    verse = page.locator(".card .verse .line").first.inner_text()
    page.get_by_role("searchbox").fill(verse[1:4])
    page.keyboard.press("Enter")
    expect(page.locator(".chosen")).to_contain_text("found:")
    found = shown(page)
    assert 0 < len(found) < len(whole)
    page.reload()
    assert shown(page) == found
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("")
    assert shown(page) == whole
    page.go_forward()
    assert shown(page) == found


def test_facets_combine_and_each_can_be_taken_away_again(page: Page, site: str) -> None:
    page.goto(f"{site}/zh/")
    page.locator("summary").click()
    page.locator(".sieve").get_by_role("link", name=re.compile("七绝")).click()
    page.locator(".pills").get_by_role("link", name=re.compile("^诗 ")).click()
    expect(page).to_have_url(re.compile("kind=poem.*form="))
    count = int(page.locator(".pill[aria-current] .count").first.inner_text())
    assert len(shown(page)) == int(page.locator(".filters [aria-current] .count").inner_text()) == count
    expect(page.locator(".card .verse.length-7.columns-4")).to_have_count(count)
    page.get_by_role("link", name="去掉条件：七绝").click()
    expect(page).to_have_url(f"{site}/zh/?kind=poem")


def test_a_name_leads_to_its_wall_which_its_address_brings_back_to_anybody(
    page: Page, browser: Browser, site: str
) -> None:
    page.goto(f"{site}/en/?kind=scroll")
    page.locator(".card a").first.click()
    page.locator(".by a").click()
    expect(page).to_have_url(re.compile("/en/\\?signature="))
    expect(page.locator(".chosen")).to_contain_text("signed ")
    signed = shown(page)
    page.locator(".sieve").get_by_role("link", name=re.compile("Pictures with a poem")).click()
    expect(page).to_have_url(re.compile("signature=.*poem=1"))
    both = shown(page)
    assert 0 < len(both) < len(signed)
    page.reload()
    assert shown(page) == both
    page.go_back()
    assert shown(page) == signed
    page.go_forward()
    assert shown(page) == both
    stranger = browser.new_context()
    other = stranger.new_page()
    other.goto(page.url)
    assert shown(other) == both
    stranger.close()


def test_an_exhibition_leads_to_its_wall_and_narrows_it_with_the_rest(page: Page, site: str) -> None:
    page.goto(f"{site}/show/first-light")
    page.get_by_role("link", name="See them on the wall").click()
    expect(page).to_have_url(f"{site}/en/?show=first-light")
    hung = shown(page)
    page.locator(".filters .pills").get_by_role("link", name=re.compile("^Verse ")).click()
    verse = shown(page)
    assert 0 < len(verse) < len(hung)
    page.get_by_role("link", name=re.compile("^Remove hanging in")).click()
    expect(page).to_have_url(f"{site}/en/?kind=poem")
    assert set(verse) < set(shown(page))


def test_the_wall_is_walked_by_keys(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    second = shown(page)[1]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.pathname") == second
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}{second}")
    page.go_back()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("j/k")
    expect(page.get_by_role("searchbox")).to_have_value("j/k")


def test_coming_back_from_a_work_finds_the_place(page: Page, site: str) -> None:
    page.goto(f"{site}/en/?sort=random&seed=9")
    before = shown(page)
    page.evaluate("scrollTo(0, 1400)")
    card = page.locator(".card a").nth(10)
    card.scroll_into_view_if_needed()
    top = card.bounding_box()
    card.click()
    page.get_by_role("link", name="Back to the wall").click()
    assert shown(page)[: len(before)] == before
    page.wait_for_timeout(800)
    again = page.locator(".card a").nth(10).bounding_box()
    assert top is not None
    assert again is not None
    assert abs(top["y"] - again["y"]) < 40


def test_coming_back_finds_what_was_fetched_and_the_address_follows_it(page: Page, site: str) -> None:
    paint(page, site, seed="300")
    save(page, "One more")
    page.goto(f"{site}/en/")
    expect(page.locator(".card")).to_have_count(40)
    page.locator(".more a").click()
    expect(page.locator(".card").nth(40)).to_be_visible()
    last = page.locator(".card").last
    last.scroll_into_view_if_needed()
    page.mouse.wheel(0, 3000)
    expect(page).to_have_url(re.compile("cursor=newest-0.0-"))
    whole = shown(page)
    last.locator("a").click()
    page.locator("h1").wait_for()
    page.go_back()
    expect(page.locator(".card")).to_have_count(len(whole))
    assert shown(page) == whole
    expect(page.locator(".card").last).to_be_in_viewport()


ODD = [
    "/en/?form=%E4%B8%83%E7%BB%9D&rated=no",
    "/zh/?q=zzzz",
    "/en/?q=%22",
    "/zh/?sort=best&q=%E5%B1%B1",
    "/en/?show=first-light&parents=1",
]


@pytest.mark.parametrize("address", ODD)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_a_narrowed_wall(browser: Browser, site: str, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(site + address)
    page.locator("footer.colophon").wait_for()
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")] == []
    assert wide <= 360


def test_the_wall_can_be_read_and_searched_without_a_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(site)
    page.get_by_role("searchbox").fill("shanshui")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".chosen")).to_contain_text("found:")
    expect(page.locator(".card img").first).to_be_visible()
    context.close()
