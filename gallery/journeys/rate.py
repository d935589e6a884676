"""Rate: one to five stars, one vote for each visitor and work, changed or withdrawn at will.

A vote and the score it leads to are one transaction, and the score is computed by the database from the votes
themselves, so that no two voters can lose each other's vote. Each vote is an entry in the public log besides, in the
same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass

import db
from db import Disagreement, NewBallot, Tally
from gallery import errors
from gallery.journeys import House, store_errors
from gallery.journeys.browse import check_id
from gallery.journeys.duel import enter, is_young
from gallery.ranking import PRIOR
from gallery.visitors import Visitor

STARS_PRIOR = db.Prior(mean=PRIOR.mean, weight=PRIOR.weight)


@dataclass(frozen=True)
class Vote:
    """What the visitor gave, and what all votes for the work come to now."""

    stars: int
    tally: Tally


def cast_vote(house: House, work_id: object, stars: object, visitor: Visitor) -> Vote:
    """Gives a work 1 to 5 stars, in place of what this visitor gave before; on return it is on the disk.

    Raises BadStars, NoSuchWork, TooManyVotes, StoreTrouble.
    """
    number = check_id(work_id)
    if isinstance(stars, bool) or not isinstance(stars, int) or not 1 <= stars <= 5:
        raise errors.BadStars(str(stars)[:20])
    with store_errors(house.settings.home), house.db.writing() as tx:
        tally = db.ratings.cast(
            tx, work=number, visitor=visitor.id, stars=stars, now_ms=house.now_ms(), prior=STARS_PRIOR
        )
        if tally is None:
            raise errors.NoSuchWork(number)
        _log(house, tx, number, visitor, stars)
    return Vote(stars, tally)


def withdraw_vote(house: House, work_id: object, visitor: Visitor) -> Tally:
    """Takes this visitor's vote back, as if it had never been; without one nothing changes.

    Raises NoSuchWork, TooManyVotes, StoreTrouble.
    """
    number = check_id(work_id)
    with store_errors(house.settings.home), house.db.writing() as tx:
        given = db.ratings.stars_of(tx, work=number, visitor=visitor.id)
        tally = db.ratings.withdraw(tx, work=number, visitor=visitor.id, prior=STARS_PRIOR)
        if tally is None:
            raise errors.NoSuchWork(number)
        if given is not None:
            _log(house, tx, number, visitor, None)
    return tally


def _log(house: House, tx: db.Tx, work: int, visitor: Visitor, stars: int | None) -> None:
    """Enters stars given, or withdrawn, into the log."""
    found = db.works.find(tx, work)
    kind = "" if found is None else found.kind
    act: db.Act = "withdraw" if stars is None else "stars"
    enter(house, tx, NewBallot(act, kind, work, value=stars, young=is_young(house, visitor)), visitor)


def recount(house: House) -> list[Disagreement]:
    """Works whose stored tally is not what their votes come to; none, unless the database was tampered with."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return db.ratings.recount(tx, prior=STARS_PRIOR)
