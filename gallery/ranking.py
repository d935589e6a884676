"""Pure mathematics of rating: what a few votes are worth.

A plain mean puts one vote of five stars above a hundred votes of 4.9. The Bayesian mean starts every work with C
imagined votes of m stars: score = (C m + sum) / (C + n). It is the posterior mean of a Dirichlet prior over the five
stars, as IMDb's chart uses it. Duels come with a later room.

m = 3, the middle of the scale: a work without a vote is neither good nor bad, and as the prior does not drift with
the taste of the public, a score depends on this work's votes alone and can be recomputed from them. C = 5: for normal
votes C is the variance between judges of one work over the variance between works; we assume that judges differ about
twice as much as works do, and should measure it when there are votes to measure. Five votes weigh as much as the prior.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Prior:
    """`weight` imagined votes of `mean` stars."""

    mean: float
    weight: float


PRIOR = Prior(mean=3.0, weight=5.0)


def bayesian_mean(*, votes: int, stars_sum: int, prior: Prior = PRIOR) -> float:
    """The score of a work, 1 to 5 stars.

    >>> bayesian_mean(votes=0, stars_sum=0)
    3.0
    >>> bayesian_mean(votes=1, stars_sum=5) < bayesian_mean(votes=100, stars_sum=490)
    True
    """
    return (prior.weight * prior.mean + stars_sum) / (prior.weight + votes)
