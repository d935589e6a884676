"""Signatures, exhibitions and pictures with a poem by plain HTTP: one wish means the same works on the wall, in the
API, in the feed, to tools and at the desk, and pages lead to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from gallery import web
from gallery.journeys import House, accounts, create, curate, inscribe, open_house
from gallery.journeys.accounts import Curator
from gallery.scroll import CHOICES
from gallery.settings import Settings
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, POET, FakeClock, FakeEngine
from tests.journeys.test_narrow import show
from tests.web.test_desk import GOOD, signed_in
from tests.web.test_feeds import ATOM
from tests.web.test_wall import numbers

HOSTILE = '"><script>x</script>&'
WISHES = {
    "signature=阿寧": [6, 2, 1],
    f"signature={quote(HOSTILE)}": [4],
    "show=spring": [5, 3, 1],
    "poem=1": [6, 1],
    "poem=1&kind=painting": [1],
    "show=spring&signature=阿宁": [1],
    "show=spring&kind=poem": [5, 3],
    "signature=nobody": [],
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, ASGIApp]]:
    """Paintings 1, 2 and 4, poems 3 and 5, and 6, a scroll of 1 and 3; 1, 3 and 5 hang in the exhibition “spring”."""
    settings = Settings.make({"home": tmp_path_factory.mktemp("home"), "language": "en"})
    house = open_house(settings, FakeEngine(), cards=(PAINTER, POET), clock=FakeClock())
    signed = ((ALICE, "阿宁"), (BOB, "阿寧"), (ALICE, ""), (BOB, HOSTILE), (BOB, "Li Bo"))
    for number, (maker, signature) in enumerate(signed, 1):
        poem, painting = create.WriteRequest("七绝", seed=number), create.PaintRequest("shanshui", seed=number)
        (draft,) = create.generate(house, poem if number in (3, 5) else painting, maker)
        create.save(house, draft.token, maker, f"work {number}", signature)
    layout = {name: values[0] for name, values in CHOICES.items()}
    inscribe.hang(house, inscribe.Wish("1", "3", layout, "阿宁"), "work 6", ALICE)
    show(house, "spring", (1, 3, 5))
    accounts.add(settings, "wen", GOOD, "curator", 1)
    yield house, web.build_app(house)
    house.close()


@pytest.fixture
def client(site: tuple[House, ASGIApp]) -> TestClient:
    return TestClient(
        site[1], base_url="http://gallery.test", headers={"accept-language": "en"}, follow_redirects=False
    )


@pytest.fixture(scope="module")
def wen(site: tuple[House, ASGIApp]) -> TestClient:
    """A curator, signed in once, since the door lets nobody try for ever."""
    client = TestClient(site[1], base_url="http://gallery.test", follow_redirects=False)
    client.get("/en/")
    return signed_in(client)


@pytest.mark.parametrize(("query", "works"), WISHES.items())
def test_one_wish_means_the_same_works_everywhere(
    client: TestClient, wen: TestClient, query: str, works: list[int]
) -> None:
    assert numbers(client.get(f"/en/?{query}").text) == numbers(client.get(f"/zh/?{query}").text) == works
    assert [one["id"] for one in client.get(f"/api/v1/works?{query}").json()["works"]] == works
    feed = ElementTree.fromstring(client.get(f"/feed.xml?{query}").text)  # noqa: S314 (our own)
    ids = [entry.findtext(f"{ATOM}id", "") for entry in feed.findall(f"{ATOM}entry")]
    assert ids == [f"http://gallery.test/work/{one}" for one in works]
    desk = wen.get(f"/desk/find?{query}").text
    assert [int(one) for one in re.findall(r'name="works" value="(\d+)"', desk)] == works


def test_every_count_of_a_narrowed_wall_is_what_its_link_leads_to(client: TestClient) -> None:
    for query in ("", "?signature=阿宁", "?show=spring", "?poem=1"):
        page = client.get(f"/en/{query}").text
        said = re.findall(r'href="(/en/[^"]*)">[^<]+<span class="count">(\d+)<', page)
        assert len(said) > 4
        assert {to: len(numbers(client.get(unescape(to)).text)) for to, _ in said} == {to: int(n) for to, n in said}


def test_the_name_on_a_work_leads_to_all_that_bears_it_and_is_only_text(client: TestClient) -> None:
    by = re.search(r'<p class="by"><a href="([^"]+)"', client.get("/work/2").text)
    assert by is not None
    assert numbers(client.get(unescape(by[1])).text) == [6, 2, 1]
    hostile = client.get("/work/4").text
    assert "<script>x" not in hostile
    by = re.search(r'<p class="by"><a href="([^"]+)"', hostile)
    assert by is not None
    wall = client.get(unescape(by[1])).text
    assert numbers(wall) == [4]
    assert "<script>x" not in wall
    assert '<p class="by">by Anonymous</p>' in client.get("/work/3").text


def test_what_a_visitor_is_does_not_stand_where_a_name_is_asked_for(client: TestClient) -> None:
    for address in ("/en/?signature=阿宁", "/api/v1/works?signature=阿宁", "/feed.xml?signature=阿宁", "/work/1"):
        answer = client.get(address).text
        assert ALICE.id not in answer
        assert BOB.id not in answer
    assert numbers(client.get(f"/en/?signature={ALICE.id}").text) == []


def test_an_exhibition_leads_to_its_wall_as_long_as_it_is_the_one_that_is_shown(
    site: tuple[House, ASGIApp], client: TestClient
) -> None:
    show(site[0], "autumn", (2, 4))
    link = 'href="/en/?show=autumn"'
    assert link in client.get("/show/autumn").text
    assert link in client.get("/show/autumn@1").text
    show(site[0], "autumn", (4, 5))
    assert link in client.get("/show/autumn").text
    assert link not in client.get("/show/autumn@1").text
    assert numbers(client.get("/en/?show=autumn").text) == [5, 4]
    show(site[0], "autumn", (4, 5), removed=True)
    assert link not in client.get("/show/autumn").text


@pytest.mark.parametrize("query", ["show=none", "show=spring@1", "show=%27", "show=none&q=%E6%9C%88"])
def test_an_exhibition_that_there_is_not_is_told_in_a_sentence_and_the_rest_stays(
    client: TestClient, query: str
) -> None:
    answer = client.get(f"/en/?{query}&kind=painting")
    assert answer.status_code == 400
    assert "hangs now; choose one from the list" in answer.text
    assert 'name="kind" value="painting"' in answer.text
    told = client.get(f"/api/v1/works?{query}")
    assert (told.status_code, told.json()["error"]) == (400, "not_on_view")
    assert client.get(f"/feed.xml?{query}").status_code == 400


def test_a_feed_names_what_it_follows_and_is_the_same_for_everybody(client: TestClient) -> None:
    page = client.get("/en/?signature=阿宁&rated=no&sort=best&mine=1").text
    link = re.search(r'type="application/atom\+xml"[^>]*href="([^"]+)"', page)
    assert link is not None
    assert unescape(link[1]) == f"/feed.xml?signature={quote('阿宁')}"
    feed = ElementTree.fromstring(client.get(unescape(link[1])).text)  # noqa: S314 (our own)
    assert feed.findtext(f"{ATOM}title") == "New at Shihua · signed 阿宁"
    assert feed.findtext(f"{ATOM}id") == f"http://gallery.test/feed.xml?signature={quote('阿宁')}"


def test_assistants_search_by_the_same(client: TestClient) -> None:
    for asked, works in (({"signature": "阿寧"}, [6, 2, 1]), ({"show": "spring", "poem": True}, [1])):
        call = {"name": "search", "arguments": asked}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}
        told = client.post("/mcp", json=message, headers={"accept": "application/json, text/event-stream"}).json()
        assert [one["id"] for one in told["result"]["structuredContent"]["works"]] == works


def test_a_search_by_them_keeps_a_collection(site: tuple[House, ASGIApp], wen: TestClient) -> None:
    wen.get("/language/en")
    show(site[0], "spring", (1, 3, 5), title="春日")
    page = wen.get("/desk/find?signature=阿宁&poem=1&show=spring").text
    assert 'name="signature" maxlength="24" autocomplete="off" value="阿宁"' in page
    assert '<option value="spring" selected>春日</option>' in page
    assert 'name="poem" value="1" checked' in page
    kept = wen.post("/desk/searches", data={"search": "signature=阿宁&poem=1&show=spring", "title_en": "Hers"})
    page = wen.get(kept.headers["location"]).text
    assert "signed 阿宁" in page
    assert "hanging in “春日”" in page
    assert re.findall(r'href="/desk/work/(\d+)"', page) == ["1"]
    show(site[0], "spring", (1, 3, 5), title="春日", removed=True)
    assert "hanging in “spring”" in wen.get(kept.headers["location"]).text


def test_a_painting_whose_scroll_is_hidden_has_no_poem(site: tuple[House, ASGIApp], client: TestClient) -> None:
    wen = Curator("wen", "curator")
    curate.hide(site[0], 6, "spam", wen)
    assert numbers(client.get("/en/?poem=1").text) == []
    assert "Pictures with a poem" not in client.get("/en/").text
    curate.restore(site[0], 6, wen)
    assert numbers(client.get("/en/?poem=1").text) == [6, 1]
