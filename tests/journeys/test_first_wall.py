"""The first wall: made by the house itself, once, and never over the works of visitors."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

import db
from gallery import errors
from gallery.journeys import Draft, House, browse, create, find, first_wall
from gallery.settings import Settings
from gallery.texts import LANGUAGES
from models import Card, catalogue
from models.engine import WorkerDied
from models.poem_rnn import wishes
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


def with_wall(card: Card, works: list[dict[str, object]], weights: str = "") -> Card:
    return replace(card, facts={**card.facts, "wall": {"weights": weights or card.sha256[:8], "works": works}})


def test_what_was_chosen_of_these_weights_hangs_under_the_names_it_was_given(house: House) -> None:
    works: dict[str, list[dict[str, object]]] = {
        house.painter("shanshui").name: [
            {"seed": 77, "title": {"zh": "孤舟", "en": "A boat"}},
            {"seed": 5, "title": {"zh": "远山", "en": "Far hills"}},
        ],
        house.card("poem").name: [{"form": "五绝", "seed": 14}],
    }
    cards = tuple(with_wall(card, works.get(card.name, [])) for card in house.cards)
    english = Settings.make({"home": house.settings.home, "language": "en"})
    first_wall.seed_wall(replace(house, cards=cards, settings=english), 5, 1)
    with house.db.reading() as tx:
        hung = [db.works.find_by_draft(tx, f"first-wall-{name}") for name in ("poem-1", *PAINTINGS)]
    seeds = {work.title: json.loads(work.recipe)["seed"] for work in hung if work and work.subject != "still_life"}
    assert list(seeds.values()) == [14, 77, 5, 5]
    assert list(seeds)[1:] == ["A boat", "Far hills", "Landscape no. 3"]


PAINTINGS = [f"painting-{number}" for number in range(1, 6)]


def test_of_other_weights_nothing_was_chosen(house: House) -> None:
    card = house.card("poem")
    works: list[dict[str, object]] = [{"form": "五绝", "seed": 14}]
    assert first_wall.chosen(with_wall(card, works)) == (first_wall.Choice(14, form="五绝"),)
    assert not first_wall.chosen(with_wall(card, works, weights="00000000"))
    assert not first_wall.chosen(card)


def test_the_wall_was_chosen_of_the_weights_that_ship_and_named_in_every_language() -> None:
    """After a training: look at the first 96 seeds, choose, name, and enter them on the card."""
    for card in catalogue():
        choices = first_wall.chosen(card)
        if card.kind == "poem":
            assert [choice.form for choice in choices] == first_wall.in_turn(wishes.forms_of(card))[:12]
            continue
        assert len({choice.seed for choice in choices}) >= (12 if card.name == "painting-shanshui" else 4), card.name
        assert all(set(choice.title) == set(LANGUAGES) for choice in choices)


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
