"""Ratings: one vote for each visitor and work, and scores that are what the votes come to."""

from __future__ import annotations

import pytest
from sqlalchemy import text

import db
from db import Prior, Tally
from gallery.ranking import PRIOR, bayesian_mean
from tests.db.test_works import PAINTING, POEM, hang

SAME_PRIOR = Prior(PRIOR.mean, PRIOR.weight)


def cast(database: db.Db, visitor: str, stars: int, *, work: int = 1, now_ms: int = 1) -> Tally | None:
    with database.writing() as tx:
        return db.ratings.cast(tx, work=work, visitor=visitor, stars=stars, now_ms=now_ms, prior=SAME_PRIOR)


def disagreements(database: db.Db) -> list[db.Disagreement]:
    with database.reading() as tx:
        return db.ratings.recount(tx, prior=SAME_PRIOR)


def test_votes_of_several_visitors_add_up(database: db.Db) -> None:
    hang(database, POEM)
    given = [cast(database, f"v{number}", stars) for number, stars in enumerate((5, 4, 4))]
    assert given[-1] == Tally(3, 13, bayesian_mean(votes=3, stars_sum=13))


def test_a_changed_vote_replaces_the_old_one_and_keeps_its_first_date(database: db.Db) -> None:
    hang(database, POEM)
    cast(database, "v", 1, now_ms=10)
    assert cast(database, "v", 5, now_ms=20) == Tally(1, 5, bayesian_mean(votes=1, stars_sum=5))
    with database.reading() as tx:
        assert db.ratings.stars_of(tx, work=1, visitor="v") == 5
        assert tx.execute(text("SELECT created_ms, changed_ms FROM ratings")).all() == [(10, 20)]


def test_a_clock_that_goes_back_breaks_no_vote(database: db.Db) -> None:
    hang(database, POEM)
    cast(database, "v", 1, now_ms=10)
    assert cast(database, "v", 2, now_ms=5)


def test_a_work_that_is_not_there_takes_no_vote(database: db.Db) -> None:
    assert cast(database, "v", 5) is None
    with database.reading() as tx:
        assert db.ratings.stars_of(tx, work=1, visitor="v") is None


def test_a_hidden_work_takes_no_vote(database: db.Db) -> None:
    hang(database, POEM)
    with database.writing() as tx:
        tx.execute(text("UPDATE works SET hidden = 1"))
    assert cast(database, "v", 5) is None


@pytest.mark.parametrize("votes", [(), (5,), (1, 1, 2), (3,) * 40, (5, 1) * 9])
def test_the_score_of_the_database_is_that_of_the_formula(database: db.Db, votes: tuple[int, ...]) -> None:
    hang(database, POEM)
    for number, stars in enumerate(votes):
        cast(database, f"v{number}", stars)
    with database.reading() as tx:
        tally = db.works.tally(tx, 1)
    score = bayesian_mean(votes=len(votes), stars_sum=sum(votes))
    assert tally == Tally(len(votes), sum(votes), score)


def test_a_recount_agrees_until_somebody_tampers(database: db.Db) -> None:
    hang(database, POEM, PAINTING)
    cast(database, "v", 4)
    assert disagreements(database) == []
    with database.writing() as tx:
        tx.execute(text("UPDATE works SET votes = 2, stars_sum = 9, score = 3.9 WHERE id = 1"))
    assert [(found.work, found.stored.votes, found.counted.votes) for found in disagreements(database)] == [(1, 2, 1)]


def test_a_page_shows_scores_to_those_who_have_rated_only(database: db.Db) -> None:
    hang(database, POEM, PAINTING)
    cast(database, "v", 4)
    cast(database, "w", 5, work=2)
    cast(database, "w", 1)
    with database.reading() as tx:
        cards = db.shelf.page(tx, db.Selection(), order="newest", after=None, limit=9, visitor="v").cards
    assert [(card.my_stars, card.votes, card.mean) for card in cards] == [(None, None, None), (4, 2, 2.5)]
