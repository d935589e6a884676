"""Breeding together as a journey: votes, winners, generations, pictures that hang with their parents, the film."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import db
from db import Hand
from gallery import errors
from gallery.images import decode
from gallery.journeys import Draft, House, browse, create, credit, mount, rooms
from gallery.journeys.rooms import filming, painter
from gallery.journeys.rooms.brood import Brood, Generation, ancestors
from gallery.journeys.shoot import Painted, Shot
from gallery.visitors import Visitor
from tests.conftest import ALICE, BOB
from tests.fakes import finish
from tests.journeys.test_rooms import Play


@pytest.fixture
def parent(house: House, painted: Callable[..., Draft]) -> int:
    """A painting on the wall."""
    return create.save(house, painted().token, ALICE, "Parent", "").id


@pytest.fixture
def play(house: House, parent: int) -> Play:
    """A room for the children of that painting, in which Bob has a seat."""
    play = Play(house, rooms.open_room(house, ALICE, "阿宁", rooms.BroodWish(work=str(parent))))
    play.act(BOB, "join", name="Bob")
    return play


def brood(play: Play) -> Brood:
    assert isinstance(play.room.game, Brood)
    return play.room.game


def parents(play: Play, work: int) -> list[int]:
    with play.house.db.reading() as tx:
        return [one.id for one in db.lineage.parents_of(tx, work, limit=9).shown]


def keep(play: Play, generation: int, child: int, title: str = "Child") -> int:
    news, work = rooms.keep(play.house, play.room, BOB, title, "", (generation, child))
    play.move(news)
    return work.id


def test_everybody_has_one_vote_and_may_change_it(play: Play) -> None:
    play.act(ALICE, "vote", generation=0, child=1)
    play.act(BOB, "vote", generation=0, child=2)
    play.act(ALICE, "vote", generation=0, child=2)
    assert brood(play).votes == {1: 2, 2: 2}
    play.act(BOB, "leave")
    assert brood(play).votes == {1: 2}


def test_the_most_voted_breed_and_the_vote_begins_anew(play: Play) -> None:
    play.act(ALICE, "vote", generation=0, child=1)
    play.act(BOB, "vote", generation=0, child=4)
    play.act(ALICE, "breed", generation=0)
    first, second = brood(play).generations
    assert first.winners == (1, 4)
    assert len(set(first.recipes + second.recipes)) == 12
    assert brood(play).votes == {}
    assert rooms.find_room(play.house, play.room.code) == play.room


def test_the_time_of_a_vote_begins_with_the_first_and_its_end_breeds(play: Play) -> None:
    assert brood(play).wait is None
    play.act(BOB, "vote", generation=0, child=3)
    assert brood(play).hurry({1, 2}) is None
    assert brood(play).hurry({2}) is not None
    play.move(rooms.time_out(play.house, play.room, brood(play).wait))
    assert brood(play).generations[0].winners == (3,)
    assert rooms.time_out(play.house, play.room, (1,)) == []


@pytest.mark.parametrize(
    ("who", "act", "error"),
    [
        (ALICE, {"do": "vote", "generation": 1, "child": 0}, errors.PastTurn),
        (ALICE, {"do": "vote", "generation": 0, "child": 6}, errors.NoSuchChild),
        (ALICE, {"do": "breed", "generation": 0}, errors.NoVotes),
        (BOB, {"do": "breed", "generation": 0}, errors.NotTheOwner),
        (ALICE, {"do": "write", "turn": 0, "text": "空山新雨月"}, errors.BadMessage),
        (Visitor("c" * 32), {"do": "vote", "generation": 0, "child": 0}, errors.NotAMember),
    ],
)
def test_what_cannot_be_voted_or_bred_is_refused(
    play: Play, who: Visitor, act: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        play.act(who, **act)
    assert rooms.find_room(play.house, play.room.code) == play.room


def test_a_picture_of_any_generation_hangs_with_the_works_it_comes_from(play: Play, parent: int) -> None:
    play.act(ALICE, "vote", generation=0, child=1)
    play.act(BOB, "vote", generation=0, child=4)
    play.act(ALICE, "breed", generation=0)
    unhung = keep(play, 1, 0)
    hung = keep(play, 0, 1, "First")
    later = keep(play, 1, 5)
    assert parents(play, unhung) == [parent]
    assert parents(play, hung) == [parent]
    assert parents(play, later) == [parent, hung]
    assert finish(browse.remake(play.house, later)).verdict == "identical"


def test_the_same_picture_hangs_once_and_only_for_members(play: Play) -> None:
    first = keep(play, 0, 2)
    assert keep(play, 0, 2, "Again") == first
    with pytest.raises(errors.NotAMember):
        rooms.keep(play.house, play.room, Visitor("c" * 32), "Theirs", "", (0, 2))
    for piece in ((0, 6), (1, 0), (-1, 0)):
        with pytest.raises(errors.NoSuchChild):
            rooms.keep(play.house, play.room, BOB, "None", "", piece)


def test_a_picture_is_painted_from_its_recipe_alone(play: Play) -> None:
    first = finish(painter.look(play.house, brood(play), (0, 0)))
    assert finish(painter.look(play.house, brood(play), (0, 0))) == first
    assert decode(first).width == 384


def test_a_room_may_begin_by_chance_but_not_from_a_poem_or_from_nothing(
    house: House, written: Callable[..., Draft]
) -> None:
    poem = create.save(house, written().token, ALICE, "Poem", "").id
    assert brood(Play(house, rooms.open_room(house, ALICE, "A", rooms.BroodWish("still_life")))).work is None
    for wish, error in (
        (rooms.BroodWish(work=poem), errors.NotAPainting),
        (rooms.BroodWish(work="99"), errors.NoSuchWork),
        (rooms.BroodWish("cubism"), errors.UnknownSubject),
        (rooms.BroodWish("shanshui", timer_s=1), errors.OddRoom),
    ):
        with pytest.raises(error):
            rooms.open_room(house, ALICE, "A", wish)


def test_after_the_end_nobody_votes_but_pictures_can_still_be_kept(play: Play) -> None:
    play.act(ALICE, "end")
    with pytest.raises(errors.RoomEnded):
        play.act(BOB, "vote", generation=0, child=0)
    assert keep(play, 0, 0)


def test_ancestors_are_named_once_however_they_are_reached() -> None:
    grown = Brood("shanshui", 7, 60, (Generation((), (1, 2)), Generation((), (0,)), Generation(())), hung={(0, 1): 9})
    assert ancestors(grown, (2, 3)) == (9, 7)
    assert ancestors(grown, (0, 0)) == (7,)


def bred(play: Play, *votes: int) -> Play:
    """Each of these children is Alice's favourite of its generation; all but the last have bred. Then the room ends."""
    for generation, child in enumerate(votes):
        play.act(ALICE, "vote", generation=generation, child=child)
        if generation < len(votes) - 1:
            play.act(ALICE, "breed", generation=generation)
    play.act(ALICE, "end")
    return play


