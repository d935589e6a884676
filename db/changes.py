"""The log of what curators change in collections, tags, notes, exhibitions and challenges; it is appended to and never
changed.

A change names a thing, one aspect of it, and the keys that had one value and now have another: columns of its row, or
rows of its own (works by place, people by role), where None means that there is none. So every change is its own way
back: it is undone by writing the old values, as long as the new ones still stand.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, exists, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from db import search, tags
from db.engine import Tx
from db.show_tables import changes, collected, collections, notes, people, shows, tagged
from db.show_tables import tags as tag_rows
from db.vote_tables import challenges

Aspect = Literal["collection", "works", "people", "note", "show", "tag", "tagged", "challenge"]
Value = str | int | None
Values = Mapping[str, Value]
_ROWS = {"collection": collections, "note": notes, "show": shows, "tag": tag_rows, "challenge": challenges}
_LISTS = {
    "works": (collected.c.collection, collected.c.work, collected.c.place),
    "people": (people.c.collection, people.c.curator, people.c.role),
    "tagged": (tagged.c.tag, tagged.c.work, tagged.c.at_ms),
}
_LATER = changes.alias("later")
_UNDONE = exists().where(_LATER.c.undoes == changes.c.seq)


@dataclass(frozen=True, slots=True)
class Change:
    """An entry of the log. undone: a later entry takes this one back."""

    seq: int
    at_ms: int
    curator: str
    aspect: Aspect
    thing: int
    was: Values
    became: Values
    undoes: int | None
    undone: bool


def read(tx: Tx, aspect: Aspect, thing: int, keys: Iterable[str]) -> dict[str, Value]:
    """What those keys of the thing are now."""
    asked = list(keys)
    if aspect in _ROWS:
        table = _ROWS[aspect]
        row = tx.execute(select(*(table.c[key] for key in asked)).where(table.c.id == thing)).one()
        return dict(zip(asked, row, strict=True))
    of, key, value = _LISTS[aspect]
    found = {
        str(row[0]): row[1] for row in tx.execute(select(key, value).where(of == thing, key.in_(_typed(key, asked))))
    }
    return {name: found.get(name) for name in asked}


def write(tx: Tx, aspect: Aspect, thing: int, values: Values) -> None:
    """Makes those keys of the thing what they shall be; what is searched by them follows."""
    if aspect in _ROWS:
        table = _ROWS[aspect]
        tx.execute(update(table).where(table.c.id == thing).values(dict(values)))
        if aspect == "tag":
            tags.fold(tx, thing)
        return
    touched = [int(name) for name in values] if aspect == "tagged" else []
    for work in touched:
        search.leave(tx, work)
    _write_rows(tx, aspect, thing, values)
    for work in touched:
        search.enter(tx, work)


def _write_rows(tx: Tx, aspect: Aspect, thing: int, values: Values) -> None:
    of, key, value = _LISTS[aspect]
    gone = _typed(key, [name for name, one in values.items() if one is None])
    tx.execute(of.table.delete().where(of == thing, key.in_(gone)))
    rows = [
        {of.name: thing, key.name: _typed(key, [name])[0], value.name: one}
        for name, one in values.items()
        if one is not None
    ]
    if rows:
        entry = upsert(of.table)
        tx.execute(entry.on_conflict_do_update(set_={value.name: entry.excluded[value.name]}), rows)


def _typed(key: Any, names: list[str]) -> list[Any]:
    """Keys as they stand in their column: a log in JSON has text for all of them."""
    return [key.type.python_type(name) for name in names]


def enter(
    tx: Tx,
    aspect: Aspect,
    thing: int,
    *,
    was: Values,
    became: Values,
    curator: str,
    at_ms: int,
    undoes: int | None = None,
) -> int:
    """Writes a change down; returns its number."""
    texts = {"was": json.dumps(was, ensure_ascii=False), "became": json.dumps(became, ensure_ascii=False)}
    entry = {"at_ms": at_ms, "curator": curator, "aspect": aspect, "thing": thing, "undoes": undoes, **texts}
    return int(tx.execute(insert(changes).returning(changes.c.seq), entry).scalar_one())


def find(tx: Tx, seq: int) -> Change | None:
    """The entry of that number."""
    row = tx.execute(_changes().where(changes.c.seq == seq)).first()
    return None if row is None else _change(row)


def log(tx: Tx, *, before: int | None, limit: int) -> list[Change]:
    """The log, newest first, from the entry before that number on."""
    query = _changes().order_by(changes.c.seq.desc()).limit(limit)
    return [_change(row) for row in tx.execute(query if before is None else query.where(changes.c.seq < before))]


def last_thing(tx: Tx, *, aspect: Aspect, curator: str) -> int | None:
    """The thing of which this curator has changed that aspect last."""
    mine = select(changes.c.thing).where(changes.c.curator == curator, changes.c.aspect == aspect)
    found: int | None = tx.execute(mine.order_by(changes.c.seq.desc()).limit(1)).scalar()
    return found


def _changes() -> Select[Any]:
    return select(changes, _UNDONE.label("undone"))


def _change(row: Any) -> Change:
    plain = {name: row._mapping[name] for name in Change.__dataclass_fields__}
    return Change(**plain | {"was": json.loads(row.was), "became": json.loads(row.became), "undone": bool(row.undone)})
