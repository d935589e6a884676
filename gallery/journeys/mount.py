"""Mount: the recipes of works that are made of works, and their making: a scroll holds the recipes of its painting and
its poem and the layout, a film those of the paintings it passes and its seconds.

Kept apart from inscribe.py and shoot.py, because whoever looks at a work (browse.py) must be able to make it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from PIL import features

from gallery import errors, film, scroll
from gallery.journeys import House
from models.painting_gan.loop import frames
from models.poem_rnn.forms import set_out
from models.recipe import Picture, Poem, Recipe, Result, UnknownInput

MODEL = "scroll"
FILM = "film"
MOST_STATIONS = 24  # that a film passes
LONGEST_LATENT = 4096
PATIENCE_S = 20.0


def recipe_of(painting: Recipe, poem: Recipe, layout: scroll.Layout) -> Recipe:
    """All it takes to make the scroll again. The seed is the painting's; `weights` names fonts and way of drawing."""
    parts = {"painting": _fields(painting), "poem": _fields(poem)}
    return Recipe(MODEL, scroll.fingerprint(), painting.seed, parts, layout.choices(), dict(_versions()))


def layout_of(recipe: Recipe) -> scroll.Layout:
    """The layout that a scroll's recipe holds."""
    return scroll.Layout(**recipe.parameters)


def recipe_of_film(stations: Sequence[Recipe], seconds: int, latent_dim: int) -> Recipe:
    """All it takes to make the film again. The seed is the first station's; `weights` names the way of making films."""
    inputs = {"stations": [_fields(station) for station in stations], "latent_dim": latent_dim}
    return Recipe(FILM, film.fingerprint(), stations[0].seed, inputs, {"seconds": seconds}, film.versions())


def stations_of(recipe: Recipe) -> tuple[Recipe, ...]:
    """The paintings that a film passes."""
    return tuple(Recipe(**fields) for fields in recipe.inputs["stations"])


def painted_frames(recipe: Recipe) -> int:
    """How many frames are painted for a film of that recipe, which came from elsewhere; raises UnknownInput."""
    try:
        stations, seconds, dim = stations_of(recipe), recipe.parameters["seconds"], recipe.inputs["latent_dim"]
    except (KeyError, TypeError, AttributeError) as error:
        raise UnknownInput(f"not a film's recipe: {error}") from None
    low, high = film.SECONDS
    whole = all(isinstance(number, int) for number in (seconds, dim)) and low <= seconds <= high
    if recipe.model != FILM or not whole or not 0 < dim <= LONGEST_LATENT or not 0 < len(stations) <= MOST_STATIONS:
        raise UnknownInput(f"not a film's recipe: {seconds!r} s, {len(stations)} paintings of {dim!r} numbers")
    return int(seconds * film.PAINTED)


def parts_of(recipe: Recipe) -> tuple[Recipe, ...]:
    """What networks must cook for a work: a scroll's painting and poem, a film's frames, any other work itself."""
    if recipe.model == FILM:
        return frames(
            stations_of(recipe), int(recipe.parameters["seconds"] * film.PAINTED), recipe.inputs["latent_dim"]
        )
    if recipe.model != MODEL:
        return (recipe,)
    return tuple(Recipe(**recipe.inputs[name]) for name in ("painting", "poem"))


def is_current(house: House, recipe: Recipe) -> bool:
    """Whether everything that made a work is still here, at work or on the shelf."""
    if recipe.model == FILM:
        return recipe.weights == film.fingerprint() and all(is_current(house, one) for one in stations_of(recipe))
    mounted = recipe.model != MODEL or recipe.weights == scroll.fingerprint()
    return mounted and all(house.maker_of(part) for part in parts_of(recipe))


@dataclass(frozen=True)
class Film(Picture):
    """A film: its poster, which is its first frame, and its files."""

    cut: film.Cut


class Camera:
    """Takes the frames of a film one by one, and gives the film; `close` leaves nothing of one that is broken off."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._reel: film.Reel | None = None
        self._first: Picture | None = None

    def take(self, frame: Result) -> None:
        """The next frame; raises TypeError for what is no picture."""
        if not isinstance(frame, Picture):
            raise TypeError("a film is made of pictures")
        if self._reel is None:  # which says of itself what the film is made of
            self._reel, self._first = film.Reel(frame.width, frame.height, self._recipe.to_json()), frame
        self._reel.add(frame.pixels)

    def film(self) -> Film:
        """All of it; raises ValueError before there is a frame."""
        if self._reel is None or self._first is None:
            raise ValueError("a film has at least one frame")
        return Film(self._first.pixels, self._first.width, self._first.height, self._reel.cut())

    def close(self) -> None:
        """Lets go of what lies on the disk."""
        if self._reel is not None:
            self._reel.close()


def developed(house: House, recipe: Recipe, painted: Sequence[Result]) -> Film:
    """The film of its frames; raises QueueFull when too much is being mounted."""
    with room_on(house), closing(Camera(recipe)) as camera:
        for frame in painted:
            camera.take(frame)
        return camera.film()


def finished(house: House, recipe: Recipe, results: Sequence[Result]) -> Result:
    """The work, once its parts are cooked; raises QueueFull when too many are being mounted."""
    if recipe.model == FILM:
        return developed(house, recipe, results)
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
            scroll.Sheet(painting.pixels, painting.width, painting.height), set_out(lines), layout, scale=scale
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
