"""Keep: what those who run the house do for it. Now: take away the files that a save which died has left behind."""

from __future__ import annotations

import db
from gallery.files import GRACE_S, Sweep
from gallery.journeys import open_store, store_errors
from gallery.settings import Settings


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
