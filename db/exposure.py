"""Queries for the report on exposure: which works have been judged how often, from which side, and how soon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import func, select, text

from db.ballots import COUNTED, OF_LADDER, STANDING
from db.engine import Tx
from db.tables import works
from db.vote_tables import ballots, standings


class Exposed(NamedTuple):
    """A work that can be seen: when it was hung, what stars and what duels it has had, and where they have put it."""

    work: int
    created_ms: int
    votes: int
    score: float
    duels: int
    mu: float | None


def newest(tx: Tx, kind: str, *, limit: int) -> list[Exposed]:
    """The newest works of a kind, newest first."""
    query = (
        select(works.c.id, works.c.created_ms, works.c.votes, works.c.score, standings.c.duels, standings.c.mu)
        .select_from(works.outerjoin(standings, standings.c.work == works.c.id))
        .where(works.c.kind == kind, text("works.hidden = 0"))
        .order_by(works.c.id.desc())
        .limit(limit)
    )
    return [Exposed(*row[:4], row.duels or 0, row.mu) for row in tx.execute(query)]


def sides(tx: Tx, kind: str) -> tuple[int, int]:
    """How often the left and how often the right one was chosen, in duels that count."""
    chosen = ballots.c.act.in_(("left", "right"))
    rows = tx.execute(
        select(ballots.c.act, func.count())
        .where(ballots.c.kind == kind, chosen, OF_LADDER, STANDING, COUNTED)
        .group_by(ballots.c.act)
    )
    found = {row[0]: int(row[1]) for row in rows}
    return found.get("left", 0), found.get("right", 0)


def meetings(tx: Tx, kind: str) -> Iterator[tuple[int, int, int]]:
    """The duels of a kind that count, in order: minute and both works."""
    chosen = ballots.c.act.in_(("left", "right"))
    query = select(ballots.c.minute, ballots.c.work, ballots.c.rival).where(ballots.c.kind == kind, chosen)
    for row in tx.execute(query.where(OF_LADDER, STANDING, COUNTED).order_by(ballots.c.seq)):
        yield row.minute, row.work, row.rival
