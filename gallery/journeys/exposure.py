"""Exposure: a report for curators on how evenly works of a kind are judged, by age, by place on the wall and by side.

Every new work is promised its first ENOUGH judgments within ENOUGH * NEWCOMERS duels of its kind, times the number of
new works that waited beside it, since one duel of NEWCOMERS is for the one of them with the fewest. The report counts
how long each did wait. Sides are drawn by lot; that the left is chosen no more often than the right shows that visitors
choose works and not places. Only the newest NEWEST works are looked at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import db
from db.exposure import Exposed
from gallery import errors
from gallery.journeys import House, store_errors
from gallery.ranking import ENOUGH, NEWCOMERS, chance, gini, share_between

NEWEST = 5000
DAY_MS = 24 * 3600 * 1000
AGES = (("day", 1), ("week", 7), ("month", 30), ("quarter", 91), ("older", None))  # up to so many days
PLACES = ((1, 12), (13, 24), (25, 60), (61, 120), (121, None))  # on the wall sorted by the best
WAITS = ((0, 10), (11, 20), (21, 40), (41, 80), (81, 160), (161, None))  # duels
EVEN = 0.02  # the left may win by so much more or less than half


@dataclass(frozen=True)
class Band:
    """Works that have something in common: how many, the duels and stars of each on average, and how often such a work
    would be chosen over a middling one (None if none has had a duel)."""

    name: str
    works: int
    duels: float
    stars: float
    chosen: float | None


@dataclass(frozen=True)
class Sides:
    """How often the left and the right one were chosen; the share of the left, and between what it is sure (95 %)."""

    left: int
    right: int
    share: float
    low: float
    high: float

    @property
    def even(self) -> bool:
        """Whether nothing speaks for one side: half lies within what is sure, or so nearly that it is no matter."""
        return self.low - EVEN <= 0.5 <= self.high + EVEN


@dataclass(frozen=True)
class Waits:
    """How many duels new works have waited for their first ENOUGH: how many works for how long, in order of WAITS; how
    many of these are within what was promised, and how many works still wait."""

    spread: tuple[int, ...]
    kept: int
    waiting: int

    @property
    def served(self) -> int:
        """Works that have had them."""
        return sum(self.spread)


@dataclass(frozen=True)
class Report:
    """All of it, for one kind."""

    kinds: tuple[str, ...]
    kind: str
    works: int
    duels: int
    ages: tuple[Band, ...]
    places: tuple[Band, ...]
    sides: Sides | None
    gini: float | None
    waits: Waits


def report(house: House, kind: str = "") -> Report:
    """The report on a kind, by default the first of which there are works; raises UnknownKind, StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        kinds = tuple(name for name, count in db.works.counts(tx).items() if count)
        asked = kind or next(iter(kinds), "painting")
        if kinds and asked not in kinds:
            raise errors.UnknownKind(kind[:20])
        works = db.exposure.newest(tx, asked, limit=NEWEST)
        left, right = db.exposure.sides(tx, asked)
        meetings = list(db.exposure.meetings(tx, asked))
    counts = [work.duels for work in works]
    return Report(
        kinds,
        asked,
        len(works),
        len(meetings),
        _by_age(works, house.now_ms()),
        _by_place(works),
        Sides(left, right, *share_between(left, left + right)) if left + right else None,
        gini(counts) if sum(counts) else None,
        wait(works, meetings),
    )


def _by_age(works: Sequence[Exposed], now_ms: int) -> tuple[Band, ...]:
    def band_of(work: Exposed) -> str:
        days = (now_ms - work.created_ms) / DAY_MS
        return next(name for name, most in AGES if most is None or days < most)

    return _bands(works, [name for name, _ in AGES], band_of)


def _by_place(works: Sequence[Exposed]) -> tuple[Band, ...]:
    best = sorted(works, key=lambda work: (-work.score, -work.work))
    place = {work.work: number for number, work in enumerate(best, 1)}

    def band_of(work: Exposed) -> str:
        return next(_range(low, high) for low, high in PLACES if high is None or place[work.work] <= high)

    return _bands(works, [_range(low, high) for low, high in PLACES], band_of)


def _range(low: int, high: int | None) -> str:
    return f"{low}+" if high is None else f"{low}–{high}"


def _bands(works: Sequence[Exposed], names: Sequence[str], band_of: Callable[[Exposed], str]) -> tuple[Band, ...]:
    """The bands in which there are works."""
    of: dict[str, list[Exposed]] = {name: [] for name in names}
    for work in works:
        of[band_of(work)].append(work)
    return tuple(_band(name, some) for name, some in of.items() if some)


def _band(name: str, works: Sequence[Exposed]) -> Band:
    count = len(works)
    chosen = [chance(work.mu) for work in works if work.mu is not None]
    duels, stars = sum(work.duels for work in works) / count, sum(work.votes for work in works) / count
    return Band(name, count, duels, stars, sum(chosen) / len(chosen) if chosen else None)


def wait(works: Sequence[Exposed], meetings: Sequence[tuple[int, int, int]]) -> Waits:
    """How long works have waited for their first ENOUGH duels, counted in duels of all from when they were hung."""
    minutes, met, reached = [minute for minute, _, _ in meetings], Counter[int](), dict[int, int]()
    for number, (_, one, other) in enumerate(meetings, 1):
        for work in (one, other):
            met[work] += 1
            if met[work] == ENOUGH:
                reached[work] = number
    hung = {work.work: bisect_left(minutes, work.created_ms // 60_000) for work in works}
    begun, ended = sorted(hung.values()), sorted(reached[work] for work in hung if work in reached)
    spread, kept = [0] * len(WAITS), 0
    for work, start in hung.items():
        if work in reached:
            waited = max(0, reached[work] - start)
            beside = bisect_right(begun, reached[work]) - bisect_right(ended, start)  # that waited at some time with it
            spread[next(n for n, (_, most) in enumerate(WAITS) if most is None or waited <= most)] += 1
            kept += waited <= ENOUGH * NEWCOMERS * max(1, beside)
    return Waits(tuple(spread), kept, len(hung) - len(ended))
