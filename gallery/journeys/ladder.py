"""The ladder of a kind: who stands where after all duels, how sure that is, and how each work came there.

The whole ladder is read and cut into pages here: an order by rank has no other key than the rank itself, which every
duel may shift. At 100,000 ranked works that is a tenth of a second. Numbers show for works that the visitor has judged;
of the others only the order, as on the wall, unless the visitor asks to see all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import db
from db import LadderRow, WorkRecord
from gallery import errors
from gallery.journeys import House, store_errors
from gallery.ranking import ENOUGH, Standing, chance
from gallery.visitors import Visitor

PAGE = 40
EARLY = 24
HISTORY = 40


@dataclass(frozen=True)
class Sure:
    """How often a work would be chosen over a middling one, 0 to 1, and between what that is sure."""

    mid: float
    low: float
    high: float


@dataclass(frozen=True)
class Place:
    """A work on the ladder. rank: None when it is too early to say; best, worst: between what the rank is sure.

    now and before are empty when the visitor may not see numbers yet.
    """

    work: WorkRecord
    rank: int | None
    best: int
    worst: int
    duels: int
    now: Sure | None
    before: tuple[Sure, ...]


@dataclass(frozen=True)
class Ladder:
    """A page of a ladder; `following` is where the next one begins, `sorts` and `months` what it can be narrowed to."""

    kinds: tuple[str, ...]
    kind: str
    sorts: tuple[str, ...]
    months: tuple[str, ...]
    ranked: tuple[Place, ...]
    early: tuple[Place, ...]
    following: int | None
    hidden: bool


@dataclass(frozen=True)
class Wish:
    """What is asked for: a kind, one subject or form, one month (2026-11), from which place on, all numbers or not."""

    kind: str = ""
    sort: str | None = None
    month: str | None = None
    start: int = 0
    every: bool = False


def read(house: House, wish: Wish, visitor: Visitor) -> Ladder:
    """The page that is asked for; raises UnknownKind for a kind that has no works, StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        kinds = tuple(kind for kind, count in db.works.counts(tx).items() if count)
        kind = wish.kind or next(iter(kinds), "")
        if kinds and kind not in kinds:
            raise errors.UnknownKind(kind[:20])
        rows = db.duels.ladder(tx, kind, narrow=wish.sort, month=wish.month)
        ranked = [row for row in rows if row.duels >= ENOUGH]
        early = sorted((row for row in rows if row.duels < ENOUGH), key=lambda row: -row.duels)[:EARLY]
        shown = ranked[wish.start : wish.start + PAGE]
        seen = None if wish.every else db.duels.judged_works(tx, visitor.id, kind)
        draw = _Drawer(tx, [-row.mu for row in ranked], seen, [row.work for row in (*shown, *early)])
        sorts, months = db.duels.choices(tx, kind)
        last = wish.start + PAGE
        return Ladder(
            kinds,
            kind,
            tuple(sorts),
            tuple(months),
            ranked=draw.places(shown, wish.start + 1),
            early=draw.places(early, None) if not wish.start else (),
            following=last if last < len(ranked) else None,
            hidden=draw.hides,
        )


class _Drawer:
    """Turns rows into places; `seen` are the works whose numbers may be shown, None for all."""

    def __init__(self, tx: db.Tx, falling: Sequence[float], seen: set[int] | None, numbers: list[int]) -> None:
        self.tx, self.falling, self.seen = tx, falling, seen
        self.hides = False
        self.histories = db.duels.histories(tx, numbers, limit=HISTORY)

    def places(self, rows: Sequence[LadderRow], first: int | None) -> tuple[Place, ...]:
        """The places of rows that follow each other, the first of them at that rank."""
        made = [self._place(row, None if first is None else first + number) for number, row in enumerate(rows)]
        return tuple(place for place in made if place is not None)

    def _place(self, row: LadderRow, rank: int | None) -> Place | None:
        work = db.works.find(self.tx, row.work)
        if work is None:
            return None
        best, worst = self._between(row)
        if self.seen is not None and row.work not in self.seen:
            self.hides = True
            return Place(work, rank, best, worst, row.duels, None, ())
        before = tuple(_sure(mu, sigma) for mu, sigma in self.histories.get(row.work, []))
        return Place(work, rank, best, worst, row.duels, _sure(row.mu, row.sigma), before)

    def _between(self, row: LadderRow) -> tuple[int, int]:
        """The ranks that the work would have at either end of its interval, where the others stand as they do."""
        standing = Standing(row.mu, row.sigma)
        best = bisect_left(self.falling, -standing.high) + 1
        return best, max(best, bisect_left(self.falling, -standing.low))


def _sure(mu: float, sigma: float) -> Sure:
    standing = Standing(mu, sigma)
    return Sure(chance(mu), chance(standing.low), chance(standing.high))
