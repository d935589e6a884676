"""Integrity: odd votes are set aside and released, in both logs; the scores are at all times what the log comes to."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

import db
from gallery import anomalies, errors
from gallery.journeys import (
    House,
    accounts,
    browse,
    curate,
    doctor,
    duel,
    first_wall,
    gold,
    integrity,
    ledger,
    open_house,
    rate,
)
from gallery.journeys.accounts import Curator
from gallery.settings import Settings
from gallery.visitors import Visitor
from tests.fakes import PAINTER, POET, FakeClock, FakeEngine
from tests.journeys.test_ledger import SCRIPT, tamper

WEN = Curator("wen", "curator")
STAR = 7


@pytest.fixture(autouse=True, scope="module")
def _no_gold_pairs() -> Iterator[None]:
    """They have no side, and come by lot."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gold, "ONE_IN", 10**9)
        yield


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, _no_gold_pairs: None) -> tuple[Path, FakeClock]:
    """A home with honest duels and stars, and a burst of new visitors for the work STAR, one of whom always chooses the
    left; made once, and the clock as it stands then."""
    home, clock = tmp_path_factory.mktemp("stuffed") / "home", FakeClock()
    with closing(open_house(Settings.make({"home": home}), FakeEngine(), cards=(PAINTER, POET), clock=clock)) as house:
        _stuff(house, clock)
    return home, clock


@pytest.fixture
def stuffed(written: tuple[Path, FakeClock], settings: Settings, clock: FakeClock) -> Iterator[House]:
    """A copy of it."""
    shutil.copytree(written[0], settings.home, dirs_exist_ok=True)
    clock.now = written[1].now
    with closing(open_house(settings, FakeEngine(), cards=(PAINTER, POET), clock=clock)) as house:
        yield house


def _stuff(house: House, clock: FakeClock) -> None:
    first_wall.seed_wall(house, 8, 0)
    accounts.add(house.settings, "wen", "correct horse battery", "curator", 1)
    dice = Random(1)
    for number in range(12):
        visitor = Visitor(f"{number:032x}")
        for _ in range(9):
            judge(house, clock, visitor, dice.choice(("left", "right", "right", "skip")))
        rate.cast_vote(house, 1 + number % 8, dice.randint(1, 5), visitor)
        clock.now += 3600
    for number in range(anomalies.BURST + 1):
        rate.cast_vote(house, STAR, 5, Visitor(f"f{number:031x}", since_s=clock.now))
        clock.now += 60
    for _ in range(anomalies.ONE_SIDE):
        judge(house, clock, Visitor("f" + "0" * 31), "left")


def judge(house: House, clock: FakeClock, visitor: Visitor, choice: str) -> None:
    pair = duel.next_pair(house, "painting", visitor)
    clock.now += 2
    if pair is not None:
        duel.vote(house, pair.token, choice, visitor)


def key_of(house: House, rule: str) -> str:
    return next(odd.what.key for odd in integrity.look(house).odd if odd.what.rule == rule)


def tallies(house: House) -> tuple[dict[int, db.Tally], dict[int, db.State]]:
    with house.db.reading() as tx:
        return db.works.tallies(tx), db.duels.all_states(tx)


def test_a_burst_and_a_voter_of_one_side_are_found_with_the_work(stuffed: House) -> None:
    found = {odd.what.rule: odd for odd in integrity.look(stuffed).odd}
    assert set(found) == {"burst", "one_side"}
    assert found["burst"].work is not None
    assert found["burst"].work.id == STAR
    assert len(found["burst"].what.voters) == anomalies.BURST + 1


def test_stars_set_aside_leave_the_score_at_once_and_come_back_when_released(stuffed: House) -> None:
    before = tallies(stuffed)
    integrity.set_aside(stuffed, key_of(stuffed, "burst"), WEN)
    now = tallies(stuffed)[0][STAR]
    assert now.votes == before[0][STAR].votes - anomalies.BURST - 1
    assert now.score < before[0][STAR].score
    assert "burst" not in {odd.what.rule for odd in integrity.look(stuffed).odd}
    integrity.release(stuffed, integrity.look(stuffed).aside[0].seq, WEN)
    assert tallies(stuffed) == before


