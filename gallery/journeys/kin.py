"""Kin: the whole family of a work, generation by generation: all it comes from and all that came from it.

Taken from the record that the server writes when a work is hung (db/lineage.py) and from nothing else. It is bounded by
DEPTH steps either way and by the nearest MOST works, and says so where there are more. A work that is no longer shown
stays in its place as a blank, so that what came from it is not cut off from what it came from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import db
from db import How, Kin
from gallery import errors
from gallery.journeys import House, store_errors
from gallery.journeys.browse import check_id

DEPTH = 24
MOST = 500


@dataclass(frozen=True)
class Tie:
    """That one work was made of another, and how."""

    parent: int
    child: int
    how: How


@dataclass(frozen=True)
class Branch:
    """A work in the outline, how it belongs to the one above it, and what lies beyond it. again: it stands in the
    outline before, with all that lies beyond it."""

    kin: Kin
    how: How
    beyond: tuple[Branch, ...] = ()
    again: bool = False


@dataclass(frozen=True)
class Family:
    """Generations, the oldest first, each in an order in which few ties cross; `own` is the one of the work itself.

    more: there are works that are farther away, or too many.
    """

    work: Kin
    generations: tuple[tuple[Kin, ...], ...]
    own: int
    ties: tuple[Tie, ...]
    ancestors: tuple[Branch, ...]
    descendants: tuple[Branch, ...]
    more: bool

    @property
    def size(self) -> int:
        """How many works it has, the work itself among them."""
        return sum(map(len, self.generations))


def look(house: House, work_id: object) -> Family:
    """The family of a work that can be seen; raises NoSuchWork, StoreTrouble."""
    number = check_id(work_id)
    with store_errors(house.settings.home), house.db.reading() as tx:
        if db.works.find(tx, number) is None:
            raise errors.NoSuchWork(work_id)
        found = db.lineage.family(tx, number, depth=DEPTH + 1, most=MOST + 1)
    return family_of(number, found)


def family_of(number: int, found: Iterable[Kin]) -> Family:
    """The family of that work from all that was found of it, in the order of their numbers."""
    met = sorted(found, key=lambda kin: (kin.away, kin.id))
    near = [kin for kin in met[:MOST] if kin.away <= DEPTH]
    known = {kin.id: kin for kin in sorted(near, key=lambda kin: kin.id)}
    ties = [Tie(parent, kin.id, how) for kin in known.values() for parent, how in kin.parents if parent in known]
    ranks = _ranks(known, ties)
    first = min(ranks.values())
    rows = [[kin for kin in known.values() if ranks[kin.id] == rank] for rank in range(first, max(ranks.values()) + 1)]
    return Family(
        work=known[number],
        generations=tuple(map(tuple, _ordered(rows, -first, ties))),
        own=-first,
        ties=tuple(ties),
        ancestors=_outline(known, number, [(t.child, t.parent, t.how) for t in ties if known[t.child].side <= 0]),
        descendants=_outline(known, number, [(t.parent, t.child, t.how) for t in ties if known[t.parent].side >= 0]),
        more=len(near) < len(met),
    )


def _ranks(known: Mapping[int, Kin], ties: Iterable[Tie]) -> dict[int, int]:
    """The generation of each, 0 for the work itself: every tie goes from an earlier to a later one.

    A parent has a smaller number than its child, so one walk down and one up the numbers is enough.
    """
    up, down = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    for tie in ties:
        down[tie.parent].append(tie.child)
        up[tie.child].append(tie.parent)
    ranks = {number: 0 for number, kin in known.items() if kin.side == 0}
    for kin in reversed(list(known.values())):
        if kin.side < 0:
            ranks[kin.id] = min(ranks[child] for child in down[kin.id] if known[child].side <= 0) - 1
    for kin in known.values():
        if kin.side > 0:
            ranks[kin.id] = max(ranks[parent] for parent in up[kin.id] if known[parent].side >= 0) + 1
    return ranks


def _ordered(rows: list[list[Kin]], own: int, ties: Iterable[Tie]) -> list[list[Kin]]:
    """From the work outwards, each generation by the middle of those nearer to it that its works are tied to."""
    tied = defaultdict[int, list[int]](list)
    for tie in ties:
        tied[tie.parent].append(tie.child)
        tied[tie.child].append(tie.parent)
    places: dict[int, float] = {}

    def middle(kin: Kin) -> tuple[float, int]:
        placed = [places[number] for number in tied[kin.id] if number in places]
        return (sum(placed) / len(placed) if placed else 0.5, kin.id)

    for at in sorted(range(len(rows)), key=lambda at: abs(at - own)):
        rows[at].sort(key=middle)
        places |= {kin.id: (place + 0.5) / len(rows[at]) for place, kin in enumerate(rows[at])}
    return rows


def _outline(known: Mapping[int, Kin], number: int, steps: Iterable[tuple[int, int, How]]) -> tuple[Branch, ...]:
    """What lies beyond a work on one side, as a list of lists; a work met twice has its own where it is nearest."""
    ahead = defaultdict[int, list[tuple[int, How]]](list)
    nearest: dict[int, int] = {}
    for here, there, how in steps:
        ahead[here].append((there, how))
        nearest[there] = min(here, nearest.get(there, here), key=lambda one: (known[one].away, one))

    def beyond(here: int) -> tuple[Branch, ...]:
        return tuple(
            Branch(known[there], how, beyond(there) if nearest[there] == here else (), nearest[there] != here)
            for there, how in ahead[here]
        )

    return beyond(number)
