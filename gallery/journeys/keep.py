"""Keep: what those who run the house do for it: one gallery at a time in a home, no file in it that a save which died
has left behind, and everything on the wall found where it should be."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from filelock import FileLock, Timeout

import db
from gallery import errors, visitors
from gallery.files import GRACE_S, Sweep
from gallery.journeys import open_store, store_errors
from gallery.journeys.trash import DAY_MS, DAYS
from gallery.settings import Settings

BATCH = 50  # works that are erased at a time, so that nobody who saves waits for long
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Examined:
    """How many works can be seen, which the index has wrong, and how many cells count wrongly."""

    works: int
    ailing: tuple[int, ...]
    cells: int

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.ailing and not self.cells


def sweep(settings: Settings, *, remove: bool = False, grace_s: float = GRACE_S) -> Sweep:
    """Finds files that no work uses and that are older than the grace time; takes them away only if told to.

    Needs no engine and may run beside an open gallery. Raises StoreTrouble.
    """
    files, database = open_store(settings)

    def known(names: list[str]) -> set[str]:
        with database.reading() as tx:
            return db.works.known_files(tx, names)

    try:
        with store_errors(settings.home):
            return files.sweep(known, remove=remove, grace_s=grace_s)
    finally:
        database.close()


def erase(settings: Settings, now_s: float, *, remove: bool = True) -> int:
    """How many works were taken down by their makers more than DAYS days ago; erases them if told to.

    Their files belong to no work then, and a sweep takes them. May run beside an open gallery. Raises StoreTrouble.
    """
    before_ms = int(now_s * 1000) - DAYS * DAY_MS
    _, database = open_store(settings)
    try:
        with store_errors(settings.home):
            with database.reading() as tx:
                count = len(db.trash.due(tx, before_ms=before_ms))
            for _ in range(0, count if remove else 0, BATCH):
                with database.writing() as tx:
                    for number in db.trash.due(tx, before_ms=before_ms)[:BATCH]:
                        db.trash.erase(tx, number, at_ms=int(now_s * 1000))
            return count
    finally:
        database.close()


def tidy_now_and_then(settings: Settings, stop: threading.Event) -> None:
    """Until `stop`: once a day, what makers took down long ago is erased, and its files are taken away."""
    while True:
        try:
            if erase(settings, time.time()):
                sweep(settings, remove=True)
        except errors.GalleryError as error:
            _log.warning("nothing could be erased: %s", error)
        if stop.wait(DAY_MS / 1000):
            return


def examine(settings: Settings, *, rebuild: bool = False) -> Examined:
    """Reads every work and compares it with the wall's index, which is made anew first if told to.

    Needs no engine and may run beside an open gallery. Raises StoreTrouble.
    """
    _, database = open_store(settings)
    try:
        with store_errors(settings.home):
            if rebuild:
                db.search.rebuild(database)
            with database.reading() as tx:
                found = db.search.examine(tx)
                return Examined(sum(db.works.counts(tx).values()), found.works, found.cells)
    finally:
        database.close()


def renew_secret(settings: Settings, now_s: float, *, at_once: bool = False, forget: bool = False) -> bool:
    """Renews the key that signs cookies when it is SECRET_DAYS old, or at once; whether it did.

    Whoever has a cookie keeps it, unless the old keys are to be forgotten: then everybody is a new visitor, for when
    somebody may have read them. The house must be closed (`alone`). Raises StoreTrouble.
    """
    if not (at_once or forget) and visitors.secret_age_days(settings.home, now_s) < visitors.SECRET_DAYS:
        return False
    with store_errors(settings.home):
        try:
            visitors.renew_secret(settings.home, forget=forget)
        except ValueError as error:
            raise errors.SecretBroken(str(settings.home / "secret")) from error
    return True


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Keeps a second gallery, or a repair, out of this home as long as the block runs, and no longer than the process.

    Two would each keep drafts, queues and limits of their own. Raises HomeInUse, StoreTrouble.
    """
    with store_errors(settings.home):
        settings.home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(settings.home / "lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise errors.HomeInUse(str(settings.home)) from None
    try:
        yield
    finally:
        lock.release()
