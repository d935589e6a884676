"""Queries for lineage: which works a work comes from, which came from it, and its whole family on both sides.

Written once, in the transaction that hangs the child; a parent is older than its child, so there is no cycle. What is
hidden stays in the record and is counted, but not shown. https://sqlite.org/lang_with.html#recursive_query_examples
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Column, func, select, text
from sqlalchemy.dialects.sqlite import insert

from db.engine import Tx
from db.records import How, Relative, Relatives, WorkKind, lines_of
from db.tables import lineage, works

_SHOWN = [works.c[name] for name in ("id", "kind", "title", "signature", "thumb", "verse")]

STEPS = 20  # ways to a work that are followed for each work that is wanted: cousins who meet again have several
# Breadth first on both sides, so that a limit cuts off what is farthest; a work met twice counts where it is nearest.
_FAMILY = text("""
    WITH RECURSIVE
    up (work, away) AS (
        SELECT :work, 0 UNION SELECT parent, away + 1 FROM up JOIN lineage ON child = up.work WHERE away < :depth
        ORDER BY 2 LIMIT :steps
    ),
    down (work, away) AS (
        SELECT :work, 0 UNION SELECT child, away + 1 FROM down JOIN lineage ON parent = down.work WHERE away < :depth
        ORDER BY 2 LIMIT :steps
    ),
    met (work, away, side) AS (
        SELECT work, away, -min(away, 1) FROM up UNION ALL SELECT work, away, 1 FROM down WHERE away > 0
    ),
    family AS (SELECT work, min(away) AS away, side FROM met GROUP BY work ORDER BY 2, 1 LIMIT :most)
    SELECT id, kind, title, signature, thumb, verse, hidden, side, away, (
        SELECT json_group_array(json_array(parent, how)) FROM lineage WHERE child = id
    ) AS parents FROM family JOIN works ON id = work ORDER BY id
""")


class Origin(NamedTuple):
    """That a work was made of another, and which that is; of a hidden one no more than its number and kind."""

    child: int
    parent: int
    how: How
    kind: WorkKind
    title: str
    signature: str
    hidden: bool


class Kin(NamedTuple):
    """A work of a family: an ancestor or a descendant of the work whose family it is, or that work itself (side 0).

    side: -1 for an ancestor, 1 for a descendant. away: the fewest steps between the two. parents: what it was made of,
    of this family or not, and how. Of a hidden work no more is told.
    """

    id: int
    kind: WorkKind
    title: str
    signature: str
    thumb: str | None
    first_line: str
    hidden: bool
    side: int
    away: int
    parents: tuple[tuple[int, How], ...]


def record(tx: Tx, *, child: int, parents: Iterable[tuple[int, How]]) -> None:
    """Writes the parents of a work with the work; what is written already stays. Of two ways the first counts."""
    ways: dict[int, How] = {}
    for parent, how in parents:
        ways.setdefault(parent, how)
    rows = [{"child": child, "parent": parent, "how": how} for parent, how in ways.items()]
    if rows:
        tx.execute(insert(lineage).on_conflict_do_nothing(), rows)


def parents_of(tx: Tx, number: int, *, limit: int) -> Relatives:
    """The works it comes from, oldest first."""
    return _relatives(tx, own=lineage.c.child, other=lineage.c.parent, number=number, limit=limit)


def children_of(tx: Tx, number: int, *, limit: int) -> Relatives:
    """The works that came from it, oldest first."""
    return _relatives(tx, own=lineage.c.parent, other=lineage.c.child, number=number, limit=limit)


def origins(tx: Tx, numbers: Iterable[int]) -> list[Origin]:
    """What each of these works was made of, the oldest first."""
    told = [works.c[name] for name in ("kind", "title", "signature", "hidden")]
    query = select(lineage, *told).join(works, works.c.id == lineage.c.parent)
    rows = tx.execute(query.where(lineage.c.child.in_(list(numbers))).order_by(lineage.c.child, lineage.c.parent))
    return [_origin(row) for row in rows]


def _origin(row: Any) -> Origin:
    title, signature = ("", "") if row.hidden else (row.title, row.signature)
    return Origin(row.child, row.parent, row.how, row.kind, title, signature, bool(row.hidden))


def family(tx: Tx, number: int, *, depth: int, most: int) -> list[Kin]:
    """That work, its ancestors and its descendants, no farther than `depth` steps and the nearest `most` of them, in
    the order of their numbers; a parent stands before its children therefore."""
    rows = tx.execute(_FAMILY, {"work": number, "depth": depth, "most": most, "steps": STEPS * most})
    return [_kin(row) for row in rows]


def _kin(row: Any) -> Kin:
    parents = tuple((parent, how) for parent, how in json.loads(row.parents))
    if row.hidden:
        return Kin(row.id, row.kind, "", "", None, "", True, row.side, row.away, parents)
    first = (row.verse or "").partition("\n")[0]
    return Kin(row.id, row.kind, row.title, row.signature, row.thumb, first, False, row.side, row.away, parents)


def _relatives(tx: Tx, *, own: Column[int], other: Column[int], number: int, limit: int) -> Relatives:
    related = select(lineage.c.how, works.c.hidden, *_SHOWN).join(works, works.c.id == other).where(own == number)
    shown = tx.execute(related.where(works.c.hidden == 0).order_by(other).limit(limit))
    known = tx.execute(select(func.count()).select_from(lineage).where(own == number)).scalar_one()
    hidden = select(func.count()).select_from(lineage).join(works, works.c.id == other)
    unseen = tx.execute(hidden.where(own == number, works.c.hidden == 1)).scalar_one()
    rows = [
        Relative(row.id, row.kind, row.title, row.signature, row.thumb, lines_of(row.verse), row.how) for row in shown
    ]
    return Relatives(tuple(rows), visible=known - unseen, hidden=unseen)
