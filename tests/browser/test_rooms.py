"""Live rooms in real browsers: two and three of them in one room, a broken line, a phone, the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

Visit = Callable[..., Page]
FIRST, SECOND = "空山新雨月", "天气晚来秋"


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Opens a page as somebody new; a script error or a refusal by the security policy fails the test at its end."""
    contexts, wrong = [], list[str]()

    def open_page(address: str, width: int = 1360, scheme: str = "light") -> Page:
        dark = scheme == "dark"
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="en-GB", color_scheme="dark" if dark else "light"
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda told: wrong.append(told.text) if "Content Security" in told.text else None)
        page.goto(site + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def open_verse(page: Page, name: str) -> str:
    """Opens a room for linked verse and returns its address."""
    page.locator(".new-room [name=name]").fill(name)
    page.get_by_role("button", name="Open it").click()
    expect(page.locator(".people .you")).to_contain_text(name)
    return re.sub("^.*?//[^/]*", "", page.url)


def join(page: Page, name: str) -> None:
    page.locator("#join [name=name]").fill(name)
    page.get_by_role("button", name="Take a seat").click()
    expect(page.locator(".people .you")).to_contain_text(name)


def write(page: Page, text: str) -> None:
    expect(page.locator("#write")).to_be_visible()
    page.locator("#write [name=text]").fill(text)
    page.get_by_role("button", name="Write it").click()


def serious(page: Page) -> list[str]:
    """What axe finds on a page that keeps somebody from using it."""
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")]


def test_two_people_and_the_poet_link_a_poem_while_a_third_looks_on(visit: Visit) -> None:
    alice = visit("/en/rooms")
    address = open_verse(alice, "Alice")
    bob, watcher = visit(address), visit(address, 360, "dark")
    join(bob, "Bob")
    expect(alice.locator("#watching")).to_contain_text("1 looking on")
    alice.get_by_role("button", name="Begin").click()
    write(alice, FIRST)
    expect(watcher.locator(".turn")).to_contain_text("Line 2 is Bob's.")
    bob.locator("#write [name=text]").fill("天气")
    expect(bob.locator("#checked")).to_contain_text("仄")
    write(bob, "天气晚来")
    expect(bob.locator("#told")).to_contain_text("yours has 4; write exactly 5")
    write(bob, SECOND)
    expect(alice.locator(".turn")).to_contain_text("Line 4 is yours.")
    alice.get_by_role("button", name="Let the poet write this line").click()
    for page in (alice, bob, watcher):
        expect(page.locator(".turn")).to_contain_text("Finished")
    assert watcher.evaluate("document.documentElement.scrollWidth") <= 360
    expect(watcher.locator("#keep")).to_be_hidden()
    bob.locator("#keep [name=title]").fill("Autumn, linked")
    bob.locator("#keep button").click()
    expect(bob.locator("ol.hands li").nth(1)).to_have_text(f"{SECOND} Bob")
    expect(watcher.locator("#log")).to_contain_text("Autumn, linked")


def test_two_people_breed_paintings_and_hang_one(visit: Visit) -> None:
    alice = visit("/en/rooms?from=1")
    alice.locator(".new-room [name=name]").fill("Alice")
    alice.get_by_role("button", name="Open it").click()
    bob = visit(re.sub("^.*?//[^/]*", "", alice.url))
    join(bob, "Bob")
    alice.locator(".child").nth(1).click()
    expect(alice.locator(".child").nth(1)).to_have_attribute("aria-pressed", "true")
    expect(bob.locator(".six li").nth(1).locator(".dot")).to_have_count(1)
    bob.locator(".child").nth(1).focus()
    bob.keyboard.press("Enter")
    expect(alice.locator("#log")).to_contain_text("Generation 2 is here: children of 2.")
    expect(bob.locator(".child").nth(1)).to_be_focused()
    bob.locator("[data-do=hang]").first.click()
    bob.locator("#keep [name=title]").fill("A child of many")
    bob.locator("#keep button").click()
    expect(bob.locator("section[aria-labelledby=parents] a")).to_have_attribute("href", "/work/1")
    expect(alice.locator("#log")).to_contain_text("A child of many")


def test_a_broken_line_is_mended_and_nothing_is_lost_or_said_twice(visit: Visit) -> None:
    alice = visit("/en/rooms")
    bob = visit(open_verse(alice, "Alice"))
    join(bob, "Bob")
    bob.evaluate("socket.close(); act({do: 'say', text: 'said while away'})")
    alice.locator("#say [name=text]").fill("are you there?")
    alice.locator("#say button").click()
    for page in (alice, bob):
        expect(page.locator("#log .said")).to_have_count(2)
        expect(page.locator("#log")).to_contain_text("said while away")
        expect(page.locator("#log")).to_contain_text("are you there?")


def test_what_somebody_says_is_text_and_the_host_can_silence_them(visit: Visit) -> None:
    alice = visit("/en/rooms")
    bob = visit(open_verse(alice, "Alice"))
    join(bob, "<i>Bob")
    bob.locator("#say [name=text]").fill("<img src=x onerror=window.broken=1>")
    bob.locator("#say [name=text]").press("Enter")
    expect(alice.locator("#log .said span")).to_have_text("<img src=x onerror=window.broken=1>")
    assert alice.evaluate("window.broken") is None
    alice.get_by_role("button", name="Mute: <i>Bob").click()
    expect(bob.locator("#log")).to_contain_text("<i>Bob is muted.")
    bob.locator("#say [name=text]").fill("hello?")
    bob.locator("#say [name=text]").press("Enter")
    expect(bob.locator("#told")).to_contain_text("asked for silence")


def test_a_room_can_be_watched_again_step_by_step_without_a_script(visit: Visit, browser: Browser, site: str) -> None:
    alice = visit("/en/rooms")
    address = open_verse(alice, "Alice")
    alice.get_by_role("button", name="Begin").click()
    write(alice, FIRST)
    expect(alice.locator("#log")).to_contain_text(FIRST)
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{site}{address}/replay")
    assert FIRST not in page.locator("#log").inner_text()
    page.get_by_role("link", name="One step on").click()
    page.get_by_role("link", name="One step on").click()
    expect(page.locator("#log")).to_contain_text(FIRST)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["verse", "brood", "scroll"])
