"""What a visitor does, done in a real browser: look, paint, save, find, rate, write, switch, all by keyboard too."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import choose

RATING = [
    "/en/duel",
    "/zh/duel?kind=poem",
    "/zh/ladder?numbers=all",
    "/en/ladder?kind=poem",
    "/en/liked",
    "/zh/liked?kind=poem",
]
PAGES = [
    "/en/",
    "/zh/paint",
    "/en/write",
    "/zh/about",
    "/work/1",
    "/work/2",
    "/en/rooms",
    "/zh/rooms?from=1",
    "/en/challenges",
    *RATING,
]
ODD = "<img src=x onerror=window.broken=1>{{constructor.constructor('window.broken=1')()}}${window.broken=1}"


def paint(page: Page, site: str, *, seed: str = "5", language: str = "en") -> None:
    """Paint from a seed and wait until all are there."""
    page.goto(f"{site}/{language}/paint")
    page.locator("#seed input, #seed textarea").fill(seed)
    page.locator("#go").click()
    expect(page.locator("#status")).to_contain_text(re.compile("painted, from seed|画成"))
    expect(page.locator("#grid input[name=draft]:checked")).to_have_count(1)


def save(page: Page, title: str, signature: str = "") -> int:
    """Save the chosen draft and return the number of the work."""
    page.locator("#title input, #title textarea").fill(title)
    page.locator("#sign input, #sign textarea").fill(signature)
    page.locator("#save").click()
    link = page.locator("#kept a")
    link.wait_for()
    return int(str(link.get_attribute("href")).split("/")[-1])


def test_the_first_wall_shows_works_of_both_networks(page: Page, site: str) -> None:
    page.goto(site)
    expect(page).to_have_url(f"{site}/en/")
    loaded = "els => els.slice(0, 8).every(e => e.complete && e.naturalWidth === 384)"
    page.locator(".card img").nth(7).wait_for()
    page.wait_for_function(f"({loaded})([...document.querySelectorAll('.card .sheet:not(.mounted) img')])")
    for kind, shown, least in (
        ("painting", ".card img", 24),
        ("poem", ".card .verse", 12),
        ("scroll", ".card .mounted img", 4),
    ):  # or more, by others
        page.goto(f"{site}/en/?kind={kind}&order=best")
        expect(page.locator(shown).nth(least - 1)).to_be_visible()


def test_paint_save_find_open_rate_and_change_the_rating(page: Page, site: str) -> None:
    paint(page, site)
    expect(page.locator(".draft")).to_have_count(8)
    page.locator(".draft input").nth(2).check(force=True)
    number = save(page, "Pines, at dusk", "阿宁")
    page.goto(f"{site}/en/?kind=painting")
    page.locator(f".card a[href='/work/{number}']").click()
    expect(page.locator("h1")).to_contain_text("Pines, at dusk")
    expect(page.locator("dl.recipe")).to_contain_text("7")  # the third of seeds 5, 6, 7
    expect(page.locator(".score")).to_have_text("The score shows once you have given yours.")
    for stars in (2, 5):  # a change of mind
        page.locator(f".stars button[value='{stars}']").click()
        expect(page.locator(".score")).to_contain_text(f"You gave {stars} stars")
        expect(page.locator(".score")).to_contain_text(f"1 person has rated it: {stars}.00 stars")


def test_a_work_is_made_again_identical_before_ones_eyes(page: Page, site: str) -> None:
    page.goto(f"{site}/en/")
    for kind in ("img", ".verse"):
        page.goto(f"{site}/en/")
        page.locator(f".card:has({kind}) a").first.click()
        page.locator("[data-again]").click()
        expect(page.locator(".verdict")).to_contain_text("Identical")


def test_making_again_without_a_connection_says_so_in_words(page: Page, site: str) -> None:
    page.goto(f"{site}/work/1")
    page.route("**/again", lambda route: route.abort("internetdisconnected"))
    page.locator("[data-again]").click()
    expect(page.locator(".verdict")).to_have_text(re.compile("The gallery did not answer"))


def test_write_a_poem_in_a_rhyme_and_save_it(page: Page, site: str) -> None:
    page.goto(f"{site}/zh/write")
    choose(page.get_by_label("七绝"))
    page.locator("#seed input, #seed textarea").fill("11")
    page.locator("#go").click()
    expect(page.locator("#status")).to_contain_text("写成 4 首")
    expect(page.locator(".draft .verse.length-7")).to_have_count(4)
    lines = page.locator(".draft .verse").first.locator(".line").all_inner_texts()
    number = save(page, "秋江夜泊", "小满")
    page.goto(f"{site}/work/{number}")
    assert page.locator(".work .line").all_inner_texts() == lines


def test_saving_the_same_draft_twice_keeps_one_work(page: Page, site: str) -> None:
    paint(page, site, seed="77")
    first = save(page, "Once")
    page.locator("#save").click()
    page.wait_for_timeout(1500)
    assert save(page, "Twice") == first


def test_the_language_switch_is_remembered(page: Page, site: str) -> None:
    page.goto(f"{site}/en/about")
    page.locator(".language").click()
    expect(page.locator("h1")).to_have_text("说诗画")
    page.goto(site)
    expect(page).to_have_url(f"{site}/zh/")
    page.goto(f"{site}/work/1")
    page.locator(".language").click()
    expect(page).to_have_url(f"{site}/work/1")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_everything_works_by_keyboard_alone(page: Page, site: str) -> None:
    page.goto(f"{site}/en/paint")
    page.locator("#seed input, #seed textarea").focus()
    page.keyboard.type("9")
    _tab_to(page, "#go")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("painted, from seed 9")
    _tab_to(page, ".draft input")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".draft input").nth(1)).to_be_checked()
    _tab_to(page, "#title input, #title textarea")
    page.keyboard.type("By keys")
    _tab_to(page, "#save")
    page.keyboard.press("Enter")
    page.locator("#kept a").wait_for()
    _tab_to(page, "#kept a")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("By keys")
    _tab_to(page, ".stars button[value='4']")
    page.keyboard.press("Enter")
    expect(page.locator(".score")).to_contain_text("You gave 4 stars")
    _tab_to(page, ".withdraw")
    page.keyboard.press("Enter")
    expect(page.locator(".score")).to_have_text("The score shows once you have given yours.")


def test_rating_and_withdrawing_need_no_script(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{site}/work/3")
    page.locator(".stars button[value='2']").click()
    expect(page.get_by_role("img", name="its doubt, from")).to_be_visible()
    expect(page.locator(".spread li")).to_have_text(["5 ★ 0", "4 ★ 0", "3 ★ 0", "2 ★ 1", "1 ★ 0"])
    page.locator(".withdraw").click()
    expect(page.locator(".score")).to_have_text("The score shows once you have given yours.")
    context.close()


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        if page.evaluate(f"document.activeElement?.matches({selector!r}) ?? false"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the Tab key does not reach {selector}")


@pytest.mark.parametrize(
    ("seed", "title", "sentence"),
    [
        ("-3", "T", "not a whole number from 0 to 4294967295"),
        ("4294967295", "T", "not a whole number"),  # eight of them would go past the end
        ("ten", "T", "leave it empty for a random one"),
        ("3", "", "needs a title"),
        ("3", "x" * 61, "may have 60; shorten it"),
        ("3", "a\u202eb", "hidden character (U+202E)"),
    ],
)
def test_bad_input_gets_one_clear_sentence(page: Page, site: str, seed: str, title: str, sentence: str) -> None:
    page.goto(f"{site}/en/paint")
    page.locator("#seed input, #seed textarea").fill(seed)
    page.locator("#go").click()
    if seed == "3":
        expect(page.locator("#grid input[name=draft]:checked")).to_have_count(1)
        page.locator("#title input, #title textarea").fill(title)
        page.locator("#save").click()
    expect(page.get_by_role("alert").filter(has_text=sentence)).to_have_count(1)


def test_nothing_that_a_visitor_types_runs_as_a_script(page: Page, site: str) -> None:
    paint(page, site, seed="21")
    number = save(page, ODD[:60], ODD[:24])
    for address in ("/en/", "/zh/", f"/work/{number}", "/en/?order=best"):
        page.goto(site + address)
        page.locator(".card, .work").first.wait_for()
        page.wait_for_timeout(300)
        assert page.evaluate("window.broken") is None
    expect(page.locator(".card img[src='x']")).to_have_count(0)


def test_no_page_calls_another_machine(context: BrowserContext, page: Page, site: str) -> None:
    foreign: list[str] = []
    here = site.split("//")[1]
    page.on("request", lambda r: foreign.append(r.url) if here not in r.url and r.url[:5] != "data:" else None)
    for address in PAGES:
        page.goto(site + address)
        page.locator("footer.colophon").wait_for()
        page.wait_for_timeout(500)
    assert foreign == []


def test_more_of_the_wall_is_fetched_in_place(page: Page, site: str) -> None:
    for seed in ("100", "200"):
        paint(page, site, seed=seed)
        for i in range(4):
            page.locator(".draft input").nth(i).check(force=True)
            page.wait_for_timeout(400)
            save(page, f"Many {seed} {i}")
    page.goto(f"{site}/en/")
    before = 40
    expect(page.locator(".card")).to_have_count(before)
    page.locator(".more a").click()
    expect(page.locator(".card").nth(before)).to_be_visible()
    numbers = [a.get_attribute("href") for a in page.locator(".card a").all()]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("address", [*PAGES, "/work/0"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, site: str, address: str, scheme: str) -> None:
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light", locale="en-GB")
    page = context.new_page()
    page.goto(site + address)
    page.locator("footer.colophon").wait_for()
    page.wait_for_timeout(1200)
    found = Axe().run(page).response["violations"]
    serious = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found if v["impact"] in ("serious", "critical")]
    context.close()
    assert serious == []


@pytest.mark.parametrize("address", PAGES)
def test_a_narrow_screen_needs_no_sideways_scrolling(browser: Browser, site: str, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB")
    page = context.new_page()
    page.goto(site + address)
    page.locator("footer.colophon").wait_for()
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
