"""Challenges: set by curators, entered by makers, decided by blind duels until the closing; then podium and show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

import db
from gallery import errors
from gallery.journeys import Draft, House, accounts, challenge, create, curate, duel, first_wall, gold, ledger, visit
from gallery.journeys.accounts import Curator
from gallery.visitors import Visitor
from tests.conftest import ALICE, BOB
from tests.fakes import FakeClock

WEN, LI = Curator("wen", "curator"), Curator("li", "curator")
MAKERS = [Visitor(f"{number:032x}") for number in range(5)]


def day(clock: FakeClock, days: int) -> str:
    return (datetime.fromtimestamp(clock.now, UTC) + timedelta(days=days)).date().isoformat()


def wish(clock: FakeClock, **changes: str) -> dict[str, str]:
    asked = {"title_zh": "秋山", "title_en": "Autumn hills", "text_zh": "写秋意。", "text_en": "Show *autumn*."}
    return {**asked, "wanted": "painting", "opens": day(clock, 0), "closes": day(clock, 2), "most": "2"} | changes


@pytest.fixture
def called(house: House, clock: FakeClock) -> int:
    """A challenge that is open for three days, in a gallery with a wall of its own."""
    for name in ("wen", "li"):
        accounts.add(house.settings, name, "correct horse battery", "curator", 1)
    first_wall.seed_wall(house, 2, 1)
    return challenge.announce(house, wish(clock), WEN)


@pytest.fixture
def hang(house: House) -> Callable[..., int]:
    """Hangs a painting of that visitor's."""

    def hang_one(maker: Visitor, seed: int) -> int:
        draft: Draft = create.generate(house, create.PaintRequest("shanshui", seed=seed), maker)[0]
        return create.save(house, draft.token, maker, f"Of {seed}").id

    return hang_one


@pytest.fixture
def filled(house: House, called: int, hang: Callable[..., int]) -> list[int]:
    """The challenge with an entry of each maker."""
    works = [hang(maker, seed) for seed, maker in enumerate(MAKERS)]
    for work, maker in zip(works, MAKERS, strict=True):
        challenge.enter_work(house, called, work, maker)
    return works


def judge_all(house: House, clock: FakeClock, number: int, visitor: Visitor, best: list[int]) -> int:
    """Judges every pair there is, always for the one that stands before the other in `best`."""
    count = 0
    while pair := challenge.next_pair(house, number, visitor):
        clock.now += 2
        left_first = best.index(pair.left.id) < best.index(pair.right.id)
        challenge.vote(house, pair.token, "left" if left_first else "right", visitor)
        count += 1
    return count


def test_a_visitor_enters_works_of_theirs_as_many_as_are_asked_for(
    house: House, called: int, hang: Callable[..., int]
) -> None:
    works = [hang(ALICE, seed) for seed in range(3)]
    assert [work.id for work in challenge.look(house, called, ALICE).offered] == works[::-1]
    for work in works[:2]:
        challenge.enter_work(house, called, work, ALICE)
    with pytest.raises(errors.TooManyEntries):
        challenge.enter_work(house, called, works[2], ALICE)
    view = challenge.look(house, called, ALICE)
    assert ([work.id for work in view.mine], view.left, view.entries) == (works[:2], 0, 2)
    assert challenge.look(house, called, BOB).mine == ()


def test_a_foreign_work_a_hidden_one_one_of_another_kind_and_one_twice_are_refused(
    house: House, called: int, hang: Callable[..., int], written: Callable[..., Draft]
) -> None:
    mine, hidden, poem = hang(ALICE, 1), hang(ALICE, 2), create.save(house, written().token, ALICE, "A poem").id
    curate.hide(house, hidden, "asked", WEN)
    challenge.enter_work(house, called, mine, ALICE)
    refusals = {1: errors.NotYourEntry, hidden: errors.NoSuchWork, poem: errors.OtherTheme, mine: errors.EnteredBefore}
    for work, refusal in refusals.items():
        with pytest.raises(refusal):
            challenge.enter_work(house, called, work, ALICE)
    with pytest.raises(errors.NotYourEntry):
        challenge.enter_work(house, called, mine, BOB)


def test_a_challenge_of_one_subject_takes_no_other(house: House, called: int, clock: FakeClock) -> None:
    number = challenge.announce(house, wish(clock, wanted="painting shanshui"), WEN)
    draft = create.generate(house, create.PaintRequest("still_life", seed=5), ALICE)[0]
    other = create.save(house, draft.token, ALICE, "Pears").id
    assert challenge.look(house, number, ALICE).offered == ()
    with pytest.raises(errors.OtherTheme):
        challenge.enter_work(house, number, other, ALICE)
    assert challenge.enter_work(house, called, other, ALICE).id == other


def test_entries_meet_each_other_alone_and_never_ones_own(
    house: House, called: int, filled: list[int], clock: FakeClock
) -> None:
    assert judge_all(house, clock, called, BOB, filled) == 10
    assert judge_all(house, clock, called, MAKERS[0], filled) == 6
    with house.db.reading() as tx:
        met = db.challenges.met(tx, called)
        assert db.duels.all_states(tx) == {}  # no ladder moves
    assert set(met) == set(filled)
    assert duel.progress(house, BOB).duels == 0


def test_after_the_closing_the_podium_stands_by_the_duels(
    house: House, called: int, filled: list[int], clock: FakeClock
) -> None:
    best = [filled[number] for number in (3, 1, 4, 0, 2)]
    for number in range(4):
        judge_all(house, clock, called, Visitor(f"f{number:031x}"), best)
    assert challenge.look(house, called, BOB).placed == ()
    clock.now += 3 * 24 * 3600
    view = challenge.look(house, called, BOB)
    assert (view.phase, [one.work.id for one in view.placed]) == ("past", best)
    assert view.placed[0].low > 0.5 > view.placed[-1].high
    assert [one.duels for one in view.placed] == [16] * 5


