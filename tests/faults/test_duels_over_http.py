"""R4 by the real path: sixty-four visitors judge at once over HTTP, twice each time, and are counted exactly."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

import db
from gallery.journeys import House, duel, first_wall, ledger, open_house
from gallery.settings import Settings
from tests.fakes import PAINTER, POET, FakeEngine
from tests.web.serving import served

VISITORS, ROUNDS, UNDONE = 64, 2, 16
WORKS = 12


@pytest.fixture
def house(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A gallery in which nobody has to look for a second first, nor to be quick in taking back on a busy machine."""
    monkeypatch.setattr(duel, "QUICK_S", 0.0)
    monkeypatch.setattr(duel, "UNDO_S", 3600)
    house = open_house(settings, FakeEngine(), cards=(PAINTER, POET))
    first_wall.seed_wall(house, WORKS, 0)
    yield house
    house.close()


@pytest.fixture
def site(house: House) -> Iterator[str]:
    """Its address, served for real."""
    with served(house) as address:
        yield address


def token(page: str, form: str) -> str:
    return str(re.findall(rf'action="/en/{form}".*?name="token" value="([^"]+)"', page, re.DOTALL)[0])


def visit(site: str, number: int) -> Counter[int]:
    """Judges ROUNDS pairs, sending each choice twice as an impatient hand does, and perhaps takes the last one back."""
    answers = Counter[int]()
    with httpx.Client(base_url=site, timeout=120) as client:
        page = client.get("/en/duel?kind=painting").text
        for turn in range(ROUNDS):
            choice = {
                "kind": "painting",
                "token": token(page, "duel"),
                "choice": ("left", "right")[(number + turn) % 2],
            }
            with ThreadPoolExecutor(2) as hands:
                both = list(hands.map(lambda _, sent=choice: client.post("/en/duel", data=sent), range(2)))
            answers.update(answer.status_code for answer in both)
            page = next(answer.text for answer in both if answer.status_code == 200)
        if number < UNDONE:
            taken = client.post("/en/duel/undo", data={"kind": "painting", "token": token(page, "duel/undo")})
            assert taken.status_code == 200
    return answers


def test_sixty_four_visitors_at_once_over_http_are_counted_exactly(house: House, site: str) -> None:
    with ThreadPoolExecutor(VISITORS) as crowd:
        answers = sum(crowd.map(lambda number: visit(site, number), range(VISITORS)), Counter[int]())
    assert answers == {200: VISITORS * ROUNDS, 400: VISITORS * ROUNDS}
    with house.db.reading() as tx:
        acts = Counter(entry.vote.act for entry in db.ballots.entries(tx))
        duels = sum(state.duels for state in db.duels.all_states(tx).values())
    assert acts["left"] + acts["right"] == VISITORS * ROUNDS
    assert acts["undo"] == UNDONE
    assert duels == 2 * (VISITORS * ROUNDS - UNDONE)
    assert ledger.prove(house.settings).faults == ()
