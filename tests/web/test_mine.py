"""One's own works by plain HTTP: taken down and brought back without a script, and nobody else sees any of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from gallery import web
from gallery.journeys import Draft, House, browse, create
from gallery.visitors import COOKIE, Visitor
from tests.conftest import ALICE, BOB

Visit = Callable[[Visitor], TestClient]


@pytest.fixture
def visit(house: House, painted: Callable[..., Draft], written: Callable[..., Draft]) -> Visit:
    """Browsers of a site with a painting and a poem of Alice's."""
    create.save(house, painted().token, ALICE, "Hills & <lakes>")
    create.save(house, written().token, ALICE, "Evening")
    app = web.build_app(house)

    def visit(visitor: Visitor) -> TestClient:
        headers = {"accept-language": "en", "origin": "http://gallery.test"}
        client = TestClient(app, base_url="http://gallery.test", headers=headers)
        client.cookies.set(COOKIE, house.signer.cookie(visitor))
        return client

    return visit


def test_a_maker_takes_a_work_down_and_brings_it_back_from_its_page(visit: Visit) -> None:
    alice = visit(ALICE)
    assert 'action="/work/1/down"' in alice.get("/work/1").text
    page = alice.post("/work/1/down").text
    assert "You have taken “Hills &amp; &lt;lakes&gt;” down" in page
    assert 'action="/work/1/back"' in page
    assert 'action="/work/1/down"' in alice.post("/work/1/back").text


def test_others_find_no_way_to_take_it_down_and_nothing_once_it_is(visit: Visit, house: House) -> None:
    alice, bob = visit(ALICE), visit(BOB)
    thumb = browse.look(house, 1).work.thumb
    assert "/down" not in bob.get("/work/1").text
    assert bob.post("/work/1/down").status_code == 404
    alice.post("/work/1/down")
    for address in ("/work/1", "/work/1/kin", "/work/1/file", "/work/1/taken", f"/media/{thumb}"):
        assert bob.get(address).status_code == 404, address
    for address in ("/en/", "/en/?mine=1", "/feed.xml", "/api/v1/works", "/sitemap/0.xml", "/en/?q=hills"):
        assert "/work/1" not in bob.get(address).text, address
    assert bob.post("/work/1/back").status_code == 404


def test_what_is_down_stands_above_one_s_own_works_with_a_way_back(visit: Visit) -> None:
    alice = visit(ALICE)
    assert "Taken down" not in alice.get("/en/?mine=1").text
    for work in (1, 2):
        alice.post(f"/work/{work}/down")
    assert "Made by me" in alice.get("/en/").text
    page = alice.get("/en/?mine=1").text
    assert "Taken down: 2" in page
    assert page.count("can be brought back until") == 2
    assert alice.get("/work/1/taken").headers["cache-control"] == "private, no-store"
    assert "Taken down" not in alice.get("/en/").text
