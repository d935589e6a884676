"""What a room is: its members and its game, worked out from its events one after the other, and from nothing else.

Pure: the same events give the same room, today, after a restart, and to somebody who watches it again. What a move does
is the game's to say (verse.py, brood.py, exquisite.py); who may move is acts.py's. Who looks on right now and how much
time is left are no events, and are not here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from db import RoomEvent, RoomRecord
from gallery.journeys.rooms.brood import Brood, Generation
from gallery.journeys.rooms.exquisite import Exquisite
from gallery.journeys.rooms.verse import Verse

COLOURS = 8
Game = Verse | Brood | Exquisite


@dataclass(frozen=True)
class Event:
    """Something that happened: who did it (a visitor's id, or the house's), what, and what it says of it."""

    seq: int
    at_ms: int
    visitor: str
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Member:
    """Somebody with a name in the room: `number` from 1 in the order they came, `colour` from 0 to COLOURS - 1."""

    number: int
    visitor: str
    name: str
    colour: int
    muted: bool = False
    seated: bool = True


@dataclass(frozen=True)
class Room:
    """A room after `seq` events. quiet: the owner has muted everybody; ended: why it ended, "" while it is open."""

    code: str
    owner: str
    listed: bool
    game: Game
    seq: int = 0
    at_ms: int = 0
    members: tuple[Member, ...] = field(default=(), repr=False)
    quiet: bool = False
    ended: str = ""

    def member(self, visitor: str) -> Member | None:
        """The member that this visitor is, seated or not."""
        return next((one for one in self.members if one.visitor == visitor), None)

    def seat_of(self, visitor: str) -> int:
        """The number of the member that this visitor is, while they are seated; else 0."""
        member = self.member(visitor)
        return member.number if member and member.seated else 0

    def view_of(self, visitor: str) -> str:
        """What this visitor sees of the game, where not all see the same."""
        return self.game.view_of(self.seat_of(visitor))

    def named(self, number: int) -> str:
        """The name of that member; "" for the poet, who has none here."""
        return next((one.name for one in self.members if one.number == number), "")


def read_event(row: RoomEvent) -> Event:
    """An event as it is kept, understood."""
    return Event(row.seq, row.at_ms, row.visitor, row.kind, json.loads(row.body))


def new_room(record: RoomRecord) -> Room:
    """A room in which nothing has happened yet."""
    game = _new_game(record.kind, json.loads(record.settings))
    return Room(record.code, record.owner, record.listed, game, at_ms=record.created_ms)


def _new_game(kind: str, settings: dict[str, Any]) -> Game:
    if kind == "verse":
        return Verse(**settings)
    six = tuple(settings.pop("recipes"))
    if kind == "scroll":
        return Exquisite(deals=(six,), **settings)
    return Brood(generations=(Generation(six),), **settings)


def fold(room: Room, events: Iterable[Event]) -> Room:
    """The room after these events."""
    for event in events:
        room = replace(_after(room, event), seq=event.seq, at_ms=event.at_ms)
    return room


def _after(room: Room, event: Event) -> Room:
    match event.kind:
        case "joined":
            room = _seat(room, event)
        case "left":
            room = _change(room, event.visitor, seated=False)
        case "muted" if event.body["member"] == 0:
            room = replace(room, quiet=event.body["on"])
        case "muted":
            visitor = room.members[event.body["member"] - 1].visitor
            room = _change(room, visitor, muted=event.body["on"])
        case "ended":
            room = replace(room, ended=event.body["why"])
    who = room.member(event.visitor)
    return replace(room, game=room.game.after(event.kind, event.body, who.number if who else 0))


def _seat(room: Room, event: Event) -> Room:
    """Somebody new, or somebody who comes back to their seat, perhaps under another name."""
    name = str(event.body["name"])
    if room.member(event.visitor) is not None:
        return _change(room, event.visitor, name=name, seated=True)
    taken = [one.colour for one in room.members]
    newcomer = Member(len(room.members) + 1, event.visitor, name, colour_for(event.visitor, taken))
    return replace(room, members=(*room.members, newcomer))


def _change(room: Room, visitor: str, **changes: Any) -> Room:
    members = tuple(replace(one, **changes) if one.visitor == visitor else one for one in room.members)
    return replace(room, members=members)


def colour_for(visitor: str, taken: Iterable[int]) -> int:
    """The visitor's own colour, or where others have it already the next that the fewest have.

    >>> colour_for("alice", []), colour_for("alice", [3]), colour_for("bob", [3, 4])
    (3, 4, 1)
    """
    used = list(taken)
    first = hashlib.sha256(visitor.encode()).digest()[0]
    order = [(first + step) % COLOURS for step in range(COLOURS)]
    return min(order, key=used.count)
