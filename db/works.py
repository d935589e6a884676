"""Queries for works: hang one, find one, turn the pages of the wall.

Pages go by key: the next one begins after the last (score, id) of this one, so depth costs nothing (0.06 ms at a
million works, where OFFSET takes 37 ms). Totals come from `counts`, which triggers keep. Hiding is for a later room;
what is hidden is on no page and cannot be found here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, null, select, text, tuple_

from db.engine import Prepared, Tx
from db.records import Card, Key, NewWork, Order, Page, Tally, WorkKind, WorkRecord, lines_of
from db.tables import counts as count_rows
from db.tables import ratings, works

_FIRST = Key(id=2**63 - 1, score=6.0)
_VISIBLE = text("works.hidden = 0")  # spelt out, because a partial index is not used for a bound value
_RECORD = [works.c[name] for name in WorkRecord.__dataclass_fields__]


def add(tx: Tx, work: NewWork, *, score: float) -> WorkRecord:
    """Hangs a work with the score of one without votes; the draft that hangs already is returned as it hangs."""
    hung = find_by_draft(tx, work.draft)
    if hung is not None:
        return hung
    row = asdict(work) | {"verse": "\n".join(work.verse) or None, "score": score}
    number = tx.execute(works.insert().returning(works.c.id), row).scalar_one()
    return WorkRecord(id=number, **asdict(work))


def find(tx: Tx, number: int) -> WorkRecord | None:
    """The work of that number, unless it is hidden."""
    return _record(tx, select(*_RECORD).where(works.c.id == number, _VISIBLE))


def find_by_draft(tx: Tx, draft: str) -> WorkRecord | None:
    """The work that was hung from that draft, hidden or not."""
    return _record(tx, select(*_RECORD).where(works.c.draft == draft))


def tally(tx: Tx, number: int) -> Tally | None:
    """What the votes for a work come to."""
    row = tx.execute(select(works.c.votes, works.c.stars_sum, works.c.score).where(works.c.id == number)).first()
    return None if row is None else Tally(*row)


def tallies(tx: Tx) -> dict[int, Tally]:
    """What the votes for each work come to, hidden or not."""
    rows = tx.execute(select(works.c.id, works.c.votes, works.c.stars_sum, works.c.score))
    return {row[0]: Tally(*row[1:]) for row in rows}


def page(tx: Tx, *, kind: WorkKind | None, order: Order, after: Key | None, limit: int, visitor: str) -> Page:
    """At most `limit` works after that key, best or newest first; `visitor` sees the score of what they have rated."""
    after = after or _FIRST
    query = _page_query(order, kind is not None)
    values = {"visitor": visitor, "kind": kind, "score": after.score, "id": after.id, "rows": limit + 1}
    rows = query.rows(tx, values)
    cards = tuple([Card._make(row[:-1]) for row in rows[:limit]])
    last = Key(id=rows[limit - 1][0], score=rows[limit - 1][-1]) if len(rows) > limit else None
    return Page(cards, last)


def counts(tx: Tx) -> dict[WorkKind, int]:
    """How many works of each kind can be seen; exact."""
    return {row.kind: row.visible for row in tx.execute(select(count_rows))}


def anyone_but(tx: Tx, maker: str) -> bool:
    """Whether somebody else than `maker` has ever hung a work."""
    return tx.execute(select(works.c.id).where(works.c.maker != maker).limit(1)).first() is not None


def known_files(tx: Tx, names: Iterable[str]) -> set[str]:
    """Those of the names that a work uses, hidden or not."""
    asked = list(names)
    pictures = select(works.c.picture).where(works.c.picture.in_(asked))
    thumbs = select(works.c.thumb).where(works.c.thumb.in_(asked))
    return set(tx.scalars(pictures)) | set(tx.scalars(thumbs))


@cache
def _page_query(order: Order, of_kind: bool) -> Prepared:
    """The query of a page; newest goes by id, best by (score, id), each along its own partial index."""
    rated = ratings.c.stars.is_not(None)
    shown = [works.c[name] for name in Card._fields[:10]]
    opinions = [
        works.c.verse,
        ratings.c.stars,
        case((rated, works.c.votes), else_=null()),
        case((rated, works.c.stars_sum * 1.0 / works.c.votes), else_=null()),
        works.c.score,
    ]
    mine = and_(ratings.c.work == works.c.id, ratings.c.visitor == bindparam("visitor"))
    query = select(*shown, *opinions).select_from(works.outerjoin(ratings, mine)).where(_VISIBLE)
    if of_kind:
        query = query.where(works.c.kind == bindparam("kind"))
    if order == "newest":
        query = query.where(works.c.id < bindparam("id")).order_by(works.c.id.desc())
    else:
        place = tuple_(works.c.score, works.c.id) < tuple_(bindparam("score"), bindparam("id"))
        query = query.where(place).order_by(works.c.score.desc(), works.c.id.desc())
    return Prepared(query.limit(bindparam("rows")))


def _record(tx: Tx, query: Select[Any]) -> WorkRecord | None:
    row = tx.execute(query).first()
    return None if row is None else WorkRecord(**dict(row._mapping) | {"verse": lines_of(row.verse)})
