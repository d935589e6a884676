"""Genomes: latents drawn, carried as text, bred; and what a recipe of a bred painting may say."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.painting_gan import wishes
from models.painting_gan.genome import breed, draw, latent_of, pack, unpack
from models.recipe import Recipe, UnknownInput
from tests.fakes import PAINTER

A, B = draw(1, 128), draw(2, 128)


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))


def wish(**parameters: object) -> Recipe:
    return wishes.recipe(card=PAINTER, label="shanshui", seed=5, **parameters)  # type: ignore[arg-type]


@given(st.integers(0, 2**32 - 1))
def test_a_latent_survives_being_carried_as_text(seed: int) -> None:
    assert cosine(unpack(pack(draw(seed, 128)), 128), draw(seed, 128)) > 0.99999


def test_two_seeds_give_latents_that_have_nothing_to_do_with_each_other() -> None:
    assert abs(cosine(A, B)) < 0.35
    assert (draw(1, 128) == A).all()


@pytest.mark.parametrize("blend", [0.0, 0.25, 0.5, 1.0])
def test_without_mutation_a_child_lies_on_the_circle_between_its_parents(blend: float) -> None:
    child = breed([A, B], seed=9, blend=blend, mutation=0.0)
    whole = np.arccos(cosine(A, B))
    assert np.arccos(min(1.0, cosine(A, child))) == pytest.approx(blend * whole, abs=2e-3)
    assert np.arccos(min(1.0, cosine(B, child))) == pytest.approx((1 - blend) * whole, abs=2e-3)


def test_the_more_mutation_the_further_a_child_strays_and_its_seed_says_where() -> None:
    near, far = (cosine(A, breed([A], seed=3, blend=0.0, mutation=m)) for m in (0.2, 0.7))
    assert 1 > near > far > 0
    assert cosine(breed([A], seed=3, blend=0, mutation=0.5), breed([A], seed=4, blend=0, mutation=0.5)) < 0.9


def test_parents_that_are_one_another_s_opposite_still_have_children() -> None:
    assert np.isfinite(breed([A, -A], seed=1, blend=0.5, mutation=0.3)).all()


def test_a_bred_recipe_needs_nothing_but_itself() -> None:
    recipe = wish(parents=[pack(A), pack(B)], blend=0.5, mutation=0.3, light=1.5)
    again = Recipe.from_json(recipe.to_json())
    assert (latent_of(again, 128) == latent_of(recipe, 128)).all()
    assert cosine(latent_of(recipe, 128), breed([A, B], seed=5, blend=0.5, mutation=0.3)) > 0.999


@pytest.mark.parametrize(
    "asked",
    [
        {"parents": [], "mutation": 0.3},
        {"parents": [pack(A)]},
        {"parents": [pack(A), pack(B)], "mutation": 0.3},
        {"parents": [pack(A)] * 3, "mutation": 0.3, "blend": 0.5},
        {"parents": [pack(A)], "mutation": 1.2},
        {"parents": [pack(A), pack(B)], "mutation": 0.3, "blend": -0.1},
        {"parents": ["not a latent"], "mutation": 0.3},
        {"parents": [pack(draw(1, 64))], "mutation": 0.3},
        {"parents": [base64.b64encode(np.full(128, np.nan, "<f2").tobytes()).decode()], "mutation": 0.3},
        {"ink": "AAAA"},
        {"mood": "bored"},
        {"mutation": 0.3},
        {"light": 3.5},
        {"light": True},
        {"light": float("nan")},
        {"glitter": 1.0},
    ],
)
def test_a_wish_that_cannot_be_painted_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(UnknownInput):
        wish(**asked)


def test_a_slider_at_rest_leaves_no_trace_in_the_recipe() -> None:
    assert wish(light=0.0, ink="").to_json() == wish().to_json()
