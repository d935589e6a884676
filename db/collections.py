"""Queries for collections: what is nested in what, which works they hold in which order, who may see and change them;
and for the notes that curators leave at works. Changes go through changes.py, which writes them down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import exists, func, insert, select

from db.engine import Tx
from db.records import WorkRecord, lines_of
from db.show_tables import collected, collections, notes, people
from db.tables import takedowns, works

Standing = Literal["owner", "editor", "reader"]


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection; `place` orders it among those of the same parent. removed: put away, but for the log. wish: JSON of
    the search that keeps it; None for one that holds what is put into it by hand."""

    id: int
    parent: int | None
    place: int
    title_zh: str
    title_en: str
    note_zh: str
    note_en: str
    owner: str
    created_ms: int
    removed: bool
    wish: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A work in a collection; hidden ones keep their place."""

    work: WorkRecord
    place: int
    hidden: bool


@dataclass(frozen=True, slots=True)
class Note:
    """What a curator has noted at a work."""

    id: int
    work: int
    curator: str
    at_ms: int
    body: str


_COLUMNS = [collections.c[name] for name in Collection.__dataclass_fields__]
_RECORD = [works.c[name] for name in WorkRecord.__dataclass_fields__]


def add(
    tx: Tx, *, title_zh: str, title_en: str, parent: int | None, owner: str, created_ms: int, wish: str | None = None
) -> int:
    """Makes an empty collection, the last of its parent, put away yet; returns its number."""
    beside = collections.c.parent.is_(None) if parent is None else collections.c.parent == parent
    place = tx.execute(select(func.coalesce(func.max(collections.c.place), 0) + 1).where(beside)).scalar_one()
    row = {"title_zh": title_zh, "title_en": title_en, "parent": parent, "place": place, "owner": owner}
    row |= {"note_zh": "", "note_en": "", "created_ms": created_ms, "removed": 1, "wish": wish}
    return int(tx.execute(insert(collections).returning(collections.c.id), row).scalar_one())


def find(tx: Tx, number: int) -> Collection | None:
    """The collection of that number, put away or not."""
    row = tx.execute(select(*_COLUMNS).where(collections.c.id == number)).first()
    return None if row is None else _collection(row)


def everything(tx: Tx) -> list[Collection]:
    """All that are not put away, in the order of their places."""
    kept = select(*_COLUMNS).where(collections.c.removed == 0).order_by(collections.c.place, collections.c.id)
    return [_collection(row) for row in tx.execute(kept)]


def roles(tx: Tx, curator: str) -> dict[int, Standing]:
    """What this curator is in which collection, as its owner or because it is shared with them."""
    owned = tx.scalars(select(collections.c.id).where(collections.c.owner == curator))
    shared = tx.execute(select(people.c.collection, people.c.role).where(people.c.curator == curator))
    return {row[0]: row[1] for row in shared} | dict.fromkeys(owned, "owner")


def people_of(tx: Tx, number: int) -> dict[str, Standing]:
    """With whom a collection is shared, as what; without its owner."""
    found = select(people.c.curator, people.c.role).where(people.c.collection == number).order_by(people.c.curator)
    return {row[0]: row[1] for row in tx.execute(found)}


def works_of(tx: Tx, number: int) -> list[Held]:
    """The works of a collection in their order, hidden ones too, but not what makers have taken down."""
    taken = exists().where(takedowns.c.work == collected.c.work)
    held = select(*_RECORD, collected.c.place, works.c.hidden).join(collected, collected.c.work == works.c.id)
    ordered = held.where(collected.c.collection == number, ~taken).order_by(collected.c.place, collected.c.work)
    return [Held(_record(row), row.place, bool(row.hidden)) for row in tx.execute(ordered)]


def places(tx: Tx, number: int) -> dict[int, int]:
    """The works of a collection by number, in their order, and their places."""
    ordered = select(collected.c.work, collected.c.place).where(collected.c.collection == number)
    return {row[0]: row[1] for row in tx.execute(ordered.order_by(collected.c.place, collected.c.work))}


def sizes(tx: Tx) -> dict[int, int]:
    """How many works each collection holds."""
    counted = select(collected.c.collection, func.count()).group_by(collected.c.collection)
    return {row[0]: row[1] for row in tx.execute(counted)}


def covers(tx: Tx, *, most: int) -> dict[int, list[WorkRecord]]:
    """The first works of each collection that can be seen."""
    place = func.row_number().over(partition_by=collected.c.collection, order_by=(collected.c.place, collected.c.work))
    first = select(collected.c.collection, collected.c.work, place.label("rank"))
    first = first.join(works, works.c.id == collected.c.work).where(works.c.hidden == 0)
    ranked = first.subquery()
    rows = tx.execute(
        select(ranked.c.collection, *_RECORD)
        .join(works, works.c.id == ranked.c.work)
        .where(ranked.c.rank <= most)
        .order_by(ranked.c.rank)
    )
    found: dict[int, list[WorkRecord]] = {}
    for row in rows:
        found.setdefault(row.collection, []).append(_record(row))
    return found


def holding(tx: Tx, work: int) -> set[int]:
    """The collections that hold a work."""
    return set(tx.scalars(select(collected.c.collection).where(collected.c.work == work)))


def add_note(tx: Tx, *, work: int, curator: str, at_ms: int, body: str) -> int:
    """Writes a note, struck out yet; returns its number."""
    row = {"work": work, "curator": curator, "at_ms": at_ms, "body": body, "removed": 1}
    return int(tx.execute(insert(notes).returning(notes.c.id), row).scalar_one())


def notes_of(tx: Tx, work: int) -> list[Note]:
    """The notes at a work, oldest first."""
    kept = select(*(notes.c[name] for name in Note.__dataclass_fields__)).where(notes.c.work == work)
    return [Note(*row) for row in tx.execute(kept.where(notes.c.removed == 0).order_by(notes.c.id))]


def note(tx: Tx, number: int) -> Note | None:
    """The note of that number, struck out or not."""
    row = tx.execute(select(*(notes.c[name] for name in Note.__dataclass_fields__)).where(notes.c.id == number)).first()
    return None if row is None else Note(*row)


def _collection(row: Any) -> Collection:
    plain = {name: getattr(row, name) for name in Collection.__dataclass_fields__}
    return Collection(**plain | {"removed": bool(row.removed)})


def _record(row: Any) -> WorkRecord:
    plain = {name: getattr(row, name) for name in WorkRecord.__dataclass_fields__}
    return WorkRecord(**plain | {"verse": lines_of(row.verse)})
