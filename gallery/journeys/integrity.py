"""Integrity: votes that look odd are put before curators, who set them aside or let them be, and release them again.

Set aside is what a voter has given or will give, to one work or to all, until it is released. It stays in the public
log, where entries say that it is set aside; the same transaction writes the decision into the desk's log and works out
anew the scores that it touches, so that at no time the ladder says other than the log. Only the last WINDOW entries of
the log are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import db
from db import Ballot, Decision, NewBallot, NewDecision, Suspicion, Tx, WorkRecord
from gallery import anomalies, errors
from gallery.anomalies import Anomaly, Cast, Side
from gallery.journeys import House, standings, store_errors
from gallery.journeys.accounts import Curator
from gallery.journeys.rate import STARS_PRIOR
from gallery.visitors import HOUSE

WINDOW = 20_000
_WHOLE = ("one_maker", "one_side")  # what sets all votes of a voter aside, not those about one work


@dataclass(frozen=True)
class Odd:
    """Something that a rule has found, and the work it is about; None if that is no longer shown."""

    what: Anomaly
    work: WorkRecord | None


@dataclass(frozen=True)
class Look:
    """What waits to be looked into, and by which decisions votes are set aside now."""

    odd: tuple[Odd, ...]
    aside: tuple[Decision, ...]


def look(house: House) -> Look:
    """What the rules find in the votes that stand; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = tuple(Odd(one, db.works.find(tx, one.work)) for one in _find(tx))
        return Look(found, tuple(db.triage.quarantines(tx)))


def _find(tx: Tx) -> list[Anomaly]:
    recent = list(db.ballots.entries(tx, after=max(0, db.ballots.last(tx) - WINDOW)))
    casts = list(standing(recent, db.ballots.set_aside(tx)))
    works = {one.favoured for one in casts if one.favoured is not None}
    return anomalies.find(casts, db.works.makers_of(tx, works), house=HOUSE.id)


def standing(entries: Sequence[Ballot], aside: set[tuple[int, int]]) -> Iterable[Cast]:
    """The votes for and against works that stand: not undone, not given anew or withdrawn since, not set aside."""
    undone = {entry.vote.value for entry in entries if entry.vote.act == "undo"}
    last = {(e.voter, e.vote.work): e.seq for e in entries if e.vote.act in ("stars", "withdraw")}
    for entry in entries:
        vote, scopes = entry.vote, {(entry.voter, work) for work in (0, entry.vote.work, entry.vote.rival)}
        if scopes & aside:
            continue
        if vote.act in ("left", "right") and entry.seq not in undone:
            chosen, other = (vote.work, vote.rival) if vote.act == "left" else (vote.rival, vote.work)
            yield Cast(entry.minute, entry.voter, vote.young, chosen, other, cast("Side", vote.act))
        elif vote.act == "stars" and last[entry.voter, vote.work] == entry.seq and vote.value != 3:
            liked = (vote.value or 0) > 3
            yield Cast(
                entry.minute, entry.voter, vote.young, vote.work if liked else None, None if liked else vote.work
            )


def set_aside(house: House, key: object, curator: Curator) -> Anomaly:
    """Sets aside the votes that a rule has found; returns what it had found. Raises NotOdd, StoreTrouble."""
    with store_errors(house.settings.home), house.db.writing() as tx:
        found = next((one for one in _find(tx) if one.key == key), None)
        kind = None if found is None else db.works.kind_of(tx, found.work)
        if found is None or kind is None:
            raise errors.NotOdd()
        vote = NewBallot("quarantine", kind, found.work, value=int(found.rule in _WHOLE))
        first, last = _mark(house, tx, found.voters, vote)
        reason: Suspicion = found.rule
        decision = NewDecision("quarantine", found.work, curator.name, house.now_ms(), reason, None, first, last)
        db.triage.enter(tx, decision)
    return found


def release(house: House, seq: object, curator: Curator) -> Decision:
    """Lets votes count again that a decision has set aside; returns that decision. Raises NotAside, StoreTrouble."""
    with store_errors(house.settings.home), house.db.writing() as tx:
        old = next((one for one in db.triage.quarantines(tx) if str(one.seq) == str(seq)), None)
        if old is None or old.first is None or old.last is None:
            raise errors.NotAside()
        marked = list(db.ballots.entries(tx, after=old.first - 1, limit=old.last - old.first + 1))
        voters, vote = [entry.voter for entry in marked], marked[0].vote
        again = NewBallot("release", vote.kind, vote.work, value=vote.value)
        first, last = _mark(house, tx, voters, again)
        now = house.now_ms()
        db.triage.enter(tx, NewDecision("release", old.work, curator.name, now, None, old.seq, first, last))
    return old


def _mark(house: House, tx: Tx, voters: Iterable[int], vote: NewBallot) -> tuple[int, int]:
    """Enters it for each of the voters, one after the other, and works out anew what follows; first and last number."""
    about = db.ballots.EVERY_WORK if vote.value else vote.work
    entered, works, earliest = [], set[int](), list[int]()
    for voter in voters:
        entered.append(db.ballots.mark(tx, voter, vote, minute=house.now_ms() // 60_000))
        works.update(db.ratings.works_of_voter(tx, voter) if vote.value else [vote.work])
        first = db.ballots.first_about(tx, voter, about)
        earliest += [] if first is None else [first]
    for work in works:
        db.ratings.count_anew(tx, work, STARS_PRIOR)
    if earliest:
        standings.work_out_from(tx, min(earliest))
    return entered[0], entered[-1]
