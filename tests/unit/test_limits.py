"""Limits: counted by the hour, by neighbourhood of an address, which nothing that is kept leads back to."""

from __future__ import annotations

import pytest

from gallery import errors
from gallery.journeys.shares import HANGING, MAKING, Share
from gallery.limits import Limits, prefix_of
from tests.fakes import FakeClock


@pytest.mark.parametrize(
    ("host", "other", "same"),
    [
        ("8.8.4.1", "8.8.4.254", True),
        ("8.8.4.1", "8.8.5.1", False),
        ("2001:4860:4860::8888", "2001:4860:4860:ffff::1", True),
        ("2001:4860:4860::8888", "2001:4860:4861::8888", False),
        ("8.8.4.1", "::ffff:8.8.4.9", True),
    ],
)
def test_a_neighbourhood_is_a_prefix_of_24_or_48_bits(host: str, other: str, same: bool) -> None:
    limits = Limits(FakeClock())
    assert (limits.near(host) == limits.near(other)) is same


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "10.0.0.7", "192.168.1.1", "fe80::1", "testclient", "", "8.8.8"])
def test_an_address_that_is_not_of_the_internet_is_not_counted(host: str) -> None:
    limits = Limits(FakeClock())
    assert prefix_of(host) == limits.near(host) == ""
    assert all(limits.take("vote", limits.near(host), 1) for _ in range(9))


def test_nothing_that_is_kept_tells_where_somebody_came_from() -> None:
    limits = Limits(FakeClock())
    near = limits.near("8.8.4.129")
    limits.take("vote", near, 9)
    kept = repr(vars(limits))
    assert near in kept
    assert "8.8.4" not in kept
    assert near != Limits(FakeClock()).near("8.8.4.129")  # the key is drawn, not derived


def test_the_key_is_drawn_anew_every_day_and_what_it_counted_is_gone() -> None:
    clock = FakeClock()
    limits = Limits(clock)
    before, salt = limits.near("8.8.4.1"), limits._salt
    assert limits.take("vote", before, 1)
    clock.now += 24 * 3600
    assert limits.near("8.8.4.1") != before
    assert before not in repr(vars(limits))
    assert repr(salt) not in repr(vars(limits))


def test_the_cap_is_of_the_last_hour_and_of_each_act_and_neighbourhood() -> None:
    clock = FakeClock()
    limits = Limits(clock)
    assert [limits.take("vote", "here", 2) for _ in range(3)] == [True, True, False]
    assert limits.take("vote", "there", 2)
    assert limits.take("paint", "here", 2)
    clock.now += 59 * 60
    assert not limits.take("vote", "here", 2)
    clock.now += 60
    assert limits.take("vote", "here", 2)


def test_what_is_over_takes_no_memory() -> None:
    clock = FakeClock()
    limits = Limits(clock)
    for number in range(5000):
        limits.take("vote", f"somewhere {number}", 2)
        clock.now += 1
    clock.now += 3600
    limits.take("vote", "here", 2)
    assert len(limits._sums) == len(limits._minutes) == 1


@pytest.mark.parametrize(
    ("share", "own", "nearby"),
    [
        (MAKING, errors.TooMuchMade, errors.TooMuchMadeNearby),
        (HANGING, errors.TooManyHung, errors.TooManyHungNearby),
    ],
)
def test_one_visitor_and_one_neighbourhood_have_shares_of_their_own(
    share: Share, own: type[errors.BadWish], nearby: type[errors.BadWish]
) -> None:
    limits = Limits(FakeClock())
    for _ in range(share.most):
        share.take(limits, "greedy", "")
    with pytest.raises(own):
        share.take(limits, "greedy", "")
    share.take(limits, "modest", "")
    for number in range(share.nearby):
        share.take(limits, f"one of many {number}", "here")
    with pytest.raises(nearby):
        share.take(limits, "one more", "here")
    share.take(limits, "one more", "there")
