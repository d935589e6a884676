"""Who may meet, and the ladder as rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

import db
from db import CastStep, NewBallot, State
from tests.db.test_works import PAINTING, POEM, hang


@pytest.fixture
def hung(database: db.Db) -> db.Db:
    """A hundred paintings, number 90 of them hidden, and a poem in their midst."""
    for number in range(1, 101):
        hang(database, POEM if number == 50 else replace(PAINTING, draft=f"x{number}"))
    with database.writing() as tx:
        tx.execute(text("UPDATE works SET hidden = 1 WHERE id = 90"))
    return database


def step(database: db.Db, work: int, mu: float, *, rival: int = 2) -> None:
    """One duel that leaves the work at mu; what it does to the other is left out."""
    with database.writing() as tx:
        seq = db.ballots.append(tx, NewBallot("left", "painting", work, rival), visitor="v", minute=9)
        db.duels.advance(tx, "painting", [CastStep(seq, work, State(mu, 2.0, 1, 0.0, 0))], start=25.0)


def test_of_few_works_all_may_meet(hung: db.Db) -> None:
    with hung.reading() as tx:
        field = db.duels.field(tx, "painting", limit=98, starts=[])
    assert {one.work for one in field} == set(range(1, 101)) - {50, 90}


def test_of_many_the_newest_may_and_some_drawn_from_anywhere(hung: db.Db) -> None:
    with hung.reading() as tx:
        field = [one.work for one in db.duels.field(tx, "painting", limit=30, starts=[0.0, 0.5])]
    assert set(range(91, 101)) <= set(field)
    assert len(field) == len(set(field)) <= 30
    assert min(field) < 10
    assert any(40 < work < 53 for work in field)
    assert not {50, 90} & set(field)


def test_a_work_without_a_duel_has_no_numbers_yet(hung: db.Db) -> None:
    step(hung, 7, 30.0)
    with hung.reading() as tx:
        known = {one.work: one.mu for one in db.duels.field(tx, "painting", limit=200, starts=[])}
    assert (known[7], known[8]) == (30.0, None)


def test_a_step_past_another_work_is_told_from_one_that_passes_none(hung: db.Db) -> None:
    for work, mu in ((7, 30.0), (8, 28.0), (9, 31.0)):
        step(hung, work, mu)
    with hung.reading() as tx:
        passed = {row.work: row.passed for row in tx.execute(text("SELECT work, passed FROM steps"))}
        assert db.duels.done_by(tx, "v") == (3, 1)
    assert passed == {7: 0, 8: 0, 9: 1}


def test_the_ladder_leaves_out_what_is_hidden(hung: db.Db) -> None:
    for work, mu in ((7, 30.0), (8, 28.0), (9, 31.0)):
        step(hung, work, mu)
    with hung.writing() as tx:
        tx.execute(text("UPDATE works SET hidden = 1 WHERE id = 7"))
    with hung.reading() as tx:
        assert [row.work for row in db.duels.ladder(tx, "painting")] == [9, 8]
        assert db.duels.ladder(tx, "painting", narrow="monet") == []


def test_a_history_is_the_last_steps_oldest_first(hung: db.Db) -> None:
    for mu in (26.0, 27.0, 28.0):
        step(hung, 7, mu)
    with hung.reading() as tx:
        assert db.duels.histories(tx, [7, 8], limit=2) == {7: [(27.0, 2.0), (28.0, 2.0)]}


def test_a_work_that_has_been_judged_is_never_taken_away(hung: db.Db) -> None:
    step(hung, 7, 30.0)
    with pytest.raises(Exception, match="FOREIGN KEY"), hung.writing() as tx:
        tx.execute(text("DELETE FROM works WHERE id = 7"))
