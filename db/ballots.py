"""The log of all votes, stars and duels: appended to, never changed, chained by hashes, open to anyone who asks.

A line of the log is what anybody may read: number, minute, who (a number that means nothing elsewhere), what was done
with which works. The hash of an entry is the SHA-256 of the hash before it (the first: 64 zeros), a line feed and the
line itself, so that an entry changed or taken out breaks every hash that follows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Row, bindparam, func, insert, select, text

from db.engine import Tx
from db.records import Act, Ballot, CastDuel, NewBallot
from db.tables import ballots, voters

COLUMNS = ("seq", "minute", "voter", "act", "kind", "work", "rival", "value", "young")
FIRST_LINK = "0" * 64
CHOICES = ("left", "right", "skip")
_STANDING = text("NOT EXISTS (SELECT 1 FROM ballots AS u WHERE u.act = 'undo' AND u.value = ballots.seq)")
_LAST = select(ballots.c.seq, ballots.c.hash).order_by(ballots.c.seq.desc()).limit(1)
_OF_VOTER = select(voters.c.number).where(voters.c.visitor == bindparam("visitor"))


def line(seq: int, minute: int, voter: int, vote: NewBallot) -> str:
    """An entry as the public log has it.

    >>> line(3, 0, 7, NewBallot("left", "poem", work=5, rival=2, young=True))
    '3,1970-01-01T00:00Z,7,left,poem,5,2,,1'
    """
    when = datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%dT%H:%MZ")
    rest = (vote.act, vote.kind, vote.work, vote.rival, vote.value, int(vote.young))
    return ",".join("" if part is None else str(part) for part in (seq, when, voter, *rest))


def link(before: str, written: str) -> str:
    """The hash of an entry, from the hash before it and its line."""
    return hashlib.sha256(f"{before}\n{written}".encode()).hexdigest()


def append(tx: Tx, vote: NewBallot, *, visitor: str, minute: int) -> int:
    """Enters a vote and returns its number; within a writing transaction, so that numbers have no gap."""
    voter = _number(tx, visitor)
    last = tx.execute(_LAST).first()
    seq, before = (last.seq + 1, last.hash) if last else (1, FIRST_LINK)
    entry = {name: getattr(vote, name) for name in ("act", "kind", "work", "rival", "value")}
    entry |= {"seq": seq, "minute": minute, "voter": voter, "young": int(vote.young)}
    tx.execute(insert(ballots), entry | {"hash": link(before, line(seq, minute, voter, vote))})
    return int(seq)


def _number(tx: Tx, visitor: str) -> int:
    """The number of a visitor in the log, a new one the first time."""
    known = tx.execute(_OF_VOTER, {"visitor": visitor}).scalar()
    if known is None:
        known = tx.execute(insert(voters).returning(voters.c.number), {"visitor": visitor}).scalar_one()
    return int(known)


def since(tx: Tx, *, visitor: str, minute: int) -> int:
    """How many entries this visitor has made after that minute."""
    recent = select(func.count()).where(ballots.c.voter == _OF_VOTER.scalar_subquery(), ballots.c.minute > minute)
    return int(tx.execute(recent, {"visitor": visitor}).scalar_one())


def in_all(tx: Tx, *, visitor: str, kind: str) -> int:
    """How many entries about works of that kind this visitor has ever made."""
    mine = select(func.count()).where(ballots.c.voter == _OF_VOTER.scalar_subquery(), ballots.c.kind == kind)
    return int(tx.execute(mine, {"visitor": visitor}).scalar_one())


def judged(tx: Tx, *, visitor: str, kind: str) -> set[tuple[int, int]]:
    """The pairs that this visitor has judged or skipped and not taken back, the lower number first."""
    mine = select(ballots.c.work, ballots.c.rival).where(
        ballots.c.voter == _OF_VOTER.scalar_subquery(), ballots.c.kind == kind, ballots.c.act.in_(CHOICES), _STANDING
    )
    return {(min(pair), max(pair)) for pair in map(tuple, tx.execute(mine, {"visitor": visitor}))}


def find(tx: Tx, seq: int) -> Ballot | None:
    """The entry of that number."""
    row = tx.execute(select(ballots).where(ballots.c.seq == seq)).first()
    return None if row is None else _ballot(row)


def last(tx: Tx) -> int:
    """The number of the newest entry, 0 for an empty log."""
    return int(tx.execute(select(func.max(ballots.c.seq))).scalar() or 0)


def is_undone(tx: Tx, seq: int) -> bool:
    """Whether that vote has been taken back."""
    return tx.execute(select(ballots.c.seq).where(ballots.c.value == seq, ballots.c.act == "undo")).first() is not None


def duels(tx: Tx, *, after: int = 0) -> Iterator[CastDuel]:
    """The duels that count, in order, from the entry after that number on."""
    chosen = select(ballots).where(ballots.c.seq > after, ballots.c.act.in_(("left", "right")), _STANDING)
    for row in tx.execute(chosen.order_by(ballots.c.seq)):
        winner, loser = (row.work, row.rival) if row.act == "left" else (row.rival, row.work)
        yield CastDuel(row.seq, winner, loser, bool(row.young), row.minute // (24 * 60))


def entries(tx: Tx, *, after: int = 0, limit: int = -1) -> Iterator[Ballot]:
    """The log in order, at most `limit` entries from the one after that number on."""
    for row in tx.execute(select(ballots).where(ballots.c.seq > after).order_by(ballots.c.seq).limit(limit)):
        yield _ballot(row)


def _ballot(row: Row[tuple[object, ...]]) -> Ballot:
    act: Act = row.act
    vote = NewBallot(act, row.kind, row.work, row.rival, row.value, young=bool(row.young))
    return Ballot(row.seq, row.minute, row.voter, vote, row.hash)
