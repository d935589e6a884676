"""Looking, a stretch at a time, for the painting that most resembles a picture: what is asked of a painter, and told.

A search takes seconds and a worker is shared, so it goes in stretches of well under a second: each is an order of its
own, takes its turn in the queue, and is handed what the one before it found out. The picture travels with the order
and lives as long; neither has a name, a maker or a place on a disk.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.recipe import Picture, Recipe

SEEN_SIDE = 64  # px to which a picture is reduced before it is looked at


@dataclass(frozen=True)
class Likeness:
    """A wish to go on looking. model, weights, label: as in a recipe. seen: SEEN_SIDE x SEEN_SIDE. state: what the last
    stretch found out, empty to begin with."""

    model: str
    weights: str
    label: str
    seen: Picture
    state: bytes = b""


@dataclass(frozen=True)
class Found:
    """What a stretch came to. done: 0 < done <= 1, the share of the way. distance: see inversion.py; smaller is more
    alike. so_far: the best painting, small; its recipe makes it as large as the house paints."""

    state: bytes
    done: float
    distance: float
    recipe: Recipe
    so_far: Picture
