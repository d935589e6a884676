"""Queries for live rooms: open one, append what happens in it, read that again; and who gave what to a work.

A room is what its events come to, so they are only ever appended, each under the next number; who comes second with a
number has to read what came first. How events are understood is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from sqlalchemy import Row, func, insert, select, text

from db.engine import Tx
from db.records import Hand, RoomEvent, RoomRecord
from db.tables import hands, room_events, rooms

_EVENT = [room_events.c[name] for name in RoomEvent._fields]
_OPEN = text("NOT EXISTS (SELECT 1 FROM room_events AS e WHERE e.room = rooms.code AND e.kind = 'ended')")


def open_room(tx: Tx, room: RoomRecord) -> bool:
    """Writes a new room down; False when its code is taken."""
    if find(tx, room.code) is not None:
        return False
    tx.execute(insert(rooms), room._asdict() | {"listed": int(room.listed)})
    return True


def find(tx: Tx, code: str) -> RoomRecord | None:
    """The room of that code."""
    row = tx.execute(select(rooms).where(rooms.c.code == code)).first()
    return None if row is None else _room(row)


def unended(tx: Tx, *, limit: int, owner: str | None = None) -> list[RoomRecord]:
    """The rooms that have not ended, newest first; those of one owner, or all."""
    newest = select(rooms).where(_OPEN).order_by(rooms.c.created_ms.desc()).limit(limit)
    chosen = newest if owner is None else newest.where(rooms.c.owner == owner)
    return [_room(row) for row in tx.execute(chosen)]


def append(tx: Tx, code: str, event: RoomEvent) -> bool:
    """Writes the next event; False when another has that number already."""
    if last(tx, code) != event.seq - 1:
        return False
    tx.execute(insert(room_events), {"room": code, **event._asdict()})
    return True


def last(tx: Tx, code: str) -> int:
    """The number of the newest event of a room, 0 before the first."""
    return int(tx.execute(select(func.max(room_events.c.seq)).where(room_events.c.room == code)).scalar() or 0)


def events(tx: Tx, code: str, *, after: int = 0) -> list[RoomEvent]:
    """What happened in a room after that event, in order."""
    chosen = select(*_EVENT).where(room_events.c.room == code, room_events.c.seq > after)
    return [RoomEvent._make(row) for row in tx.execute(chosen.order_by(room_events.c.seq))]


def done(tx: Tx, code: str, *, visitor: str, action: str) -> int | None:
    """The number of the event that this visitor's action has become; None if it has not happened."""
    mine = (room_events.c.room == code, room_events.c.visitor == visitor, room_events.c.action == action)
    return tx.execute(select(room_events.c.seq).where(*mine)).scalar()


def record_hands(tx: Tx, work: int, written: Sequence[Hand]) -> None:
    """Writes down who gave what, with the work itself; what is written already stays."""
    if written and not hands_of(tx, work):
        tx.execute(insert(hands), [{"work": work, "place": n, **one._asdict()} for n, one in enumerate(written)])


def hands_of(tx: Tx, work: int) -> tuple[Hand, ...]:
    """Who gave what to a work, verse line by line; nothing for the work of one."""
    return all_hands(tx, [work]).get(work, ())


def all_hands(tx: Tx, numbers: Iterable[int]) -> dict[int, tuple[Hand, ...]]:
    """The same for each of these works that several have made."""
    chosen = select(hands).where(hands.c.work.in_(list(numbers))).order_by(hands.c.work, hands.c.place)
    rows = groupby(tx.execute(chosen), key=lambda row: int(row.work))
    return {work: tuple(Hand(row.name, bool(row.network), row.part) for row in some) for work, some in rows}


def _room(row: Row[tuple[object, ...]]) -> RoomRecord:
    return RoomRecord(row.code, row.kind, row.owner, row.created_ms, bool(row.listed), row.settings)