def test_duels_set_aside_leave_the_ladder_as_if_they_had_never_been(stuffed: House) -> None:
    before = tallies(stuffed)[1]
    integrity.set_aside(stuffed, key_of(stuffed, "one_side"), WEN)
    now = tallies(stuffed)[1]
    assert sum(state.duels for state in now.values()) <= sum(state.duels for state in before.values()) - 36
    assert ledger.prove(stuffed.settings).faults == ()
    integrity.release(stuffed, integrity.look(stuffed).aside[0].seq, WEN)
    assert tallies(stuffed)[1] == before


def test_who_is_set_aside_goes_on_voting_without_any_effect(stuffed: House, clock: FakeClock) -> None:
    integrity.set_aside(stuffed, key_of(stuffed, "one_side"), WEN)
    integrity.set_aside(stuffed, key_of(stuffed, "burst"), WEN)
    before, fake = tallies(stuffed), Visitor("f" + "0" * 31)
    rate.cast_vote(stuffed, STAR, 4, fake)
    rate.cast_vote(stuffed, 2, 5, fake)
    judge(stuffed, clock, fake, "right")
    assert tallies(stuffed) == before
    assert browse.look(stuffed, STAR, fake).my_stars == 4
    assert ledger.prove(stuffed.settings).faults == ()


def test_the_doctor_and_the_stranger_agree_with_the_ladder_in_every_state(stuffed: House, tmp_path: Path) -> None:
    for rule in ("one_side", "burst", ""):
        if rule:
            integrity.set_aside(stuffed, key_of(stuffed, rule), WEN)
        else:
            integrity.release(stuffed, integrity.look(stuffed).aside[0].seq, WEN)
        assert ledger.prove(stuffed.settings).faults == ()
        (tmp_path / "scores.csv").write_text("".join(ledger.scores(stuffed)), encoding="utf-8")
        (tmp_path / "votes.csv").write_text("".join(ledger.votes(stuffed)), encoding="utf-8")
        command = [sys.executable, "-I", str(SCRIPT), "votes.csv", "scores.csv"]
        told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (told.returncode, told.stderr) == (0, "")


def test_each_decision_is_an_entry_of_the_desks_log_and_marks_the_public_one(stuffed: House) -> None:
    integrity.set_aside(stuffed, key_of(stuffed, "burst"), WEN)
    integrity.release(stuffed, integrity.look(stuffed).aside[0].seq, WEN)
    released, aside = curate.log(stuffed).decisions[:2]
    assert (aside.act, aside.curator, aside.reason, aside.work, aside.undone) == (
        "quarantine",
        "wen",
        "burst",
        STAR,
        True,
    )
    assert (released.act, released.undoes) == ("release", aside.seq)
    assert aside.first is not None
    with stuffed.db.reading() as tx:
        marked = list(db.ballots.entries(tx, after=aside.first - 1))
    assert [entry.vote.act for entry in marked] == ["quarantine"] * 13 + ["release"] * 13
    assert [entry.voter for entry in marked[:13]] == [entry.voter for entry in marked[13:]]


def test_what_nobody_finds_and_what_is_released_already_is_refused(stuffed: House) -> None:
    key = key_of(stuffed, "burst")
    for wrong in ("burst-1-1", "", None, "one_side"):
        with pytest.raises(errors.NotOdd):
            integrity.set_aside(stuffed, wrong, WEN)
    integrity.set_aside(stuffed, key, WEN)
    with pytest.raises(errors.NotOdd):
        integrity.set_aside(stuffed, key, WEN)
    seq = integrity.look(stuffed).aside[0].seq
    integrity.release(stuffed, seq, WEN)
    for number in (seq, 0, "x", None):
        with pytest.raises(errors.NotAside):
            integrity.release(stuffed, number, WEN)


def test_taking_back_the_last_decision_leaves_votes_alone(stuffed: House) -> None:
    curate.keep(stuffed, 1, WEN)
    integrity.set_aside(stuffed, key_of(stuffed, "burst"), WEN)
    assert curate.undo(stuffed, WEN).act == "keep"
    assert len(integrity.look(stuffed).aside) == 1


def test_who_is_set_aside_is_mended_from_the_log(stuffed: House) -> None:
    integrity.set_aside(stuffed, key_of(stuffed, "one_side"), WEN)
    before = tallies(stuffed)
    tamper(stuffed, "DELETE FROM aside")
    faults = {fault.key for fault in ledger.prove(stuffed.settings).faults}
    assert faults == {"cli.doctor_aside", "cli.doctor_stars", "cli.doctor_duels"}
    assert doctor.repair(stuffed, doctor.examine(stuffed)).left == ()
    assert tallies(stuffed) == before
    with stuffed.db.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM aside")).scalar() == 1
