"""Pure mathematics of rating: what a few votes are worth, how a duel moves two works, and which two should meet next.

Stars. A plain mean puts one vote of five stars above a hundred votes of 4.9. The Bayesian mean starts every work with C
imagined votes of m stars: score = (C m + sum) / (C + n). It is the posterior mean of a Dirichlet prior over the five
stars, as IMDb's chart uses it.

m = 3, the middle of the scale: a work without a vote is neither good nor bad, and as the prior does not drift with
the taste of the public, a score depends on this work's votes alone and can be recomputed from them. C = 5: for normal
votes C is the variance between judges of one work over the variance between works; we assume that judges differ about
twice as much as works do, and should measure it when there are votes to measure. Five votes weigh as much as the prior.

The doubt of a plain mean is the interval in which it would stay, in about nine cases of ten, if everybody voted: mean
+- t standard errors (Student's 90 % interval), within 1 to 5. The variance takes in one imagined vote of variance 2,
that of five equally likely stars, so that a few votes that agree are not taken for certainty. Simulated, it holds the
truth in 89 to 97 % from two votes on; a single vote says next to nothing, and its interval shows that.

Duels. A work stands at mu with doubt sigma; a is chosen over b with the chance p = 1 / (1 + exp((mu_b - mu_a) / c)),
c^2 = sigma_a^2 + sigma_b^2 + 2 beta^2. When it is, mu_a rises by sigma_a^2 / c (1 - p), mu_b falls likewise, and either
sigma^2 shrinks by the part sigma^2 / c^2 p (1 - p): Weng and Lin, "A Bayesian approximation method for online ranking",
JMLR 12 (2011), algorithm 1, as the library openskill computes it. The part that shrinks is taken GAMMA times: with the
library's default 98 % of the 90 % intervals held the truth in our simulation, with 1.2 between 87 and 95 %. tau is 0,
since works do not change. Who is new that day moves a ranked work by DAILY at most, all of them together: see `judge`.
How much a duel of somebody moves at all is weighed by the gold pairs they have had right: see `weigh`.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from openskill.models import BradleyTerryFull

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


MIDDLE = 25.0
BETA = 25 / 6
GAMMA = 1.2
TRUST = 3  # gold pairs that everybody is taken to have had right
ENOUGH = 8  # duels from which on a work has a rank; before, it is too early to say
DAILY = 0.15  # two or three places in the middle of two hundred works
NEWCOMERS = 5  # of so many duels one is for a work that has not ENOUGH
_SAMPLE = 8  # of whom the most doubtful comes first
_CLOSE = 24
_MODEL = BradleyTerryFull(mu=MIDDLE, sigma=25 / 3, beta=BETA, tau=0.0, gamma=lambda *_: GAMMA)


class Standing(NamedTuple):
    """Where a work stands after so many duels; `drift` is how far those new on `day` have moved it that day."""

    mu: float = MIDDLE
    sigma: float = 25 / 3
    duels: int = 0
    drift: float = 0.0
    day: int = 0

    @property
    def low(self) -> float:
        """Above this it stands in nineteen cases of twenty."""
        return self.mu - 1.6449 * self.sigma

    @property
    def high(self) -> float:
        """Below this it stands in nineteen cases of twenty; from `low` to here in nine of ten."""
        return self.mu + 1.6449 * self.sigma


START = Standing()


class Duel(NamedTuple):
    """A choice between two works on a day (counted from 1970), by someone who was new that day or not, and who had been
    asked so many gold pairs of the kind before, so many of them right."""

    seq: int
    winner: int
    loser: int
    young: bool
    day: int
    asked: int = 0
    right: int = 0


class Contender(NamedTuple):
    """A work that may be called to a duel."""

    work: int
    mu: float
    sigma: float
    duels: int


def weigh(asked: int, right: int) -> float:
    """How much somebody's duels weigh who had so many of the gold pairs right: 1 for all, 0 for half or fewer.

    w = max(0, 2 a - 1) with a = (right + TRUST) / (asked + TRUST), the share of right answers after TRUST imagined
    ones; 2 a - 1 is what is left of a share once the right answers of pure chance are taken out of it.

    >>> weigh(0, 0), weigh(8, 8), weigh(3, 2), round(weigh(12, 6), 2), weigh(3, 0)
    (1.0, 1.0, 0.6666666666666667, 0.2, 0.0)
    """
    return max(0.0, 2 * (right + TRUST) / (asked + TRUST) - 1)


def judge(
    winner: Standing, loser: Standing, *, young: bool, day: int, weight: float = 1.0
) -> tuple[Standing, Standing]:
    """Where both stand after the one was chosen over the other by somebody of that weight: a weight of a half goes half
    the way, in place and in doubt.

    Visitors who came first within the last day cannot be told from one person with many browsers. So all of them
    together move a ranked work by no more than DAILY a day, up or down; what is beyond that neither moves it nor
    lessens its doubt.

    >>> won, lost = judge(START, START, young=False, day=0)
    >>> round(won.mu, 2), round(lost.mu, 2), round(won.sigma, 2), won.duels
    (27.64, 22.36, 7.82, 1)
    """
    given = [[_MODEL.rating(mu=one.mu, sigma=one.sigma)] for one in (winner, loser)]
    [[better], [worse]] = _MODEL.rate(given)
    return (
        _move(winner, better.mu, better.sigma, young=young, day=day, share=weight),
        _move(loser, worse.mu, worse.sigma, young=young, day=day, share=weight),
    )


def _move(old: Standing, mu: float, sigma: float, *, young: bool, day: int, share: float) -> Standing:
    drift = old.drift if old.day == day else 0.0
    step = share * (mu - old.mu)
    if young and old.duels >= ENOUGH and step:
        allowed = min(max(drift + step, -DAILY), DAILY) - drift
        drift, share = drift + allowed, share * (allowed / step)
    return Standing(old.mu + share * (mu - old.mu), old.sigma + share * (sigma - old.sigma), old.duels + 1, drift, day)


class Step(NamedTuple):
    """Where a work stood after a duel."""

    seq: int
    work: int
    standing: Standing


def replay(duels: Iterable[Duel], standings: dict[int, Standing]) -> Iterator[Step]:
    """Every step of these duels, in order; `standings` is where works stand before, and is brought along.

    >>> standings = {}
    >>> [(step.seq, step.work) for step in replay([Duel(1, 7, 8, False, 0)], standings)], sorted(standings)
    ([(1, 7), (1, 8)], [7, 8])
    """
    for duel in duels:
        pair = (duel.winner, duel.loser)
        now, weight = [standings.get(work, START) for work in pair], weigh(duel.asked, duel.right)
        after = judge(*now, young=duel.young, day=duel.day, weight=weight)
        for work, standing in zip(pair, after, strict=True):
            standings[work] = standing
            yield Step(duel.seq, work, standing)


def gini(counts: Sequence[int]) -> float:
    """How unevenly something is spread: 0 when all have as much, near 1 when one has all.

    >>> gini([5, 5, 5, 5]), gini([0, 0, 0, 20])
    (0.0, 0.75)
    """
    ordered = sorted(counts)
    weighted = sum(place * count for place, count in enumerate(ordered, 1))
    return 2 * weighted / (len(ordered) * sum(ordered)) - (len(ordered) + 1) / len(ordered)


def share_between(hits: float, of: float) -> tuple[float, float, float]:
    """A share and between what it is sure in nineteen cases of twenty (Wilson's interval).

    >>> [round(part, 3) for part in share_between(50, 100)]
    [0.5, 0.404, 0.596]
    """
    z2, share = 1.96**2, hits / of
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    reach = math.sqrt(z2 * share * (1 - share) / of + z2 * z2 / (4 * of * of)) / (1 + z2 / of)
    return share, middle - reach, middle + reach


def chance(mu: float, other: float = MIDDLE) -> float:
    """The chance that a work which surely stands at mu is chosen over one that surely stands at the other.

    >>> round(chance(25.0), 2), round(chance(33.3), 2)
    (0.5, 0.8)
    """
    return 1 / (1 + math.exp((other - mu) / (math.sqrt(2) * BETA)))


def choose_pair(
    field: Sequence[Contender], judged: Container[tuple[int, int]], dice: Random, *, turn: int
) -> tuple[Contender, Contender] | None:
    """Which two of the field meet next, left and right; `judged` holds the pairs (lower number first) that may not.

    turn: how many duels there have been. One of NEWCOMERS, by turn and not by lot, is for the work with the fewest
    among those that have not ENOUGH, so that k new works have them within ENOUGH * NEWCOMERS * k duels; else the first
    is the most doubtful of a few drawn by lot. The second promises to tell most: the chances are even, and its doubt is
    large. Half of the time it is sought among those that stand close, half among any, without which the ends of the
    ladder drift apart unseen. Sides are drawn by lot. None when all pairs are judged.
    """
    for first in _firsts(field, dice, turn):
        rivals = [one for one in field if one.work != first.work and _pair(first, one) not in judged]
        if rivals:
            second = _rival(first, rivals, dice)
            return (first, second) if dice.random() < 0.5 else (second, first)
    return None


def _pair(one: Contender, other: Contender) -> tuple[int, int]:
    return min(one.work, other.work), max(one.work, other.work)


def _firsts(field: Sequence[Contender], dice: Random, turn: int) -> Iterator[Contender]:
    """Who should be first of the pair, then all the others, should nobody be left for that one to meet."""
    newcomers = [one for one in field if one.duels < ENOUGH]
    if newcomers and turn % NEWCOMERS == 0:
        yield min(newcomers, key=lambda one: (one.duels, dice.random()))
    elif field:
        yield max(dice.sample(field, min(_SAMPLE, len(field))), key=lambda one: one.sigma)
    yield from dice.sample(field, len(field))


def _rival(first: Contender, rivals: Sequence[Contender], dice: Random) -> Contender:
    if dice.random() < 0.5:
        some: Sequence[Contender] = sorted(rivals, key=lambda one: abs(one.mu - first.mu))[:_CLOSE]
    else:
        some = dice.sample(rivals, min(_CLOSE, len(rivals)))

    def telling(one: Contender) -> float:
        c = math.sqrt(first.sigma**2 + one.sigma**2 + 2 * BETA**2)
        p = 1 / (1 + math.exp((one.mu - first.mu) / c))
        return p * (1 - p) * one.sigma**2 * (0.5 + dice.random())  # the lot, so that equals meet equally often

    return max(some, key=telling)
