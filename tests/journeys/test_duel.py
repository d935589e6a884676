"""Duels: the house chooses, a vote counts once and can be taken back, and whatever is wrong with one is said."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import text

import db
from gallery import errors
from gallery.journeys import House, duel, first_wall, gold, ladder, standings
from gallery.journeys.duel import Pair, Progress, Vote
from gallery.ranking import START, Duel, Standing, replay
from gallery.visitors import Visitor
from tests.conftest import ALICE, BOB
from tests.fakes import FakeClock


@pytest.fixture
def hung(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """A gallery without gold pairs, which have tests of their own."""
    monkeypatch.setattr(gold, "ONE_IN", 10**9)
    first_wall.seed_wall(house, 6, 3)
    return house


def ask(house: House, visitor: Visitor = ALICE, kind: str = "painting") -> Pair:
    pair = duel.next_pair(house, kind, visitor)
    assert pair is not None
    return pair


def choose(house: House, clock: FakeClock, choice: str = "left", visitor: Visitor = ALICE) -> Vote:
    pair = ask(house, visitor)
    clock.now += 2
    return duel.vote(house, pair.token, choice, visitor)


def states(house: House) -> dict[int, db.State]:
    with house.db.reading() as tx:
        return db.duels.all_states(tx)


def test_two_works_of_one_kind_meet(hung: House) -> None:
    for kind in duel.kinds(hung):
        pair = ask(hung, kind=kind)
        assert pair.left.kind == pair.right.kind == kind
        assert pair.left.id != pair.right.id


def test_asking_again_gives_the_same_pair_so_that_nobody_turns_pages_for_a_friend(hung: House) -> None:
    pairs = {(pair.left.id, pair.right.id) for pair in (ask(hung) for _ in range(9))}
    assert len(pairs) == 1


def test_the_chosen_one_rises_and_the_other_falls(hung: House, clock: FakeClock) -> None:
    vote = choose(hung, clock, "right")
    assert vote.chosen is not None
    assert vote.other is not None
    assert states(hung)[vote.chosen.id].mu > START.mu > states(hung)[vote.other.id].mu
    assert states(hung)[vote.chosen.id].sigma < START.sigma


def test_no_pair_comes_back_to_a_visitor_and_all_come_once(hung: House, clock: FakeClock) -> None:
    seen: list[frozenset[int]] = []
    while pair := duel.next_pair(hung, "painting", ALICE):
        seen.append(frozenset((pair.left.id, pair.right.id)))
        clock.now += 2
        duel.vote(hung, pair.token, "skip" if len(seen) % 3 else "left", ALICE)
    assert len(seen) == len(set(seen)) == 15
    assert duel.next_pair(hung, "painting", BOB) is not None


def test_sides_are_drawn_by_lot(hung: House) -> None:
    first = [ask(hung, Visitor(f"visitor {number}")) for number in range(200)]
    lower_left = sum(pair.left.id < pair.right.id for pair in first)
    assert 70 <= lower_left <= 130
    assert len(Counter((pair.left.id, pair.right.id) for pair in first)) > 15


def test_a_skipped_pair_moves_nothing(hung: House, clock: FakeClock) -> None:
    assert choose(hung, clock, "skip").chosen is None
    assert states(hung) == {}
    assert duel.progress(hung, ALICE) == Progress(0, 0)


def test_progress_tells_duels_and_works_that_passed_another(hung: House, clock: FakeClock) -> None:
    for _ in range(8):
        choose(hung, clock)
    told = duel.progress(hung, ALICE)
    assert told.duels == 8
    assert 2 <= told.moved <= 6
    assert duel.progress(hung, BOB) == Progress(0, 0)


def test_a_vote_under_a_second_does_not_count(hung: House, clock: FakeClock) -> None:
    pair = ask(hung)
    clock.now += 0.9
    with pytest.raises(errors.TooQuick):
        duel.vote(hung, pair.token, "left", ALICE)
    assert states(hung) == {}
    clock.now += 0.2
    assert duel.vote(hung, pair.token, "left", ALICE).chosen == pair.left


@pytest.mark.parametrize("again", ["left", "right", "skip"])
def test_the_same_pair_in_two_tabs_counts_once(hung: House, clock: FakeClock, again: str) -> None:
    one, two = ask(hung), ask(hung)
    clock.now += 2
    duel.vote(hung, one.token, "left", ALICE)
    for token in (one.token, two.token):
        with pytest.raises(errors.AlreadyJudged):
            duel.vote(hung, token, again, ALICE)
    assert [state.duels for state in states(hung).values()] == [1, 1]


def test_a_pair_that_was_shown_too_long_ago_has_expired(hung: House, clock: FakeClock) -> None:
    pair = ask(hung)
    clock.now += 31 * 60
    with pytest.raises(errors.PairExpired):
        duel.vote(hung, pair.token, "left", ALICE)


def test_a_pair_of_somebody_else_is_refused(hung: House, clock: FakeClock) -> None:
    pair = ask(hung)
    clock.now += 2
    with pytest.raises(errors.NotYourPair):
        duel.vote(hung, pair.token, "left", BOB)


@pytest.mark.parametrize("token", ["", "x", "pair.a.1.2.3", "pair.a.1.2.3.c2ln", "\u2603", "a" * 5000])
def test_a_forged_pair_is_refused(hung: House, token: str) -> None:
    with pytest.raises(errors.PairForged):
        duel.vote(hung, token, "left", ALICE)
    with pytest.raises(errors.PairForged):
        duel.undo(hung, token, ALICE)


def test_a_ticket_for_one_purpose_is_none_for_another(hung: House, clock: FakeClock) -> None:
    pair = ask(hung)
    clock.now += 2
    with pytest.raises(errors.PairForged):
        duel.undo(hung, pair.token, ALICE)
    with pytest.raises(errors.PairForged):
        duel.vote(hung, duel.vote(hung, pair.token, "left", ALICE).undo, "left", ALICE)


def test_a_pair_with_a_work_that_is_no_longer_shown_counts_for_nobody(hung: House, clock: FakeClock) -> None:
    pair = ask(hung)
    clock.now += 2
    with hung.db.writing() as tx:
        tx.execute(text("UPDATE works SET hidden = 1 WHERE id = :id"), {"id": pair.right.id})
    with pytest.raises(errors.PairGone):
        duel.vote(hung, pair.token, "left", ALICE)
    assert states(hung) == {}
    assert pair.right.id not in {ask(hung).left.id, ask(hung).right.id}


@pytest.mark.parametrize("choice", ["both", "", None, 1, "LEFT"])
def test_a_choice_that_is_none_is_refused(hung: House, choice: object) -> None:
    with pytest.raises(errors.BadChoice):
        duel.vote(hung, ask(hung).token, choice, ALICE)


@pytest.mark.parametrize("kind", ["sculpture", "", None])
def test_a_kind_without_two_works_has_no_duels(hung: House, kind: object) -> None:
    with pytest.raises(errors.UnknownKind):
        duel.next_pair(hung, kind, ALICE)


def test_a_vote_taken_back_is_as_if_it_had_never_been(hung: House, clock: FakeClock) -> None:
    for visitor in (ALICE, BOB):
        choose(hung, clock, "left", visitor)
    before = states(hung)
    pair = ask(hung)
    clock.now += 2
    taken = duel.vote(hung, pair.token, "left", ALICE)
    clock.now += 9
    back = duel.undo(hung, taken.undo, ALICE)
    assert back is not None
    assert (back.left, back.right) == (pair.left, pair.right)
    assert states(hung) == before


def test_a_vote_can_be_taken_back_when_one_of_the_two_is_no_longer_shown(hung: House, clock: FakeClock) -> None:
    vote = choose(hung, clock)
    assert vote.chosen is not None
    with hung.db.writing() as tx:
        tx.execute(text("UPDATE works SET hidden = 1 WHERE id = :id"), {"id": vote.chosen.id})
    assert duel.undo(hung, vote.undo, ALICE) is None
    assert states(hung) == {}


def test_votes_cast_after_one_that_is_taken_back_are_worked_out_anew(hung: House, clock: FakeClock) -> None:
    first = choose(hung, clock, "left", ALICE)
    later = [choose(hung, clock, "right", BOB) for _ in range(4)]
    duel.undo(hung, first.undo, ALICE)
    with_undo = states(hung)
    assert duel.progress(hung, ALICE).duels == 0
    assert sum(state.duels for state in with_undo.values()) == 2 * len(later)
    with hung.db.reading() as tx:
        again = [Duel(*one) for one in db.ballots.duels(tx)]
    anew: dict[int, Standing] = {}
    list(replay(again, anew))
    assert {work: db.State(*standing) for work, standing in anew.items()} == with_undo


def test_a_vote_is_taken_back_once_and_within_ten_seconds(hung: House, clock: FakeClock) -> None:
    early, late = choose(hung, clock), choose(hung, clock)
    duel.undo(hung, early.undo, ALICE)
    with pytest.raises(errors.UndoLate):
        duel.undo(hung, early.undo, ALICE)
    clock.now += 10.1
    with pytest.raises(errors.UndoLate):
        duel.undo(hung, late.undo, ALICE)
    with pytest.raises(errors.NotYourPair):
        duel.undo(hung, late.undo, BOB)


def test_nobody_votes_without_end(hung: House, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duel, "PER_HOUR_YOUNG", 3)
    fresh = Visitor("f" * 32, since_s=clock.now)
    for _ in range(3):
        choose(hung, clock, "left", fresh)
    with pytest.raises(errors.TooManyVotes):
        choose(hung, clock, "left", fresh)
    choose(hung, clock, "left", ALICE)
    clock.now += 3700
    choose(hung, clock, "left", fresh)


def test_a_vote_and_what_it_does_to_the_ladder_are_one_or_nothing(
    hung: House, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail with the entry in a transaction of its own."""
    pair = ask(hung)
    clock.now += 2

    def fail(*_: object) -> None:
        raise db.Full("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(standings, "count", fail)
        with pytest.raises(errors.DiskFull):
            duel.vote(hung, pair.token, "left", ALICE)
    with hung.db.reading() as tx:
        assert list(db.ballots.entries(tx)) == []
    assert states(hung) == {}
    assert duel.vote(hung, pair.token, "left", ALICE).chosen == pair.left
    assert len(states(hung)) == 2


def test_every_kind_has_a_ladder_of_its_own(hung: House, clock: FakeClock) -> None:
    choose(hung, clock)
    pair = ask(hung, kind="poem")
    clock.now += 2
    duel.vote(hung, pair.token, "right", ALICE)
    for kind in ("painting", "poem"):
        places = ladder.read(hung, ladder.Wish(kind, every=True), ALICE).early
        assert [place.work.kind for place in places] == [kind, kind]
        assert [place.duels for place in places] == [1, 1]
