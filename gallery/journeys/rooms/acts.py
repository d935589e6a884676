"""Who may do what in a room: from an act to the event that it becomes, or to the sentence why not.

Nothing is changed here. Whether a line of verse keeps the rules is poet.py's to say.
"""

from __future__ import annotations

from typing import Any

from gallery import errors
from gallery.journeys import House
from gallery.journeys.create import plain_text
from gallery.journeys.rooms import messages, mounter, painter, poet
from gallery.journeys.rooms.brood import CHILDREN, Brood
from gallery.journeys.rooms.exquisite import DEALS, SEATS, Exquisite, Seat
from gallery.journeys.rooms.messages import Action
from gallery.journeys.rooms.state import Member, Room
from gallery.journeys.rooms.verse import POET, Verse
from gallery.visitors import Visitor

NAME_LENGTH = 12
WORDS_LENGTH = 120
MOST_MEMBERS = 200  # who have ever had a seat in one room
Happening = tuple[str, dict[str, Any]]  # kind and body of an event


def decide(house: House, room: Room, visitor: Visitor, action: Action) -> Happening:
    """The event that this act of this visitor becomes in this room. Raises BadWish."""
    if room.ended:
        raise errors.RoomEnded()
    match action:
        case messages.Join():
            return _join(room, visitor, action.name)
        case messages.Leave():
            _seated(room, visitor)
            return "left", {}
        case messages.Say():
            return _say(room, visitor, action.text)
        case messages.Mute():
            return _mute(room, visitor, action)
        case messages.End():
            _own(room, visitor.id)
            return "ended", {"why": "closed"}
        case messages.Check() | messages.Film():
            raise errors.BadMessage("do")
        case _:
            return _play(house, room, _seated(room, visitor), action)


def seat(room: Room, visitor: Visitor) -> Member:
    """The member that this visitor is; raises NotAMember."""
    member = room.member(visitor.id)
    if member is None:
        raise errors.NotAMember()
    return member


def check_name(text: str) -> str:
    """A name without blanks at its ends, 1 to NAME_LENGTH characters; raises EmptyName, LongName, OddCharacters."""
    name = plain_text(text)
    if not name:
        raise errors.EmptyName()
    if len(name) > NAME_LENGTH:
        raise errors.LongName(len(name), NAME_LENGTH)
    return name


def _seated(room: Room, visitor: Visitor) -> Member:
    member = seat(room, visitor)
    if not member.seated:
        raise errors.NotAMember()
    return member


def _own(room: Room, visitor: str) -> None:
    if room.owner != visitor:
        raise errors.NotTheOwner()


def _join(room: Room, visitor: Visitor, typed: str) -> Happening:
    name = check_name(typed)
    seated = [one for one in room.members if one.seated and one.visitor != visitor.id]
    if len(seated) >= room.game.most or (room.member(visitor.id) is None and len(room.members) >= MOST_MEMBERS):
        raise errors.RoomFull(room.game.most)
    if isinstance(room.game, Exquisite) and room.game.seat_for(_number(room, visitor)) is None:
        raise errors.SeatTaken()
    return "joined", {"name": name}


def _number(room: Room, visitor: Visitor) -> int:
    member = room.member(visitor.id)
    return member.number if member else 0


def _say(room: Room, visitor: Visitor, typed: str) -> Happening:
    member, words = seat(room, visitor), plain_text(typed)
    if member.muted or (room.quiet and visitor.id != room.owner):
        raise errors.Muted()
    if not words:
        raise errors.EmptyWords()
    if len(words) > WORDS_LENGTH:
        raise errors.LongWords(len(words), WORDS_LENGTH)
    return "said", {"text": words}


def _mute(room: Room, visitor: Visitor, action: messages.Mute) -> Happening:
    _own(room, visitor.id)
    if not 0 <= action.member <= len(room.members):
        raise errors.NoSuchMember()
    return "muted", {"member": action.member, "on": action.on}


