"""Linked verse as a journey: seats, turns, the poet's part, what the rules say, what is kept; and rooms in general."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import Hand
from gallery import errors
from gallery.journeys import House, browse, credit, open_house, rooms
from gallery.journeys.rooms import acts, messages, poet
from gallery.journeys.rooms.state import Event, Room, fold
from gallery.journeys.rooms.verse import POET, Verse
from gallery.settings import Settings
from gallery.visitors import Visitor
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, FakeClock, FakeEngine, finish
from tests.fakes import POET as POETS_CARD

FIRST, SECOND = "空山新雨月", "天气晚来秋"


@dataclass
class Play:
    """A room and everybody's hands: each act is done and the room moves on."""

    house: House
    room: Room
    ids: Iterator[int] = field(default_factory=lambda: count(10_000_000))

    def act(self, who: Visitor, do: str, *, id: str = "", **rest: Any) -> list[Event]:  # noqa: A002 (as the message has it)
        said = json.dumps({"v": 1, "room": self.room.code, "id": id or str(next(self.ids)), "do": do, **rest})
        return self.move(rooms.act(self.house, self.room, who, messages.read(said, room=self.room.code)))

    def move(self, news: list[Event]) -> list[Event]:
        self.room = fold(self.room, news)
        return news

    def pay(self) -> None:
        """The house does all that it owes."""
        while debt := self.room.game.owed:
            self.move(rooms.settle(self.house, self.room, debt, finish(rooms.pay(self.house, self.room))))


@pytest.fixture
def play(house: House) -> Play:
    """A room of Alice's in which Bob has a seat."""
    play = Play(house, rooms.open_room(house, ALICE, "阿宁", rooms.VerseWish("五绝")))
    play.act(BOB, "join", name="Bob")
    return play


@pytest.fixture
def begun(play: Play) -> Play:
    """The same, with Alice to write the first line."""
    play.act(ALICE, "start")
    return play


def verse(play: Play) -> Verse:
    """The poem of the room, as far as it is."""
    assert isinstance(play.room.game, Verse)
    return play.room.game


def lines(play: Play) -> list[tuple[str, int]]:
    return [(line.text, line.by) for line in verse(play).lines]


def test_a_room_is_found_by_its_code_however_it_is_typed(play: Play) -> None:
    code = play.room.code
    assert rooms.find_room(play.house, f" {code[:3].lower()} {code[3:]} ") == play.room
    with pytest.raises(errors.NoSuchRoom):
        rooms.find_room(play.house, "ZZZZZZ")


def test_turns_go_round_and_the_poet_has_the_last_seat(begun: Play) -> None:
    begun.act(ALICE, "write", turn=0, text=FIRST)
    begun.act(BOB, "write", turn=1, text="天氣晚來秋，")
    assert verse(begun).owed == "line-2"
    begun.pay()
    assert verse(begun).turn == 1
    assert [by for _, by in lines(begun)] == [1, 2, POET]
    assert lines(begun)[1][0] == SECOND


def test_a_finished_poem_says_who_wrote_which_line_and_can_be_made_again(begun: Play) -> None:
    begun.act(ALICE, "write", turn=0, text=FIRST)
    begun.act(BOB, "call", turn=1)
    begun.pay()
    begun.act(ALICE, "call", turn=3)
    begun.pay()
    news, work = rooms.keep(begun.house, begun.room, BOB, "秋", "Bob")
    begun.move(news)
    assert credit.look(begun.house, work.id).lines == (Hand("阿宁", False), *[Hand("诗画", True)] * 3)
    assert verse(begun).hung == work.id
    assert finish(browse.remake(begun.house, work.id)).verdict == "identical"


