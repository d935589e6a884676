"""What can be wrong at the desk: who may not, what is not taken, what others have decided; see `gallery.errors`."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import BadWish, NotAllowed, NotThere


class NotSignedIn(NotAllowed):
    """No session, or one that is forged, outworn, of an older password or of a disabled account."""


class WrongPassword(NotAllowed):
    """The password is not that of the name, or there is no such name; which of the two is not told."""


@dataclass(eq=False)
class LockedOut(NotAllowed):
    """Too many attempts, by this visitor or by that name; in `minutes` minutes the next is taken."""

    minutes: int


class DoorBusy(NotAllowed):
    """Others are signing in, more than can be looked at now."""


class KeepersOnly(NotAllowed):
    """A page for keepers, asked for by a curator."""


@dataclass(eq=False)
class BadReason(BadWish):
    """A reason that is not on the list."""

    reason: object


class AlreadyReported(BadWish):
    """This visitor has reported the work before."""


@dataclass(eq=False)
class TooManyReports(BadWish):
    """More than `most` reports within an hour."""

    most: int


@dataclass(eq=False)
class AlreadyDecided(BadWish):
    """Somebody else has decided about the work meanwhile."""

    work: int


class NothingToUndo(BadWish):
    """This curator has decided nothing that still stands."""


@dataclass(eq=False)
class Overtaken(BadWish):
    """Another decision about the work has come after the one that should be taken back."""

    work: int


class NotOdd(BadWish):
    """Votes that no rule finds any longer; they may have been set aside, or taken back, meanwhile."""


class NotAside(BadWish):
    """Votes that are not set aside, or count again already."""


@dataclass(eq=False)
class BadName(BadWish):
    """A name of a curator that is empty, too long or not of plain letters, digits, - and _."""

    name: str


@dataclass(eq=False)
class NameTaken(BadWish):
    """There is an account of that name, perhaps a disabled one."""

    name: str


@dataclass(eq=False)
class ShortPassword(BadWish):
    """A password of fewer than `least` characters."""

    least: int


@dataclass(eq=False)
class LongPassword(BadWish):
    """A password of more than `most` characters."""

    most: int


class CommonPassword(BadWish):
    """One of the passwords that are guessed first."""


class OtherPassword(BadWish):
    """A new password that was typed differently the second time."""


@dataclass(eq=False)
class NoSuchCurator(NotThere):
    """No account of that name."""

    name: str


class NoSuchColleague(NoSuchCurator):
    """Nobody to share a collection with goes by that name: nobody at all, a shut account, or its owner."""
