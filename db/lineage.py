"""Queries for lineage: which works a work comes from, and which came from it.

Written once, in the transaction that hangs the child; a parent is older than its child, so there is no cycle. What is
hidden stays in the record and is counted, but not shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, func, select
from sqlalchemy.dialects.sqlite import insert

from db.engine import Tx
from db.records import How, Relative, Relatives, lines_of
from db.tables import lineage, works

_SHOWN = [works.c[name] for name in ("id", "kind", "title", "signature", "thumb", "verse")]


def record(tx: Tx, *, child: int, parents: Iterable[tuple[int, How]]) -> None:
    """Writes the parents of a work with the work; what is written already stays. Of two ways the first counts."""
    ways: dict[int, How] = {}
    for parent, how in parents:
        ways.setdefault(parent, how)
    rows = [{"child": child, "parent": parent, "how": how} for parent, how in ways.items()]
    if rows:
        tx.execute(insert(lineage).on_conflict_do_nothing(), rows)


def parents_of(tx: Tx, number: int, *, limit: int) -> Relatives:
    """The works it comes from, oldest first."""
    return _relatives(tx, own=lineage.c.child, other=lineage.c.parent, number=number, limit=limit)


def children_of(tx: Tx, number: int, *, limit: int) -> Relatives:
    """The works that came from it, oldest first."""
    return _relatives(tx, own=lineage.c.parent, other=lineage.c.child, number=number, limit=limit)


def _relatives(tx: Tx, *, own: Column[int], other: Column[int], number: int, limit: int) -> Relatives:
    related = select(lineage.c.how, works.c.hidden, *_SHOWN).join(works, works.c.id == other).where(own == number)
    shown = tx.execute(related.where(works.c.hidden == 0).order_by(other).limit(limit))
    known = tx.execute(select(func.count()).select_from(lineage).where(own == number)).scalar_one()
    hidden = select(func.count()).select_from(lineage).join(works, works.c.id == other)
    unseen = tx.execute(hidden.where(own == number, works.c.hidden == 1)).scalar_one()
    rows = [
        Relative(row.id, row.kind, row.title, row.signature, row.thumb, lines_of(row.verse), row.how) for row in shown
    ]
    return Relatives(tuple(rows), visible=known - unseen, hidden=unseen)
