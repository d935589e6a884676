"""From a picture of one's own, in a real browser: drawn or chosen, found, saved; and nothing of it is left behind."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.test_journeys import save

FOUND = ".found img[alt*='100']"
SEARCH_MS = 180_000  # a search is ten seconds of two cores, the first of an app some more


def open_sheet(page: Page, site: str) -> None:
    page.goto(f"{site}/en/paint")
    page.get_by_role("button", name="From a picture of your own").click()
    expect(page.locator("#own-sheet")).to_be_visible()


def draw_hills(page: Page) -> None:
    box = page.locator("#own-sheet").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 200)
    page.mouse.down()
    for x, y in ((100, 60), (150, 150), (200, 80), (240, 210)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=5)
    page.mouse.up()


def ask(page: Page) -> str:
    """Ask for a painting; what the browser sent, as a data URL."""
    with page.expect_request(lambda request: "data:image/jpeg" in (request.post_data or "")) as sent:
        page.get_by_role("button", name="Paint from this").click()
    texts = map(str, json.loads(sent.value.post_data or "")["data"])
    return next(text for text in texts if text.startswith("data:image"))


def test_a_drawing_becomes_a_painting_of_ours_that_is_steered_and_saved(page: Page, site: str) -> None:
    open_sheet(page, site)
    draw_hills(page)
    ask(page)
    expect(page.locator(FOUND)).to_be_visible(timeout=SEARCH_MS)
    expect(page.locator("#sketch-status")).to_contain_text("nearest")
    page.get_by_role("button", name="Steer, breed").click()
    page.locator("#slider-light input[type=range]").press("End")
    expect(page.locator("#status")).to_contain_text("Steered")
    expect(page.locator("#trail li")).to_have_count(2)
    number = save(page, "By my own hand")
    page.goto(f"{site}/work/{number}")
    expect(page.locator(".recipe")).to_contain_text("found by a visitor's own picture")
    page.locator("[data-again]").click()
    expect(page.locator(".verdict")).to_contain_text("Identical")


def test_no_byte_of_a_picture_is_left_in_the_home_the_log_or_the_temporary_folder(
    page: Page, site: str, home: Path, tmp_path: Path
) -> None:
    picture = tmp_path / "mine.png"
    Image.effect_noise((300, 240), 90).convert("RGB").save(picture)
    open_sheet(page, site)
    page.locator("#own-file").set_input_files(picture)
    sent = ask(page)
    expect(page.locator(FOUND)).to_be_visible(timeout=SEARCH_MS)
    body = sent.partition(",")[2]
    jpeg = base64.b64decode(body)
    traces = [jpeg[len(jpeg) // 2 :][:48], body[len(body) // 2 :][:48].encode(), picture.read_bytes()[2000:2048]]
    assert all(len(trace) == 48 for trace in traces)
    files = [path for path in home.rglob("*") if path.is_file()]  # its data, its log, its temporary folder
    assert {"log", "gallery.sqlite"} <= {path.name for path in files}
    assert [str(path) for path in files if any(trace in path.read_bytes() for trace in traces)] == []


def test_files_that_are_no_picture_or_too_small_are_said_and_the_sheet_stays(page: Page, site: str) -> None:
    open_sheet(page, site)
    trouble = page.locator(".sketch .trouble")
    chooser = page.locator("#own-file")
    chooser.set_input_files(FilePayload(name="poem.png", mimeType="image/png", buffer=b"not a picture"))
    expect(trouble).to_contain_text("no picture that your browser can open")
    dot = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
    chooser.set_input_files(FilePayload(name="dot.gif", mimeType="image/gif", buffer=dot))
    expect(trouble).to_contain_text("1 × 1 pixels")
    page.get_by_role("button", name="Paint from this").click()
    expect(page.locator("#sketch-status")).to_contain_text("The sheet is empty")
    expect(page.locator(FOUND)).to_have_count(0)


def test_the_sheet_undoes_a_stroke_and_passes_axe_on_a_narrow_screen(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    open_sheet(page, site)
    blank = page.locator("#own-sheet").evaluate("sheet => sheet.toDataURL()")
    page.locator("#own-sheet").scroll_into_view_if_needed()
    draw_hills(page)
    assert page.locator("#own-sheet").evaluate("sheet => sheet.toDataURL()") != blank
    page.get_by_role("button", name="Take back a stroke").click()
    assert page.locator("#own-sheet").evaluate("sheet => sheet.toDataURL()") == blank
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    problems = Axe().run(page, context="#sketch").response["violations"]
    assert [re.sub(r"\s+", " ", problem["help"]) for problem in problems] == []
