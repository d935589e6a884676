"""S5: every address and every Gradio endpoint there is, and who may call it; a new one fails until it is entered."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Mount, WebSocketRoute

from gallery.journeys import House
from gallery.pages import build
from gallery.visitors import COOKIE
from gallery.web import build_app
from gallery.web.guard import Guard
from gallery.web.health import Watch
from tests.conftest import ALICE


def _each(text: str) -> list[str]:
    return text.split()


ANYBODY = _each("""
/ /language/{language} /favicon.ico /media/{sha} /work/{work_id} /work/{work_id}/before /work/{work_id}/leaf
/work/{work_id}/pinyin
/work/{work_id}/gloss /work/{work_id}/file /work/{work_id}/large /work/{work_id}/pdf /zh/duel /en/duel /zh/ladder
/en/ladder /votes.csv /scores.csv /zh/ /en/ /wall/{language} /api/v1/works /feed.xml /robots.txt /sitemap.xml
/sitemap/{part}.xml /live/{code} /live/{code}/{generation}/{child} /live/{code}/scroll
/live/{code}/film /zh/rooms /en/rooms /zh/rooms/{code}
/en/rooms/{code} /zh/rooms/{code}/replay /en/rooms/{code}/replay /r/{code} /healthz /readyz
/work/{work_id}/film /work/{work_id}/loop /film/{token}
/work/{work_id}/kin /work/{work_id}/taken /zh/compare /en/compare
/zh/tags /en/tags /api/v1/openapi.json /oembed
/zh/challenges /en/challenges /zh/challenge/{number} /en/challenge/{number}
/zh/liked /en/liked
/zh/shows /en/shows /show/{address} /show/{address}/{station} /show/{address}/catalogue.pdf
""")
"""May be read by anybody; the socket of a room too, where only a visitor with a cookie may act."""
VISITORS = _each("""
/work/{work_id}/stars /work/{work_id}/withdraw /work/{work_id}/again /work/{work_id}/report /desk/in
/zh/duel /en/duel /zh/duel/undo /en/duel/undo
/zh/rooms /en/rooms /zh/rooms/{code}/keep /en/rooms/{code}/keep
/work/{work_id}/down /work/{work_id}/back
/zh/challenge/{number}/enter /en/challenge/{number}/enter /zh/challenge/{number}/duel /en/challenge/{number}/duel
""")
"""Change something: from our own pages alone, by a visitor who bears a cookie of ours."""
PROGRAMS = ["/mcp"]
"""Changes nothing and keeps nothing; from anywhere but other sites' pages, without a cookie: see test_tools.py."""
THIS_MACHINE = ["/metrics"]
MOUNTS = ["/static", "/zh", "/en"]
STUDIO = {
    *("make", "bring_back", "status", "arrive", "choose", "steer", "act", "keep_aside", "mix", "walk", "announce"),
    *("begin", "save"),
    *("lambda", "regroup", "open_page", "look", "for_painting", "for_poem", "keep"),
    *("add", "take_out", "stop"),
    "js_fn",  # a script of the page, with nothing on this side
}
"""What Gradio's pages call: each asks for the visitor of the cookie and goes through a journey."""


@pytest.fixture
def app(house: House) -> FastAPI:
    watch = build_app(house)
    assert isinstance(watch, Watch)
    assert isinstance(watch.app, Guard)
    assert isinstance(watch.app.app, FastAPI)
    return watch.app.app


def methods(route: BaseRoute) -> set[str]:
    return set(route.methods or ()) if isinstance(route, APIRoute) else {"GET"}


def test_every_address_is_entered_with_who_may_call_it(app: FastAPI) -> None:
    plain = [r for r in app.routes if isinstance(r, APIRoute | WebSocketRoute)]
    read = sorted(route.path for route in plain if methods(route) == {"GET"})
    change = sorted(route.path for route in plain if methods(route) != {"GET"})
    assert read == sorted([*ANYBODY, *THIS_MACHINE])
    assert change == sorted([*VISITORS, *PROGRAMS])
    assert [route.path for route in app.routes if isinstance(route, Mount)] == MOUNTS
    assert len(app.routes) == len(plain) + len(MOUNTS) + 1  # the desk, see test_desk.py


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_endpoint_of_gradio_is_entered_and_none_is_public(house: House, language: str) -> None:
    made = build(house, language).get_config_file()["dependencies"]
    names = {str(one["api_name"]).rstrip("0123456789").rstrip("_") for one in made}
    assert names == STUDIO
    assert {one["api_visibility"] for one in made} == {"private"}


@pytest.mark.parametrize("path", VISITORS)
def test_what_changes_anything_is_refused_to_other_sites_and_without_a_cookie(house: House, path: str) -> None:
    client = TestClient(build_app(house), base_url="http://gallery.test", follow_redirects=False)
    address = path.replace("{work_id}", "1").replace("{code}", "ABCDEF")
    cookie = {"cookie": f"{COOKIE}={house.signer.cookie(ALICE)}", "origin": "http://elsewhere.test"}
    assert client.post(address, headers=cookie).status_code == 403
    assert client.post(address, headers={"origin": "http://gallery.test"}).status_code == 403
