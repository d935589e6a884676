"""S2: a hundred ways of smuggling a script in, in every field that is shown, with and without the security policy."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

import db
from db import NewWork
from gallery.journeys import open_store
from gallery.settings import Settings
from tests.browser.conftest import opened

CALL = "window.broken=1"
TAGS = (
    "img src=x onerror",
    "svg onload",
    "body onload",
    "details open ontoggle",
    "video src=x onerror",
    "input autofocus onfocus",
)
FRAMES = (
    "<script>{}</script>",
    "<iframe srcdoc='<script>parent.{}</script>'>",
    "<a href='javascript:{}'>x</a>",
    "<style>@import'x';</style><script>{}</script>",
)
BREAKS = ("", "'>", '">', "</title>", "</textarea>", "-->", "]]>", "</script>", "{{", "${", "\u2028")


def payloads() -> list[str]:
    """Every way out of a place, before every way in; none longer than a title may be."""
    ways = [f"<{tag}={CALL}>" for tag in TAGS] + [frame.format(CALL) for frame in FRAMES]
    ways += [f"{{{{constructor.constructor('{CALL}')()}}}}", f"${{{CALL}}}", f"javascript:{CALL}"]
    return [out + way for out, way in itertools.product(BREAKS, ways) if len(out + way) <= 60]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """An app of its own, so that no other test meets these works, and its home."""
    home = tmp_path_factory.mktemp("hostile")
    with opened(home, SHIHUA_SEED_WALL="false") as address:
        yield address, home / "data"


@pytest.fixture(scope="module")
def hostile(site: tuple[str, Path]) -> list[int]:
    """Works on the wall of the site whose title, signature and verse are payloads."""
    settings, numbers = Settings.make({"home": site[1], "language": "en"}), []
    _, database = open_store(settings)
    recipe = '{"model":"poem-tangsong","weights":"","seed":1,"inputs":{},"parameters":{},"versions":{}}'
    for number, text in enumerate(payloads()):
        verse = (text, text[:30], "山水", "风月")
        work = NewWork(
            "poem", text, text[:24], "mallory", created_ms=1_000 + number, recipe=recipe, draft=f"hostile {number}",
            form="七绝", rhyme=text[:10], verse=verse,
        )  # fmt: skip
        with database.writing() as tx:
            numbers.append(db.works.add(tx, work, score=3.0).id)
    database.close()
    return numbers


@pytest.fixture(params=[False, True], ids=["with CSP", "without CSP"])
def tab(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A tab, with the security policy obeyed or not."""
    context = browser.new_context(bypass_csp=request.param)
    yield context.new_page()
    context.close()


def broken(page: Page, address: str) -> bool:
    page.goto(address)
    page.wait_for_timeout(150)
    return bool(page.evaluate("window.broken === 1"))


def test_s2_no_payload_runs_wherever_it_is_shown(tab: Page, site: tuple[str, Path], hostile: list[int]) -> None:
    """Seen to fail without the policy, with titles marked safe in the card of the wall and in the page of a work."""
    assert len(hostile) >= 100
    pages = [f"/work/{number}" for number in hostile[:: max(1, len(hostile) // 15)]]
    walls = [f"/{language}/?sort=newest&kind=poem" for language in ("zh", "en")]
    wrong = [address for address in (*walls, *pages) if broken(tab, site[0] + address)]
    assert wrong == []


def test_s2_no_payload_runs_that_comes_in_an_address(tab: Page, site: tuple[str, Path]) -> None:
    fields = ("q", "kind", "sort", "cursor", "form", "from", "layout")
    wrong = []
    for number, text in enumerate(payloads()[::9]):
        place = ("/en/", "/zh/", "/en/ladder", "/en/duel", "/en/rooms", "/desk")[number % 6]
        if broken(tab, f"{site[0]}{place}?{fields[number % len(fields)]}={quote(text)}"):
            wrong.append(f"{place} {text}")
    assert wrong == []
