"""Cards and weights: what the catalogue reads, refuses, and what an export may change."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import catalogue, fill_card, find_card
from models.painting_gan import wishes
from models.recipe import Recipe, SeedOutOfRange, UnknownInput, UnknownModel


def test_every_shipped_card_names_a_network_and_says_what_it_learnt_from() -> None:
    cards = catalogue()
    assert {card.kind for card in cards} == {"painting", "poem"}
    for card in cards:
        assert card.facts["licence"] == "MIT"
        assert card.facts["data"]["licence"]
        assert card.facts["figures"]


def test_a_model_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnknownModel, match="there are: painting-shanshui, poem-tangsong"):
        find_card("sculptor")


def test_a_card_keeps_its_words_when_its_figures_change(tmp_path: Path) -> None:
    card = tmp_path / "card.toml"
    card.write_text('sha256 = "old"\nrecipe = "kid = 3 in words"\n[figures]\nkid = 0.5\n')
    fill_card(card, {"sha256": "new", "kid": 0.25})
    assert card.read_text() == 'sha256 = "new"\nrecipe = "kid = 3 in words"\n[figures]\nkid = 0.25\n'
    with pytest.raises(ValueError, match="it must stand there once"):
        fill_card(card, {"fd": 1.0})


def test_a_recipe_survives_being_written_and_read() -> None:
    recipe = Recipe("m", "ab", 2**32 - 1, {"form": "七绝"}, {"top_p": 0.95}, {"torch": "2.13.0"})
    assert Recipe.from_json(recipe.to_json()) == recipe


@pytest.mark.parametrize("text", ["[]", '{"model": "m"}', '{"model":"m","weights":"a","seed":1,"colour":"red"}'])
def test_what_is_no_recipe_is_refused(text: str) -> None:
    with pytest.raises(UnknownInput):
        Recipe.from_json(text)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, True, "7"])
def test_a_seed_out_of_range_is_refused(seed: object) -> None:
    with pytest.raises(SeedOutOfRange, match="give a whole number from 0 to 4294967295"):
        Recipe("m", "ab", seed)  # type: ignore[arg-type]


def test_the_card_says_whether_a_network_enlarges() -> None:
    assert wishes.smoothly_enlarged(find_card("painting-european_landscape"))
    assert not wishes.smoothly_enlarged(find_card("painting-shanshui"))
