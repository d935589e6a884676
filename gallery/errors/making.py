"""What can be wrong with a wish for a work, its title and its signature; the tree is drawn in `gallery.errors`."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import BadWish


@dataclass(eq=False)
class UnknownSubject(BadWish):
    """No such subject of a painting."""

    subject: object
    allowed: str


@dataclass(eq=False)
class BadVariety(BadWish):
    """Variety out of range."""

    variety: object


@dataclass(eq=False)
class BadSeed(BadWish):
    """Not a whole number from 0 to 2**32 - 1."""

    seed: object


@dataclass(eq=False)
class BadCount(BadWish):
    """Not 1 to `most` works at a time."""

    count: object
    most: int


class EmptyTitle(BadWish):
    """A title of nothing but blanks."""


@dataclass(eq=False)
class LongTitle(BadWish):
    """A title of more than `most` characters."""

    length: int
    most: int


@dataclass(eq=False)
class LongSignature(BadWish):
    """A signature of more than `most` characters."""

    length: int
    most: int


@dataclass(eq=False)
class OddCharacters(BadWish):
    """A title or signature with control characters or marks that turn the direction of writing."""

    codepoint: str


@dataclass(eq=False)
class BadSlider(BadWish):
    """A slider, or how far children stray, out of range."""

    name: str
    value: object


class NothingChosen(BadWish):
    """An act on the chosen draft when none is chosen."""


class NoPartner(BadWish):
    """An act of two paintings when none is kept aside."""


@dataclass(eq=False)
class NotAPainting(BadWish):
    """Only a painting can be gone on from here."""

    work: int


@dataclass(eq=False)
class NotAPoem(BadWish):
    """Something else where only a poem can be answered or written on a scroll."""

    work: int


class NothingToInscribe(BadWish):
    """A scroll for which no painting or no poem is chosen."""


class OddLayout(BadWish):
    """A mount, silk, hand or seal that there is none of."""


@dataclass(eq=False)
class OtherWeights(BadWish):
    """The network that made the work is no longer here, so nothing can grow from it."""

    work: int


@dataclass(eq=False)
class NotEnlarged(BadWish):
    """A look at the painting before it was enlarged, for a work that never was."""

    work: int


@dataclass(eq=False)
class TooMuchMade(BadWish):
    """More than `most` works, or looks at one that is being steered, within an hour for one visitor."""

    most: int


@dataclass(eq=False)
class TooMuchMadeNearby(BadWish):
    """The same for all who come from one neighbourhood of the internet."""

    most: int


@dataclass(eq=False)
class TooManyHung(BadWish):
    """More than `most` works hung within an hour by one visitor."""

    most: int


@dataclass(eq=False)
class TooManyHungNearby(BadWish):
    """The same for all who come from one neighbourhood of the internet."""

    most: int
