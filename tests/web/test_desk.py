"""The desk by plain HTTP: nothing on it without a session, what a decision shows, and where a hidden work is not."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

import db
from gallery import web
from gallery.journeys import House, accounts, first_wall, open_house
from gallery.settings import Settings
from gallery.visitors import Visitor
from gallery.web.desk import add_desk_routes
from gallery.web.door import SESSION
from tests.fakes import PAINTER, POET, FakeClock, FakeEngine

GOOD = "correct horse battery"
SHA = "0" * 64


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with a first wall, a curator and a keeper, built once for all tests here."""
    settings = Settings.make({"home": tmp_path_factory.mktemp("home"), "language": "en"})
    house = open_house(settings, FakeEngine(), cards=(PAINTER, POET), clock=FakeClock())
    first_wall.seed_wall(house, 8, 8)
    accounts.add(settings, "wen", GOOD, "curator", 1)
    accounts.add(settings, "li", GOOD, "keeper", 1)
    yield house
    house.close()


@pytest.fixture(scope="module")
def browser(house: House) -> Callable[[], TestClient]:
    """Browsers that have never been here."""
    site = web.build_app(house)

    def make() -> TestClient:
        client = TestClient(site, base_url="http://gallery.test", follow_redirects=False)
        client.get("/en/")
        return client

    return make


@pytest.fixture
def client(browser: Callable[[], TestClient]) -> TestClient:
    """Somebody who is not signed in."""
    return browser()


