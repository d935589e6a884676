"""How many works a wall has of everything it can be narrowed to, all else being as it is asked.

Facets of a few values each are counted exactly, from cells of works that share them all. Tags and signatures, of which
a work has its own, are counted from a table of all while nothing is asked, which triggers keep, else among the newest
COUNTED works that have the rest; exhibitions among all that they hang. What is hidden stands on no shelf.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, bindparam, func, literal_column, select, true, tuple_, union

from db import folding, search, signatures
from db.engine import Prepared, Tx
from db.records import Cell, Selection
from db.search import COUNTED, answers, finds
from db.shelf import LAST, NAMED, chosen, extent, facets_of, hung_values, in_show, read_words, sought_of
from db.show_tables import hangings, tagged
from db.tables import cells, ratings, shelf, signed, works

_CELL: ColumnElement[int] = literal_column("+shelf.cell")  # gone by no index of it: a cell may have very many works


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


@dataclass(frozen=True, slots=True)
class _Among:
    """Which works are looked at for what they bear, with the values asked by. more: the newest of more."""

    which: list[ColumnElement[bool]]
    values: dict[str, object]
    more: bool


def all_cells(tx: Tx) -> dict[int, Cell]:
    """Every cell that has works, by its number."""
    return {row[0]: Cell._make(row[1:]) for row in _CELLS.rows(tx, {})}


_CELLS = Prepared(select(cells.c.id, *(cells.c[name] for name in Cell._fields)).where(cells.c.works > 0))


def counted(tx: Tx, asked: Selection, there: Mapping[int, Cell], *, visitor: str) -> Counted:
    """How many works of each cell have words, tags and signature and hang where it is asked, in all, by the visitor and
    rated by them, whatever the facets are."""
    sought = sought_of(tx, asked)
    if asked.hung is not None:
        values = hung_values(asked) | {"needles": folding.needles(sought), "visitor": visitor}
        return Counted(_by_cell(_count_hung(bool(sought)).rows(tx, values)), more=False)
    if sought:
        match = search.question(sought)
        rows = _COUNT_FOUND.rows(tx, {"match": match, "most": COUNTED, "visitor": visitor})
        return Counted(_by_cell(rows), more=search.count_up_to(tx, match, COUNTED + 1) > COUNTED)
    either = {(number, False, False): cell.works for number, cell in there.items()}
    for (cell, mine, rated), many in _by_cell(_COUNT_OWN.rows(tx, {"visitor": visitor})).items():
        either[cell, False, False] -= many
        either[cell, mine, rated] = many
    return Counted(either, more=False)


def _by_cell(rows: Sequence[tuple[Any, ...]]) -> dict[tuple[int, bool, bool], int]:
    return {(cell, bool(mine), bool(rated)): many for cell, mine, rated, many in rows}


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
_COUNT_FOUND = _count_by_cell(shelf.c.work.in_(answers.order_by(finds.c.rowid.desc()).limit(bindparam("most"))))


@cache
def _count_hung(sought: bool) -> Prepared:
    return _count_by_cell(shelf.c.work.in_(in_show) & (read_words() if sought else true()))


def tags_of(tx: Tx, asked: Selection) -> tuple[dict[int, set[int]], bool]:
    """Which works that can be seen bear which tag, of those that have all that is asked but a tag and what is the
    visitor's own; and whether these are the newest of more."""
    among = _among(tx, replace(asked, tags=()), tagged.c.work)
    query = select(tagged.c.tag, tagged.c.work).join(shelf, shelf.c.work == tagged.c.work).where(*among.which)
    found: dict[int, set[int]] = {}
    for number, work in tx.execute(query, among.values):
        found.setdefault(number, set()).add(work)
    return found, among.more


def signatures_of(tx: Tx, asked: Selection, *, limit: int) -> tuple[list[tuple[int, int]], bool]:
    """The signatures that most works bear of those that have all that is asked but a signature and what is the
    visitor's own, each with that number; and whether these are the newest of more."""
    asked = replace(asked, signature=None, mine=False, rated=None)
    if asked == Selection():
        return signatures.largest(tx, limit=limit), False
    among = _among(tx, asked, signed.c.work)
    many, by = func.count(), signed.c.signature
    query = select(by, many).join(shelf, shelf.c.work == signed.c.work).where(*among.which).group_by(by)
    rows = tx.execute(query.order_by(many.desc(), by.desc()).limit(limit), among.values)
    return [(number, works) for number, works in rows], among.more


def hung_of(tx: Tx, asked: Selection, versions: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """How many works each of these versions of exhibitions hangs, of those that have all that is asked but to hang
    somewhere and what is the visitor's own."""
    facets, sought = facets_of(asked), sought_of(tx, asked)
    values = {name: getattr(asked, name) for name in facets} | {"needles": folding.needles(sought)}
    of = (hangings.c.show, hangings.c.version)
    query = select(*of, func.count()).join(shelf, shelf.c.work == hangings.c.work).where(tuple_(*of).in_(versions))
    query = query.where(*_in_cells(facets), *([read_words()] if sought else []))
    return {(show, version): many for show, version, many in tx.execute(query.group_by(*of), values)}


def _in_cells(facets: tuple[str, ...]) -> list[ColumnElement[bool]]:
    return [_CELL.in_(select(cells.c.id).where(*chosen(facets)))] if facets else []


def _among(tx: Tx, asked: Selection, bearing: Column[int]) -> _Among:
    """All works of an exhibition, or the newest COUNTED that words and properties leave, or that bear anything at all;
    no newer and no older ones than the facets have."""
    facets, sought = facets_of(asked), sought_of(tx, asked)
    values: dict[str, object] = {name: getattr(asked, name) for name in facets} | hung_values(asked)
    which = _in_cells(facets)
    if asked.hung is not None:
        values["needles"] = folding.needles(sought)
        return _Among([*which, bearing.in_(in_show), *([read_words()] if sought else [])], values, more=False)
    _, values["first"], values["last"] = extent(tx, facets, values) if facets else (LAST, 0, LAST)
    named = [str(values[name]) for name in facets if name in NAMED]
    if sought or named:
        values["match"] = search.question(sought, named)
    newest = _newest(answers, finds.c.rowid) if sought or named else _newest(select(bearing), bearing)
    more = tx.execute(select(func.count()).select_from(newest.subquery()), values | {"most": COUNTED + 1}).scalar_one()
    return _Among([*which, bearing.in_(newest)], values | {"most": COUNTED}, more > COUNTED)


def _newest(some: Select[Any], number: Any) -> Select[Any]:
    """The newest works of these, between the first and the last that there can be."""
    between = number >= bindparam("first"), number <= bindparam("last")
    return some.where(*between).order_by(number.desc()).limit(bindparam("most"))
