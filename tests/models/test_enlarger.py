"""The enlarger: it begins as smooth enlarging, ships in the painter's file, obeys recipes, and resumes bit for bit."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from models import Card
from models.painting_gan import wishes
from models.painting_gan.dataset import PATCH, Paintings, draw_pairs
from models.painting_gan.enlarger import Enlarger, calm, smoothly
from models.painting_gan.enlarging import Losses, Options, Run, soil, train
from models.painting_gan.evaluate import judge_enlarger
from models.painting_gan.export import write_weights
from models.painting_gan.networks import Generator, GeneratorConfig
from models.painting_gan.sample import ALMOST, Painter, open_enlarger, open_generator
from models.recipe import Picture, Recipe, Stage, UnknownInput

pytestmark = pytest.mark.usefixtures("one_thread")

CONFIG = GeneratorConfig(channels=(16, 12, 8, 8), latent_dim=8, labels=("blobs",), stage_sides=(8,))
FACTS = {
    "asks": {"labels": ["blobs"], "sides": [32, 128]},
    "architecture": {"latent_dim": 8},
    "enlarger": {"channels": [8, 8, 8], "blocks": 1},
}
QUICK = Options(patches=12, batch=4, alone=4, show_every=8, channels=(8, 8, 8), blocks=1)


@pytest.fixture
def generator() -> Generator:
    """A generator of 32 px with random weights."""
    torch.manual_seed(0)
    made: Generator = Generator(CONFIG).eval().requires_grad_(False)
    for parameter in made.parameters():
        parameter.mul_(10 if parameter.ndim == 4 else 1)
    return made


@pytest.fixture
def enlarger() -> Enlarger:
    """A small enlarger with random weights, which adds something of its own."""
    torch.manual_seed(1)
    made = Enlarger(channels=(8, 8, 8), blocks=1).eval().requires_grad_(False)
    made.last.weight.mul_(300)
    return made


@pytest.fixture
def card(generator: Generator, enlarger: Enlarger, tmp_path: Path) -> Card:
    """A card whose file holds both."""
    path = tmp_path / "both.safetensors"
    return Card("both", "painting", "models.painting_gan.sample", write_weights(generator, path, enlarger), path, FACTS)


@pytest.fixture(scope="module")
def paintings() -> Paintings:
    """Eight pictures of random blobs."""
    random = np.random.default_rng(0)
    small = [random.integers(0, 255, (9, 11, 3), dtype=np.uint8) for _ in range(8)]
    return Paintings(tuple(Image.fromarray(s).resize((220, 180), Image.Resampling.BICUBIC) for s in small), PATCH)


def cook(card: Card, recipes: list[Recipe], stages: list[Stage] | None = None) -> list[Picture]:
    """What the card's file makes of the recipes."""
    enlarger = open_enlarger(card.weights, card.facts)
    painter = Painter(open_generator(card.weights, CONFIG), card, "cpu", enlarger)
    made = painter.run(recipes, lambda _, stage: stages.append(stage) if stages is not None else None, lambda _: False)
    return [picture for picture in made if isinstance(picture, Picture)]


@pytest.mark.parametrize(("channels", "times"), [((24, 16), 2), ((48, 32, 16), 4)])
def test_an_untaught_enlarger_is_smooth_enlarging_of_the_calmed_picture(channels: tuple[int, ...], times: int) -> None:
    x = torch.rand(2, 3, 16, 16) * 2 - 1
    enlarger = Enlarger(channels)
    assert enlarger.times == times
    assert enlarger(x).shape == (2, 3, 16 * times, 16 * times)
    assert (enlarger(x) - smoothly(calm(x), times)).abs().mean() < 0.02


def test_a_painting_is_enlarged_unless_its_recipe_asks_for_the_small_side(card: Card) -> None:
    large, small = (wishes.recipe(card=card, label="blobs", seed=5, side=side) for side in (None, 32))
    stages: list[Stage] = []
    pictures = cook(card, [large, small], stages)
    assert [(p.width, p.height) for p in pictures] == [(128, 128), (32, 32)]
    assert [s.so_far for s in stages if s.done == ALMOST] == [pictures[1]]
    mean = [np.frombuffer(p.pixels, np.uint8).reshape(p.height, p.width, 3).mean((0, 1)) for p in pictures]
    assert mean[0] == pytest.approx(mean[1], abs=25)


