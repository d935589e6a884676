"""What can be wrong when curators arrange collections and exhibitions; see `gallery.errors`."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import BadWish, NotAllowed, NotThere, StoreTrouble


class NoHeading(BadWish):
    """A collection or an exhibition without a title in either language."""


class Nameless(NoHeading):
    """A tag without a name in either language."""


@dataclass(eq=False)
class LongText(BadWish):
    """A title, note or wall text of more than `most` characters."""

    length: int
    most: int


class NothingWritten(BadWish):
    """A note of nothing but blanks."""


class NothingSelected(BadWish):
    """Works should be collected or hung, and none is chosen."""


@dataclass(eq=False)
class FullCollection(BadWish):
    """More than `most` works for one collection or room."""

    most: int


class InsideItself(BadWish):
    """A collection that should be nested in itself, or in what is nested in it."""


class ChangedSince(BadWish):
    """What should be taken back was taken back or changed again meanwhile."""


class ChangedMeanwhile(BadWish):
    """What a form should change was changed by another form after this one was drawn."""


@dataclass(eq=False)
class BadSlug(BadWish):
    """A name for the address of an exhibition that is empty, too long or not of plain letters, digits and -."""

    slug: str


@dataclass(eq=False)
class SlugTaken(BadWish):
    """There is an exhibition at that address, perhaps one that was taken down."""

    slug: str


@dataclass(eq=False)
class BadDay(BadWish):
    """A day of opening or closing that is none, or a closing before the opening."""

    day: str


@dataclass(eq=False)
class PastDay(BadDay):
    """A last day that has passed already."""

    today: str


class EmptyShow(BadWish):
    """An exhibition to be opened without a work on its walls."""


class NotYours(NotAllowed):
    """A collection, a note or an exhibition that this curator may see but not change."""


@dataclass(eq=False)
class NoSuchCollection(NotThere):
    """No collection of that number, or none that this curator may see."""

    number: object


class NoSuchNote(NotThere):
    """No note of that number."""


@dataclass(eq=False)
class NoSuchShow(NotThere):
    """No exhibition of that name, or no such version of it."""

    name: str


class NothingToTakeOut(BadWish):
    """A collection, an exhibition or a search without a work that can be seen."""


@dataclass(eq=False)
class TooManyWorks(BadWish):
    """More than `most` works to be taken out or printed at once."""

    most: int


class StillWriting(BadWish):
    """What this curator asked to be taken out before is not ready yet; one at a time."""


class ExportStopped(BadWish):
    """The curator stopped what was being written."""


class NoSuchExport(NotThere):
    """Nothing of that name was taken out, or not by this curator."""


@dataclass(eq=False)
class NotAnExport(StoreTrouble):
    """A folder to be brought in that take_out did not write, or that was changed since."""

    folder: str
    reason: str = ""


class NotUnpacked(NotAnExport):
    """What should be brought in is no folder: a zip that is still packed, or nothing at all."""


class NothingToBringIn(NotAnExport):
    """A folder without metadata.jsonl and without pictures."""
