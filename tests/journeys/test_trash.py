"""Trash: makers take their own works down and change their minds for thirty days; then a sweep erases them."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

import pytest

import db
from gallery import errors
from gallery.__main__ import main
from gallery.journeys import Draft, House, browse, create, doctor, find, keep, kin, rate, trash
from gallery.journeys.trash import DAYS
from tests.conftest import ALICE, BOB
from tests.fakes import FakeClock

DAY_S = 24 * 3600
Made = Callable[..., Draft]


@pytest.fixture
def work(house: House, painted: Made) -> int:
    """A painting of Alice's that Bob has rated."""
    number = create.save(house, painted().token, ALICE, "Hills", "阿宁").id
    rate.cast_vote(house, number, 5, BOB)
    return number


def test_a_work_is_gone_at_once_and_comes_back_with_its_votes(house: House, work: int) -> None:
    trash.take_down(house, work, ALICE)
    assert find.page(house).cards == ()
    with pytest.raises(errors.NoSuchWork):
        browse.look(house, work)
    assert [one.title for one in trash.mine(house, ALICE)] == ["Hills"]
    assert trash.bring_back(house, work, ALICE).id == work
    opinion = browse.look(house, work, BOB).opinion
    assert opinion is not None
    assert opinion.mean == 5.0
    assert trash.mine(house, ALICE) == []


def test_nobody_else_takes_it_down_sees_it_there_or_brings_it_back(house: House, work: int) -> None:
    with pytest.raises(errors.NotYourWork):
        trash.take_down(house, work, BOB)
    trash.take_down(house, work, ALICE)
    assert (trash.mine(house, BOB), trash.find(house, work, BOB)) == ([], None)
    with pytest.raises(errors.NotTakenDown):
        trash.bring_back(house, work, BOB)
    with pytest.raises(errors.NoSuchWork):
        trash.thumb(house, work, BOB)


def test_what_is_down_cannot_be_taken_down_nor_brought_back_twice(house: House, work: int) -> None:
    trash.take_down(house, work, ALICE)
    with pytest.raises(errors.NoSuchWork):
        trash.take_down(house, work, ALICE)
    trash.bring_back(house, work, ALICE)
    with pytest.raises(errors.NotTakenDown):
        trash.bring_back(house, work, ALICE)


def test_its_picture_is_served_to_its_maker_alone(house: House, work: int) -> None:
    thumb = browse.look(house, work).work.thumb or ""
    trash.take_down(house, work, ALICE)
    with pytest.raises(errors.PictureLost):
        browse.media(house, thumb)
    assert trash.thumb(house, work, ALICE).path == house.files.path(thumb)


def test_after_thirty_days_it_cannot_be_brought_back(house: House, work: int, clock: FakeClock) -> None:
    trash.take_down(house, work, ALICE)
    clock.now += DAYS * DAY_S
    taken = trash.find(house, work, ALICE)
    assert taken is not None
    assert trash.last_ms(taken) == house.now_ms()
    clock.now += 1
    with pytest.raises(errors.Erased):
        trash.bring_back(house, work, ALICE)


def test_a_sweep_erases_what_was_down_for_thirty_days_and_takes_its_files(
    house: House, work: int, clock: FakeClock
) -> None:
    trash.take_down(house, work, ALICE)
    assert keep.erase(house.settings, clock.now + DAYS * DAY_S - 1) == 0
    assert keep.erase(house.settings, clock.now + DAYS * DAY_S + 1, remove=False) == 1
    assert keep.erase(house.settings, clock.now + DAYS * DAY_S + 1) == 1
    for name in house.files.names():
        os.utime(house.files.path(name), (1, 1))
    assert len(keep.sweep(house.settings, remove=True).orphans) == 2
    assert list(house.files.names()) == []
    assert trash.find(house, work, ALICE) is None
    with pytest.raises(errors.Erased):
        trash.bring_back(house, work, ALICE)


def test_an_open_gallery_erases_by_itself(house: House, work: int, clock: FakeClock) -> None:
    clock.now = 1.0e9
    trash.take_down(house, work, ALICE)
    for name in house.files.names():
        os.utime(house.files.path(name), (1, 1))
    closing = threading.Event()
    closing.set()
    keep.tidy_now_and_then(house.settings, closing)
    assert list(house.files.names()) == []
    assert trash.find(house, work, ALICE) is None


def test_an_erased_work_is_a_blank_in_its_family_and_the_doctor_finds_all_well(
    house: House, work: int, painted: Made, clock: FakeClock
) -> None:
    child = create.save(house, painted(2).token, ALICE, "Child").id
    with house.db.writing() as tx:
        db.lineage.record(tx, child=child, parents=[(work, "steered")])
    trash.take_down(house, work, ALICE)
    keep.erase(house.settings, clock.now + 31 * DAY_S)
    assert [one.hidden for row in kin.look(house, child).generations for one in row] == [True, False]
    assert doctor.examine(house).findings == ()


def test_the_command_says_what_it_would_erase_and_erases_when_told(
    house: House, work: int, clock: FakeClock, capsys: pytest.CaptureFixture[str]
) -> None:
    clock.now = 1.0e9
    trash.take_down(house, work, ALICE)
    here = ["--home", str(house.settings.home), "--language", "en"]
    assert main(["sweep", *here]) == 0
    assert "1 works were taken down more than 30 days ago. Nothing was erased" in capsys.readouterr().out
    assert main(["sweep", "--remove", *here]) == 0
    assert "1 works that were taken down more than 30 days ago are erased." in capsys.readouterr().out
    assert keep.erase(house.settings, 2.0e9) == 0
