"""Exhibitions: prepared in rooms, opened in versions that stay what they were, and what the public sees of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import db
from gallery import errors
from gallery.journeys import (
    Draft,
    House,
    accounts,
    arrange,
    changes,
    create,
    curate,
    exhibit,
    first_show,
    first_wall,
    retrace,
    visit,
)
from gallery.journeys.accounts import Curator
from tests.conftest import ALICE
from tests.fakes import FakeClock

WEN, LI, ZHAO = Curator("wen", "curator"), Curator("li", "curator"), Curator("zhao", "keeper")
TODAY, TOMORROW, YESTERDAY = "2027-01-15", "2027-01-16", "2027-01-14"


@pytest.fixture
def hung(house: House, written: Callable[..., Draft], painted: Callable[..., Draft]) -> House:
    """Poems 1 to 4 and paintings 5 and 6, and accounts."""
    for draft in [*(written(n) for n in range(1, 5)), painted(1), painted(2)]:
        create.save(house, draft.token, ALICE, "work")
    for one in (WEN, LI, ZHAO):
        accounts.add(house.settings, one.name, "correct horse battery", one.role, 1)
    return house


@pytest.fixture
def autumn(hung: House) -> int:
    """An exhibition of Wen's with works 1, 2 and 5 in one room and 3 in another."""
    number = exhibit.make(hung, "autumn", {"title_zh": "秋", "title_en": "Autumn"}, WEN)
    for room, works in enumerate([(1, 2, 5), (3,)]):
        exhibit.add_room(hung, number, None, WEN)
        exhibit.hang(hung, number, room, works, WEN)
    return number


def rooms(house: House, number: int) -> list[list[int]]:
    return [list(room.works) for room in exhibit.look(house, number, WEN).plan.rooms]


def walls(house: House, address: str) -> list[list[int]]:
    return [[work.id for work in room.works] for room in visit.visit(house, address).rooms]


def test_a_version_stays_what_it_was(hung: House, autumn: int) -> None:
    assert exhibit.publish(hung, autumn, WEN) == ("autumn", 1)
    exhibit.shift(hung, autumn, 2, "off", WEN)
    assert walls(hung, "autumn") == [[1, 2, 5], [3]]
    assert exhibit.publish(hung, autumn, WEN) == ("autumn", 2)
    assert walls(hung, "autumn") == walls(hung, "autumn@2") == [[1, 5], [3]]
    assert walls(hung, "autumn@1") == [[1, 2, 5], [3]]
    for change in ("UPDATE versions SET body = '{}'", "DELETE FROM hangings", "DELETE FROM works WHERE id = 2"):
        with pytest.raises(IntegrityError), hung.db.writing() as tx:
            tx.execute(text(change))


def test_an_opening_is_taken_back_to_the_version_before(hung: House, autumn: int) -> None:
    exhibit.publish(hung, autumn, WEN)
    exhibit.shift(hung, autumn, 3, "off", WEN)
    exhibit.publish(hung, autumn, WEN)
    retrace.undo(hung, changes.log(hung).changes[0].seq, WEN)
    assert walls(hung, "autumn") == [[1, 2, 5], [3]]
    assert walls(hung, "autumn@2") == [[1, 2, 5]]
    assert exhibit.publish(hung, autumn, WEN)[1] == 3


@pytest.mark.parametrize(
    ("work", "way", "expected"),
    [
        (2, "up", [[2, 1, 5], [3]]),
        (5, "down", [[1, 2], [5, 3]]),
        (3, "up", [[1, 2, 5, 3], []]),
        (3, "down", [[1, 2, 5], [3]]),
        (1, "up", [[1, 2, 5], [3]]),
        (1, "off", [[2, 5], [3]]),
    ],
)
def test_works_move_along_the_walls_and_into_the_next_room(
    hung: House, autumn: int, work: int, way: str, expected: list[list[int]]
) -> None:
    exhibit.shift(hung, autumn, work, way, WEN)
    assert rooms(hung, autumn) == expected


