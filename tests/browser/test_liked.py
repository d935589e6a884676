"""What suits a visitor, and the curators' report on what visitors prefer, in a real browser: by axe, on every screen,
with and without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from gallery.journeys import House, accounts, create, duel, open_house, taste
from gallery.settings import Settings
from gallery.texts import load_texts
from gallery.visitors import COOKIE, Visitor
from tests.browser.conftest import WORDS
from tests.fakes import PAINTER, POET, FakeClock, FakeEngine
from tests.journeys.choosers import judge
from tests.web.serving import served

WORKS = 60


@pytest.fixture
def house(settings: Settings, clock: FakeClock) -> Iterator[House]:
    """A gallery with many paintings, of which visitors prefer the light ones, and Wen's desk."""
    house = open_house(settings, FakeEngine(), cards=(PAINTER, POET), clock=clock)
    for seed in range(1, WORKS + 1):
        maker = Visitor(f"{seed:032x}")
        draft = create.generate(house, create.PaintRequest("shanshui", seed=seed), maker)[0]
        create.save(house, draft.token, maker, f"Hills {seed}")
    judge(house, 600, {"light": 2.0})
    taste.learn_all(house.settings, house.now_ms())
    accounts.add(settings, "wen", WORDS, "curator", 1)
    yield house
    house.close()


@pytest.fixture
def site(house: House) -> Iterator[str]:
    """Its address."""
    with served(house) as address:
        yield address


def choose(house: House, clock: FakeClock, page: Page, count: int) -> None:
    """Duels of whoever has that page."""
    [cookie] = [one for one in page.context.cookies() if one.get("name") == COOKIE]
    visitor = house.signer.read_cookie(cookie.get("value"))
    assert visitor is not None
    for _ in range(count):
        pair = duel.next_pair(house, "painting", visitor)
        assert pair is not None
        clock.now += 2
        duel.vote(house, pair.token, "left", visitor)


@pytest.mark.parametrize(("language", "width", "scheme"), [("zh", 1280, "light"), ("en", 360, "dark")])
def test_from_the_duels_to_what_suits_one_and_on_to_a_work(
    browser: Browser, house: House, site: str, clock: FakeClock, language: str, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{site}/{language}/duel")
    page.get_by_role("link", name=load_texts().say("liked.heading", language)).click()
    expect(page.locator(".goes-by")).to_contain_text("10")
    choose(house, clock, page, 10)
    page.reload()
    expect(page.locator(".wall .card")).to_have_count(12)
    expect(page.locator(".goes-by")).to_contain_text(load_texts().say("liked.started", language))
    expect(page.locator(".tally")).to_have_count(0)
    found = Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".wall .card a").first.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"{site}/work/\d+"))
    expect(page.locator("svg.doubt")).to_have_count(0)
    context.close()
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def test_it_is_read_without_a_script(browser: Browser, house: House, site: str, clock: FakeClock) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{site}/en/liked")
    expect(page.locator(".goes-by")).to_contain_text("From 10 duels of this kind on")
    choose(house, clock, page, 10)
    page.reload()
    expect(page.locator(".wall .card img")).to_have_count(12)
    context.close()


@pytest.mark.parametrize(("language", "width"), [("zh", 360), ("en", 1280)])
def test_the_report_is_read_at_the_desk(browser: Browser, site: str, language: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{site}/{language}/")
    page.goto(f"{site}/desk")
    page.locator("input[name=name]").fill("wen")
    page.locator("input[name=password]").fill(WORDS)
    page.keyboard.press("Enter")
    expect(page.locator(".desk-mast")).to_be_visible()
    page.goto(f"{site}/desk/exposure")
    page.get_by_role("link", name=load_texts().say("taste.heading", language)).click()
    expect(page.locator(".leanings .gauge").first).to_be_visible()
    expect(page.locator(".leanings .strong").first).to_contain_text(load_texts().say("taste.more_light", language))
    bar = str(page.locator(".leanings .gauge").first.get_attribute("aria-label"))
    assert re.search(r"\+\d\.\d\d", bar)
    assert load_texts().say("taste.more_light", language) in bar
    found = Axe().run(page).response["violations"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
