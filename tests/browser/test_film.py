"""Films in a real browser: a strip of paintings, a run that is stopped, one that is saved, and what plays then."""

from __future__ import annotations

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

CHOSEN = "#grid input[name=draft]"


def add(page: Page, number: int) -> None:
    """Puts draft `number` (from 0) on the strip."""
    page.locator(CHOSEN).nth(number).check(force=True)
    page.get_by_role("button", name="Add to the film").click()


def test_two_paintings_become_a_film_that_is_hung_and_plays(page: Page, site: str) -> None:
    page.goto(f"{site}/en/paint")
    page.locator("#go").click()
    expect(page.locator("#status")).to_contain_text("painted, from seed", timeout=120_000)
    page.get_by_role("button", name="Film: let").click()
    expect(page.locator("#reel-stop")).to_be_disabled()  # there is nothing to stop
    add(page, 0)
    expect(page.locator(".strip li")).to_have_count(1)
    page.locator("#reel-go").click()
    expect(page.locator("#reel-status")).to_contain_text("passes 2 to 8 paintings")
    add(page, 1)
    add(page, 2)
    expect(page.locator(".strip li")).to_have_count(3)
    page.get_by_role("button", name="Take painting 2 out").click()
    expect(page.locator(".strip li")).to_have_count(2)
    page.locator("#reel-go").click()
    expect(page.locator(".screen progress")).to_be_visible()
    expect(page.locator(".screen figcaption")).to_contain_text("frames painted")
    page.locator("#reel-stop").click()
    expect(page.locator("#reel-status")).to_have_text("Stopped; nothing has been kept.")  # and no "Error" beside it
    expect(page.locator(".screen")).to_have_count(0)
    expect(page.locator("#reel-stop")).to_be_disabled()
    page.locator("#reel-seconds input[type=range]").press("Home")
    page.locator("#reel-go").click()
    expect(page.locator(".screen img[src^='/film/']")).to_be_visible(timeout=120_000)
    page.locator("#reel-keep").get_by_label("Title").fill("Clouds passing")
    page.locator("#reel-save").click()
    link = page.locator("#reel-kept a")
    expect(link).to_have_attribute("href", re.compile(r"/work/\d+"))
    page.goto(f"{site}{link.get_attribute('href')}")
    page.wait_for_function("document.querySelector('video').readyState >= 1")
    assert page.evaluate("[document.querySelector('video').duration, document.querySelector('video').videoWidth]") == [
        2,
        512,
    ]
    expect(page.locator(".recipe")).to_contain_text("2 paintings, seeds")
    assert Axe().run(page).violations_count == 0
    with page.expect_download() as file:
        page.get_by_role("link", name="Download MP4").click()
    assert file.value.suggested_filename == "Clouds passing.mp4"
