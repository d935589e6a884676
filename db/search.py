"""What works are found by: entered with the work in its own transaction, asked by runs of characters (folding.py).

`words` keeps the folded text of every work, `finds` is SQLite's full-text index over terms made of it. A question with
few answers is put to the index; one with very many is read off the texts along the order of the page, which is soon
full then. https://sqlite.org/fts5.html#contentless_tables
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import bindparam, column, delete, func, insert, select, table, text

from db import folding, signatures
from db.engine import Db, Prepared, Tx
from db.folding import Sought
from db.show_tables import tagged
from db.tables import shelf, signed, words, works
from db.tables import signatures as names

runs = folding.runs
PASS = 2000
FEW = 10_000  # answers up to which a question is put to the index and all are sorted; more are met soon on any walk
COUNTED = 5_000  # answers up to which counts are exact
NEAR = 200  # works that one pair of characters may name as similar: what more share it says little

finds = table("finds", column("rowid"), column("terms"))
_ENTER_TERMS = text("INSERT INTO finds (rowid, terms) VALUES (:work, :terms)")
_FORGET_TERMS = text("INSERT INTO finds (finds, rowid, terms) VALUES ('delete', :work, :terms)")
_FACETS = ("kind", "subject", "form", "mood", "month")
_SOURCES = select(
    *(works.c[name] for name in ("id", "kind", "title", "signature", "subject", "form", "verse")),
    func.json_extract(works.c.recipe, "$.inputs.mood").label("mood"),
    func.strftime("%Y-%m", works.c.created_ms / 1000, "unixepoch").label("month"),
    select(func.group_concat(tagged.c.tag)).where(tagged.c.work == works.c.id).scalar_subquery().label("tags"),
).order_by(works.c.id)
_LAST = select(func.coalesce(func.max(words.c.work), 0)).scalar_subquery()
_MISSING = _SOURCES.where(works.c.id > _LAST)
answers = select(finds.c.rowid).where(finds.c.terms.op("MATCH")(bindparam("match")))
"""The numbers of all works that answer a question, hidden or not."""


@dataclass(frozen=True, slots=True)
class Ailing:
    """Works whose place on the shelf or whose words are not what they should be, and cells and signatures that count
    wrongly."""

    works: tuple[int, ...]
    cells: int

    @property
    def well(self) -> bool:
        """Whether nothing ails it."""
        return not self.works and not self.cells


def question(found: Iterable[str | Sought], facets: Iterable[str] = ()) -> str:
    """What is sought, and properties, as a question to the index: a work must have all of it."""
    sought = [Sought(one) if isinstance(one, str) else one for one in found]
    named = (f'"{folding.facet(name)}"' for name in facets)
    return " AND ".join((*named, *(folding.phrase(one.run, one.named) for one in sought)))


def enter(tx: Tx, number: int) -> None:
    """Makes a work that has just been hung one that can be found."""
    _enter(tx, tx.execute(_SOURCES.where(works.c.id == bindparam("work")), {"work": number}).all())


def _enter(tx: Tx, rows: Iterable[Any]) -> None:
    entries = [(row, _found(row)) for row in rows]
    if not entries:
        return
    by = signatures.sign(tx, {row.id: row.signature for row, _ in entries})
    written = [{"work": row.id, "written": _written(row, found, by.get(row.id))} for row, found in entries]
    terms = [{"work": row.id, "terms": folding.terms(found, _facets(row, by.get(row.id)))} for row, found in entries]
    tx.execute(insert(words), written)
    tx.execute(_ENTER_TERMS, terms)


def leave(tx: Tx, number: int) -> None:
    """Takes a work out of the index, by the very terms that it was entered with; to be called before it changes."""
    row = tx.execute(_SOURCES.where(works.c.id == bindparam("work")), {"work": number}).one()
    by = signatures.unsign(tx, number)
    tx.execute(_FORGET_TERMS, {"work": number, "terms": folding.terms(_found(row), _facets(row, by))})
    tx.execute(delete(words).where(words.c.work == number))


def _facets(row: Any, by: int | None) -> list[str]:
    return [*(name for name in map(row._mapping.get, _FACETS) if name), *_given(row, by)]


def _given(row: Any, by: int | None) -> list[str]:
    """The tags of a work as properties, in the order of their numbers, and its signature."""
    tags = sorted(map(int, row.tags.split(","))) if row.tags else []
    return [*map(folding.tag_name, tags), *([folding.signature_name(by)] if by else [])]


def _found(row: Any) -> tuple[str, ...]:
    named = (row.kind, row.subject, row.form)
    return folding.runs_of(title=row.title, signature=row.signature, verse=row.verse, named=named)


def _written(row: Any, found: tuple[str, ...], by: int | None) -> str:
    return folding.written(found, (row.kind, row.subject, row.form, *_given(row, by)))


def catch_up(database: Db) -> int:
    """Enters the works that came before there was this index, or by another way than `works.add`; how many."""
    done = 0
    while True:
        with database.reading() as tx:
            if not tx.execute(_MISSING.limit(1)).first():
                return done
        with database.writing() as tx:
            rows = tx.execute(_MISSING.limit(PASS)).all()
            _enter(tx, rows)
            done += len(rows)


def count_up_to(tx: Tx, match: str, most: int) -> int:
    """How many works answer a question, counted no further than `most`."""
    return int(_COUNT.rows(tx, {"match": match, "most": most})[0][0])


_COUNT = Prepared(select(func.count()).select_from(answers.limit(bindparam("most")).subquery()))


def similar(tx: Tx, number: int, *, limit: int) -> list[int]:
    """The works whose verse shares most with that one's: pairs of neighbouring characters, rare ones weighing more."""
    verse = tx.execute(select(works.c.verse).where(works.c.id == number)).scalar() or ""
    lines = [run for run in folding.runs(verse) if not run.isascii()]
    weights = Counter[int]()
    for pair in {a + b for line in lines for a, b in pairwise(line)}:
        sharing = [row[0] for row in _NEAR.rows(tx, {"match": folding.phrase(pair), "number": number})]
        weights.update(dict.fromkeys(sharing, NEAR // max(1, len(sharing))))
    best = sorted(weights, key=lambda work: (-weights[work], -work))[: 4 * limit]
    seen = set(tx.scalars(select(shelf.c.work).where(shelf.c.work.in_(best))))
    return [work for work in best if work in seen][:limit]


_NEAR = Prepared(answers.where(finds.c.rowid != bindparam("number")).order_by(finds.c.rowid.desc()).limit(NEAR))


def examine(tx: Tx) -> Ailing:
    """Reads every work and says which of them the index has wrong."""
    entered = set(tx.scalars(text("SELECT id FROM finds_docsize")))
    wrong = set(tx.scalars(_MISPLACED))
    for row in tx.execute(_ENTERED):
        rightly = (row.name or "") == folding.signed(row.signature)
        if row.id not in entered or not rightly or row.written != _written(row, _found(row), row.by):
            wrong.add(row.id)
    miscounted = (tx.execute(asked).scalar_one() for asked in (_MISCOUNTED, signatures.MISCOUNTED))
    return Ailing(tuple(sorted(wrong)), sum(miscounted))


_ENTERED = (
    _SOURCES.add_columns(words.c.written, signed.c.signature.label("by"), names.c.name)
    .outerjoin(words, words.c.work == works.c.id)
    .outerjoin(signed, signed.c.work == works.c.id)
    .outerjoin(names, names.c.id == signed.c.signature)
)


_MISPLACED = text(
    "SELECT coalesce(placed.work, shelf.work) FROM placed LEFT JOIN cells USING (kind, subject, form, mood, month, "
    "descended, inscribed) FULL JOIN shelf ON shelf.work = placed.work WHERE shelf.cell IS NOT cells.id "
    "OR shelf.score IS NOT placed.score OR shelf.votes IS NOT placed.votes"
)
_MISCOUNTED = text(
    "SELECT count(*) FROM cells WHERE works <> (SELECT count(*) FROM shelf WHERE cell = cells.id) "
    "OR EXISTS (SELECT 1 FROM shelf WHERE cell = cells.id AND work NOT BETWEEN first AND last)"
)


def rebuild(database: Db) -> int:
    """Makes the index anew from the works; how many it has then."""
    with database.writing() as tx:
        for statement in _AGAIN:
            tx.execute(text(statement))
    return catch_up(database)


_AGAIN = (
    "INSERT INTO finds (finds) VALUES ('delete-all')",
    "DELETE FROM words",
    # What counts wrongly would fall below nothing while it is emptied.
    "UPDATE cells SET works = (SELECT count(*) FROM shelf WHERE cell = cells.id)",
    "UPDATE signatures SET works = "
    "(SELECT count(*) FROM signed JOIN shelf USING (work) WHERE signature = signatures.id)",
    "DELETE FROM signed",
    "DELETE FROM signatures",
    "DELETE FROM shelf",
    "DELETE FROM cells",
    "INSERT INTO cells (kind, subject, form, mood, month, descended, inscribed, works, first, last) "
    "SELECT kind, subject, form, mood, month, descended, inscribed, 0, min(work), max(work) FROM placed "
    "GROUP BY kind, subject, form, mood, month, descended, inscribed",
    "INSERT INTO shelf (work, cell, score, votes, dice) SELECT work, cells.id, score, votes, random() & 2147483647 "
    "FROM placed JOIN cells USING (kind, subject, form, mood, month, descended, inscribed) ORDER BY work",
)
