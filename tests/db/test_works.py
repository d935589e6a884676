"""Works: what a row may be, and how the wall is paged."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import db
from db import Card, Key, NewWork, Order, Selection, WorkKind

POEM = NewWork(
    "poem", "静夜", "某", "m" * 32, 5, "{}", "d0", form="五绝", rhyme="东", verse=("空山不见人", "但闻人语响")
)
PAINTING = NewWork("painting", "山水", "", "m" * 32, 5, "{}", "d1", "shanshui", "a" * 64, "b" * 64, 64, 48)

SCROLL = replace(POEM, kind="scroll", draft="d2", picture="a" * 64, thumb="b" * 64, width=48, height=96)


def hang(database: db.Db, *works: NewWork, score: float = 3.0) -> list[db.WorkRecord]:
    with database.writing() as tx:
        return [db.works.add(tx, work, score=score) for work in works]


def hang_many(database: db.Db, count: int) -> None:
    chance = random.Random(3)
    with database.writing() as tx:
        for number in range(count):
            work = replace(chance.choice((POEM, PAINTING, SCROLL)), draft=f"m{number}")
            db.works.add(tx, work, score=chance.choice((2.0, 3.0, 3.25, 4.0)))


def walk(database: db.Db, kind: WorkKind | None, order: Order, limit: int) -> list[Card]:
    cards: list[Card] = []
    after: Key | None = None
    for _ in range(200):  # a cursor that leads nowhere must fail and not turn for ever
        with database.reading() as tx:
            page = db.shelf.page(tx, Selection(kind=kind), order=order, after=after, limit=limit, visitor="")
        cards += page.cards
        after = page.last
        if after is None:
            break
    return cards


def change(database: db.Db, sql: str) -> None:
    with database.writing() as tx:
        tx.execute(text(sql))


def test_a_work_comes_back_as_it_was_hung(database: db.Db) -> None:
    poem, painting = hang(database, POEM, PAINTING)
    with database.reading() as tx:
        assert db.works.find(tx, poem.id) == poem
        assert db.works.find_by_draft(tx, "d1") == painting
    assert (poem.verse, painting.verse, painting.width) == (POEM.verse, (), 64)


def test_the_same_draft_is_hung_once_and_keeps_its_first_title(database: db.Db) -> None:
    first, again = hang(database, POEM, replace(POEM, title="another"))
    assert again == first
    with database.reading() as tx:
        assert db.works.counts(tx) == {"painting": 0, "poem": 1, "scroll": 0, "film": 0}


def test_what_is_not_there_is_none(database: db.Db) -> None:
    with database.reading() as tx:
        assert db.works.find(tx, 1) is None
        assert db.works.find_by_draft(tx, "d") is None
        assert db.works.tally(tx, 1) is None
        assert db.shelf.page(tx, Selection(), order="best", after=None, limit=5, visitor="").cards == ()


@pytest.mark.parametrize(
    "half",
    [
        replace(PAINTING, picture=None),
        replace(PAINTING, thumb="b"),
        replace(PAINTING, width=0),
        replace(PAINTING, height=None),
        replace(PAINTING, verse=("line",)),
        replace(POEM, verse=()),
        replace(POEM, form=None),
        replace(POEM, picture="a" * 64),
        replace(SCROLL, verse=()),
        replace(SCROLL, picture=None),
        replace(SCROLL, height=0),
        replace(POEM, title=""),
        replace(POEM, title="长" * 61),
        replace(POEM, signature="长" * 25),
        replace(POEM, recipe="not JSON"),
        replace(POEM, maker=""),
    ],
)
def test_half_a_work_cannot_be_stored(database: db.Db, half: NewWork) -> None:
    with pytest.raises(IntegrityError):
        hang(database, half)


@pytest.mark.parametrize("order", ["newest", "best"])
@pytest.mark.parametrize("kind", [None, "painting", "poem", "scroll"])
@pytest.mark.parametrize("limit", [1, 7, 60])
def test_turning_all_pages_shows_every_work_once_and_in_order(
    database: db.Db, order: Order, kind: WorkKind | None, limit: int
) -> None:
    hang_many(database, 60)
    with database.reading() as tx:
        rows = tx.execute(text("SELECT kind, score, id FROM works")).all()
    wanted = [row for row in rows if kind in (None, row.kind)]
    wanted.sort(key=lambda row: row.id if order == "newest" else (row.score, row.id), reverse=True)
    assert [card.id for card in walk(database, kind, order, limit)] == [row.id for row in wanted]


def test_a_work_hung_meanwhile_shifts_nothing(database: db.Db) -> None:
    hang_many(database, 20)
    with database.reading() as tx:
        first = db.shelf.page(tx, Selection(), order="newest", after=None, limit=10, visitor="")
    hang(database, replace(POEM, draft="new"))
    with database.reading() as tx:
        second = db.shelf.page(tx, Selection(), order="newest", after=first.last, limit=10, visitor="")
    assert [card.id for card in first.cards + second.cards] == list(range(20, 0, -1))


def test_hidden_works_are_on_no_page_and_in_no_count(database: db.Db) -> None:
    poem, painting = hang(database, POEM, PAINTING)
    change(database, "UPDATE works SET hidden = 1 WHERE kind = 'poem'")
    assert [card.id for card in walk(database, None, "best", 5)] == [painting.id]
    with database.reading() as tx:
        assert db.works.find(tx, poem.id) is None
        assert db.works.counts(tx) == {"painting": 1, "poem": 0, "scroll": 0, "film": 0}


def test_counts_stay_exact_through_hanging_hiding_and_taking_down(database: db.Db) -> None:
    hang_many(database, 40)
    change(database, "UPDATE works SET hidden = 1 WHERE id % 3 = 0")
    change(database, "UPDATE works SET hidden = 0 WHERE id % 6 = 0")
    change(database, "DELETE FROM works WHERE id % 5 = 0")
    with database.reading() as tx:
        rows = tx.execute(text("SELECT kind, count(*) AS total FROM works WHERE hidden = 0 GROUP BY kind")).all()
        assert db.works.counts(tx) == {"film": 0} | {row.kind: row.total for row in rows}


def test_a_number_is_never_given_twice(database: db.Db) -> None:
    (first,) = hang(database, POEM)
    change(database, "DELETE FROM works")
    (second,) = hang(database, POEM)
    assert second.id > first.id


def test_a_rated_work_cannot_be_deleted(database: db.Db) -> None:
    hang(database, POEM)
    change(database, "INSERT INTO ratings VALUES ('v', 1, 5, 1, 1)")
    with pytest.raises(IntegrityError, match="FOREIGN KEY"):
        change(database, "DELETE FROM works")


def test_files_in_use_are_known_also_when_hidden(database: db.Db) -> None:
    hang(database, PAINTING)
    change(database, "UPDATE works SET hidden = 1")
    with database.reading() as tx:
        assert db.works.known_files(tx, ["a" * 64, "b" * 64, "c" * 64]) == {"a" * 64, "b" * 64}


def test_anyone_but_the_house_is_noticed(database: db.Db) -> None:
    hang(database, replace(POEM, maker="house"))
    with database.reading() as tx:
        assert not db.works.anyone_but(tx, "house")
        assert db.works.anyone_but(tx, "guest")
