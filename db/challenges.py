"""Queries for challenges: what is asked for and until when, what was entered by whom, and which entry met which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import func, insert, select, text, update

from db.engine import Tx
from db.records import WorkKind, WorkRecord
from db.tables import works
from db.vote_tables import ballots, challenges, entries
from db.works import RECORD, as_record

FIELDS = ("title_zh", "title_en", "text_zh", "text_en", "kind", "narrow", "opens", "closes", "most", "owner")


class Challenge(NamedTuple):
    """What visitors are asked for: works of a kind, of one subject or form if `narrow` says so, at most `most` of each
    visitor, on days (ISO 8601, UTC) from `opens` to `closes`. `show`: the exhibition that was made from it."""

    id: int
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    kind: WorkKind
    narrow: str | None
    opens: str
    closes: str
    most: int
    owner: str
    created_ms: int
    removed: int
    show: int | None


_ALL = [challenges.c[name] for name in Challenge._fields]


def add(tx: Tx, fields: Mapping[str, object], *, created_ms: int) -> int:
    """Makes one of the FIELDS, called off until a change puts it on the lists; returns its number."""
    row = {name: fields[name] for name in FIELDS} | {"created_ms": created_ms, "removed": 1}
    return int(tx.execute(insert(challenges).returning(challenges.c.id), row).scalar_one())


def find(tx: Tx, number: int, *, called_off: bool = False) -> Challenge | None:
    """The challenge of that number, unless it was called off; even then if `called_off`."""
    query = select(*_ALL).where(challenges.c.id == number)
    row = tx.execute(query if called_off else query.where(challenges.c.removed == 0)).first()
    return None if row is None else Challenge._make(row)


def everything(tx: Tx, *, limit: int) -> list[Challenge]:
    """The last challenges, those that close latest first."""
    query = select(*_ALL).where(challenges.c.removed == 0).order_by(challenges.c.closes.desc(), challenges.c.id.desc())
    return [Challenge._make(row) for row in tx.execute(query.limit(limit))]


def hang(tx: Tx, number: int, show: int) -> None:
    """Writes which exhibition was made from it."""
    tx.execute(update(challenges).where(challenges.c.id == number).values(show=show))


def enter(tx: Tx, challenge: int, work: int, *, visitor: str, at_ms: int) -> None:
    """Enters a work."""
    tx.execute(insert(entries), {"challenge": challenge, "work": work, "visitor": visitor, "at_ms": at_ms})


def entered(tx: Tx, challenge: int) -> list[WorkRecord]:
    """The entries that are not hidden, in the order in which they came."""
    query = select(*RECORD).join(entries, entries.c.work == works.c.id).where(entries.c.challenge == challenge)
    rows = tx.execute(query.where(text("works.hidden = 0")).order_by(entries.c.at_ms, works.c.id))
    return [as_record(row) for row in rows]


def entries_of(tx: Tx, challenge: int, visitor: str) -> set[int]:
    """The works that this visitor has entered, hidden ones too."""
    mine = select(entries.c.work).where(entries.c.challenge == challenge, entries.c.visitor == visitor)
    return set(tx.scalars(mine))


def enterable(tx: Tx, challenge: Challenge, visitor: str, *, limit: int) -> list[WorkRecord]:
    """The newest works of this visitor that fit and are not entered yet."""
    taken = select(entries.c.work).where(entries.c.challenge == challenge.id)
    mine = select(*RECORD).where(works.c.maker == visitor, works.c.kind == challenge.kind, text("works.hidden = 0"))
    if challenge.narrow is not None:
        mine = mine.where(func.coalesce(works.c.subject, works.c.form) == challenge.narrow)
    rows = tx.execute(mine.where(works.c.id.not_in(taken)).order_by(works.c.id.desc()).limit(limit))
    return [as_record(row) for row in rows]


def met(tx: Tx, challenge: int) -> dict[int, int]:
    """How many duels each entry has had that were judged, set aside or not."""
    listed = text("act IN ('left', 'right', 'skip') AND value IS NOT NULL AND act <> 'skip'")
    found: dict[int, int] = {}
    for side in (ballots.c.work, ballots.c.rival):
        counted = select(side, func.count()).where(listed, ballots.c.value == challenge).group_by(side)
        for work, count in tx.execute(counted):
            found[work] = found.get(work, 0) + count
    return found
