"""A wall of paintings of all sorts, and visitors who choose among them by a taste that the test knows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

import db
from db import Act, NewBallot
from gallery.journeys import House
from gallery.journeys.features import PICTURE, of_traits
from gallery.liking import Numbers, chances
from gallery.visitors import Visitor
from tests.db.test_works import PAINTING

WORKS = 60  # among which is chosen


def traits(dice: np.random.Generator) -> bytes:
    """What is kept of a painting that is light or dark, busy or calm, in parts more than in others."""
    whole = np.repeat(dice.normal(0, 24, 7), (36, 9, 9, 9, 9, 3, 3))
    return np.clip(whole + dice.normal(0, 9, 78), -127, 127).astype(np.int8).tobytes()


def hang(house: House, first: int, last: int, seed: int) -> None:
    """Hangs paintings with those numbers, by nobody in particular."""
    dice = np.random.default_rng(seed)
    with house.db.writing() as tx:
        for number in range(first, last + 1):
            db.works.add(tx, replace(PAINTING, draft=f"p{number}"), score=3.0)
            db.looks.keep(tx, number, traits=traits(dice), placeholder=b"", codes=())


def placed(house: House, last: int = WORKS) -> Numbers:
    """The features of paintings 1 to `last` in spreads, by number; nothing is at 0."""
    with house.db.reading() as tx:
        kept = db.tastes.kept_of(tx, range(1, last + 1))
    rows = np.array([of_traits(one.traits or b"") for one in kept.values()])
    return np.vstack([np.zeros(len(PICTURE)), (rows - rows.mean(axis=0)) / rows.std(axis=0)])


def two_of(dice: np.random.Generator) -> tuple[int, int]:
    """Any two of the paintings that are chosen among."""
    left, right = dice.choice(np.arange(1, WORKS + 1), 2, replace=False)
    return int(left), int(right)


def judge(house: House, count: int, likes: dict[str, float], *, voters: int = 20, seed: int = 7) -> None:
    """Duels between any two paintings by visitors who choose by the odds of that taste."""
    dice, at = np.random.default_rng(seed), placed(house)
    weights = np.array([likes.get(name, 0.0) for name in PICTURE])
    minute = house.now_ms() // 60_000
    with house.db.writing() as tx:
        for number in range(count):
            left, right = two_of(dice)
            odds = chances((at[left] - at[right])[None, :], weights)[0]
            entry = NewBallot("left" if dice.random() < odds else "right", "painting", left, right)
            db.ballots.append(tx, entry, visitor=f"{number % voters:032x}", minute=minute)


def choose(house: House, visitor: Visitor, duels: int, name: str, *, more: bool = True) -> set[int]:
    """Duels in which the visitor always chooses the one that has more of a feature, or less; the works they met."""
    at, dice, met = placed(house)[:, PICTURE.index(name)], np.random.default_rng(5), set[int]()
    with house.db.writing() as tx:
        for _ in range(duels):
            left, right = two_of(dice)
            choice: Act = "left" if bool(at[left] > at[right]) == more else "right"
            db.ballots.append(tx, NewBallot(choice, "painting", left, right), visitor=visitor.id, minute=1)
            met |= {left, right}
    return met
