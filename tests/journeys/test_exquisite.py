"""An exquisite scroll as a journey: seats, steps, what each may see, what the house does, the reveal, what hangs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import db
from db import Hand
from gallery import errors
from gallery.journeys import Draft, House, browse, create, credit, open_house, rooms
from gallery.journeys.rooms import mounter, painter
from gallery.journeys.rooms.exquisite import CHOSEN, HOUSE, OPEN, ROUNDS, SEATS, Exquisite
from gallery.settings import Settings
from gallery.visitors import Visitor
from models.recipe import Recipe
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, FakeClock, FakeEngine, finish
from tests.fakes import POET as POETS_CARD
from tests.journeys.test_rooms import Play

CAROL, DAVE = Visitor("ca401" + "0" * 27), Visitor("dave" + "0" * 28)
LINES = ("空山新雨月", "天气晚来秋")


@pytest.fixture
def play(house: House) -> Play:
    """A room in which Alice paints, Bob writes and Carol mounts."""
    play = Play(house, rooms.open_room(house, ALICE, "阿宁", rooms.ScrollWish("五绝", "shanshui")))
    play.act(BOB, "join", name="Bob")
    play.act(CAROL, "join", name="小雨")
    return play


@pytest.fixture
def begun(play: Play) -> Play:
    play.act(ALICE, "start")
    return play


def scroll(play: Play) -> Exquisite:
    assert isinstance(play.room.game, Exquisite)
    return play.room.game


def one_round(play: Play, child: int = 1) -> None:
    """Everybody does a step; the line is the poet's own."""
    play.act(ALICE, "pick", turn=scroll(play).step, child=child)
    play.act(BOB, "call", turn=scroll(play).step)
    play.pay()
    play.act(CAROL, "choose", turn=scroll(play).step, value=mounter.options(scroll(play))[1])


def whole(play: Play) -> Play:
    """All twelve steps, and the reveal."""
    for _ in range(ROUNDS):
        one_round(play)
    play.pay()
    return play


def test_three_take_the_three_seats_in_order_and_may_change_before_it_begins(play: Play) -> None:
    assert scroll(play).seats == {"painter": 1, "poet": 2, "mounter": 3}
    with pytest.raises(errors.SeatTaken):
        play.act(BOB, "sit", seat="painter")
    play.act(ALICE, "leave")
    play.act(BOB, "sit", seat="painter")
    assert scroll(play).seats == {"painter": 2, "mounter": 3}
    play.act(ALICE, "join", name="阿宁")
    assert scroll(play).seats["poet"] == 1
    with pytest.raises(errors.RoomFull):
        play.act(DAVE, "join", name="Dave")


def test_after_the_beginning_nobody_changes_seats_and_who_comes_back_has_their_own(begun: Play) -> None:
    with pytest.raises(errors.BegunAlready):
        begun.act(BOB, "sit", seat="painter")
    begun.act(BOB, "leave")
    begun.act(CAROL, "leave")
    begun.act(CAROL, "join", name="小雨")
    assert scroll(begun).seats == {"painter": 1, "mounter": 3}
    begun.act(DAVE, "join", name="Dave")
    assert scroll(begun).seats["poet"] == 4
    begun.act(CAROL, "leave")
    with pytest.raises(errors.SeatTaken):
        begun.act(BOB, "join", name="Bob")


def test_steps_go_round_and_each_is_the_seats_alone(begun: Play) -> None:
    begun.act(ALICE, "pick", turn=0, child=4)
    begun.act(BOB, "write", turn=1, text=LINES[0])
    begun.act(CAROL, "choose", turn=2, value="indigo")
    game = scroll(begun)
    assert (game.picks[0].piece, game.lines[0].text, game.choices[0].value) == ((0, 4), LINES[0], "indigo")
    assert (game.at_hand, game.step) == ("painter", 3)
    assert rooms.find_room(begun.house, begun.room.code) == begun.room


