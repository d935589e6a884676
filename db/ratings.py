"""Queries for ratings: cast a vote, withdraw it, read one's own, and prove that every score is what its votes come to.

The database computes tallies from the rows themselves. Nothing is read, added to in Python and written back: that loses
votes (89 of 555 were left in our measurement). `counted_ratings` is a view: the ratings but for those set aside.
"""

from __future__ import annotations

from sqlalchemy import func, select, text

from db.engine import Tx
from db.records import Disagreement, Prior, Tally
from db.tables import ratings, works
from db.vote_tables import counted_ratings, voters

_UPSERT = text(
    "INSERT INTO ratings (visitor, work, stars, created_ms, changed_ms) "
    "VALUES (:visitor, :work, :stars, :now_ms, :now_ms) "
    "ON CONFLICT (visitor, work) DO UPDATE SET stars = excluded.stars, changed_ms = "
    "CASE WHEN excluded.changed_ms > created_ms THEN excluded.changed_ms ELSE created_ms END"
)
_RECOMPUTE = text(
    "UPDATE works SET votes = now.votes, stars_sum = now.stars, "
    "score = (:weight * :mean + now.stars) / (:weight + now.votes) "
    "FROM (SELECT count(*) AS votes, coalesce(sum(stars), 0) AS stars FROM counted_ratings WHERE work = :work) AS now "
    "WHERE id = :work RETURNING votes, stars_sum, score"
)


def cast(tx: Tx, *, work: int, visitor: str, stars: int, now_ms: int, prior: Prior) -> Tally | None:
    """Writes a vote over the visitor's last one and returns what all come to; None if no such work can be seen."""
    if tx.execute(select(works.c.id).where(works.c.id == work, works.c.hidden == 0)).first() is None:
        return None
    tx.execute(_UPSERT, {"work": work, "visitor": visitor, "stars": stars, "now_ms": now_ms})
    return _recompute(tx, work, prior)


def withdraw(tx: Tx, *, work: int, visitor: str, prior: Prior) -> Tally | None:
    """Takes the visitor's vote back, if there is one; returns what the others come to, None if no such work is seen."""
    if tx.execute(select(works.c.id).where(works.c.id == work, works.c.hidden == 0)).first() is None:
        return None
    tx.execute(ratings.delete().where(ratings.c.work == work, ratings.c.visitor == visitor))
    return _recompute(tx, work, prior)


def count_anew(tx: Tx, work: int, prior: Prior) -> Tally:
    """What the votes for a work come to after some were set aside, or count again."""
    return _recompute(tx, work, prior)


def works_of_voter(tx: Tx, voter: int) -> list[int]:
    """The works that the voter of that number has given stars."""
    mine = select(ratings.c.work).join(voters, voters.c.visitor == ratings.c.visitor)
    return list(tx.scalars(mine.where(voters.c.number == voter)))


def _recompute(tx: Tx, work: int, prior: Prior) -> Tally:
    return Tally(*tx.execute(_RECOMPUTE, {"work": work, "weight": prior.weight, "mean": prior.mean}).one())


def spread(tx: Tx, work: int) -> tuple[int, ...]:
    """How many gave the work 1, 2, 3, 4 and 5 stars."""
    given_to = select(counted_ratings.c.stars, func.count()).where(counted_ratings.c.work == work)
    rows = tx.execute(given_to.group_by(counted_ratings.c.stars))
    given = {row[0]: row[1] for row in rows}
    return tuple(given.get(stars, 0) for stars in range(1, 6))


def stars_of(tx: Tx, *, work: int, visitor: str) -> int | None:
    """What this visitor gave that work."""
    mine = select(ratings.c.stars).where(ratings.c.work == work, ratings.c.visitor == visitor)
    return tx.execute(mine).scalar()


def by_voter(tx: Tx) -> dict[tuple[int, int], int]:
    """The stars of every rating, by the number of its voter in the log (0 for one who has none) and its work."""
    numbered = ratings.outerjoin(voters, voters.c.visitor == ratings.c.visitor)
    rows = tx.execute(select(func.coalesce(voters.c.number, 0), ratings.c.work, ratings.c.stars).select_from(numbered))
    return {(voter, work): stars for voter, work, stars in rows}


def recount(tx: Tx, *, prior: Prior) -> list[Disagreement]:
    """Every work whose stored tally differs from one counted anew from its votes."""
    cast_votes = (
        select(counted_ratings.c.work, func.count().label("votes"), func.sum(counted_ratings.c.stars).label("stars"))
        .group_by(counted_ratings.c.work)
        .subquery()
    )
    joined = works.outerjoin(cast_votes, cast_votes.c.work == works.c.id)
    stored = [works.c.id, works.c.votes, works.c.stars_sum, works.c.score]
    rows = tx.execute(select(*stored, cast_votes.c.votes, cast_votes.c.stars).select_from(joined))
    pairs = [(row[0], Tally(*row[1:4]), _counted(row[4] or 0, row[5] or 0, prior)) for row in rows]
    return [Disagreement(work, stored, counted) for work, stored, counted in pairs if stored != counted]


def _counted(votes: int, stars: int, prior: Prior) -> Tally:
    return Tally(votes, stars, (prior.weight * prior.mean + stars) / (prior.weight + votes))