def test_rooms_change_places_and_go(hung: House, autumn: int) -> None:
    exhibit.shift_room(hung, autumn, 1, "up", WEN)
    assert rooms(hung, autumn) == [[3], [1, 2, 5]]
    exhibit.shift_room(hung, autumn, 0, "off", WEN)
    assert rooms(hung, autumn) == [[1, 2, 5]]
    retrace.undo(hung, changes.log(hung).changes[0].seq, WEN)
    assert rooms(hung, autumn) == [[3], [1, 2, 5]]


def test_a_form_changes_the_room_that_it_has_shown_wherever_that_is_now(hung: House, autumn: int) -> None:
    shown = exhibit.mark_of(exhibit.look(hung, autumn, WEN).plan.rooms[1])
    exhibit.shift_room(hung, autumn, 1, "up", WEN)
    exhibit.edit_room(hung, autumn, 1, {"title_en": "Late", "seen": shown}, WEN)
    assert [room.title_en for room in exhibit.look(hung, autumn, WEN).plan.rooms] == ["Late", ""]
    with pytest.raises(errors.ChangedMeanwhile):
        exhibit.edit_room(hung, autumn, 1, {"title_en": "Later", "seen": shown}, WEN)


def test_a_room_is_not_taken_away_twice(hung: House, autumn: int) -> None:
    shown = exhibit.mark_of(exhibit.look(hung, autumn, WEN).plan.rooms[0])
    exhibit.shift_room(hung, autumn, 0, "off", WEN, seen=shown)
    with pytest.raises(errors.ChangedMeanwhile):
        exhibit.shift_room(hung, autumn, 0, "off", WEN, seen=shown)
    assert rooms(hung, autumn) == [[3]]


def test_words_do_not_take_the_place_of_newer_ones(hung: House, autumn: int) -> None:
    shown = exhibit.mark_of(exhibit.look(hung, autumn, WEN).plan)
    exhibit.edit(hung, autumn, {"title_en": "Mine", "seen": shown}, WEN)
    with pytest.raises(errors.ChangedMeanwhile):
        exhibit.edit(hung, autumn, {"title_en": "Stale", "seen": shown}, WEN)
    assert exhibit.look(hung, autumn, WEN).plan.title_en == "Mine"


def test_a_work_hangs_once_in_an_exhibition(hung: House, autumn: int) -> None:
    exhibit.hang(hung, autumn, 1, ["1", "4", "4"], WEN)
    assert rooms(hung, autumn) == [[1, 2, 5], [3, 4]]


def test_a_collection_becomes_a_room_with_its_words(hung: House, autumn: int) -> None:
    hills = arrange.make(hung, {"title_en": "Hills"}, None, WEN)
    arrange.edit(hung, hills, {"title_en": "Hills", "note_en": "High *up*."}, WEN)
    arrange.collect(hung, hills, [6, 4, 1], WEN)
    curate.hide(hung, 4, "spam", WEN)
    exhibit.add_room(hung, autumn, hills, WEN)
    room = exhibit.look(hung, autumn, WEN).plan.rooms[-1]
    assert (room.title_en, room.text_en, room.works) == ("Hills", "High *up*.", (6,))


def test_a_hidden_work_hangs_nowhere_and_comes_back(hung: House, autumn: int) -> None:
    exhibit.publish(hung, autumn, WEN)
    curate.hide(hung, 2, "copied", WEN)
    assert walls(hung, "autumn") == walls(hung, "autumn@1") == [[1, 5], [3]]
    with pytest.raises(errors.NoSuchShow):
        visit.walk(hung, "autumn", "2")
    curate.restore(hung, 2, WEN)
    assert walls(hung, "autumn@1") == [[1, 2, 5], [3]]


def test_the_walk_goes_by_wall_texts_and_works_from_room_to_room(hung: House, autumn: int) -> None:
    exhibit.publish(hung, autumn, WEN)
    passed, stop = ["room1"], visit.walk(hung, "autumn", "room1")
    while stop.after:
        assert visit.walk(hung, "autumn", stop.after).before == passed[-1]
        passed.append(stop.after)
        stop = visit.walk(hung, "autumn", stop.after)
    assert passed == ["room1", "1", "2", "5", "room2", "3"]
    assert (stop.place, stop.places) == (6, 6)


