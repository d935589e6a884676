"""Challenges by plain HTTP: a curator sets one, visitors enter and judge, then the podium and its exhibition."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from gallery import web
from gallery.journeys import House, accounts, challenge, create, first_wall, open_house
from gallery.journeys.accounts import Curator
from gallery.settings import Settings
from gallery.visitors import COOKIE
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, POET, FakeClock, FakeEngine
from tests.journeys.test_challenge import day

WORDS = "correct horse battery"


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, ASGIApp, FakeClock]]:
    """A gallery in which Alice and Bob have hung two paintings each."""
    settings, clock = Settings.make({"home": tmp_path_factory.mktemp("home"), "language": "en"}), FakeClock()
    house = open_house(settings, FakeEngine(), cards=(PAINTER, POET), clock=clock)
    first_wall.seed_wall(house, 1, 1)
    accounts.add(settings, "wen", WORDS, "curator", 1)
    for seed, maker in enumerate((ALICE, ALICE, BOB, BOB), 1):
        draft = create.generate(house, create.PaintRequest("shanshui", seed=seed), maker)[0]
        create.save(house, draft.token, maker, f"Hills {seed}", f"maker {seed}")
    yield house, web.build_app(house), clock
    house.close()


@pytest.fixture
def browse(gallery: tuple[House, ASGIApp, FakeClock]) -> Callable[..., TestClient]:
    """A browser, of a known visitor or of a new one."""

    def open_browser(cookie: str | None = None) -> TestClient:
        client = TestClient(gallery[1], base_url="http://gallery.test")
        if cookie:
            client.cookies.set(COOKIE, cookie)
        client.get("/en/")
        return client

    return open_browser


def fields(page: str) -> list[str]:
    """What can be filled in."""
    return re.findall(r'<(?:input|textarea|select) name="(\w+)"', page)


def ticket(page: str) -> str:
    return str(re.findall(r'name="token" value="([^"]+)"', page)[0])


def test_a_challenge_from_its_announcement_to_its_exhibition(
    gallery: tuple[House, ASGIApp, FakeClock], browse: Callable[..., TestClient]
) -> None:
    house, _, clock = gallery
    wen, judge = browse(), browse()
    wen.post("/desk/in", data={"name": "wen", "password": WORDS})
    wish = {
        "title_zh": "秋山",
        "title_en": "Autumn <hills>",
        "text_en": "Show *autumn*.",
        "wanted": "painting",
        "most": "2",
    }
    days = {"opens": day(clock, 0), "closes": day(clock, 1)}
    refused = wen.post("/desk/challenges", data={**wish, "opens": "", "closes": ""})
    assert refused.status_code == 400
    assert 'value="Autumn &lt;hills&gt;"' in refused.text
    assert "The challenge is announced." in wen.post("/desk/challenges", data={**wish, **days}).text
    empty = judge.get("/en/challenge/1").text  # no pair yet, so that entering comes before judging
    assert empty.index("Enter a work of yours") < empty.index("Which of the two?")
    for maker, works in ((ALICE, (3, 4)), (BOB, (5, 6))):
        client = browse(house.signer.cookie(maker))
        for work in works:
            entered = client.post("/en/challenge/1/enter", data={"work": str(work)})
            assert "It is entered." in entered.text
        again = client.post("/en/challenge/1/enter", data={"work": str(works[0])})
        assert (again.status_code, again.text.count("is entered already")) == (400, 1)
    page = judge.get("/en/challenge/1").text
    assert page.index("Which of the two?") < page.index("Enter a work of yours")
    assert "Autumn &lt;hills&gt;" in page
    assert "<em>autumn</em>" in page
    assert not re.search(r"Hills \d|maker \d", page)  # blind
    clock.now += 2
    after = judge.post(
        "/en/challenge/1/duel", data={"token": ticket(page), "choice": "left"}, headers={"x-fragment": "1"}
    )
    assert "Chosen:" in after.text
    assert "<html" not in after.text
    late = ticket(after.text)
    clock.now += 2 * 24 * 3600
    closed = judge.post("/zh/challenge/1/duel", data={"token": late, "choice": "left"})
    assert closed.status_code == 404
    podium = judge.get("/en/challenge/1").text
    assert podium.count('class="prize"') == 3
    assert "Hills" in podium
    wen.post("/desk/in", data={"name": "wen", "password": WORDS})  # a session is over by now
    show = wen.post("/desk/challenges/hang", data={"number": "1"})
    assert (show.url.path, show.status_code) == ("/show/challenge-1", 200)
    assert 'href="/show/challenge-1"' in judge.get("/en/challenge/1").text
    assert "The challenge is called off." in wen.post("/desk/challenges/off", data={"number": "1"}).text
    assert judge.get("/en/challenge/1").status_code == 404


@pytest.mark.parametrize("address", ["/en/challenges", "/zh/challenges"])
def test_the_list_opens_in_both_languages(browse: Callable[..., TestClient], address: str) -> None:
    assert browse().get(address).status_code == 200


@pytest.mark.parametrize("number", ["99", "x", "1%27"])
def test_a_challenge_there_is_none_of_is_one_sentence(browse: Callable[..., TestClient], number: str) -> None:
    answer = browse().get(f"/en/challenge/{number}")
    assert answer.status_code == 404
    assert "There is no challenge" in answer.text


def test_a_challenge_is_changed_at_the_desk_and_the_log_says_from_what_to_what(
    gallery: tuple[House, ASGIApp, FakeClock], browse: Callable[..., TestClient]
) -> None:
    house, _, clock = gallery
    wish = {"title_en": "Rain <b>", "text_en": "Paint *rain*.", "wanted": "painting", "most": "2"}
    days = {"opens": day(clock, 1), "closes": day(clock, 2)}
    number = challenge.announce(house, {**wish, **days}, Curator("wen", "curator"))
    wen, address = browse(), f"/desk/challenge/{number}"
    wen.post("/desk/in", data={"name": "wen", "password": WORDS})
    assert f'href="{address}"' in wen.get("/desk/challenges").text
    assert len(fields(wen.get(address).text)) == 8
    done = wen.post(address, data={**wish, **days, "most": "4", "closes": day(clock, 3)})
    assert "The challenge is changed" in done.text
    clock.now += 24 * 3600
    wen.post("/desk/in", data={"name": "wen", "password": WORDS})
    assert fields(wen.get(address).text) == ["title_zh", "title_en", "text_zh", "text_en", "closes"]
    refused = wen.post(address, data={"title_en": "Other <i>", "most": "5"})
    assert refused.status_code == 400
    assert "nothing else" in refused.text
    assert 'value="Other &lt;i&gt;"' in refused.text
    log = wen.get("/desk/changes").text
    assert "Last day " in log
    assert "Works each visitor may enter 2 → 4" in log
    clock.now += 3 * 24 * 3600
    wen.post("/desk/in", data={"name": "wen", "password": WORDS})
    assert fields(wen.get(address).text) == []
    assert wen.post(address, data={"title_en": "Late"}).status_code == 400
    assert wen.get("/desk/challenge/99").status_code == 404
