"""Compare: what of the recipes differs is said value by value, for works of one kind or of several."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gallery import errors
from gallery.journeys import Draft, House, compare, create, descend, inscribe
from gallery.journeys.inscribe import Wish
from gallery.scroll import CHOICES
from tests.conftest import ALICE

Made = Callable[..., Draft]


def differing(found: compare.Comparison) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(row.part, row.name): row.values for row in found.rows if not row.same}


def test_what_was_steered_differs_by_its_sliders_alone(house: House, painted: Made) -> None:
    draft = painted(7)
    brighter = descend.steer(house, draft.token, {"light": 1.5, "warm": -0.5}, ALICE)
    works = [create.save(house, one.token, ALICE, "Hills").id for one in (draft, brighter)]
    found = compare.look(house, [str(work) for work in works], ALICE)
    assert differing(found) == {("painting", "light"): ("—", "1.5"), ("painting", "warm"): ("—", "-0.5")}
    assert {row.name for row in found.rows if row.same} >= {"model", "weights", "seed", "label"}


def test_another_paintings_ink_and_the_slider_of_that_name_are_two_values(house: House, painted: Made) -> None:
    draft = descend.steer(house, painted(7).token, {"ink": 1.0}, ALICE)
    mixed = descend.mix(house, draft.token, painted(8).token, ALICE)
    works = [create.save(house, one.token, ALICE, "Hills").id for one in (draft, mixed)]
    found = compare.look(house, [str(work) for work in works], ALICE)
    assert list(differing(found)) == [("painting", "ink_of")]
    assert next(row.values for row in found.rows if row.name == "ink") == ("1.0", "1.0")


def test_a_scroll_is_compared_part_by_part(house: House, painted: Made, written: Made) -> None:
    painting = create.save(house, painted(1).token, ALICE, "Hills").id
    poem = create.save(house, written(2).token, ALICE, "Evening").id
    wish = Wish(str(painting), str(poem), {name: values[0] for name, values in CHOICES.items()})
    scroll = inscribe.hang(house, wish, "Both", ALICE).id
    found = compare.look(house, [str(painting), str(poem), str(scroll)], ALICE)
    seeds = {row.part: row.values for row in found.rows if row.name == "seed"}
    assert seeds == {"painting": ("1", "—", "1"), "poem": ("—", "2", "2")}
    assert found.comparable
    assert not compare.look(house, [str(painting), str(poem)], ALICE).comparable  # it said that 14 values differ
    assert [row.part for row in found.rows] == sorted((row.part for row in found.rows), key=compare.PARTS.index)
    assert {row.values[:2] for row in found.rows if row.part == "mount"} == {("—", "—")}


def test_the_same_work_named_twice_counts_once(house: House, painted: Made) -> None:
    works = [create.save(house, painted(seed).token, ALICE, "Hills").id for seed in (1, 2)]
    found = compare.look(house, [str(works[1]), str(works[0]), str(works[1])], ALICE)
    assert [view.work.id for view in found.views] == [works[1], works[0]]


@pytest.mark.parametrize("asked", [[], ["1"], ["1", "1"], ["1", "2", "3", "4", "5"]])
def test_one_is_too_few_and_five_are_too_many(house: House, asked: list[str]) -> None:
    with pytest.raises(errors.NotSoMany):
        compare.look(house, asked, ALICE)


def test_what_is_not_on_the_wall_is_not_compared(house: House, painted: Made) -> None:
    create.save(house, painted().token, ALICE, "Hills")
    for other in ("2", "x", "-1"):
        with pytest.raises(errors.NoSuchWork):
            compare.look(house, ["1", other], ALICE)
