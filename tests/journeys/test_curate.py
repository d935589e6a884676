"""Curate: what waits is judged once, a hidden work is nowhere and comes back whole, and whatever is wrong is said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

import db
from gallery import errors
from gallery.journeys import House, browse, curate, duel, find, first_wall, ladder, rate
from gallery.journeys.accounts import Curator
from gallery.journeys.find import Wish
from gallery.visitors import Visitor, new_visitor
from tests.conftest import ALICE, BOB
from tests.fakes import FakeClock

WEN, LI = Curator("wen", "curator"), Curator("li", "keeper")


@pytest.fixture
def hung(house: House) -> House:
    """A first wall of eight works, judged by nobody, and accounts for Wen and Li."""
    first_wall.seed_wall(house, 4, 4)
    with house.db.writing() as tx:
        for one in (WEN, LI):
            db.curators.add(tx, db.Account(one.name, one.role, "$argon2id$v=19$", disabled=False, created_ms=1))
    return house


def head(house: House) -> int:
    item = curate.look(house).item
    assert item is not None
    return item.work.id


def shown(house: House) -> set[int]:
    return {card.id for card in find.page(house, Wish(), ALICE).cards}


def places(house: House) -> set[int]:
    found = ladder.read(house, ladder.Wish("painting", every=True), ALICE)
    return {place.work.id for place in (*found.ranked, *found.early)}


def test_the_queue_goes_from_the_newest_to_its_end(hung: House) -> None:
    seen, after = [], None
    while item := curate.look(hung, after=after).item:
        seen.append(item.work.id)
        after = item.place
    assert seen == [8, 7, 6, 5, 4, 3, 2, 1]
    assert curate.look(hung, after=after).waiting == 8
    assert [one.id for one in curate.look(hung).following] == [7, 6, 5, 4, 3, 2]


def test_a_kept_work_hangs_and_waits_no_more(hung: House) -> None:
    curate.keep(hung, 8, WEN)
    assert head(hung) == 7
    assert 8 in shown(hung)
    with pytest.raises(errors.AlreadyDecided):
        curate.keep(hung, "8", LI)


def paintings(house: House) -> list[int]:
    return [card.id for card in find.page(house, Wish(kind="painting"), ALICE).cards]


def test_a_hidden_work_is_nowhere(hung: House, clock: FakeClock) -> None:
    work, picture = paintings(hung)[0], browse.look(hung, paintings(hung)[0]).work.picture or ""
    while pair := duel.next_pair(hung, "painting", BOB):
        clock.now += 2
        duel.vote(hung, pair.token, "left", BOB)
    assert work in shown(hung) & places(hung)
    curate.hide(hung, work, "copied", WEN)
    assert work not in shown(hung) | places(hung)
    assert browse.media(hung, picture, even_hidden=True).mime == "image/png"
    for gone in (browse.look, lambda house, _: browse.media(house, picture)):
        with pytest.raises(errors.NotThere):
            gone(hung, work)


def test_a_restored_work_comes_back_with_its_votes_and_lineage(hung: House) -> None:
    rate.cast_vote(hung, 1, 5, ALICE)
    with hung.db.writing() as tx:
        db.lineage.record(tx, child=2, parents=[(1, "bred")])
    before = (shown(hung), browse.look(hung, 1, ALICE), browse.look(hung, 2).parents)
    curate.hide(hung, 1, "copied", WEN)
    assert browse.look(hung, 2).parents.hidden == 1
    curate.restore(hung, 1, LI)
    assert (shown(hung), browse.look(hung, 1, ALICE), browse.look(hung, 2).parents) == before


def test_a_hidden_work_meets_no_other(hung: House) -> None:
    for work in paintings(hung)[1:]:
        curate.hide(hung, work, "spam", WEN)
    assert duel.kinds(hung) == ("poem",)


def test_taking_back_goes_on_from_the_last_to_those_before(hung: House) -> None:
    curate.keep(hung, 8, WEN)
    curate.hide(hung, 7, "faulty", WEN)
    curate.keep(hung, 6, LI)
    assert [curate.undo(hung, WEN).work for _ in range(2)] == [7, 8]
    with pytest.raises(errors.NothingToUndo):
        curate.undo(hung, WEN)
    assert head(hung) == 8
    assert 7 in shown(hung)
    log = curate.log(hung).decisions
    assert [(one.curator, one.act, one.work, one.undone) for one in log] == [
        ("wen", "undo", 8, False),
        ("wen", "undo", 7, False),
        ("li", "keep", 6, False),
        ("wen", "hide", 7, True),
        ("wen", "keep", 8, True),
    ]


def test_what_is_hidden_now_is_listed_by_what_hides_it(hung: House) -> None:
    for work in (8, 7, 6, 5):
        curate.hide(hung, work, "spam", WEN)
    curate.undo(hung, WEN)
    curate.restore(hung, 8, LI)
    curate.restore(hung, 7, LI)
    curate.hide(hung, 7, "copied", LI)
    assert [(one.work, one.reason) for one in curate.log(hung, hiding=True).decisions] == [(7, "copied"), (6, "spam")]
    assert [one.act for one in curate.log(hung, work=8).decisions] == ["restore", "hide"]
    curate.undo(hung, LI)
    assert [one.work for one in curate.log(hung, hiding=True).decisions] == [6]


def test_what_another_has_decided_since_is_not_taken_back(hung: House) -> None:
    curate.hide(hung, 8, "spam", WEN)
    curate.restore(hung, 8, LI)
    with pytest.raises(errors.Overtaken):
        curate.undo(hung, WEN)
    assert curate.undo(hung, LI).act == "restore"
    assert 8 not in shown(hung)


@pytest.mark.parametrize(
    ("act", "error"),
    [
        (lambda house: curate.hide(house, 8, "whim", WEN), errors.BadReason),
        (lambda house: curate.hide(house, 99, "spam", WEN), errors.AlreadyDecided),
        (lambda house: curate.keep(house, "x", WEN), errors.NoSuchWork),
        (lambda house: curate.restore(house, 8, WEN), errors.AlreadyDecided),
        (lambda house: curate.undo(house, WEN), errors.NothingToUndo),
    ],
)
def test_what_cannot_be_decided_is_said_and_leaves_no_entry(
    hung: House, act: Callable[[House], object], error: type[errors.GalleryError]
) -> None:
    with pytest.raises(error):
        act(hung)
    assert curate.log(hung).decisions == ()


def test_the_log_comes_in_pages(hung: House) -> None:
    for _ in range(curate.LOG_PAGE // 2 + 1):
        curate.keep(hung, 8, WEN)
        curate.undo(hung, WEN)
    first = curate.log(hung)
    rest = curate.log(hung, first.before)
    assert [one.seq for one in (*first.decisions, *rest.decisions)] == list(range(curate.LOG_PAGE + 2, 0, -1))
    assert rest.before is None


def test_a_report_brings_the_work_to_the_front_once_a_visitor(hung: House) -> None:
    curate.report(hung, 3, "personal", ALICE)
    with pytest.raises(errors.AlreadyReported):
        curate.report(hung, 3, "spam", ALICE)
    curate.report(hung, 3, "spam", BOB)
    curate.report(hung, 3, "spam", new_visitor())
    item = curate.look(hung).item
    assert item is not None
    assert (item.work.id, item.reported) == (3, {"spam": 2, "personal": 1})
    assert curate.report_of(hung, 3, ALICE) == "personal"


@pytest.mark.parametrize(
    ("work", "reason", "error"),
    [("3", "asked", errors.BadReason), ("3", "", errors.BadReason), (99, "spam", errors.NoSuchWork)],
)
def test_a_report_of_nothing_or_for_no_reason_is_refused(
    hung: House, work: object, reason: str, error: type[errors.GalleryError]
) -> None:
    with pytest.raises(error):
        curate.report(hung, work, reason, ALICE)


def test_nobody_reports_without_end(hung: House, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curate, "REPORTS_PER_HOUR", 3)
    for work in (1, 2, 3):
        curate.report(hung, work, "spam", ALICE)
    with pytest.raises(errors.TooManyReports):
        curate.report(hung, 4, "spam", ALICE)
    clock.now += 3601
    curate.report(hung, 4, "spam", ALICE)


def test_what_stands_on_the_lists_is_what_the_database_takes(hung: House) -> None:
    for work, reason in enumerate(curate.REASONS, 1):
        curate.hide(hung, work, reason, WEN)
    for reason in curate.REPORT_REASONS:
        curate.report(hung, 8, reason, Visitor(reason))
    with hung.db.reading() as tx:
        assert tx.execute(text("SELECT count(DISTINCT reason) FROM acts")).scalar() == len(curate.REASONS)