def _play(house: House, room: Room, member: Member, action: Action) -> Happening:
    match room.game, action:
        case Verse() as verse, messages.Start():
            if verse.turn is not None or verse.whole:
                raise errors.BegunAlready()
            return "started", {}
        case Verse() as verse, messages.Call():
            _check_turn(room, verse, member, action.turn)
            return "called", {"why": "asked"}
        case Verse() as verse, messages.Write():
            _check_turn(room, verse, member, action.turn)
            text = poet.check(house, verse, action.text, insisted=action.as_written)
            insisted = action.as_written and not poet.keeps_rules(house, verse, text)
            return "line", {"text": text, "by": member.number, "insisted": insisted}
        case Brood() as brood, messages.Vote():
            _check_generation(brood, action.generation)
            if not 0 <= action.child < CHILDREN:
                raise errors.NoSuchChild()
            return "voted", {"generation": action.generation, "child": action.child}
        case Brood() as brood, messages.Breed():
            _own(room, member.visitor)
            _check_generation(brood, action.generation)
            if not brood.votes:
                raise errors.NoVotes()
            return "bred", painter.next_six(house, brood)
        case Exquisite() as scroll, messages.Start():
            if scroll.begun:
                raise errors.BegunAlready()
            return "started", {}
        case Exquisite() as scroll, messages.Sit():
            return _sit(scroll, action)
        case Exquisite() as scroll, _:
            return _step(house, room, scroll, member, action)
    raise errors.BadMessage("do")


def _sit(scroll: Exquisite, action: messages.Sit) -> Happening:
    if scroll.begun:
        raise errors.BegunAlready()
    if action.seat in scroll.seats:
        raise errors.SeatTaken()
    return "sat", {"seat": action.seat}


def _step(house: House, room: Room, scroll: Exquisite, member: Member, action: Action) -> Happening:
    """A step of the seat at hand; what other seats do is none of theirs."""
    match action:
        case messages.Call():
            _check_step(room, scroll, member, action.turn)
            return "called", {"why": "asked"}
        case messages.Pick():
            _check_step(room, scroll, member, action.turn, SEATS[0])
            if not 0 <= action.child < CHILDREN:
                raise errors.NoSuchChild()
            six = mounter.next_six(house, scroll, action.child)
            return "painted", {"child": action.child, "by": member.number, "recipes": six}
        case messages.Deal():
            _check_step(room, scroll, member, action.turn, SEATS[0])
            if scroll.dealt >= DEALS:
                raise errors.NoMoreDeals(DEALS)
            return "dealt", {"recipes": mounter.others(house, scroll)}
        case messages.Write():
            _check_step(room, scroll, member, action.turn, SEATS[1])
            text = poet.check(house, scroll.verse, action.text, insisted=action.as_written)
            insisted = action.as_written and not poet.keeps_rules(house, scroll.verse, text)
            return "wrote", {"text": text, "by": member.number, "insisted": insisted}
        case messages.Choose():
            _check_step(room, scroll, member, action.turn, SEATS[2])
            if action.value not in mounter.options(scroll):
                raise errors.OddLayout()
            return "mounted", {"value": action.value, "by": member.number}
    raise errors.BadMessage("do")


def _check_step(room: Room, scroll: Exquisite, member: Member, turn: int, seat: Seat | None = None) -> None:
    """That it is this member's step, and one of that seat's."""
    if scroll.whole or turn != scroll.step:
        raise errors.PastTurn()
    if scroll.turn is None:
        raise errors.NotBegun()
    if scroll.called:
        raise errors.HousesStep()
    if scroll.turn != member.number:
        raise errors.NotYourTurn(room.named(scroll.turn)) if scroll.turn != POET else errors.HousesStep()
    if seat not in (None, scroll.at_hand):
        raise errors.OtherSeat()


def _check_generation(brood: Brood, generation: int) -> None:
    if generation != len(brood.generations) - 1:
        raise errors.PastTurn()


def _check_turn(room: Room, verse: Verse, member: Member, turn: int) -> None:
    if verse.whole or turn != len(verse.lines):
        raise errors.PastTurn()
    if verse.turn is None:
        raise errors.NotBegun()
    if verse.called:
        raise errors.PoetsTurn()
    if verse.turn != member.number:
        raise errors.NotYourTurn(room.named(verse.turn)) if verse.turn != POET else errors.PoetsTurn()
