"""Collections: nested and ordered by hand, changed only by those who may, every change written down and taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import db
from db.changes import Change
from gallery import errors
from gallery.journeys import Draft, House, accounts, arrange, changes, create, curate, retrace, trash
from gallery.journeys.accounts import Curator
from tests.conftest import ALICE

WEN, LI, ZHAO = Curator("wen", "curator"), Curator("li", "curator"), Curator("zhao", "keeper")
GOOD = "correct horse battery"


@pytest.fixture
def hung(house: House, written: Callable[..., Draft]) -> House:
    """Works 1 to 5, and accounts for Wen, Li and the keeper Zhao."""
    for n in range(1, 6):
        create.save(house, written(n).token, ALICE, f"work {n}")
    for one in (WEN, LI, ZHAO):
        accounts.add(house.settings, one.name, GOOD, one.role, 1)
    return house


@pytest.fixture
def rivers(hung: House) -> int:
    """A collection of Wen's with all five works."""
    number = arrange.make(hung, {"title_zh": "江", "title_en": "Rivers"}, None, WEN)
    arrange.collect(hung, number, range(1, 6), WEN)
    return number


def order(house: House, number: int, curator: Curator = WEN) -> list[int]:
    return [held.work.id for held in arrange.look(house, number, curator).works]


def test_what_its_maker_takes_down_is_seen_by_no_curator_and_comes_back_to_its_place(hung: House, rivers: int) -> None:
    trash.take_down(hung, 3, ALICE)
    assert order(hung, rivers) == [1, 2, 4, 5]
    trash.bring_back(hung, 3, ALICE)
    assert order(hung, rivers) == [1, 2, 3, 4, 5]


def newest(house: House) -> Change:
    return changes.log(house).changes[0]


def test_works_stand_in_the_order_they_were_collected_in_and_each_once(hung: House, rivers: int) -> None:
    assert arrange.collect(hung, rivers, ["5", "2"], WEN)[1] == 0
    assert order(hung, rivers) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("work", "way", "expected"),
    [
        (3, "up", [1, 3, 2, 4, 5]),
        (3, "down", [1, 2, 4, 3, 5]),
        (4, "top", [4, 1, 2, 3, 5]),
        (1, "end", [2, 3, 4, 5, 1]),
        (1, "up", [1, 2, 3, 4, 5]),
    ],
)
def test_a_work_is_moved_and_moved_back(hung: House, rivers: int, work: int, way: str, expected: list[int]) -> None:
    before = newest(hung).seq
    arrange.shift(hung, rivers, work, way, WEN)
    assert order(hung, rivers) == expected
    if newest(hung).seq > before:
        retrace.undo(hung, newest(hung).seq, WEN)
    assert order(hung, rivers) == [1, 2, 3, 4, 5]


def test_a_work_taken_out_comes_back_to_its_place(hung: House, rivers: int) -> None:
    arrange.drop(hung, rivers, 3, WEN)
    assert order(hung, rivers) == [1, 2, 4, 5]
    retrace.undo(hung, newest(hung).seq, WEN)
    assert order(hung, rivers) == [1, 2, 3, 4, 5]


def test_a_hidden_work_keeps_its_place_and_cannot_be_collected(hung: House, rivers: int) -> None:
    curate.hide(hung, 2, "spam", WEN)
    assert [held.work.id for held in arrange.look(hung, rivers, WEN).works if held.hidden] == [2]
    assert order(hung, rivers) == [1, 2, 3, 4, 5]
    with pytest.raises(errors.NoSuchWork):
        arrange.collect(hung, rivers, [2], WEN)


def test_collections_nest_and_never_in_themselves(hung: House, rivers: int) -> None:
    lakes = arrange.make(hung, {"title_en": "Lakes"}, rivers, WEN)
    ponds = arrange.make(hung, {"title_zh": "池"}, lakes, WEN)
    assert [(one.collection.id, one.depth) for one in arrange.tree(hung, WEN)] == [(rivers, 0), (lakes, 1), (ponds, 2)]
    assert [one.id for one in arrange.look(hung, ponds, WEN).path] == [rivers, lakes]
    for inside in (rivers, lakes, ponds):
        with pytest.raises(errors.InsideItself):
            arrange.nest(hung, rivers, inside, WEN)
    arrange.nest(hung, ponds, None, WEN)
    assert [(one.collection.id, one.depth) for one in arrange.tree(hung, WEN)] == [(rivers, 0), (lakes, 1), (ponds, 0)]


def test_collections_are_ordered_among_those_beside_them(hung: House, rivers: int) -> None:
    others = [arrange.make(hung, {"title_en": name}, None, WEN) for name in ("Hills", "Clouds")]
    arrange.shift_collection(hung, others[1], "up", WEN)
    assert [one.collection.id for one in arrange.tree(hung, WEN)] == [rivers, others[1], others[0]]


