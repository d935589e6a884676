"""The keepers' page: how the house stands and how the last hour went; for keepers alone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from gallery import web
from gallery.journeys import House, accounts
from gallery.journeys.chronicle import MINUTES, MOST_TIMES, Chronicle
from gallery.web.door import SESSION
from tests.conftest import ALICE
from tests.fakes import FakeClock, FakeEngine

GOOD = "four words that do not rhyme"


def test_the_hour_is_counted_by_minute_and_kind_and_what_is_older_is_gone() -> None:
    clock = FakeClock()
    chronicle = Chronicle(clock)
    for status, seconds in (("200", 0.010), ("200", 0.020), ("503", 0.001), ("404", 0.001), ("500", 2.0)):
        chronicle.note("page", status, seconds, waiting=3)
    chronicle.note("stream", "200", 600.0, waiting=0)
    clock.now += 60
    chronicle.note("work", "aborted", 0.5, waiting=0)
    page, stream, work = chronicle.paces()
    assert (stream.answers, stream.p95_ms) == (1, 0.0)
    assert (page.kind, page.answers, page.refused, page.failed) == ("page", 5, 2, 1)
    assert (page.p50_ms, page.p95_ms) == (10.0, 2000.0)
    assert (work.answers, work.failed) == (1, 1)
    hour = chronicle.last_hour()
    assert [minute.waiting for minute in hour[-2:]] == [3, 0]
    assert len(hour) == MINUTES
    clock.now += 3600
    assert chronicle.paces() == []
    assert sum(sum(minute.answers.values()) for minute in chronicle.last_hour()) == 0


def test_a_minute_of_many_answers_keeps_no_more_times_than_it_may() -> None:
    chronicle = Chronicle(FakeClock())
    for number in range(5 * MOST_TIMES):
        chronicle.note("file", "200", float(number), waiting=0)
    (minute,) = [minute for minute in chronicle.last_hour() if minute.answers]
    assert minute.answers["file"] == 5 * MOST_TIMES
    assert len(minute.seconds["file"]) == MOST_TIMES
    assert max(minute.seconds["file"]) > 4 * MOST_TIMES  # later ones came in as well


@pytest.fixture
def keeper(house: House) -> TestClient:
    """A browser in which a keeper has signed in, in English."""
    for name, role in (("li", "keeper"), ("wen", "curator")):
        accounts.add(house.settings, name, GOOD, role, house.now_ms())  # type: ignore[arg-type]
    client = TestClient(web.build_app(house))
    client.cookies.set("shihua_language", "en")
    _sign_in(client, house, "li")
    return client


def _sign_in(client: TestClient, house: House, name: str) -> None:
    client.cookies.set(SESSION, accounts.sign_in(house, name, GOOD, ALICE), path="/desk")


def test_a_keeper_sees_what_was_asked_what_failed_and_whether_all_is_well(
    house: House, keeper: TestClient, engine: FakeEngine
) -> None:
    for _ in range(3):
        keeper.get("/work/999")
    page = keeper.get("/desk/watch").text
    assert "All is well" in page
    rows = dict(re.findall(r'<th scope="row">([^<]+)</th><td>(\d+)</td>', page))
    assert rows["works"] == "3"
    assert page.count("<svg") >= 5
    engine.closing = True
    assert "Not all is well" in keeper.get("/desk/watch").text


def test_a_curator_who_is_no_keeper_does_not_see_it(house: House, keeper: TestClient) -> None:
    keeper.cookies.clear()
    keeper.cookies.set("shihua_language", "en")
    _sign_in(keeper, house, "wen")
    assert keeper.get("/desk/watch").status_code == 403
    assert "/desk/watch" not in keeper.get("/desk").text


def test_it_is_in_chinese_too_and_says_nothing_of_who_came(house: House, keeper: TestClient) -> None:
    keeper.cookies.set("shihua_language", "zh")
    keeper.get("/work/7", headers={"x-forwarded-for": "8.8.4.1"})
    page = keeper.get("/desk/watch").text
    assert "值守" in page
    assert "8.8.4.1" not in repr(vars(house.chronicle)) + page
    assert replace(house).chronicle is house.chronicle
