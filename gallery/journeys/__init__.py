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
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import db
from db import Db, How
from gallery import errors
from gallery.files import Files
from gallery.settings import Settings
from gallery.texts import Texts, load_texts
from gallery.visitors import Signer, Visitor, new_visitor, open_secret
from models import Card, catalogue
from models.engine import EngineError, Late, Place, QueueFull, Status
from models.likeness import Found, Likeness
from models.recipe import Kind, Picture, Recipe, RecipeError, Result, Stage

DRAFT_AGE_S = 2 * 3600
GRACE_S = 5.0  # the engine answers by its deadline; this much later it is taken for dead
_log = logging.getLogger(__name__)
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


Parents = tuple[tuple[int, How], ...]


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
class Draft:
    """A work that nobody has saved yet; `token` is the maker's right to save it, `id` its name in the records.

    parents: the hanging works it comes from, and how; through drafts that were never saved it inherits theirs.
    """

    id: str
    token: str
    kind: Kind
    recipe: Recipe
    result: Result
    created_s: float
    parents: Parents = ()


def kind_of(result: Result) -> Kind:
    """What a result is."""
    return "painting" if isinstance(result, Picture) else "poem"


class Drafts:
    """The last drafts of all visitors, in memory: at most `most` of them, none older than `age_s`. Thread-safe."""

    def __init__(self, *, most: int, age_s: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._age_s = age_s
        self._clock = clock
        self._drafts: OrderedDict[str, Draft] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._drafts)

    def keep(self, draft: Draft) -> None:
        """Keeps a draft; the one that was longest untouched goes when there is no more room."""
        with self._lock:
            self._drafts[draft.id] = draft
            while len(self._drafts) > self._most:
                self._drafts.popitem(last=False)

    def newest(self, maker: Visitor, kind: Kind, most: int) -> list[Draft]:
        """The last drafts of one visitor and kind, newest first."""
        with self._lock:
            mine = [d for d in self._drafts.values() if d.kind == kind and d.token.startswith(f"{maker.id}.")]
        mine.sort(key=lambda draft: draft.created_s)
        return mine[: -most - 1 : -1]

    def forget(self, name: str) -> None:
        """Lets a draft go that another has taken the place of."""
        with self._lock:
            self._drafts.pop(name, None)

    def find(self, name: str) -> Draft | None:
        """The draft of that name, or None when it is unknown or too old."""
        with self._lock:
            draft = self._drafts.get(name)
            if draft is None:
                return None
            if self._clock() - draft.created_s > self._age_s:
                del self._drafts[name]
                return None
            self._drafts.move_to_end(name)
            return draft


@dataclass(frozen=True)
class House:
    """All that a journey may count on. `clock` gives seconds since 1970-01-01 UTC; on the `bench` two scrolls can be
    mounted at a time, since that takes a processor as long as a painting does; at the `door` of the desk two passwords
    can be looked at, since each takes 64 MiB."""

    settings: Settings
    db: Db
    files: Files
    engine: Engine
    signer: Signer
    drafts: Drafts
    cards: tuple[Card, ...] = field(default_factory=catalogue, repr=False)
    texts: Texts = field(default_factory=load_texts, repr=False)
    clock: Callable[[], float] = time.time
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

    def close(self) -> None:
        """Closes the database; the engine belongs to whoever made it."""
        self.db.close()


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
    drafts = Drafts(most=settings.max_drafts, age_s=DRAFT_AGE_S, clock=clock)
    known = catalogue() if cards is None else cards
    return House(settings, database, files, engine, signer, drafts, known, load_texts(), clock)


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
    """Hands one recipe to the engine, in this visitor's turn; raises QueueFull or another EngineTrouble at once."""
    owner = "" if visitor is None else visitor.id
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
        case Late() | TimeoutError():
            return errors.TooSlow(round(house.settings.deadline_s))
        case RecipeError():
            return errors.ModelUnavailable(str(error))
        case _:
            return errors.WorkerDied()