def signed_in(client: TestClient, name: str = "wen") -> TestClient:
    answer = client.post("/desk/in", data={"name": name, "password": GOOD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    return client


@pytest.fixture
def wen(client: TestClient) -> TestClient:
    """A curator at the desk."""
    return signed_in(client)


def every_desk_address(house: House) -> list[tuple[str, str]]:
    """Method and path of all that is under /desk, but the door itself."""
    app = FastAPI()
    add_desk_routes(app, house)
    found = [(method, path) for path, methods in app.openapi()["paths"].items() for method in methods]
    return [(method.upper(), path.replace("{sha}", SHA)) for method, path in found if path != "/desk/in"]


def ask(client: TestClient, method: str, path: str, session: str | None) -> tuple[int, str]:
    cookie = {"cookie": f"{SESSION}={session}; shihua_visitor={client.cookies['shihua_visitor']}"} if session else {}
    answer = client.request(
        method, path, headers=cookie, data={"work": "1", "reason": "spam"} if method == "POST" else None
    )
    return answer.status_code, answer.text


def test_nothing_on_the_desk_is_reached_without_a_session(client: TestClient, house: House) -> None:
    addresses = every_desk_address(house)
    assert {path for _, path in addresses} >= {
        *("/desk", "/desk/keep", "/desk/hide", "/desk/undo", "/desk/out", "/desk/log", "/desk/restore"),
        *("/desk/accounts", "/desk/watch", f"/desk/media/{SHA}"),
    }
    good = house.signer.session("wen", "another hash", int(house.clock()))
    for session in (None, "wen", "wen.1800000000.forged", good, house.signer.cookie(Visitor("wen"))):
        for method, path in addresses:
            status, page = ask(client, method, path, session)
            assert (status, "password" in page) == (401, True), (method, path, session)


def test_nothing_on_the_desk_is_reached_by_an_outworn_session(client: TestClient, house: House) -> None:
    with house.db.reading() as tx:
        account = db.curators.find(tx, "wen")
    assert account is not None
    given = int(house.clock()) - accounts.SESSION_S
    old, fresh = (house.signer.session("wen", account.password, at) for at in (given, given + 60))
    assert ask(client, "GET", "/desk", fresh)[0] == 200
    assert {ask(client, method, path, old)[0] for method, path in every_desk_address(house)} == {401}


def test_the_session_is_for_eight_hours_for_the_desk_and_for_this_site_alone(client: TestClient) -> None:
    answer = client.post("/desk/in", data={"name": "wen", "password": GOOD}, headers={"x-forwarded-proto": "https"})
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith(f"__Secure-{SESSION}"))
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert parts >= {"httponly", "samesite=strict", "path=/desk", f"max-age={8 * 3600}", "secure"}


def test_what_was_written_outlives_the_session_it_was_written_in(client: TestClient) -> None:
    page = client.post("/desk/work/1/note", data={"body": 'Hang "it" <low>, an hour\'s thought'}).text
    assert "What you sent is kept on this page" in page
    errand = {name: html.unescape(value) for name, value in re.findall(r'name="(address|kept)" value="([^"]*)"', page)}
    page = client.post("/desk/in", data={"name": "wen", "password": "x", **errand}).text
    assert errand == {n: html.unescape(v) for n, v in re.findall(r'name="(address|kept)" value="([^"]*)"', page)}
    page = client.post("/desk/in", data={"name": "wen", "password": GOOD, **errand}).text
    assert 'action="/desk/work/1/note"' in page
    body = html.unescape(re.findall(r'name="body" value="([^"]*)"', page)[0])
    assert client.post("/desk/work/1/note", data={"body": body}).status_code == 303
    assert "Hang &#34;it&#34; &lt;low&gt;, an hour&#39;s thought" in client.get("/desk/work/1").text


@pytest.mark.parametrize(
    ("asked", "then"),
    [("/desk/find?kind=poem", "/desk/find?kind=poem"), ("/desk", "/desk"), ("//elsewhere.test", "/desk")],
)
def test_signing_in_leads_back_to_what_was_asked_for(client: TestClient, asked: str, then: str) -> None:
    page = client.get(asked).text if asked.startswith("/desk") else ""
    found = re.findall(r'name="address" value="([^"]*)"', page) or [asked if not page else ""]
    answer = client.post("/desk/in", data={"name": "wen", "password": GOOD, "address": html.unescape(found[0])})
    assert answer.headers["location"] == then


def test_a_wrong_password_and_an_unknown_name_are_told_alike(browser: Callable[[], TestClient]) -> None:
    told = []
    for name in ("wen", "nobody"):
        answer = browser().post("/desk/in", data={"name": name, "password": "x"})
        told.append((answer.status_code, re.findall(r'role="alert">([^<]+)<', answer.text), SESSION in answer.cookies))
    assert told[0] == told[1]
    assert told[0][0] == 401


def test_after_five_failures_the_door_says_how_long_it_stays_shut(client: TestClient) -> None:
    answers = [client.post("/desk/in", data={"name": "zhao", "password": "x"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert "the next is taken in 15 minutes" in answers[-1].text


def test_another_site_cannot_sign_in_or_decide(wen: TestClient) -> None:
    for path in ("/desk/in", "/desk/hide", "/desk/out"):
        assert wen.post(path, headers={"origin": "http://elsewhere.test"}).status_code == 403


def test_signing_out_takes_the_session_away(wen: TestClient) -> None:
    assert "You are signed out." in wen.post("/desk/out").text
    assert wen.get("/desk").status_code == 401


def test_only_a_keeper_sees_the_accounts(browser: Callable[[], TestClient]) -> None:
    wen, li = signed_in(browser(), "wen"), signed_in(browser(), "li")
    assert wen.get("/desk/accounts").status_code == 403
    assert "/desk/accounts" not in wen.get("/desk").text
    assert "argon2" not in li.get("/desk/accounts").text
    assert re.findall(r'class="title">(\w+)<', li.get("/desk/accounts").text) == ["li", "wen"]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["", "/log", "/log?before=x", "?after=x.y", "?work=999", f"?after=0.{10**17}"])
def test_every_page_opens_in_both_languages(wen: TestClient, language: str, path: str) -> None:
    wen.get(f"/language/{language}")
    answer = wen.get(f"/desk{path}")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert 'content="noindex"' in answer.text


def in_hand(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(work|after)" value="([0-9.]+)">', page))


def test_a_decision_answers_with_the_next_work_and_is_taken_back(wen: TestClient) -> None:
    first = in_hand(wen.get("/desk").text)
    page = wen.post("/desk/keep", data=first).text
    assert "Kept: " in page
    assert re.search(r"<small>\d+ still wait\.</small>", page)
    assert in_hand(page)["work"] != first["work"]
    back = wen.post("/desk/undo", headers={"x-fragment": "1"}).text
    assert back.lstrip().startswith('<div class="told"')
    assert in_hand(back)["work"] == first["work"]


def test_a_decision_made_twice_is_told_and_goes_on(wen: TestClient) -> None:
    first = in_hand(wen.get("/desk").text)
    wen.post("/desk/keep", data=first)
    again = wen.post("/desk/keep", data=first)
    assert again.status_code == 400
    assert "was decided about meanwhile" in again.text
    wen.post("/desk/undo")


def test_a_script_whose_session_has_ended_is_led_to_the_door(client: TestClient) -> None:
    answer = client.post("/desk/keep", headers={"x-fragment": "1"})
    assert answer.status_code == 401
    assert '<a href="/desk">Sign in</a>' in answer.text
    assert "<html" not in answer.text


def everywhere(client: TestClient, work: int, title: str) -> list[bool]:
    """Whether the work is on the wall, found by its title, in the feed, the API and the sitemap, and on its page."""
    lists = ("/en/", f"/en/?q={title}", "/feed.xml", "/api/v1/works", "/sitemap/0.xml")
    pages = (f"/work/{work}", f"/work/{work}/file")
    named = re.compile(rf"/work/{work}\b")
    return [bool(named.search(client.get(one).text)) for one in lists] + [client.get(one).is_success for one in pages]


def test_a_hidden_work_is_gone_everywhere_at_once_and_comes_back(wen: TestClient, house: House) -> None:
    with house.db.reading() as tx:
        work = next(one for n in range(1, 17) if (one := db.works.find(tx, n)) and one.picture)
    assert everywhere(wen, work.id, work.title) == [True] * 7
    picture = f"/media/{work.thumb}"
    assert wen.get(picture).is_success
    assert "Hidden: " in wen.post("/desk/hide", data={"work": work.id, "reason": "copied"}).text
    assert everywhere(wen, work.id, work.title) == [False] * 7
    assert [wen.get(one).status_code for one in (picture, f"/desk{picture}")] == [404, 200]
    assert "hidden (someone else&#39;s work)" in wen.get("/desk/log").text
    assert "hangs again" in wen.post("/desk/restore", data={"work": work.id}).text
    assert everywhere(wen, work.id, work.title) == [True] * 7


def test_a_work_that_was_kept_is_still_hidden_from_its_page_and_listed_until_it_is_back(wen: TestClient) -> None:
    work = in_hand(wen.get("/desk").text)["work"]
    wen.post("/desk/keep", data={"work": work})
    assert 'action="/desk/hide"' in wen.get(f"/desk/work/{work}").text
    answer = wen.post("/desk/hide", data={"work": work, "reason": "asked", "back": "work"})
    assert f"work={work}&" in str(answer.url if answer.history else answer.headers["location"])
    page = wen.get(f"/desk/log?work={work}&said=hidden_here").text
    assert "Hidden. It can be brought back" in page
    assert "hidden (its maker asks for it)" in page
    assert "kept" in page
    listed = f'action="/desk/restore"><input type="hidden" name="work" value="{work}">'
    assert listed in wen.get("/desk/log?show=hidden").text
    wen.post("/desk/restore", data={"work": work})
    assert listed not in wen.get("/desk/log?show=hidden").text
    assert "Nothing has been decided about this work." in wen.get("/desk/log?work=999").text


def test_a_visitor_reports_a_work_once_and_curators_see_why(
    client: TestClient, browser: Callable[[], TestClient]
) -> None:
    assert 'name="reason" value="personal"' in client.get("/work/2").text
    answer = client.post("/work/2/report", data={"reason": "personal"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/work/2#report")
    assert "You have reported it (about a private person)" in client.get("/work/2").text
    assert client.post("/work/2/report", data={"reason": "spam"}).status_code == 400
    page = signed_in(browser()).get("/desk").text
    assert in_hand(page) == {"work": "2", "after": "1.2"}
    assert "about a private person × 1" in page


def test_the_desk_is_in_no_list_for_search_engines(client: TestClient) -> None:
    assert "/desk" not in client.get("/sitemap.xml").text + client.get("/sitemap/0.xml").text
