"""Amend: a challenge is changed as far as is fair, every change is in the log, and is taken back by the same rules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import db
from db.challenges import Challenge
from gallery import errors
from gallery.journeys import Draft, House, accounts, amend, challenge, changes, create, first_wall, retrace
from gallery.journeys.accounts import Curator
from tests.conftest import ALICE
from tests.fakes import FakeClock
from tests.journeys.test_challenge import LI, WEN, day, wish

DAY_S = 24 * 3600
Painted = Callable[..., Draft]


@pytest.fixture
def called(house: House, clock: FakeClock) -> int:
    """A challenge that is open from tomorrow on for three days."""
    for name in ("wen", "li"):
        accounts.add(house.settings, name, "correct horse battery", "curator", 1)
    first_wall.seed_wall(house, 2, 1)
    return challenge.announce(house, wish(clock, opens=day(clock, 1), closes=day(clock, 3)), WEN)


def read(house: House, number: int) -> Challenge:
    with house.db.reading() as tx:
        found = db.challenges.find(tx, number, called_off=True)
    assert found is not None
    return found


def newest(house: House, *, skip: int = 0) -> int:
    return changes.log(house).changes[skip].seq


def test_before_the_opening_everything_can_be_changed(house: House, called: int, clock: FakeClock) -> None:
    days = {"opens": day(clock, 2), "closes": day(clock, 9)}
    amend.amend(
        house, called, {**wish(clock), **days, "title_en": "Verse", "wanted": "painting shanshui", "most": "5"}, WEN
    )
    one = read(house, called)
    assert (one.title_en, one.kind, one.narrow, one.most) == ("Verse", "painting", "shanshui", 5)
    assert (one.opens, one.closes) == (days["opens"], days["closes"])


def test_of_two_forms_the_later_does_not_change_unseen(house: House, called: int, clock: FakeClock) -> None:
    seen = amend.mark_of(read(house, called))
    amend.amend(house, called, {"text_en": "First", "seen": seen}, WEN)
    with pytest.raises(errors.ChangedMeanwhile):
        amend.amend(house, called, {"text_en": "Second", "seen": seen}, WEN)
    assert read(house, called).text_en == "First"


@pytest.mark.parametrize("name", ["opens", "closes"])
def test_no_day_can_be_put_into_the_past(house: House, called: int, clock: FakeClock, name: str) -> None:
    clock.now += 0.5 * DAY_S
    with pytest.raises(errors.BadDay):
        amend.amend(house, called, {"opens": day(clock, -2), "closes": day(clock, 3), name: day(clock, -1)}, WEN)


def test_while_open_the_words_change_and_the_last_day_is_put_later(house: House, called: int, clock: FakeClock) -> None:
    clock.now += DAY_S
    amend.amend(house, called, {"text_en": "Show *late* autumn.", "closes": day(clock, 5)}, WEN)
    one = read(house, called)
    assert (one.text_en, one.title_en, one.closes) == ("Show *late* autumn.", "Autumn hills", day(clock, 5))


@pytest.mark.parametrize("change", ["opens", "wanted", "most", "closes"])
def test_while_open_nothing_else_changes(house: House, called: int, clock: FakeClock, change: str) -> None:
    clock.now += DAY_S
    values = {"opens": day(clock, 1), "wanted": "poem", "most": "3", "closes": day(clock, 0)}
    before = read(house, called)
    with pytest.raises(errors.FixedWhileOpen):
        amend.amend(house, called, {"title_en": "Other", change: values[change]}, WEN)
    assert read(house, called) == before


def test_after_the_closing_nothing_changes(house: House, called: int, clock: FakeClock) -> None:
    clock.now += 4 * DAY_S
    for fields in ({"title_en": "Other"}, {"closes": day(clock, 3)}, {}):
        with pytest.raises(errors.FixedOnceClosed):
            amend.amend(house, called, fields, WEN)


def test_others_than_its_owner_and_keepers_change_nothing(house: House, called: int, clock: FakeClock) -> None:
    with pytest.raises(errors.NotYours):
        amend.amend(house, called, {"title_en": "Mine"}, LI)
    with pytest.raises(errors.NoSuchChallenge):
        amend.amend(house, 99, {"title_en": "Mine"}, WEN)
    amend.amend(house, called, {"title_en": "Kept"}, Curator("li", "keeper"))
    assert read(house, called).title_en == "Kept"


def test_words_and_days_are_two_entries_of_the_log_and_nothing_changed_is_none(
    house: House, called: int, clock: FakeClock
) -> None:
    amend.amend(house, called, {"title_en": "Late autumn", "closes": day(clock, 4)}, WEN)
    amend.amend(house, called, amend.typed(read(house, called)), WEN)
    days, words, made = changes.log(house).changes
    assert (words.became, words.was) == ({"title_en": "Late autumn"}, {"title_en": "Autumn hills"})
    assert (days.became, days.curator, days.thing) == ({"closes": day(clock, 4)}, "wen", called)
    assert made.became == {"removed": 0}


def test_what_is_taken_back_is_bound_by_the_same_rules(house: House, called: int, clock: FakeClock) -> None:
    clock.now += DAY_S
    amend.amend(house, called, {"title_en": "Late autumn", "closes": day(clock, 5)}, WEN)
    with pytest.raises(errors.FixedWhileOpen):
        retrace.undo(house, newest(house), WEN)
    retrace.undo(house, newest(house, skip=1), WEN)
    assert (read(house, called).title_en, read(house, called).closes) == ("Autumn hills", day(clock, 5))
    amend.amend(house, called, {"title_en": "Winter"}, WEN)
    clock.now += 6 * DAY_S
    with pytest.raises(errors.FixedOnceClosed):
        retrace.undo(house, newest(house), WEN)
    assert read(house, called).title_en == "Winter"


def test_a_challenge_that_was_called_off_comes_back_by_the_log(house: House, called: int) -> None:
    challenge.call_off(house, called, WEN)
    with pytest.raises(errors.NotYours):
        retrace.undo(house, newest(house), LI)
    retrace.undo(house, newest(house), WEN)
    assert [one.id for one, _, _ in challenge.listed(house)] == [called]


def test_entries_stay_when_the_last_day_comes_later(
    house: House, called: int, clock: FakeClock, painted: Painted
) -> None:
    clock.now += DAY_S
    work = create.save(house, painted().token, ALICE, "Hills").id
    challenge.enter_work(house, called, work, ALICE)
    clock.now += 2 * DAY_S
    amend.amend(house, called, {"closes": day(clock, 2)}, WEN)
    clock.now += DAY_S
    view = challenge.look(house, called, ALICE)
    assert (view.phase, [one.id for one in view.mine]) == ("open", [work])
