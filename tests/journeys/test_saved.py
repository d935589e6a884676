"""Searches that keep collections: what they hold is what is found now, and nothing in them is changed by hand."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest

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
    find,
    rate,
    retrace,
    saved,
    tag,
    take_out,
)
from gallery.journeys.accounts import Curator
from gallery.journeys.find import Wish
from tests.conftest import ALICE, BOB

WEN, LI = Curator("wen", "curator"), Curator("li", "curator")
GOOD = "correct horse battery"


@pytest.fixture
def hung(house: House, written: Callable[..., Draft], painted: Callable[..., Draft]) -> House:
    """Poems 1 to 4, paintings 5 and 6, and two curators; 1 and 2 are tagged, 2 has five stars and 3 one."""
    for n in range(1, 5):
        create.save(house, written(n).token, ALICE, f"poem {n}")
    for n in range(1, 3):
        create.save(house, painted(n).token, ALICE, f"painting {n}")
    for one in (WEN, LI):
        accounts.add(house.settings, one.name, GOOD, one.role, 1)
    tag.give(house, "雪景", [1, 2], WEN)
    rate.cast_vote(house, 2, 5, BOB)
    rate.cast_vote(house, 3, 1, BOB)
    return house


def keep(house: House, wish: Wish) -> int:
    return arrange.make(house, {"title_zh": "集", "title_en": "Kept"}, None, WEN, wish=wish)


def held(house: House, number: int) -> list[int]:
    return [one.work.id for one in arrange.look(house, number, WEN).works]


@pytest.mark.parametrize(
    ("wish", "works"),
    [
        (Wish(kind="poem"), [4, 3, 2, 1]),
        (Wish(kind="poem", sort="best"), [2, 4, 1, 3]),
        (Wish(tag="雪景"), [2, 1]),
        (Wish(q="poem 3"), [3]),
        (Wish(subject="shanshui"), [6, 5]),
        (Wish(form="七绝", least=3.0), [4, 2, 1]),
        (Wish(least=3.2), [2]),
        (Wish(most=2.9), [3]),
        (Wish(kind="poem", least=2.7, most=3.0), [4, 1]),
        (Wish(since="2027-01", until="2027-02"), [6, 5, 4, 3, 2, 1]),
        (Wish(until="2026-12"), []),
    ],
)
def test_a_collection_holds_what_its_search_finds_in_its_order(hung: House, wish: Wish, works: list[int]) -> None:
    assert held(hung, keep(hung, wish)) == works


def test_it_follows_what_is_hung_hidden_tagged_and_judged(hung: House, written: Callable[..., Draft]) -> None:
    number = keep(hung, Wish(tag="雪景", kind="poem", least=2.9))
    seventh = create.save(hung, written(7).token, ALICE, "seventh").id
    assert held(hung, number) == [2, 1]
    tag.give(hung, "雪景", [seventh], WEN)
    assert held(hung, number) == [seventh, 2, 1]
    curate.hide(hung, 2, "spam", WEN)
    rate.cast_vote(hung, 1, 1, BOB)
    assert held(hung, number) == [seventh]
    (branch,) = arrange.tree(hung, WEN)
    assert (branch.works, [work.id for work in branch.covers]) == (1, [seventh])


def test_a_tag_in_a_search_goes_on_working_when_it_is_renamed_or_merged(hung: House) -> None:
    number, snow = keep(hung, Wish(tag="雪景")), tag.everything(hung)[0].tag.id
    tag.rename(hung, snow, "冬", "winter", WEN)
    tag.give(hung, "cold", [4], WEN)
    tag.merge(hung, snow, "cold", WEN)
    assert held(hung, number) == [4, 2, 1]
    tag.put_away(hung, snow, WEN)
    view = arrange.look(hung, number, WEN)
    assert view.works == ()
    assert isinstance(view.amiss, errors.NoSuchTag)


def test_nothing_is_put_into_it_taken_out_or_moved_by_hand(hung: House) -> None:
    number = keep(hung, Wish(kind="poem"))
    acts: list[Callable[[], object]] = [
        lambda: arrange.collect(hung, number, [5], WEN),
        lambda: arrange.drop(hung, number, 1, WEN),
        lambda: arrange.shift(hung, number, 1, "up", WEN),
    ]
    for act in acts:
        with pytest.raises(errors.KeptBySearch):
            act()
    assert [branch.by_hand for branch in arrange.tree(hung, WEN, bare=True)] == [False]


def test_its_search_is_changed_by_those_who_may_and_taken_back(hung: House) -> None:
    number = keep(hung, Wish(kind="poem"))
    with pytest.raises(errors.NoSuchCollection):
        arrange.seek(hung, number, Wish(kind="painting"), LI)
    arrange.share(hung, number, "li", "editor", WEN)
    arrange.seek(hung, number, Wish(kind="painting"), LI)
    assert held(hung, number) == [6, 5]
    retrace.undo(hung, changes.log(hung).changes[0].seq, LI)
    assert held(hung, number) == [4, 3, 2, 1]


def test_what_is_the_askers_own_is_no_part_of_it(hung: House) -> None:
    page = find.page(hung, Wish(kind="poem"), limit=1)
    number = keep(hung, Wish(kind="poem", mine=True, rated=False, sort="random", seed=5, cursor=page.next_cursor))
    assert arrange.look(hung, number, WEN).wish == Wish(kind="poem")
    assert held(hung, number) == [4, 3, 2, 1]


def test_it_is_taken_out_and_hung_like_any_other(hung: House) -> None:
    number = keep(hung, Wish(kind="painting"))
    source = take_out.of_collection(hung, number, WEN, "en")
    assert (source.title, source.works) == ("Kept", (6, 5))
    file = io.BytesIO()
    assert take_out.write_csv(hung, source, file) == 2
    show = exhibit.make(hung, "kept", {"title_zh": "", "title_en": "Kept"}, WEN)
    exhibit.add_room(hung, show, number, WEN)
    assert exhibit.look(hung, show, WEN).plan.rooms[-1].works == (6, 5)


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (Wish(), errors.NothingAsked),
        (Wish(mine=True), errors.NothingAsked),
        (Wish(tag="no such"), errors.NoSuchTag),
        (Wish(q="月" * 101), errors.LongSearch),
        (Wish(least=0.5), errors.BadBounds),
        (Wish(least=4.0, most=3.0), errors.BadBounds),
        (Wish(since="2026-13"), errors.BadBounds),
        (Wish(since="2026-11", until="2026-10"), errors.BadBounds),
    ],
)
def test_a_search_that_can_keep_nothing_is_refused(hung: House, wish: Wish, error: type[Exception]) -> None:
    with pytest.raises(error):
        keep(hung, wish)
    assert arrange.tree(hung, WEN) == ()


def test_a_wish_is_kept_whole() -> None:
    wish = Wish(q="月", kind="poem", form="七绝", tag="雪", since="2026-01", least=2.5, sort="best", descended=True)
    assert saved.from_json(saved.to_json(wish)) == wish
    assert saved.from_json(saved.to_json(replace(wish, most=4.5))) != wish
