"""What can be wrong with a question to the wall, with a tag, or with a search that is to keep a collection; see
`gallery.errors`."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import BadWish


@dataclass(eq=False)
class LongSearch(BadWish):
    """A question of more than `most` characters."""

    length: int
    most: int


@dataclass(eq=False)
class NothingToSearch(BadWish):
    """A question of nothing but punctuation and blanks."""

    asked: str


class BadCursor(BadWish):
    """A page of the wall that cannot be found again."""


@dataclass(eq=False)
class NoSuchTag(BadWish):
    """No tag bears that name, nor ever did, or it was put away."""

    name: str


@dataclass(eq=False)
class NotOnView(BadWish):
    """No exhibition of that name in the address hangs for everybody."""

    name: str


@dataclass(eq=False)
class TagTaken(BadWish):
    """A name that leads to another tag already."""

    name: str


class SameTag(BadWish):
    """Two tags to be merged that are one already."""


@dataclass(eq=False)
class TooManyTags(BadWish):
    """More than `most` tags and other names of them."""

    most: int


class KeptBySearch(BadWish):
    """Works to be put by hand into a collection that a search keeps, or taken out of it or moved in it."""


class NothingAsked(BadWish):
    """A search without any condition that is to keep a collection."""


@dataclass(eq=False)
class BadBounds(BadWish):
    """A score or a month of a search that is none, or a stretch that ends before it begins."""

    value: str


@dataclass(eq=False)
class TooManyMade(BadWish):
    """More than `most` works within an hour that programs of one neighbourhood have had made."""

    most: int
