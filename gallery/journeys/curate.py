"""Curate: works that wait to be judged, the most reported first and then the newest; keep one, hide it, take it back.

Every decision is an entry in the desk's log, in one transaction with what it does; taking back is an entry too, and
the log is never changed. A hidden work is gone at once from wall, search, feed, API, duels and its own page, and its
files are not served; its votes and lineage stay, and restoring brings all of it back. Visitors report a work for a
reason from a closed list, once each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import db
from db import Decision, Deed, NewDecision, Place, Reason, ReportReason, WorkRecord
from gallery import errors
from gallery.journeys import House, store_errors
from gallery.journeys.accounts import Curator
from gallery.journeys.browse import check_id
from gallery.visitors import Visitor

REASONS: tuple[Reason, ...] = get_args(Reason)
REPORT_REASONS: tuple[ReportReason, ...] = get_args(ReportReason)
REPORTS_PER_HOUR = 20
HOUR_MS = 3600 * 1000
FOLLOWING = 6  # works of the queue that are shown small beside the one to be judged
COUNTED = 1000  # a longer queue is not counted
LOG_PAGE = 40


@dataclass(frozen=True)
class Item:
    """A work that waits, where in the queue, and how many have reported it for what."""

    work: WorkRecord
    place: Place
    reported: dict[Reason, int]


@dataclass(frozen=True)
class Queue:
    """What a curator has before them; `item` is None when nothing waits after the place they have come to."""

    item: Item | None
    following: tuple[WorkRecord, ...]
    waiting: int


@dataclass(frozen=True)
class Log:
    """A page of the desk's log; `before` is the number that the next one begins with, None at the end."""

    decisions: tuple[Decision, ...]
    before: int | None


def look(house: House, *, after: Place | None = None, work: int | None = None) -> Queue:
    """The work at the head of the queue, or the first after that place, or that very work if it waits.

    Raises StoreTrouble.
    """
    with store_errors(house.settings.home), house.db.reading() as tx:
        asked = None if work is None else db.triage.place_of(tx, work)
        ahead = db.triage.waiting(tx, after=asked or after, limit=FOLLOWING + 1)
        places = ([asked] if asked else []) + ahead
        works = [found for place in places if (found := db.works.find(tx, place.work)) is not None]
        waiting = db.triage.count_waiting(tx, most=COUNTED)
        if not works:
            return Queue(None, (), waiting)
        item = Item(works[0], places[0], db.triage.reported_for(tx, works[0].id))
        return Queue(item, tuple(works[1 : FOLLOWING + 1]), waiting)


def keep(house: House, work_id: object, curator: Curator) -> WorkRecord:
    """Lets a work hang and takes it out of the queue; raises NoSuchWork, AlreadyDecided, StoreTrouble."""
    number = check_id(work_id)
    with store_errors(house.settings.home), house.db.writing() as tx:
        work = db.works.find(tx, number)
        if work is None or db.triage.place_of(tx, number) is None:
            raise errors.AlreadyDecided(number)
        db.triage.decide(tx, _decision(house, "keep", number, curator))
    return work


def hide(house: House, work_id: object, reason: object, curator: Curator) -> WorkRecord:
    """Takes a work off the wall and every other page; raises BadReason, NoSuchWork, AlreadyDecided, StoreTrouble."""
    number = check_id(work_id)
    if reason not in REASONS:
        raise errors.BadReason(str(reason)[:20])
    with store_errors(house.settings.home), house.db.writing() as tx:
        work = db.works.find(tx, number)
        if work is None:
            raise errors.AlreadyDecided(number)
        db.triage.decide(tx, _decision(house, "hide", number, curator, reason))
    return work


def restore(house: House, work_id: object, curator: Curator) -> Decision:
    """Brings back everywhere what was hidden, if its maker has not taken it down as well; returns the hiding.

    Raises NoSuchWork, AlreadyDecided, StoreTrouble.
    """
    number = check_id(work_id)
    with store_errors(house.settings.home), house.db.writing() as tx:
        last = db.triage.standing(tx, number)
        if last is None or last.act != "hide":
            raise errors.AlreadyDecided(number)
        db.triage.decide(tx, _decision(house, "restore", number, curator))
    return last


def undo(house: House, curator: Curator) -> Decision:
    """Takes back what this curator decided last and has not taken back yet; returns that decision.

    Raises NothingToUndo, Overtaken, StoreTrouble.
    """
    with store_errors(house.settings.home), house.db.writing() as tx:
        last = db.triage.last_of(tx, curator=curator.name)
        if last is None:
            raise errors.NothingToUndo()
        if db.triage.standing(tx, last.work) != last:
            raise errors.Overtaken(last.work)
        db.triage.undo(tx, last, curator=curator.name, at_ms=house.now_ms())
    return last


def _decision(house: House, act: Deed, work: int, curator: Curator, reason: Reason | None = None) -> NewDecision:
    return NewDecision(act, work, curator.name, house.now_ms(), reason)


def log(house: House, before: int | None = None, *, work: int | None = None, hiding: bool = False) -> Log:
    """What was decided, newest first, from the entry before that number on: of all works or of one, or only that by
    which works are hidden now. Raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = db.triage.log(tx, before=before, limit=LOG_PAGE + 1, work=work, hiding=hiding)
    return Log(tuple(found[:LOG_PAGE]), found[LOG_PAGE - 1].seq if len(found) > LOG_PAGE else None)


def report(house: House, work_id: object, reason: object, visitor: Visitor) -> None:
    """Puts a work before the curators, once for each visitor; raises BadReason, NoSuchWork, AlreadyReported,
    TooManyReports, StoreTrouble."""
    number = check_id(work_id)
    if reason not in REPORT_REASONS:
        raise errors.BadReason(str(reason)[:20])
    with store_errors(house.settings.home), house.db.writing() as tx:
        if db.works.find(tx, number) is None:
            raise errors.NoSuchWork(number)
        if db.triage.report_of(tx, visitor=visitor.id, work=number) is not None:
            raise errors.AlreadyReported()
        if db.triage.reports_since(tx, visitor=visitor.id, at_ms=house.now_ms() - HOUR_MS) >= REPORTS_PER_HOUR:
            raise errors.TooManyReports(REPORTS_PER_HOUR)
        db.triage.report(tx, visitor=visitor.id, work=number, reason=reason, at_ms=house.now_ms())


def report_of(house: House, work: int, visitor: Visitor) -> ReportReason | None:
    """What this visitor has reported that work for; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return db.triage.report_of(tx, visitor=visitor.id, work=work)
