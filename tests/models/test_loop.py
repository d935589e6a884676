"""The way of a film: through every station, smoothly, closed, and within what may be asked of a painting."""

from __future__ import annotations

import numpy as np
import pytest

from models.painting_gan import genome, loop, wishes
from models.recipe import Recipe
from tests.fakes import PAINTER

DIM = 128


def station(seed: int, **parameters: float) -> Recipe:
    return wishes.recipe(card=PAINTER, label="shanshui", seed=seed, **parameters)  # type: ignore[arg-type]


def turn(a: Recipe, b: Recipe) -> float:
    """The angle between two latents, in radians."""
    x, y = (genome.latent_of(one, DIM).astype(np.float64) for one in (a, b))
    return float(np.arccos(np.clip(x @ y / np.linalg.norm(x) / np.linalg.norm(y), -1, 1)))


def test_every_frame_may_be_asked_for_and_the_first_is_the_first_station() -> None:
    stations = [station(1, light=3.0), station(2, light=-3.0, warm=2.0), station(3)]
    frames = loop.frames(stations, 36, DIM)
    for frame in frames:
        wishes.check(frame, card=PAINTER)
    assert turn(frames[0], stations[0]) < 1e-3
    assert frames[0].parameters["light"] == 3.0


@pytest.mark.parametrize("seeds", [(1, 2), (1, 2, 3, 4, 5)])
def test_a_film_passes_every_station_and_never_jumps(seeds: tuple[int, ...]) -> None:
    stations = [station(seed) for seed in seeds]
    frames = loop.frames(stations, 144, DIM)
    for one in stations:
        assert min(turn(frame, one) for frame in frames) < 0.05
    steps = [turn(a, b) for a, b in zip(frames, (*frames[1:], frames[0]), strict=True)]
    assert max(steps) < 4 * np.mean(steps)


def test_the_ink_of_another_moves_along() -> None:
    inked = wishes.recipe(card=PAINTER, label="shanshui", seed=1, ink=genome.pack(genome.draw(9, DIM)))
    frames = loop.frames([inked, station(2)], 24, DIM)
    assert frames[0].inputs["ink"] == inked.inputs["ink"]
    assert len({str(frame.inputs["ink"]) for frame in frames}) == 13  # there, and back by the same way


def test_two_stations_alike_still_take_a_moment() -> None:
    frames = loop.frames([station(1), station(1), station(2)], 60, DIM)
    still = [frame for frame in frames if turn(frame, station(1)) < 0.1]
    assert 4 <= len(still) <= 20
