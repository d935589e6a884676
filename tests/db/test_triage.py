"""The desk's tables: the queue follows works and reports, decisions do what they say, and the log is never changed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import db
from db import Account, Decision, Deed, NewDecision, NewWork, Place, Reason

HASH = "$argon2id$v=19$"
Decide = Callable[..., int]


@pytest.fixture
def hung(database: db.Db) -> db.Db:
    """Five poems, and an account for Wen and one for Li."""
    with database.writing() as tx:
        for n in range(1, 6):
            poem = NewWork("poem", f"春{n}", "", "v", n, "{}", f"draft-{n}", form="五绝", verse=("春眠不觉晓",))
            db.works.add(tx, poem, score=3.0)
        for name in ("wen", "li"):
            db.curators.add(tx, Account(name, "curator", HASH, disabled=False, created_ms=1))
    return database


@pytest.fixture
def decide(hung: db.Db) -> Decide:
    def decide(act: Deed, work: int, reason: Reason | None = None, curator: str = "wen") -> int:
        with hung.writing() as tx:
            return db.triage.decide(tx, NewDecision(act, work, curator, 7, reason))

    return decide


def waiting(database: db.Db, after: Place | None = None) -> list[int]:
    with database.reading() as tx:
        return [place.work for place in db.triage.waiting(tx, after=after, limit=9)]


def undo_last(database: db.Db, curator: str = "wen") -> Decision:
    with database.writing() as tx:
        last = db.triage.last_of(tx, curator=curator)
        assert last is not None
        db.triage.undo(tx, last, curator=curator, at_ms=9)
        return last


def is_visible(database: db.Db, work: int) -> bool:
    with database.reading() as tx:
        page = db.shelf.page(tx, db.Selection(), order="newest", after=None, limit=9, visitor="")
        assert (work in [card.id for card in page.cards]) == (db.works.find(tx, work) is not None)
        assert db.works.counts(tx)["poem"] == len(page.cards)
        assert db.search.examine(tx) == db.search.Ailing((), 0)
        return db.works.find(tx, work) is not None


def test_works_wait_newest_first_and_go_on_after_any_place(hung: db.Db) -> None:
    assert waiting(hung) == [5, 4, 3, 2, 1]
    assert waiting(hung, Place(0, 3)) == [2, 1]
    with hung.reading() as tx:
        assert (db.triage.count_waiting(tx, most=99), db.triage.count_waiting(tx, most=3)) == (5, 3)


def test_what_is_reported_comes_first_and_comes_back_after_it_was_kept(hung: db.Db, decide: Decide) -> None:
    with hung.writing() as tx:
        for visitor, work in (("a", 2), ("b", 2), ("a", 1)):
            db.triage.report(tx, visitor=visitor, work=work, reason="spam", at_ms=1)
    assert waiting(hung) == [2, 1, 5, 4, 3]
    assert waiting(hung, Place(2, 2)) == [1, 5, 4, 3]
    decide("keep", 2)
    assert waiting(hung) == [1, 5, 4, 3]
    with hung.writing() as tx:
        db.triage.report(tx, visitor="c", work=2, reason="faulty", at_ms=2)
        assert db.triage.reported_for(tx, 2) == {"faulty": 1}  # what was judged before is settled
    assert waiting(hung) == [2, 1, 5, 4, 3]


def test_hiding_and_taking_back_reach_wall_counts_and_queue(hung: db.Db, decide: Decide) -> None:
    decide("hide", 3, "spam")
    assert not is_visible(hung, 3)
    assert waiting(hung) == [5, 4, 2, 1]
    assert undo_last(hung).act == "hide"
    assert is_visible(hung, 3)
    assert waiting(hung) == [5, 4, 3, 2, 1]


def test_taking_back_a_restoring_hides_again(hung: db.Db, decide: Decide) -> None:
    decide("hide", 3, "spam")
    decide("restore", 3)
    assert is_visible(hung, 3)
    assert waiting(hung) == [5, 4, 2, 1]
    undo_last(hung)
    assert not is_visible(hung, 3)


def test_taking_back_opens_the_reports_again_that_it_had_settled(hung: db.Db, decide: Decide) -> None:
    with hung.writing() as tx:
        for visitor in ("a", "b"):
            db.triage.report(tx, visitor=visitor, work=1, reason="copied", at_ms=1)
    decide("keep", 1)
    undo_last(hung)
    with hung.reading() as tx:
        assert db.triage.place_of(tx, 1) == Place(2, 1)
        assert db.triage.reported_for(tx, 1) == {"copied": 2}


def test_each_takes_back_their_own_and_the_log_says_all(hung: db.Db, decide: Decide) -> None:
    decide("keep", 5)
    decide("hide", 4, "asked", curator="li")
    undo_last(hung, "wen")
    with hung.reading() as tx:
        log = db.triage.log(tx, before=None, limit=9)
        assert db.triage.last_of(tx, curator="wen") is None
        assert [one.seq for one in db.triage.log(tx, before=3, limit=1)] == [2]
    told = [(one.seq, one.curator, one.act, one.work, one.reason, one.undoes, one.undone) for one in log]
    assert told == [
        (3, "wen", "undo", 5, None, 1, False),
        (2, "li", "hide", 4, "asked", None, False),
        (1, "wen", "keep", 5, None, None, True),
    ]


@pytest.mark.parametrize("change", ["UPDATE acts SET reason = 'spam'", "DELETE FROM acts"])
def test_the_log_is_never_changed_or_shortened(hung: db.Db, decide: Decide, change: str) -> None:
    decide("hide", 1, "faulty")
    with pytest.raises(IntegrityError, match="never"), hung.writing() as tx:
        tx.execute(text(change))
    with hung.reading() as tx:
        assert [one.reason for one in db.triage.log(tx, before=None, limit=9)] == ["faulty"]


@pytest.mark.parametrize(("act", "reason"), [("hide", None), ("hide", "whim"), ("keep", "spam"), ("praise", None)])
def test_half_a_decision_is_refused_whole(hung: db.Db, decide: Decide, act: Deed, reason: Reason | None) -> None:
    with pytest.raises(IntegrityError):
        decide(act, 1, reason)
    assert is_visible(hung, 1)
    assert waiting(hung) == [5, 4, 3, 2, 1]


def test_nothing_is_taken_back_twice(hung: db.Db, decide: Decide) -> None:
    decide("keep", 1)
    last = undo_last(hung)
    with pytest.raises(IntegrityError), hung.writing() as tx:
        db.triage.undo(tx, last, curator="li", at_ms=9)


def test_a_file_is_put_away_when_every_work_that_uses_it_is_hidden(hung: db.Db, decide: Decide) -> None:
    painting = {"subject": "monet", "picture": "a" * 64, "thumb": "b" * 64, "width": 2, "height": 2}
    with hung.writing() as tx:
        for draft in ("p", "q"):
            db.works.add(tx, NewWork("painting", "画", "", "v", 1, "{}", draft, **painting), score=3.0)  # type: ignore[arg-type]
    found = []
    for work in (None, 6, 7):
        if work:
            decide("hide", work, "spam")
        with hung.reading() as tx:
            found.append([db.works.is_put_away(tx, name * 64) for name in "abc"])
    assert found == [[False] * 3, [False] * 3, [True, True, False]]
