"""How many works a wall has of everything it can be narrowed to, all else being as it is asked.

Facets of a few values each are counted exactly, from cells of works that share them all. Tags and signatures, of which
a work has its own, are counted from a table of all while nothing is asked, which triggers keep, else among the newest
COUNTED works that have the rest; exhibitions among all that they hang. What is hidden stands on no shelf.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select, true, tuple_, union

from db import folding, search
from db.engine import Prepared, Tx
from db.records import Cell, Selection
from db.search import COUNTED, answers, finds
from db.shelf import LAST, MANY, NAMED, chosen, extent, facets_of, hung_values, in_show, read_words, sought_of
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
class Among:
    """Works that can be seen and are looked at for what they bear: their numbers as JSON. more: the newest of more."""

    numbers: str
    more: bool


_GIVEN: Select[Any] = select(literal_column("value")).select_from(func.json_each(bindparam("numbers")))


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


def among(tx: Tx, asked: Selection) -> Among:
    """All works of an exhibition, or the newest COUNTED that words, tags, signature and facets leave; whose is no
    matter. No newer and no older ones are looked at than the facets have."""
    facets, sought = facets_of(asked), sought_of(tx, asked)
    values: dict[str, object] = {name: getattr(asked, name) for name in facets} | hung_values(asked)
    values |= {"needles": folding.needles(sought), "most": COUNTED + 1}
    there, values["first"], values["last"] = extent(tx, facets, values) if facets else (LAST, 0, LAST)
    named = [str(values[name]) for name in facets if name in NAMED]
    which = _in_cells(facets)
    if asked.hung is not None:
        query = select(shelf.c.work).where(shelf.c.work.in_(in_show), *which, *([read_words()] if sought else []))
        return Among(_json(tx.scalars(query, values)), more=False)
    if sought or named:
        values["match"] = search.question(sought, named)
        numbers = list(tx.scalars(_newest(answers, finds.c.rowid), values))
        seen = select(shelf.c.work).where(shelf.c.work.in_(_GIVEN), *which)
        numbers_seen = tx.scalars(seen, values | {"numbers": _json(numbers[:COUNTED])})
        return Among(_json(numbers_seen), more=len(numbers) > COUNTED)
    query = select(shelf.c.work).where(*(_by_cells(facets) if there <= MANY else which))
    numbers = list(tx.scalars(_newest(query, shelf.c.work), values))
    return Among(_json(numbers[:COUNTED]), more=len(numbers) > COUNTED)


def _json(numbers: Iterable[int]) -> str:
    return json.dumps(list(numbers))


def _newest(some: Select[Any], number: Any) -> Select[Any]:
    """The newest works of these, between the first and the last that there can be."""
    between = number >= bindparam("first"), number <= bindparam("last")
    return some.where(*between).order_by(number.desc()).limit(bindparam("most"))


def _in_cells(facets: tuple[str, ...]) -> list[ColumnElement[bool]]:
    return [_CELL.in_(select(cells.c.id).where(*chosen(facets)))] if facets else []


def _by_cells(facets: tuple[str, ...]) -> list[ColumnElement[bool]]:
    """The same, gone by the index of cells, where they have few works."""
    return [shelf.c.cell.in_(select(cells.c.id).where(*chosen(facets)))] if facets else []


def tags_of(tx: Tx, some: Among) -> dict[int, set[int]]:
    """Which of these works bear which tag."""
    found: dict[int, set[int]] = {}
    for number, work in _TAGS_OF.rows(tx, {"numbers": some.numbers}):
        found.setdefault(number, set()).add(work)
    return found


def signatures_of(tx: Tx, some: Among, *, limit: int) -> list[tuple[int, int]]:
    """The signatures that most of these works bear, each with that number."""
    return [(number, many) for number, many in _SIGNED_OF.rows(tx, {"numbers": some.numbers, "most": limit})]


_TAGS_OF = Prepared(select(tagged.c.tag, tagged.c.work).where(tagged.c.work.in_(_GIVEN)))
_SIGNED_OF = Prepared(
    select(signed.c.signature, func.count().label("many"))
    .where(signed.c.work.in_(_GIVEN))
    .group_by(signed.c.signature)
    .order_by(literal_column("many").desc(), signed.c.signature.desc())
    .limit(bindparam("most"))
)


def hung_of(tx: Tx, asked: Selection, versions: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """How many works each of these versions of exhibitions hangs, of those that have all that is asked but to hang
    somewhere and what is the visitor's own."""
    facets, sought = facets_of(asked), sought_of(tx, asked)
    values = {name: getattr(asked, name) for name in facets} | {"needles": folding.needles(sought)}
    of = (hangings.c.show, hangings.c.version)
    query = select(*of, func.count()).join(shelf, shelf.c.work == hangings.c.work).where(tuple_(*of).in_(versions))
    query = query.where(*_in_cells(facets), *([read_words()] if sought else []))
    return {(show, version): many for show, version, many in tx.execute(query.group_by(*of), values)}
