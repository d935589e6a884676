"""Cards and weights: what the catalogue reads, refuses, and what an export may change."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from models import card_of, catalogue, check_weights, fill_card, find_card, shelf, shelve
from models.painting_gan import wishes
from models.recipe import Recipe, SeedOutOfRange, UnknownInput, UnknownModel, WrongWeights


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


def test_all_that_lies_on_the_shelf_can_still_be_opened() -> None:
    now = {card.name: card.sha256 for card in catalogue()}
    for card in shelf():
        check_weights(card)
        assert card.sha256.startswith(card.weights.stem.rpartition("-")[2])
        assert now[card.name] != card.sha256  # or nothing would have replaced them
        assert card_of(card.name, card.sha256) == card


def test_weights_that_are_replaced_are_found_on_the_shelf_by_what_they_are(tmp_path: Path) -> None:
    for name, content in (("odd", b"first"), ("even", b"other")):
        (tmp_path / f"{name}.safetensors").write_bytes(content)
        sha256 = hashlib.sha256(content).hexdigest()
        (tmp_path / f"{name}.toml").write_text(f'kind = "poem"\nmodule = "m"\nsha256 = "{sha256}"\nfirst = "words"\n')
    first = find_card("odd", tmp_path, tmp_path)
    kept = shelve(first, tmp_path, tmp_path)
    assert (kept.name, kept.sha256, kept.facts) == ("odd", first.sha256, first.facts)

    (tmp_path / "odd.safetensors").write_bytes(b"second")
    fill_card(tmp_path / "odd.toml", {"sha256": hashlib.sha256(b"second").hexdigest(), "first": "more"})
    catalogue.cache_clear()
    second = find_card("odd", tmp_path, tmp_path)
    assert shelf(tmp_path, tmp_path) == (kept,)
    assert card_of("odd", first.sha256, tmp_path, tmp_path) == kept
    assert card_of("odd", second.sha256, tmp_path, tmp_path) == second
    assert kept.weights.read_bytes() == b"first"
    assert [card.name for card in catalogue(tmp_path, tmp_path)] == ["even", "odd"]  # the shelf offers nothing
    with pytest.raises(WrongWeights):
        card_of("even", first.sha256, tmp_path, tmp_path)
    with pytest.raises(UnknownModel):
        card_of("none", first.sha256, tmp_path, tmp_path)


def test_what_is_not_what_its_card_says_is_not_shelved(tmp_path: Path) -> None:
    (tmp_path / "odd.toml").write_text('kind = "poem"\nmodule = "m"\nsha256 = "00"\n')
    (tmp_path / "odd.safetensors").write_bytes(b"torn")
    with pytest.raises(WrongWeights):
        shelve(find_card("odd", tmp_path, tmp_path), tmp_path, tmp_path)
    assert shelf(tmp_path, tmp_path) == ()


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
