"""Rooms: strangers and a network make one work together, live. Open one, find it, act in it, keep what came of it.

All that happens is an event in the database, under the next number of its room; a room is what its events come to
(state.py). An act is decided on the room as it is known (acts.py) and appended only if nothing has happened meanwhile,
else decided anew, so that the order is the database's. The same act twice is one event. A room in which nothing happens
for IDLE_S seconds has ended, which is written down when somebody next looks for it.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import db
from db import RoomEvent, RoomKind, RoomRecord, WorkRecord
from gallery import errors
from gallery.journeys import House, browse, store_errors
from gallery.journeys.rooms import filming, mounter, painter, poet
from gallery.journeys.rooms.acts import Happening, check_name, decide, seat
from gallery.journeys.rooms.brood import Brood, Film, Piece
from gallery.journeys.rooms.exquisite import ROUNDS, Exquisite
from gallery.journeys.rooms.messages import Action
from gallery.journeys.rooms.state import Event, Room, fold, new_room, read_event
from gallery.journeys.rooms.verse import Verse
from gallery.visitors import HOUSE, Visitor
from models.poem_rnn.prosody import FORMS, rhyme_book

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 O 1 I L, which are read for each other
CODE_LENGTH = 6
IDLE_S = 30 * 60
TIMERS = (30, 60, 120)  # seconds for a turn or a vote
MOST_OPEN = 3  # of one owner
SHOWN = 24
_SEARCHED = 60


@dataclass(frozen=True)
class VerseWish:
    """A room for linked verse as it is asked for; rhyme "" is for what comes of it."""

    form: str
    rhyme: str = ""
    timer_s: int = 60


@dataclass(frozen=True)
class BroodWish:
    """A room for breeding together as it is asked for: from chance, or from the work of that number."""

    subject: str = ""
    work: object | None = None
    timer_s: int = 60


@dataclass(frozen=True)
class ScrollWish:
    """A room for an exquisite scroll as it is asked for: a quatrain's form, and as in a brood what is painted."""

    form: str = "七绝"
    subject: str = ""
    work: object | None = None
    timer_s: int = 60


Wish = VerseWish | BroodWish | ScrollWish
QUATRAINS = tuple(form for form, (count, _) in FORMS.items() if count == ROUNDS)


def open_room(house: House, visitor: Visitor, name: str, wish: Wish, *, listed: bool = True) -> Room:
    """Opens a room in which this visitor, its owner, has the first seat.

    Raises UnknownForm, UnknownRhyme, UnknownSubject, NoSuchWork, NotAPainting, OtherWeights, OddRoom, EmptyName,
    LongName, OddCharacters, TooManyRooms, StoreTrouble.
    """
    if wish.timer_s not in TIMERS:
        raise errors.OddRoom("timer")
    name = check_name(name)
    kind, settings = _asked(house, wish)
    if len([room for room in _unended(house, visitor) if not room.ended]) >= MOST_OPEN:
        raise errors.TooManyRooms(MOST_OPEN)
    with store_errors(house.settings.home), house.db.writing() as tx:
        while True:
            code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
            record = RoomRecord(code, kind, visitor.id, house.now_ms(), listed, json.dumps(settings))
            if db.rooms.open_room(tx, record):
                break
    room = new_room(record)
    return fold(room, append(house, room, visitor, "open", lambda _: ("joined", {"name": name})))


def _asked(house: House, wish: Wish) -> tuple[RoomKind, dict[str, object]]:
    match wish:
        case VerseWish():
            return _verse_of(wish)
        case BroodWish():
            return _brood_of(house, wish)
        case ScrollWish():
            return _scroll_of(house, wish)


def _verse_of(wish: VerseWish) -> tuple[RoomKind, dict[str, object]]:
    if wish.form not in FORMS:
        raise errors.UnknownForm(wish.form[:20], ", ".join(FORMS))
    if wish.rhyme and wish.rhyme not in rhyme_book().level:
        raise errors.UnknownRhyme(wish.rhyme[:20])
    count, width = FORMS[wish.form]
    sizes = {"count": count, "width": width, "timer_s": wish.timer_s}
    return "verse", {"form": wish.form, "rhyme": wish.rhyme, **sizes}


def _brood_of(house: House, wish: BroodWish) -> tuple[RoomKind, dict[str, object]]:
    subject, recipes = painter.first(house, wish.subject, wish.work)
    work = None if wish.work is None else browse.check_id(wish.work)
    told = [recipe.to_json() for recipe in recipes]
    return "brood", {"subject": subject, "work": work, "timer_s": wish.timer_s, "recipes": told}


def _scroll_of(house: House, wish: ScrollWish) -> tuple[RoomKind, dict[str, object]]:
    if wish.form not in QUATRAINS:
        raise errors.UnknownForm(wish.form[:20], ", ".join(QUATRAINS))
    count, width = FORMS[wish.form]
    subject, told = mounter.first(house, wish.subject, wish.work)
    work = None if wish.work is None else browse.check_id(wish.work)
    verse = {"form": wish.form, "count": count, "width": width}
    return "scroll", {**verse, "subject": subject, "work": work, "timer_s": wish.timer_s, "recipes": told}


def plain_code(text: object) -> str:
    """A code as it is read off another's screen: capitals, without blanks.

    >>> plain_code(" ab2 3cd ")
    'AB23CD'
    """
    return "".join(str(text).split()).upper()[:20]


def find_room(house: House, code: object) -> Room:
    """The room of that code as it is now; raises NoSuchRoom, StoreTrouble."""
    return fold(*history(house, code))