def test_axe_finds_nothing_serious_in_a_room(visit: Visit, kind: str, scheme: str) -> None:
    page = visit("/en/rooms", scheme=scheme)
    page.locator(".new-room [name=name]").fill("Alice")
    page.locator(f".new-room [name=kind][value={kind}]").check(force=True)
    page.get_by_role("button", name="Open it").click()
    expect(page.locator(".people .you")).to_contain_text("Alice")
    if kind != "brood":
        page.get_by_role("button", name="Begin").click()
        expect(page.locator("#write" if kind == "verse" else "[data-do=pick] >> nth=0")).to_be_visible()
    assert serious(page) == []


def open_scroll(page: Page, name: str) -> str:
    """Opens a room for an exquisite scroll and returns its address."""
    page.locator(".new-room [name=kind][value=scroll]").check(force=True)
    return open_verse(page, name)


def test_three_people_make_a_scroll_that_nobody_sees_before_the_reveal(visit: Visit) -> None:
    alice = visit("/en/rooms")
    address = open_scroll(alice, "Alice")
    bob, carol, watcher = visit(address, 360), visit(address.replace("/en/", "/zh/")), visit(address)
    join(bob, "Bob")
    carol.locator("#join [name=name]").fill("小雨")
    carol.get_by_role("button", name="入座").click()
    alice.get_by_role("button", name="Begin").click()
    alice.locator("[data-do=pick]").nth(2).focus()
    alice.keyboard.press("Enter")
    bob.wait_for_function("document.querySelector('.lone img')?.naturalWidth > 0")
    assert serious(bob) == []
    write(bob, "秋山叶落满空林")
    expect(carol.locator(".one-line")).to_have_text("秋山叶落满空林")
    assert serious(carol) == []
    carol.locator("[data-value=celadon]").click()
    expect(alice.locator(".seen")).to_contain_text("Silk, Celadon")
    for page in (alice, bob, watcher):
        assert "空林" not in page.locator("#log").inner_text()
    for page in (alice, watcher):
        assert "空林" not in page.content()
    assert carol.locator(".together img").count() == watcher.locator(".together img").count() == 0
    expect(watcher.locator(".together")).to_contain_text("out of sight")
    alice.once("dialog", lambda dialog: dialog.accept())
    alice.get_by_role("button", name="Close the room").click()
    for page in (alice, bob, carol, watcher):
        page.wait_for_function("document.querySelector('.mounted img')?.naturalWidth > 300", timeout=120_000)
        expect(page.locator(".course")).to_contain_text("秋山叶落满空林")
    assert bob.evaluate("document.documentElement.scrollWidth") <= 360
    assert serious(watcher) == []
    expect(watcher.locator("#keep")).to_be_hidden()
    carol.locator("#keep [name=title]").fill("秋山同卷")
    carol.locator("#keep button").click()
    given = carol.locator("section[aria-labelledby=credits]")
    expect(given).to_contain_text("Mount and seal were chosen by 小雨, 诗画.")
    expect(carol.locator("ol.hands li").first).to_contain_text("秋山叶落满空林 Bob")
    expect(watcher.locator("#log")).to_contain_text("秋山同卷")


