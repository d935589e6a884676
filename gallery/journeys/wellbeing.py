"""Wellbeing: can the house serve now, in figures, for whoever watches over it; and is there room to keep anything.

A disk that fills to the brim breaks more than a save, so nothing new is kept once less than the floor of the settings
is free; what is there is shown and rated as ever.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass

import db
from gallery import errors
from gallery.journeys import House, store_errors
from gallery.journeys.shares import HANGING
from gallery.visitors import HOUSE, Visitor
from models.engine import Status


@dataclass(frozen=True)
class Readiness:
    """Whether works can be shown, made and kept; bytes free on the disk of the home; works that can be seen by kind."""

    database: bool
    disk: bool
    worker: bool
    free: int
    works: Mapping[str, int]
    drafts: int
    engine: Status

    @property
    def ready(self) -> bool:
        """Whether visitors should be sent here."""
        return self.database and self.disk and self.worker


def readiness(house: House) -> Readiness:
    """How the house stands now; never raises."""
    try:
        with store_errors(house.settings.home), house.db.reading() as tx:
            works: Mapping[str, int] = {str(kind): count for kind, count in db.works.counts(tx).items()}
        database = True
    except errors.StoreTrouble:
        works, database = {}, False
    free, engine = free_bytes(house), house.engine.status()
    return Readiness(
        database=database,
        disk=free >= house.settings.disk_floor,
        worker=engine.waiting < house.settings.queue_size and not engine.closing,
        free=free,
        works=works,
        drafts=len(house.drafts),
        engine=engine,
    )


def free_bytes(house: House) -> int:
    """Bytes free on the disk of the home; 0 where it cannot be asked."""
    try:
        return shutil.disk_usage(house.settings.home).free
    except OSError:
        return 0


def check_room(house: House) -> None:
    """Raises DiskFull when less is free than the floor of the settings."""
    if free_bytes(house) < house.settings.disk_floor:
        raise errors.DiskFull()


def check_hanging(house: House, maker: Visitor) -> None:
    """Whether one more work of this maker may be hung; raises DiskFull, TooManyHung or TooManyHungNearby."""
    check_room(house)
    if maker != HOUSE:
        HANGING.take(house.limits, maker.id, maker.near)
