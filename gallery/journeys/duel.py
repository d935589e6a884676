"""Duels: two works of one kind, which of them do you choose? Who meets whom is the house's to say, never the visitor's.

A pair comes as a signed ticket with the time at which it was shown. Asking again gives the same pair as long as nothing
is judged (the lot is drawn from the secret, the visitor and the number of their votes), so nobody can turn pages until
a friend's work comes up. A vote is an entry in the log and two new standings, in one transaction, and so is taking it
back, which works out anew whatever came after. No ticket is kept: that a pair counts once is read off the log. Votes,
duels and stars together, are bounded by the hour: for a visitor, less for a new one, and for all of a neighbourhood.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal, cast

import db
from db import NewBallot, WorkKind, WorkRecord
from gallery import errors
from gallery.journeys import House, gold, standings, store_errors
from gallery.ranking import START, Contender, choose_pair
from gallery.visitors import Visitor

QUICK_S = 1.0
PAIR_AGE_S = 30 * 60
UNDO_S = 10
DAY_S = 24 * 3600
PER_HOUR = 300
PER_HOUR_YOUNG = 120
NEARBY = 1500  # votes an hour of all visitors of one neighbourhood
NEARBY_YOUNG = 600  # of those among them who are new
FIELD = 240  # works among which a pair is sought
_DRAWS = 11
Choice = Literal["left", "right", "skip"]


@dataclass(frozen=True)
class Pair:
    """Two works to choose from, or one and a decoy (gold.py); the token is the right to do so."""

    token: str
    kind: str
    left: WorkRecord
    right: WorkRecord


@dataclass(frozen=True)
class Vote:
    """A vote as it was counted; the token takes it back within UNDO_S seconds. `chosen` is None for a skipped pair.

    trial: it was a gold pair, which moves no work and is not taken back.
    """

    undo: str
    kind: str
    chosen: WorkRecord | None = None
    other: WorkRecord | None = None
    trial: bool = False


@dataclass(frozen=True)
class Progress:
    """How many duels of a visitor count, and how many works they have carried past another."""

    duels: int
    moved: int


def kinds(house: House) -> tuple[str, ...]:
    """The kinds of which there are two works at least, so that they can meet."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return tuple(kind for kind, count in db.works.counts(tx).items() if count > 1)


def next_pair(house: House, kind: object, visitor: Visitor) -> Pair | None:
    """The pair that this visitor is to judge next; None when they have judged all there are. Raises UnknownKind."""
    if kind not in kinds(house):
        raise errors.UnknownKind(str(kind)[:20])
    asked = str(kind)
    with store_errors(house.settings.home), house.db.reading() as tx:
        dice = _dice(house, asked, visitor, db.ballots.in_all(tx, visitor=visitor.id, kind=asked))
        trial = gold.choose(house, tx, cast("WorkKind", asked), visitor, dice)
        if trial is not None:
            return _show_trial(house, tx, visitor, trial, dice)
        starts = [dice.random() for _ in range(_DRAWS)]
        field = [_contender(one) for one in db.duels.field(tx, asked, limit=FIELD, starts=starts)]
        judged, turn = db.ballots.judged(tx, visitor=visitor.id, kind=asked), db.duels.held(tx, asked)
        chosen = choose_pair(field, judged, dice, turn=turn)
        return None if chosen is None else _show(house, tx, visitor, chosen[0].work, chosen[1].work)


def _dice(house: House, kind: str, visitor: Visitor, votes: int) -> Random:
    return Random(house.signer.lot("pair", kind, visitor.id, votes))  # noqa: S311 (the seed is the secret)


def _contender(one: db.Contest) -> Contender:
    if one.mu is None or one.sigma is None or one.duels is None:
        return Contender(one.work, START.mu, START.sigma, START.duels)
    return Contender(one.work, one.mu, one.sigma, one.duels)


def _show(house: House, tx: db.Tx, visitor: Visitor, left: int, right: int) -> Pair:
    works = _both(tx, left, right)
    return Pair(_ticket(house, visitor, left, right, ""), works[0].kind, *works)


def _show_trial(house: House, tx: db.Tx, visitor: Visitor, trial: tuple[int, int], dice: Random) -> Pair:
    """A gold pair; its ticket names a work for either side, as any does."""
    real, other = trial
    work = _both(tx, real, other)[0]
    if dice.random() < 0.5:
        return Pair(_ticket(house, visitor, other, real, "left"), work.kind, gold.decoy_of(house, work), work)
    return Pair(_ticket(house, visitor, real, other, "right"), work.kind, work, gold.decoy_of(house, work))


def _ticket(house: House, visitor: Visitor, left: int, right: int, decoy: gold.Side) -> str:
    return house.signer.ticket("pair", visitor, left, right, gold.time_for(house, visitor, decoy))


def _both(tx: db.Tx, left: int, right: int) -> tuple[WorkRecord, WorkRecord]:
    """The two works; raises PairGone when one of them is no longer shown."""
    one, other = db.works.find(tx, left), db.works.find(tx, right)
    if one is None or other is None:
        raise errors.PairGone()
    return one, other


