"""Duels in a real browser: by click and key, taken back, too quick, without a script; and the ladder they lead to."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect

LOOK_MS = 1200  # a little longer than the second below which nothing counts
HASTE = """addEventListener('DOMContentLoaded', () => {
  window.first = [...document.querySelectorAll('.contestant img')].map((one) => one.getAttribute('src'));
  document.querySelector('.contestant').click();
})"""


def open_duels(page: Page, site: str, kind: str = "painting") -> None:
    page.goto(f"{site}/en/duel?kind={kind}")
    expect(page.locator(".contestant")).to_have_count(2)


def press(page: Page, key: str, *, after_ms: int = LOOK_MS) -> None:
    """Press a key and wait until another pair, or another sentence, is there."""
    page.wait_for_timeout(after_ms)
    page.evaluate("document.querySelector('.told').dataset.old = '1'")
    page.keyboard.press(key)
    expect(page.locator(".told[data-old]")).to_have_count(0)


def pictures(page: Page) -> list[str | None]:
    return [one.get_attribute("src") for one in page.locator(".contestant img").all()]


def test_judge_by_keys_skip_and_take_back(page: Page, site: str) -> None:
    open_duels(page, site)
    first = pictures(page)
    press(page, "ArrowLeft")
    expect(page.locator(".told")).to_contain_text("Chosen:")
    expect(page.locator(".progress")).to_contain_text("Your first duel is counted.")
    assert pictures(page) != first
    press(page, "u", after_ms=0)
    expect(page.locator(".told")).to_contain_text("Taken back")
    assert pictures(page) == first
    press(page, "ArrowRight")
    press(page, "ArrowDown")
    expect(page.locator(".told")).to_contain_text("Skipped.")
    expect(page.locator(".progress")).to_contain_text("Your first duel is counted.")


def test_judge_by_clicks_and_see_what_one_has_moved(page: Page, site: str) -> None:
    open_duels(page, site, "poem")
    for turn in range(5):
        page.wait_for_timeout(LOOK_MS)
        page.locator(".contestant").nth(turn % 2).click()
        expect(page.locator(".progress")).to_contain_text("first duel" if turn == 0 else f"{turn + 1} duels")
    expect(page.locator(".progress")).to_contain_text(re.compile(r"Your 5 duels (moved \d of the works|are counted)"))
    page.get_by_role("link", name="To the ladder").click()
    expect(page).to_have_url(f"{site}/en/ladder?kind=poem")
    expect(page.locator(".gauge").first).to_be_visible()
    expect(page.get_by_role("heading", name="Too early to say")).to_be_visible()
    expect(page.locator(".place.early").first).to_contain_text("duel")


def test_a_hasty_choice_is_told_and_the_pair_stays(page: Page, site: str) -> None:
    page.add_init_script(HASTE)
    hasty = page.get_by_role("alert")
    for _ in range(6):  # on a busy machine even this choice can take its second
        page.goto(f"{site}/en/duel")
        expect(hasty.or_(page.get_by_text("Chosen:"))).to_be_visible()
        if hasty.is_visible():
            break
    expect(hasty).to_contain_text("less than a second")
    assert pictures(page) == page.evaluate("window.first")


def test_focus_stays_on_the_side_for_those_who_use_tab_and_enter(page: Page, site: str) -> None:
    open_duels(page, site)
    page.locator(".contestant").nth(1).focus()
    press(page, "Enter")
    expect(page.locator(".contestant").nth(1)).to_be_focused()


def test_a_choice_without_a_connection_says_so_and_counts_nothing(page: Page, site: str) -> None:
    open_duels(page, site)
    page.route("**/en/duel", lambda route: route.abort("internetdisconnected"))
    page.locator(".contestant").first.click()
    expect(page.locator(".told.bad")).to_contain_text("The gallery did not answer, so nothing was counted")


def test_the_next_pair_is_there_at_once(page: Page, site: str) -> None:
    open_duels(page, site)
    press(page, "ArrowLeft")
    page.wait_for_timeout(LOOK_MS)
    spent = page.evaluate(
        """async () => {
          const arena = document.getElementById('arena'), began = performance.now();
          const changed = new Promise((done) => new MutationObserver(done).observe(arena, {childList: true}));
          arena.querySelector('.contestant').click();
          await changed;
          return performance.now() - began;
        }"""
    )
    assert spent < 1000  # 30 to 60 ms on a machine with nothing else to do


def test_duels_need_no_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{site}/en/duel")
    page.wait_for_timeout(LOOK_MS)
    page.locator(".contestant").first.click()
    expect(page.locator(".told")).to_contain_text("Chosen:")
    page.locator(".undo button").click()
    expect(page.locator(".told")).to_contain_text("Taken back")
    context.close()


def test_the_ladder_opens_its_numbers_when_asked(page: Page, site: str) -> None:
    open_duels(page, site)
    press(page, "ArrowLeft")
    page.goto(f"{site}/en/ladder?kind=painting")
    expect(page.locator(".gauge")).to_have_count(2)
    page.context.clear_cookies()
    page.goto(f"{site}/en/ladder?kind=painting")
    expect(page.locator(".gauge")).to_have_count(0)
    page.get_by_role("link", name="Show all numbers").click()
    expect(page.locator(".gauge").first).to_be_visible()