def test_the_poem_of_a_room_hangs_once_whoever_keeps_it(begun: Play) -> None:
    begun.act(ALICE, "write", turn=0, text=FIRST)
    begun.act(ALICE, "end")
    begun.pay()
    first = rooms.keep(begun.house, begun.room, ALICE, "One", "")[1]
    second = rooms.keep(begun.house, begun.room, BOB, "Other", "")[1]
    assert (second.id, second.title) == (first.id, "One")
    with pytest.raises(errors.NotAMember):
        rooms.keep(begun.house, begun.room, Visitor("c" * 32), "Third", "")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("空山新雨", errors.LineWidth),
        ("空山新雨月月", errors.LineWidth),
        ("", errors.LineWidth),
        ("空山□雨月", errors.LineWidth),
        ("空山new雨", errors.OnlyHan),
        ("空山新雨𠀀", errors.UnknownCharacter),
        ("空山新来花", errors.BadWish),
    ],
)
def test_a_line_that_is_none_is_refused_and_the_turn_stays(begun: Play, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        begun.act(ALICE, "write", turn=0, text=text)
    assert verse(begun).turn == 1
    assert rooms.find_room(begun.house, begun.room.code) == begun.room


def test_broken_tones_stand_when_they_are_insisted_on_and_bind_nobody_else(begun: Play) -> None:
    begun.act(ALICE, "write", turn=0, text="花花花花花", as_written=True)
    assert verse(begun).lines[0].insisted
    begun.act(BOB, "write", turn=1, text=SECOND)
    assert not verse(begun).lines[1].insisted
    begun.pay()
    with pytest.raises(errors.OffToneLevel):
        begun.act(ALICE, "write", turn=3, text="花花花花花")


def test_to_insist_on_what_keeps_the_rules_is_not_noted(begun: Play) -> None:
    begun.act(ALICE, "write", turn=0, text=FIRST, as_written=True)
    assert not verse(begun).lines[0].insisted


@pytest.mark.parametrize(
    ("who", "act", "error"),
    [
        (BOB, {"do": "write", "turn": 0, "text": FIRST}, errors.NotYourTurn),
        (ALICE, {"do": "write", "turn": 1, "text": FIRST}, errors.PastTurn),
        (BOB, {"do": "call", "turn": 0}, errors.NotYourTurn),
        (BOB, {"do": "end"}, errors.NotTheOwner),
        (BOB, {"do": "mute", "member": 1, "on": True}, errors.NotTheOwner),
        (ALICE, {"do": "mute", "member": 9, "on": True}, errors.NoSuchMember),
        (ALICE, {"do": "start"}, errors.BegunAlready),
        (Visitor("c" * 32), {"do": "say", "text": "hello"}, errors.NotAMember),
        (Visitor("c" * 32), {"do": "write", "turn": 0, "text": FIRST}, errors.NotAMember),
        (Visitor("c" * 32), {"do": "join", "name": " "}, errors.EmptyName),
        (Visitor("c" * 32), {"do": "join", "name": "n" * 13}, errors.LongName),
        (Visitor("c" * 32), {"do": "join", "name": "a\u202eb"}, errors.OddCharacters),
        (ALICE, {"do": "say", "text": "x" * 121}, errors.LongWords),
        (ALICE, {"do": "say", "text": "two\nlines"}, errors.OddCharacters),
        (ALICE, {"do": "say", "text": ""}, errors.EmptyWords),
    ],
)
def test_what_is_out_of_turn_or_not_theirs_is_refused(
    begun: Play, who: Visitor, act: dict[str, Any], error: type[Exception]
) -> None:
    before = begun.room
    with pytest.raises(error):
        begun.act(who, **act)
    assert rooms.find_room(begun.house, before.code) == before


def test_before_it_begins_nobody_writes(play: Play) -> None:
    with pytest.raises(errors.NotBegun):
        play.act(ALICE, "write", turn=0, text=FIRST)


def test_the_same_act_sent_twice_happens_once(begun: Play) -> None:
    assert len(begun.act(ALICE, "write", id="the-same-act", turn=0, text=FIRST)) == 1
    assert begun.act(ALICE, "write", id="the-same-act", turn=0, text=FIRST) == []
    assert len(lines(begun)) == 1


def test_acts_that_come_at_once_are_put_in_one_order_and_none_is_lost(play: Play) -> None:
    def say(number: int) -> None:
        Play(play.house, play.room, count(20_000_000 + number)).act((ALICE, BOB)[number % 2], "say", text=f"{number}")

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(say, range(32)))
    happened = rooms.history(play.house, play.room.code)[1]
    assert [event.seq for event in happened] == list(range(1, len(happened) + 1))
    assert {event.body["text"] for event in happened if event.kind == "said"} == {str(n) for n in range(32)}


def test_a_turn_whose_time_is_up_passes_to_the_poet(begun: Play) -> None:
    wait = verse(begun).wait
    begun.move(rooms.time_out(begun.house, begun.room, wait))
    with pytest.raises(errors.PoetsTurn):
        begun.act(ALICE, "write", turn=0, text=FIRST)
    begun.pay()
    assert [by for _, by in lines(begun)] == [POET]
    assert verse(begun).turn == 2
    assert rooms.time_out(begun.house, begun.room, wait) == []


def test_who_leaves_in_the_middle_of_a_turn_hands_it_on(begun: Play) -> None:
    begun.act(ALICE, "leave")
    assert verse(begun).turn == 2
    begun.act(BOB, "leave")
    assert (verse(begun).turn, verse(begun).owed) == (POET, "")
    begun.act(BOB, "join", name="Robert")
    assert verse(begun).owed == "line-0"
    assert begun.room.named(2) == "Robert"


def test_a_ninth_player_finds_no_seat(play: Play) -> None:
    for number in range(6):
        play.act(Visitor(f"{number}" * 32), "join", name=f"{number}")
    with pytest.raises(errors.RoomFull):
        play.act(Visitor("9" * 32), "join", name="9")
    assert len({member.colour for member in play.room.members}) == 8


def test_a_room_takes_only_so_many_newcomers_in_all_and_its_members_may_come_back(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "MOST_MEMBERS", 2)
    play.act(BOB, "leave")
    with pytest.raises(errors.RoomFull):
        play.act(Visitor("c" * 32), "join", name="Carol")
    play.act(BOB, "join", name="Bob")
    assert play.room.members[1].seated


