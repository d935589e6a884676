"""Ranking: what a score may be and what it must obey."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as some

from gallery.ranking import bayesian_mean, opinion

votes = some.lists(some.integers(1, 5), max_size=200)


def score(stars: list[int]) -> float:
    return bayesian_mean(votes=len(stars), stars_sum=sum(stars))


@given(votes)
def test_a_score_lies_between_one_star_and_five(stars: list[int]) -> None:
    assert 1 <= score(stars) <= 5


@given(votes, some.integers(0, 199))
def test_a_better_vote_never_lowers_a_score(stars: list[int], place: int) -> None:
    better = [min(5, given + 1) if index == place else given for index, given in enumerate(stars)]
    assert score(better) >= score(stars)


@given(some.integers(1, 5))
def test_with_many_votes_the_prior_is_forgotten(stars: int) -> None:
    assert abs(score([stars] * 10_000) - stars) < 0.01


@given(some.lists(some.integers(0, 40), min_size=5, max_size=5).filter(any))
def test_the_mean_lies_within_its_doubt_and_the_doubt_within_the_scale(spread: list[int]) -> None:
    found = opinion(spread)
    assert 1 <= found.low <= found.mean <= found.high <= 5


@given(some.lists(some.integers(0, 40), min_size=5, max_size=5).filter(any))
def test_four_times_the_votes_leave_less_doubt(spread: list[int]) -> None:
    few, many = opinion(spread), opinion([4 * count for count in spread])
    assert many.high - many.low < few.high - few.low


def test_the_doubt_holds_the_truth_in_about_nine_cases_of_ten() -> None:
    chance, held, cases = random.Random(5), 0, 4000
    for _ in range(cases):
        weights = [chance.random() for _ in range(5)]
        truth = sum(stars * weight for stars, weight in enumerate(weights, 1)) / sum(weights)
        given = chance.choices((1, 2, 3, 4, 5), weights, k=chance.choice((2, 5, 10, 30)))
        found = opinion([given.count(stars) for stars in (1, 2, 3, 4, 5)])
        held += found.low <= truth <= found.high
    assert 0.85 <= held / cases <= 0.95
