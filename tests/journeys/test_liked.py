"""Liked: works that are like a visitor's own choices, from enough of these on, and nothing that should stay hidden."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from sqlalchemy import text

import db
from db import NewBallot
from gallery import errors
from gallery.journeys import House, accounts, curate, liked, rate, taste
from gallery.journeys.accounts import Curator
from gallery.journeys.features import PICTURE
from gallery.visitors import Visitor
from tests.conftest import ALICE, BOB
from tests.journeys.choosers import WORKS, choose, hang, judge, placed


@pytest.fixture
def large(house: House) -> House:
    """A wall on which a few duels leave most works unseen."""
    hang(house, 1, 3 * WORKS, seed=11)
    return house


def shown(house: House, visitor: Visitor) -> list[int]:
    return [card.id for card in liked.look(house, "painting", visitor).cards]


def mean(house: House, works: Sequence[int], name: str) -> float:
    """How much the works have of a feature, in spreads from the usual of all."""
    return float(np.mean(placed(house, 3 * WORKS)[works, PICTURE.index(name)]))


def test_below_enough_duels_nothing_is_shown_and_it_is_said_how_many_are_missing(large: House) -> None:
    assert liked.look(large, "painting", ALICE).missing == liked.OWN_LEAST
    choose(large, ALICE, liked.OWN_LEAST - 1, "light")
    found = liked.look(large, "painting", ALICE)
    assert (found.cards, found.own, found.missing) == ((), liked.OWN_LEAST - 1, 1)


@pytest.mark.parametrize("more", [True, False])
def test_works_like_the_chosen_are_shown_and_it_is_said_what_one_leans_to(large: House, more: bool) -> None:
    """Seen to fail with the order of the field turned round."""
    choose(large, ALICE, 20, "light", more=more)
    found = liked.look(large, "painting", ALICE)
    assert len(found.cards) == liked.SHOWN
    light = mean(large, [card.id for card in found.cards], "light")
    assert light > 0.8 if more else light < -0.8
    assert found.leanings[0] == ("light", more, 20, 20)
    assert not found.started


def test_what_one_has_judged_or_made_is_not_shown_and_hidden_works_never_are(large: House) -> None:
    met = choose(large, ALICE, 20, "light")
    first = shown(large, ALICE)
    assert not met.intersection(first)
    rate.cast_vote(large, first[0], 2, ALICE)
    accounts.add(large.settings, "wen", "correct horse battery", "curator", 1)
    curate.hide(large, first[1], "asked", Curator("wen", "curator"))
    with large.db.writing() as tx:
        tx.execute(text("UPDATE works SET maker = :maker WHERE id = :work"), {"maker": ALICE.id, "work": first[2]})
    assert not set(first[:3]).intersection(shown(large, ALICE))


def test_no_number_of_others_is_shown_with_them(large: House) -> None:
    choose(large, ALICE, 20, "light")
    for number in range(1, 3 * WORKS + 1):
        rate.cast_vote(large, number, 5, BOB)
    found = liked.look(large, "painting", ALICE)
    assert {(card.votes, card.mean, card.my_stars) for card in found.cards} == {(None, None, None)}


def test_the_order_is_by_one_s_own_choices_and_not_by_what_others_think_of_the_works(large: House) -> None:
    choose(large, ALICE, 20, "light")
    before = shown(large, ALICE)
    for number in range(1, 3 * WORKS + 1):
        rate.cast_vote(large, number, 1 if number in before else 5, BOB)
    assert shown(large, ALICE) == before


def test_it_starts_from_what_visitors_prefer_where_that_holds_and_own_choices_move_it(large: House) -> None:
    choose(large, ALICE, liked.OWN_LEAST, "low")
    alone = mean(large, shown(large, ALICE), "detail")
    judge(large, 900, {"detail": -2.0})
    taste.learn_all(large.settings, 5)
    started = liked.look(large, "painting", ALICE)
    assert started.started
    with_others = mean(large, [card.id for card in started.cards], "detail")
    assert with_others < alone - 0.5
    assert "detail" not in {one.name for one in started.leanings}  # that is the others' leaning
    choose(large, ALICE, 60, "detail")
    assert mean(large, shown(large, ALICE), "detail") > with_others + 0.5


def test_what_does_not_hold_leads_nobody(large: House) -> None:
    choose(large, ALICE, 12, "low")
    before = shown(large, ALICE)
    judge(large, 900, {})
    taste.learn_all(large.settings, 5)
    assert not liked.look(large, "painting", ALICE).started
    assert shown(large, ALICE) == before


def test_duels_that_are_taken_back_or_set_aside_are_not_one_s_choices(large: House) -> None:
    choose(large, ALICE, liked.OWN_LEAST, "light")
    with large.db.writing() as tx:
        db.ballots.append(tx, NewBallot("undo", "painting", 1, 2, 1), visitor=ALICE.id, minute=1)
    assert liked.look(large, "painting", ALICE).missing == 1
    with large.db.writing() as tx:
        db.ballots.mark(tx, 1, NewBallot("quarantine", "painting", 1, value=1), minute=1)
    assert liked.look(large, "painting", ALICE).own == 0


def test_a_kind_without_duels_is_one_sentence_and_an_empty_wall_is_none(house: House, large: House) -> None:
    for kind in ("poem", "sculpture", "'"):
        with pytest.raises(errors.UnknownKind):
            liked.look(large, kind, ALICE)
    with large.db.writing() as tx:
        tx.execute(text("UPDATE works SET hidden = 1"))
    assert liked.look(large, "", ALICE) == liked.Liked((), "", 0)


def test_who_chooses_by_chance_is_seldom_told_a_leaning() -> None:
    dice = np.random.default_rng(2)
    told = [liked.leanings_of("scroll", dice.normal(size=(40, 25))) for _ in range(200)]
    assert sum(map(bool, told)) < 60
    assert max(map(len, told)) <= liked.SAID
