"""What can be wrong in a live room; the tree is drawn in `gallery.errors`."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import BadWish, NotThere


@dataclass(eq=False)
class NoSuchRoom(NotThere):
    """No room has that code."""

    code: object


@dataclass(eq=False)
class BadMessage(BadWish):
    """A message that is none of ours; `part` names what is wrong with it, for whoever writes to the socket."""

    part: str


class OldMessage(BadWish):
    """A message of another version of the page."""


@dataclass(eq=False)
class LongMessage(BadWish):
    """More than `most` characters in one message."""

    most: int


class OtherRoom(BadWish):
    """A message that is meant for another room."""


class TooFast(BadWish):
    """More messages than one person can mean."""


@dataclass(eq=False)
class TooManyScreens(BadWish):
    """More than `most` screens in one room, or of one visitor there."""

    most: int


@dataclass(eq=False)
class TooManyRooms(BadWish):
    """One visitor has `most` rooms open already."""

    most: int


@dataclass(eq=False)
class OddRoom(BadWish):
    """A wish for a room of a kind, length of turn or parent that there is none of."""

    part: str


class NotAMember(BadWish):
    """An act of somebody who only looks on."""


class NotTheOwner(BadWish):
    """What only the one who opened the room may do."""


class NoSuchMember(BadWish):
    """Nobody in the room has that number."""


@dataclass(eq=False)
class RoomFull(BadWish):
    """All `most` seats are taken."""

    most: int


class RoomEnded(BadWish):
    """An act in a room that has ended."""


class EmptyName(BadWish):
    """A name of nothing but blanks."""


@dataclass(eq=False)
class LongName(BadWish):
    """A name of more than `most` characters."""

    length: int
    most: int


class EmptyWords(BadWish):
    """Nothing was said."""


@dataclass(eq=False)
class LongWords(BadWish):
    """More than `most` characters in one line of talk."""

    length: int
    most: int


class Muted(BadWish):
    """The owner has asked for silence."""


class SeatTaken(BadWish):
    """The seat that is asked for, or that was this member's, is somebody else's now."""


class OtherSeat(BadWish):
    """A step that is another seat's to do."""


class HousesStep(BadWish):
    """The house is doing this step."""


@dataclass(eq=False)
class NoMoreDeals(BadWish):
    """Other paintings have been asked for `most` times in this round."""

    most: int


class StillGoing(BadWish):
    """What is only offered once a room has ended."""


@dataclass(eq=False)
class FewGenerations(BadWish):
    """A film of fewer than `fewest` generations."""

    fewest: int


class NotBegun(BadWish):
    """A turn in a game that has not begun."""


class BegunAlready(BadWish):
    """A beginning of what has begun."""


@dataclass(eq=False)
class NotYourTurn(BadWish):
    """It is somebody else's turn: theirs who is named, or the poet's for an empty name."""

    name: str


class PoetsTurn(BadWish):
    """The poet is writing this line."""


class PastTurn(BadWish):
    """The line or generation that was meant is no longer the one at hand."""


@dataclass(eq=False)
class LineWidth(BadWish):
    """A line of another length than the form's."""

    count: int
    most: int


@dataclass(eq=False)
class OnlyHan(BadWish):
    """A letter, digit or emoji in a line of verse."""

    character: str


class NoSuchChild(BadWish):
    """No picture of that number is in that generation."""


class NoVotes(BadWish):
    """A next generation before anybody has voted."""


class NotFinished(BadWish):
    """The poem of the room is not finished, so it cannot be kept."""