@pytest.mark.parametrize(
    ("who", "act", "error"),
    [
        (BOB, {"do": "write", "turn": 0, "text": LINES[0]}, errors.NotYourTurn),
        (ALICE, {"do": "pick", "turn": 1, "child": 0}, errors.PastTurn),
        (ALICE, {"do": "pick", "turn": 0, "child": 6}, errors.NoSuchChild),
        (ALICE, {"do": "pick", "turn": 0, "child": -1}, errors.NoSuchChild),
        (ALICE, {"do": "write", "turn": 0, "text": LINES[0]}, errors.OtherSeat),
        (ALICE, {"do": "choose", "turn": 0, "value": "plum"}, errors.OtherSeat),
        (ALICE, {"do": "vote", "generation": 0, "child": 0}, errors.BadMessage),
        (ALICE, {"do": "start"}, errors.BegunAlready),
        (CAROL, {"do": "deal", "turn": 0}, errors.NotYourTurn),
        (DAVE, {"do": "pick", "turn": 0, "child": 0}, errors.NotAMember),
    ],
)
def test_what_is_out_of_turn_or_another_seats_is_refused_and_the_room_stays(
    begun: Play, who: Visitor, act: dict[str, Any], error: type[Exception]
) -> None:
    before = begun.room
    with pytest.raises(error):
        begun.act(who, **act)
    assert rooms.find_room(begun.house, before.code) == before


def test_the_rules_of_the_verse_and_the_choices_of_the_mount_hold(begun: Play) -> None:
    begun.act(ALICE, "pick", turn=0, child=0)
    with pytest.raises(errors.LineWidth):
        begun.act(BOB, "write", turn=1, text="空山")
    begun.act(BOB, "write", turn=1, text="花花花花花", as_written=True)
    assert scroll(begun).lines[0].insisted
    with pytest.raises(errors.OddLayout):
        begun.act(CAROL, "choose", turn=2, value="fan")
    assert scroll(begun).step == 2


def test_before_it_begins_nobody_does_a_step(play: Play) -> None:
    with pytest.raises(errors.NotBegun):
        play.act(ALICE, "pick", turn=0, child=0)


def test_the_same_step_sent_twice_happens_once(begun: Play) -> None:
    assert len(begun.act(ALICE, "pick", id="the-same-act", turn=0, child=2)) == 1
    assert begun.act(ALICE, "pick", id="the-same-act", turn=0, child=2) == []
    assert scroll(begun).step == 1


def test_other_paintings_are_laid_out_only_so_often_a_round(begun: Play) -> None:
    seen = {scroll(begun).deals[-1]}
    for _ in range(3):
        begun.act(ALICE, "deal", turn=0)
        seen.add(scroll(begun).deals[-1])
    assert len(seen) == 4
    with pytest.raises(errors.NoMoreDeals):
        begun.act(ALICE, "deal", turn=0)
    begun.act(ALICE, "pick", turn=0, child=5)
    assert scroll(begun).picks[0].piece == (3, 5)
    assert scroll(begun).dealt == 0


def test_the_painter_goes_on_from_what_was_chosen_as_it_is_in_moods_or_astray(begun: Play) -> None:
    begun.act(ALICE, "pick", turn=0, child=2)
    chosen, *others = [Recipe.from_json(text) for text in scroll(begun).deals[1]]
    assert chosen == painter.recipe_of(scroll(begun), (0, 2))
    assert len([one for one in others if one.inputs.get("mood")]) == mounter.MOODS
    assert all("parents" in one.inputs for one in others if "mood" not in one.inputs)


def test_each_seat_sees_its_own_and_the_last_step_before_it(begun: Play) -> None:
    begun.act(ALICE, "pick", turn=0, child=2)
    game = scroll(begun)
    assert [game.view_of(number) for number in (1, 2, 3, 4, 0)] == [*SEATS, "", ""]
    assert [game.may_see(2, piece) for piece in ((0, 2), (0, 1), (1, 2))] == [True, False, False]
    assert [game.may_see(1, piece) for piece in ((0, 1), (1, 5), (2, 0), (0, 6))] == [True, True, False, False]
    assert not any(game.may_see(number, (0, 2)) for number in (3, 0))


def test_once_it_is_revealed_everybody_sees_all(begun: Play) -> None:
    assert finish(mounter.look(begun.house, scroll(whole(begun)))).width
    game = scroll(begun)
    assert {game.view_of(number) for number in (0, 1, 2, 3)} == {OPEN}
    assert game.may_see(0, (0, 0))
    assert not game.may_see(0, (9, 0))


