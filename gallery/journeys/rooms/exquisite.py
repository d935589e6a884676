"""An exquisite scroll (同卷): one steers the painting, one writes the verse, one chooses the mount and seal, in turn.

Pure state. Four rounds of three steps. Who has a seat sees what lies on it and the last step of the seat before, and
nothing else: who paints sees what was chosen of the mount, who writes sees the painting, who mounts sees a line. To
everybody else the room is closed (CLOSED) until the reveal, when all of it is open (OPEN). The house does the step of a
seat that is empty, late, or asks for it, and when the room ends with something of somebody's in it, all that is left.
How the house does it is mounter.py's, who may do what is acts.py's.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from gallery.journeys.rooms.brood import CHILDREN, Piece
from gallery.journeys.rooms.verse import ABSENCE_S, POET, Line, Verse

Seat = Literal["painter", "poet", "mounter"]
View = Literal["", "painter", "poet", "mounter", "open"]
SEATS: tuple[Seat, ...] = get_args(Seat)
CLOSED: View = ""
OPEN: View = "open"
ROUNDS = 4  # a line of a quatrain each, and a choice of the mount
CHOSEN = ("silk", "mount", "hand", "cut")  # what is chosen in which round
DEALS = 3  # times that other paintings may be asked for in one round
HOUSE = POET


@dataclass(frozen=True)
class Pick:
    """A painting that was chosen: of which deal, which child (from 0), by whom."""

    piece: Piece
    by: int


@dataclass(frozen=True)
class Choice:
    """A choice of the mount, and by whom."""

    value: str
    by: int


@dataclass(frozen=True)
class Exquisite:
    """A scroll so far. form, count, width: of the verse; subject, work: as in a brood; deals: paintings that were laid
    before the painter, six recipes (JSON) each.

    seats: members by seat; held: the seat that each member has had since it began, which they keep when they come back,
    for whoever changed seats would see two parts; called, closing, hung: as in Verse; reveal: what `finished` said.
    """

    form: str
    count: int
    width: int
    subject: str
    work: int | None
    timer_s: int
    deals: tuple[tuple[str, ...], ...] = field(repr=False)
    seats: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[int, str] = field(default_factory=dict)
    picks: tuple[Pick, ...] = ()
    lines: tuple[Line, ...] = ()
    choices: tuple[Choice, ...] = ()
    dealt: int = 0  # in this round, beside the first
    begun: bool = False
    called: bool = False
    closing: bool = False
    reveal: Mapping[str, Any] | None = None
    hung: int | None = None

    @property
    def kind(self) -> str:
        """What sort of room it is played in."""
        return "scroll"

    @property
    def most(self) -> int:
        """How many may take a seat."""
        return len(SEATS)

    @property
    def step(self) -> int:
        """How many steps are done."""
        return len(self.hands)

    @property
    def hands(self) -> tuple[int, ...]:
        """Who did the steps so far, seat by seat."""
        painted, wrote = [one.by for one in self.picks], [one.by for one in self.lines]
        return (*painted, *wrote, *(one.by for one in self.choices))

    def by(self, step: int) -> int:
        """Who did that step (from 0)."""
        before = (0, len(self.picks), len(self.picks) + len(self.lines))
        return self.hands[before[step % len(SEATS)] + step // len(SEATS)]

    @property
    def whole(self) -> bool:
        """Whether every step is done."""
        return self.step == ROUNDS * len(SEATS)

    @property
    def at_hand(self) -> Seat | None:
        """Whose step it is, by seat; None before the beginning and at the end."""
        return SEATS[self.step % len(SEATS)] if self.begun and not self.whole else None

    @property
    def turn(self) -> int | None:
        """The same by member, or HOUSE where the seat is empty."""
        return None if self.at_hand is None else self.seats.get(self.at_hand, HOUSE)

    @property
    def owed(self) -> str:
        """What the house has to do now: a seat's step ("poet-4.0"), the "reveal"; "" for nothing."""
        if self.whole:
            return "" if self.reveal else "reveal"
        if self.closing:
            due = self.begun and any(by != HOUSE for by in self.hands)
        else:
            due = self.called or (self.turn == HOUSE and bool(self.seats))
        return f"{self.at_hand}-{self.step}.{self.dealt}" if due else ""

    @property
    def wait(self) -> tuple[object, ...] | None:
        """What the room waits for, so that it has a time limit."""
        if self.turn in (None, HOUSE) or self.called or self.closing:
            return None
        return (self.step, self.turn)

    def hurry(self, present: Set[int]) -> float | None:
        """The seconds that are left from the moment on in which somebody's absence shortens the wait."""
        return None if self.turn in present else ABSENCE_S

    def work_of(self, piece: object) -> int | None:
        """The work that the scroll has become; there is no other piece."""
        return self.hung

    @property
    def verse(self) -> Verse:
        """The verse so far, as the poet's rules read it."""
        return Verse(self.form, self.count, self.width, lines=self.lines)

    def view_of(self, member: int) -> View:
        """What that member sees: a seat's part, all of it, or how far it is."""
        if self.reveal:
            return OPEN
        return next((seat for seat in SEATS if self.seats.get(seat) == member), CLOSED)

    def may_see(self, member: int, piece: Piece) -> bool:
        """Whether that member may see this painting: the painter all that were laid out, the poet the last chosen."""
        deal, child = piece
        there = 0 <= deal < len(self.deals) and 0 <= child < CHILDREN
        match self.view_of(member):
            case "painter" | "open":
                return there
            case "poet":
                return bool(self.picks) and piece == self.picks[-1].piece
        return False

    def seat_for(self, member: int) -> Seat | None:
        """The seat that a member who comes takes: the one they have or had, for a newcomer (0) the first that is free;
        None where there is none."""
        mine = [seat for seat in SEATS if self.seats.get(seat) == member or self.held.get(member) == seat]
        free = [seat for seat in mine or SEATS if self.seats.get(seat, member) == member]
        return free[0] if free else None

    def after(self, kind: str, body: Mapping[str, Any], who: int) -> Exquisite:
        """The game after that event."""
        match kind:
            case "joined":
                return self._seated(who, self.seat_for(who))
            case "sat":
                return self._seated(who, body["seat"])
            case "left":
                left = replace(self, seats={seat: one for seat, one in self.seats.items() if one != who})
                return replace(left, called=False) if self.turn == who else left
            case "started":
                return replace(self, begun=True, held={one: seat for seat, one in self.seats.items()})
            case "called":
                return replace(self, called=True)
            case "ended":
                return replace(self, closing=True)
            case "finished":
                return replace(self, reveal=body)
            case "saved":
                return replace(self, hung=body["work"])
        return self._stepped(kind, body)

    def _seated(self, who: int, seat: str | None) -> Exquisite:
        if seat is None:
            return self
        others = {name: one for name, one in self.seats.items() if one != who}
        held = {**self.held, who: seat} if self.begun else self.held
        return replace(self, seats={**others, seat: who}, held=held)

    def _stepped(self, kind: str, body: Mapping[str, Any]) -> Exquisite:
        match kind:
            case "dealt":
                return replace(self, deals=(*self.deals, tuple(body["recipes"])), dealt=self.dealt + 1)
            case "painted":
                pick = Pick((len(self.deals) - 1, body["child"]), body["by"])
                more = (tuple(body["recipes"]),) if body["recipes"] else ()
                done = replace(self, picks=(*self.picks, pick), deals=(*self.deals, *more), dealt=0)
            case "wrote":
                done = replace(self, lines=(*self.lines, Line(body["text"], body["by"], body["insisted"])))
            case "mounted":
                done = replace(self, choices=(*self.choices, Choice(body["value"], body["by"])))
            case _:
                return self
        return replace(done, called=False)