@pytest.mark.parametrize(
    ("opens", "closes", "when", "shown"),
    [("", "", "open", 2), (TODAY, TODAY, "open", 2), (TOMORROW, "", "coming", 0), ("", YESTERDAY, "past", 2)],
)
def test_rooms_open_on_the_opening_day(
    hung: House, autumn: int, clock: FakeClock, opens: str, closes: str, when: str, shown: int
) -> None:
    fields = {"title_zh": "秋", "opens": opens, "closes": closes, "cover": "5"}
    exhibit.edit(hung, autumn, fields, WEN)
    exhibit.publish(hung, autumn, WEN)
    found = visit.visit(hung, "autumn")
    assert (found.when, len(found.rooms), [one.slug for one in visit.listed(hung)]) == (when, shown, ["autumn"])
    assert bool(visit.hangs_in(hung, 1)) == bool(shown)
    assert found.cover is not None
    assert found.cover.id == 5


@pytest.mark.parametrize("days", [("tomorrow", ""), ("2027-02-30", ""), (TODAY, YESTERDAY)])
def test_days_that_cannot_be_are_refused(hung: House, autumn: int, days: tuple[str, str]) -> None:
    with pytest.raises(errors.BadDay):
        exhibit.edit(hung, autumn, {"title_zh": "秋", "opens": days[0], "closes": days[1]}, WEN)
    assert exhibit.look(hung, autumn, WEN).plan.opens == ""


def test_only_its_owner_and_keepers_change_it(hung: House, autumn: int) -> None:
    assert not exhibit.look(hung, autumn, LI).may_edit
    for act in (exhibit.publish, exhibit.take_down):
        with pytest.raises(errors.NotYours):
            act(hung, autumn, LI)
    with pytest.raises(errors.NotYours):
        retrace.undo(hung, changes.log(hung).changes[0].seq, LI)
    exhibit.publish(hung, autumn, ZHAO)
    assert walls(hung, "autumn") == [[1, 2, 5], [3]]


def test_what_is_taken_down_leaves_the_lists_and_stays_where_it_is_cited(hung: House, autumn: int) -> None:
    exhibit.publish(hung, autumn, WEN)
    exhibit.take_down(hung, autumn, WEN)
    assert (visit.listed(hung), visit.addresses(hung), visit.hangs_in(hung, 1)) == ((), [], [])
    assert visit.visit(hung, "autumn@1").newest == 0
    with pytest.raises(errors.SlugTaken):
        exhibit.make(hung, "autumn", {"title_en": "Another"}, LI)
    retrace.undo(hung, changes.log(hung).changes[0].seq, WEN)
    assert visit.addresses(hung) == ["autumn"]


def test_an_exhibition_without_works_does_not_open(hung: House) -> None:
    number = exhibit.make(hung, "empty", {"title_en": "Empty"}, WEN)
    with pytest.raises(errors.EmptyShow):
        exhibit.publish(hung, number, WEN)
    for address in ("empty", "empty@1", "nothing", "Empty", "empty@", "../x"):
        with pytest.raises(errors.NoSuchShow):
            visit.visit(hung, address)


@pytest.mark.parametrize("slug", ["", "Autumn", "-a", "a-", "a b", "秋", "a" * 41, "a/b", "a@2"])
def test_an_address_that_cannot_be_is_refused(hung: House, slug: str) -> None:
    with pytest.raises(errors.BadSlug):
        exhibit.make(hung, slug, {"title_en": "Autumn"}, WEN)


def test_the_house_opens_one_of_its_first_wall_once(house: House) -> None:
    assert not first_show.open_first_show(house)
    first_wall.seed_wall(house, 6, 4)
    assert first_show.open_first_show(house)
    assert not first_show.open_first_show(house)
    (found,) = visit.listed(house)
    assert (found.slug, found.version, found.curator, found.when) == ("first-light", 1, None, "open")
    with house.db.reading() as tx:
        names = [work.draft for work in found.works if db.works.find(tx, work.id)]
    assert names == [
        f"first-wall-{kind}-{n}" for kind, most in (("painting", 6), ("poem", 4)) for n in range(1, most + 1)
    ]


def test_where_visitors_have_hung_works_the_house_opens_none(house: House, written: Callable[..., Draft]) -> None:
    first_wall.seed_wall(house, 4, 2)
    create.save(house, written().token, ALICE, "mine")
    assert not first_show.open_first_show(house)