def rolled(play: Play) -> Draft:
    """The film of the room, shot to its end."""
    *news, shot = filming.roll(play.house, play.room, filming.check(play.room, ALICE), ALICE)
    frames = [one for one in news if isinstance(one, Painted)]
    assert [one.done for one in frames] == list(range(1, frames[0].total + 1))
    assert isinstance(shot, Shot)
    return shot.draft


def test_the_favourites_of_all_generations_in_order_become_a_film(play: Play) -> None:
    draft = rolled(bred(play, 1, 4, 2))
    stations = [painter.recipe_of(brood(play), piece) for piece in ((0, 1), (1, 4), (2, 2))]
    assert list(mount.stations_of(draft.recipe)) == stations
    assert draft.recipe.parameters["seconds"] == filming.seconds_for(3)
    assert filming.look(play.house, play.room)[:4] == b"RIFF"


def test_the_film_hangs_once_with_the_works_it_passes_and_all_who_voted(play: Play, parent: int) -> None:
    play.act(BOB, "vote", generation=0, child=5)
    rolled(bred(play, 1, 4))
    first = keep(play, 0, 1, "First")
    news, work = rooms.keep(play.house, play.room, BOB, "Evolution", "Bob", "film")
    play.move(news)
    with play.house.db.reading() as tx:
        found = db.lineage.parents_of(tx, work.id, limit=9).shown
    assert [(one.id, one.how) for one in found] == [(parent, "filmed"), (first, "filmed")]
    given = credit.look(play.house, work.id)
    assert given.hands == (Hand("Bob", False, "choice"), Hand("阿宁", False, "choice"))
    assert (work.kind, work.title, brood(play).film) == ("film", "Evolution", work.id)
    assert rooms.keep(play.house, play.room, ALICE, "Again", "", "film")[1].id == work.id
    assert finish(browse.remake(play.house, work.id)).verdict == "identical"


@pytest.mark.parametrize(
    ("votes", "who", "error"),
    [((1,), ALICE, errors.FewGenerations), ((1, 2), Visitor("c" * 32), errors.NotAMember)],
)
def test_a_film_of_one_generation_or_for_a_stranger_is_refused(
    play: Play, votes: tuple[int, ...], who: Visitor, error: type[Exception]
) -> None:
    bred(play, *votes)
    with pytest.raises(error):
        filming.check(play.room, who)


def test_a_film_is_offered_once_the_room_has_ended_and_kept_once_it_is_shot(play: Play) -> None:
    with pytest.raises(errors.StillGoing):
        filming.check(play.room, ALICE)
    bred(play, 0, 1)
    with pytest.raises(errors.DraftGone):
        rooms.keep(play.house, play.room, ALICE, "Early", "", "film")


def test_a_room_without_pictures_has_no_film(house: House) -> None:
    room = rooms.open_room(house, ALICE, "A", rooms.VerseWish("五绝"))
    with pytest.raises(errors.BadMessage):
        filming.check(room, ALICE)
