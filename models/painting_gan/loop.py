"""A loop through paintings: the recipes of the frames of a film that passes each station and ends where it began.

Everything that makes a painting what it is (latent, ink, truncation, sliders) is one point; the film runs along the
closed cubic through the stations' points, whose tangents are the differences of their neighbours (Catmull & Rom 1974),
and takes time between two of them in proportion to how far apart they are, so that it neither rushes nor stands still.
Latents are put back on the sphere on which the generator knows them. Pure numpy, as genome.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.painting_gan.genome import Latent, latent_of, pack, unpack
from models.painting_gan.wishes import NO_SLIDERS, STEERING, TRUNCATION
from models.recipe import Recipe

NEAR = 0.2  # the least way between two stations, in radians, so that two alike still take a moment
Points = NDArray[np.float64]  # (stations or frames, numbers)


def frames(stations: Sequence[Recipe], count: int, dim: int) -> tuple[Recipe, ...]:
    """The recipes of `count` frames, the first of which is the first station. The stations are of one painter.

    Each frame is a child of its own latent, without mutation. dim: the length of a latent.
    """
    names = sorted({name for one in stations for name in one.parameters if name not in NO_SLIDERS})
    inked = any("ink" in one.inputs for one in stations)
    points = np.stack([_point(one, names, dim) for one in stations])
    return tuple(_frame(stations[0], point, names, dim, inked) for point in follow(points, _ways(points, dim), count))


def _point(recipe: Recipe, names: Sequence[str], dim: int) -> Points:
    z = latent_of(recipe, dim)
    ink = unpack(recipe.inputs["ink"], dim) if "ink" in recipe.inputs else z
    places = [float(recipe.parameters.get(name, 0.0)) for name in ("truncation", *names)]
    return np.concatenate([_on_sphere(z), _on_sphere(ink), places]).astype(np.float64)


def _on_sphere(z: Latent | Points) -> Points:
    return np.asarray(z / np.sqrt(np.mean(np.square(z, dtype=np.float64))), dtype=np.float64)


def _ways(points: Points, dim: int) -> Points:
    """(stations,) how far it is from each to the next: angles of latent and ink in radians, sliders by their range."""
    following = np.roll(points, -1, axis=0)
    cosines = [
        np.clip((points[:, part] * following[:, part]).mean(1), -1, 1) for part in (slice(dim), slice(dim, 2 * dim))
    ]
    moved = (points[:, 2 * dim :] - following[:, 2 * dim :]) / STEERING
    far = np.sqrt(np.sum([np.arccos(c) ** 2 for c in cosines], axis=0) / 2 + (moved**2).sum(1))
    return np.asarray(np.maximum(NEAR, far))


def follow(points: Points, ways: Points, count: int) -> Points:
    """`count` points, evenly in time, of the closed curve through `points` (N, D), `ways` (N,) apart.

    >>> square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
    >>> follow(square, np.ones(4), 8)[[0, 2, 3]].round(2).tolist()
    [[0.0, 0.0], [1.0, 0.0], [1.12, 0.5]]
    """
    before, after = np.roll(points, 1, axis=0), np.roll(points, -1, axis=0)
    slopes = (after - before) / (ways + np.roll(ways, 1))[:, None]
    ends = np.cumsum(ways)
    times = np.arange(count) / count * ends[-1]
    at = np.searchsorted(ends, times, side="right").clip(max=len(ways) - 1)
    way = ways[at][:, None]
    t = (times - (ends[at] - ways[at]))[:, None] / way
    here, there = points[at], after[at]
    out, into = slopes[at] * way, np.roll(slopes, -1, axis=0)[at] * way
    bent = (2 * t**3 - 3 * t**2 + 1) * here + (t**3 - 2 * t**2 + t) * out
    return np.asarray(bent + (3 * t**2 - 2 * t**3) * there + (t**3 - t**2) * into)


def _frame(first: Recipe, point: Points, names: Sequence[str], dim: int, inked: bool) -> Recipe:
    z, ink, places = point[:dim], point[dim : 2 * dim], point[2 * dim :]
    inputs = {"label": first.inputs["label"], "parents": [pack(z.astype(np.float32))]}
    moved = dict(zip(names, np.clip(places[1:], -STEERING, STEERING).round(3).tolist(), strict=True))
    truncation = round(float(np.clip(places[0], *TRUNCATION)), 4)
    return replace(
        first,
        seed=0,
        inputs=inputs | ({"ink": pack(ink.astype(np.float32))} if inked else {}),
        parameters={"truncation": truncation, "mutation": 0.0}
        | {name: value for name, value in moved.items() if value},
    )