def test_before_the_reveal_there_is_no_scroll_to_look_at_or_hang(begun: Play) -> None:
    one_round(begun)
    with pytest.raises(errors.NotFinished):
        mounter.layout_of(scroll(begun))
    with pytest.raises(errors.NotFinished):
        rooms.keep(begun.house, begun.room, ALICE, "Early", "")


def test_a_seat_that_is_empty_is_the_houses(play: Play) -> None:
    for who in (BOB, CAROL):
        play.act(who, "leave")
    play.act(ALICE, "start")
    play.act(ALICE, "pick", turn=0, child=0)
    play.pay()
    game = scroll(play)
    assert (game.at_hand, game.lines[0].by, game.choices[0].by) == ("painter", HOUSE, HOUSE)
    assert game.choices[0].value == mounter.silk_for(game.lines[0].text)


def test_the_house_writes_on_what_it_sees_in_the_painting(begun: Play, engine: FakeEngine) -> None:
    begun.act(ALICE, "pick", turn=0, child=3)
    begun.act(BOB, "call", turn=1)
    begun.pay()
    seen, asked = engine.cooked[-2:]
    assert seen == painter.recipe_of(scroll(begun), (0, 3))
    assert asked.inputs["keywords"]


def test_a_step_whose_time_is_up_is_the_houses_and_who_is_late_is_told(begun: Play) -> None:
    wait = scroll(begun).wait
    begun.move(rooms.time_out(begun.house, begun.room, wait))
    with pytest.raises(errors.HousesStep):
        begun.act(ALICE, "pick", turn=0, child=0)
    begun.pay()
    assert (scroll(begun).picks[0].by, scroll(begun).turn) == (HOUSE, 2)
    assert rooms.time_out(begun.house, begun.room, wait) == []


def test_who_leaves_in_the_middle_of_a_step_leaves_it_to_the_house(begun: Play) -> None:
    begun.act(ALICE, "call", turn=0)
    begun.act(ALICE, "leave")
    assert scroll(begun).owed == "painter-0.0"
    for who in (BOB, CAROL):
        begun.act(who, "leave")
    assert scroll(begun).owed == ""
    begun.act(ALICE, "join", name="阿宁")
    assert (scroll(begun).turn, scroll(begun).owed) == (1, "")


def test_the_scroll_hangs_with_who_gave_what_and_can_be_made_again(begun: Play) -> None:
    begun.act(ALICE, "pick", turn=0, child=2)
    begun.act(BOB, "write", turn=1, text=LINES[0])
    begun.act(CAROL, "choose", turn=2, value="plum")
    begun.act(ALICE, "call", turn=3)
    begun.pay()
    begun.act(BOB, "write", turn=4, text=LINES[1])
    begun.act(ALICE, "end")
    begun.pay()
    news, work = rooms.keep(begun.house, begun.room, BOB, "同卷", "ignored")
    begun.move(news)
    given = credit.look(begun.house, work.id)
    assert given.lines == (Hand("Bob", False), Hand("Bob", False), Hand("诗画", True), Hand("诗画", True))
    rest = [("阿宁", "painting"), ("诗画", "painting"), ("小雨", "mount"), ("诗画", "mount")]
    assert [(hand.name, hand.part) for hand in given.hands] == rest
    assert "The painting was steered by 阿宁, 诗画." in credit.sentences(begun.house, given, "en")
    assert work.verse[:2] == LINES
    assert (work.kind, work.signature, scroll(begun).hung) == ("scroll", "阿宁、Bob、小雨", work.id)
    assert finish(browse.remake(begun.house, work.id)).verdict == "identical"
    assert rooms.keep(begun.house, begun.room, ALICE, "Again", "")[1].id == work.id


def test_a_scroll_that_began_with_a_work_names_it_as_its_parent(house: House, painted: Callable[..., Draft]) -> None:
    parent = create.save(house, painted().token, ALICE, "Parent", "").id
    play = Play(house, rooms.open_room(house, ALICE, "阿宁", rooms.ScrollWish("七绝", work=str(parent))))
    play.act(ALICE, "start")
    play.act(ALICE, "pick", turn=0, child=0)
    play.act(ALICE, "end")
    play.pay()
    work = rooms.keep(house, play.room, ALICE, "Child", "")[1]
    with house.db.reading() as tx:
        assert [(one.id, one.how) for one in db.lineage.parents_of(tx, work.id, limit=9).shown] == [(parent, "bred")]


