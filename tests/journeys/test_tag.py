"""Tags: given, merged and renamed so that every name goes on leading to the works, and every change taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import db
from gallery import errors
from gallery.journeys import Draft, House, accounts, changes, create, curate, find, narrow, retrace, tag, trash
from gallery.journeys.accounts import Curator
from gallery.journeys.find import Wish
from tests.conftest import ALICE, BOB

WEN, LI = Curator("wen", "curator"), Curator("li", "curator")
GOOD = "correct horse battery"


@pytest.fixture
def hung(house: House, written: Callable[..., Draft]) -> House:
    """Works 1 to 6 and two curators; 1 and 2 are tagged 雪景, 3 snow."""
    for n in range(1, 7):
        create.save(house, written(n).token, ALICE, f"work {n}")
    for one in (WEN, LI):
        accounts.add(house.settings, one.name, GOOD, one.role, 1)
    tag.give(house, "雪景", [1, "2"], WEN)
    tag.give(house, "snow", [3], WEN)
    return house


def found(house: House, **wish: object) -> list[int]:
    return sorted(card.id for card in find.page(house, Wish(**wish), ALICE).cards)  # type: ignore[arg-type]


def take_back(house: House, skip: int = 0) -> None:
    retrace.undo(house, changes.log(house).changes[skip].seq, WEN)


def names(house: House) -> dict[str, int]:
    return {one.tag.zh or one.tag.en: one.works for one in tag.everything(house)}


def healthy(house: House) -> bool:
    with house.db.reading() as tx:
        return db.search.examine(tx) == db.search.Ailing((), 0)


def test_a_name_that_is_given_makes_the_tag_once_whatever_its_script_or_case(hung: House) -> None:
    assert tag.give(hung, "  雪景 ", [2, 4], LI)[1] == 1
    assert tag.give(hung, "SNOW", [3, 5], LI)[1] == 1
    assert names(hung) == {"雪景": 3, "snow": 2}


@pytest.mark.parametrize("few", [10_000, 0], ids=["by the index", "along the wall"])
def test_works_are_found_by_tag_and_by_words_of_its_names(
    hung: House, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.shelf, "FEW", few)
    assert found(hung, tag="雪景") == [1, 2]
    assert found(hung, q="雪景") == found(hung, q="xuejing") == found(hung, q="景") == [1, 2]
    assert found(hung, q="sno") == found(hung, tag="Snow") == [3]
    assert found(hung, tag="雪景", q="work") == [1, 2]
    assert found(hung, tag="雪景", kind="painting") == []


def test_merged_tags_are_one_by_every_name_and_come_apart_again(hung: House) -> None:
    snow = next(one.tag.id for one in tag.everything(hung) if one.tag.en == "snow")
    tag.give(hung, "snow", [2], WEN)
    tag.merge(hung, snow, "雪景", WEN)
    assert names(hung) == {"雪景": 3}
    for name in ("雪景", "snow"):
        assert found(hung, tag=name) == found(hung, q=name) == [1, 2, 3]
    assert [one.zh for one in tag.of_work(hung, 2)] == ["雪景"]
    take_back(hung)
    assert names(hung) == {"雪景": 2, "snow": 2}
    assert found(hung, tag="snow") == [2, 3]
    assert healthy(hung)


def test_a_renamed_tag_goes_on_being_found_by_its_old_name(hung: House) -> None:
    number = tag.everything(hung)[0].tag.id
    tag.rename(hung, number, "冬景", "winter", WEN)
    assert found(hung, tag="雪景") == found(hung, tag="winter") == found(hung, q="冬") == [1, 2]
    take_back(hung, skip=1)  # the renaming itself; the name it left behind came after it
    assert found(hung, tag="雪景") == [1, 2]
    with pytest.raises(errors.NoSuchTag):
        found(hung, tag="winter")


def test_another_name_leads_to_a_tag_until_it_is_put_away(hung: House) -> None:
    number = tag.everything(hung)[0].tag.id
    tag.also_call(hung, number, "white hills", WEN)
    assert found(hung, tag="White Hills") == found(hung, q="white") == [1, 2]
    (other,) = tag.everything(hung)[0].others
    tag.put_away(hung, other.id, WEN)
    assert found(hung, q="white") == []
    with pytest.raises(errors.SameTag):
        tag.also_call(hung, number, "雪景", WEN)


def test_a_name_leads_to_one_tag_alone_also_after_a_change_is_taken_back(hung: House) -> None:
    one, other = (entry.tag.id for entry in tag.everything(hung))
    with pytest.raises(errors.TagTaken):
        tag.rename(hung, other, "雪景", "", WEN)
    tag.put_away(hung, one, WEN)
    tag.make(hung, "雪景", "", LI)
    with pytest.raises(errors.TagTaken):
        take_back(hung, skip=1)
    assert found(hung, tag="雪景") == []


def test_a_selection_is_untagged_by_taking_one_entry_back(hung: House) -> None:
    tag.give(hung, "雪景", range(1, 7), WEN)
    assert found(hung, tag="雪景") == [1, 2, 3, 4, 5, 6]
    take_back(hung)
    assert found(hung, tag="雪景") == [1, 2]
    assert healthy(hung)


def test_a_tag_is_taken_off_a_work_with_what_was_merged_into_it(hung: House) -> None:
    snow = next(one.tag.id for one in tag.everything(hung) if one.tag.en == "snow")
    white = tag.merge(hung, snow, "雪景", WEN)
    tag.take(hung, white.id, 3, LI)
    assert found(hung, tag="雪景") == [1, 2]
    retrace.undo(hung, changes.log(hung).changes[0].seq, LI)
    assert found(hung, tag="雪景") == [1, 2, 3]


def test_what_is_hidden_counts_for_no_tag_and_what_is_erased_bears_none(hung: House) -> None:
    curate.hide(hung, 1, "spam", WEN)
    assert names(hung) == {"雪景": 1, "snow": 1}
    curate.restore(hung, 1, WEN)
    assert names(hung) == {"雪景": 2, "snow": 1}
    trash.take_down(hung, 2, ALICE)
    with hung.db.writing() as tx:
        db.trash.erase(tx, 2, at_ms=hung.now_ms())
    assert (names(hung), tag.of_work(hung, 2)) == ({"雪景": 1, "snow": 1}, ())
    assert healthy(hung)


def test_the_wall_counts_what_a_further_tag_would_leave(hung: House) -> None:
    tag.give(hung, "quiet", [1, 2, 3, 4], WEN)

    def counts(**wish: object) -> dict[str, int]:
        beside = narrow.facets(hung, Wish(**wish), BOB)  # type: ignore[arg-type]
        return {one.zh or one.en: works for one, works in beside.tags}

    assert counts() == {"quiet": 4, "雪景": 2, "snow": 1}
    assert counts(q="work 3") == {"quiet": 1, "snow": 1}
    assert counts(kind="painting") == {}
    assert narrow.facets(hung, Wish(tag="quiet"), BOB).total == 4
    assert narrow.facets(hung, Wish(tag="quiet", rated=False), BOB).total == 4


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda house: tag.give(house, "", [1], WEN), errors.NoHeading),
        (lambda house: tag.give(house, "。", [1], WEN), errors.NoHeading),
        (lambda house: tag.give(house, "长" * 41, [1], WEN), errors.LongText),
        (lambda house: tag.give(house, "雪", [], WEN), errors.NothingSelected),
        (lambda house: tag.give(house, "雪", [1, 99], WEN), errors.NoSuchWork),
        (lambda house: tag.merge(house, 1, "雪景", WEN), errors.SameTag),
        (lambda house: tag.merge(house, 1, "no such", WEN), errors.NoSuchTag),
        (lambda house: tag.rename(house, "x", "雪", "", WEN), errors.NoSuchTag),
        (lambda house: tag.put_away(house, 77, WEN), errors.NoSuchTag),
        (lambda house: found(house, tag="no such"), errors.NoSuchTag),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    hung: House, act: Callable[[House], object], error: type[Exception]
) -> None:
    before = names(hung)
    with pytest.raises(error):
        act(hung)
    assert names(hung) == before


def test_there_is_an_end_to_the_number_of_tags(hung: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tag, "MOST", 3)
    tag.give(hung, "one more", [1], WEN)
    with pytest.raises(errors.TooManyTags):
        tag.give(hung, "too many", [1], WEN)


def test_a_work_that_bears_two_merged_tags_counts_once_however_the_wall_is_narrowed(hung: House) -> None:
    snow = next(one.tag.id for one in tag.everything(hung) if one.tag.en == "snow")
    tag.give(hung, "snow", [1], WEN)
    tag.merge(hung, snow, "雪景", WEN)
    for wish in (Wish(), Wish(kind="poem"), Wish(q="work"), Wish(since="2027-01"), Wish(tag="snow")):
        ((one, works),) = narrow.facets(hung, wish, BOB).tags
        assert (one.zh, works) == ("雪景", 3)
    assert narrow.facets(hung, Wish(until="2026-12"), BOB).tags == ()
