"""Queries for what makers take down: hidden at once, brought back within a time, erased after it.

Erasing leaves the row, under its number, so that votes and lineage stay; everything that was made is gone from it, from
the search, and, once its files belong to no work, from the disk. A maker's taking down and a curator's hiding are kept
apart: neither takes the other back (triage.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Select, delete, exists, insert, select, update

from db import search, triage
from db.engine import Tx
from db.records import WorkKind, lines_of
from db.show_tables import tagged
from db.tables import alike, hands, looks, takedowns, works

BLANK = "—"
_NO_FILE = "0" * 64
_TAKEN = [works.c[name] for name in ("id", "kind", "title", "thumb", "verse")]


class Taken(NamedTuple):
    """A work that its maker has taken down, and when. erased: nothing is left of it but its number."""

    id: int
    kind: WorkKind
    title: str
    thumb: str | None
    verse_text: str | None
    at_ms: int
    erased: bool

    @property
    def verse(self) -> tuple[str, ...]:
        """The lines of a poem or scroll; none for a painting."""
        return lines_of(self.verse_text)


def take_down(tx: Tx, number: int, *, at_ms: int) -> None:
    """Hides a work for its maker."""
    tx.execute(insert(takedowns), {"work": number, "at_ms": at_ms})
    tx.execute(update(works).where(works.c.id == number).values(hidden=1))


def bring_back(tx: Tx, number: int) -> None:
    """Shows it again, unless curators have hidden it too."""
    tx.execute(delete(takedowns).where(takedowns.c.work == number))
    triage.show_as_decided(tx, number)


def find(tx: Tx, number: int, *, maker: str) -> Taken | None:
    """That work, if it is this maker's and taken down."""
    row = tx.execute(_taken(maker).where(works.c.id == number)).first()
    return None if row is None else Taken._make(row)


def of_maker(tx: Tx, maker: str, *, limit: int) -> list[Taken]:
    """What this maker has taken down and what is not erased, the latest first."""
    query = _taken(maker).where(takedowns.c.erased_ms.is_(None))
    rows = tx.execute(query.order_by(takedowns.c.at_ms.desc(), works.c.id.desc()).limit(limit))
    return [Taken._make(row) for row in rows]


def _taken(maker: str) -> Select[Any]:
    its = [*_TAKEN, takedowns.c.at_ms, takedowns.c.erased_ms.is_not(None)]
    return select(*its).join(takedowns, takedowns.c.work == works.c.id).where(works.c.maker == maker)


def due(tx: Tx, *, before_ms: int) -> list[int]:
    """The works that were taken down before that time and are not erased."""
    waiting = (takedowns.c.at_ms < before_ms, takedowns.c.erased_ms.is_(None))
    return list(tx.scalars(select(takedowns.c.work).where(*waiting).order_by(takedowns.c.work)))


def erase(tx: Tx, number: int, *, at_ms: int) -> None:
    """Leaves nothing of a work that was taken down but its number, its kind, its votes and its lineage."""
    search.leave(tx, number)
    gone = {"title": BLANK, "signature": "", "recipe": "{}", "subject": None, "rhyme": None}
    tx.execute(update(works).where(works.c.id == number).values(gone))
    has_picture, has_verse = works.c.picture.is_not(None), works.c.verse.is_not(None)
    tx.execute(update(works).where(works.c.id == number, has_picture).values(picture=_NO_FILE, thumb=_NO_FILE))
    moving = {"film": _NO_FILE, "loop": _NO_FILE}
    tx.execute(update(works).where(works.c.id == number, works.c.film.is_not(None)).values(moving))
    tx.execute(update(works).where(works.c.id == number, has_verse).values(verse=BLANK))
    for table in (hands, tagged, looks, alike):
        tx.execute(delete(table).where(table.c.work == number))
    search.enter(tx, number)
    tx.execute(update(takedowns).where(takedowns.c.work == number).values(erased_ms=at_ms))


erased = exists().where(takedowns.c.work == works.c.id, takedowns.c.erased_ms.is_not(None))
"""Whether nothing is left of a work, for queries that need what it was."""