def test_the_owner_silences_one_or_all(play: Play) -> None:
    play.act(ALICE, "mute", member=2, on=True)
    with pytest.raises(errors.Muted):
        play.act(BOB, "say", text="hello")
    play.act(ALICE, "mute", member=2, on=False)
    play.act(ALICE, "mute", member=0, on=True)
    with pytest.raises(errors.Muted):
        play.act(BOB, "say", text="hello")
    play.act(ALICE, "say", text="Quiet, please.")
    play.act(ALICE, "mute", member=0, on=False)
    assert play.act(BOB, "say", text="hello")[0].body == {"text": "hello"}


def test_an_idle_room_ends_and_its_poem_is_finished_for_its_members(begun: Play, clock: FakeClock) -> None:
    begun.act(ALICE, "write", turn=0, text=FIRST)
    clock.now += rooms.IDLE_S + 1
    begun.room = rooms.find_room(begun.house, begun.room.code)
    assert begun.room.ended == "idle"
    assert rooms.open_rooms(begun.house) == []
    begun.pay()
    assert [by for _, by in lines(begun)] == [1, POET, POET, POET]
    assert rooms.keep(begun.house, begun.room, BOB, "秋", "")[1].verse[0] == FIRST
    with pytest.raises(errors.RoomEnded):
        begun.act(BOB, "say", text="late")


def test_a_room_in_which_nobody_wrote_ends_without_a_poem(begun: Play, clock: FakeClock) -> None:
    clock.now += rooms.IDLE_S + 1
    begun.room = rooms.find_room(begun.house, begun.room.code)
    assert (begun.room.ended, verse(begun).owed) == ("idle", "")
    with pytest.raises(errors.NotFinished):
        rooms.keep(begun.house, begun.room, ALICE, "Nothing", "")


def test_the_house_opened_again_finds_the_room_as_it_was(
    begun: Play, settings: Settings, engine: FakeEngine, clock: FakeClock
) -> None:
    begun.act(ALICE, "write", turn=0, text=FIRST)
    begun.house.close()
    again = open_house(settings, engine, cards=(PAINTER, POETS_CARD), clock=clock)
    assert rooms.find_room(again, begun.room.code) == begun.room
    Play(again, begun.room).act(BOB, "write", turn=1, text=SECOND)
    again.close()


def test_only_so_many_rooms_at_a_time_and_some_are_not_listed(house: House, clock: FakeClock) -> None:
    opened = [rooms.open_room(house, ALICE, "A", rooms.VerseWish("七绝"), listed=n > 0) for n in range(3)]
    assert {room.code for room in rooms.open_rooms(house)} == {room.code for room in opened[1:]}
    with pytest.raises(errors.TooManyRooms):
        rooms.open_room(house, ALICE, "A", rooms.VerseWish("七绝"))
    clock.now += rooms.IDLE_S + 1
    assert rooms.open_room(house, ALICE, "A", rooms.VerseWish("七绝")).members[0].name == "A"


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (rooms.VerseWish("词"), errors.UnknownForm),
        (rooms.VerseWish("五绝", "仄"), errors.UnknownRhyme),
        (rooms.VerseWish("五绝", timer_s=5), errors.OddRoom),
    ],
)
def test_a_room_that_cannot_be_is_refused(house: House, wish: rooms.VerseWish, error: type[Exception]) -> None:
    with pytest.raises(error):
        rooms.open_room(house, ALICE, "A", wish)


def test_the_wanted_tones_narrow_as_lines_come(begun: Play) -> None:
    assert len(poet.patterns(verse(begun))) == 4
    begun.act(ALICE, "write", turn=0, text=FIRST)
    assert poet.patterns(verse(begun)) == ["○仄仄平韵"]


def test_a_line_in_the_making_is_read_beside_those_that_stand(begun: Play) -> None:
    begun.act(ALICE, "write", turn=0, text=FIRST)
    reading = poet.reading(verse(begun), "天气晚来花")
    assert reading is not None
    assert [line.text for line in reading.lines] == [FIRST, "天气晚来花"]
    assert poet.reading(verse(begun), "x") is None


def test_what_happened_in_a_room_cannot_be_changed_or_forgotten(play: Play) -> None:
    for order in ("UPDATE room_events SET body = '{}'", "DELETE FROM room_events"):
        with pytest.raises(Exception, match="what happened in a room"), play.house.db.writing() as tx:
            tx.exec_driver_sql(order)


@given(st.lists(st.sampled_from(["joined", "left", "started", "called", "line", "ended"]), max_size=20), st.data())
def test_whatever_happens_the_turn_is_a_seat_or_the_poets(kinds: list[str], data: st.DataObject) -> None:
    poem = Verse("五绝", 4, 5)
    for kind in kinds:
        who = data.draw(st.integers(1, 3))
        if kind == "line" and (poem.whole or poem.turn is None):
            continue
        poem = poem.after(kind, {"text": FIRST, "by": who, "insisted": False}, who)
        assert poem.turn in (None, POET, *poem.seats)
        assert len(poem.lines) <= poem.count
