"""The wall: which works a selection leaves, in four orders, page by page. How many by every facet: counting.py.

A page goes by key: it begins after the last (value, id) of the one before, so depth costs nothing. Where it is looked
for depends on how much the selection leaves. Little is gathered whole and sorted; much is met soon enough by walking
along the order. Both read the narrow shelf alone and touch works only for what is shown.

"random" is one throw of dice for each work, which every seed enters at another place and walks round.
"""

from __future__ import annotations

from collections.abc import Iterator
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
)  # fmt: skip

from db import folding, search, tags
from db.engine import Prepared, Tx
from db.folding import Sought
from db.records import Card, Key, Order, Page, Selection
from db.search import FEW, answers
from db.show_tables import hangings
from db.tables import cells, ratings, shelf, words, works

NAMED = ("kind", "subject", "form", "mood", "month")
FACETS = (*NAMED, "descended", "inscribed", "since", "until")
DICE = 2**31  # the dice have that many sides
MANY = 100_000  # works of the chosen cells up to which they are gathered: they lie together in one index
LAST = 2**63 - 1
_VALUES = {"best": "score", "voted": "votes", "random": "dice"}
Drive = Literal["walk", "cells", "list"]


@dataclass(frozen=True, slots=True)
class _Shape:
    """Everything about a question but its values, so that it is written and compiled once.

    asked: words, tags or a signature are. read: these are looked for in each text, since too many answer them; else the
    index lists them. bounded: the score lies between two. hung: in a version of an exhibition.
    """

    order: Order
    drive: Drive
    facets: tuple[str, ...]
    mine: bool
    rated: bool | None
    asked: bool
    read: bool
    bounded: bool = False
    hung: bool = False


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
    """Looks how much the selection leaves, and decides.

    What words find, and what facets leave that are none of their index's terms, may be many both and hardly meet, so
    that a walk would not end: then the one is gathered by the other.
    """
    facets, sought = facets_of(asked), sought_of(tx, asked)
    values: dict[str, object] = {name: getattr(asked, name) for name in facets} | hung_values(asked)
    values |= {"visitor": visitor, "needles": folding.needles(sought), "least": asked.least, "most": asked.most}
    there, first, last = extent(tx, facets, values) if facets else (LAST, 0, LAST)
    listed = asked.mine or asked.rated is True or asked.hung is not None
    found = crossed = False
    if sought:
        values["match"] = match = search.question(sought, (str(values[name]) for name in facets if name in NAMED))
        found = search.count_up_to(tx, match, FEW + 1) <= FEW
        crossing = not (listed or found) and FEW < there <= MANY and not set(facets) <= set(NAMED)
        crossed = crossing and search.count_up_to(tx, match, MANY + 1) <= MANY
    few = FEW if sought and not crossed else MANY
    drive: Drive = "list" if listed or found else "cells" if there <= few else "walk"
    bounded = asked.least is not None or asked.most is not None
    read = bool(sought) and not (found or crossed)
    shape = _Shape(order, drive, facets, asked.mine, asked.rated, bool(sought), read, bounded, asked.hung is not None)
    return _Plan(shape, values, first, last)


def facets_of(asked: Selection) -> tuple[str, ...]:
    """The names of the facets that are asked for."""
    return tuple(name for name in FACETS if getattr(asked, name))


def sought_of(tx: Tx, asked: Selection) -> list[Sought]:
    """All that the index of words is asked for: words, tags and signature."""
    found = tags.sought(tx, asked.words, asked.tags)
    by = asked.signature
    return found if by is None else [*found, Sought("", (folding.signature_name(by),))]


def hung_values(asked: Selection) -> dict[str, object]:
    """The exhibition and its version, as `in_show` asks for them."""
    return {} if asked.hung is None else {"show": asked.hung[0], "version": asked.hung[1]}


def extent(tx: Tx, facets: tuple[str, ...], values: dict[str, object]) -> tuple[int, int, int]:
    """How many works the chosen cells have, and between which numbers."""
    found = select(func.sum(cells.c.works), func.min(cells.c.first), func.max(cells.c.last)).where(*chosen(facets))
    row = tx.execute(found, {name: values[name] for name in facets}).one()
    return (row[0] or 0, row[1] or 0, row[2] or 0)


def chosen(facets: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """Which cells have these facets; the months of a stretch are compared as text, in which they stand in order."""
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
        made.append(cell.in_(select(cells.c.id).where(*chosen(shape.facets))))
    if shape.asked:
        work: ColumnElement[int] = literal_column("+shelf.work" if shape.drive == "cells" else "shelf.work")
        made.append(read_words() if shape.read else work.in_(answers))
    if shape.hung:
        made.append(shelf.c.work.in_(in_show))
    if shape.bounded:
        plus: ColumnElement[float] = literal_column("+shelf.score")
        made.append(plus.between(func.coalesce(bindparam("least"), 0), func.coalesce(bindparam("most"), 5)))
    return [*made, *_personal(mine=shape.mine, rated=shape.rated)]


def read_words() -> ColumnElement[bool]:
    """Of all that is sought one piece each stands in the text of the work."""
    none_lacks = text(
        "NOT EXISTS (SELECT 1 FROM json_each(:needles) AS n WHERE NOT EXISTS "
        "(SELECT 1 FROM json_each(n.value) AS piece WHERE instr(words.written, piece.value)))"
    )
    return exists(select(words.c.work).where(words.c.work == shelf.c.work, none_lacks).correlate(shelf))


in_show = select(hangings.c.work).where(
    hangings.c.show == bindparam("show"), hangings.c.version == bindparam("version")
)
"""What a version of an exhibition hangs."""


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
