"""Wishes for a poem that cannot be met, and texts that the checker cannot read; a part of the tree in __init__.py."""

from __future__ import annotations

from dataclasses import dataclass

from gallery.errors.base import BadWish


@dataclass(eq=False)
class UnknownForm(BadWish):
    """No such form of verse."""

    form: object
    allowed: str


@dataclass(eq=False)
class UnknownRhyme(BadWish):
    """No such rhyme group."""

    rhyme: object


@dataclass(eq=False)
class UnknownManner(BadWish):
    """No such poet to write in the manner of."""

    manner: object


@dataclass(eq=False)
class LineLength(BadWish):
    """A given line is not as long as the form's."""

    line: int
    count: int
    most: int


@dataclass(eq=False)
class LongAcrostic(BadWish):
    """An acrostic has more characters than the form has lines."""

    count: int
    most: int


@dataclass(eq=False)
class LongKeywords(BadWish):
    """More than `most` characters of keywords."""

    count: int
    most: int


@dataclass(eq=False)
class TwoWishes(BadWish):
    """Two characters are wished for at one place."""

    line: int
    column: int
    one: str
    other: str


@dataclass(eq=False)
class NotHan(BadWish):
    """A letter, digit or emoji where a Chinese character is needed."""

    character: str


@dataclass(eq=False)
class UnknownCharacter(BadWish):
    """A character that the network's vocabulary lacks."""

    character: str
    known: int


@dataclass(eq=False)
class ObliqueRhyme(BadWish):
    """An oblique character where the rhyme stands."""

    line: int
    character: str


@dataclass(eq=False)
class OffRhyme(BadWish):
    """A character that does not rhyme with the others, or is not of the group that was asked for."""

    line: int
    character: str
    own: str
    wanted: str


@dataclass(eq=False)
class OffToneLevel(BadWish):
    """A level character where every pattern that is left wants an oblique one."""

    line: int
    column: int
    character: str


@dataclass(eq=False)
class OffToneOblique(BadWish):
    """An oblique character where every pattern that is left wants a level one."""

    line: int
    column: int
    character: str


@dataclass(eq=False)
class CoupletLength(BadWish):
    """A line for a couplet that is too short or too long to be answered."""

    count: int
    fewest: int
    most: int


class HalfLine(BadWish):
    """A line for a couplet of which a part is left open, so that there is nothing to answer."""


@dataclass(eq=False)
class StandsAlready(BadWish):
    """A character in the answer of a couplet that the couplet has already."""

    line: int
    column: int
    character: str


@dataclass(eq=False)
class NotOpposed(BadWish):
    """A character in the answer of a couplet with the tone of the one it answers, where the rhythm stands."""

    line: int
    column: int
    character: str
    other: str


class OldLines(BadWish):
    """A visitor's own words for a cento, all of whose lines are poets' of old."""


@dataclass(eq=False)
class OtherRhyme(BadWish):
    """An answer on another rhyme than that of the poem it answers."""

    asked: str
    rhyme: str


@dataclass(eq=False)
class OtherLength(BadWish):
    """An answer on the same rhyme words in a form with more or fewer lines."""

    lines: int
    asked: int


class NoVerse(BadWish):
    """A text without a Chinese character was given to the checker."""


@dataclass(eq=False)
class LongVerse(BadWish):
    """A text of more than `most` characters was given to the checker."""

    length: int
    most: int
