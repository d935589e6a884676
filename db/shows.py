"""Queries for exhibitions: the one that is prepared, and its published versions, which are never changed.

What an exhibition says and hangs is JSON that the gallery reads; here it is known only which works a version hangs, and
from which day on.
Changes of what is prepared go through changes.py, which writes them down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, insert, select

from db.engine import Tx
from db.show_tables import hangings, shows, versions


@dataclass(frozen=True, slots=True)
class Show:
    """An exhibition as it is prepared. owner: None for the house. published: the version that is shown, 0 for none."""

    id: int
    slug: str
    owner: str | None
    created_ms: int
    body: str
    published: int
    removed: bool


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it was published, by whom; None for the house."""

    show: int
    slug: str
    version: int
    at_ms: int
    curator: str | None
    body: str


_SHOW = [shows.c[name] for name in Show.__dataclass_fields__]
_VERSION = [shows.c.slug if name == "slug" else versions.c[name] for name in Version.__dataclass_fields__]


def add(tx: Tx, *, slug: str, owner: str | None, created_ms: int, body: str) -> int | None:
    """Makes an exhibition, taken down yet; returns its number, or None if the address is taken."""
    if by_slug(tx, slug) is not None:
        return None
    row = {"slug": slug, "owner": owner, "created_ms": created_ms, "body": body, "removed": 1}
    return int(tx.execute(insert(shows).returning(shows.c.id), row).scalar_one())


def find(tx: Tx, number: int) -> Show | None:
    """The exhibition of that number, taken down or not."""
    return _first(tx, select(*_SHOW).where(shows.c.id == number))


def by_slug(tx: Tx, slug: str) -> Show | None:
    """The exhibition at that address, taken down or not."""
    return _first(tx, select(*_SHOW).where(shows.c.slug == slug))


def everything(tx: Tx) -> list[Show]:
    """All that are not taken down, newest first."""
    return [_show(row) for row in tx.execute(select(*_SHOW).where(shows.c.removed == 0).order_by(shows.c.id.desc()))]


def anything(tx: Tx) -> bool:
    """Whether there is or was an exhibition."""
    return tx.execute(select(shows.c.id).limit(1)).first() is not None


def publish(tx: Tx, show: int, *, body: str, works: Iterable[int], curator: str | None, at_ms: int) -> int:
    """Keeps what is prepared as the next version; returns its number. Showing it is a change of the exhibition."""
    last = select(func.coalesce(func.max(versions.c.version), 0)).where(versions.c.show == show)
    number = int(tx.execute(last).scalar_one()) + 1
    row = {"show": show, "version": number, "at_ms": at_ms, "curator": curator, "body": body}
    tx.execute(insert(versions), row)
    tx.execute(insert(hangings), [{"work": work, "show": show, "version": number} for work in works])
    return number


def version(tx: Tx, show: int, number: int) -> Version | None:
    """That version of an exhibition."""
    query = _versions().where(versions.c.show == show, versions.c.version == number)
    row = tx.execute(query).first()
    return None if row is None else Version(*row)


def versions_of(tx: Tx, show: int) -> list[Version]:
    """All versions of an exhibition, newest first."""
    query = _versions().where(versions.c.show == show).order_by(versions.c.version.desc())
    return [Version(*row) for row in tx.execute(query)]


def shown(tx: Tx) -> list[Version]:
    """The version that is shown of each exhibition that is not taken down, newest exhibition first."""
    return [Version(*row) for row in tx.execute(_shown().order_by(shows.c.id.desc()))]


def on_view(tx: Tx, *, today: str, limit: int = 1, slug: str | None = None) -> list[Version]:
    """The first of what is shown, newest exhibition first, without what opens after that day (ISO 8601); only the one
    at that address, if there is one."""
    opens = func.coalesce(func.json_extract(versions.c.body, "$.opens"), "")
    query = _shown().where(opens <= today).order_by(shows.c.id.desc()).limit(limit)
    return [Version(*row) for row in tx.execute(query if slug is None else query.where(shows.c.slug == slug))]


def hanging(tx: Tx, work: int) -> list[Version]:
    """The exhibitions that show a work now, newest first."""
    here = and_(hangings.c.show == versions.c.show, hangings.c.version == versions.c.version)
    query = _shown().join(hangings, here).where(hangings.c.work == work)
    return [Version(*row) for row in tx.execute(query.order_by(shows.c.id.desc()))]


def _versions() -> Select[Any]:
    return select(*_VERSION).join(shows, shows.c.id == versions.c.show)


def _shown() -> Select[Any]:
    return _versions().where(versions.c.version == shows.c.published, shows.c.removed == 0)


def _first(tx: Tx, query: Select[Any]) -> Show | None:
    row = tx.execute(query).first()
    return None if row is None else _show(row)


def _show(row: Any) -> Show:
    return Show(**{name: getattr(row, name) for name in Show.__dataclass_fields__} | {"removed": bool(row.removed)})
