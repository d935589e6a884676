"""Queries for those who look after the house: what every work needs on the disk, and what the counts should be.

They read everything, in batches, and are for the command line only; what a page shows never waits for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import func, select, update

from db.engine import Tx
from db.records import FileNeeds, State, Tally, WorkKind
from db.tables import counts, works
from db.trash import erased
from db.vote_tables import standings

BATCH = 1000


def file_needs(tx: Tx) -> Iterator[FileNeeds]:
    """Every work that is not erased, hidden or not, with the files it needs; oldest first."""
    wanted = select(*[works.c[name] for name in FileNeeds._fields]).where(~erased).order_by(works.c.id).limit(BATCH)
    last = 0
    while rows := tx.execute(wanted.where(works.c.id > last)).all():
        yield from (FileNeeds._make(row) for row in rows)
        last = rows[-1].id


def needs_of(tx: Tx, number: int) -> FileNeeds | None:
    """What that work needs, hidden or not."""
    row = tx.execute(select(*[works.c[name] for name in FileNeeds._fields]).where(works.c.id == number)).first()
    return None if row is None else FileNeeds._make(row)


def true_counts(tx: Tx) -> dict[WorkKind, int]:
    """How many works of each kind can be seen, counted anew."""
    found: dict[WorkKind, int] = {row.kind: 0 for row in tx.execute(select(counts.c.kind))}
    seen = select(works.c.kind, func.count()).where(works.c.hidden == 0).group_by(works.c.kind)
    return found | {row.kind: row[1] for row in tx.execute(seen)}


def set_counts(tx: Tx, known: dict[WorkKind, int]) -> None:
    """Writes how many works of each kind can be seen."""
    for kind, visible in known.items():
        tx.execute(update(counts).where(counts.c.kind == kind).values(visible=visible))


def set_thumb(tx: Tx, number: int, thumb: str) -> None:
    """Gives a work another thumbnail."""
    tx.execute(update(works).where(works.c.id == number).values(thumb=thumb))


def set_tally(tx: Tx, number: int, tally: Tally) -> None:
    """Writes what the votes for a work come to."""
    told = {"votes": tally.votes, "stars_sum": tally.stars_sum, "score": tally.score}
    tx.execute(update(works).where(works.c.id == number).values(told))


def set_standings(tx: Tx, states: Mapping[int, State]) -> None:
    """Writes where works stand on their ladders, in place of all that was written before."""
    kinds = {row.id: row.kind for row in tx.execute(select(works.c.id, works.c.kind))}
    tx.execute(standings.delete())
    rows = [{"work": work, "kind": kinds[work], **state._asdict()} for work, state in states.items()]
    if rows:
        tx.execute(standings.insert(), rows)
