"""Duels as mathematics: what one does to two works, what new visitors may do, and who meets whom."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gallery.ranking import DAILY, ENOUGH, START, Contender, Duel, Standing, chance, choose_pair, gini, judge, replay
from tests.bench import rating

standings = some.builds(Standing, some.floats(-50, 100), some.floats(0.5, 9), some.integers(0, 99))


def field(count: int, *, duels: int = ENOUGH) -> list[Contender]:
    dice = Random(count)
    return [Contender(work, dice.gauss(25, 8), 4.0, duels) for work in range(1, count + 1)]


@given(standings, standings)
def test_the_winner_rises_the_loser_falls_and_both_are_surer(winner: Standing, loser: Standing) -> None:
    won, lost = judge(winner, loser, young=False, day=1)
    assert won.mu >= winner.mu
    assert lost.mu <= loser.mu
    assert won.sigma <= winner.sigma
    assert lost.sigma <= loser.sigma
    assert won.duels == winner.duels + 1


def test_a_surprise_moves_more_than_what_was_expected() -> None:
    high, low = Standing(35.0, 3.0, 20), Standing(15.0, 3.0, 20)
    expected, surprise = judge(high, low, young=False, day=1), judge(low, high, young=False, day=1)
    assert surprise[0].mu - low.mu > 5 * (expected[0].mu - high.mu)


@given(some.lists(some.booleans(), min_size=1, max_size=60))
def test_new_visitors_together_move_a_ranked_work_a_little_a_day(outcomes: list[bool]) -> None:
    work, other = Standing(25.0, 3.0, ENOUGH), Standing(26.0, 3.0, ENOUGH)
    for won in outcomes:
        pair = (work, other) if won else (other, work)
        moved = judge(*pair, young=True, day=7)
        work = moved[0] if won else moved[1]
    assert abs(work.mu - 25.0) <= DAILY + 1e-9


def test_the_next_day_new_visitors_may_move_it_again_and_others_always_may() -> None:
    work, other = Standing(25.0, 3.0, ENOUGH, drift=DAILY, day=7), Standing(25.0, 3.0, ENOUGH)
    assert judge(work, other, young=True, day=7)[0].mu == work.mu
    assert judge(work, other, young=True, day=7)[0].sigma == work.sigma
    assert judge(work, other, young=True, day=8)[0].mu == pytest.approx(25.0 + DAILY)
    assert judge(work, other, young=False, day=7)[0].mu > 25.0 + DAILY


def test_before_it_is_ranked_a_work_is_moved_by_anyone() -> None:
    assert judge(START, START, young=True, day=1) == judge(START, START, young=False, day=1)


def test_a_replay_in_two_parts_is_the_replay_of_the_whole() -> None:
    dice = Random(3)
    pairs = [dice.sample(range(5), 2) for _ in range(60)]
    duels = [Duel(seq, one, other, seq % 3 == 0, seq // 9) for seq, (one, other) in enumerate(pairs)]
    whole: dict[int, Standing] = {}
    parts: dict[int, Standing] = {}
    steps = list(replay(duels, whole))
    assert steps == [*replay(duels[:23], parts), *replay(duels[23:], parts)]
    assert whole == parts


@given(some.floats(-100, 150), some.floats(-100, 150))
def test_of_two_works_one_is_chosen(one: float, other: float) -> None:
    assert chance(one, other) + chance(other, one) == pytest.approx(1)


@given(some.integers(0, 2**32), some.integers(2, 9))
def test_a_pair_is_two_of_the_field_that_have_not_met(seed: int, count: int) -> None:
    dice, judged = Random(seed), set[tuple[int, int]]()
    every = set(itertools.combinations(range(1, count + 1), 2))
    for _ in every:
        pair = choose_pair(field(count), judged, dice, turn=seed)
        assert pair is not None
        low, high = sorted(one.work for one in pair)
        assert (low, high) not in judged
        judged.add((low, high))
    assert judged == every
    assert choose_pair(field(count), judged, dice, turn=1) is None


@pytest.mark.parametrize("count", [0, 1])
def test_one_work_alone_meets_nobody(count: int) -> None:
    assert choose_pair(field(count), set(), Random(1), turn=0) is None


def test_a_fifth_of_the_pairs_is_for_newcomers() -> None:
    dice = Random(5)
    works = [*field(60), Contender(99, 25.0, 0.1, 0)]  # so sure that only its newness can bring it in
    met = [choose_pair(works, set(), dice, turn=turn) for turn in range(500)]
    assert [99 in {one.work for one in pair} for pair in met[::5] if pair] == [True] * 100
    assert sum(99 in {one.work for one in pair} for pair in met if pair) < 130


def test_the_doubtful_are_called_more_often_than_the_sure() -> None:
    dice = Random(6)
    works = [one._replace(sigma=6.0 if one.work % 2 else 2.0) for one in field(40)]
    met = [one.work % 2 for _ in range(500) for one in choose_pair(works, set(), dice, turn=1) or ()]
    assert sum(met) / len(met) > 0.85


def test_the_ladder_of_a_known_truth_comes_near_it_and_says_how_near() -> None:
    """The bars of `tests.bench rating`, at full size: thirty judgments a work, two hundred works."""
    filled = rating.fill()
    places = [one.mu for one in filled.standings]
    held = sum(one.low <= truth <= one.high for one, truth in zip(filled.standings, filled.truth, strict=True))
    assert rating.correlation(places, filled.truth) >= 0.93
    assert 0.85 <= held / rating.WORKS <= 0.95
    assert 0.48 <= filled.better_left / filled.shown <= 0.52
    assert gini([one.duels for one in filled.standings]) < 0.1


def test_sides_are_drawn_by_lot() -> None:
    dice = Random(7)
    pairs = [choose_pair(field(30), set(), dice, turn=turn) for turn in range(2000)]
    better_left = sum(pair[0].mu > pair[1].mu for pair in pairs if pair)
    assert 0.47 <= better_left / len(pairs) <= 0.53
