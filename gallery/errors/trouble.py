"""What cannot be done now: the engine makes no work, or the store keeps none; see `gallery.errors`."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import EngineTrouble, StoreTrouble


@dataclass(eq=False)
class QueueFull(EngineTrouble):
    """Too many works wait already; in `wait_s` seconds there should be room."""

    wait_s: int


@dataclass(eq=False)
class TooSlow(EngineTrouble):
    """The work was not ready within `deadline_s` seconds."""

    deadline_s: int


class WorkerDied(EngineTrouble):
    """The process that holds the network ended; another is being started."""


@dataclass(eq=False)
class ModelUnavailable(EngineTrouble):
    """Weights are missing, or not those their card describes; `reason` is the English sentence for the log."""

    reason: str


class Closing(EngineTrouble):
    """The gallery is about to close, or to start again: nothing new is made."""


class StillMaking(EngineTrouble):
    """What this visitor asked to be made again is not ready yet; one at a time."""


class DiskFull(StoreTrouble):
    """No room on the disk."""


@dataclass(eq=False)
class CannotWrite(StoreTrouble):
    """The folder or the database cannot be written; `reason` is what the system says."""

    folder: str
    reason: str


class DatabaseBusy(StoreTrouble):
    """Another process holds the database."""


@dataclass(eq=False)
class DatabaseTooNew(StoreTrouble):
    """The database was written by a newer gallery."""

    found: str


@dataclass(eq=False)
class DatabaseBroken(StoreTrouble):
    """The database file cannot be read as one."""

    reason: str


@dataclass(eq=False)
class SecretBroken(StoreTrouble):
    """The file that signs cookies is damaged."""

    path: str
