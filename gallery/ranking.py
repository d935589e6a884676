"""Pure mathematics of rating: what a few votes are worth.

A plain mean puts one vote of five stars above a hundred votes of 4.9. The Bayesian mean starts every work with C
imagined votes of m stars: score = (C m + sum) / (C + n). It is the posterior mean of a Dirichlet prior over the five
stars, as IMDb's chart uses it. Duels come with a later room.

m = 3, the middle of the scale: a work without a vote is neither good nor bad, and as the prior does not drift with
the taste of the public, a score depends on this work's votes alone and can be recomputed from them. C = 5: for normal
votes C is the variance between judges of one work over the variance between works; we assume that judges differ about
twice as much as works do, and should measure it when there are votes to measure. Five votes weigh as much as the prior.

The doubt of a plain mean is the interval in which it would stay, in about nine cases of ten, if everybody voted: mean
+- t standard errors (Student's 90 % interval), within 1 to 5. The variance takes in one imagined vote of variance 2,
that of five equally likely stars, so that a few votes that agree are not taken for certainty. Simulated, it holds the
truth in 89 to 97 % from two votes on; a single vote says next to nothing, and its interval shows that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

UNKNOWN_VARIANCE = 2.0


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


@dataclass(frozen=True)
class Opinion:
    """What visitors think of a work: how many gave 1, 2, 3, 4, 5 stars, their mean, and between what it is sure."""

    spread: tuple[int, ...]
    mean: float
    low: float
    high: float

    @property
    def votes(self) -> int:
        """How many have voted."""
        return sum(self.spread)


def opinion(spread: Sequence[int]) -> Opinion:
    """The mean of the votes and its doubt, from how many gave 1, 2, 3, 4, 5 stars; at least one must have voted.

    >>> one, many = opinion([0, 0, 0, 0, 1]), opinion([0, 0, 0, 50, 50])
    >>> (one.mean, round(one.low, 1), one.high), (many.mean, round(many.low, 1), round(many.high, 1))
    ((5.0, 1.0, 5.0), (4.5, 4.4, 4.6))
    """
    votes = sum(spread)
    mean = sum(stars * count for stars, count in enumerate(spread, 1)) / votes
    squares = sum(count * (stars - mean) ** 2 for stars, count in enumerate(spread, 1))
    doubt = student_t(votes) * math.sqrt((squares + UNKNOWN_VARIANCE) / votes / votes)
    return Opinion(tuple(spread), mean, max(1.0, mean - doubt), min(5.0, mean + doubt))


def student_t(freedom: int) -> float:
    """Student's t that holds nine of ten, both sides, by Abramowitz and Stegun 26.7.5; 5 % too small at 2, 2 % at 3.

    >>> [round(student_t(freedom), 2) for freedom in (3, 10, 1000)]
    [2.31, 1.81, 1.65]
    """
    z = 1.6449
    return z + (z**3 + z) / (4 * freedom) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