def test_others_see_nothing_until_it_is_shared_and_change_nothing_as_readers(hung: House, rivers: int) -> None:
    with pytest.raises(errors.NoSuchCollection):
        arrange.look(hung, rivers, LI)
    arrange.share(hung, rivers, "li", "reader", WEN)
    assert order(hung, rivers, LI) == [1, 2, 3, 4, 5]
    with pytest.raises(errors.NotYours):
        arrange.drop(hung, rivers, 1, LI)
    arrange.share(hung, rivers, "li", "editor", WEN)
    arrange.drop(hung, rivers, 1, LI)
    with pytest.raises(errors.NotYours):
        arrange.put_away(hung, rivers, LI)
    with pytest.raises(errors.NotYours):
        arrange.share(hung, rivers, "li", "reader", LI)
    arrange.put_away(hung, rivers, ZHAO)
    assert arrange.tree(hung, WEN) == ()


def test_a_role_reaches_what_is_nested_inside(hung: House, rivers: int) -> None:
    lakes = arrange.make(hung, {"title_en": "Lakes"}, rivers, WEN)
    arrange.share(hung, rivers, "li", "editor", WEN)
    arrange.collect(hung, lakes, [2], LI)
    assert order(hung, lakes) == [2]
    arrange.share(hung, rivers, "li", "", WEN)
    assert arrange.tree(hung, LI) == ()
    with pytest.raises(errors.NoSuchCollection):
        retrace.undo(hung, next(one.seq for one in changes.log(hung).changes if one.curator == "li"), LI)


def test_titles_and_notes_are_changed_and_taken_back(hung: House, rivers: int) -> None:
    arrange.edit(hung, rivers, {"title_zh": "", "title_en": "Seas", "note_zh": "水", "note_en": "Two\r\nlines"}, WEN)
    found = arrange.look(hung, rivers, WEN).collection
    assert (found.title_zh, found.title_en, found.note_en) == ("", "Seas", "Two\nlines")
    retrace.undo(hung, newest(hung).seq, WEN)
    assert arrange.look(hung, rivers, WEN).collection.title_en == "Rivers"


def test_what_was_changed_again_is_not_taken_back(hung: House, rivers: int) -> None:
    arrange.edit(hung, rivers, {"title_en": "Seas"}, WEN)
    first = newest(hung).seq
    arrange.edit(hung, rivers, {"title_en": "Oceans"}, WEN)
    with pytest.raises(errors.ChangedSince):
        retrace.undo(hung, first, WEN)
    with pytest.raises(errors.NotYours):
        retrace.undo(hung, newest(hung).seq, LI)
    retrace.undo(hung, newest(hung).seq, ZHAO)
    retrace.undo(hung, first, WEN)
    with pytest.raises(errors.ChangedSince):
        retrace.undo(hung, first, WEN)
    assert arrange.look(hung, rivers, WEN).collection.title_en == "Rivers"


def test_a_collection_put_away_comes_back_whole(hung: House, rivers: int) -> None:
    arrange.put_away(hung, rivers, WEN)
    with pytest.raises(errors.NoSuchCollection):
        arrange.look(hung, rivers, WEN)
    retrace.undo(hung, newest(hung).seq, WEN)
    assert order(hung, rivers) == [1, 2, 3, 4, 5]


def test_notes_are_left_struck_out_and_brought_back(hung: House) -> None:
    arrange.note(hung, 3, "  ask its maker  ", WEN)
    (left,) = arrange.at_work(hung, 3, LI).notes
    assert (left.curator, left.body) == ("wen", "ask its maker")
    with pytest.raises(errors.NotYours):
        arrange.strike(hung, left.id, LI)
    assert arrange.strike(hung, left.id, WEN) == 3
    assert arrange.at_work(hung, 3, WEN).notes == ()
    retrace.undo(hung, newest(hung).seq, WEN)
    assert arrange.at_work(hung, 3, WEN).notes == (left,)


def test_nothing_that_is_collected_can_be_deleted_and_the_log_stays(hung: House, rivers: int) -> None:
    for change in ("DELETE FROM works WHERE id = 1", "UPDATE changes SET was = '{}'", "DELETE FROM changes"):
        with pytest.raises(IntegrityError), hung.db.writing() as tx:
            tx.execute(text(change))
    assert order(hung, rivers)[0] == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"title_zh": " ", "title_en": ""}, errors.NoHeading),
        ({"title_zh": "长" * 61}, errors.LongText),
        ({"title_en": "a\u202eb"}, errors.OddCharacters),
    ],
)
def test_a_collection_that_cannot_be_called_so_is_not_made(
    hung: House, fields: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        arrange.make(hung, fields, None, WEN)
    assert arrange.tree(hung, WEN) == ()
    with hung.db.reading() as tx:
        assert db.changes.log(tx, before=None, limit=9) == []


@pytest.mark.parametrize("name", ["nobody", "wen", ""])
def test_it_is_shared_with_curators_alone(hung: House, rivers: int, name: str) -> None:
    with pytest.raises(errors.NoSuchCurator):
        arrange.share(hung, rivers, name, "editor", WEN)


def test_no_collection_grows_without_end(hung: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrange, "MOST_WORKS", 4)
    hills = arrange.make(hung, {"title_en": "Hills"}, None, WEN)
    arrange.collect(hung, hills, [1], WEN)
    with pytest.raises(errors.FullCollection):
        arrange.collect(hung, hills, [2, 3, 4, 5], WEN)
    assert order(hung, hills) == [1]
