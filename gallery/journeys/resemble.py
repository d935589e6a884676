"""Resemble: from a picture of the visitor's own to the painting of ours that is most like it.

The picture is looked at in memory, small, and let go: it is written to no file, no row, no log and no draft. What is
kept, if the visitor saves it, is an ordinary painting, whose recipe has two latents and sliders and no pixel of what
it was found by. The search goes in short stretches, each in the visitor's turn of the queue, so that nobody waits for
a whole one and it ends when its visitor leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace

from gallery import errors
from gallery.images import BadImage, Pixels, decode, square
from gallery.journeys import GRACE_S, House, engine_trouble
from gallery.journeys.create import News, Plan, watch_plans
from gallery.visitors import Visitor
from models.engine import EngineError
from models.likeness import SEEN_SIDE, Found, Likeness
from models.recipe import Picture, RecipeError

LEAST_SIDE = 16  # px of a visitor's picture
MOST_STRETCHES = 64  # more than any search has: one that does not end is a mistake of ours, and must not run for ever


@dataclass(frozen=True)
class Closer:
    """How far a search is (0 < done <= 1), and the best painting so far, small."""

    done: float
    so_far: Picture


def resemble(house: House, upload: bytes, subject: str, visitor: Visitor) -> Iterator[Closer | News]:
    """The search for a painting of that subject like this PNG, JPEG or WebP, then the painting itself as a draft.

    Raises at once UnknownSubject, NotAPicture, TinyPicture or BlankPicture, and EngineTrouble at any time.
    """
    card = house.painter(subject)
    return _search(house, Likeness(card.name, card.sha256, subject, see(upload)), visitor)


def see(upload: bytes) -> Picture:
    """The middle of a stranger's picture, as small as it is looked at; raises as `resemble` does."""
    try:
        pixels = decode(upload)
    except BadImage as error:
        raise errors.NotAPicture() from error
    if min(pixels.width, pixels.height) < LEAST_SIDE:
        raise errors.TinyPicture(pixels.width, pixels.height, LEAST_SIDE)
    small = square(pixels, side=SEEN_SIDE)
    if _blank(small):
        raise errors.BlankPicture()
    return Picture(small.data, small.width, small.height)


def _blank(pixels: Pixels) -> bool:
    return all(max(channel) - min(channel) <= 2 for channel in (pixels.data[i::3] for i in range(3)))


def _search(house: House, order: Likeness, visitor: Visitor) -> Iterator[Closer | News]:
    for _ in range(MOST_STRETCHES):
        found = _stretch(house, order, visitor)
        yield Closer(found.done, found.so_far)
        if found.done >= 1:
            yield from watch_plans(house, [Plan(found.recipe)], visitor)
            return
        order = replace(order, state=found.state)
    raise errors.WorkerDied()


def _stretch(house: House, order: Likeness, visitor: Visitor) -> Found:
    future: Future[Found] | None = None
    try:
        future = house.engine.look(order, deadline_s=house.settings.deadline_s, owner=visitor.id)
        return future.result(timeout=house.settings.deadline_s + GRACE_S)
    except (EngineError, RecipeError, TimeoutError, CancelledError) as error:
        raise engine_trouble(house, error) from error
    finally:
        if future is not None:
            future.cancel()