def vote(house: House, token: str, choice: object, visitor: Visitor) -> Vote:
    """Counts a choice, `left`, `right` or `skip`; on return it is on the disk, and so is what it did to the ladder.

    Raises BadChoice, PairForged, NotYourPair, PairExpired, PairGone, TooQuick, AlreadyJudged, TooManyVotes,
    TooManyNearby, StoreTrouble; then nothing has changed.
    """
    if choice not in db.ballots.CHOICES:
        raise errors.BadChoice(str(choice)[:20])
    left, right, shown_ms = read_ticket(house, "pair", token, visitor)
    check_age(house, shown_ms, choice)
    decoy = gold.decoy_at(house, visitor, shown_ms)
    with store_errors(house.settings.home), house.db.writing() as tx:
        works = _both(tx, left, right)
        if decoy:
            _count_trial(
                house, tx, works[0 if decoy == "right" else 1], None if choice == "skip" else choice != decoy, visitor
            )
            return Vote("", works[0].kind, trial=True)
        seq = _count(house, tx, works, cast("Choice", choice), visitor)
    undo_token = house.signer.ticket("undo", visitor, seq, house.now_ms())
    if choice == "skip":
        return Vote(undo_token, works[0].kind)
    chosen, other = works if choice == "left" else works[::-1]
    return Vote(undo_token, works[0].kind, chosen, other)


def _count(house: House, tx: db.Tx, works: tuple[WorkRecord, WorkRecord], choice: Choice, visitor: Visitor) -> int:
    """Enters a choice and moves the two works; returns the number of the entry. Raises AlreadyJudged."""
    (left, right), kind = (work.id for work in works), works[0].kind
    if (min(left, right), max(left, right)) in db.ballots.judged(tx, visitor=visitor.id, kind=kind):
        raise errors.AlreadyJudged()
    seq = enter(house, tx, NewBallot(choice, kind, left, right, young=is_young(house, visitor)), visitor)
    if choice != "skip":
        standings.count(tx, kind, seq)
    return seq


def _count_trial(house: House, tx: db.Tx, work: WorkRecord, found: bool | None, visitor: Visitor) -> None:
    """Enters whether the work was told from its decoy; None for a skipped pair. Raises AlreadyJudged."""
    if work.id in db.ballots.gold_met(tx, visitor=visitor.id):
        raise errors.AlreadyJudged()
    value = None if found is None else int(found)
    enter(house, tx, NewBallot("gold", work.kind, work.id, value=value, young=is_young(house, visitor)), visitor)


def read_ticket(house: House, purpose: str, token: str, visitor: Visitor) -> tuple[int, ...]:
    """The numbers of this visitor's ticket; raises PairForged or NotYourPair."""
    read = house.signer.read_ticket(purpose, token)
    if read is None:
        raise errors.PairForged()
    if read[0] != visitor:
        raise errors.NotYourPair()
    return read[1]


def check_age(house: House, shown_ms: int, choice: object) -> None:
    """Raises PairExpired, TooQuick for a choice on a pair that was shown too long ago, or just now."""
    age_s = (house.now_ms() - shown_ms) / 1000
    if age_s > PAIR_AGE_S:
        raise errors.PairExpired(PAIR_AGE_S // 60)
    if age_s < QUICK_S and choice != "skip":
        raise errors.TooQuick()


def is_young(house: House, visitor: Visitor) -> bool:
    """Whether this visitor came for the first time within the last day, as anybody with a fresh browser does."""
    return house.clock() - visitor.since_s < DAY_S


def enter(house: House, tx: db.Tx, entry: NewBallot, visitor: Visitor) -> int:
    """Writes a vote into the log and returns its number; raises TooManyVotes, TooManyNearby above a cap of an hour."""
    most = PER_HOUR_YOUNG if entry.young else PER_HOUR
    if db.ballots.since(tx, visitor=visitor.id, minute=_minute(house) - 60) >= most:
        raise errors.TooManyVotes(most)
    caps = [("vote", NEARBY), *([("new vote", NEARBY_YOUNG)] if entry.young else [])]
    for act, cap in caps:
        if not house.limits.take(act, visitor.near, cap):
            raise errors.TooManyNearby(cap)
    return db.ballots.append(tx, entry, visitor=visitor.id, minute=_minute(house))


def _minute(house: House) -> int:
    return house.now_ms() // 60_000


def undo(house: House, token: str, visitor: Visitor) -> Pair | None:
    """Takes a vote back within UNDO_S seconds and returns its pair, to be judged again if both are still shown.

    What later votes did to the ladder is worked out anew without it. No cap keeps anybody from it, since a vote is
    taken back once at most. Raises PairForged, NotYourPair, UndoLate, StoreTrouble.
    """
    seq, cast_ms = read_ticket(house, "undo", token, visitor)
    if house.now_ms() - cast_ms > UNDO_S * 1000:
        raise errors.UndoLate(UNDO_S)
    with store_errors(house.settings.home), house.db.writing() as tx:
        cast_vote = db.ballots.find(tx, seq)
        if cast_vote is None or cast_vote.vote.rival is None or db.ballots.is_undone(tx, seq):
            raise errors.UndoLate(UNDO_S)
        old = cast_vote.vote
        entry = NewBallot("undo", old.kind, old.work, old.rival, seq, young=is_young(house, visitor))
        db.ballots.append(tx, entry, visitor=visitor.id, minute=_minute(house))
        if old.act != "skip":
            standings.work_out_from(tx, seq)
        try:
            return _show(house, tx, visitor, old.work, cast_vote.vote.rival)
        except errors.PairGone:
            return None


def progress(house: House, visitor: Visitor) -> Progress:
    """What this visitor's duels have done so far, on all ladders."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return Progress(*db.duels.done_by(tx, visitor.id))
