"""Duels, the ladder and the log by plain HTTP, with a script and without one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

import db
from gallery import web
from gallery.journeys import House, duel, first_wall, gold, ledger, open_house
from gallery.settings import Settings
from tests.fakes import PAINTER, POET, FakeClock, FakeEngine


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, ASGIApp, FakeClock]]:
    """A house with a first wall and its site, built once for all tests here."""
    clock = FakeClock()
    settings = Settings.make({"home": tmp_path_factory.mktemp("home"), "language": "en"})
    house = open_house(settings, FakeEngine(), cards=(PAINTER, POET), clock=clock)
    first_wall.seed_wall(house, 8, 4)
    yield house, web.build_app(house), clock
    house.close()


@pytest.fixture
def client(site: tuple[House, ASGIApp, FakeClock]) -> TestClient:
    """A browser that has never been here."""
    return TestClient(site[1], base_url="http://gallery.test", follow_redirects=False)


@pytest.fixture
def clock(site: tuple[House, ASGIApp, FakeClock]) -> FakeClock:
    """The clock of the house."""
    return site[2]


def token(page: str, form: str = "duel") -> str:
    return str(re.findall(rf'action="/en/{form}".*?name="token" value="([^"]+)"', page, re.DOTALL)[0])


def sent(page: str, choice: str = "left", kind: str = "painting") -> dict[str, str]:
    return {"kind": kind, "token": token(page), "choice": choice}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("page", ["duel", "duel?kind=poem", "duel?kind=nonsense", "ladder", "ladder?kind=poem&from=x"])
def test_both_pages_open_in_both_languages(client: TestClient, language: str, page: str) -> None:
    answer = client.get(f"/{language}/{page}")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert client.cookies["shihua_language"] == language


@pytest.mark.parametrize("kind", ["painting", "poem"])
def test_before_the_choice_the_page_says_nothing_of_title_maker_or_score(
    client: TestClient, site: tuple[House, ASGIApp, FakeClock], kind: str
) -> None:
    page = client.get(f"/en/duel?kind={kind}").text
    main = page[page.index("<main") : page.index("</main>")]
    with site[0].db.reading() as tx:
        page_of_all = db.shelf.page(tx, db.Selection(), order="newest", after=None, limit=60, visitor="")
    titles = [card.title for card in page_of_all.cards]
    told = [title for title in titles for mark in (">{}<", '"{}"', "“{}”") if mark.format(title) in main]
    assert told == []
    assert "/work/" not in main


def test_a_choice_answers_with_the_next_pair_and_what_was_chosen(client: TestClient, clock: FakeClock) -> None:
    first = client.get("/en/duel").text
    clock.now += 2
    answer = client.post("/en/duel", data=sent(first))
    assert answer.status_code == 200
    assert "Chosen:" in answer.text
    assert "Your first duel is counted." in answer.text
    assert token(answer.text) != token(first)


def test_a_script_gets_the_pair_alone(client: TestClient, clock: FakeClock) -> None:
    first = client.get("/en/duel").text
    clock.now += 2
    answer = client.post("/en/duel", data=sent(first, "skip"), headers={"x-fragment": "1"})
    assert answer.text.lstrip().startswith('<div class="told"')
    assert "<html" not in answer.text


def test_a_choice_within_a_second_is_told_and_not_counted(client: TestClient) -> None:
    first = client.get("/en/duel").text
    answer = client.post("/en/duel", data=sent(first))
    assert answer.status_code == 400
    assert "less than a second, so it does not count" in answer.text
    assert "Your choices move the ladder at once." in answer.text


def test_a_choice_is_taken_back_and_its_pair_comes_again(client: TestClient, clock: FakeClock) -> None:
    first = client.get("/en/duel").text
    clock.now += 2
    voted = client.post("/en/duel", data=sent(first)).text
    taken = client.post("/en/duel/undo", data={"kind": "painting", "token": token(voted, "duel/undo")})
    assert "Taken back; choose again." in taken.text
    assert re.findall(r"/media/\w+", taken.text) == re.findall(r"/media/\w+", first)


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"token": "forged"}, 404, "was not given out by the gallery"),
        ({"token": ""}, 404, "was not given out by the gallery"),
        ({"choice": "both"}, 400, "is no choice"),
        ({"choice": ""}, 400, "is no choice"),
    ],
)
def test_a_bad_vote_is_one_clear_sentence_above_a_pair(
    client: TestClient, clock: FakeClock, change: dict[str, str], status: int, sentence: str
) -> None:
    first = client.get("/en/duel").text
    clock.now += 2
    answer = client.post("/en/duel", data=sent(first) | change)
    assert answer.status_code == status
    assert answer.text.count(sentence) == 1
    assert token(answer.text)


def test_a_pair_of_another_visitor_an_old_one_and_one_judged_before_are_refused(
    client: TestClient, site: tuple[House, ASGIApp, FakeClock], clock: FakeClock
) -> None:
    first = client.get("/en/duel").text
    clock.now += 2
    other = TestClient(site[1], base_url="http://gallery.test")
    other.get("/en/duel")
    assert "shown to another visitor" in other.post("/en/duel", data=sent(first)).text
    assert client.post("/en/duel", data=sent(first)).status_code == 200
    assert "You have judged that pair already" in client.post("/en/duel", data=sent(first)).text
    clock.now += 1900
    assert "more than 30 minutes ago" in client.post("/en/duel", data=sent(first)).text


def test_a_vote_without_a_cookie_is_refused_and_from_another_site_too(client: TestClient, clock: FakeClock) -> None:
    first = client.get("/en/duel").text
    clock.now += 2
    foreign = client.post("/en/duel", data=sent(first), headers={"origin": "http://evil.test"})
    client.cookies.clear()
    stranger = client.post("/en/duel", data=sent(first))
    assert (foreign.status_code, stranger.status_code) == (403, 403)


def test_too_many_votes_are_told_with_a_status_of_their_own(
    client: TestClient, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duel, "PER_HOUR", 0)
    monkeypatch.setattr(duel, "PER_HOUR_YOUNG", 0)
    first = client.get("/en/duel").text
    clock.now += 2
    assert client.post("/en/duel", data=sent(first)).status_code == 429
    assert client.post("/work/1/stars", data={"stars": "5"}).status_code == 429


def test_the_ladder_shows_numbers_after_judging_or_when_all_are_asked_for(client: TestClient, clock: FakeClock) -> None:
    page = client.get("/en/duel").text
    for _ in range(6):
        clock.now += 2
        page = client.post("/en/duel", data=sent(page)).text
    mine = client.get("/en/ladder?kind=painting").text
    stranger = TestClient(client.app, base_url="http://gallery.test").get("/en/ladder?kind=painting").text
    every = client.get("/en/ladder?kind=painting&numbers=all").text
    assert mine.count('class="gauge"') >= 2
    assert 'class="gauge"' not in stranger
    assert "Judge it first" in stranger
    assert "Judge it first" not in every
    assert mine.count("Too early to say") == 1  # over the list and not on every row again
    assert '<a href="/en/duel" aria-current="page">' in mine


def test_a_ladder_of_no_kind_is_one_clear_sentence(client: TestClient) -> None:
    answer = client.get("/en/ladder?kind=%3Cscript%3Ealert(1)")
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text


def test_log_scores_and_script_lie_at_plain_addresses(
    client: TestClient, site: tuple[House, ASGIApp, FakeClock]
) -> None:
    log, scores = client.get("/votes.csv"), client.get("/scores.csv")
    assert log.headers["content-type"].startswith("text/csv")
    assert log.text == "".join(ledger.votes(site[0]))
    assert scores.text.startswith("as_of,work,votes,score,mu,sigma,duels\n")
    assert "openskill" in client.get("/static/recount.py").text


def test_visitors_of_one_neighbourhood_are_bounded_together_by_stars_and_duels(
    site: tuple[House, ASGIApp, FakeClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duel, "NEARBY", 3)
    answers = []
    for host in ("8.8.4.1", "8.8.4.77", "8.8.4.200", "8.8.5.1", "127.0.0.1"):
        browser = TestClient(site[1], base_url="http://gallery.test", client=(host, 1), follow_redirects=False)
        page = browser.get("/en/duel").text
        site[2].now += 2
        answers.append(browser.post("/work/1/stars", data={"stars": "4"}).status_code)
        answers.append(browser.post("/en/duel", data=sent(page)).status_code)
    assert answers == [303, 200, 303, 429, 429, 429, 303, 200, 303, 200]
    again = TestClient(site[1], base_url="http://gallery.test", client=("8.8.4.9", 1))
    again.get("/en/duel")
    assert "from your part of the internet" in again.post("/work/1/stars", data={"stars": "4"}).text


def test_a_gold_pair_shows_its_decoy_and_says_what_it_was_once_it_is_judged(
    client: TestClient, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gold, "ONE_IN", 1)
    monkeypatch.setattr(gold, "FIRST", 0)
    page = client.get("/en/duel").text
    names = re.findall(r'src="(/media/\w+)"', page)
    pictures = [client.get(name) for name in names]
    assert [one.headers["content-type"] for one in pictures] == ["image/webp"] * 2
    assert all("immutable" in one.headers["cache-control"] for one in pictures)
    assert "That pair was a trial" not in page
    clock.now += 2
    after = client.post("/en/duel", data=sent(page)).text
    assert "That pair was a trial" in after
    assert "duel/undo" not in after