def history(house: House, code: object) -> tuple[Room, list[Event]]:
    """The room before anything had happened, and all that happened; raises NoSuchRoom, StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        record = db.rooms.find(tx, plain_code(code))
        if record is None:
            raise errors.NoSuchRoom(plain_code(code))
        happened = [read_event(row) for row in db.rooms.events(tx, record.code)]
    room = new_room(record)
    return room, [*happened, *end_if_idle(house, fold(room, happened))]


def open_rooms(house: House) -> list[Room]:
    """The rooms that have not ended and want to be found, newest first; raises StoreTrouble."""
    return [room for room in _unended(house) if room.listed and not room.ended][:SHOWN]


def _unended(house: House, owner: Visitor | None = None) -> list[Room]:
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = db.rooms.unended(tx, limit=_SEARCHED, owner=None if owner is None else owner.id)
        rooms = [fold(new_room(one), map(read_event, db.rooms.events(tx, one.code))) for one in found]
    return [fold(room, end_if_idle(house, room)) for room in rooms]


def end_if_idle(house: House, room: Room) -> list[Event]:
    """Ends the room if nothing has happened in it for too long; returns what is new. Raises StoreTrouble."""

    def decide_on(now: Room) -> Happening | None:
        idle = house.now_ms() - now.at_ms > IDLE_S * 1000
        return ("ended", {"why": "idle"}) if idle and not now.ended else None

    return append(house, room, HOUSE, "end", decide_on)


def act(house: House, room: Room, visitor: Visitor, action: Action) -> list[Event]:
    """Does this act of this visitor; on return it is on the disk. Returns what has happened after `room`, which is
    nothing when the act had been done before. Raises BadWish, then nothing has happened; StoreTrouble.
    """
    with store_errors(house.settings.home), house.db.reading() as tx:
        if db.rooms.done(tx, room.code, visitor=visitor.id, action=action.id) is not None:
            return [read_event(row) for row in db.rooms.events(tx, room.code, after=room.seq)]
    return append(house, room, visitor, action.id, lambda now: decide(house, now, visitor, action))


def append(
    house: House, room: Room, visitor: Visitor, action: str, decide_on: Callable[[Room], Happening | None]
) -> list[Event]:
    """Enters one event, decided on the room as it is when it is written (None is for no event); returns what is new."""
    news: list[Event] = []
    while (decided := decide_on(fold(room, news))) is not None:
        seq, (kind, body) = room.seq + len(news) + 1, decided
        row = RoomEvent(seq, house.now_ms(), visitor.id, action, kind, json.dumps(body, ensure_ascii=False))
        with store_errors(house.settings.home), house.db.writing() as tx:
            done = db.rooms.done(tx, room.code, visitor=visitor.id, action=action) is not None
            if not done and db.rooms.append(tx, room.code, row):
                return [*news, read_event(row)]
            news = [read_event(one) for one in db.rooms.events(tx, room.code, after=room.seq)]
        if done:
            break
    return news


def time_out(house: House, room: Room, wait: object) -> list[Event]:
    """What happens when the time for what the room waits for has run out; nothing if it waits for that no more."""

    def decide_on(now: Room) -> Happening | None:
        if now.game.wait != wait or now.ended:
            return None
        return (
            ("bred", painter.next_six(house, now.game)) if isinstance(now.game, Brood) else ("called", {"why": "late"})
        )

    return append(house, room, HOUSE, f"late-{room.seq}", decide_on)


async def pay(house: House, room: Room) -> Happening:
    """What the house owes the room (`room.game.owed`), made, to be entered by `settle`; raises EngineTrouble."""
    match room.game:
        case Verse(owed="poem") as verse:
            return "finished", await poet.finish(house, verse)
        case Verse() as verse:
            return "line", await poet.write(house, verse)
        case Exquisite(owed="reveal") as scroll:
            return "finished", await mounter.reveal(house, room, scroll)
        case Exquisite() as scroll:
            return await mounter.do_step(house, scroll)
    raise errors.NotFinished()  # a brood is owed nothing


def settle(house: House, room: Room, debt: str, payment: Happening) -> list[Event]:
    """Enters what the house owed the room, unless somebody has left so that it is owed no more; returns what is new."""
    return append(house, room, HOUSE, debt, lambda now: payment if now.game.owed == debt else None)


def keep(
    house: House, room: Room, visitor: Visitor, title: str, signature: str, piece: Piece | Film | None = None
) -> tuple[list[Event], WorkRecord]:
    """Hangs what the room has made, the poem, the scroll, that picture or the film, for one of its members; once, also
    when it has ended.

    Returns what is new, and the work. Raises NotAMember, NotFinished, NoSuchChild, DraftGone, EmptyTitle, LongTitle,
    LongSignature, OddCharacters, EngineTrouble, StoreTrouble.
    """
    member = seat(room, visitor)
    with store_errors(house.settings.home):
        work = _hang(house, room, visitor, title, signature, piece)
    body: dict[str, object] = {"work": work.id, "title": work.title, "by": member.number}
    if piece is not None:
        body |= {"film": True} if piece == "film" else {"generation": piece[0], "child": piece[1]}
    enter = append(
        house, room, visitor, f"saved-{work.id}", lambda now: None if now.game.work_of(piece) else ("saved", body)
    )
    return enter, work


def _hang(
    house: House, room: Room, visitor: Visitor, title: str, signature: str, piece: Piece | Film | None
) -> WorkRecord:
    match room.game:
        case Verse() as verse:
            return poet.hang(house, room, verse, visitor, title, signature)
        case Exquisite() as scroll:
            return mounter.hang(house, room, scroll, visitor, title)
        case Brood() as brood if piece == "film":
            return filming.hang(house, room, brood, visitor, title, signature)
        case Brood() as brood:
            return painter.hang(house, room, brood, piece or (-1, -1), visitor, title, signature)
