"""Anomalies: each rule finds what it says it finds, and leaves alone what an honest crowd does."""

from __future__ import annotations

from random import Random

import pytest

from gallery.anomalies import BURST, ONE_MAKER, ONE_SIDE, ONE_WORK, Anomaly, Cast, find

MAKERS = {work: f"maker {work % 4}" for work in range(1, 13)} | {99: "house"}


def found(casts: list[Cast]) -> list[Anomaly]:
    return find(casts, MAKERS, house="house")


def star(voter: int, work: int, *, minute: int = 0, young: bool = True, liked: bool = True) -> Cast:
    return Cast(minute, voter, young, work if liked else None, None if liked else work)


def test_an_honest_crowd_rouses_no_suspicion() -> None:
    dice = Random(4)
    casts = [
        star(dice.randrange(60), dice.randint(1, 12), minute=dice.randrange(3000), young=False) for _ in range(300)
    ]
    for number in range(900):
        one, other = dice.sample(range(1, 13), 2)
        casts.append(Cast(number, number % 45, bool(number % 3), one, other, dice.choice(("left", "right"))))
    assert found(casts) == []


@pytest.mark.parametrize("liked", [True, False])
def test_a_burst_of_new_visitors_for_or_against_one_work_is_found(liked: bool) -> None:
    casts = [star(voter, 5, minute=100 + 4 * voter, liked=liked) for voter in range(BURST)]
    [one] = found([*casts, star(77, 5, minute=110, young=False, liked=liked)])
    assert (one.rule, one.work, one.against) == ("burst", 5, not liked)
    assert one.voters == tuple(range(BURST))
    assert sum(one.seen) == BURST + 1
    assert one.minute == 100


def test_the_same_votes_over_a_day_or_by_known_visitors_are_no_burst() -> None:
    assert found([star(voter, 5, minute=90 * voter) for voter in range(BURST)]) == []
    assert found([star(voter, 5, minute=voter, young=False) for voter in range(BURST)]) == []
    assert found([star(voter, 5, minute=voter, liked=voter % 2 == 0) for voter in range(BURST)]) == []


def test_who_votes_for_one_work_alone_is_found_and_one_other_vote_clears_them() -> None:
    casts = [Cast(minute, 3, False, 7, 8 + minute, "left") for minute in range(ONE_WORK - 1)] + [star(3, 7, minute=50)]
    [one] = found(casts)
    assert one == Anomaly("one_work", 7, (3,), 50, (ONE_WORK, 0))
    assert found([*casts, star(3, 2, minute=60)]) == []
    assert found(casts[1:]) == []


def test_who_votes_for_one_maker_alone_is_found_but_not_for_the_house_or_for_who_made_half_of_all() -> None:
    casts = [star(3, 1 + 4 * (number % 3), minute=number) for number in range(ONE_MAKER)]
    assert [(one.rule, one.work, one.seen) for one in found(casts)] == [("one_maker", 1, (ONE_MAKER, 0))]
    assert find(casts, dict.fromkeys(MAKERS, "house"), house="house") == []
    assert find(casts, dict.fromkeys(MAKERS, "somebody"), house="house") == []


def test_who_always_chooses_one_side_is_found() -> None:
    dice = Random(2)
    pairs = [dice.sample(range(1, 13), 2) for _ in range(ONE_SIDE)]
    casts = [Cast(number, 3, False, one, other, "right") for number, (one, other) in enumerate(pairs)]
    assert [(one.rule, one.seen) for one in found(casts)] == [("one_side", (0, ONE_SIDE))]
    assert found(casts[1:]) == []
    mixed = [cast._replace(side="left") if number % 6 == 0 else cast for number, cast in enumerate(casts)]
    assert found(mixed) == []


def test_the_newest_comes_first_and_each_has_a_key_of_its_own() -> None:
    casts = [star(voter, 5, minute=voter) for voter in range(BURST)]
    casts += [star(voter, 6, minute=500 + voter, liked=False) for voter in range(20, 20 + BURST)]
    assert [one.key for one in found(casts)] == ["burst-6-20", "burst-5-0"]
