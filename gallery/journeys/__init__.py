"""The journeys: all that the gallery does, one file per journey, each a function that takes the house first.

Here is the house itself, what a journey may count on: settings, database, files, engine, signer and the drafts that
nobody has saved yet. Errors of the database and of the file system become sentences for visitors here, once. Nothing
in this room knows of a browser; pages turn clicks into journeys and results into pictures.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

import db
from db import Db
from gallery import errors
from gallery.files import Files
from gallery.journeys.chronicle import Chronicle
from gallery.journeys.drafts import Draft as Draft
from gallery.journeys.drafts import Drafts
from gallery.journeys.drafts import Parents as Parents
from gallery.journeys.drafts import kind_of as kind_of
from gallery.journeys.shares import MAKING
from gallery.limits import Limits
from gallery.settings import Settings
from gallery.texts import Texts, load_texts
from gallery.visitors import Signer, Visitor, new_visitor, open_secret
from models import Card, catalogue, shelf
from models.engine import Closing, EngineError, Late, Place, QueueFull, Status
from models.likeness import Found, Likeness
from models.recipe import Kind, Recipe, RecipeError, Result, Stage

DRAFT_AGE_S = 2 * 3600
REELS = 24  # unsaved films kept in memory for all visitors together, of some four megabytes each
GRACE_S = 5.0  # the engine answers by its deadline; this much later it is taken for dead
_log = logging.getLogger(__name__)
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


class Engine(Protocol):
    """Where recipes are cooked; `models.engine` has the one that computes."""

    def submit(
        self, recipe: Recipe, *, deadline_s: float, on_stage: Callable[[Stage], None] | None = None, owner: str = ""
    ) -> Future[Result]:
        """Takes a recipe and promises its result; raises models.engine.QueueFull at once when too many wait."""

    def look(self, order: Likeness, *, deadline_s: float, owner: str = "") -> Future[Found]:
        """Takes one stretch of looking for a painting like a picture, as `submit` takes a recipe."""

    def processors(self) -> tuple[str, ...]:
        """What computes here, by device and kind of processor."""

    def place(self, owner: str) -> Place | None:
        """Where the owner's next job stands in the queue; None when none waits."""

    def status(self) -> Status:
        """How many wait and run, and how often a worker had to be started again."""


@dataclass(frozen=True)
class House:
    """All that a journey may count on. `clock` gives seconds since 1970-01-01 UTC; `reels` are the drafts of films; on
    the `bench` two scrolls or films can be mounted at a time, since that takes a processor as long as a painting does;
    at the `door` of the desk two passwords can be looked at, since each takes 64 MiB."""

    settings: Settings
    db: Db
    files: Files
    engine: Engine
    signer: Signer
    drafts: Drafts
    reels: Drafts
    cards: tuple[Card, ...] = field(default_factory=catalogue, repr=False)
    shelved: tuple[Card, ...] = field(default_factory=shelf, repr=False)
    texts: Texts = field(default_factory=load_texts, repr=False)
    clock: Callable[[], float] = time.time
    limits: Limits = field(default_factory=Limits, repr=False)
    chronicle: Chronicle = field(default_factory=Chronicle, repr=False)
    bench: threading.Semaphore = field(default_factory=lambda: threading.BoundedSemaphore(2), repr=False)
    door: threading.Semaphore = field(default_factory=lambda: threading.BoundedSemaphore(2), repr=False)

    def now_ms(self) -> int:
        """The time as the database keeps it."""
        return int(self.clock() * 1000)

    def card(self, kind: Kind) -> Card:
        """The network that makes works of this kind; raises ModelUnavailable."""
        for card in self.cards:
            if card.kind == kind:
                return card
        raise errors.ModelUnavailable(f"models/cards describes no network that makes a {kind}")

    def subjects(self) -> tuple[str, ...]:
        """What can be painted here, in the order of the cards."""
        painters = (card for card in self.cards if card.kind == "painting")
        return tuple(label for card in painters for label in card.facts["asks"]["labels"])

    def painter(self, subject: object) -> Card:
        """The network that paints this subject; raises UnknownSubject."""
        for card in self.cards:
            if card.kind == "painting" and subject in card.facts["asks"]["labels"]:
                return card
        raise errors.UnknownSubject(str(subject), ", ".join(self.subjects()))

    def maker_of(self, recipe: Recipe) -> Card | None:
        """The very network that the recipe names, at work here or on the shelf; None when it is neither."""
        wanted = recipe.model, recipe.weights
        return next((card for card in (*self.cards, *self.shelved) if (card.name, card.sha256) == wanted), None)

    def painter_of(self, recipe: Recipe) -> Card:
        """The network that a painting's recipe names, else whoever paints its subject now; raises UnknownSubject."""
        return self.maker_of(recipe) or self.painter(recipe.inputs["label"])

    def close(self) -> None:
        """Closes the database and lets the drafts go; the engine belongs to whoever made it."""
        self.db.close()
        self.drafts.close()
        self.reels.close()


