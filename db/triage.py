"""Queries for the desk: the queue of works to be judged, what curators decide, and what visitors report.

The log of decisions is appended to and never changed. What a decision does to the work is in the same transaction, and
triggers carry it on to the wall, its search and its counts. Ratings and lineage are not touched. What its maker has
taken down (trash.py) stays hidden and out of the queue, whatever is decided here.
"""

from __future__ import annotations

from typing import Any, get_args

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    exists,
    func,
    insert,
    literal_column,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from db.engine import Tx
from db.records import Decision, NewDecision, Place, Reason, ReportReason, lines_of
from db.tables import acts, queue, reports, takedowns, works

_UNDO = acts.alias("undo")
_UNDONE = exists().where(_UNDO.c.undoes == acts.c.seq)
_OF_WORKS = acts.c.act.in_(("keep", "hide", "restore"))  # the others are about votes
_LATER, _UNDO_LATER = acts.alias("later"), acts.alias("undo_later")
_OVERTAKEN = exists().where(
    _LATER.c.work == acts.c.work,
    _LATER.c.seq > acts.c.seq,
    _LATER.c.act.in_(("keep", "hide", "restore")),
    ~exists().where(_UNDO_LATER.c.undoes == _LATER.c.seq),
)
_HIDDEN_AFTER_UNDO = {"hide": 0, "restore": 1}
_REQUEUE = text(
    "INSERT INTO queue (work, reports) SELECT id, "
    "(SELECT count(*) FROM reports WHERE work = id AND settled IS NULL) FROM works WHERE id = :work AND hidden = 0 "
    "ON CONFLICT (work) DO UPDATE SET reports = excluded.reports"
)


def waiting(tx: Tx, *, after: Place | None, limit: int) -> list[Place]:
    """The next works to be judged: the most reported first, then the newest."""
    if after is None:
        return _places(tx, true(), limit)
    # Asked in two steps: of a comparison of pairs SQLite takes only the first half from the index.
    alike = _places(tx, and_(queue.c.reports == after.reports, queue.c.work < after.work), limit)
    return alike + _places(tx, queue.c.reports < after.reports, limit - len(alike))


def _places(tx: Tx, which: ColumnElement[bool], limit: int) -> list[Place]:
    query = select(queue.c.reports, queue.c.work).where(which)
    return [Place(*row) for row in tx.execute(query.order_by(queue.c.reports.desc(), queue.c.work.desc()).limit(limit))]


def place_of(tx: Tx, work: int) -> Place | None:
    """Where a work stands in the queue; None if it does not wait."""
    row = tx.execute(select(queue.c.reports, queue.c.work).where(queue.c.work == work)).first()
    return None if row is None else Place(*row)


def count_waiting(tx: Tx, *, most: int) -> int:
    """How many works wait, counted up to `most`."""
    some = select(literal_column("1")).select_from(queue).limit(most).subquery()
    return int(tx.execute(select(func.count()).select_from(some)).scalar_one())


def decide(tx: Tx, decision: NewDecision) -> int:
    """Enters keep, hide or restore into the log and does it; returns its number."""
    seq = _enter(tx, decision)
    if decision.act != "keep":
        _set_hidden(tx, decision.work, int(decision.act == "hide"))
    tx.execute(queue.delete().where(queue.c.work == decision.work))
    open_ones = and_(reports.c.work == decision.work, reports.c.settled.is_(None))
    tx.execute(update(reports).where(open_ones).values(settled=seq))
    return seq


def undo(tx: Tx, old: Decision, *, curator: str, at_ms: int) -> int:
    """Enters that a decision is taken back, and takes it back: its work waits again, or is hidden again."""
    seq = _enter(tx, NewDecision("undo", old.work, curator, at_ms, undoes=old.seq))
    if old.act in _HIDDEN_AFTER_UNDO:
        _set_hidden(tx, old.work, _HIDDEN_AFTER_UNDO[old.act])
    tx.execute(update(reports).where(reports.c.settled == old.seq).values(settled=None))
    if old.act != "restore":
        tx.execute(_REQUEUE, {"work": old.work})
    return seq


def _enter(tx: Tx, decision: NewDecision) -> int:
    entry = {name: getattr(decision, name) for name in NewDecision.__dataclass_fields__}
    return int(tx.execute(insert(acts).returning(acts.c.seq), entry).scalar_one())


