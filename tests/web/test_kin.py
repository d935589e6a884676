"""What is between works, by plain HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from xml.etree import ElementTree

import pytest
from starlette.testclient import TestClient

import db
from gallery import web
from gallery.journeys import Draft, House, create, credit
from gallery.pages import work
from gallery.pages.frame import Frame
from gallery.scroll import CHOICES
from models.painting_gan import wishes as painting_wishes
from models.poem_rnn import wishes as poem_wishes
from tests.conftest import ALICE
from tests.web.test_feeds import ATOM


@pytest.fixture
def client(house: House, painted: Callable[..., Draft]) -> TestClient:
    """A site with three paintings, each made of the one before."""
    for seed, title in enumerate(("Spring", "<b>Summer</b>", "Autumn"), start=1):
        create.save(house, painted(seed).token, ALICE, title)
    with house.db.writing() as tx:
        db.lineage.record(tx, child=2, parents=[(1, "steered")])
        db.lineage.record(tx, child=3, parents=[(2, "mixed")])
    return TestClient(web.build_app(house), base_url="http://gallery.test", headers={"accept-language": "en"})


def test_a_family_is_drawn_and_told_as_an_outline(client: TestClient) -> None:
    page = client.get("/work/2/kin").text
    assert "3 works in 3 generations" in page
    assert re.findall(r'<path d="[^"]+" data-parent="(\d)" data-child="(\d)"/>', page) == [("1", "2"), ("2", "3")]
    outline = page.split('class="outline"')[1]
    assert re.findall(r'<a href="/work/(\d)">', outline) == ["1", "3"]
    assert "<b>Summer" not in page
    assert "<b>Summer" in unescape(page)


def test_a_work_that_is_no_longer_shown_is_a_blank_in_the_family(client: TestClient, house: House) -> None:
    with house.db.writing() as tx:
        tx.exec_driver_sql("UPDATE works SET hidden = 1 WHERE id = 2")
    page = client.get("/work/3/kin").text
    assert "Summer" not in page
    assert '/work/2"' not in page
    assert page.count("a work that is no longer shown") == 2
    assert client.get("/work/2/kin").status_code == client.get("/work/x/kin").status_code == 404


def test_a_work_leads_to_its_family_if_it_has_one(
    client: TestClient, house: House, painted: Callable[..., Draft]
) -> None:
    create.save(house, painted(9).token, ALICE, "Alone")
    assert [f'href="/work/{n}/kin"' in client.get(f"/work/{n}").text for n in (1, 3, 4)] == [True, True, False]
    assert "It comes from no other work" in client.get("/work/4/kin").text


def test_api_and_feed_say_who_gave_what(client: TestClient) -> None:
    newest = client.get("/api/v1/works?limit=1").json()["works"][0]
    (source,) = newest["credits"]["sources"]
    assert (source["work"], source["how"], source["title"]) == (2, "mixed", "<b>Summer</b>")
    entry = ElementTree.fromstring(client.get("/feed.xml").text).findall(f"{ATOM}entry")[0]  # noqa: S314 (our own)
    via = [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "via"]
    assert [(one.get("href"), one.get("title")) for one in via] == [("http://gallery.test/work/2", "<b>Summer</b>")]
    assert [one.findtext(f"{ATOM}name") for one in entry.findall(f"{ATOM}contributor")] == ["fake_painter"]
    assert "Painted by the network fake_painter" in (entry.findtext(f"{ATOM}summary") or "")


def test_a_work_says_who_gave_what_and_its_file_says_the_same(client: TestClient, house: House) -> None:
    page = unescape(client.get("/work/3").text)
    file = client.get("/work/3/file").content.split(b"IDAT")[0].decode("utf-8", "replace")
    for sentence in credit.sentences(house, credit.look(house, 3), "en"):
        assert sentence in page
        assert sentence in unescape(file)
    assert credit.KEY.encode() in client.get("/work/3/large").content


@pytest.mark.parametrize("query", ["ids=1,3", "ids=1&ids=3"])
def test_works_stand_side_by_side_however_the_address_names_them(client: TestClient, query: str) -> None:
    page = client.get(f"/en/compare?{query}").text
    assert re.findall(r'<li><a href="/work/(\d)">', page) == ["1", "3"]
    assert "Their recipes differ in: seed." in page
    assert 'href="/zh/compare?ids=1%2C3"' in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_value_of_a_recipe_has_a_name_of_its_own_in_a_comparison(language: str, house: House) -> None:
    """Seen to fail with lines that a maker has fixed, of which a page of one work tells how many: no page came."""
    names = {
        *painting_wishes.INPUTS,
        *poem_wishes.INPUTS,
        *poem_wishes.PARAMETERS,
        *CHOICES,
        "seed_2",
        "seconds",
        "day",
    }
    called = {name: work.called(Frame(house, language), name) for name in names - {"ink"}}
    assert [name for name, word in called.items() if (language == "zh" and word == name) or "{" in word] == []
    assert len(set(called.values())) == len(called)


def test_what_cannot_be_compared_is_said_in_a_sentence(client: TestClient) -> None:
    answers = [
        client.get(f"/en/compare{query}") for query in ("", "?ids=1", "?ids=1,2,3,4,5", "?ids=1,99", "?ids=1,<b>")
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 404, 404]
    assert "5 works were chosen, and 2 to 4 can be compared" in answers[2].text
    assert "<b>" not in answers[4].text


def test_works_are_chosen_on_the_wall_without_a_script(client: TestClient) -> None:
    page = client.get("/en/").text
    assert re.findall(r'name="ids" value="(\d)" form="compare"', page) == ["3", "2", "1"]
    assert '<form id="compare" class="choose" action="/en/compare"' in page
