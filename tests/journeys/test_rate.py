"""Rate: one vote for each visitor and work, changed at will, and bad votes refused."""

from __future__ import annotations

import pytest

from gallery import errors
from gallery.journeys import House, browse, find, first_wall, rate
from gallery.journeys.find import Wish
from gallery.ranking import bayesian_mean
from tests.conftest import ALICE, BOB


@pytest.fixture
def hung(house: House) -> House:
    first_wall.seed_wall(house, 1, 1)
    return house


def test_a_vote_counts_at_once(hung: House) -> None:
    rate.cast_vote(hung, 1, 5, ALICE)
    vote = rate.cast_vote(hung, "1", 4, BOB)
    assert (vote.stars, vote.tally.votes, vote.tally.stars_sum) == (4, 2, 9)
    assert vote.tally.score == bayesian_mean(votes=2, stars_sum=9)


def test_a_vote_can_be_changed_and_still_counts_once(hung: House) -> None:
    for stars in (1, 5, 3):
        vote = rate.cast_vote(hung, 1, stars, ALICE)
    assert (vote.tally.votes, vote.tally.stars_sum) == (1, 3)
    assert browse.look(hung, 1, ALICE).my_stars == 3


def test_a_better_work_rises_to_the_top_of_the_wall(hung: House) -> None:
    rate.cast_vote(hung, 1, 5, ALICE)
    rate.cast_vote(hung, 2, 1, ALICE)
    assert [card.id for card in find.page(hung, Wish(sort="best")).cards] == [1, 2]
    rate.cast_vote(hung, 1, 1, ALICE)
    rate.cast_vote(hung, 2, 5, ALICE)
    assert [card.id for card in find.page(hung, Wish(sort="best")).cards] == [2, 1]


def test_a_withdrawn_vote_is_as_if_it_had_never_been(hung: House) -> None:
    before = rate.cast_vote(hung, 1, 2, BOB).tally
    rate.cast_vote(hung, 1, 5, ALICE)
    assert rate.withdraw_vote(hung, "1", ALICE) == before
    assert rate.withdraw_vote(hung, 1, ALICE) == before
    assert browse.look(hung, 1, ALICE).opinion is None
    assert rate.recount(hung) == []


def test_the_last_vote_can_be_withdrawn_too(hung: House) -> None:
    rate.cast_vote(hung, 1, 5, ALICE)
    assert rate.withdraw_vote(hung, 1, ALICE).votes == 0
    assert rate.withdraw_vote(hung, 1, ALICE).score == bayesian_mean(votes=0, stars_sum=0)


@pytest.mark.parametrize("work", [99, "x", -1, None])
def test_from_a_work_that_is_not_there_nothing_is_withdrawn(hung: House, work: object) -> None:
    with pytest.raises(errors.NoSuchWork):
        rate.withdraw_vote(hung, work, ALICE)


def test_those_who_have_voted_see_how_many_gave_each_star(hung: House) -> None:
    rate.cast_vote(hung, 1, 5, ALICE)
    rate.cast_vote(hung, 1, 2, BOB)
    seen = browse.look(hung, 1, BOB).opinion
    assert seen is not None
    assert (seen.spread, seen.mean) == ((0, 1, 0, 0, 1), 3.5)


@pytest.mark.parametrize("stars", [0, 6, -1, 4.5, "5", None, True, 10**30])
def test_anything_but_one_to_five_whole_stars_is_refused(hung: House, stars: object) -> None:
    with pytest.raises(errors.BadStars):
        rate.cast_vote(hung, 1, stars, ALICE)
    assert browse.look(hung, 1, ALICE).my_stars is None


@pytest.mark.parametrize("work", [99, "x", -1, None])
def test_a_work_that_is_not_there_takes_no_vote(hung: House, work: object) -> None:
    with pytest.raises(errors.NoSuchWork):
        rate.cast_vote(hung, work, 5, ALICE)


def test_every_score_is_what_the_votes_come_to(hung: House) -> None:
    rate.cast_vote(hung, 1, 5, ALICE)
    rate.cast_vote(hung, 2, 2, BOB)
    assert rate.recount(hung) == []
