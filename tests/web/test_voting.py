"""Odd votes and the report on exposure, by plain HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from gallery import anomalies, web
from gallery.journeys import accounts, duel, first_wall, open_house, rate
from gallery.settings import Settings
from gallery.visitors import Visitor
from tests.fakes import PAINTER, POET, FakeClock, FakeEngine

WORDS = "correct horse battery"


@pytest.fixture(scope="module")
def wen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A curator at the desk of a gallery with a burst for work 2, whose first voter has judged a pair as well."""
    settings, clock = Settings.make({"home": tmp_path_factory.mktemp("home"), "language": "en"}), FakeClock()
    house = open_house(settings, FakeEngine(), cards=(PAINTER, POET), clock=clock)
    first_wall.seed_wall(house, 3, 2)
    accounts.add(house.settings, "wen", WORDS, "curator", 1)
    for number in range(anomalies.BURST):
        rate.cast_vote(house, 2, 5, Visitor(f"{number:032x}", since_s=clock.now))
    pair = duel.next_pair(house, "painting", Visitor("0" * 32))
    assert pair is not None
    clock.now += 2
    duel.vote(house, pair.token, "left", Visitor("0" * 32))
    client = TestClient(web.build_app(house), base_url="http://gallery.test")
    client.get("/en/")
    client.post("/desk/in", data={"name": "wen", "password": WORDS})
    yield client
    client.close()
    house.close()


def value(page: str, name: str) -> str:
    return str(re.findall(rf'name="{name}" value="([^"]+)"', page)[0])


def test_odd_votes_are_set_aside_and_released_by_buttons_and_the_log_tells_it(wen: TestClient) -> None:
    page = wen.get("/desk/votes").text
    assert "12 high ratings within an hour" in page
    assert 'aria-label="Votes in each five minutes of the hour: 12 · 0 ·' in page
    aside = wen.post("/desk/votes/aside", data={"key": value(page, "key")}).text
    assert "The votes are set aside" in aside
    assert "No votes look odd." in aside
    assert "Votes of 12 visitors." in aside
    released = wen.post("/desk/votes/release", data={"seq": value(aside, "seq")}).text
    assert "The votes count again." in released
    log = wen.get("/desk/log").text
    assert "wen: votes set aside (Burst. public log 14–25)" in log
    assert "votes of no. 1 released" in log


def test_what_is_not_odd_or_not_set_aside_is_one_sentence(wen: TestClient) -> None:
    for address, sent in (("aside", {"key": "burst-1-1"}), ("aside", {}), ("release", {"seq": "9"}), ("release", {})):
        answer = wen.post(f"/desk/votes/{address}", data=sent)
        assert answer.status_code == 400
        assert 'role="alert"' in answer.text


@pytest.mark.parametrize("kind", ["", "?kind=painting", "?kind=poem"])
def test_the_report_has_a_table_beside_each_plot(wen: TestClient, kind: str) -> None:
    page = wen.get(f"/desk/exposure{kind}").text
    assert page.count("<table>") == page.count('class="plot"') == 3
    assert ("The left was chosen 1 times" in page) is ("poem" not in kind)


def test_a_report_on_a_kind_there_is_none_of_is_one_sentence(wen: TestClient) -> None:
    assert wen.get("/desk/exposure?kind=%3Cb%3E").status_code == 400
