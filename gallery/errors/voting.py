"""What can be wrong with a vote in a duel, and with what is to be compared; the tree is drawn in `gallery.errors`."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import BadWish, NotThere


@dataclass(eq=False)
class BadChoice(BadWish):
    """Neither left nor right nor skip."""

    choice: object


class TooQuick(BadWish):
    """Less than a second after the pair was shown; nobody has looked."""


class AlreadyJudged(BadWish):
    """This visitor has judged the pair before, perhaps in another tab."""


@dataclass(eq=False)
class TooManyVotes(BadWish):
    """More than `most` votes within an hour."""

    most: int


@dataclass(eq=False)
class TooManyNearby(BadWish):
    """More than `most` votes within an hour from one neighbourhood of the internet."""

    most: int


@dataclass(eq=False)
class UndoLate(BadWish):
    """A vote is taken back within `seconds` seconds, and once, or not at all."""

    seconds: int


@dataclass(eq=False)
class UnknownKind(BadWish):
    """No works of that kind meet here."""

    kind: object


class PairForged(NotThere):
    """The token of the pair is not one of ours."""


class NotYourPair(NotThere):
    """The pair was given to somebody else."""


@dataclass(eq=False)
class PairExpired(NotThere):
    """The pair was shown more than `minutes` minutes ago."""

    minutes: int


class PairGone(NotThere):
    """One of the two is no longer shown."""


@dataclass(eq=False)
class NotSoMany(BadWish):
    """`count` works to be compared, and not `fewest` to `most`."""

    count: int
    fewest: int
    most: int
