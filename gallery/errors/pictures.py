"""Pictures of a visitor's own that cannot be painted from; a part of the tree in __init__.py."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import BadWish


@dataclass(eq=False)
class NotAPicture(BadWish):
    """Bytes that are no picture this gallery reads: damaged, foreign, or far too large."""


@dataclass(eq=False)
class TinyPicture(BadWish):
    """A picture in which there is hardly anything to see."""

    width: int
    height: int
    least: int


@dataclass(eq=False)
class BlankPicture(BadWish):
    """A sheet of one colour: nothing has been drawn or chosen."""


@dataclass(eq=False)
class TwoPainters(BadWish):
    """An act of two paintings that two networks painted: what one makes of a latent the other does not."""


class TwoAges(BadWish):
    """An act of two paintings of one painter, of which one was painted with weights that others have replaced since."""


@dataclass(eq=False)
class BadFilm(BadWish):
    """A film of too few paintings, or of too many."""

    count: int
    least: int
    most: int


@dataclass(eq=False)
class BadSeconds(BadWish):
    """A film that is too short or too long."""

    seconds: str
    least: int
    most: int
