"""The ladder: best first with its doubt, numbers for those who have judged, and too early to say below a few duels."""

from __future__ import annotations

import pytest

from gallery import errors
from gallery.journeys import House, duel, first_wall, ladder, rate
from gallery.journeys.ladder import Wish
from gallery.ranking import ENOUGH
from gallery.visitors import Visitor
from tests.conftest import ALICE, BOB
from tests.fakes import FakeClock

PAINTINGS, ALL = Wish("painting"), Wish("painting", every=True)


@pytest.fixture
def judged(house: House, clock: FakeClock) -> House:
    """Six paintings that everybody finds better the lower their number; nobody has judged the poems. Everybody judges
    every pair: who meets whom is drawn by lot, and half of the pairs would now and then leave two in doubt."""
    first_wall.seed_wall(house, 6, 2)
    for number in range(8):
        visitor = Visitor(f"visitor {number}")
        while pair := duel.next_pair(house, "painting", visitor):
            clock.now += 2
            duel.vote(house, pair.token, "left" if pair.left.id < pair.right.id else "right", visitor)
    return house


def test_the_best_come_first_each_within_its_doubt(judged: House) -> None:
    places = ladder.read(judged, ALL, ALICE).ranked
    assert [place.rank for place in places] == list(range(1, 7))
    assert [place.work.id for place in places] == sorted(place.work.id for place in places)
    for place in places:
        assert place.now is not None
        assert place.now.low < place.now.mid < place.now.high
        assert place.rank is not None
        assert place.best <= place.rank <= place.worst


def test_a_work_shows_how_it_came_there(judged: House) -> None:
    place = ladder.read(judged, ALL, ALICE).ranked[0]
    assert len(place.before) == place.duels
    assert place.before[-1] == place.now
    assert place.before[-1].high - place.before[-1].low < place.before[0].high - place.before[0].low


def test_who_has_judged_nothing_sees_the_order_and_no_number(judged: House) -> None:
    found = ladder.read(judged, PAINTINGS, BOB)
    assert found.hidden
    assert len(found.ranked) == 6
    assert all(place.now is None and place.before == () for place in found.ranked)


def test_who_has_judged_a_work_sees_its_numbers(judged: House) -> None:
    rate.cast_vote(judged, found := ladder.read(judged, PAINTINGS, BOB).ranked[2].work.id, 3, BOB)
    seen = [place.work.id for place in ladder.read(judged, PAINTINGS, BOB).ranked if place.now]
    assert seen == [found]


def test_below_a_few_duels_it_is_too_early_to_say(house: House, clock: FakeClock) -> None:
    first_wall.seed_wall(house, 3, 0)
    for number in range(3):
        pair = duel.next_pair(house, "painting", Visitor(f"visitor {number}"))
        assert pair is not None
        clock.now += 2
        duel.vote(house, pair.token, "left", Visitor(f"visitor {number}"))
    found = ladder.read(house, ALL, ALICE)
    assert found.ranked == ()
    assert {place.rank for place in found.early} == {None}
    assert all(place.duels < ENOUGH for place in found.early)


def test_it_can_be_narrowed_to_a_subject_and_a_month(judged: House) -> None:
    whole = ladder.read(judged, ALL, ALICE)
    for sort in whole.sorts:
        some = ladder.read(judged, Wish("painting", sort=sort, every=True), ALICE).ranked
        assert [place.work.id for place in some] == [p.work.id for p in whole.ranked if p.work.subject == sort]
        assert [place.rank for place in some] == list(range(1, len(some) + 1))
    month = whole.months[0]
    assert len(ladder.read(judged, Wish("painting", month=month), ALICE).ranked) == 6
    assert ladder.read(judged, Wish("painting", month="1999-01"), ALICE).ranked == ()


def test_it_is_read_page_by_page(judged: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ladder, "PAGE", 4)
    first = ladder.read(judged, PAINTINGS, ALICE)
    second = ladder.read(judged, Wish("painting", start=first.following or 0), ALICE)
    assert (len(first.ranked), first.following) == (4, 4)
    assert ([place.rank for place in second.ranked], second.following) == ([5, 6], None)


def test_a_kind_that_nobody_has_judged_has_an_empty_ladder(judged: House) -> None:
    found = ladder.read(judged, Wish("poem"), ALICE)
    assert (found.ranked, found.early, found.hidden) == ((), (), False)


def test_a_kind_there_is_none_of_is_refused(judged: House) -> None:
    with pytest.raises(errors.UnknownKind):
        ladder.read(judged, Wish("sculpture"), ALICE)


def test_an_empty_gallery_has_an_empty_ladder(house: House) -> None:
    assert ladder.read(house, Wish(), ALICE).ranked == ()
