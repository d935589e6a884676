"""Keep: what those who run the house do for it: one gallery at a time in a home, no file in it that a save which died
has left behind, and everything on the wall found where it should be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from filelock import FileLock, Timeout

import db
from gallery import errors
from gallery.files import GRACE_S, Sweep
from gallery.journeys import open_store, store_errors
from gallery.settings import Settings


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