def open_house(
    settings: Settings,
    engine: Engine,
    *,
    cards: tuple[Card, ...] | None = None,
    clock: Callable[[], float] = time.time,
) -> House:
    """Opens the home folder, making what is not there; warns of an SQLite that is too old. Raises StoreTrouble."""
    old = db.old_sqlite()
    if old is not None:
        _log.warning(load_texts().say("cli.old_sqlite", settings.language, version=old))
    files, database = open_store(settings)
    signer = _open_signer(settings.home)
    rack = partial(Drafts, age_s=DRAFT_AGE_S, clock=clock, folder=settings.home, floor=settings.disk_floor)
    drafts, reels = rack(most=settings.max_drafts), rack(most=REELS)
    now, before = (catalogue(), shelf()) if cards is None else (cards, ())
    limits = Limits(clock)
    return House(settings, database, files, engine, signer, drafts, reels, now, before, clock=clock, limits=limits)


def _open_signer(home: Path) -> Signer:
    try:
        with store_errors(home):
            return Signer(open_secret(home))
    except ValueError as error:
        raise errors.SecretBroken(str(home / "secret")) from error


def open_store(settings: Settings) -> tuple[Files, Db]:
    """The files and the database of a home, which is made where it is not there; raises StoreTrouble."""
    with store_errors(settings.home):
        settings.home.mkdir(parents=True, exist_ok=True)
        return Files(settings.home / "files"), db.open_db(settings.database_url)


def say(error: errors.GalleryError, language: str) -> str:
    """What the visitor is told, in one or two sentences of that language."""
    return load_texts().say(error.key, language, **error.values)


def visitor_of(house: House, cookie: str | None) -> tuple[Visitor, bool]:
    """The visitor who bears this cookie, and whether the cookie was good; if not, the visitor is a new one."""
    known = house.signer.read_cookie(cookie)
    return (known, True) if known else (new_visitor(), False)


@contextmanager
def store_errors(folder: Path) -> Iterator[None]:
    """Turns what disk and database say into StoreTrouble; any other error passes, for it is a mistake of ours."""
    try:
        yield
    except db.DbError as error:
        raise _database_trouble(error, folder) from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise errors.DiskFull() from error
        raise errors.CannotWrite(str(folder), error.strerror or str(error)) from error


def _database_trouble(error: db.DbError, folder: Path) -> errors.StoreTrouble:
    match error:
        case db.Busy():
            return errors.DatabaseBusy()
        case db.Full():
            return errors.DiskFull()
        case db.ReadOnly():
            return errors.CannotWrite(str(folder), str(error))
        case db.TooNew():
            return errors.DatabaseTooNew(str(error))
        case _:
            return errors.DatabaseBroken(str(error))


def cook(
    house: House, recipe: Recipe, on_stage: Callable[[Stage], None] | None = None, *, visitor: Visitor | None = None
) -> Future[Result]:
    """Hands one recipe to the engine, in this visitor's turn.

    Raises QueueFull or another EngineTrouble at once, TooMuchMade or TooMuchMadeNearby above a cap of an hour.
    """
    owner = "" if visitor is None else visitor.id
    if visitor is not None:
        MAKING.take(house.limits, visitor.id, visitor.near)
    try:
        return house.engine.submit(recipe, deadline_s=house.settings.deadline_s, on_stage=on_stage, owner=owner)
    except (EngineError, RecipeError) as error:
        raise engine_trouble(house, error) from error


def outcome(house: House, future: Future[Result]) -> Result:
    """What a finished future holds; raises EngineTrouble."""
    try:
        return future.result(timeout=house.settings.deadline_s + GRACE_S)
    except (EngineError, RecipeError, TimeoutError, CancelledError) as error:
        raise engine_trouble(house, error) from error


async def await_outcome(house: House, future: Future[Result]) -> Result:
    """The same without a thread that waits: hundreds may, while pages are served. Raises EngineTrouble."""
    try:
        return await asyncio.wait_for(asyncio.wrap_future(future), house.settings.deadline_s + GRACE_S)
    except (EngineError, RecipeError, TimeoutError) as error:
        raise engine_trouble(house, error) from error


def engine_trouble(house: House, error: Exception) -> errors.GalleryError:
    """What the visitor is told when the engine fails."""
    match error:
        case QueueFull():
            return errors.QueueFull(max(1, round(error.wait_s)))
        case Closing():
            return errors.Closing()
        case Late() | TimeoutError():
            return errors.TooSlow(round(house.settings.deadline_s))
        case RecipeError():
            return errors.ModelUnavailable(str(error))
        case _:
            return errors.WorkerDied()
