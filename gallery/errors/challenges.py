"""What can be wrong with a challenge, an entry or a vote in one; the tree is drawn in `gallery.errors`."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import BadWish, NotThere


@dataclass(eq=False)
class NotYetOpen(BadWish):
    """The challenge opens on that day."""

    opens: str


@dataclass(eq=False)
class ChallengeClosed(BadWish):
    """The challenge has closed on that day; nothing can be entered any more, and no vote counts."""

    closes: str


@dataclass(eq=False)
class StillOpen(BadWish):
    """The podium stands, and an exhibition can be made of it, only when the challenge has closed."""

    closes: str


@dataclass(eq=False)
class HungBefore(BadWish):
    """There is an exhibition of that challenge."""

    challenge: int


@dataclass(eq=False)
class OtherTheme(BadWish):
    """The work is not of the kind, subject or form that the challenge asks for."""

    work: int


@dataclass(eq=False)
class EnteredBefore(BadWish):
    """The work is entered already."""

    work: int


@dataclass(eq=False)
class TooManyEntries(BadWish):
    """This visitor has entered `most` works, and no more are taken of one."""

    most: int


@dataclass(eq=False)
class BadEntries(BadWish):
    """How many works each may enter is not 1 to `most`."""

    most: int


@dataclass(eq=False)
class FixedWhileOpen(BadWish):
    """A challenge that is open until that day has other words or a later last day, and nothing else of it changes."""

    closes: str


@dataclass(eq=False)
class FixedOnceClosed(BadWish):
    """A challenge that has closed on that day stays as it is."""

    closes: str


@dataclass(eq=False)
class NotYourEntry(NotThere):
    """Somebody else hung the work, and only its maker can enter it."""

    work: int


@dataclass(eq=False)
class NoSuchChallenge(NotThere):
    """No challenge of that number, or it was called off."""

    number: object
