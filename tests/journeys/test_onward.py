"""Onward: every work can be continued in ways that its kind has, and what is made of it names it as its parent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

import db
from gallery import errors
from gallery.journeys import Draft, House, answer, browse, create, descend, inscribe, onward
from gallery.journeys.create import WriteRequest
from gallery.journeys.inscribe import Wish
from gallery.journeys.rooms import painter
from gallery.scroll import CHOICES
from models.recipe import Recipe
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, POET

Made = Callable[..., Draft]


@pytest.fixture
def works(house: House, painted: Made, written: Made) -> tuple[int, int, int]:
    """A painting, a poem and the scroll of both, by their numbers."""
    painting = create.save(house, painted().token, ALICE, "Hills").id
    poem = create.save(house, written().token, ALICE, "Evening").id
    wish = Wish(str(painting), str(poem), {name: values[0] for name, values in CHOICES.items()})
    return painting, poem, inscribe.hang(house, wish, "Both", ALICE).id


def names(house: House, work: int) -> list[str]:
    return [way.name for way in onward.ways(house, browse.look(house, work))]


def test_every_kind_has_its_ways(house: House, works: tuple[int, int, int]) -> None:
    assert [names(house, work) for work in works] == [
        ["easel", "together", "inscribe"],
        ["answer", "paint_for"],
        ["easel", "together", "answer", "remount"],
    ]
    remount = onward.ways(house, browse.look(house, works[2]))[-1]
    assert remount.address == f"scroll?painting={works[0]}&poem={works[1]}"


def test_without_its_painter_a_work_is_not_steered_or_bred(house: House, works: tuple[int, int, int]) -> None:
    later = replace(house, cards=(replace(PAINTER, sha256="c" * 64), POET))
    assert [names(later, work) for work in works] == [["inscribe"], ["answer", "paint_for"], ["answer", "remount"]]
    with pytest.raises(errors.OtherWeights):
        descend.go_on(later, works[2], BOB)


def test_a_scroll_whose_poem_is_gone_is_not_mounted_anew(house: House, works: tuple[int, int, int]) -> None:
    with house.db.writing() as tx:
        tx.exec_driver_sql("UPDATE works SET hidden = 1 WHERE id = 2")
    assert names(house, works[2]) == ["easel", "together", "answer"]


def test_going_on_from_a_scroll_takes_up_its_painting(house: House, works: tuple[int, int, int]) -> None:
    draft = descend.go_on(house, works[2], BOB)
    assert draft.recipe == Recipe.from_json(browse.look(house, works[0]).work.recipe)
    saved = create.save(house, descend.steer(house, draft.token, {"light": 1.0}, BOB).token, BOB, "Brighter")
    with house.db.reading() as tx:
        assert [(one.id, one.how) for one in db.lineage.parents_of(tx, saved.id, limit=9).shown] == [
            (works[2], "steered")
        ]
    assert len(painter.first(house, "", works[2])[1]) == 6


def test_the_poem_of_a_scroll_can_be_answered(house: House, works: tuple[int, int, int]) -> None:
    wish = answer.answering(house, WriteRequest("七绝"), works[2], "words")
    assert wish.parents == ((works[2], "answered"),)
    assert wish.given == answer.answering(house, WriteRequest("七绝"), works[1], "words").given
