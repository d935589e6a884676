"""What can be wrong with what is kept: when those who run the house look after it, and when makers take works down; the
tree is drawn in `gallery.errors`."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import NotThere, StoreTrouble


@dataclass(eq=False)
class HomeInUse(StoreTrouble):
    """Another gallery, or a repair, is at work in this home."""

    folder: str


@dataclass(eq=False)
class HomeNotEmpty(StoreTrouble):
    """A backup is restored into an empty home only."""

    folder: str


@dataclass(eq=False)
class BackupExists(StoreTrouble):
    """A file of that name is there, and a backup never writes over anything."""

    path: str


@dataclass(eq=False)
class NotABackup(StoreTrouble):
    """The file is no backup of a gallery, or a part of one."""

    path: str


@dataclass(eq=False)
class BackupDamaged(StoreTrouble):
    """A part of the backup is not what its checksum promises."""

    path: str
    part: str


@dataclass(eq=False)
class TooIll(StoreTrouble):
    """So much is amiss that mending it piece by piece would hide what happened."""

    count: int
    most: int


@dataclass(eq=False)
class NotYourWork(NotThere):
    """Another visitor hung it."""

    work: int


@dataclass(eq=False)
class NotTakenDown(NotThere):
    """A work that this visitor has not taken down, or has brought back already."""

    work: int


@dataclass(eq=False)
class Erased(NotThere):
    """A work that was taken down more than `days` days ago."""

    work: int
    days: int
