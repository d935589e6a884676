"""The trash: hidden by its maker, whatever curators decide; brought back as it was; erased but for its votes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import db
from db import Account, Deed, NewDecision, NewWork, Prior
from tests.db.test_triage import HASH, undo_last, waiting

Decide = Callable[..., int]
SHA = "a" * 64


@pytest.fixture
def hung(database: db.Db) -> db.Db:
    """Three poems of Mei's and a painting of hers; the second poem comes from the first."""
    with database.writing() as tx:
        for n, verse in enumerate(("春眠不觉晓", "夜来风雨声", "花落知多少"), start=1):
            poem = NewWork("poem", f"诗{n}", "梅", "mei", n, '{"seed":1}', f"draft-{n}", form="五绝", verse=(verse,))
            db.works.add(tx, poem, score=3.0)
        picture = {"subject": "shanshui", "picture": SHA, "thumb": "b" * 64, "width": 2, "height": 2}
        db.works.add(tx, NewWork("painting", "画", "", "mei", 4, "{}", "draft-4", **picture), score=3.0)  # type: ignore[arg-type]
        db.lineage.record(tx, child=2, parents=[(1, "revised")])
        db.ratings.cast(tx, work=1, visitor="v", stars=5, now_ms=2, prior=Prior(3.0, 5.0))
        db.curators.add(tx, Account("wen", "curator", HASH, disabled=False, created_ms=1))
    return database


def down(database: db.Db, work: int, at_ms: int = 10) -> None:
    with database.writing() as tx:
        db.trash.take_down(tx, work, at_ms=at_ms)


def back(database: db.Db, work: int) -> None:
    with database.writing() as tx:
        db.trash.bring_back(tx, work)


def decide(database: db.Db, act: Deed, work: int) -> None:
    reason = "asked" if act == "hide" else None
    with database.writing() as tx:
        db.triage.decide(tx, NewDecision(act, work, "wen", 7, reason))  # type: ignore[arg-type]


def erase(database: db.Db, work: int) -> None:
    down(database, work)
    with database.writing() as tx:
        db.trash.erase(tx, work, at_ms=20)


def test_what_is_taken_down_is_gone_from_the_wall_and_the_queue_and_comes_back_to_both(hung: db.Db) -> None:
    down(hung, 2)
    with hung.reading() as tx:
        assert db.works.find(tx, 2) is None
        assert db.works.counts(tx)["poem"] == 2
        assert db.search.examine(tx).well
    assert waiting(hung) == [4, 3, 1]
    back(hung, 2)
    with hung.reading() as tx:
        assert db.works.find(tx, 2) is not None
    assert waiting(hung) == [4, 3, 2, 1]


def test_what_was_judged_does_not_wait_again_unless_it_is_reported(hung: db.Db) -> None:
    for work in (1, 2):
        decide(hung, "keep", work)
    with hung.writing() as tx:
        db.triage.report(tx, visitor="v", work=2, reason="spam", at_ms=9)
    for work in (1, 2):
        down(hung, work)
        back(hung, work)
    assert waiting(hung) == [2, 4, 3]


def test_a_curator_s_decision_does_not_bring_back_what_its_maker_has_taken_down(hung: db.Db) -> None:
    decide(hung, "hide", 3)
    decide(hung, "restore", 3)
    down(hung, 3)
    undo_last(hung)  # the restoring: now both hide it
    undo_last(hung)  # the hiding: its maker alone does
    with hung.reading() as tx:
        assert db.works.find(tx, 3) is None
    assert 3 not in waiting(hung)
    back(hung, 3)
    with hung.reading() as tx:
        assert db.works.find(tx, 3) is not None


def test_its_maker_does_not_bring_back_what_curators_hide(hung: db.Db) -> None:
    decide(hung, "hide", 3)
    decide(hung, "restore", 3)
    down(hung, 3)
    undo_last(hung)
    back(hung, 3)
    with hung.reading() as tx:
        assert db.works.find(tx, 3) is None
    decide(hung, "restore", 3)
    with hung.reading() as tx:
        assert db.works.find(tx, 3) is not None


def test_only_its_maker_finds_it_and_the_latest_comes_first(hung: db.Db) -> None:
    down(hung, 1, at_ms=10)
    down(hung, 4, at_ms=11)
    with hung.reading() as tx:
        assert [one.id for one in db.trash.of_maker(tx, "mei", limit=9)] == [4, 1]
        assert db.trash.of_maker(tx, "bob", limit=9) == []
        assert db.trash.find(tx, 1, maker="bob") is None
        assert db.trash.due(tx, before_ms=11) == [1]


def test_of_an_erased_work_nothing_is_left_but_its_votes_and_its_lineage(hung: db.Db) -> None:
    for work in (1, 4):
        erase(hung, work)
    with hung.reading() as tx:
        rows = tx.execute(
            text("SELECT title, signature, recipe, subject, picture, verse FROM works WHERE id IN (1, 4)")
        )
        assert [tuple(row) for row in rows] == [("—", "", "{}", None, None, "—"), ("—", "", "{}", None, "0" * 64, None)]
        assert db.works.known_files(tx, [SHA, "b" * 64]) == set()
        assert db.ratings.stars_of(tx, work=1, visitor="v") == 5
        assert db.lineage.parents_of(tx, 2, limit=9).hidden == 1
        assert [needs.id for needs in db.health.file_needs(tx)] == [2, 3]
        assert db.trash.of_maker(tx, "mei", limit=9) == []
        assert db.trash.due(tx, before_ms=99) == []


def test_an_erased_poem_is_not_in_the_index_any_more(hung: db.Db) -> None:
    with hung.reading() as tx:
        before = db.search.count_up_to(tx, db.search.question(("春眠",)), 9)
    erase(hung, 1)
    with hung.reading() as tx:
        assert (before, db.search.count_up_to(tx, db.search.question(("春眠",)), 9)) == (1, 0)
        assert db.search.count_up_to(tx, db.search.question(("风雨",)), 9) == 1
        assert db.search.examine(tx).well
        assert list(db.backup.problems(tx)) == []


@pytest.mark.parametrize("change", ["DELETE FROM takedowns", "UPDATE works SET hidden = 0 WHERE id = 1"])
def test_what_is_erased_never_comes_back(hung: db.Db, change: str) -> None:
    erase(hung, 1)
    with pytest.raises(IntegrityError, match=r"does not come back|is not shown"), hung.writing() as tx:
        tx.execute(text(change))
    with hung.reading() as tx:
        assert db.works.find(tx, 1) is None
