"""The first wall: made by the house itself, once, and never over the works of visitors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from gallery import errors
from gallery.journeys import Draft, House, browse, create, find, first_wall
from gallery.settings import Settings
from models.engine import WorkerDied
from tests.conftest import ALICE
from tests.fakes import FakeEngine, finish


def test_an_empty_gallery_hangs_paintings_and_poems_in_turn(house: House) -> None:
    seen: list[tuple[int, int]] = []
    assert first_wall.seed_wall(house, 6, 3, lambda done, total: seen.append((done, total))) == 9
    assert seen == [(number, 9) for number in range(1, 10)]
    kinds = [card.kind for card in find.page(house).cards]
    assert kinds == ["painting", "poem", "painting"] * 3


def test_works_of_the_house_are_signed_and_named_after_what_they_are(house: House) -> None:
    first_wall.seed_wall(replace(house, settings=Settings.make({"home": house.settings.home, "language": "zh"})), 3, 1)
    cards = find.page(house).cards
    assert {card.signature for card in cards} == {"诗画"}
    assert [card.title for card in cards if card.kind == "painting"] == ["山水 其二", "静物 其一", "山水 其一"]
    assert [card.verse[0].startswith(card.title) for card in cards if card.kind == "poem"] == [True]


def test_a_second_start_adds_nothing(house: House, engine: FakeEngine) -> None:
    first_wall.seed_wall(house, 2, 1)
    cooked = len(engine.cooked)
    assert first_wall.seed_wall(house, 2, 1) == 0
    assert len(engine.cooked) == cooked


def test_an_interrupted_wall_is_finished_at_the_next_start(house: House, engine: FakeEngine) -> None:
    engine.failures.append(WorkerDied())
    with pytest.raises(errors.WorkerDied):
        first_wall.seed_wall(house, 4, 2)
    first_wall.seed_wall(house, 2, 1)
    assert first_wall.seed_wall(house, 4, 2) == 3
    assert browse.counts(house) == {"painting": 4, "poem": 2, "scroll": 0, "film": 0}


def test_where_visitors_have_hung_works_the_house_hangs_none(house: House, written: Callable[..., Draft]) -> None:
    create.save(house, written().token, ALICE, "mine")
    assert first_wall.seed_wall(house) == 0


def test_a_queue_of_one_is_enough(house: House) -> None:
    small = replace(house, settings=Settings.make({"home": house.settings.home, "queue_size": 1}))
    assert first_wall.seed_wall(small, 2, 2) == 4


def test_the_house_can_be_asked_to_remake_its_first_wall(house: House) -> None:
    first_wall.seed_wall(house, 2, 2)
    verdicts = [finish(browse.remake(house, card.id)).verdict for card in find.page(house).cards]
    assert verdicts == ["identical"] * 4
