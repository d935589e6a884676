"""Standings: where works stand on their ladder, brought along by each duel, and worked out again when one falls out.

A duel falls out when it is taken back, or when the votes of its voter are set aside; and it comes back when they are
released. Whatever that duel or a later one has moved is then worked out anew from where it stood before, in the same
transaction, so that the ladder is at all times what the log comes to.
"""

from __future__ import annotations

from collections.abc import Iterable

import db
from db import CastStep, State
from gallery.ranking import START, Duel, Standing, Step, replay


def count(tx: db.Tx, kind: str, seq: int) -> None:
    """Moves the two works of the newest entry, if its voter's votes count."""
    duels = [Duel(*duel) for duel in db.ballots.duels(tx, after=seq - 1)]
    now = _standings(db.duels.states(tx, _works_of(duels)))
    db.duels.advance(tx, kind, _plain(replay(duels, now)), start=START.mu)


def work_out_from(tx: db.Tx, seq: int) -> None:
    """Works out again where the works stand that the duel of that number or a later one has moved, or moves now."""
    duels = [Duel(*duel) for duel in db.ballots.duels(tx, after=seq - 1)]
    touched = db.duels.moved_since(tx, seq).union(_works_of(duels))
    now = _standings(db.duels.states_before(tx, seq, touched))
    db.duels.rewrite(tx, seq, _plain(replay(duels, now)))
    for work in touched:
        found = now.get(work)
        db.duels.set_standing(tx, work, None if found is None else State(*found))


def all_anew(tx: db.Tx) -> dict[int, Standing]:
    """Where every work stands after all duels of the log that count."""
    anew: dict[int, Standing] = {}
    for _ in replay((Duel(*duel) for duel in db.ballots.duels(tx)), anew):
        pass  # only where all ends counts here
    return anew


def _works_of(duels: Iterable[Duel]) -> list[int]:
    return [work for duel in duels for work in (duel.winner, duel.loser)]


def _standings(states: dict[int, State]) -> dict[int, Standing]:
    return {work: Standing(*state) for work, state in states.items()}


def _plain(steps: Iterable[Step]) -> list[CastStep]:
    return [CastStep(step.seq, step.work, State(*step.standing)) for step in steps]
