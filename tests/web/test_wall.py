"""The wall by plain HTTP: an address says everything, in both languages, without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from gallery import web
from gallery.journeys import House, create, find, first_wall, narrow, open_house
from gallery.settings import Settings
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, POET, FakeEngine


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, ASGIApp]]:
    """A house with sixty works and its site."""
    settings = Settings.make({"home": tmp_path_factory.mktemp("home"), "language": "en"})
    house = open_house(settings, FakeEngine(), cards=(PAINTER, POET))
    first_wall.seed_wall(house, 40, 18)
    for seed, title in ((11, "<b>Evening</b>"), (12, "靜夜思")):
        draft = create.generate(house, create.WriteRequest("五绝", seed=seed), ALICE)[0]
        create.save(house, draft.token, ALICE, title, "阿宁")
    yield house, web.build_app(house)
    house.close()


@pytest.fixture
def client(site: tuple[House, ASGIApp]) -> TestClient:
    return TestClient(site[1], base_url="http://gallery.test", follow_redirects=False)


def numbers(page: str) -> list[int]:
    """The works a page shows, in order."""
    return [int(number) for number in re.findall(r'<a href="/work/(\d+)">', page)]


@pytest.mark.parametrize("sort", ["newest", "best", "voted", "random"])
def test_links_to_more_lead_through_the_whole_wall_without_a_script(client: TestClient, sort: str) -> None:
    seen, address = list[int](), f"/en/?sort={sort}&seed=5"
    while address:
        page = client.get(address).text
        seen += numbers(page)
        more = re.search(r'<li class="more"><a href="([^"]+)"', page)
        address = unescape(more[1]) if more else ""
    assert sorted(seen) == list(range(1, 61))


@pytest.mark.parametrize(
    "query",
    ["q=静夜", "kind=poem&form=五绝", "sort=random&seed=77", "rated=no&kind=painting", "mine=1&q=月"],
)
def test_the_same_address_shows_the_same_wall_in_either_language(client: TestClient, query: str) -> None:
    client.get("/en/")
    shown = [numbers(client.get(f"/{language}/?{query}").text) for language in ("zh", "en", "zh")]
    assert shown[0] == shown[1] == shown[2]
    switch = re.search(r'class="language"[^>]*href="([^"]+)"', client.get(f"/zh/?{query}").text)
    assert switch is not None
    assert numbers(client.get(unescape(switch[1])).text) == shown[0]


def test_the_search_keeps_what_else_is_chosen_and_starts_from_the_beginning(client: TestClient) -> None:
    page = client.get("/en/?q=月&kind=poem&sort=best&rated=no&cursor=best-3.0-40").text
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', page))
    assert kept == {"kind": "poem", "sort": "best", "rated": "no"}


def test_every_link_of_a_facet_leads_to_as_many_works_as_it_says(client: TestClient) -> None:
    page = client.get("/en/?rated=no").text
    said = re.findall(r'href="(/en/[^"]*)"[^>]*>[^<]+<span class="count">(\d+)<', page)
    assert len(said) >= 8
    for link, count in said:
        assert len(numbers(client.get(unescape(link)).text)) == min(int(count), 40), link


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("q=%22*-", "There is nothing in"),
        ("q=" + "月" * 1000, "has 1000 characters and may have 100"),
        ("cursor=nonsense", "cannot be found again"),
    ],
)
def test_what_cannot_be_searched_is_said_in_a_sentence_beside_the_search(
    client: TestClient, query: str, sentence: str
) -> None:
    answer = client.get(f"/en/?{query}&kind=poem")
    assert answer.status_code == 400
    assert sentence in unescape(answer.text)
    assert 'role="search"' in answer.text


def test_a_wall_without_works_says_what_to_do(client: TestClient) -> None:
    page = client.get("/en/?q=zzzz").text
    assert "Nothing here fits all of that." in page
    assert 'href="/en/paint"' in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_the_search_suggests_is_found(client: TestClient, language: str) -> None:
    """It suggested words that no work of a fresh gallery has."""
    hint = re.findall(r'name="q"[^>]* placeholder="([^"]+)"', client.get(f"/{language}/").text)[0]
    words = re.split("[、,]", hint.removeprefix("例如：").removesuffix("…"))
    assert len(words) > 1
    for word in words:
        assert numbers(client.get(f"/{language}/?q={word.strip()}").text), word


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_foot_of_every_page_leads_to_pages_that_there_are(client: TestClient, language: str) -> None:
    foot = client.get(f"/{language}/").text.split('<footer class="colophon">')[1]
    links = re.findall('href="([^"]+)"', foot)
    assert {"/feed.xml", "/api/v1/openapi.json", f"/{language}/ladder"} <= set(links)
    assert [client.get(link).status_code for link in links] == [200] * len(links)


def test_what_was_typed_is_shown_as_text_and_kept_in_the_box(client: TestClient) -> None:
    page = client.get('/en/?q="><script>alert(1)</script>&form=<b>').text
    assert "<script>alert" not in page
    assert "<b>" not in page
    assert 'value="&#34;&gt;&lt;script&gt;' in page
    assert "<b>Evening" not in client.get("/en/?q=evening").text


def test_odd_queries_show_the_wall_as_if_they_were_not_there(client: TestClient) -> None:
    whole = numbers(client.get("/en/").text)
    for query in ("kind=fan", "sort=9", "seed=x", "rated=perhaps", "month=2026-1", "mine=yes", "unknown=1", "q=%20"):
        assert numbers(client.get(f"/en/?{query}").text) == whole


def test_a_browser_may_bring_the_wall_back_as_it_was_left(client: TestClient) -> None:
    assert client.get("/en/").headers["cache-control"] == "private, no-cache"


def test_nobody_sees_through_the_counts_whose_works_are_whose(client: TestClient, site: tuple[House, ASGIApp]) -> None:
    assert narrow.facets(site[0], find.Wish(mine=True), BOB).total == 0
    assert numbers(client.get("/en/?mine=1").text) == []
