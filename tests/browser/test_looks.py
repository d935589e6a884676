"""What only an eye would miss: how large things are on a phone, whether they stand in line and can be told apart."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from tests.browser.conftest import choose

INK = 120  # a grey darker than this is ink; paper, sheet and hairline are far above


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A tab on a phone: narrow, and touched with a finger."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, locale="zh")
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def box(part: Locator) -> FloatRect:
    found = part.bounding_box()
    assert found is not None
    return found


def test_drafts_of_a_long_ci_can_be_read_on_a_phone(phone: Page, site: str) -> None:
    phone.goto(f"{site}/zh/write")
    choose(phone.get_by_label("水调歌头"))
    phone.locator("#go").click()
    expect(phone.locator(".draft:not(.waiting) .verse")).to_have_count(4)
    verse = phone.locator(".draft .verse").first
    assert float(verse.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")) >= 12
    sheet, drawn = box(phone.locator(".draft .sheet").first), box(verse)
    assert sheet["x"] <= drawn["x"]
    assert drawn["height"] <= sheet["height"]


@pytest.mark.parametrize("form", ["五绝", "五律", "七律", "蝶恋花", "菩萨蛮"])
def test_verse_keeps_to_its_sheet_and_fills_it(phone: Page, site: str, form: str) -> None:
    phone.goto(f"{site}/zh/?kind=poem&form={form}")
    phone.locator(".card a").first.click()
    sheet, verse = box(phone.locator(".silk .sheet")), box(phone.locator(".silk .verse"))
    assert max(verse["width"] / sheet["width"], verse["height"] / sheet["height"]) > 0.6
    assert verse["width"] < sheet["width"]
    assert 0.45 < verse["height"] / sheet["height"] < 1


def test_both_of_a_pair_are_seen_large_and_none_is_framed_beforehand(phone: Page, site: str) -> None:
    phone.goto(f"{site}/zh/duel?kind=painting")
    sheets = phone.locator(".contestant .sheet")
    plain = sheets.nth(1).evaluate("(one) => getComputedStyle(one).borderColor")
    first, second = box(sheets.first), box(sheets.nth(1))
    assert min(first["width"], second["width"]) > 300
    assert second["y"] + second["height"] - first["y"] < 844
    phone.wait_for_timeout(1200)  # a choice within a second does not count
    phone.locator(".contestant").first.tap()
    expect(phone.locator(".told")).to_contain_text("取")
    expect(sheets.first).to_have_css("border-color", plain)
    expect(phone.locator(".contestant").first).to_have_css("outline-style", "none")
    expect(phone.locator(".keys")).to_be_hidden()


def test_the_box_that_chooses_a_work_says_what_for_and_hides_nothing_of_it(phone: Page, site: str) -> None:
    phone.goto(f"{site}/zh/")
    card = phone.locator(".card").first
    expect(card.get_by_text("比照", exact=True)).to_be_visible()
    assert box(card.locator(".pick"))["y"] >= box(card.locator("a"))["y"] + box(card.locator("a"))["height"]


def test_two_works_are_compared_on_a_phone_without_scrolling_and_four_keep_their_names(phone: Page, site: str) -> None:
    wide = "(one) => one.scrollWidth - one.clientWidth"
    phone.goto(f"{site}/en/compare?ids=1&ids=3")
    assert phone.locator(".values").evaluate(wide) == 0
    phone.goto(f"{site}/en/compare?ids=1&ids=2&ids=3&ids=37")
    table = phone.locator(".values")
    assert table.evaluate(wide) > 0
    before = box(table.locator("tbody th").first)["x"]
    table.evaluate("(one) => one.scrollTo(120, 0)")
    assert box(table.locator("tbody th").first)["x"] == before


@pytest.mark.parametrize("width", [390, 1280])
def test_the_last_line_of_the_page_stands_where_the_page_does(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site}/en/")
    assert box(page.locator(".colophon p").first)["x"] == box(page.locator(".filters"))["x"]


def test_the_knob_of_a_slider_is_drawn_in_ink(page: Page, site: str) -> None:
    page.goto(f"{site}/en/paint")
    knob = page.locator("#asks input[type=range]").first
    knob.press("Home")  # so that the track, too, is pale
    page.locator("h1").first.click()  # and no focus is drawn
    drawn = Image.open(io.BytesIO(knob.screenshot())).convert("L")
    assert min(drawn.tobytes()) < INK


def test_a_painting_stays_in_sight_while_one_reads_on(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site}/work/1")
    page.evaluate("() => { scrollTo(0, 400); }")
    assert box(page.locator(".silk"))["y"] == pytest.approx(18, abs=1)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("where", ["zh/paint", "en/paint", "zh/write", "en/write", "zh/scroll", "en/scroll"])
def test_the_words_of_a_button_stay_within_it(page: Page, site: str, where: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/{where}")
    expect(page.locator("#save, .mounting").first).to_be_visible()
    over = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth + 4).map((one) => one.innerText)"
    assert page.locator("button:visible, .button:visible").evaluate_all(over) == []


def test_sliders_beside_each_other_stand_on_one_line(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{site}/en/paint")
    page.get_by_role("button", name="Steer, breed").click()
    left, right = page.locator("#slider-green input[type=range]"), page.locator("#slider-ink input[type=range]")
    expect(left).to_be_visible()
    assert box(left)["x"] < box(right)["x"]
    assert box(left)["y"] == pytest.approx(box(right)["y"], abs=1)


@pytest.mark.parametrize("where", ["", "paint", "write", "scroll", "about", "duel", "work/1"])
def test_the_first_key_leads_past_the_mast(page: Page, site: str, where: str) -> None:
    address = f"{site}/{where}" if where.startswith("work") else f"{site}/en/{where}"
    page.goto(address)
    expect(page.locator("#content")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    assert page.url.partition("#")[0].rstrip("/") == address.rstrip("/")


def test_a_link_to_a_part_of_the_about_page_leads_to_it_also_from_elsewhere(page: Page, site: str) -> None:
    page.goto(f"{site}/en/about#verse")
    expect(page.locator("#verse")).to_be_in_viewport()
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Why you may believe it").click()
    expect(page.locator("#belief")).to_be_in_viewport()
    assert page.url == f"{site}/en/about#belief"


@pytest.mark.parametrize("width", [1280, 1366, 1920])
def test_a_painting_is_shown_point_for_point_where_there_is_room(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/work/1")
    assert box(page.locator(".silk .picture img").first)["width"] == 512
