"""Queries for works: hang one, find one, count them by kind. The pages of the wall are in shelf.py.

Totals come from `counts`, which triggers keep. What is hidden (triage.py) is on no page and cannot be found
here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, not_, or_, select, text

from db import search
from db.engine import Tx
from db.records import NewWork, Tally, WorkKind, WorkRecord, lines_of
from db.tables import counts as count_rows
from db.tables import works

_VISIBLE = text("works.hidden = 0")  # spelt out, because a partial index is not used for a bound value
_OF_RECIPE = [
    f"$.{part}{name}"
    for part in ("", "inputs.painting.", "inputs.poem.", "inputs.stations[0].")
    for name in ("model", "weights")
]
_QUOTED = ("$.inputs.sources", "$.inputs.poem.inputs.sources")  # of a cento, and of one on a scroll
_MAKING = select(
    *(works.c[name] for name in ("id", "kind", "title", "signature")),
    *(func.json_extract(works.c.recipe, path) for path in _OF_RECIPE),
    func.coalesce(*(func.json_extract(works.c.recipe, path) for path in _QUOTED)),
).order_by(works.c.id)
_FILES = (works.c.picture, works.c.thumb, works.c.film, works.c.loop)
RECORD = [works.c[name] for name in WorkRecord.__dataclass_fields__]


class Making(NamedTuple):
    """Who made a work, and by which networks: part, name and SHA-256 of the weights of each. quoted: poet and title of
    every line, where the lines are other poets'."""

    id: int
    kind: WorkKind
    title: str
    signature: str
    networks: tuple[tuple[str, str, str], ...]
    quoted: tuple[tuple[str, str], ...] = ()


def add(tx: Tx, work: NewWork, *, score: float) -> WorkRecord:
    """Hangs a work with the score of one without votes, so that it can be found; the draft that hangs already is
    returned as it hangs."""
    hung = find_by_draft(tx, work.draft)
    if hung is not None:
        return hung
    row = asdict(work) | {"verse": "\n".join(work.verse) or None, "score": score}
    number = tx.execute(works.insert().returning(works.c.id), row).scalar_one()
    search.enter(tx, number)
    return WorkRecord(id=number, **asdict(work))


def find(tx: Tx, number: int) -> WorkRecord | None:
    """The work of that number, unless it is hidden."""
    return _record(tx, select(*RECORD).where(works.c.id == number, _VISIBLE))


def makings(tx: Tx, numbers: Iterable[int]) -> list[Making]:
    """Who made each of these works that are not hidden, and by what."""
    rows = tx.execute(_MAKING.where(works.c.id.in_(list(numbers)), _VISIBLE))
    return [Making._make([*row[:4], tuple(_networks(row)), _quoted(row[-1])]) for row in rows]


def _quoted(sources: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((poet, title) for poet, title in json.loads(sources or "[]"))


def _networks(row: Any) -> Iterator[tuple[str, str, str]]:
    inside = {"scroll": (("painting", *row[6:8]), ("poem", *row[8:10])), "film": (("painting", *row[10:12]),)}
    parts = inside.get(row.kind, ((row.kind, *row[4:6]),))
    yield from (part for part in parts if None not in part)


def is_put_away(tx: Tx, name: str) -> bool:
    """Whether every work that uses the file of that name is hidden; False for a file that none uses."""
    using = select(works.c.id).where(or_(*(column == name for column in _FILES)))
    seen, used = using.where(works.c.hidden == 0).exists(), using.exists()
    return bool(tx.execute(select(and_(used, not_(seen)))).scalar())


def find_by_draft(tx: Tx, draft: str) -> WorkRecord | None:
    """The work that was hung from that draft, hidden or not."""
    return _record(tx, select(*RECORD).where(works.c.draft == draft))


def tally(tx: Tx, number: int) -> Tally | None:
    """What the votes for a work come to."""
    row = tx.execute(select(works.c.votes, works.c.stars_sum, works.c.score).where(works.c.id == number)).first()
    return None if row is None else Tally(*row)


def tallies(tx: Tx) -> dict[int, Tally]:
    """What the votes for each work come to, hidden or not."""
    rows = tx.execute(select(works.c.id, works.c.votes, works.c.stars_sum, works.c.score))
    return {row[0]: Tally(*row[1:]) for row in rows}


def counts(tx: Tx) -> dict[WorkKind, int]:
    """How many works of each kind can be seen; exact."""
    return {row.kind: row.visible for row in tx.execute(select(count_rows))}


def anyone_but(tx: Tx, maker: str) -> bool:
    """Whether somebody else than `maker` has ever hung a work."""
    return tx.execute(select(works.c.id).where(works.c.maker != maker).limit(1)).first() is not None


def made_by(tx: Tx, maker: str, kind: WorkKind, *, limit: int) -> list[WorkRecord]:
    """The first works of that maker and kind that are not hidden."""
    mine = select(*RECORD).where(works.c.maker == maker, works.c.kind == kind, _VISIBLE)
    return [as_record(row) for row in tx.execute(mine.order_by(works.c.id).limit(limit))]


def makers_of(tx: Tx, numbers: Iterable[int]) -> dict[int, str]:
    """Who made each of these works, hidden or not."""
    return {
        row.id: row.maker for row in tx.execute(select(works.c.id, works.c.maker).where(works.c.id.in_(list(numbers))))
    }


def kind_of(tx: Tx, number: int) -> WorkKind | None:
    """The kind of a work, hidden or not."""
    kind: WorkKind | None = tx.execute(select(works.c.kind).where(works.c.id == number)).scalar()
    return kind


def known_files(tx: Tx, names: Iterable[str]) -> set[str]:
    """Those of the names that a work uses, hidden or not."""
    asked = list(names)
    return {name for column in _FILES for name in tx.scalars(select(column).where(column.in_(asked)))}


def find_all(tx: Tx, numbers: Sequence[int]) -> list[WorkRecord]:
    """Those of the works that are not hidden, in the order in which they are asked for."""
    rows = tx.execute(select(*RECORD).where(works.c.id.in_(list(numbers)), _VISIBLE))
    found = {row.id: as_record(row) for row in rows}
    return [found[number] for number in numbers if number in found]


def _record(tx: Tx, query: Select[Any]) -> WorkRecord | None:
    row = tx.execute(query).first()
    return None if row is None else as_record(row)


def as_record(row: Any) -> WorkRecord:
    """A row of RECORD as it is handed out."""
    return WorkRecord(**dict(row._mapping) | {"verse": lines_of(row.verse)})
