"""Kin: generations in their order, blanks for what is no longer shown, an end to it, and an outline without repeats."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import db
from db import Kin
from gallery import errors
from gallery.journeys import Draft, House, create, kin
from gallery.journeys.kin import Branch, family_of
from tests.conftest import ALICE


def relative(number: int, side: int = 0, away: int = 0, *parents: int) -> Kin:
    ties = tuple((parent, "bred") for parent in parents)
    return Kin(number, "painting", f"{number}", "", None, "", False, side, away, ties)  # type: ignore[arg-type]


CLAN = [relative(1, -1, 2), relative(2, -1, 1, 1), relative(3, -1, 1), relative(4, 0, 0, 1, 2, 3)]
HEIRS = [relative(5, 1, 1, 4), relative(6, 1, 1, 4, 5, 1)]


def numbers(branches: tuple[Branch, ...]) -> list[object]:
    """An outline as nested lists; what stands in it before is negative."""
    found: list[object] = []
    for branch in branches:
        found += [
            -branch.kin.id if branch.again else branch.kin.id,
            *([numbers(branch.beyond)] if branch.beyond else []),
        ]
    return found


def test_every_parent_stands_in_an_earlier_generation() -> None:
    family = family_of(4, CLAN + HEIRS)
    assert [sorted(one.id for one in row) for row in family.generations] == [[1], [2, 3], [4], [5], [6]]
    assert family.own == 2
    assert (family.size, family.more) == (6, False)
    place = {one.id: at for at, row in enumerate(family.generations) for one in row}
    assert all(place[tie.parent] < place[tie.child] for tie in family.ties)


def test_a_work_met_twice_has_its_own_in_the_outline_once() -> None:
    family = family_of(4, [*CLAN, *HEIRS, relative(7, 1, 2, 6)])
    assert numbers(family.ancestors) == [1, 2, [-1], 3]
    assert numbers(family.descendants) == [5, [-6], 6, [7]]


def test_a_generation_stands_where_few_ties_cross() -> None:
    heirs = [
        relative(2, 1, 1, 1),
        relative(3, 1, 1, 1),
        relative(4, 1, 2, 3),
        relative(5, 1, 2, 2),
        relative(6, 1, 2, 3),
    ]
    family = family_of(1, [relative(1), *heirs])
    assert [one.id for one in family.generations[2]] == [5, 4, 6]


def test_what_is_too_far_or_too_much_is_left_out_and_said() -> None:
    line = [relative(n, n > 1, n - 1, *([n - 1] if n > 1 else [])) for n in range(1, kin.DEPTH + 3)]
    family = family_of(1, line)
    assert (len(family.generations), family.more) == (kin.DEPTH + 1, True)
    crowd = family_of(1, [relative(1), *(relative(n, 1, 1, 1) for n in range(2, kin.MOST + 2))])
    assert (crowd.size, crowd.more) == (kin.MOST, True)


def test_a_work_without_kin_is_a_family_of_one(house: House, painted: Callable[..., Draft]) -> None:
    work = create.save(house, painted().token, ALICE, "Alone")
    family = kin.look(house, work.id)
    assert (family.work.title, family.size, family.ties, family.ancestors, family.more) == ("Alone", 1, (), (), False)


def test_a_work_that_is_not_shown_has_no_page_of_its_kin(house: House, painted: Callable[..., Draft]) -> None:
    works = [create.save(house, painted(seed).token, ALICE, f"Lake {seed}") for seed in (1, 2)]
    with house.db.writing() as tx:
        db.lineage.record(tx, child=2, parents=[(1, "steered")])
        tx.exec_driver_sql("UPDATE works SET hidden = 1 WHERE id = 1")
    assert [(one.hidden, one.title) for row in kin.look(house, 2).generations for one in row] == [
        (True, ""),
        (False, works[1].title),
    ]
    with pytest.raises(errors.NoSuchWork):
        kin.look(house, 1)
