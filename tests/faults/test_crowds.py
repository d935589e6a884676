"""R4 and R5: crowds that rate and save at once are counted exactly."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import db
from gallery.journeys import Draft, House, browse, create, find, first_wall, open_house, rate
from gallery.visitors import Visitor
from tests.conftest import ALICE
from tests.fakes import PAINTER, POET, FakeEngine

RATERS, VOTES, WORKS = 64, 20, 5


@pytest.fixture
def second_house(house: House) -> Iterator[House]:
    """The same home opened once more, as a second process would: it shares no lock with the first."""
    second = open_house(house.settings, FakeEngine(), cards=(PAINTER, POET))
    yield second
    second.close()


def test_r4_sixty_four_raters_at_once_are_counted_exactly(house: House, second_house: House) -> None:
    first_wall.seed_wall(house, WORKS, 0)

    def rate_twenty(number: int) -> dict[int, int]:
        chance = random.Random(number)
        mine: dict[int, int] = {}
        for _ in range(VOTES):
            work, stars = chance.randint(1, WORKS), chance.randint(1, 5)
            rate.cast_vote((house, second_house)[number % 2], work, stars, Visitor(f"rater {number}"))
            mine[work] = stars
        return mine

    with ThreadPoolExecutor(RATERS) as crowd:
        cast = list(crowd.map(rate_twenty, range(RATERS)))
    for work in range(1, WORKS + 1):
        wanted = [mine[work] for mine in cast if work in mine]
        with house.db.reading() as tx:
            tally = db.works.tally(tx, work)
        assert tally is not None
        assert (tally.votes, tally.stars_sum) == (len(wanted), sum(wanted))
    assert rate.recount(house) == []


def test_r5_one_draft_saved_fifty_times_at_once_is_one_work(
    house: House, second_house: House, painted: Callable[..., Draft]
) -> None:
    draft = painted()
    second_house.drafts.keep(draft)

    def save(number: int) -> int:
        return create.save((house, second_house)[number % 2], draft.token, ALICE, f"title {number}").id

    with ThreadPoolExecutor(50) as crowd:
        assert set(crowd.map(save, range(50))) == {1}
    assert browse.counts(house) == {"painting": 1, "poem": 0, "scroll": 0, "film": 0}


def test_r5_one_vote_cast_fifty_times_at_once_is_one_vote(house: House, second_house: House) -> None:
    first_wall.seed_wall(house, 1, 0)
    with ThreadPoolExecutor(50) as crowd:
        list(crowd.map(lambda n: rate.cast_vote((house, second_house)[n % 2], 1, 4, ALICE), range(50)))
    with house.db.reading() as tx:
        assert db.works.tally(tx, 1) == db.Tally(1, 4, 19 / 6)


def test_a_crowd_that_saves_and_reads_at_once_hangs_every_work_once(house: House) -> None:
    def visit(number: int) -> None:
        visitor = Visitor(f"visitor {number}")
        draft = create.generate(house, create.PaintRequest("shanshui", seed=number), visitor)[0]
        create.save(house, draft.token, visitor, f"title {number}")
        find.page(house, visitor=visitor)

    with ThreadPoolExecutor(32) as crowd:
        list(crowd.map(visit, range(96)))
    titles = {card.title for card in find.page(house).cards}
    assert len(titles) == 60
    assert browse.counts(house)["painting"] == 96