def show_as_decided(tx: Tx, work: int) -> None:
    """Shows a work that its maker brings back, unless it is hidden by a decision; what was not judged waits again."""
    last = standing(tx, work)
    _set_hidden(tx, work, int(last is not None and last.act == "hide"))
    if last is None or reported_for(tx, work):
        tx.execute(_REQUEUE, {"work": work})


def _set_hidden(tx: Tx, work: int, hidden: int) -> None:
    taken = exists().where(takedowns.c.work == works.c.id)
    tx.execute(update(works).where(works.c.id == work).values(hidden=case((taken, 1), else_=hidden)))


def last_of(tx: Tx, *, curator: str) -> Decision | None:
    """What this curator has decided last and not taken back."""
    mine = _decisions().where(acts.c.curator == curator, _OF_WORKS, ~_UNDONE)
    return _first(tx, mine)


def standing(tx: Tx, work: int) -> Decision | None:
    """The decision that a work is as it is by; None if nobody has decided, or all was taken back."""
    return _first(tx, _decisions().where(acts.c.work == work, _OF_WORKS, ~_UNDONE))


def enter(tx: Tx, decision: NewDecision) -> int:
    """Writes into the log what does nothing to a work: that votes are set aside or count again; returns its number."""
    return _enter(tx, decision)


def quarantines(tx: Tx) -> list[Decision]:
    """By what votes are set aside now, newest first."""
    query = _decisions().where(acts.c.act == "quarantine", ~_UNDONE)
    return [_decision(row) for row in tx.execute(query)]


def find(tx: Tx, seq: int) -> Decision | None:
    """The decision of that number."""
    return _first(tx, _decisions().where(acts.c.seq == seq))


def log(tx: Tx, *, before: int | None, limit: int, work: int | None = None, hiding: bool = False) -> list[Decision]:
    """The log, newest first, from the entry before that number on: of all works or one, or (`hiding`) only the entries
    by which works are hidden now that their makers have not taken down."""
    query = _decisions().limit(limit)
    if work is not None:
        query = query.where(acts.c.work == work)
    if hiding:
        taken = exists().where(takedowns.c.work == acts.c.work)
        query = query.where(acts.c.act == "hide", ~_UNDONE, ~_OVERTAKEN, ~taken)
    rows = tx.execute(query if before is None else query.where(acts.c.seq < before))
    return [_decision(row) for row in rows]


def _decisions() -> Select[Any]:
    shown = [works.c[name] for name in ("kind", "title", "thumb", "verse", "hidden")]
    query = select(acts, *shown, _UNDONE.label("undone")).join(works, works.c.id == acts.c.work)
    return query.order_by(acts.c.seq.desc())


def _first(tx: Tx, query: Select[Any]) -> Decision | None:
    row = tx.execute(query.limit(1)).first()
    return None if row is None else _decision(row)


def _decision(row: Any) -> Decision:
    plain = {name: getattr(row, name) for name in Decision.__dataclass_fields__}
    return Decision(**plain | {"verse": lines_of(row.verse), "hidden": bool(row.hidden), "undone": bool(row.undone)})


def report(tx: Tx, *, visitor: str, work: int, reason: ReportReason, at_ms: int) -> None:
    """Writes a visitor's report down and moves the work to the front of the queue."""
    tx.execute(insert(reports), {"visitor": visitor, "work": work, "reason": reason, "at_ms": at_ms})
    entry = upsert(queue).values(work=work, reports=1)
    tx.execute(entry.on_conflict_do_update(index_elements=["work"], set_={"reports": queue.c.reports + 1}))


def report_of(tx: Tx, *, visitor: str, work: int) -> ReportReason | None:
    """What this visitor has reported that work for."""
    mine = select(reports.c.reason).where(reports.c.visitor == visitor, reports.c.work == work)
    reason: ReportReason | None = tx.execute(mine).scalar()
    return reason


def reports_since(tx: Tx, *, visitor: str, at_ms: int) -> int:
    """How many works this visitor has reported after that time."""
    mine = select(func.count()).where(reports.c.visitor == visitor, reports.c.at_ms > at_ms)
    return int(tx.execute(mine).scalar_one())


def reported_for(tx: Tx, work: int) -> dict[Reason, int]:
    """How many have reported a work for what, since it was last judged; the most frequent first."""
    mine = select(reports.c.reason, func.count()).where(reports.c.work == work, reports.c.settled.is_(None))
    found = {row[0]: row[1] for row in tx.execute(mine.group_by(reports.c.reason))}
    return {reason: found[reason] for reason in sorted(found, key=lambda one: (-found[one], _ORDER[one]))}


_ORDER = {reason: place for place, reason in enumerate(get_args(Reason))}