def test_a_room_in_which_nobody_did_a_step_ends_without_a_scroll(begun: Play, clock: FakeClock) -> None:
    clock.now += rooms.IDLE_S + 1
    begun.room = rooms.find_room(begun.house, begun.room.code)
    assert (begun.room.ended, scroll(begun).owed) == ("idle", "")


def test_an_idle_room_ends_and_the_scroll_that_was_begun_is_finished_for_its_members(
    begun: Play, clock: FakeClock
) -> None:
    begun.act(ALICE, "pick", turn=0, child=1)
    clock.now += rooms.IDLE_S + 1
    begun.room = rooms.find_room(begun.house, begun.room.code)
    begun.pay()
    assert scroll(begun).picks[0].by == 1
    assert set(scroll(begun).hands) == {1, HOUSE}
    assert rooms.keep(begun.house, begun.room, CAROL, "Left on the table", "")[1].signature == "阿宁"


def test_the_house_opened_again_finds_the_scroll_as_it_was(
    begun: Play, settings: Settings, engine: FakeEngine, clock: FakeClock
) -> None:
    begun.act(ALICE, "deal", turn=0)
    one_round(begun)
    begun.house.close()
    again = open_house(settings, engine, cards=(PAINTER, POETS_CARD), clock=clock)
    assert rooms.find_room(again, begun.room.code) == begun.room
    assert scroll(whole_from(Play(again, begun.room, begun.ids))).reveal
    again.close()


def whole_from(play: Play) -> Play:
    """What is left of the twelve steps."""
    while not scroll(play).whole:
        one_round(play)
    play.pay()
    return play


def test_what_was_chosen_of_the_mount_is_the_layout(begun: Play) -> None:
    layout = mounter.layout_of(scroll(whole(begun)))
    assert [getattr(layout, name) for name in CHOSEN] == ["celadon", "handscroll", "kai", "zhu"]
    assert layout.signature == "阿宁、小雨"


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (rooms.ScrollWish("五律", "shanshui"), errors.UnknownForm),
        (rooms.ScrollWish("五绝", "cubism"), errors.UnknownSubject),
        (rooms.ScrollWish("五绝", work="99"), errors.NoSuchWork),
        (rooms.ScrollWish("五绝", "shanshui", timer_s=1), errors.OddRoom),
    ],
)
def test_a_room_for_a_scroll_that_cannot_be_is_refused(
    house: House, wish: rooms.ScrollWish, error: type[Exception]
) -> None:
    with pytest.raises(error):
        rooms.open_room(house, ALICE, "A", wish)


KINDS = ("joined", "left", "started", "called", "step", "dealt", "ended")


@given(st.lists(st.sampled_from(KINDS), max_size=30), st.data())
def test_whatever_happens_the_step_is_a_seats_or_the_houses_and_only_seats_see(
    kinds: list[str], data: st.DataObject
) -> None:
    game, six = Exquisite("五绝", 4, 5, "shanshui", None, 60, (("",) * 6,)), [""] * 6
    bodies: dict[str, tuple[str, dict[str, Any]]] = {"poet": ("wrote", {}), "mounter": ("mounted", {"value": "buff"})}
    bodies["painter"] = ("painted", {"child": 0, "recipes": six})
    for kind in kinds:
        who = data.draw(st.integers(1, 4))
        if (kind == "joined" and game.seat_for(who) is None) or (kind in ("step", "dealt") and not game.at_hand):
            continue
        happened, body = bodies[str(game.at_hand)] if kind == "step" else (kind, {"recipes": six})
        game = game.after(happened, {"text": LINES[0], "insisted": False, **body, "by": who}, who)
        assert game.turn in (None, HOUSE, *game.seats.values())
        assert len(set(game.seats.values())) == len(game.seats)
        assert [n for n in range(6) if game.view_of(n)] == sorted(game.seats.values())
