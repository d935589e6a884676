"""Shoot: from two to eight of a visitor's paintings to a film that passes through all of them and begins again.

The frames are ordinary recipes (models/painting_gan/loop.py) and go through the queue in the visitor's turn, a few at
a time, so that a film holds nobody up and ends when its visitor leaves. What is shot lies among the reels in memory
until it is saved, as drafts do. Its recipe holds the stations' recipes and the seconds, and makes it again.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import closing
from dataclasses import dataclass

import db
from db import NewWork, WorkRecord
from gallery import errors, film
from gallery.images import Pixels, encode_png, thumbnail
from gallery.journeys import Draft, House, Parents, cook, mount, outcome, store_errors
from gallery.journeys.create import Patience, Waiting, check_signature, check_title, hang_work, own_draft
from gallery.journeys.descend import latent_dim, own_paintings, parents_of
from gallery.journeys.wellbeing import check_hanging
from gallery.visitors import Visitor
from models.recipe import Picture, Recipe, Result

STATIONS = (2, 8)
AHEAD = 8  # frames that are asked for at once: one run of the painter
LOOK_UP_EVERY_S = 0.25  # that the next frame is waited for is told so often, so that who looks on may break off


@dataclass(frozen=True)
class Painted:
    """So many of the frames are painted; the last of them."""

    done: int
    total: int
    frame: Picture


@dataclass(frozen=True)
class Shot:
    """The film as a draft that can be saved."""

    draft: Draft


def shoot(
    house: House, tokens: Sequence[str], seconds: object, visitor: Visitor
) -> Generator[Painted | Waiting | Shot]:
    """A film through these drafts of the visitor's, in their order, as it comes to be.

    Raises at once BadFilm, BadSeconds, TwoPainters, TwoAges, DraftGone or NotYourDraft, and EngineTrouble at any time.
    Closing the iterator cancels what still waits.
    """
    stations = _stations(house, tokens, visitor)
    low, high = film.SECONDS
    if isinstance(seconds, bool) or not isinstance(seconds, int) or not low <= seconds <= high:
        raise errors.BadSeconds(str(seconds)[:20], low, high)
    dim = latent_dim(house, stations[0].recipe)
    recipe = mount.recipe_of_film([draft.recipe for draft in stations], seconds, dim)
    parents = tuple(one for draft in stations for one in parents_of(house, draft, "filmed"))
    return roll(house, recipe, tuple(dict.fromkeys(parents)), visitor, secrets.token_hex(16))


def _stations(house: House, tokens: Sequence[str], visitor: Visitor) -> list[Draft]:
    low, high = STATIONS
    if not low <= len(tokens) <= high:
        raise errors.BadFilm(len(tokens), low, high)
    return own_paintings(house, tokens, visitor)


def roll(
    house: House, recipe: Recipe, parents: Parents, visitor: Visitor, name: str
) -> Generator[Painted | Waiting | Shot]:
    """The film of that recipe as it comes to be, a draft of that name in the end; raises EngineTrouble."""
    frames, camera = mount.parts_of(recipe), mount.Camera(recipe)
    with closing(camera):
        for done, frame in _paint(house, frames, visitor):
            if isinstance(frame, Waiting):
                yield frame
                continue
            camera.take(frame)
            yield Painted(done, len(frames), frame)
        with mount.room_on(house):
            made = camera.film()
    draft = Draft(name, house.signer.draft_token(visitor, name), "film", recipe, made, house.clock(), parents)
    house.reels.keep(draft)
    yield Shot(draft)


def _paint(house: House, frames: Sequence[Recipe], visitor: Visitor) -> Iterator[tuple[int, Picture | Waiting]]:
    """Every frame in its order with how many there are then; no more than AHEAD of them wait in the queue."""
    waiting, patience, left = deque[Future[Result]](), Patience(house), iter(frames)
    try:
        for done in range(len(frames)):
            while len(waiting) < AHEAD and (recipe := next(left, None)) is not None:
                waiting.append(cook(house, recipe, visitor=visitor))
            while not wait([waiting[0]], LOOK_UP_EVERY_S).done:
                place = patience.place(visitor)
                yield done, Waiting(place.ahead, place.wait_s) if place else Waiting(0, 0.0)
            made = outcome(house, waiting.popleft())
            assert isinstance(made, Picture)  # noqa: S101 (a painting's recipe makes a picture)
            patience.renew()
            yield done + 1, made
    finally:
        for future in waiting:
            future.cancel()


def look(house: House, token: str, visitor: Visitor) -> bytes:
    """The film of that token as a WebP, for its maker; raises DraftGone, NotYourDraft."""
    return _film(_own(house, token, visitor)).cut.webp


def save(house: House, token: str, visitor: Visitor, title: str, signature: str = "") -> WorkRecord:
    """Hangs the film; on return it is on the disk. The same token again returns the same work unchanged.

    Raises EmptyTitle, LongTitle, LongSignature, OddCharacters, DraftGone, NotYourDraft, LittleRoom or StoreTrouble,
    after which nothing is kept.
    """
    title, signature = check_title(title), check_signature(signature)
    name = own_draft(house, token, visitor)
    with store_errors(house.settings.home):
        with house.db.reading() as tx:
            hung = db.works.find_by_draft(tx, name)
        if hung is not None:
            return hung
        check_hanging(house, visitor)
        draft = _own(house, token, visitor)
        return hang_work(house, new_work(house, draft, visitor, title, signature), draft.parents)


def _own(house: House, token: str, visitor: Visitor) -> Draft:
    draft = house.reels.find(own_draft(house, token, visitor))
    if draft is None:
        raise errors.DraftGone()
    return draft


def _film(draft: Draft) -> mount.Film:
    assert isinstance(draft.result, mount.Film)  # noqa: S101 (nothing else lies among the reels)
    return draft.result


def new_work(house: House, draft: Draft, maker: Visitor, title: str, signature: str) -> NewWork:
    """The row of a film; its four files are on the disk when it returns."""
    made, recipe = _film(draft), draft.recipe.to_json()
    poster = Pixels(made.pixels, made.width, made.height)
    return NewWork(
        "film",
        title,
        signature,
        maker.id,
        created_ms=house.now_ms(),
        recipe=recipe,
        draft=draft.id,
        subject=str(mount.stations_of(draft.recipe)[0].inputs["label"]),
        picture=house.files.put(encode_png(poster, recipe=recipe)),
        thumb=house.files.put(thumbnail(poster)),
        width=poster.width,
        height=poster.height,
        film=house.files.put(made.cut.mp4),
        loop=house.files.put(made.cut.webp),
    )
