"""Looking for a painting like a picture: nearer with every stretch, by turns with others, and forgetful."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from models import find_card, load
from models.engine import Engine, JobFailed
from models.likeness import SEEN_SIDE, Found, Likeness
from models.painting_gan import wishes
from models.painting_gan.inversion import Inverter, compare, pyramid
from models.painting_gan.sample import Painter
from models.recipe import Picture, UnknownInput, WrongWeights
from models.wire import pack_found, pack_order, read_found, read_order, unpack

CARD = find_card("painting-shanshui")


@pytest.fixture(scope="module")
def painter() -> Iterator[Painter]:
    """The shipped painter, on one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    found = load(CARD)
    assert isinstance(found, Painter)
    yield found
    torch.set_num_threads(before)


def hills() -> Picture:
    """A dark triangle on pale paper."""
    y, x = np.mgrid[0:SEEN_SIDE, 0:SEEN_SIDE]
    light = np.where(y > 12 + 1.4 * np.abs(x - 40), 60, 215).astype(np.uint8)
    return Picture(np.repeat(light[:, :, None], 3, axis=2).tobytes(), SEEN_SIDE, SEEN_SIDE)


def begin(seen: Picture | None = None) -> Likeness:
    return Likeness(CARD.name, CARD.sha256, "shanshui", seen or hills())


def test_a_search_comes_nearer_and_ends_with_a_recipe_of_that_painting(painter: Painter) -> None:
    order, distances = begin(), []
    while True:
        found = painter.look(order)
        distances.append(found.distance)
        if found.done >= 1:
            break
        order = replace(order, state=found.state)
    assert distances[-1] < 0.8 * distances[0]
    small = replace(found.recipe, inputs={**found.recipe.inputs, "side": wishes.sides(CARD)[0]})
    (again,) = painter.run([small], lambda i, stage: None, lambda i: False)
    assert isinstance(again, Picture)
    drift = np.frombuffer(again.pixels, np.uint8).astype(int) - np.frombuffer(found.so_far.pixels, np.uint8)
    assert np.abs(drift).mean() < 3  # latents are kept as 16-bit numbers


def test_a_painting_of_its_own_is_recognised_among_strangers(painter: Painter) -> None:
    inverter = Inverter(painter.generator)
    own = [level[7:8] for level in inverter.known]
    assert int(compare(inverter.known, own).argmin()) == 7
    assert float(compare(own, own)) == pytest.approx(0, abs=1e-4)


def test_tones_that_no_painting_has_are_brought_to_those_that_some_have(painter: Painter) -> None:
    inverter = Inverter(painter.generator)
    blue = torch.tensor([-1.0, -0.2, 1.0])[None, :, None, None].expand(1, 3, 64, 64)
    plain, brought = pyramid(blue), inverter.target(blue)
    known = inverter.known[-1][:, 2].mean((1, 2))  # yellow against blue
    assert plain[-1][0, 2].mean() < known.min()
    assert known.min() < brought[-1][0, 2].mean() < known.max()


def test_the_same_picture_leads_to_the_same_painting(painter: Painter) -> None:
    one, other = (painter.look(begin()) for _ in range(2))
    assert (one.recipe, one.state) == (other.recipe, other.state)


def test_orders_and_answers_survive_the_wire(painter: Painter) -> None:
    order = replace(begin(), state=b"\n\x00state")
    assert read_order(*pack_order(order)) == order
    found = painter.look(begin())
    assert read_found(*unpack(pack_found({"job": 1}, found))) == found


def test_a_look_and_a_painting_take_turns_in_one_engine() -> None:
    paint = wishes.recipe(card=CARD, label="shanshui", seed=3, side=wishes.sides(CARD)[0])
    with Engine() as engine:
        asked: list[Future[Any]] = [engine.look(begin(), deadline_s=120, owner="a")]
        asked += [engine.submit(paint, deadline_s=120, owner="b"), engine.look(begin(), deadline_s=120, owner="c")]
        first, picture, second = (future.result(timeout=120) for future in asked)
    assert isinstance(picture, Picture)
    assert isinstance(first, Found)
    assert first == second


def test_a_recipe_says_truly_that_it_was_found_or_says_nothing() -> None:
    plain = wishes.recipe(card=CARD, label="shanshui", seed=1)
    assert "found" not in plain.inputs
    with pytest.raises(UnknownInput, match="found is true"):
        wishes.check(replace(plain, inputs={**plain.inputs, "found": "perhaps"}), card=CARD)


def test_a_poet_cannot_look_and_other_weights_are_refused() -> None:
    poet = find_card("poem-tangsong")
    with Engine() as engine:
        with pytest.raises(WrongWeights):
            engine.look(replace(begin(), weights="0" * 64), deadline_s=60)
        asked = engine.look(replace(begin(), model=poet.name, weights=poet.sha256), deadline_s=120)
        with pytest.raises((JobFailed, ValueError), match="paints nothing"):
            asked.result(timeout=120)
