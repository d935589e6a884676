"""Linked verse (联句): a poem written in turn, a line a seat; the poet of the house has a seat after the others'.

Pure state. Where a seat is empty, its time has run out, or its owner asks for it, the poet is called to write the line.
When the room ends before the poem does and somebody has written a line of it, the poet writes the rest, so that the
members have a whole poem to keep. What the rules of verse say of a line is poet.py's.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

POET = 0
SEATS = 8
ABSENCE_S = 15.0  # how long the others wait for somebody who has gone away in the middle of a turn


@dataclass(frozen=True)
class Line:
    """A line that stands; by: the number of a member, or POET; insisted: it stays although it breaks the rules."""

    text: str
    by: int
    insisted: bool


@dataclass(frozen=True)
class Verse:
    """A linked poem so far. count, width: lines of the form and characters a line; rhyme: "" for what comes of it.

    seats: members by number; turn: whose it is, None before the beginning and at the end; called: the poet is to write
    this line; closing: the room has ended, the poet writes the rest; poem: what `finished` said; hung: the work it is.
    """

    form: str
    count: int
    width: int
    rhyme: str = ""
    timer_s: int = 60
    seats: tuple[int, ...] = ()
    lines: tuple[Line, ...] = ()
    turn: int | None = None
    called: bool = False
    closing: bool = False
    poem: Mapping[str, Any] | None = None
    hung: int | None = None

    @property
    def kind(self) -> str:
        """What sort of room it is played in."""
        return "verse"

    @property
    def most(self) -> int:
        """How many may take a seat."""
        return SEATS

    @property
    def whole(self) -> bool:
        """Whether every line stands."""
        return len(self.lines) == self.count

    @property
    def owed(self) -> str:
        """What the house has to do now: write line 2 ("line-2"), read the "poem" through; "" for nothing."""
        if self.whole:
            return "" if self.poem else "poem"
        if self.closing:
            due = any(line.by != POET for line in self.lines)
        else:
            due = self.called or (self.turn == POET and bool(self.seats))
        return f"line-{len(self.lines)}" if due else ""

    @property
    def wait(self) -> tuple[object, ...] | None:
        """What the room waits for, so that it has a time limit; another value is another wait."""
        if self.turn in (None, POET) or self.called or self.closing:
            return None
        return (len(self.lines), self.turn)

    def hurry(self, present: Set[int]) -> float | None:
        """The seconds that are left from the moment on in which somebody's absence shortens the wait."""
        return None if self.turn in present else ABSENCE_S

    def work_of(self, piece: object) -> int | None:
        """The work that the poem has become; there is no other piece."""
        return self.hung

    def view_of(self, member: int) -> str:
        """What that member sees: all of it, as everybody does."""
        return "open"

    def after(self, kind: str, body: Mapping[str, Any], who: int) -> Verse:
        """The game after that event."""
        match kind:
            case "joined":
                return replace(self, seats=tuple(sorted({*self.seats, who})))
            case "left":
                return self._without(who)
            case "started":
                return replace(self, turn=_following(self.seats, POET))
            case "called":
                return replace(self, called=True)
            case "line":
                return self._with(Line(body["text"], body["by"], body["insisted"]))
            case "ended":
                return replace(self, closing=True)
            case "finished":
                return replace(self, poem=body)
            case "saved":
                return replace(self, hung=body["work"])
        return self

    def _without(self, who: int) -> Verse:
        left = replace(self, seats=tuple(seat for seat in self.seats if seat != who))
        return replace(left, turn=_following(left.seats, who), called=False) if self.turn == who else left

    def _with(self, line: Line) -> Verse:
        lines = (*self.lines, line)
        turn = None if len(lines) == self.count or self.turn is None else _following(self.seats, self.turn)
        return replace(self, lines=lines, turn=turn, called=False)


def _following(seats: tuple[int, ...], seat: int) -> int:
    """Whose turn it is after that seat's: the next member's, and after the last the poet's.

    >>> _following((1, 3), POET), _following((1, 3), 1), _following((1, 3), 3), _following((), POET)
    (1, 3, 0, 0)
    """
    return next((one for one in seats if one > seat), POET)
