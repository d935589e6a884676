"""The log of votes: appended to, chained, never changed; and what is read off it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import db
from db import NewBallot
from db.engine import Db, make_engine
from db.migrations import bring_up_to_date
from tests.db.test_migrations import OLD_POEM
from tests.db.test_works import PAINTING, POEM, change, hang

LEFT = NewBallot("left", "painting", work=2, rival=3)


@pytest.fixture
def hung(database: db.Db) -> db.Db:
    hang(database, POEM, PAINTING)
    hang(database, *[replace(PAINTING, draft=f"x{number}") for number in range(3)])
    return database


def enter(database: db.Db, *votes: NewBallot, visitor: str = "v", minute: int = 9) -> list[int]:
    with database.writing() as tx:
        return [db.ballots.append(tx, vote, visitor=visitor, minute=minute) for vote in votes]


def entries(database: db.Db) -> list[db.Ballot]:
    with database.reading() as tx:
        return list(db.ballots.entries(tx))


def test_entries_are_numbered_without_a_gap_and_visitors_too(hung: db.Db) -> None:
    enter(hung, LEFT, NewBallot("stars", "poem", work=1, value=4))
    enter(hung, LEFT, visitor="w")
    assert [(entry.seq, entry.voter) for entry in entries(hung)] == [(1, 1), (2, 1), (3, 2)]


def test_every_entry_is_chained_to_the_one_before(hung: db.Db) -> None:
    enter(hung, LEFT, NewBallot("skip", "painting", work=3, rival=2, young=True))
    first, second = entries(hung)
    assert first.hash == hashlib.sha256(f"{'0' * 64}\n1,1970-01-01T00:09Z,1,left,painting,2,3,,0".encode()).hexdigest()
    assert second.hash == db.ballots.link(first.hash, "2,1970-01-01T00:09Z,1,skip,painting,3,2,,1")


@pytest.mark.parametrize("change", ["UPDATE ballots SET act = 'right'", "DELETE FROM ballots"])
def test_the_log_is_neither_changed_nor_shortened(hung: db.Db, change: str) -> None:
    enter(hung, LEFT)
    with pytest.raises(DBAPIError, match="log of votes is never"), hung.writing() as tx:
        tx.execute(text(change))
    assert [entry.vote for entry in entries(hung)] == [LEFT]


@pytest.mark.parametrize(
    "half",
    [
        NewBallot("left", "painting", work=2),
        NewBallot("left", "painting", work=2, rival=2),
        NewBallot("stars", "painting", work=2, value=6),
        NewBallot("undo", "painting", work=2, rival=3, value=99),
        NewBallot("withdraw", "painting", work=2, value=1),
    ],
)
def test_half_a_vote_cannot_be_stored(hung: db.Db, half: NewBallot) -> None:
    with pytest.raises(DBAPIError, match="ballots_whole"):
        enter(hung, half)


def test_what_is_undone_neither_counts_nor_keeps_the_pair_away(hung: db.Db) -> None:
    first, _ = enter(hung, LEFT, NewBallot("right", "painting", work=2, rival=4))
    enter(hung, NewBallot("undo", "painting", work=2, rival=3, value=first))
    with hung.reading() as tx:
        assert [(duel.winner, duel.loser) for duel in db.ballots.duels(tx)] == [(4, 2)]
        assert db.ballots.judged(tx, visitor="v", kind="painting") == {(2, 4)}
        assert db.ballots.judged(tx, visitor="w", kind="painting") == set()


def test_nothing_is_undone_twice(hung: db.Db) -> None:
    enter(hung, LEFT, NewBallot("undo", "painting", work=2, rival=3, value=1))
    with pytest.raises(DBAPIError, match="UNIQUE"):
        enter(hung, NewBallot("undo", "painting", work=2, rival=3, value=1))


def test_the_votes_of_an_hour_are_counted_by_visitor(hung: db.Db) -> None:
    for minute in (10, 50, 70):
        enter(hung, LEFT, minute=minute)
    enter(hung, LEFT, visitor="w", minute=70)
    with hung.reading() as tx:
        assert db.ballots.since(tx, visitor="v", minute=10) == 2
        assert db.ballots.in_all(tx, visitor="v", kind="painting") == 3


def test_stars_of_an_older_gallery_are_entered_into_the_log(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    engine = make_engine(url)
    bring_up_to_date(engine, head="0002")
    old = Db(engine)
    for draft in ("d", "e"):
        change(old, OLD_POEM.replace(":draft", f"'{draft}'"))
    for visitor, work, stars, now_ms in (("late", 1, 2, 180_000), ("early", 2, 5, 60_000), ("early", 1, 4, 120_000)):
        with old.writing() as tx:
            given = {"visitor": visitor, "work": work, "stars": stars, "ms": now_ms}
            tx.execute(text("INSERT INTO ratings VALUES (:visitor, :work, :stars, :ms, :ms)"), given)
    old.close()
    new = db.open_db(url)
    found = [(entry.voter, entry.vote.work, entry.vote.value, entry.minute) for entry in entries(new)]
    assert found == [(1, 2, 5, 1), (1, 1, 4, 2), (2, 1, 2, 3)]
    link = db.ballots.FIRST_LINK
    for entry in entries(new):
        link = db.ballots.link(link, db.ballots.line(entry.seq, entry.minute, entry.voter, entry.vote))
        assert entry.hash == link
    new.close()
