"""Alike: paintings that look alike find each other, by the index as by comparing all, and nothing else is named."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

import db
from gallery.images import Pixels
from gallery.journeys import Draft, House, accounts, alike, browse, create, curate, trash
from gallery.journeys.accounts import Curator
from models.recipe import Picture
from tests.conftest import ALICE
from tests.db.test_works import PAINTING

SIDE = 64
WEN = Curator("wen", "curator")


def picture(sky: tuple[int, int, int], ground: tuple[int, int, int], horizon: float, seed: int = 0) -> Pixels:
    """A plain landscape with a little noise."""
    noise = np.random.default_rng(seed).integers(-6, 7, (SIDE, SIDE, 3))
    rows = np.arange(SIDE)[:, None, None] < horizon * SIDE
    pixels = np.clip(np.where(rows, np.array(sky), np.array(ground)) + noise, 0, 255).astype(np.uint8)
    return Pixels(pixels.tobytes(), SIDE, SIDE)


DUSK = picture((200, 120, 60), (60, 30, 20), 0.6)
SNOW = picture((220, 225, 230), (245, 245, 250), 0.5)


def hang(house: House, painted: Callable[..., Draft], seed: int, pixels: Pixels) -> int:
    draft = painted(seed)
    house.drafts.keep(replace(draft, result=Picture(pixels.data, pixels.width, pixels.height)))
    return create.save(house, draft.token, ALICE, f"painting {seed}").id


@pytest.fixture
def wall(house: House, painted: Callable[..., Draft]) -> House:
    """1 to 3 are dusk, a little different each; 4 and 5 are snow."""
    for seed in range(1, 4):
        hang(house, painted, seed, picture((200 + seed, 120, 60), (60, 30, 20 + seed), 0.6, seed))
    for seed in range(4, 6):
        hang(house, painted, seed, picture((220, 225, 230), (245, 245, 250), 0.5, seed))
    return house


def like(house: House, number: int) -> list[int]:
    return [one.id for one in browse.similar(house, browse.look(house, number).work)]


def test_paintings_that_look_alike_find_each_other(wall: House) -> None:
    assert sorted(like(wall, 1)) == [2, 3]
    assert like(wall, 4) == [5]


def test_what_is_hidden_is_not_named_and_what_is_erased_is_forgotten(wall: House) -> None:
    accounts.add(wall.settings, "wen", "correct horse battery", "curator", 1)
    curate.hide(wall, 2, "spam", WEN)
    assert like(wall, 1) == [3]
    trash.take_down(wall, 3, ALICE)
    with wall.db.writing() as tx:
        db.trash.erase(tx, 3, at_ms=wall.now_ms())
        assert db.looks.traits_of(tx, 3) is None
    assert like(wall, 1) == []


def test_the_picture_is_seen_whatever_its_size(wall: House) -> None:
    pixels = np.frombuffer(DUSK.data, np.uint8).reshape(SIDE, SIDE, 3)
    large = Pixels(pixels.repeat(4, 0).repeat(4, 1).tobytes(), 4 * SIDE, 4 * SIDE)
    same = alike.apart(alike.see(DUSK).traits, [alike.see(large).traits, alike.see(SNOW).traits])
    assert same[0] < 0.3
    assert same[1] > 1.5


def test_a_poem_is_like_poems_and_has_no_looks(wall: House, written: Callable[..., Draft]) -> None:
    poem = create.save(wall, written(9).token, ALICE, "poem")
    again = create.save(wall, written(9).token, ALICE, "again")
    assert like(wall, poem.id) == [again.id]
    with wall.db.reading() as tx:
        assert db.looks.traits_of(tx, poem.id) is None


def test_works_that_came_before_there_were_looks_are_seen_later(wall: House) -> None:
    with wall.db.writing() as tx:
        kept = [db.looks.traits_of(tx, number) for number in range(1, 6)]
        tx.exec_driver_sql("DELETE FROM looks")
        tx.exec_driver_sql("DELETE FROM alike")
    wall.files.path(browse.look(wall, 5).work.thumb or "").unlink()
    assert like(wall, 1) == []
    alike.catch_up(wall.settings, threading.Event(), pause_s=0)
    with wall.db.reading() as tx:
        assert [db.looks.traits_of(tx, number) for number in range(1, 6)] == [*kept[:4], None]
    assert sorted(like(wall, 1)) == [2, 3]


def blends(count: int) -> NDArray[np.int8]:
    """Traits as uneven as those of a wall: near one another in clusters of very different size."""
    chance = np.random.default_rng(3)
    centres = chance.normal(0, 32, (40, 78))
    chosen = (40 * chance.random(count) ** 2).astype(int)
    traits: NDArray[np.int8] = np.clip(centres[chosen] + chance.normal(0, 12, (count, 78)), -127, 127).astype(np.int8)
    return traits


def test_the_index_finds_what_comparing_all_finds(database: db.Db) -> None:
    traits = blends(2000)
    with database.writing() as tx:
        for number, one in enumerate(traits, 1):
            db.works.add(tx, replace(PAINTING, draft=f"d{number}"), score=3.0)
            db.looks.keep(tx, number, traits=one.tobytes(), placeholder=b"", codes=alike.codes_of(one))
    hits = 0
    with database.reading() as tx:
        for asked in range(0, 2000, 40):
            apart = alike.apart(traits[asked].tobytes(), [one.tobytes() for one in traits])
            apart[asked] = 9
            best = {int(n) + 1 for n in np.argsort(apart, kind="stable")[: alike.MOST] if apart[n] <= alike.FAR}
            hits += len(best & set(alike.nearest(tx, asked + 1, traits[asked].tobytes()))) == len(best)
    assert hits >= 45  # of 50; those of the largest clusters have some hundred as near


def test_codes_are_what_they_were_since_they_are_kept() -> None:
    """Planes drawn in another way would leave every older work out of reach."""
    assert alike.codes_of(alike.traits_of(DUSK))[:2] == (1029480845, 1440989564)
