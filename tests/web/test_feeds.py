"""The wall for programs: the API pages like the wall, the feed and the sitemap name every work that can be seen."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

from gallery.journeys import House, find, rate
from tests.conftest import BOB
from tests.web.test_wall import client as client
from tests.web.test_wall import site as site

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_api_pages_through_the_whole_wall(client: TestClient) -> None:
    seen, cursor = list[int](), ""
    while cursor is not None:
        told = client.get("/api/v1/works", params={"sort": "best", "limit": 25, "cursor": cursor}).json()
        seen += [work["id"] for work in told["works"]]
        cursor = told["next"]
    assert sorted(seen) == list(range(1, 61))


def test_the_api_answers_the_questions_of_the_wall(client: TestClient) -> None:
    (work,) = client.get("/api/v1/works", params={"q": "jingyesi"}).json()["works"]
    assert (work["title"], work["kind"], work["form"], len(work["verse"])) == ("靜夜思", "poem", "五绝", 4)
    assert work["url"] == f"http://gallery.test/work/{work['id']}"
    assert client.get(work["url"]).status_code == client.get(work["file"]).status_code == 200


def test_the_api_keeps_scores_from_those_who_have_not_rated(client: TestClient, site: tuple[House, object]) -> None:
    rate.cast_vote(site[0], 60, 5, BOB)
    works = client.get("/api/v1/works").json()["works"]
    assert {(work["votes"], work["mean"], work["my_stars"]) for work in works} == {(None, None, None)}
    assert find.page(site[0], find.Wish(), BOB, limit=1).cards[0].mean == 5.0


@pytest.mark.parametrize("address", ["/api/v1/works?kind=poem", "/feed.xml", "/sitemap.xml", "/sitemap/0.xml"])
def test_whoever_has_the_same_already_is_told_so(client: TestClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")


@pytest.mark.parametrize(("query", "error"), [("q=%22", "nothing_to_search"), ("cursor=x", "bad_cursor")])
def test_the_api_refuses_in_a_sentence_and_by_name(client: TestClient, query: str, error: str) -> None:
    answer = client.get(f"/api/v1/works?{query}")
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert answer.json()["text"].endswith(".")


def test_the_feed_is_atom_and_what_visitors_typed_is_text_in_it(client: TestClient) -> None:
    answer = client.get("/feed.xml", headers={"accept-language": "en"})
    feed = ElementTree.fromstring(answer.text)  # noqa: S314 (our own)
    entries = feed.findall(f"{ATOM}entry")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert [entry.findtext(f"{ATOM}title") for entry in entries[:2]] == ["靜夜思", "<b>Evening</b>"]
    assert len(entries) == 40
    assert all(entry.findtext(f"{ATOM}{name}") for entry in entries for name in ("id", "updated", "summary"))


def test_the_sitemap_leads_to_every_work(client: TestClient) -> None:
    (shelf,) = re.findall("<loc>http://gallery.test(.*)</loc>", client.get("/sitemap.xml").text)
    named = re.findall(r"<loc>http://gallery.test/work/(\d+)</loc>", client.get(shelf).text)
    assert named == [str(number) for number in range(1, 61)]
    assert client.get("/sitemap/999999999999999999999.xml").status_code == 200
    assert "/sitemap.xml" in client.get("/robots.txt").text
