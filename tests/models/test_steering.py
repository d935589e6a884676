"""Steering: attributes measure what they say, directions are learnt and keep what they promise, ink changes hands."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from models import Card, find_card
from models.painting_gan import wishes
from models.painting_gan.attributes import NAMES, lab, measure
from models.painting_gan.directions import learn, verify, verify_moods
from models.painting_gan.export import write_weights
from models.painting_gan.genome import draw, pack
from models.painting_gan.moods import MOODS, PROMISES
from models.painting_gan.networks import Generator, GeneratorConfig
from models.painting_gan.sample import Painter, open_generator
from models.recipe import Picture, Recipe


@pytest.fixture(scope="module")
def generator() -> Generator:
    """A generator of 32 px with random weights and learnt directions."""
    torch.manual_seed(0)
    config = GeneratorConfig(channels=(16, 12, 8, 8), latent_dim=8, labels=("blobs",), stage_sides=(8,))
    generator: Generator = Generator(config).eval().requires_grad_(False)
    for parameter in generator.parameters():
        parameter.mul_(10 if parameter.ndim == 4 else 1)
    generator.steer_by(NAMES, learn(generator, count=60, steps=12, batch=7))
    return generator


@pytest.fixture
def card(generator: Generator, tmp_path: Path) -> Card:
    sha256 = write_weights(generator, tmp_path / "small.safetensors")
    facts = {"asks": {"labels": ["blobs"], "sides": [32]}, "architecture": {"latent_dim": 8, "directions": list(NAMES)}}
    return Card("small", "painting", "models.painting_gan.sample", sha256, tmp_path / "small.safetensors", facts)


def cook(card: Card, generator: Generator, *recipes: Recipe) -> list[Picture]:
    painter = Painter(open_generator(card.weights, generator.config), card, "cpu")
    made = painter.run(list(recipes), lambda i, stage: None, lambda i: False)
    return [picture for picture in made if isinstance(picture, Picture)]


def flat(*rgb: float) -> torch.Tensor:
    """A picture of one colour, components from 0 to 1."""
    return (torch.tensor(rgb, dtype=torch.float32) * 2 - 1)[None, :, None, None].expand(1, 3, 16, 16).clone()


def test_colours_are_where_cielab_has_them() -> None:
    for rgb, expected in (
        ((1, 1, 1), (100, 0, 0)),
        ((1, 0, 0), (53.24, 80.09, 67.20)),
        ((0, 0, 1), (32.30, 79.19, -107.86)),
    ):
        found = [float(channel.mean()) for channel in lab(flat(*rgb))]
        assert found == pytest.approx(expected, abs=0.05)


def test_attributes_see_light_warmth_green_ink_and_where_the_dark_lies() -> None:
    paper, ink = flat(0.9, 0.9, 0.9), flat(0.9, 0.9, 0.9)
    ink[:, :, 10:, 10:] = -0.9
    found = dict(zip(NAMES, (measure(ink) - measure(paper))[0].tolist(), strict=True))
    assert found["light"] < 0 < min(found[name] for name in ("ink", "detail", "low", "right"))
    assert measure(flat(0.8, 0.7, 0.4))[0, NAMES.index("warm")] > measure(flat(0.4, 0.6, 0.8))[0, NAMES.index("warm")]
    assert measure(flat(0.4, 0.7, 0.5))[0, NAMES.index("green")] > measure(flat(0.7, 0.4, 0.4))[0, NAMES.index("green")]


def test_learning_again_gives_directions_that_point_the_same_way(generator: Generator) -> None:
    again = learn(generator, count=60, steps=12, batch=7)  # not bit for bit: linear algebra sums as memory lies
    same = torch.nn.functional.cosine_similarity(again.flatten(1), generator.directions.flatten(1))
    assert same.min() > 0.95
    assert again.shape == (len(NAMES), 16, 4, 4)


def test_directions_travel_with_the_weights(card: Card, generator: Generator) -> None:
    opened = open_generator(card.weights, generator.config)
    torch.testing.assert_close(opened.directions, generator.directions, rtol=2e-3, atol=1e-4)


def test_a_steered_painting_is_the_same_whatever_is_painted_beside_it(card: Card, generator: Generator) -> None:
    plain = wishes.recipe(card=card, label="blobs", seed=1)
    moved = wishes.recipe(card=card, label="blobs", seed=1, light=2.0)
    inked = wishes.recipe(card=card, label="blobs", seed=1, ink=pack(draw(2, 8)))
    together = cook(card, generator, plain, moved, inked)
    assert together == [cook(card, generator, one)[0] for one in (plain, moved, inked)]
    assert len({picture.pixels for picture in together}) == 3


def test_a_painting_in_its_own_ink_is_itself(card: Card, generator: Generator) -> None:
    latent = pack(draw(3, 8))
    child = {"label": "blobs", "seed": 9, "parents": [latent], "mutation": 0.0}
    own, plain = (wishes.recipe(card=card, **child, **more) for more in ({"ink": latent}, {}))  # type: ignore[arg-type]
    one, other = (
        torch.frombuffer(bytearray(p.pixels), dtype=torch.uint8).int() for p in cook(card, generator, own, plain)
    )
    assert (one - other).abs().max() <= 2  # the parent passed through another rounding to unit length


def test_verifying_counts_shares_of_latents(generator: Generator) -> None:
    kept = verify(generator, count=8) | verify_moods(generator, count=8)
    assert set(kept) == {*NAMES, *MOODS} == {*NAMES, *PROMISES}
    assert all(0 <= share <= 1 for share in kept.values())


def test_every_mood_keeps_to_the_sliders() -> None:
    for sliders in MOODS.values():
        assert set(sliders) <= set(NAMES)
        assert all(abs(value) <= wishes.STEERING for value in sliders.values())


def test_the_shipped_painter_is_steered_as_its_card_promises() -> None:
    card = find_card("painting-shanshui")
    generator = open_generator(card.weights, GeneratorConfig(**card.facts["architecture"]))
    kept = verify(generator, count=24, seed=77)
    assert sum(share >= 0.8 for share in kept.values()) >= 6, kept
    assert card.facts["steering"]["light_kept"] == pytest.approx(kept["light"], abs=0.15)
