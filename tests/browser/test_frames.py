"""Inside another site's page, as a Hugging Face Space is shown: what a visitor makes there is theirs all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

PROXIED = {"x-forwarded-proto": "https"}  # not for Gradio's pages, which would then ask for files by https
HUB = "https://huggingface.co/spaces/someone/shihua"


@pytest.fixture
def hub(browser: Browser) -> Iterator[Page]:
    """A tab for the page of the Hub; work pages are asked for as its proxy does, so that their cookies are of https."""
    context = browser.new_context(locale="en-GB")
    context.route("**/work/*", lambda route: route.continue_(headers=route.request.headers | PROXIED))
    context.set_default_timeout(60_000)
    context.grant_permissions(["local-network-access"])  # the gallery of the test is on this machine
    yield context.new_page()
    context.close()


def frame(hub: Page, address: str) -> FrameLocator:
    """The gallery at that address, framed."""
    body = f"<!doctype html><title>Space</title><iframe src='{address}' width=1200 height=1800></iframe>"
    hub.route(HUB, lambda route: route.fulfill(body=body, content_type="text/html"))
    hub.goto(HUB)
    return hub.frame_locator("iframe")


def test_a_framed_visitor_paints_and_saves(hub: Page, site: str) -> None:
    inside = frame(hub, f"{site}/work/1")
    inside.get_by_role("link", name="Paint", exact=True).click()
    inside.locator("#seed input, #seed textarea").fill("31")
    inside.locator("#go").click()
    expect(inside.locator("#status")).to_contain_text("painted, from seed 31")
    inside.locator("#title input, #title textarea").fill("From the Hub")
    inside.locator("#save").click()
    expect(inside.locator("#kept")).to_contain_text("hangs on the wall")


def test_a_framed_visitor_rates(hub: Page, site: str) -> None:
    inside = frame(hub, f"{site}/work/1")
    inside.locator(".stars button[value='4']").click()
    expect(inside.locator(".score")).to_contain_text("You gave 4 stars")


def test_a_browser_that_keeps_no_cookie_is_told_so(hub: Page, site: str) -> None:
    inside = frame(hub, f"{site}/en/paint")  # by plain http, whose cookies never come back from inside a frame
    inside.locator("#go").click()
    expect(inside.locator("#status")).to_contain_text("keeps no cookie for this site")
