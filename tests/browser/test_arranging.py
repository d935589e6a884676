"""Collections in a real browser: collected by a key, ordered by keys, selected with shift, and by axe on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_desk import press, sign_in


def make(page: Page, desk: str, title: str) -> str:
    """A collection of that title; its address."""
    page.goto(f"{desk}/collections")
    drawer = page.locator("details.drawer")
    if drawer.get_attribute("open") is None:
        drawer.locator("summary").click()
    page.get_by_label("Title in English").fill(title)
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    return page.url.partition("?")[0]


def order(page: Page) -> list[str]:
    return [str(one.get_attribute("id")) for one in page.locator(".ordered li").all()]


def test_collect_by_a_key_and_order_by_keys(page: Page, desk: str) -> None:
    sign_in(page, desk)
    hills = make(page, desk, "Hills")
    page.goto(desk)
    page.get_by_label("into").select_option(label="Hills")
    first = press(page, "c")
    expect(page.locator(".told")).to_contain_text("Collected into “Hills”.")
    second = press(page, "j")
    press(page, "c")
    page.goto(hills)
    assert order(page) == [f"w{one.rpartition('/')[2]}" for one in (first, second)]
    page.locator(".ordered li").last.get_by_role("button").first.focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page).to_have_url(f"{hills}?moved={second.rpartition('/')[2]}&went=up")
    assert order(page) == [f"w{one.rpartition('/')[2]}" for one in (second, first)]
    expect(page.locator(".ordered li").first.get_by_role("button").first).to_be_focused()


def test_a_name_without_a_place_to_break_at_widens_no_page(page: Page, desk: str, site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, desk)
    name = "W" * 60
    hung = make(page, desk, name)
    page.goto(f"{desk}/shows")
    page.locator("details.drawer summary").click()
    page.get_by_label("Title in English").fill(name)
    page.get_by_label("Address").fill("w" * 40)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Add").click()
    page.get_by_label("Works by number").fill("1, 2")
    page.get_by_role("button", name="Hang", exact=True).click()
    page.get_by_role("button", name="Open as").click()
    expect(page.get_by_role("status")).to_contain_text("Open.")
    show = f"{site}/show/{'w' * 40}"
    for address in (hung, page.url, f"{desk}/shows", f"{desk}/changes", show, f"{show}/1", f"{site}/en/shows"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_shift_selects_everything_between_two_clicks(page: Page, desk: str) -> None:
    sign_in(page, desk)
    ponds = make(page, desk, "Ponds")
    page.goto(f"{desk}/find?kind=painting")
    boxes = page.locator(".picks input")
    boxes.nth(1).click()
    boxes.nth(5).click(modifiers=["Shift"])
    expect(page.locator(".picks input:checked")).to_have_count(5)
    expect(page.get_by_text("Selected: 5")).to_be_visible()
    page.mouse.wheel(0, 4000)
    expect(page.get_by_role("button", name="Collect the selected")).to_be_in_viewport()
    page.get_by_label("into").select_option(label="Ponds")
    page.get_by_role("button", name="Collect the selected").click()
    expect(page.get_by_role("status")).to_contain_text("Collected.")
    page.goto(ponds)
    expect(page.locator(".ordered li")).to_have_count(5)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_it_fits_a_narrow_screen(browser: Browser, desk: str, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", locale="en-GB")
    page = context.new_page()
    sign_in(page, desk)
    address = make(page, desk, f"Clouds {scheme}")
    page.goto(f"{desk}/find")
    page.locator(".picks input").first.click()
    page.get_by_label("into").select_option(label=f"Clouds {scheme}")
    page.get_by_role("button", name="Collect the selected").click()
    page.set_viewport_size({"width": 360, "height": 740})
    found = []
    for one in (f"{desk}/collections", address, f"{desk}/find", f"{desk}/work/1", f"{desk}/changes"):
        page.goto(one)
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        page.wait_for_timeout(300)
        found += Axe().run(page).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
    assert [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")] == []
