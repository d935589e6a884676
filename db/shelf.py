"""The wall: which works a selection leaves, in four orders, page by page, and how many there are by every facet.

A page goes by key: it begins after the last (value, id) of the one before, so depth costs nothing. Where it is looked
for depends on how much the selection leaves. Little is gathered whole and sorted; much is met soon enough by walking
along the order. Both read the narrow shelf alone and touch works only for what is shown.

"random" is one throw of dice for each work, which every seed enters at another place and walks round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    null,
    select,
    text,
    tuple_,
    union,
)  # fmt: skip

from db import folding, search, tags
from db.engine import Prepared, Tx
from db.records import Card, Cell, Key, Order, Page, Selection
from db.search import COUNTED, FEW, answers
from db.show_tables import tagged
from db.tables import cells, ratings, shelf, words, works

NAMED = ("kind", "subject", "form", "mood", "month")
FACETS = (*NAMED, "descended", "since", "until")
DICE = 2**31  # the dice have that many sides
MANY = 100_000  # works of the chosen cells up to which they are gathered: they lie together in one index
LAST = 2**63 - 1
_VALUES = {"best": "score", "voted": "votes", "random": "dice"}
Drive = Literal["walk", "cells", "list"]


@dataclass(frozen=True, slots=True)
class _Shape:
    """Everything about a question but its values, so that it is written and compiled once.

    asked: words or tags are. read: these are looked for in each text, since too many answer them; else the index lists
    them. bounded: the score lies between two.
    """

    order: Order
    drive: Drive
    facets: tuple[str, ...]
    mine: bool
    rated: bool | None
    asked: bool
    read: bool
    bounded: bool = False


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a page is looked for, with what, and between which numbers its works are known to lie."""

    shape: _Shape
    values: dict[str, object]
    first: int = 0
    last: int = LAST


def page(
    tx: Tx, selection: Selection, *, order: Order, after: Key | None, limit: int, visitor: str, seed: int = 0
) -> Page:
    """At most `limit` works after that key; `visitor` sees the score of what they have rated."""
    plan = _plan(tx, selection, order, visitor)
    rows: list[tuple[Any, ...]] = []
    for start, floor in _legs(plan, after, seed):
        bounds = {"value": start.value, "id": start.id, "floor": floor, "rows": limit + 1 - len(rows)}
        rows += _page_query(plan.shape).rows(tx, plan.values | bounds)
        if len(rows) > limit:
            break
    cards = tuple([Card._make(row[:-1]) for row in rows[:limit]])
    return Page(cards, Key(id=rows[limit - 1][0], value=rows[limit - 1][-1]) if len(rows) > limit else None)


def _legs(plan: _Plan, after: Key | None, seed: int) -> Iterator[tuple[Key, float]]:
    """Where to start and above what to stay: once, but twice for a walk round the dice."""
    if plan.shape.order == "newest":
        start = min(after.id if after else LAST, plan.last + 1 if plan.last < LAST else LAST)
        yield Key(id=start), plan.first - 1
    elif plan.shape.order != "random":
        yield after or Key(id=LAST, value=LAST), -1
    else:
        if after is None or after.value <= seed:
            yield after or Key(id=LAST, value=seed), -1
        yield after if after and after.value > seed else Key(id=LAST, value=DICE), seed


def _plan(tx: Tx, asked: Selection, order: Order, visitor: str) -> _Plan:
    """Looks how much the selection leaves, and decides."""
    facets = tuple(name for name in FACETS if getattr(asked, name))
    values: dict[str, object] = {name: getattr(asked, name) for name in facets}
    sought = tags.sought(tx, asked.words, asked.tags)
    values |= {"visitor": visitor, "needles": folding.needles(sought), "least": asked.least, "most": asked.most}
    there, first, last = _extent(tx, facets, values) if facets else (LAST, 0, LAST)
    listed = asked.mine or asked.rated is True
    found = False
    if sought:
        values["match"] = search.question(sought, (str(values[name]) for name in facets if name in NAMED))
        found = search.count_up_to(tx, str(values["match"]), FEW + 1) <= FEW
    drive: Drive = "list" if listed or found else "cells" if there <= (FEW if sought else MANY) else "walk"
    bounded = asked.least is not None or asked.most is not None
    read = bool(sought) and not found
    shape = _Shape(order, drive, facets, asked.mine, asked.rated, bool(sought), read, bounded)
    return _Plan(shape, values, first, last)


