"""The ledger: the log of all votes and the scores they led to, for anyone to take away, and the proof that they agree.

Both are CSV, read in passes of a few thousand entries, so that a log of any length costs no memory. A stranger proves
the same with static/recount.py, which shares no line with this file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import db
from db import Ballot, State
from gallery.journeys import House, open_store, standings, store_errors
from gallery.journeys.rate import STARS_PRIOR
from gallery.ranking import START, Standing
from gallery.settings import Settings

PASS = 5000
ALIKE = 1e-9  # what another kind of processor may make of the same formulas


@dataclass(frozen=True)
class Fault:
    """Something that does not agree: a sentence of the texts and what fills it."""

    key: str
    values: dict[str, object]


@dataclass(frozen=True)
class Proof:
    """How many entries and works were gone through, and what does not agree; nothing, unless somebody tampered."""

    entries: int
    works: int
    faults: tuple[Fault, ...]


def votes(house: House) -> Iterator[str]:
    """The log as lines of CSV, oldest first, each with its hash."""
    yield ",".join((*db.ballots.COLUMNS, "hash")) + "\n"
    after = 0
    while True:
        with store_errors(house.settings.home), house.db.reading() as tx:
            some = list(db.ballots.entries(tx, after=after, limit=PASS))
        if not some:
            return
        yield "".join(f"{line_of(entry)},{entry.hash}\n" for entry in some)
        after = some[-1].seq


def line_of(entry: Ballot) -> str:
    """An entry as it stands in the log, without its hash."""
    return db.ballots.line(entry.seq, entry.minute, entry.voter, entry.vote)


def scores(house: House) -> Iterator[str]:
    """What all votes up to entry `as_of` come to, as lines of CSV, a work to each."""
    yield "as_of,work,votes,score,mu,sigma,duels\n"
    with store_errors(house.settings.home), house.db.reading() as tx:
        as_of, states = db.ballots.last(tx), db.duels.all_states(tx)
        tallies = db.works.tallies(tx)
    for work, tally in tallies.items():
        state = states.get(work, START)
        yield f"{as_of},{work},{tally.votes},{tally.score!r},{state.mu!r},{state.sigma!r},{state.duels}\n"


def prove(settings: Settings) -> Proof:
    """Works every score out again from the log; needs no engine and may run beside an open gallery.

    Raises StoreTrouble.
    """
    _, database = open_store(settings)
    try:
        with store_errors(settings.home), database.reading() as tx:
            return prove_in(tx)
    finally:
        database.close()


def prove_in(tx: db.Tx) -> Proof:
    """The same within a transaction."""
    count, faults, stars = _walk(tx)
    anew, stored = standings.all_anew(tx), db.duels.all_states(tx)
    otherwise = sorted(aside_by_log(tx) ^ db.ballots.set_aside(tx))
    faults += [Fault("cli.doctor_aside", {"voter": voter}) for voter, _ in otherwise]
    faults += _star_faults(tx, stars)
    faults += [
        Fault("cli.doctor_duels", {"work": work})
        for work in sorted(stored.keys() | anew.keys())
        if not _alike(stored.get(work), anew.get(work))
    ]
    return Proof(count, len(stored.keys() | {work for _, work in stars}), tuple(faults))


def _walk(tx: db.Tx) -> tuple[int, list[Fault], dict[tuple[int, int], int]]:
    """The length of the log, its first broken link if there is one, and the stars that stand, by voter and work."""
    before, stars, faults, count = db.ballots.FIRST_LINK, {}, list[Fault](), 0
    for count, entry in enumerate(db.ballots.entries(tx), 1):
        before = db.ballots.link(before, line_of(entry))
        if not faults and (entry.hash != before or entry.seq != count):
            faults.append(Fault("cli.doctor_chain", {"seq": count}))
        if entry.vote.act == "stars":
            stars[entry.voter, entry.vote.work] = entry.vote.value or 0
        elif entry.vote.act == "withdraw":
            stars.pop((entry.voter, entry.vote.work), None)
    return count, faults, stars


def aside_by_log(tx: db.Tx) -> set[tuple[int, int]]:
    """Whose votes are set aside by the entries of the log, with the work they are about, or EVERY_WORK."""
    aside: set[tuple[int, int]] = set()
    for entry in db.ballots.marks(tx):
        scope = entry.voter, db.ballots.EVERY_WORK if entry.vote.value else entry.vote.work
        (aside.add if entry.vote.act == "quarantine" else aside.discard)(scope)
    return aside


def _star_faults(tx: db.Tx, stars: dict[tuple[int, int], int]) -> list[Fault]:
    stored = db.ratings.by_voter(tx)
    differing = {work for voter, work in stored.keys() | stars.keys() if _differ(stored, stars, voter, work)}
    differing |= {found.work for found in db.ratings.recount(tx, prior=STARS_PRIOR)}
    return [Fault("cli.doctor_stars", {"work": work}) for work in sorted(differing)]


def _differ(one: dict[tuple[int, int], int], other: dict[tuple[int, int], int], voter: int, work: int) -> bool:
    return one.get((voter, work)) != other.get((voter, work))


def _alike(stored: State | None, anew: Standing | None) -> bool:
    if stored is None or anew is None:
        return stored is None and anew is None
    return all(math.isclose(one, other, rel_tol=ALIKE, abs_tol=ALIKE) for one, other in zip(stored, anew, strict=True))
