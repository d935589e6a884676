"""The log of all votes, stars and duels: appended to, never changed, chained by hashes, open to anyone who asks.

A line of the log is what anybody may read: number, minute, who (a number that means nothing elsewhere), what was done
with which works. The hash of an entry is the SHA-256 of the hash before it (the first: 64 zeros), a line feed and the
line itself, so that an entry changed or taken out breaks every hash that follows. Votes that curators set aside stay in
it; that they do is an entry too, under the number of the voter, and what all such entries come to is kept in `aside`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, func, insert, literal_column, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from db.engine import Tx
from db.records import Act, Ballot, CastDuel, NewBallot
from db.vote_tables import aside, ballots, voters

COLUMNS = ("seq", "minute", "voter", "act", "kind", "work", "rival", "value", "young")
FIRST_LINK = "0" * 64
CHOICES = ("left", "right", "skip")
MARKS = ("quarantine", "release")
EVERY_WORK = 0  # in place of the number of a work: votes about all works are set aside
STANDING = text("NOT EXISTS (SELECT 1 FROM ballots AS u WHERE u.act = 'undo' AND u.value = ballots.seq)")
COUNTED = text(
    "NOT EXISTS (SELECT 1 FROM aside AS a WHERE a.voter = ballots.voter AND a.work IN (0, ballots.work, ballots.rival))"
)
OF_LADDER = text("ballots.value IS NULL")
ASKED: ColumnElement[int] = literal_column(
    "(SELECT count(g.value) FROM ballots AS g WHERE g.act = 'gold' AND g.voter = ballots.voter "
    "AND g.kind = ballots.kind AND g.seq < ballots.seq)"
)
RIGHT: ColumnElement[int] = literal_column(
    "(SELECT coalesce(sum(g.value), 0) FROM ballots AS g WHERE g.act = 'gold' AND g.voter = ballots.voter "
    "AND g.kind = ballots.kind AND g.seq < ballots.seq)"
)
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
    return _enter(tx, vote, _number(tx, visitor), minute)


def mark(tx: Tx, voter: int, vote: NewBallot, *, minute: int) -> int:
    """Enters that a voter's votes are set aside, or count again, and returns the entry's number."""
    work = EVERY_WORK if vote.value else vote.work
    if vote.act == "quarantine":
        tx.execute(upsert(aside).on_conflict_do_nothing(), {"voter": voter, "work": work})
    else:
        tx.execute(delete(aside).where(aside.c.voter == voter, aside.c.work == work))
    return _enter(tx, vote, voter, minute)


def set_aside(tx: Tx) -> set[tuple[int, int]]:
    """All whose votes are set aside now, each with the work they are about, or EVERY_WORK."""
    return set(map(tuple, tx.execute(select(aside.c.voter, aside.c.work))))


def put_aside(tx: Tx, scopes: Iterable[tuple[int, int]]) -> None:
    """Writes whose votes are set aside in place of all that was written before; for repairs, the log says who."""
    tx.execute(delete(aside))
    rows = [{"voter": voter, "work": work} for voter, work in scopes]
    if rows:
        tx.execute(insert(aside), rows)


def marks(tx: Tx) -> Iterator[Ballot]:
    """The entries that set votes aside or let them count again, in order."""
    for row in tx.execute(select(ballots).where(ballots.c.act.in_(MARKS)).order_by(ballots.c.seq)):
        yield _ballot(row)


def first_about(tx: Tx, voter: int, work: int) -> int | None:
    """The first duel of that voter with that work, or with any for EVERY_WORK."""
    mine = select(func.min(ballots.c.seq)).where(ballots.c.voter == voter, ballots.c.act.in_(("left", "right")))
    about = (ballots.c.work == work) | (ballots.c.rival == work)
    return tx.execute(mine if work == EVERY_WORK else mine.where(about)).scalar()


def _enter(tx: Tx, vote: NewBallot, voter: int, minute: int) -> int:
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
    own = ballots.c.act.not_in(MARKS)
    return int(tx.execute(recent.where(own), {"visitor": visitor}).scalar_one())


def in_all(tx: Tx, *, visitor: str, kind: str) -> int:
    """How many entries about works of that kind this visitor has ever made."""
    mine = select(func.count()).where(ballots.c.voter == _OF_VOTER.scalar_subquery(), ballots.c.kind == kind)
    own = ballots.c.act.not_in(MARKS)
    return int(tx.execute(mine.where(own), {"visitor": visitor}).scalar_one())


def judged(tx: Tx, *, visitor: str, kind: str, challenge: int | None = None) -> set[tuple[int, int]]:
    """The pairs that this visitor has judged or skipped and not taken back, the lower number first; in a challenge, or
    for the ladder."""
    mine = select(ballots.c.work, ballots.c.rival).where(
        ballots.c.voter == _OF_VOTER.scalar_subquery(), ballots.c.kind == kind, ballots.c.act.in_(CHOICES), STANDING
    )
    mine = mine.where(ballots.c.value.is_(None) if challenge is None else ballots.c.value == challenge)
    return {(min(pair), max(pair)) for pair in map(tuple, tx.execute(mine, {"visitor": visitor}))}


def gold_met(tx: Tx, *, visitor: str) -> set[int]:
    """The works whose gold pair this visitor has been asked."""
    mine = select(ballots.c.work).where(ballots.c.voter == _OF_VOTER.scalar_subquery(), text("act = 'gold'"))
    return set(tx.scalars(mine, {"visitor": visitor}))


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


def duels(tx: Tx, *, after: int = 0, challenge: int | None = None) -> Iterator[CastDuel]:
    """The duels that count, in order, from the entry after that number on; of a challenge, or of the ladder."""
    query = select(ballots, ASKED.label("asked"), RIGHT.label("right"))
    chosen = query.where(ballots.c.seq > after, ballots.c.act.in_(("left", "right")), STANDING, COUNTED)
    chosen = chosen.where(OF_LADDER if challenge is None else _of(challenge))
    for row in tx.execute(chosen.order_by(ballots.c.seq)):
        winner, loser = (row.work, row.rival) if row.act == "left" else (row.rival, row.work)
        yield CastDuel(row.seq, winner, loser, bool(row.young), row.minute // (24 * 60), row.asked, row.right)


def _of(challenge: int) -> ColumnElement[bool]:
    """What is of a challenge, said so that its index answers."""
    listed: ColumnElement[bool] = literal_column("act IN ('left', 'right', 'skip') AND value IS NOT NULL")
    return and_(listed, ballots.c.value == challenge)


def entries(tx: Tx, *, after: int = 0, limit: int = -1) -> Iterator[Ballot]:
    """The log in order, at most `limit` entries from the one after that number on."""
    for row in tx.execute(select(ballots).where(ballots.c.seq > after).order_by(ballots.c.seq).limit(limit)):
        yield _ballot(row)


def _ballot(row: Row[tuple[object, ...]]) -> Ballot:
    act: Act = row.act
    vote = NewBallot(act, row.kind, row.work, row.rival, row.value, young=bool(row.young))
    return Ballot(row.seq, row.minute, row.voter, vote, row.hash)
