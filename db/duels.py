"""Queries for duels: who may meet, where each work stands on the ladder of its kind, and how it came to stand there.

What a duel does to two standings is mathematics and comes from outside, as plain numbers (`State`); here they are kept.
A work without a duel has no row: it stands where everybody starts, and who reads says where that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, bindparam, func, select, text
from sqlalchemy.dialects.sqlite import insert

from db.engine import Tx
from db.records import CastStep, Contest, LadderRow, State
from db.tables import works
from db.vote_tables import ballots, standings, steps, voters

FIELDS = ("mu", "sigma", "duels", "drift", "day")
_STATE = [standings.c[name] for name in FIELDS]
_SEEN = text("works.hidden = 0")
_JOINED = works.outerjoin(standings, standings.c.work == works.c.id)


def field(tx: Tx, kind: str, *, limit: int, starts: Sequence[float]) -> list[Contest]:
    """Works of that kind that may meet: all of them if there are no more than `limit`, else the newest and a draw.

    starts: parts of the way (0 to 1) through all numbers at which the draw begins, a few neighbours at each.
    """
    found = {row.work: row for row in _contests(tx, kind, limit=limit + 1)}
    if len(found) > limit:
        each = limit // (len(starts) + 1)
        newest = list(found.values())[:each]
        last = newest[0].work
        drawn = (row for start in starts for row in _contests(tx, kind, before=int(start * last) + 2, limit=each))
        found = {row.work: row for row in (*newest, *drawn)}
    return list(found.values())


def _contests(tx: Tx, kind: str, *, limit: int, before: int = 2**62) -> list[Contest]:
    shown = select(works.c.id, standings.c.mu, standings.c.sigma, standings.c.duels).select_from(_JOINED)
    of_kind = shown.where(works.c.kind == kind, works.c.id < before, _SEEN)
    return [Contest(*row) for row in tx.execute(of_kind.order_by(works.c.id.desc()).limit(limit))]


def held(tx: Tx, kind: str) -> int:
    """How many duels the ladder of that kind has come to."""
    return (
        int(
            tx.execute(
                select(func.coalesce(func.sum(standings.c.duels), 0)).where(standings.c.kind == kind)
            ).scalar_one()
        )
        // 2
    )


def states(tx: Tx, numbers: Iterable[int]) -> dict[int, State]:
    """Where those works stand that have had a duel."""
    rows = tx.execute(select(standings.c.work, *_STATE).where(standings.c.work.in_(list(numbers))))
    return {row[0]: State(*row[1:]) for row in rows}


def all_states(tx: Tx) -> dict[int, State]:
    """Where every work stands that has had a duel."""
    return {row[0]: State(*row[1:]) for row in tx.execute(select(standings.c.work, *_STATE))}


def moved_since(tx: Tx, seq: int) -> set[int]:
    """The works that this or a later duel has moved."""
    return set(tx.scalars(select(steps.c.work).where(steps.c.seq >= seq).distinct()))


def states_before(tx: Tx, seq: int, numbers: Iterable[int]) -> dict[int, State]:
    """Where those works stood before that duel; those are missing that stood where everybody starts."""
    latest = select(*[steps.c[name] for name in FIELDS]).order_by(steps.c.seq.desc()).limit(1)
    rows = {work: tx.execute(latest.where(steps.c.work == work, steps.c.seq < seq)).first() for work in numbers}
    return {work: State(*row) for work, row in rows.items() if row is not None}


def advance(tx: Tx, kind: str, made: Iterable[CastStep], *, start: float) -> None:
    """Writes the steps of one duel, and the standings they lead to; `start` is where a work without a duel stands."""
    for step in made:
        old = states(tx, [step.work]).get(step.work)
        passed = int(_passes(tx, kind, step, start if old is None else old.mu))
        tx.execute(insert(steps), {"work": step.work, "seq": step.seq, "passed": passed, **step.state._asdict()})
        row = {"work": step.work, "kind": kind, **step.state._asdict()}
        tx.execute(insert(standings).on_conflict_do_update(index_elements=["work"], set_=step.state._asdict()), row)


_STAND = text(
    "INSERT INTO standings (work, kind, mu, sigma, duels, drift, day) "
    "SELECT id, kind, :mu, :sigma, :duels, :drift, :day FROM works WHERE id = :work "
    "ON CONFLICT (work) DO UPDATE SET mu = excluded.mu, sigma = excluded.sigma, duels = excluded.duels, "
    "drift = excluded.drift, day = excluded.day"
)


def set_standing(tx: Tx, work: int, state: State | None) -> None:
    """Writes where a work stands; None puts it back to where everybody starts."""
    if state is None:
        tx.execute(standings.delete().where(standings.c.work == work))
    else:
        tx.execute(_STAND, {"work": work, **state._asdict()})


def rewrite(tx: Tx, seq: int, made: Iterable[CastStep]) -> None:
    """Puts these steps in place of all from that duel on. What a step has carried its work past stays as it was told;
    for one that comes back it is not worked out again."""
    past = steps.c.seq >= seq
    passed = set(map(tuple, tx.execute(select(steps.c.work, steps.c.seq).where(past, steps.c.passed == 1))))
    tx.execute(steps.delete().where(past))
    rows = [
        {"work": step.work, "seq": step.seq, "passed": int((step.work, step.seq) in passed), **step.state._asdict()}
        for step in made
    ]
    if rows:
        tx.execute(insert(steps), rows)


def _passes(tx: Tx, kind: str, step: CastStep, old_mu: float) -> bool:
    """Whether a step carries its work past another one that has had a duel."""
    low, high = sorted((old_mu, step.state.mu))
    between = and_(standings.c.kind == kind, standings.c.mu.between(low, high), standings.c.work != step.work)
    return tx.execute(select(standings.c.work).where(between).limit(1)).first() is not None


def done_by(tx: Tx, visitor: str) -> tuple[int, int]:
    """How many duels of this visitor count, and how many works they have carried past another."""
    voter = select(voters.c.number).where(voters.c.visitor == visitor).scalar_subquery()
    mine = select(
        func.count(ballots.c.seq.distinct()), func.count(steps.c.work.distinct()).filter(steps.c.passed == 1)
    ).select_from(ballots.join(steps, steps.c.seq == ballots.c.seq))
    duels, moved = tx.execute(mine.where(ballots.c.voter == voter)).one()
    return duels, moved


def judged_works(tx: Tx, visitor: str, kind: str) -> set[int]:
    """The works of that kind that this visitor has judged, in a duel or by stars, and so may see the numbers of."""
    return set(tx.scalars(_JUDGED, {"visitor": visitor, "kind": kind}))


_JUDGED = text(
    "SELECT b.work FROM ballots b JOIN voters v ON v.number = b.voter WHERE v.visitor = :visitor AND b.kind = :kind "
    "AND b.act IN ('left', 'right', 'stars') UNION "
    "SELECT b.rival FROM ballots b JOIN voters v ON v.number = b.voter WHERE v.visitor = :visitor AND b.kind = :kind "
    "AND b.act IN ('left', 'right')"
)


def ladder(tx: Tx, kind: str, *, narrow: str | None = None, month: str | None = None) -> list[LadderRow]:
    """All works of a kind that have had a duel, best first, of one subject or form and one month (2026-11) if asked."""
    query = (
        select(works.c.id, standings.c.mu, standings.c.sigma, standings.c.duels)
        .select_from(standings.join(works, standings.c.work == works.c.id))
        .where(standings.c.kind == kind, _SEEN)
    )
    if narrow is not None:
        query = query.where(_sort_of == bindparam("narrow", narrow))
    if month is not None:
        query = query.where(_month_of == bindparam("month", month))
    rows = tx.execute(query.order_by(standings.c.mu.desc(), works.c.id))
    return [LadderRow(*row) for row in rows]


_sort_of = func.coalesce(works.c.subject, works.c.form)
_month_of = func.strftime("%Y-%m", works.c.created_ms / 1000, "unixepoch")


def choices(tx: Tx, kind: str) -> tuple[list[str], list[str]]:
    """The subjects or forms, and the months, by which the ladder of a kind can be narrowed."""
    of_kind = (works.c.kind == kind, _SEEN)
    known = select(_sort_of).where(*of_kind, _sort_of.is_not(None))
    sorts = tx.scalars(known.group_by(_sort_of).order_by(func.count().desc()))
    months = tx.scalars(select(_month_of).where(*of_kind).distinct().order_by(_month_of.desc()))
    return list(sorts), list(months)


def histories(tx: Tx, numbers: Iterable[int], *, limit: int) -> dict[int, list[tuple[float, float]]]:
    """The last `limit` steps of each of these works, oldest first, as mu and sigma."""
    place = func.row_number().over(partition_by=steps.c.work, order_by=steps.c.seq.desc()).label("place")
    some = select(steps.c.work, steps.c.seq, steps.c.mu, steps.c.sigma, place)
    recent = some.where(steps.c.work.in_(list(numbers))).subquery()
    found: dict[int, list[tuple[float, float]]] = {}
    for row in tx.execute(select(recent).where(recent.c.place <= limit).order_by(recent.c.work, recent.c.seq)):
        found.setdefault(row.work, []).append((row.mu, row.sigma))
    return found
