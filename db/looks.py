"""Queries for what pictures look like: kept for each work that has a picture, and found by codes that like ones share.

What the numbers mean is for whoever makes them (gallery/journeys/alike.py). Works stand in the order of their codes, so
that the neighbours of a code are found in the same time among a million as among a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from db.engine import Prepared, Tx
from db.tables import alike, looks, shelf, works

_TRAITS = Prepared(select(looks.c.traits).where(looks.c.work == bindparam("work")))
_UP = Prepared(
    select(alike.c.work)
    .where(alike.c.code >= bindparam("code"), alike.c.code < bindparam("end"))
    .order_by(alike.c.code, alike.c.work)
    .limit(bindparam("most"))
)
_DOWN = Prepared(
    select(alike.c.work)
    .where(alike.c.code < bindparam("code"), alike.c.code >= bindparam("start"))
    .order_by(alike.c.code.desc(), alike.c.work.desc())
    .limit(bindparam("most"))
)
_HASHES = select(looks.c.work, looks.c.hash)
_WITHOUT = (
    select(works.c.id, works.c.kind, works.c.thumb)
    .outerjoin(looks, looks.c.work == works.c.id)
    .where(works.c.thumb.is_not(None), looks.c.work.is_(None), works.c.hidden == 0)
    .order_by(works.c.id)
)


def keep(tx: Tx, work: int, *, traits: bytes, placeholder: bytes, codes: Iterable[int]) -> None:
    """Keeps what a picture looks like; once it is kept it stays."""
    row = {"work": work, "traits": traits, "hash": placeholder}
    tx.execute(upsert(looks).on_conflict_do_nothing(), row)
    if rows := [{"code": code, "work": work} for code in dict.fromkeys(codes)]:
        tx.execute(upsert(alike).on_conflict_do_nothing(), rows)


def traits_of(tx: Tx, work: int) -> bytes | None:
    """The traits of a work; None where they are not kept yet."""
    rows = _TRAITS.rows(tx, {"work": work})
    return rows[0][0] if rows else None


def beside(tx: Tx, codes: Iterable[int], bits: int, *, most: int, but: int) -> dict[int, bytes]:
    """The works that can be seen and stand next to one of the codes, at most so many on either side and of the same
    tree, which is what a code says beyond its last `bits` bits; and their traits."""
    found = set[int]()
    for code in codes:
        start = code >> bits << bits
        ends = {"code": code, "start": start, "end": start + (1 << bits), "most": most}
        found |= {row[0] for query in (_UP, _DOWN) for row in query.rows(tx, ends)}
    kept = select(looks.c.work, looks.c.traits).join(shelf, shelf.c.work == looks.c.work)
    rows = tx.execute(kept.where(looks.c.work.in_(found - {but})))
    return {row[0]: row[1] for row in rows}


def placeholders(tx: Tx, numbers: Iterable[int]) -> dict[int, bytes]:
    """The placeholders of those of the works that have one."""
    return {row[0]: row[1] for row in tx.execute(_HASHES.where(looks.c.work.in_(list(numbers))))}


def without(tx: Tx, *, after: int, limit: int) -> list[tuple[int, str, str]]:
    """The next works after that number with a picture of which nothing is kept: number, kind, thumbnail."""
    return [(row[0], row[1], row[2]) for row in tx.execute(_WITHOUT.where(works.c.id > after).limit(limit))]
