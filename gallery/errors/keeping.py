"""What can be wrong when those who run the house look after it; the tree is drawn in `gallery.errors`."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import StoreTrouble


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
