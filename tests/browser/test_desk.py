"""The curators' desk in a real browser: judged by keys, without a script, on a narrow screen, and by axe."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

import db
from db import NewBallot
from gallery.journeys import open_store, taste
from gallery.settings import Settings
from tests.browser.conftest import WORDS


@pytest.fixture
def duelled(desk: str, home: Path) -> str:
    """The desk when a few visitors have judged every pair of the paintings, so that its reports have all their rows."""
    settings = Settings.make({"home": home / "data"})
    _, database = open_store(settings)
    with database.writing() as tx:
        paintings = sorted(number for number in db.works.tallies(tx) if db.works.kind_of(tx, number) == "painting")
        for visitor, (first, second) in itertools.product(range(1, 4), itertools.combinations(paintings, 2)):
            entry = NewBallot("left" if (first * second + visitor) % 3 else "right", "painting", first, second)
            db.ballots.append(tx, entry, visitor=f"{visitor:032x}", minute=visitor)
    database.close()
    taste.learn_all(settings, 1_800_000_000_000, anew=True)
    return desk


def sign_in(page: Page, desk: str) -> None:
    page.goto(desk)
    page.get_by_label("Name").fill("wen")
    page.get_by_label("Password").fill(WORDS)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".hand")).to_be_visible()


def in_hand(page: Page) -> str:
    return str(page.locator(".judging h2 a").get_attribute("href"))


def press(page: Page, key: str) -> str:
    """Press a key, wait for what comes of it, and say which work is in hand then."""
    page.evaluate("document.querySelector('.told').dataset.old = '1'")
    page.keyboard.press(key)
    expect(page.locator(".told[data-old]")).to_have_count(0)
    return in_hand(page)


def test_judge_by_keys_and_take_back(page: Page, site: str, desk: str) -> None:
    sign_in(page, desk)
    first = in_hand(page)
    second = press(page, "k")
    expect(page.locator(".told")).to_contain_text("Kept:")
    third = press(page, "ArrowRight")
    fourth = press(page, "j")
    assert len({first, second, third, fourth}) == 4
    page.keyboard.press("4")
    expect(page.get_by_label("someone else's work")).to_be_checked()
    assert press(page, "h") not in (first, second, third, fourth)
    expect(page.locator(".told")).to_contain_text("Hidden:")
    assert page.request.get(site + fourth).status == 404
    assert [press(page, "u"), press(page, "u")] == [fourth, first]
    assert page.request.get(site + fourth).status == 200
    press(page, "u")
    expect(page.get_by_role("alert")).to_contain_text("nothing of yours left to take back")


def click_twice(page: Page, button: Locator) -> None:
    """Click twice at one place as a hand does, with time for the first click to bring something else there."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for count in (1, 2):
        page.mouse.down(click_count=count)
        page.mouse.up(click_count=count)
        page.wait_for_timeout(400)


def test_a_double_click_judges_one_work_and_takes_one_out(page: Page, desk: str) -> None:
    sign_in(page, desk)
    following = page.locator(".following .lineage a").first.get_attribute("href")
    click_twice(page, page.get_by_role("button", name="Keep"))
    assert in_hand(page).rpartition("/")[2] == str(following).rpartition("=")[2]
    press(page, "u")
    page.goto(f"{desk}/collections")
    page.get_by_label("Title in English").fill("Twice")
    page.get_by_role("button", name="Make it").click()
    page.goto(f"{desk}/find")
    for number in range(3):
        page.locator(".picks input").nth(number).check()
    page.get_by_role("button", name="Collect the selected").click()
    page.goto(f"{desk}/collections")
    page.get_by_role("link", name="Twice").click()
    click_twice(page, page.get_by_role("button", name="Take").first)
    expect(page.locator(".ordered li")).to_have_count(2)


def test_the_desk_needs_no_script(browser: Browser, site: str, desk: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    sign_in(page, desk)
    work = in_hand(page)
    page.get_by_label("broken or unreadable").check()
    page.get_by_role("button", name="Hide").click()
    expect(page.locator(".told")).to_contain_text("Hidden:")
    page.get_by_role("link", name="Log").click()
    expect(page.locator(".deeds li").first).to_contain_text("wen: hidden (broken or unreadable)")
    page.get_by_role("button", name="Bring").first.click()
    expect(page.get_by_role("status")).to_contain_text("hangs again")
    assert page.request.get(site + work).ok
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    context.close()


def test_a_visitor_reports_a_work_and_it_comes_first(page: Page, site: str, desk: str) -> None:
    page.goto(f"{site}/work/3")
    page.get_by_text("Report this work").click()
    page.get_by_label("advertising or nonsense").check()
    page.get_by_role("button", name="Report").click()
    expect(page.locator("#report")).to_contain_text("You have reported it (advertising or nonsense)")
    sign_in(page, desk)
    assert in_hand(page) == "/work/3"
    expect(page.locator(".reported")).to_contain_text("advertising or nonsense × 1")
    expect(page.get_by_label("advertising or nonsense")).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_at_the_desk_and_it_fits_a_narrow_screen(
    browser: Browser, duelled: str, scheme: str
) -> None:
    desk = duelled
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", locale="en-GB")
    page = context.new_page()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(desk)
    found = Axe().run(page).response["violations"]
    sign_in(page, desk)
    for address in (
        desk,
        *(f"{desk}/{page}" for page in ("log", "accounts", "votes", "exposure", "challenges", "taste")),
    ):
        page.goto(address)
        page.wait_for_timeout(500)
        found += Axe().run(page).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
    assert [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")] == []
