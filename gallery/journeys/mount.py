"""Mount: the recipe of a scroll, which holds the recipes of its painting and its poem and the layout, and its making.

Kept apart from inscribe.py, because whoever looks at a work (browse.py) must be able to make a scroll again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from typing import Any

from PIL import features

from gallery import errors, scroll
from gallery.journeys import House
from models.recipe import Picture, Poem, Recipe, Result

MODEL = "scroll"
PATIENCE_S = 20.0


def recipe_of(painting: Recipe, poem: Recipe, layout: scroll.Layout) -> Recipe:
    """All it takes to make the scroll again. The seed is the painting's; `weights` names fonts and way of drawing."""
    parts = {"painting": _fields(painting), "poem": _fields(poem)}
    return Recipe(MODEL, scroll.fingerprint(), painting.seed, parts, layout.choices(), dict(_versions()))


def layout_of(recipe: Recipe) -> scroll.Layout:
    """The layout that a scroll's recipe holds."""
    return scroll.Layout(**recipe.parameters)


def parts_of(recipe: Recipe) -> tuple[Recipe, ...]:
    """What networks must cook for a work: a scroll's painting and poem, any other work itself."""
    if recipe.model != MODEL:
        return (recipe,)
    return tuple(Recipe(**recipe.inputs[name]) for name in ("painting", "poem"))


def is_current(house: House, recipe: Recipe) -> bool:
    """Whether everything that made a work is still what is at work here."""
    known = {(card.name, card.sha256) for card in house.cards}
    mounted = recipe.model != MODEL or recipe.weights == scroll.fingerprint()
    return mounted and all((part.model, part.weights) in known for part in parts_of(recipe))


def finished(house: House, recipe: Recipe, results: Sequence[Result]) -> Result:
    """The work, once its parts are cooked; raises QueueFull when too many scrolls are being mounted."""
    if recipe.model != MODEL:
        return results[0]
    match results:
        case [Picture() as painting, Poem() as poem]:
            return mounted(house, painting, poem.lines, layout_of(recipe))
        case _:
            raise TypeError("a scroll is mounted of a picture and a poem")


def mounted(
    house: House, painting: Picture, lines: tuple[str, ...], layout: scroll.Layout, *, scale: float = 1.0
) -> Picture:
    """A painting and a verse as one picture; raises QueueFull when too many are being mounted."""
    with room_on(house):
        sheet = scroll.compose(
            scroll.Sheet(painting.pixels, painting.width, painting.height), lines, layout, scale=scale
        )
    return Picture(sheet.data, sheet.width, sheet.height)


@contextmanager
def room_on(house: House) -> Iterator[None]:
    """A place at the bench for what takes a processor for seconds; raises QueueFull."""
    if not house.bench.acquire(timeout=PATIENCE_S):
        raise errors.QueueFull(round(PATIENCE_S))
    try:
        yield
    finally:
        house.bench.release()


def _fields(recipe: Recipe) -> dict[str, Any]:
    """A recipe inside another one, as it comes back from JSON."""
    names = ("model", "weights", "seed", "inputs", "parameters", "versions")
    return {name: getattr(recipe, name) for name in names}


@cache
def _versions() -> dict[str, str]:
    """Of what draws; looked up once, since that reads the disk."""
    found = {name: version(name) for name in ("pillow", "numpy")}
    return found | {"freetype": str(features.version("freetype2"))}