def _extent(tx: Tx, facets: tuple[str, ...], values: dict[str, object]) -> tuple[int, int, int]:
    """How many works the chosen cells have, and between which numbers."""
    found = select(func.sum(cells.c.works), func.min(cells.c.first), func.max(cells.c.last)).where(*_chosen(facets))
    row = tx.execute(found, {name: values[name] for name in facets}).one()
    return (row[0] or 0, row[1] or 0, row[2] or 0)


def _chosen(facets: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """The months of a stretch are compared as text, in which they stand in their order."""
    ends = {
        "since": cells.c.month >= bindparam("since"),
        "until": cells.c.month <= bindparam("until"),
    }
    return [ends[name] if name in ends else cells.c[name] == bindparam(name) for name in facets]


@cache
def _page_query(shape: _Shape) -> Prepared:
    """The query of a page: which works are on it, found on the shelf alone, and then what is shown of them."""
    found = _found(shape).subquery()
    shown = [works.c[name] for name in Card._fields[:10]]
    rated = ratings.c.stars.is_not(None)
    opinions = [
        works.c.verse,
        ratings.c.stars,
        case((rated, works.c.votes), else_=null()),
        case((rated, works.c.stars_sum * 1.0 / works.c.votes), else_=null()),
    ]
    given = and_(ratings.c.work == found.c.work, ratings.c.visitor == bindparam("visitor"))
    joined = found.join(works, works.c.id == found.c.work).outerjoin(ratings, given)
    order = (found.c.work,) if shape.order == "newest" else (found.c.value, found.c.work)
    query = select(*shown, *opinions, found.c.value).select_from(joined)
    return Prepared(query.order_by(*(part.desc() for part in order)))


def _found(shape: _Shape) -> Select[Any]:
    """The works of a page and their values. A plus sign keeps SQLite from an index that would not do.

    https://sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_
    """
    key = _key(shape)
    value: ColumnElement[Any] = key[0] if len(key) > 1 else literal_column("0.0")
    place: list[ColumnElement[Any]] = [bindparam(name) for name in ("value", "id")[-len(key) :]]
    query = select(shelf.c.work, value.label("value")).where(*_conditions(shape), key[0] > bindparam("floor"))
    query = query.where(tuple_(*key) < tuple_(*place) if len(key) > 1 else key[0] < place[0])
    return query.order_by(*(part.desc() for part in key)).limit(bindparam("rows"))


def _key(shape: _Shape) -> list[ColumnElement[Any]]:
    """What the order goes by; spelt with a plus where all is gathered first and no index of the order may serve."""
    plus = "" if shape.drive == "walk" else "+"
    names = ([_VALUES[shape.order]] if shape.order != "newest" else []) + ["work"]
    return [literal_column(f"{plus}shelf.{name}") for name in names]


def _conditions(shape: _Shape) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    if shape.facets:
        cell: ColumnElement[int] = literal_column("shelf.cell" if shape.drive == "cells" else "+shelf.cell")
        made.append(cell.in_(select(cells.c.id).where(*_chosen(shape.facets))))
    if shape.asked:
        made.append(_read() if shape.read else shelf.c.work.in_(answers))
    if shape.bounded:
        plus: ColumnElement[float] = literal_column("+shelf.score")
        made.append(plus.between(func.coalesce(bindparam("least"), 0), func.coalesce(bindparam("most"), 5)))
    return [*made, *_personal(mine=shape.mine, rated=shape.rated)]


def _read() -> ColumnElement[bool]:
    """Of all that is sought one piece each stands in the text of the work."""
    none_lacks = text(
        "NOT EXISTS (SELECT 1 FROM json_each(:needles) AS n WHERE NOT EXISTS "
        "(SELECT 1 FROM json_each(n.value) AS piece WHERE instr(words.written, piece.value)))"
    )
    return exists(select(words.c.work).where(words.c.work == shelf.c.work, none_lacks).correlate(shelf))


def _personal(*, mine: bool, rated: bool | None) -> list[ColumnElement[bool]]:
    made: list[ColumnElement[bool]] = []
    visitor: ColumnElement[str] = bindparam("visitor")
    if mine:
        made.append(shelf.c.work.in_(select(works.c.id).where(works.c.maker == visitor)))
    if rated is not None:
        given = select(ratings.c.work).where(ratings.c.visitor == visitor)
        one = given.where(ratings.c.work == shelf.c.work).correlate(shelf)
        made.append(shelf.c.work.in_(given) if rated else ~exists(one))
    return made


def last(tx: Tx) -> int:
    """The number of the newest work that can be seen, 0 if there is none."""
    return int(tx.execute(select(func.max(shelf.c.work))).scalar() or 0)


def numbers(tx: Tx, *, first: int, before: int) -> list[int]:
    """The works that can be seen, of the numbers between these."""
    between = select(shelf.c.work).where(shelf.c.work >= min(first, LAST), shelf.c.work < min(before, LAST))
    return list(tx.scalars(between.order_by(shelf.c.work)))


def all_cells(tx: Tx) -> dict[int, Cell]:
    """Every cell that has works, by its number."""
    return {row[0]: Cell._make(row[1:]) for row in _CELLS.rows(tx, {})}


_CELLS = Prepared(select(cells.c.id, *(cells.c[name] for name in Cell._fields)).where(cells.c.works > 0))


def counted(tx: Tx, asked: Selection, there: Mapping[int, Cell], *, visitor: str) -> Counted:
    """How many works of each cell have words and tags, in all, by the visitor and rated by them, whatever the facets
    are."""
    if sought := tags.sought(tx, asked.words, asked.tags):
        return _found_by(tx, search.question(sought), visitor)
    either = {(number, False, False): cell.works for number, cell in there.items()}
    for cell, mine, rated, many in _COUNT_OWN.rows(tx, {"visitor": visitor}):
        either[cell, False, False] -= many
        either[cell, bool(mine), bool(rated)] = many
    return Counted(either, more=False)


def tags_of(tx: Tx, asked: Selection) -> tuple[dict[int, set[int]], bool]:
    """Which works that can be seen bear which tag, of those that have all that is asked but a tag and what is the
    visitor's own: of the newest COUNTED that words or properties leave; and whether there are more than these."""
    facets = tuple(name for name in FACETS if getattr(asked, name))
    values = {name: getattr(asked, name) for name in facets} | {"most": COUNTED}
    named = [str(values[name]) for name in facets if name in NAMED]
    sought = tags.sought(tx, asked.words)
    query = select(tagged.c.tag, tagged.c.work).join(shelf, shelf.c.work == tagged.c.work)
    if facets:
        query = query.where(shelf.c.cell.in_(select(cells.c.id).where(*_chosen(facets))))
    more = False
    if sought or named:
        match = search.question(sought, named)
        newest = answers.order_by(search.finds.c.rowid.desc()).limit(bindparam("most"))
        query, more = query.where(tagged.c.work.in_(newest)), search.count_up_to(tx, match, COUNTED + 1) > COUNTED
        values["match"] = match
    else:
        newest_tagged = select(tagged.c.work).order_by(tagged.c.work.desc()).limit(bindparam("most"))
        query = query.where(tagged.c.work.in_(newest_tagged))
    found: dict[int, set[int]] = {}
    for number, work in tx.execute(query, values):
        found.setdefault(number, set()).add(work)
    return found, more


@dataclass(frozen=True, slots=True)
class Counted:
    """Numbers of works by cell, whether they are the visitor's, and whether they are rated by the visitor. more: these
    are of the newest COUNTED, and there are more."""

    works: dict[tuple[int, bool, bool], int]
    more: bool

    def of(self, *, mine: bool, rated: bool | None) -> dict[int, int]:
        """By cell alone, of all works or the visitor's (`mine`), of all or the rated or the others."""
        summed: dict[int, int] = {}
        for (cell, own, given), many in self.works.items():
            if own >= mine and rated in (None, given):
                summed[cell] = summed.get(cell, 0) + many
        return summed


def _found_by(tx: Tx, match: str, visitor: str) -> Counted:
    rows = _COUNT_FOUND.rows(tx, {"match": match, "most": COUNTED, "visitor": visitor})
    more = search.count_up_to(tx, match, COUNTED + 1) > COUNTED
    return Counted({(cell, bool(mine), bool(rated)): works for cell, mine, rated, works in rows}, more)


def _count_by_cell(condition: ColumnElement[bool]) -> Prepared:
    visitor: ColumnElement[str] = bindparam("visitor")
    mine = shelf.c.work.in_(select(works.c.id).where(works.c.maker == visitor)).label("mine")
    rated = shelf.c.work.in_(select(ratings.c.work).where(ratings.c.visitor == visitor)).label("rated")
    by = (shelf.c.cell, mine, rated)
    return Prepared(select(*by, func.count()).where(condition).group_by(*by))


_OWN = union(
    select(works.c.id).where(works.c.maker == bindparam("visitor")),
    select(ratings.c.work).where(ratings.c.visitor == bindparam("visitor")),
)
_COUNT_OWN = _count_by_cell(shelf.c.work.in_(_OWN))
_COUNT_FOUND = _count_by_cell(shelf.c.work.in_(answers.order_by(search.finds.c.rowid.desc()).limit(bindparam("most"))))
