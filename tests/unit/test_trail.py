"""The trail: a way back and on again through what was made from what."""

from __future__ import annotations

from gallery.pages.trail import LONGEST, Step, Trail


def walked(*names: str) -> Trail:
    trail = Trail()
    for name in names:
        trail = trail.add(Step("bred", (name,), name))
    return trail


def names(trail: Trail) -> list[str]:
    return [step.chosen for step in trail.steps]


def test_an_empty_trail_is_nowhere() -> None:
    assert Trail().here is None
    assert Trail().go(0) == Trail()


def test_one_can_go_back_and_on_again() -> None:
    trail = walked("a", "b", "c").go(0)
    assert trail.here == Step("bred", ("a",), "a")
    assert names(trail.go(2)) == ["a", "b", "c"]


def test_going_on_from_an_earlier_step_drops_the_later_ones() -> None:
    assert names(walked("a", "b", "c").go(0).add(Step("bred", ("d",), "d"))) == ["a", "d"]


def test_amending_replaces_the_step_that_is_shown() -> None:
    assert names(walked("a", "b").amend(Step("steered", ("c",), "c"))) == ["a", "c"]


def test_a_place_that_is_not_there_changes_nothing() -> None:
    trail = walked("a", "b")
    assert trail.go(-1) == trail.go(2) == trail


def test_a_long_trail_forgets_its_beginning() -> None:
    trail = walked(*map(str, range(LONGEST + 5)))
    assert (len(trail.steps), names(trail)[0], trail.at) == (LONGEST, "5", LONGEST - 1)
