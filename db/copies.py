"""Queries for works that are taken out as a data set and brought in again: all of a work but who made it, and the key
by which it is known in every house.

A key says nothing of the maker. A work that was brought in keeps the key it came with, in the name of its draft, so
that it is the same work however often it travels.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from db import ratings, rooms
from db.engine import Tx
from db.records import Hand, How, Tally, WorkRecord
from db.tables import lineage, works
from db.vote_tables import standings
from db.works import find, tally

BROUGHT = "brought-"


@dataclass(frozen=True, slots=True)
class Copy:
    """A work as it leaves the house. parents: by key, hidden ones too. spread: how many gave 1 to 5 stars."""

    key: str
    work: WorkRecord
    parents: tuple[tuple[str, How], ...]
    hands: tuple[Hand, ...]
    tally: Tally
    spread: tuple[int, ...]
    duels: int


def copy_of(tx: Tx, number: int) -> Copy | None:
    """The work of that number, unless it is hidden."""
    work = find(tx, number)
    counted = tally(tx, number)
    if work is None or counted is None:
        return None
    duels = tx.execute(select(standings.c.duels).where(standings.c.work == number)).scalar() or 0
    key = key_of(work.draft, work.recipe, work.picture or "\n".join(work.verse))
    hands, spread = rooms.hands_of(tx, number), ratings.spread(tx, number)
    return Copy(key, work, _parents(tx, number), hands, counted, spread, duels)


def _parents(tx: Tx, number: int) -> tuple[tuple[str, How], ...]:
    made = func.coalesce(works.c.picture, works.c.verse)
    found = select(works.c.draft, works.c.recipe, made, lineage.c.how).join(lineage, lineage.c.parent == works.c.id)
    rows = tx.execute(found.where(lineage.c.child == number).order_by(works.c.id))
    return tuple((key_of(*row[:3]), row.how) for row in rows)


def key_of(draft: str, recipe: str, made: str) -> str:
    """The key of a work, of the name of its draft, its recipe and its picture's name or its verse.

    >>> key_of("brought-00ff", "", ""), len(key_of("d", "{}", "春眠"))
    ('00ff', 32)
    """
    if draft.startswith(BROUGHT):
        return draft.removeprefix(BROUGHT)
    return hashlib.sha256("\n".join((draft, recipe, made)).encode()).hexdigest()[:32]


def known(tx: Tx, keys: Iterable[str]) -> dict[str, int]:
    """Those of the keys that are here, hidden or not, and the numbers of their works. Reads every work."""
    asked, made = set(keys), func.coalesce(works.c.picture, works.c.verse)
    rows = tx.execute(select(works.c.id, works.c.draft, works.c.recipe, made).execution_options(yield_per=1000))
    here = ((key_of(*row[1:]), row.id) for row in rows)
    return {key: number for key, number in here if key in asked}
