"""Ranking: what a score may be and what it must obey."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from gallery.ranking import bayesian_mean

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
