"""Lineage: parents and children are found from either side, cycles cannot be made, and nothing vanishes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, pairwise

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import db
from db import NewWork

Hang = Callable[[], int]


@pytest.fixture
def hang(database: db.Db) -> Hang:
    """Hangs another poem and returns its number."""
    numbers = count(1)

    def hang() -> int:
        work = NewWork("poem", "春", "", "v", 1, "{}", f"draft-{next(numbers)}", form="五绝", verse=("春眠不觉晓",))
        with database.writing() as tx:
            return db.works.add(tx, work, score=3.0).id

    return hang


def test_parents_and_children_are_found_from_either_side(database: db.Db, hang: Hang) -> None:
    mother, father, child = hang(), hang(), hang()
    with database.writing() as tx:
        db.lineage.record(tx, child=child, parents=[(mother, "bred"), (father, "bred"), (mother, "steered")])
        up, down = db.lineage.parents_of(tx, child, limit=8), db.lineage.children_of(tx, father, limit=8)
    assert [(one.id, one.how) for one in up.shown] == [(mother, "bred"), (father, "bred")]
    assert [one.id for one in down.shown] == [child]


@pytest.mark.parametrize(("child", "parent"), [(1, 1), (1, 2)])
def test_no_work_descends_from_itself_or_from_a_younger_one(
    database: db.Db, hang: Hang, child: int, parent: int
) -> None:
    hang(), hang()
    with pytest.raises(IntegrityError), database.writing() as tx:
        db.lineage.record(tx, child=child, parents=[(parent, "bred")])
    with database.reading() as tx:
        assert db.lineage.parents_of(tx, child, limit=8).visible == 0


@pytest.mark.parametrize("change", ["UPDATE lineage SET child = 1, parent = 3", "UPDATE lineage SET parent = child"])
def test_no_ring_can_be_closed_afterwards_either(database: db.Db, hang: Hang, change: str) -> None:
    works = [hang(), hang(), hang()]
    with database.writing() as tx:
        for parent, child in pairwise(works):
            db.lineage.record(tx, child=child, parents=[(parent, "bred")])
    with pytest.raises(IntegrityError, match="lineage_order"), database.writing() as tx:
        tx.execute(text(change))


def test_a_hidden_parent_is_counted_but_not_shown(database: db.Db, hang: Hang) -> None:
    parent, child = hang(), hang()
    with database.writing() as tx:
        db.lineage.record(tx, child=child, parents=[(parent, "steered")])
        tx.execute(text("UPDATE works SET hidden = 1 WHERE id = :id"), {"id": parent})
    with database.reading() as tx:
        found = db.lineage.parents_of(tx, child, limit=8)
    assert (found.shown, found.visible, found.hidden) == ((), 0, 1)


def test_of_many_children_some_are_shown_and_all_are_counted(database: db.Db, hang: Hang) -> None:
    parent, children = hang(), [hang() for _ in range(5)]
    with database.writing() as tx:
        for child in children:
            db.lineage.record(tx, child=child, parents=[(parent, "bred")])
        found = db.lineage.children_of(tx, parent, limit=3)
    assert ([one.id for one in found.shown], found.visible) == (children[:3], 5)


def test_a_work_with_children_cannot_be_deleted(database: db.Db, hang: Hang) -> None:
    parent, child = hang(), hang()
    with database.writing() as tx:
        db.lineage.record(tx, child=child, parents=[(parent, "bred")])
    with pytest.raises(IntegrityError), database.writing() as tx:
        tx.execute(text("DELETE FROM works WHERE id = :id"), {"id": parent})


def test_a_family_is_all_that_a_work_comes_from_and_all_that_came_from_it(database: db.Db, hang: Hang) -> None:
    old, mother, father, own, child, aunt = (hang() for _ in range(6))
    with database.writing() as tx:
        for work, parents in ((mother, [old]), (aunt, [old]), (own, [mother, father]), (child, [own, old])):
            db.lineage.record(tx, child=work, parents=[(one, "bred") for one in parents])
        family = db.lineage.family(tx, own, depth=9, most=9)
    assert [(kin.id, kin.side, kin.away) for kin in family] == [
        (old, -1, 2),
        (mother, -1, 1),
        (father, -1, 1),
        (own, 0, 0),
        (child, 1, 1),
    ]
    assert family[-1].parents == ((old, "bred"), (own, "bred"))


def test_of_a_family_too_large_the_nearest_are_found(database: db.Db, hang: Hang) -> None:
    line, children = [hang() for _ in range(30)], [hang() for _ in range(600)]
    with database.writing() as tx:
        for parent, child in pairwise(line):
            db.lineage.record(tx, child=child, parents=[(parent, "steered")])
        for child in children:
            db.lineage.record(tx, child=child, parents=[(line[-1], "bred")])
        family = db.lineage.family(tx, line[-1], depth=20, most=500)
        far = db.lineage.family(tx, line[-1], depth=20, most=1000)
    assert len(family) == 500
    assert [kin.id for kin in family] == [line[-2], line[-1], *children[:498]]
    assert [kin.id for kin in far] == line[-21:] + children


def test_of_a_hidden_work_a_family_tells_its_place_alone(database: db.Db, hang: Hang) -> None:
    parent, child = hang(), hang()
    with database.writing() as tx:
        db.lineage.record(tx, child=child, parents=[(parent, "steered")])
        tx.execute(text("UPDATE works SET hidden = 1 WHERE id = :id"), {"id": parent})
        hidden, _ = db.lineage.family(tx, child, depth=9, most=9)
    assert hidden == db.Kin(parent, "poem", "", "", None, "", True, -1, 1, ())
