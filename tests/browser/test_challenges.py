"""A whole challenge in a real browser, in both languages: set and changed by a curator, entered by two visitors, judged
blind by three, closed, its podium seen, and the exhibition made of it walked through; and by axe at every step.

Days pass here, so the gallery is served from this process, by a clock that the test moves; its networks are fakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from gallery.journeys import House, accounts, create, first_wall, open_house
from gallery.settings import Settings
from gallery.texts import load_texts
from gallery.visitors import COOKIE
from tests.browser.conftest import WORDS
from tests.fakes import PAINTER, POET, FakeClock, FakeEngine
from tests.journeys.test_challenge import day
from tests.web.serving import served

DAY_S = 24 * 3600
MAKERS = ("阿宁", "Bo")


@pytest.fixture
def house(settings: Settings, clock: FakeClock) -> Iterator[House]:
    """A gallery with a small wall, at whose desk Wen may sit, early on a day (UTC)."""
    clock.now -= clock.now % DAY_S - 3600
    house = open_house(settings, FakeEngine(), cards=(PAINTER, POET), clock=clock)
    first_wall.seed_wall(house, 2, 1)
    accounts.add(settings, "wen", WORDS, "curator", 1)
    yield house
    house.close()


@pytest.fixture
def site(house: House) -> Iterator[str]:
    """Its address."""
    with served(house) as address:
        yield address


class Play:
    """People with a browser each, all in one language, and what axe has found on the pages they came to."""

    def __init__(self, browser: Browser, house: House, site: str, clock: FakeClock, language: str) -> None:
        self.browser, self.house, self.site, self.clock, self.language = browser, house, site, clock, language
        self.narrow, self.found, self.contexts = language == "en", list[str](), list[BrowserContext]()

    def say(self, key: str, **values: object) -> str:
        """A sentence of the house in the language of the play."""
        return load_texts().say(f"challenges.{key}", self.language, **values)

    def come(self) -> Page:
        """A visitor who has never been here: on a narrow dark screen in English, on a wide light one in Chinese."""
        screen: dict[str, Any] = {"viewport": {"width": 390 if self.narrow else 1280, "height": 900}}
        screen["color_scheme"] = "dark" if self.narrow else "light"
        context = self.browser.new_context(**screen, reduced_motion="reduce")
        self.contexts.append(context)
        page = context.new_page()
        page.goto(f"{self.site}/{self.language}/")
        return page

    def sign_in(self, page: Page) -> None:
        """Wen takes a seat; a session is over by the next day."""
        page.goto(f"{self.site}/desk")
        page.locator("input[name=name]").fill("wen")
        page.locator("input[name=password]").fill(WORDS)
        page.keyboard.press("Enter")
        expect(page.locator(".desk-mast")).to_be_visible()

    def hang(self, page: Page, signature: str, seeds: tuple[int, ...]) -> None:
        """Hangs paintings of whoever has that page; how one paints and hangs is for other tests."""
        [cookie] = [one for one in page.context.cookies() if one.get("name") == COOKIE]
        maker = self.house.signer.read_cookie(cookie.get("value"))
        assert maker is not None
        for seed in seeds:
            draft = create.generate(self.house, create.PaintRequest("shanshui", seed=seed), maker)[0]
            create.save(self.house, draft.token, maker, f"Hills {seed}", signature)

    def look(self, page: Page, address: str = "") -> None:
        """Goes there, or stays; it must fit the screen, and axe has its say."""
        if address:
            page.goto(f"{self.site}{address}")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        for one in Axe().run(page).response["violations"]:
            if one["impact"] in ("serious", "critical"):
                self.found.append(f"{page.url} {one['id']}: {one['nodes'][0]['html'][:160]}")

    def judge(self, page: Page, *, leave: int = 0) -> int:
        """Judges by clicks and keys in turn what there is, but the last `leave` pairs; returns how many."""
        number = 0
        while page.locator(".contestant").count() == 2:
            main = page.locator(".challenge .duels .pair").inner_html()
            assert not re.search(r"Hills|阿宁|Bo\b", main)
            if number == 6 - leave:
                break
            self.clock.now += 2
            page.evaluate("document.querySelector('.told').dataset.old = '1'")
            if number % 2:
                page.keyboard.press("ArrowRight")
            else:
                page.locator(".contestant").first.click()
            expect(page.locator(".told[data-old]")).to_have_count(0)
            expect(page.locator(".told")).to_contain_text("Hills")  # titles come with the choice
            number += 1
        return number


@pytest.fixture(params=["zh", "en"])
def play(request: pytest.FixtureRequest, browser: Browser, house: House, site: str, clock: FakeClock) -> Iterator[Play]:
    """A play in each language."""
    play = Play(browser, house, site, clock, request.param)
    yield play
    for context in play.contexts:
        context.close()


def announce(play: Play, wen: Page) -> None:
    """Wen sets a challenge for tomorrow, and thinks better of its words."""
    play.sign_in(wen)
    wen.goto(f"{play.site}/desk/challenges")
    wen.locator("input[name=title_zh]").fill("秋山")
    wen.locator("input[name=title_en]").fill("Autumn")
    wen.locator("textarea[name=text_en]").fill("Show *autumn*.")
    wen.locator("textarea[name=text_zh]").fill("写*秋意*。")
    wen.locator("input[name=opens]").fill(day(play.clock, 1))
    wen.locator("input[name=closes]").fill(day(play.clock, 2))
    wen.get_by_role("button", name=play.say("announce_it")).click()
    expect(wen.get_by_role("status")).to_have_text(play.say("announced"))
    wen.get_by_role("link", name=re.compile(play.say("amend"))).click()
    wen.locator("input[name=title_en]").fill("Autumn hills")
    play.look(wen)
    wen.get_by_role("button", name=play.say("amend_it")).click()
    expect(wen.get_by_role("status")).to_have_text(play.say("amended"))
    play.look(wen, "/desk/challenges")
    wen.goto(f"{play.site}/desk/changes")
    expect(wen.locator(".deeds li").first).to_contain_text(play.say("title_en"))


def enter(play: Play, page: Page, works: int) -> None:
    """Enters the works that are offered, one after the other."""
    page.goto(f"{play.site}/{play.language}/challenges")
    page.get_by_role("link", name="秋山" if play.language == "zh" else "Autumn hills").first.click()
    for number in range(works):
        page.locator(".enterable input[type=radio]").first.check()
        page.get_by_role("button", name=play.say("enter_it")).click()
        expect(page.locator(".told").last).to_contain_text(play.say("did_enter"))
        expect(page.locator(".entering ul:last-of-type a.piece")).to_have_count(number + 1)
    play.look(page)


def test_a_challenge_from_its_announcement_to_its_exhibition(play: Play) -> None:
    wen, visitors, judge = play.come(), [play.come(), play.come()], play.come()
    announce(play, wen)
    play.look(judge, f"/{play.language}/challenges")
    play.look(judge, f"/{play.language}/challenge/1")
    expect(judge.locator(".empty")).to_have_text(play.say("coming", opens=day(play.clock, 1)))
    play.clock.now += DAY_S
    for page, name, seeds in zip(visitors, MAKERS, ((1, 2), (3, 4)), strict=True):
        play.hang(page, name, seeds)
        enter(play, page, 2)
    midnight = play.clock.now - play.clock.now % DAY_S + 2 * DAY_S
    play.clock.now = midnight - 600
    for page in visitors:
        page.reload()
        assert play.judge(page) == 1  # the two of the other
        expect(page.locator("#arena")).to_contain_text(play.say("judge_none"))
    judge.reload()
    play.look(judge)
    assert play.judge(judge, leave=1) == 5
    play.clock.now = midnight + 1
    judge.locator(".contestant").first.click()
    closed = datetime.fromtimestamp(midnight - 1, UTC).date().isoformat()
    expect(judge.get_by_role("alert")).to_contain_text(load_texts().say(
        "errors.challenge_closed", play.language, closes=closed))  # fmt: skip
    the_podium_and_the_exhibition(play, wen, judge)
    assert play.found == []


def the_podium_and_the_exhibition(play: Play, wen: Page, judge: Page) -> None:
    """After the closing: what everybody sees, and what Wen makes of it."""
    play.look(judge, f"/{play.language}/challenge/1")
    expect(judge.locator(".podium li")).to_have_count(3)
    expect(judge.locator(".standing li")).to_have_count(1)
    expect(judge.locator(".podium .gauge").first).to_be_visible()
    expect(judge.locator(".podium")).to_contain_text("Hills")
    play.sign_in(wen)
    wen.goto(f"{play.site}/desk/challenges")
    wen.get_by_role("button", name=re.compile(play.say("hang").split()[0])).click()
    wen.wait_for_url("**/show/challenge-1")
    judge.reload()
    judge.get_by_role("link", name=play.say("show")).click()
    expect(judge.get_by_role("heading", level=1)).to_have_text("秋山" if play.language == "zh" else "Autumn hills")
    play.look(judge)
    expect(judge.locator("main")).to_contain_text(play.say("room_podium"))
    judge.keyboard.press("ArrowRight")
    judge.wait_for_url("**/show/challenge-1/room1")
    play.look(judge)
    judge.keyboard.press("ArrowRight")
    expect(judge.locator(".on-wall img")).to_be_visible()


def test_whoever_comes_without_a_script_enters_and_judges_too(
    browser: Browser, house: House, site: str, clock: FakeClock, settings: Settings
) -> None:
    play = Play(browser, house, site, clock, "en")
    maker, wen = play.come(), play.come()
    announce(play, wen)
    clock.now += DAY_S
    play.hang(maker, "Bo", (1, 2))
    enter(play, maker, 2)
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{site}/en/challenge/1")
    clock.now += 2
    page.locator(".contestant").first.click()
    expect(page.locator(".told")).to_contain_text("Chosen:")
    expect(page.locator(".duels")).to_contain_text(play.say("judge_none"))
    for one in (context, *play.contexts):
        one.close()
