"""Whether ratings can be believed: a seeded simulation of visitors whose taste is known, judged by the real formulas.

Two hundred works with a true worth each; visitors choose between two by a logistic of the difference, give stars with a
strictness of their own, and one in four is new on the day. Then 500 new ones come in a single day to lift one work,
each up to the cap of an hour: they choose it wherever it turns up, and else at random. Beside that stands what as many
can do who have waited a day and cast several times the votes of all others: no open vote withstands that. On another
ladder one visitor in three chooses blindly, weighed by the gold pairs that all meet, and, beside it, not. All is pure
mathematics (`gallery.ranking`); that the real path counts exactly is a test (tests/faults/test_duels_over_http.py).

Bars: rank correlation with the truth >= .93 at 30 judgments a work, the stuffed work moved by at most 5 places, the
90 % interval holds the truth for 85 to 95 %, and the better work stands on the left in 50 +- 2 % of pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from gallery.journeys import gold
from gallery.journeys.duel import PER_HOUR_YOUNG
from gallery.ranking import ENOUGH, START, Contender, Standing, bayesian_mean, chance, choose_pair, gini, judge, weigh

SEED = 20
WORKS = 200
JUDGMENTS = 30  # a work
DAYS = 30
PER_VISIT = 20
STUFFERS = 500
GUESSERS, PER_REGULAR, SEEN = 3, 120, 0.97  # one in three; duels of each; how often who looks finds the work in gold
NOBODY = -1  # the favourite of one who chooses blindly
STAR_STRICTNESS, STAR_NOISE = 0.5, 0.9  # in stars, against works whose true means spread by 0.7


@dataclass
class Eye:
    """How somebody fares with the gold pairs between their duels."""

    dice: Random
    sees: float
    duels: int = 0
    asked: int = 0
    right: int = 0

    def weight(self) -> float:
        """What their next duel weighs; now and then after a gold pair."""
        self.duels += 1
        if self.duels > gold.FIRST and self.dice.random() < 1 / gold.ONE_IN:
            self.asked, self.right = self.asked + 1, self.right + (self.dice.random() < self.sees)
        return weigh(self.asked, self.right)


@dataclass
class Ladder:
    """Works of a true worth, where they stand, and what has been shown so far."""

    truth: list[float]
    dice: Random
    standings: list[Standing] = field(default_factory=list)
    shown: int = 0
    better_left: int = 0

    def __post_init__(self) -> None:
        self.standings = [START] * len(self.truth)

    def visit(self, duels: int, *, day: int, young: bool, favourite: int | None = None, eye: Eye | None = None) -> None:
        """One visitor's duels; one with a favourite chooses that, and where it is missing either. With an eye they are
        weighed."""
        judged: set[tuple[int, int]] = set()
        for _ in range(duels):
            contenders = [Contender(work, s.mu, s.sigma, s.duels) for work, s in enumerate(self.standings)]
            pair = choose_pair(contenders, judged, self.dice, turn=self.shown)
            assert pair is not None
            left, right = pair[0].work, pair[1].work
            judged.add((min(left, right), max(left, right)))
            self.shown += 1
            self.better_left += self.truth[left] > self.truth[right]
            weight = 1.0 if eye is None else eye.weight()
            self._settle(*self._chosen(left, right, favourite), day=day, young=young, weight=weight)

    def _chosen(self, left: int, right: int, favourite: int | None) -> tuple[int, int]:
        if favourite in (left, right):
            return (left, right) if left == favourite else (right, left)
        odds = chance(self.truth[left], self.truth[right]) if favourite is None else 0.5
        return (left, right) if self.dice.random() < odds else (right, left)

    def _settle(self, winner: int, loser: int, *, day: int, young: bool, weight: float) -> None:
        pair = judge(self.standings[winner], self.standings[loser], young=young, day=day, weight=weight)
        self.standings[winner], self.standings[loser] = pair

    def place(self, work: int) -> int:
        """The rank of a work, from 1."""
        return 1 + sum(other.mu > self.standings[work].mu for other in self.standings)


def fill(*, judgments: int = JUDGMENTS) -> Ladder:
    """A ladder on which every work has had that many judgments."""
    dice = Random(SEED)
    ladder = Ladder([dice.gauss(START.mu, START.sigma) for _ in range(WORKS)], dice)
    visits = WORKS * judgments // 2 // PER_VISIT
    for number in range(visits):
        ladder.visit(PER_VISIT, day=number * DAYS // visits, young=number % 4 == 0)
    return ladder


def main() -> dict[str, Any]:
    """Fills the ladder, then measures it, then attacks it."""
    ladder = fill()
    dice = ladder.dice
    held = sum(s.low <= truth <= s.high for s, truth in zip(ladder.standings, ladder.truth, strict=True))
    return {
        "bench": "rating",
        "works": WORKS,
        "judgments_per_work": JUDGMENTS,
        "correlation_duels": round(correlation([s.mu for s in ladder.standings], ladder.truth), 3),
        "correlation_stars": round(correlation(_stars(ladder.truth, dice), ladder.truth), 3),
        "interval_holds_truth": round(held / WORKS, 3),
        "exposure_gini": round(gini([s.duels for s in ladder.standings]), 3),
        "better_left": round(ladder.better_left / ladder.shown, 3),
        "duels_until_a_new_work_is_ranked": _newcomer(ladder),
        "correlation_with_guessers_weighed": guessed(weighed=True),
        "correlation_with_guessers_unweighed": guessed(weighed=False),
        "stuffers": STUFFERS,
        "moved_by_new_stuffers": stuff(ladder),
        "moved_by_patient_majority": stuff(ladder, young=False, each=PER_VISIT),
        "votes_of_patient_majority": round(STUFFERS * PER_VISIT / (WORKS * JUDGMENTS / 2), 1),
        "bars": {"correlation": 0.93, "moved": 5, "interval": [0.85, 0.95], "better_left": [0.48, 0.52]},
    }


def _copy(ladder: Ladder, *, seed: int) -> Ladder:
    copy = Ladder(list(ladder.truth), Random(seed))
    copy.standings = list(ladder.standings)
    return copy


def stuff(ladder: Ladder, *, young: bool = True, each: int = PER_HOUR_YOUNG, stuffers: int = STUFFERS) -> int:
    """Places by which the middle work rises when the stuffers have had their day."""
    attacked = _copy(ladder, seed=SEED + 1)
    middle = sorted(range(WORKS), key=lambda work: ladder.standings[work].mu)[WORKS // 2]
    for _ in range(stuffers):
        attacked.visit(each, day=DAYS + 1, young=young, favourite=middle)
    return abs(ladder.place(middle) - attacked.place(middle))


def guessed(*, weighed: bool) -> float:
    """The correlation with the truth where one visitor in GUESSERS chooses blindly."""
    dice = Random(SEED + 3)
    ladder = Ladder([dice.gauss(START.mu, START.sigma) for _ in range(WORKS)], dice)
    visitors = WORKS * JUDGMENTS // 2 // PER_REGULAR
    for number in range(visitors):
        blind = number % GUESSERS == 0
        eye = Eye(dice, 0.5 if blind else SEEN) if weighed else None
        day, favourite = number * DAYS // visitors, NOBODY if blind else None
        ladder.visit(PER_REGULAR, day=day, young=False, favourite=favourite, eye=eye)
    return round(correlation([s.mu for s in ladder.standings], ladder.truth), 3)


def _newcomer(ladder: Ladder) -> int:
    """Duels of all visitors until a work hung among the others has its rank."""
    grown = _copy(ladder, seed=SEED + 2)
    grown.truth.append(START.mu)
    grown.standings.append(START)
    while grown.standings[-1].duels < ENOUGH:
        grown.visit(1, day=DAYS + 1, young=False)
    return grown.shown


def _stars(truth: Sequence[float], dice: Random) -> list[float]:
    """Scores of the works after as many judgments in stars, each by a visitor of a strictness of their own."""
    scores = []
    for worth in truth:
        mean = 3 + 0.7 * (worth - START.mu) / START.sigma
        given = [mean + dice.gauss(0, STAR_STRICTNESS) + dice.gauss(0, STAR_NOISE) for _ in range(JUDGMENTS)]
        stars = [min(5, max(1, round(one))) for one in given]
        scores.append(bayesian_mean(votes=JUDGMENTS, stars_sum=sum(stars)))
    return scores


def correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's rank correlation; ties share their rank."""
    a, b = _ranks(one), _ranks(other)
    mean = (len(a) - 1) / 2
    covariance = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    spread = [sum((x - mean) ** 2 for x in ranks) for ranks in (a, b)]
    return float(covariance / (spread[0] * spread[1]) ** 0.5)


def _ranks(values: Sequence[float]) -> list[float]:
    ordered = sorted(values)
    return [(ordered.index(value) + len(ordered) - 1 - ordered[::-1].index(value)) / 2 for value in values]