def test_a_vote_and_an_entry_after_the_closing_or_before_the_opening_count_for_nothing(
    house: House, called: int, filled: list[int], clock: FakeClock, hang: Callable[..., int]
) -> None:
    clock.now += 2 * 24 * 3600
    midnight = (clock.now // 86400 + 1) * 86400
    clock.now, late = midnight - 3, hang(ALICE, 9)
    pair = challenge.next_pair(house, called, BOB)
    assert pair is not None
    clock.now = midnight
    with pytest.raises(errors.ChallengeClosed):
        challenge.vote(house, pair.token, "left", BOB)
    with pytest.raises(errors.ChallengeClosed):
        challenge.enter_work(house, called, late, ALICE)
    assert challenge.next_pair(house, called, BOB) is None
    later = challenge.announce(house, wish(clock, opens=day(clock, 1), closes=day(clock, 3)), WEN)
    with pytest.raises(errors.NotYetOpen):
        challenge.enter_work(house, later, late, ALICE)


def test_a_pair_counts_once_for_its_visitor_and_only_as_a_challenge(
    house: House, called: int, filled: list[int], clock: FakeClock
) -> None:
    pair, again = challenge.next_pair(house, called, BOB), challenge.next_pair(house, called, BOB)
    assert pair is not None
    assert again is not None
    with pytest.raises(errors.TooQuick):
        challenge.vote(house, pair.token, "left", BOB)
    clock.now += 2
    assert challenge.vote(house, pair.token, "left", BOB).undo == ""
    for token, visitor, refusal in (
        (pair.token, BOB, errors.AlreadyJudged),
        (again.token, BOB, errors.AlreadyJudged),
        (again.token, ALICE, errors.NotYourPair),
        ("forged", BOB, errors.PairForged),
    ):
        with pytest.raises(refusal):
            challenge.vote(house, token, "right", visitor)
    with pytest.raises(errors.PairForged):
        duel.vote(house, again.token, "left", BOB)


def test_an_entry_that_is_hidden_meets_nobody_and_a_vote_on_it_is_refused(
    house: House, called: int, filled: list[int], clock: FakeClock
) -> None:
    pair = challenge.next_pair(house, called, BOB)
    assert pair is not None
    clock.now += 2
    curate.hide(house, pair.left.id, "asked", WEN)
    with pytest.raises(errors.PairGone):
        challenge.vote(house, pair.token, "left", BOB)
    assert judge_all(house, clock, called, BOB, filled) == 6


def test_its_duels_are_in_the_public_log_and_the_ladder_is_still_what_the_log_comes_to(
    house: House, called: int, filled: list[int], clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gold, "ONE_IN", 10**9)  # a gold pair would move no ladder
    judge_all(house, clock, called, BOB, filled)
    pair = duel.next_pair(house, "painting", BOB)
    assert pair is not None
    clock.now += 2
    duel.vote(house, pair.token, "left", BOB)
    assert ledger.prove(house.settings).faults == ()
    assert "".join(ledger.votes(house)).count(f",{called},") >= 10
    with house.db.reading() as tx:
        assert sum(state.duels for state in db.duels.all_states(tx).values()) == 2


def test_an_exhibition_is_made_from_it_once_with_the_podium_in_its_first_room(
    house: House, called: int, filled: list[int], clock: FakeClock
) -> None:
    judge_all(house, clock, called, BOB, filled)
    with pytest.raises(errors.StillOpen):
        challenge.hang(house, called, WEN)
    clock.now += 3 * 24 * 3600
    with pytest.raises(errors.NotYours):
        challenge.hang(house, called, LI)
    address = challenge.hang(house, called, WEN)
    assert challenge.look(house, called, BOB).show == address == f"challenge-{called}"
    rooms = visit.visit(house, address).rooms
    assert [[work.id for work in room.works] for room in rooms] == [filled[:3], filled[3:]]
    assert [room.room.title_en for room in rooms] == ["The podium", "The others"]
    with pytest.raises(errors.HungBefore):
        challenge.hang(house, called, WEN)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"title_zh": " ", "title_en": ""}, errors.NoHeading),
        ({"title_en": "x" * 61}, errors.LongText),
        ({"opens": "tomorrow"}, errors.BadDay),
        ({"closes": ""}, errors.BadDay),
        ({"closes": "2000-01-01"}, errors.BadDay),
        ({"opens": "2000-01-01", "closes": "2000-01-02"}, errors.PastDay),
        ({"wanted": "sculpture"}, errors.UnknownKind),
        ({"wanted": "painting nonsense"}, errors.UnknownKind),
        ({"most": "0"}, errors.BadEntries),
        ({"most": "many"}, errors.BadEntries),
    ],
)
def test_a_challenge_that_cannot_be_is_one_clear_sentence(
    house: House, called: int, clock: FakeClock, changes: dict[str, str], refusal: type[errors.GalleryError]
) -> None:
    with pytest.raises(refusal):
        challenge.announce(house, wish(clock, **changes), WEN)


def test_what_is_called_off_is_on_no_list_and_its_owner_alone_or_a_keeper_can(house: House, called: int) -> None:
    with pytest.raises(errors.NotYours):
        challenge.call_off(house, called, LI)
    challenge.call_off(house, called, Curator("li", "keeper"))
    assert challenge.listed(house) == []
    for number in (called, 99, "x", "1 OR 1=1"):
        with pytest.raises(errors.NoSuchChallenge):
            challenge.look(house, number, ALICE)
    with house.db.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM challenges")).scalar() == 1
