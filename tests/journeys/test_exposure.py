"""Exposure: the report says what the log says, and new works get their first duels as soon as was promised."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from db.exposure import Exposed
from gallery import errors
from gallery.journeys import House, duel, exposure, first_wall, rate
from gallery.ranking import ENOUGH, NEWCOMERS
from gallery.visitors import Visitor
from tests.conftest import ALICE
from tests.fakes import FakeClock


@pytest.fixture
def judged(house: House, clock: FakeClock) -> House:
    """Six paintings, on which five visitors have judged six pairs each, four of five times the left."""
    first_wall.seed_wall(house, 6, 2)
    for number in range(30):
        visitor = Visitor(f"{number % 5:032x}")
        pair = duel.next_pair(house, "painting", visitor)
        assert pair is not None
        clock.now += 2
        duel.vote(house, pair.token, "right" if number < 6 else "left", visitor)
    rate.cast_vote(house, 1, 5, ALICE)
    return house


def test_duels_and_stars_are_counted_by_age_and_by_place(judged: House, clock: FakeClock) -> None:
    clock.now += 3 * 24 * 3600
    found = exposure.report(judged)
    assert (found.kind, found.works, found.duels) == ("painting", 6, 30)
    [age], [place] = found.ages, found.places
    assert (age.name, age.works, age.duels, age.stars) == ("week", 6, 10.0, 1 / 6)
    assert (place.name, place.works) == ("1–12", 6)
    assert age.chosen == pytest.approx(0.5, abs=0.1)


def test_a_preference_for_one_side_is_seen_and_half_and_half_is_none(judged: House) -> None:
    sides = exposure.report(judged).sides
    assert sides is not None
    assert (sides.left, sides.right, sides.share) == (24, 6, 0.8)
    assert not sides.even
    assert replace(sides, share=0.5, low=0.45, high=0.55).even
    assert replace(sides, share=0.515, low=0.505, high=0.525).even
    assert not replace(sides, share=0.53, low=0.521, high=0.539).even


def test_a_kind_without_duels_is_reported_as_such_and_one_without_works_is_none(judged: House) -> None:
    found = exposure.report(judged, "poem")
    assert (found.sides, found.gini, found.duels, found.waits.waiting) == (None, None, 0, 2)
    with pytest.raises(errors.UnknownKind):
        exposure.report(judged, "sculpture")


def test_new_works_get_their_first_duels_within_what_is_promised(house: House, clock: FakeClock) -> None:
    """Seen to fail with the turn of newcomers left out."""
    first_wall.seed_wall(house, 9, 0)
    for number in range(150):
        visitor = Visitor(f"{number % 15:032x}")
        pair = duel.next_pair(house, "painting", visitor)
        assert pair is not None
        clock.now += 2
        duel.vote(house, pair.token, Random(number).choice(("left", "right")), visitor)
    waits = exposure.report(house).waits
    assert (waits.served, waits.kept, waits.waiting) == (9, 9, 0)


def test_a_wait_is_counted_from_the_hanging_and_held_against_those_that_waited_beside_it() -> None:
    works = [Exposed(work, minute * 60_000, 0, 3.0, 0, None) for work, minute in ((1, 0), (2, 0), (3, 100))]
    old = [(10, 1, 2)] * ENOUGH
    slow = [(200, 1, 2)] * (ENOUGH * NEWCOMERS) + [(300, 3, 1)] * ENOUGH
    found = exposure.wait(works, [*old, *slow])
    assert found.spread == (2, 0, 0, 1, 0, 0)
    assert (found.kept, found.waiting) == (2, 0)
    assert exposure.wait(works, old).waiting == 1
