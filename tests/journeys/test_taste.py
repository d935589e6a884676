"""Taste: what visitors prefer is found where there is something to find, tried on pairs it has not seen, and led by
nobody; and nothing that ranks, pairs or shows works asks it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import db
from db import NewBallot
from db.tastes import Choice
from gallery.__main__ import main
from gallery.journeys import House, duel, feelings, integrity, ledger, taste
from gallery.journeys.features import PICTURE, VERSE, names_of, of_traits, of_verse
from gallery.visitors import Visitor
from tests.conftest import ALICE
from tests.db.test_works import PAINTING, POEM
from tests.fakes import FakeClock
from tests.journeys.choosers import WORKS, hang, judge, traits, two_of

LIKES = {"light": 1.6, "detail": -1.2}
ROOT = Path(__file__).parent.parent.parent
RANKING = (
    "duel",
    "gold",
    "standings",
    "ladder",
    "ledger",
    "exposure",
    "integrity",
    "rate",
    "challenge",
    "find",
    "browse",
)


@pytest.fixture
def wall(house: House) -> House:
    """Paintings of all sorts."""
    hang(house, 1, WORKS, seed=4)
    return house


def study(house: House) -> taste.HouseTaste:
    with house.db.reading() as tx:
        return taste.study(tx, "painting")


def test_what_visitors_look_for_is_found_and_foretells_choices_on_pairs_it_was_not_shown(wall: House) -> None:
    judge(wall, 900, LIKES)
    found = study(wall)
    assert found.trial is not None
    assert found.taste is not None
    known = dict(zip(found.names, zip(found.weights, found.doubts, strict=True), strict=True))
    weight, doubt = known["light"]
    assert weight > 0.8 > 4 * doubt
    weight, doubt = known["detail"]
    assert weight < -0.5 < -2 * doubt
    assert found.trial.low > 0.6
    assert found.trial.low < found.trial.right < found.trial.high
    assert abs(found.trial.older - 0.5) < 0.12
    assert 120 < found.trial.duels < 260


def test_where_visitors_choose_blindly_it_says_so_and_leads_nobody(wall: House) -> None:
    judge(wall, 900, {})
    found = study(wall)
    assert found.trial is not None
    assert found.trial.low < 0.5
    assert not found.trial.holds
    assert found.taste is None


def test_what_is_learnt_by_heart_of_a_pair_is_no_merit(wall: House) -> None:
    """Every pair has a winner by lot, chosen ten times over: who had seen a pair would be right every time."""
    dice = np.random.default_rng(1)
    with wall.db.writing() as tx:
        for number in range(150):
            left, right = two_of(dice)
            for voter in range(10):
                entry = NewBallot("left", "painting", left, right)
                db.ballots.append(tx, entry, visitor=f"{voter:032x}", minute=number)
    found = study(wall)
    assert found.trial is not None
    assert found.trial.high - found.trial.low > 0.25  # thirty pairs, though three hundred duels
    assert not found.trial.holds


def test_below_enough_duels_nothing_is_learnt_and_the_report_says_how_many_there_are(wall: House) -> None:
    judge(wall, taste.ENOUGH - 1, LIKES)
    found = study(wall)
    assert (found.duels, found.weights, found.trial, found.taste) == (taste.ENOUGH - 1, (), None, None)
    judge(wall, 1, LIKES, seed=8)
    assert study(wall).trial is not None


def choice(seq: int, *, voter: int = 1, young: bool = False, asked: int = 0, right: int = 0) -> Choice:
    return Choice(seq, voter, young, 0, 1, 2, asked, right)


def test_gold_pairs_one_voter_and_new_visitors_of_a_day_have_a_bounded_voice() -> None:
    assert list(taste.voices_of([choice(1), choice(2, asked=12, right=6)])) == pytest.approx([1.0, 0.2])
    assert taste.voices_of([choice(seq) for seq in range(500)]).sum() == pytest.approx(taste.EACH_VOTER)
    crowd = [choice(seq, voter=seq, young=True) for seq in range(500)]
    assert taste.voices_of(crowd).sum() == pytest.approx(taste.NEW_A_DAY)
    assert taste.voices_of([*crowd, choice(501, voter=-1)])[-1] == 1.0


def test_votes_that_are_set_aside_taken_back_or_of_a_challenge_are_not_learnt_from(
    wall: House, clock: FakeClock
) -> None:
    judge(wall, 40, LIKES, voters=4)
    minute = wall.now_ms() // 60_000
    with wall.db.writing() as tx:
        db.ballots.append(tx, NewBallot("undo", "painting", 1, 2, 1), visitor=f"{0:032x}", minute=minute)
        db.ballots.append(tx, NewBallot("left", "painting", 1, 2, 3), visitor=f"{1:032x}", minute=minute)
        db.ballots.mark(tx, 2, NewBallot("quarantine", "painting", 1, value=1), minute=minute)
    with wall.db.reading() as tx:
        found = db.tastes.choices(tx, "painting", limit=taste.NEWEST)
    assert len(found) == 40 - 10 - 1
    assert {one.voter for one in found} == {1, 3, 4}


def test_it_is_learnt_again_only_when_the_log_has_grown_and_comes_back_as_it_was_kept(wall: House) -> None:
    judge(wall, 300, LIKES)
    [learnt] = taste.learn_all(wall.settings, 5).values()
    assert taste.known(wall, "painting") == (learnt, 5)
    assert taste.learn_all(wall.settings, 6) == {}
    assert list(taste.learn_all(wall.settings, 7, anew=True)) == ["painting"]
    judge(wall, 1, LIKES, seed=9)
    assert list(taste.learn_all(wall.settings, 8)) == ["painting"]
    assert taste.known(wall, "poem") == (None, None)


def test_what_was_learnt_by_other_features_than_today_s_is_not_used(wall: House) -> None:
    judge(wall, 300, LIKES)
    found = study(wall)
    assert taste.HouseTaste.from_json(found.to_json()) == found
    assert taste.HouseTaste.from_json(replace(found, names=found.names[:-1]).to_json()) is None


def test_the_ladder_the_pairs_and_the_log_are_the_same_whatever_was_learnt(wall: House, clock: FakeClock) -> None:
    visitors = [Visitor(f"{number:032x}") for number in range(3)]
    for number in range(12):
        pair = duel.next_pair(wall, "painting", visitors[number % 3])
        assert pair is not None
        clock.now += 2
        duel.vote(wall, pair.token, "left", visitors[number % 3])
    judge(wall, 300, LIKES)

    def told() -> tuple[object, ...]:
        pairs = [duel.next_pair(wall, "painting", visitor) for visitor in (*visitors, ALICE)]
        met = [(pair.left.id, pair.right.id) for pair in pairs if pair is not None]
        return met, "".join(ledger.votes(wall)), "".join(ledger.scores(wall)), integrity.look(wall)

    before = told()
    assert "painting" in taste.learn_all(wall.settings, 5)
    assert told() == before


@pytest.mark.parametrize("name", RANKING)
def test_nothing_that_ranks_pairs_or_shows_works_reads_what_was_learnt(name: str) -> None:
    """What is imported is for the import contracts in pyproject.toml; this is what is reached through `db`."""
    tree = ast.parse((ROOT / "gallery" / "journeys" / f"{name}.py").read_text(encoding="utf-8"))
    assert "tastes" not in {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_verse_is_learnt_from_by_its_characters(house: House) -> None:
    night, spring = ("明月照寒江", "孤舟夜不眠"), ("春草绿如烟", "青山鸟自啼")
    with house.db.writing() as tx:
        for number in range(40):
            db.works.add(tx, replace(POEM, draft=f"v{number}", verse=night if number % 2 else spring), score=3.0)
        for number in range(600):
            one, other = 1 + number % 40, 1 + (7 * number + 3) % 40
            if (one - other) % 2 and one != other:  # the one of night is chosen, on whichever side
                entry = NewBallot("left" if one % 2 == 0 else "right", "poem", one, other)
                db.ballots.append(tx, entry, visitor=f"{number % 30:032x}", minute=1)
        found = taste.study(tx, "poem")
    assert found.trial is not None
    assert found.trial.right == 1.0
    weights = dict(zip(found.names, found.weights, strict=True))
    assert weights["night"] > 0 > weights["spring"]


def test_features_have_names_of_their_own_and_numbers_that_are_finite() -> None:
    for kind in taste.KINDS:
        assert len(set(names_of(kind))) == len(names_of(kind))
    flat = bytes(78)
    assert np.isfinite(of_traits(flat)).all()
    assert len(of_traits(flat)) == len(PICTURE)
    assert len(of_verse(("对",))) == len(VERSE)


def test_feelings_tell_which_part_was_chosen_over_the_others_and_name_no_mood_by_it(wall: House) -> None:
    judge(wall, 600, {"light": 2.0, "chroma": 0.6})
    with wall.db.reading() as tx:
        found = feelings.report(tx, "painting")
        assert feelings.report(tx, "poem") == ()
    told = {one.name: one for one in found}
    assert set(told) == {"stirred", "serene", "tense", "somber"}
    assert sum(one.works for one in found) == WORKS
    assert min(told["stirred"].low, told["serene"].low) > 0.5 > max(told["tense"].high, told["somber"].high)


def test_a_mood_that_paintings_were_made_in_is_told_beside_them(wall: House) -> None:
    with wall.db.writing() as tx:
        sad = db.works.add(tx, replace(PAINTING, draft="sad", recipe='{"inputs":{"mood":"sorrow"}}'), score=3.0).id
        db.looks.keep(tx, sad, traits=traits(np.random.default_rng(9)), placeholder=b"", codes=())
        for number in range(1, 31):
            entry = NewBallot("left", "painting", sad, number)
            db.ballots.append(tx, entry, visitor=f"{number:032x}", minute=1)
        [mood] = [one for one in feelings.report(tx, "painting") if one.mood]
    assert (mood.name, mood.works, mood.duels, mood.share) == ("sorrow", 1, 30.0, 1.0)
    assert 0.8 < mood.low < 1.0


@pytest.fixture
def command(wall: House, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*arguments: str) -> str:
        assert main(["taste", *arguments, "--home", str(wall.settings.home), "--language", "en"]) == 0
        return capsys.readouterr().out

    return run


def test_the_command_learns_and_says_how_far_it_can_be_trusted(wall: House, command: Callable[..., str]) -> None:
    assert "No duels" in command()
    judge(wall, 150, LIKES)
    assert f"150 of the {taste.ENOUGH} duels" in command()
    judge(wall, 750, LIKES, seed=8)
    said = command()
    assert "Paintings" in said
    assert "foretells" in said
    assert taste.known(wall, "painting")[0] is not None
