"""Queries for what visitors prefer: the duels that it is learnt from, what is measured of their works, what was learnt.

The duels are read here for nothing but that, and nothing here is read for the ladder, for who meets whom, or for the
order of the wall; what is kept can be thrown away, and is learnt from the log anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from db.ballots import ASKED, COUNTED, OF_LADDER, RIGHT, STANDING
from db.engine import Tx
from db.records import lines_of
from db.tables import looks, works
from db.vote_tables import ballots, tastes, voters

AT_ONCE = 5000  # works asked for in one query
_DECIDED = ballots.c.act.in_(("left", "right"))


class Choice(NamedTuple):
    """A duel that counts: by whom, new on that day or not, who was asked so many gold pairs before, so many right."""

    seq: int
    voter: int
    young: bool
    day: int
    chosen: int
    other: int
    asked: int
    right: int


class Kept(NamedTuple):
    """What is kept of a work that a taste can go by; traits and verse are missing where it has none, or is erased."""

    traits: bytes | None
    verse: tuple[str, ...]
    mood: str | None


class Learnt(NamedTuple):
    """What was learnt of a kind from the entries of the log up to `seq`, as JSON."""

    kind: str
    at_ms: int
    seq: int
    body: str


def choices(tx: Tx, kind: str, *, limit: int) -> list[Choice]:
    """The newest duels of that kind that count for its ladder, in order."""
    query = select(ballots, ASKED.label("asked"), RIGHT.label("answered"))
    counted = query.where(ballots.c.kind == kind, _DECIDED, OF_LADDER, STANDING, COUNTED)
    rows = tx.execute(counted.order_by(ballots.c.seq.desc()).limit(limit)).all()
    return [
        Choice(row.seq, row.voter, bool(row.young), row.minute // (24 * 60), *_sides(row), row.asked, row.answered)
        for row in reversed(rows)
    ]


def _sides(row: Any) -> tuple[int, int]:
    """The one that was chosen, and the other."""
    return (row.work, row.rival) if row.act == "left" else (row.rival, row.work)


_OWN = (
    select(ballots)
    .join(voters, voters.c.number == ballots.c.voter)
    .where(voters.c.visitor == bindparam("visitor"), ballots.c.kind == bindparam("kind"), _DECIDED)
    .where(OF_LADDER, STANDING, COUNTED)
    .order_by(ballots.c.seq)
)


def chosen_by(tx: Tx, *, visitor: str, kind: str) -> list[tuple[int, int]]:
    """The duels of that visitor and kind that count: the one that was chosen, and the other."""
    return [_sides(row) for row in tx.execute(_OWN, {"visitor": visitor, "kind": kind})]


def kept_of(tx: Tx, numbers: Sequence[int]) -> dict[int, Kept]:
    """What is kept of these works, hidden or not."""
    mood = func.json_extract(works.c.recipe, "$.inputs.mood").label("mood")
    query = select(works.c.id, looks.c.traits, works.c.verse, mood).outerjoin(looks, looks.c.work == works.c.id)
    found: dict[int, Kept] = {}
    for start in range(0, len(numbers), AT_ONCE):
        rows = tx.execute(query.where(works.c.id.in_(numbers[start : start + AT_ONCE])))
        found |= {row.id: Kept(row.traits, lines_of(row.verse), row.mood) for row in rows}
    return found


def keep(tx: Tx, learnt: Learnt) -> None:
    """Keeps what was learnt, in place of what was before."""
    entry = upsert(tastes).values(learnt._asdict())
    tx.execute(entry.on_conflict_do_update(index_elements=["kind"], set_=learnt._asdict()))


def find(tx: Tx, kind: str) -> Learnt | None:
    """What was learnt of that kind last."""
    row = tx.execute(select(tastes).where(tastes.c.kind == kind)).first()
    return None if row is None else Learnt(row.kind, row.at_ms, row.seq, row.body)
