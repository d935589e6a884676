"""Exhibitions by plain HTTP: prepared on the desk, opened, walked through by links, cited, and found from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from gallery.journeys import House, first_show
from tests.web.test_desk import browser as browser
from tests.web.test_desk import house as house
from tests.web.test_desk import signed_in

Browsers = Callable[[], TestClient]


@pytest.fixture
def wen(browser: Browsers) -> TestClient:
    """A curator at the desk."""
    return signed_in(browser())


@pytest.fixture(scope="module", autouse=True)
def _opened(house: House) -> None:
    """The house has opened its first exhibition, of eight paintings and six poems."""
    assert first_show.open_first_show(house)


@pytest.fixture
def stranger(browser: Browsers) -> TestClient:
    """A visitor."""
    return browser()


def prepare(wen: TestClient, slug: str) -> str:
    """An exhibition with two works; the address of its page on the desk."""
    made = wen.post("/desk/shows", data={"slug": slug, "title_zh": "秋", "title_en": "Autumn"})
    address = made.headers["location"].partition("?")[0]
    wen.post(f"{address}/room")
    wen.post(f"{address}/room/0/hang", data={"works": "1, 2"})
    return address


def test_an_exhibition_is_prepared_previewed_opened_and_cited(wen: TestClient, browser: Browsers) -> None:
    address, stranger = prepare(wen, "autumn"), browser()
    wen.post(f"{address}/room/0/edit", data={"title_en": "By the water", "text_en": "Look *closely*. <script>"})
    page = wen.get(f"{address}/preview").text
    assert "<p>Look <em>closely</em>. &lt;script&gt;</p>" in page
    assert stranger.get("/show/autumn").status_code == 404
    assert wen.post(f"{address}/open").headers["location"].startswith(f"{address}?said=opened&entry=")
    for one in ("/show/autumn", "/show/autumn@1", "/en/shows"):
        assert "Autumn" in stranger.get(one).text
    assert "/show/autumn@1</span>" in stranger.get("/show/autumn").text
    wen.post(f"{address}/room/0/shift", data={"work": "2", "way": "off"})
    wen.post(f"{address}/open")
    assert "You are in version 1" in stranger.get("/show/autumn@1").text
    assert 'href="/show/autumn/2"' not in stranger.get("/show/autumn").text
    assert 'href="/show/autumn@1/2"' in stranger.get("/show/autumn@1").text


def test_the_walk_is_links_from_the_entrance_to_the_exit(stranger: TestClient) -> None:
    page = stranger.get("/show/first-light").text
    following, passed = re.findall(r'rel="next" href="([^"]+)"', page)[-1], 0
    while "#" not in following:
        page, passed = stranger.get(following).text, passed + 1
        following = re.findall(r'<a rel="next" href="([^"]+)"', page)[0]
    assert following == "/show/first-light#content"
    assert f"{passed} / {passed}" in page
    assert passed == 8 + 6 + 2  # paintings, poems, and the wall texts of their rooms


def test_a_work_says_where_it_hangs_and_the_sitemap_lists_exhibitions(stranger: TestClient) -> None:
    work = re.findall(r'href="/show/first-light/(\d+)"', stranger.get("/show/first-light").text)[0]
    assert f'<a href="/show/first-light/{work}">First light</a>' in stranger.get(f"/work/{work}").text
    assert "<loc>http://gallery.test/show/first-light</loc>" in stranger.get("/sitemap/0.xml").text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/show/first-light", "/show/first-light@1", "/show/first-light/room2"])
def test_exhibitions_open_in_both_languages(stranger: TestClient, language: str, path: str) -> None:
    stranger.get(f"/language/{language}")
    page = stranger.get(path).text
    assert f'<html lang="{language}"' in page
    other = re.findall(r'hreflang="\w+" href="([^"]+)"', page)[0]
    assert stranger.get(other).headers["location"] == path
    assert ("初见" if language == "zh" else "First light") in page


@pytest.mark.parametrize("path", ["/show/none", "/show/first-light@9", "/show/first-light/room9", "/show/a b"])
def test_what_is_not_there_is_said_to_be_so(stranger: TestClient, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 404
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"slug": "Autumn!", "title_en": "x"}, "cannot be an address"),
        ({"slug": "first-light", "title_en": "x"}, "its address stays its own"),
        ({"slug": "winter", "title_en": ""}, "needs a title"),
    ],
)
def test_a_refusal_keeps_what_was_typed(wen: TestClient, stranger: TestClient, data: dict[str, str], told: str) -> None:
    answer = wen.post("/desk/shows", data=data)
    assert answer.status_code == 400
    assert told in answer.text
    assert f'value="{data["slug"]}"' in answer.text


def test_the_desk_names_what_stands_in_one_language_alone(wen: TestClient) -> None:
    address = prepare(wen, "half-said")
    assert "Only in one language" not in wen.get(address).text
    wen.post(f"{address}/room/0/edit", data={"text_zh": "水"})
    assert "in the other: Room 1</p>" in wen.get(address).text


def test_a_room_without_a_name_is_numbered_once(wen: TestClient) -> None:
    address = prepare(wen, "unnamed")
    assert wen.get(f"{address}/preview").text.count("Room 1<") == 1


def test_the_log_says_which_exhibition_was_changed_and_what_of_it(wen: TestClient) -> None:
    address = prepare(wen, "logged")
    wen.post(f"{address}/edit", data={"title_en": "Snow & <ice>"})
    log = wen.get("/desk/changes").text
    for said in ("Snow &amp; &lt;ice&gt;”: words, days or cover", "”: rooms", "”: works", "made the exhibition “Snow"):
        assert said in log


def test_a_room_that_was_taken_away_comes_back_where_that_is_told(wen: TestClient) -> None:
    address = prepare(wen, "taken-away")
    page = wen.get(wen.post(f"{address}/room/0/order", data={"way": "off"}).headers["location"]).text
    assert "The room is gone" in page
    assert 'id="room1"' not in page
    seq = re.findall(r'name="seq" value="(\d+)"', page)[0]
    back = wen.post("/desk/changes/undo", data={"seq": seq, "back": address}).headers["location"]
    assert 'id="room1"' in wen.get(back).text


def hidden(page: str, action: str) -> str:
    """What the form of that address says it has shown."""
    form = rf'action="{action}[^"]*">\s*<input type="hidden" name="seen" value="(\w+)"'
    return str(re.findall(form, page)[0])


def test_a_refusal_loses_no_wall_text(wen: TestClient) -> None:
    address = prepare(wen, "words")
    words = {"title_en": "Words", "text_en": "An hour's work.", "opens": "2026-12-10", "closes": "2026-12-01"}
    page = wen.post(f"{address}/edit", data=words).text
    assert "is not a day that can be used" in page
    assert "An hour&#39;s work.</textarea>" in page
    assert 'name="closes" value="2026-12-01"' in page
    page = wen.post(f"{address}/room/0/edit", data={"text_zh": "山" * 4001}).text
    assert f"{'山' * 4001}</textarea>" in page
    assert page.index("at most 4000") > page.index('id="room1"')
    assert 'value="1, 999"' in wen.post(f"{address}/room/0/hang", data={"works": "1, 999"}).text


def test_of_two_tabs_the_later_is_told_and_may_save_again(wen: TestClient) -> None:
    address = prepare(wen, "tabs")
    base = f"{address}/room/0/edit"
    seen = hidden(wen.get(address).text, base)
    first = wen.post(base, data={"text_en": "First tab", "seen": seen})
    assert "Saved." in wen.get(first.headers["location"]).text.partition('id="room1"')[2]
    page = wen.post(base, data={"text_en": "Second tab", "seen": seen})
    assert page.status_code == 400
    assert "Second tab</textarea>" in page.text
    assert "First tab</textarea>" in wen.get(address).text
    wen.post(base, data={"text_en": "Second tab", "seen": hidden(page.text, base)})
    assert "Second tab</textarea>" in wen.get(address).text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_desk_of_exhibitions_opens_in_both_languages(wen: TestClient, language: str) -> None:
    address = prepare(wen, f"winter-{language}")
    wen.get(f"/language/{language}")
    for one in ("/desk/shows", address, f"{address}/preview", f"{address}?moved=1&went=up"):
        answer = wen.get(one)
        assert answer.status_code == 200
        assert f'<html lang="{language}"' in answer.text
        assert 'content="noindex"' in answer.text


def test_a_colleague_may_look_and_not_change(wen: TestClient, browser: Browsers) -> None:
    mine = next(one for one in wen.get("/desk/shows").text.split("<li>") if "/show/first-light" in one)
    address = re.findall(r'href="(/desk/show/\d+)"', mine)[0]
    assert "Open as version" not in wen.get(address).text
    assert wen.post(f"{address}/open").status_code == 403
    assert wen.post(f"{address}/down").status_code == 403
    assert signed_in(browser(), "li").post(f"{address}/open").status_code == 303


def test_visitors_take_the_catalogue_home_and_it_is_printed_once(stranger: TestClient, house: House) -> None:
    first = stranger.get("/show/first-light@1/catalogue.pdf")
    assert first.content.startswith(b"%PDF-")
    assert 'filename="first-light-1.pdf"' in first.headers["content-disposition"]
    printed = {path.name: path.stat().st_mtime_ns for path in (house.settings.home / "exports").iterdir()}
    part = stranger.get("/show/first-light@1/catalogue.pdf", headers={"range": "bytes=5-9"})
    assert (part.status_code, part.content) == (206, first.content[5:10])
    assert {path.name: path.stat().st_mtime_ns for path in (house.settings.home / "exports").iterdir()} == printed
    assert stranger.get("/show/none/catalogue.pdf").status_code == 404