def test_one_alone_makes_a_scroll_with_the_house_in_the_other_seats(visit: Visit) -> None:
    alice = visit("/en/rooms")
    open_scroll(alice, "Alice")
    alice.get_by_role("button", name="Sit here: Mounter").click()
    alice.get_by_role("button", name="Begin").click()
    for number in range(4):
        expect(alice.locator(".marks .done")).to_have_count(3 * number + 2)
        alice.locator("[data-do=choose]").first.click()
    alice.wait_for_function("document.querySelector('.mounted img')?.naturalWidth > 300", timeout=120_000)
    expect(alice.locator(".course .giver:not([lang])")).to_have_count(4)


def test_the_favourites_of_a_breeding_room_become_a_film_that_two_see_and_one_hangs(visit: Visit) -> None:
    alice = visit("/en/rooms?from=1")
    alice.locator(".new-room [name=name]").fill("Alice")
    alice.get_by_role("button", name="Open it").click()
    bob = visit(re.sub("^.*?//[^/]*", "", alice.url))
    join(bob, "Bob")
    for generation in (2, 3):
        alice.locator(".child").nth(generation).click()
        bob.locator(".child").nth(generation).click()
        expect(bob.locator("#log")).to_contain_text(f"Generation {generation} is here")
    expect(alice.locator("#film")).to_be_hidden()
    alice.once("dialog", lambda dialog: dialog.accept())
    alice.get_by_role("button", name="Close the room").click()
    bob.get_by_role("button", name="Make the film").click()
    expect(alice.locator("#film progress")).to_be_visible()
    for page in (alice, bob):
        page.wait_for_function("document.querySelector('#film img')?.naturalWidth > 0", timeout=240_000)
    assert serious(alice) == []
    bob.get_by_role("button", name="Hang the film").click()
    bob.locator("#keep [name=title]").fill("Three generations")
    bob.locator("#keep button").click()
    expect(bob.locator("section[aria-labelledby=credits]")).to_contain_text("Chosen from generation to generation by")
    expect(bob.locator("section[aria-labelledby=parents] a")).to_have_attribute("href", "/work/1")
    bob.wait_for_function("document.querySelector('video').readyState >= 1")
    expect(alice.locator("#filmed")).to_have_attribute("href", re.compile(r"/work/\d+"))
