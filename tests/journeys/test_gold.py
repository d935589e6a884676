"""Gold pairs: they come now and then, look like any pair, move no work, and weigh whoever meets them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

import db
from db import NewBallot
from gallery import errors
from gallery.journeys import House, create, duel, first_wall, gold, ledger
from gallery.journeys.duel import Pair, Progress
from gallery.ranking import START, judge, weigh
from gallery.visitors import HOUSE, Visitor
from tests.conftest import ALICE, BOB
from tests.fakes import FakeClock


@pytest.fixture
def hung(house: House) -> House:
    first_wall.seed_wall(house, 4, 3)
    return house


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pair is a gold pair as long as there are any."""
    monkeypatch.setattr(gold, "ONE_IN", 1)
    monkeypatch.setattr(gold, "FIRST", 0)


def ask(house: House, visitor: Visitor = ALICE, kind: str = "painting") -> Pair:
    pair = duel.next_pair(house, kind, visitor)
    assert pair is not None
    return pair


def answer(house: House, clock: FakeClock, *, right: bool, visitor: Visitor = ALICE) -> duel.Vote:
    """Judges a gold pair, whose decoy has no title."""
    pair = ask(house, visitor)
    clock.now += 2
    return duel.vote(house, pair.token, "left" if bool(pair.left.title) == right else "right", visitor)


def golds(house: House) -> list[tuple[int | None, int | None]]:
    with house.db.reading() as tx:
        return [(one.vote.rival, one.vote.value) for one in db.ballots.entries(tx) if one.vote.act == "gold"]


def test_about_one_pair_of_twelve_is_one_and_none_of_the_first_eight(house: House, clock: FakeClock) -> None:
    first_wall.seed_wall(house, 8, 0)
    met = list[int]()
    for visitor in [Visitor(f"{number:032x}") for number in range(20)]:
        for turn in range(24):
            pair = ask(house, visitor)
            clock.now += 2
            if duel.vote(house, pair.token, "skip", visitor).trial:
                met.append(turn)
    assert min(met) >= gold.FIRST
    assert 3 <= len(met) <= 52  # of 320, within five standard deviations


@pytest.mark.usefixtures("always")
def test_on_one_side_is_a_work_of_the_house_and_on_the_other_its_colours_strewn(hung: House) -> None:
    pair = ask(hung)
    work, decoy = (pair.left, pair.right) if pair.left.title else (pair.right, pair.left)
    assert work.maker == HOUSE.id
    assert work.thumb is not None
    assert decoy.thumb is not None
    drawn = gold.picture(hung, decoy.thumb)
    assert drawn is not None
    seen, noise = (Image.open(io.BytesIO(one)).convert("RGB") for one in (hung.files.read(work.thumb), drawn))
    assert noise.size == seen.size
    means = [[sum(band.tobytes()) / len(band.tobytes()) for band in image.split()] for image in (seen, noise)]
    assert means[1] == pytest.approx(means[0], abs=4)


@pytest.mark.usefixtures("always")
def test_a_verse_is_shuffled_to_the_last_character(hung: House) -> None:
    pair = ask(hung, kind="poem")
    assert sorted("".join(pair.left.verse)) == sorted("".join(pair.right.verse))
    assert pair.left.verse != pair.right.verse
    assert [len(line) for line in pair.left.verse] == [len(line) for line in pair.right.verse]


@pytest.mark.usefixtures("always")
def test_no_visitors_work_is_used_for_one(house: House, clock: FakeClock) -> None:
    for seed in (1, 2):
        draft = create.generate(house, create.PaintRequest("shanshui", seed=seed), ALICE)[0]
        create.save(house, draft.token, ALICE, f"Of Alice {seed}")
    pair = ask(house, BOB)
    assert {pair.left.title, pair.right.title} == {"Of Alice 1", "Of Alice 2"}


@pytest.mark.usefixtures("always")
def test_it_moves_no_work_and_no_progress_and_is_not_taken_back(hung: House, clock: FakeClock) -> None:
    vote = answer(hung, clock, right=False)
    assert vote == duel.Vote("", "painting", trial=True)
    with hung.db.reading() as tx:
        assert db.duels.all_states(tx) == {}
        assert db.duels.judged_works(tx, ALICE.id, "painting") == set()
    assert duel.progress(hung, ALICE) == Progress(0, 0)
    assert golds(hung) == [(None, 0)]


@pytest.mark.usefixtures("always")
def test_the_log_says_whether_it_was_found_missed_or_skipped(hung: House, clock: FakeClock) -> None:
    answer(hung, clock, right=True)
    answer(hung, clock, right=False)
    pair = ask(hung)
    clock.now += 2
    duel.vote(hung, pair.token, "skip", ALICE)
    assert golds(hung) == [(None, 1), (None, 0), (None, None)]
    assert ",gold,painting," in "".join(ledger.votes(hung))


@pytest.mark.usefixtures("always")
def test_each_comes_once_to_a_visitor_and_counts_once_in_two_tabs(hung: House, clock: FakeClock) -> None:
    for _ in range(3):
        pair = ask(hung)
        clock.now += 2
        duel.vote(hung, pair.token, "left", ALICE)
    with pytest.raises(errors.AlreadyJudged):
        duel.vote(hung, pair.token, "right", ALICE)
    answer(hung, clock, right=True)
    assert len(golds(hung)) == 4
    assert all((ask(hung).left.title, ask(hung).right.title))


@pytest.mark.usefixtures("always")
def test_its_ticket_and_address_look_like_any_others(hung: House, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = ask(hung)
    monkeypatch.setattr(gold, "ONE_IN", 10**9)
    plain = ask(hung)
    both = [pair.token.split(".") for pair in (trial, plain)]
    assert [len(part) for part in both[0]] == [len(part) for part in both[1]]
    assert int(both[0][2]) in range(1, 8)
    assert int(both[0][3]) in range(1, 8)
    assert {len(work.thumb or "") for work in (trial.left, trial.right)} == {64}


def test_a_duel_weighs_what_its_voter_had_right_before_and_in_that_kind(hung: House, clock: FakeClock) -> None:
    with hung.db.writing() as tx:
        for value in (0, 0, 1, None):
            db.ballots.append(tx, NewBallot("gold", "painting", 1, value=value), visitor=ALICE.id, minute=1)
        db.ballots.append(tx, NewBallot("gold", "poem", 5, value=0), visitor=ALICE.id, minute=1)
        db.ballots.append(tx, NewBallot("left", "painting", 1, 2), visitor=ALICE.id, minute=1)
        [found] = db.ballots.duels(tx)
    assert (found.asked, found.right) == (3, 1)
    full, less = judge(START, START, young=False, day=0), judge(START, START, young=False, day=0, weight=weigh(3, 1))
    assert less[0].mu - START.mu == pytest.approx((full[0].mu - START.mu) / 3)
    assert less[0].sigma - START.sigma == pytest.approx((full[0].sigma - START.sigma) / 3)


def test_who_answers_by_chance_weighs_little_and_who_sees_weighs_all() -> None:
    assert weigh(0, 0) == weigh(9, 9) == 1
    assert weigh(10, 9) > 0.8
    assert weigh(20, 10) < 0.15
    assert weigh(4, 0) == 0


def test_a_decoy_is_at_no_other_name(hung: House) -> None:
    assert gold.picture(hung, "0" * 64) is None
    assert gold.picture(hung, str(Path("..") / "secret")) is None