def test_an_enlarged_painting_is_the_same_bytes_whatever_is_painted_beside_it(card: Card) -> None:
    many = [wishes.recipe(card=card, label="blobs", seed=seed) for seed in range(10)]
    assert cook(card, many) == [cook(card, [one])[0] for one in many]


def test_a_side_that_the_painter_does_not_know_is_refused_with_those_it_does(card: Card) -> None:
    with pytest.raises(UnknownInput, match="choose one of 32, 128"):
        wishes.recipe(card=card, label="blobs", seed=5, side=64)


def test_one_file_holds_both_networks_and_either_can_be_read_alone(card: Card, enlarger: Enlarger) -> None:
    again = open_enlarger(card.weights, card.facts)
    assert isinstance(again, Enlarger)
    assert torch.allclose(again.first.weight, enlarger.first.weight, atol=1e-3)
    assert open_enlarger(card.weights, {"asks": {}}) is None
    assert open_generator(card.weights, CONFIG).config.side == 32


def test_a_card_may_ask_for_smooth_enlarging(card: Card) -> None:
    smooth = replace(card, facts={**card.facts, "enlarger": {"times": 4}})
    large, small = (wishes.recipe(card=smooth, label="blobs", seed=5, side=side) for side in (None, 32))
    pictures = cook(smooth, [large, small])
    assert [(p.width, p.height) for p in pictures] == [(128, 128), (32, 32)]
    both = [np.frombuffer(p.pixels, np.uint8).reshape(32, p.height // 32, 32, -1, 3).mean((1, 3)) for p in pictures]
    assert np.corrcoef(both[0].ravel(), both[1].ravel())[0, 1] > 0.95


def test_a_pair_is_a_patch_and_the_same_patch_made_small(paintings: Paintings) -> None:
    for times in (2, 4):
        large, small = draw_pairs(paintings, 5, np.random.default_rng(2), times)
        assert (large.shape, small.shape) == ((5, 3, 128, 128), (5, 3, 128 // times, 128 // times))
        assert (torch.nn.functional.avg_pool2d(large, times) - small).abs().mean() < 0.02


def test_soiling_leaves_some_as_they_are_and_none_unlike_itself() -> None:
    small = torch.rand(40, 3, 32, 32) * 2 - 1
    moved = (soil(small, torch.Generator().manual_seed(3)) - small).flatten(1).std(1)
    assert 5 < int((moved == 0).sum()) < 25
    assert moved.max() < small.std()


def _digest(run: Run) -> str:
    tensors = [*run.enlarger.state_dict().values(), *run.ema.state_dict().values()]
    tensors += run.discriminator.state_dict().values()
    return hashlib.sha256(b"".join(tensor.numpy().tobytes() for tensor in tensors)).hexdigest()


def test_a_resumed_run_equals_an_uninterrupted_one(paintings: Paintings, generator: Generator, tmp_path: Path) -> None:
    seen: list[Losses] = []
    whole = train(QUICK, tmp_path / "whole", paintings, generator, seen.append)
    first = Run(QUICK, paintings, generator)
    first.step()
    first.save(tmp_path / "checkpoint.safetensors")
    second = train(QUICK, tmp_path, paintings, generator, seen.append)
    assert _digest(second) == _digest(whole)
    assert seen[-1].told > 0
    assert (tmp_path / "pairs-000012.png").is_file()


def test_the_judge_tells_good_enlarging_from_bad(paintings: Paintings, generator: Generator) -> None:
    class Noise(Enlarger):
        """Enlarges, and spoils."""

        def forward(self, pictures: torch.Tensor) -> torch.Tensor:
            return smoothly(pictures, self.times) + torch.randn(len(pictures), 3, 128, 128)

    scores = judge_enlarger(Noise((8, 8, 8)), generator, paintings, paintings, count=24)
    assert scores.lost_smooth < scores.lost_enlarged
    assert scores.patches == 24
