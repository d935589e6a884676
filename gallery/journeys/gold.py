"""Gold pairs: now and then a duel whose answer is plain, by which it is weighed how closely somebody looks.

On one side stands a work that the house itself has hung, on the other what chance makes of such a work: its colours
strewn about, the characters of its verse shuffled. Nobody's work is put down by it: what a visitor has made is never
the one nor the other. The decoy is drawn by rule whenever it is asked for, hangs nowhere, is kept nowhere, and lies at
an address like any other's. A gold pair moves no work; what it says of the voter is an entry in the log, and
`ranking.weigh` makes a weight of all of them, for each kind by itself, since who does not read Chinese may still see.

The ticket of a gold pair looks like any other; that it is one follows from a lot that the secret draws from its time,
which is set on by some milliseconds until the lot says what the pair is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from random import Random
from typing import Literal

import db
from db import WorkKind, WorkRecord
from gallery.images import decode, encode_sketch, strew
from gallery.journeys import House, store_errors
from gallery.visitors import HOUSE, Visitor

ONE_IN = 12  # pairs
FIRST = 8  # votes for the kind, before which there is none
CHOSEN_FROM = 40  # the first works of the house, of each kind
Side = Literal["", "left", "right"]
_SIDES: tuple[Side, ...] = ("left", "right", "", "", "", "")


def choose(house: House, tx: db.Tx, kind: WorkKind, visitor: Visitor, dice: Random) -> tuple[int, int] | None:
    """Two works of the house for a gold pair, the one to be seen and the one that gives way to its decoy.

    Each comes once to a visitor; None when it is not time for one, or none is left.
    """
    if db.ballots.in_all(tx, visitor=visitor.id, kind=kind) < FIRST or dice.random() >= 1 / ONE_IN:
        return None
    known, met = _of_the_house(tx, kind), db.ballots.gold_met(tx, visitor=visitor.id)
    new = [work.id for work in known if work.id not in met]
    if not new or len(known) < 2:
        return None
    real = dice.choice(new)
    return real, dice.choice([work.id for work in known if work.id != real])


def _of_the_house(tx: db.Tx, kind: WorkKind) -> list[WorkRecord]:
    return db.works.made_by(tx, HOUSE.id, kind, limit=CHOSEN_FROM)


def time_for(house: House, visitor: Visitor, decoy: Side) -> int:
    """The time, in milliseconds, that a ticket given now bears: its lot says on which side the decoy is, if on any."""
    return next(ms for ms in count(house.now_ms()) if decoy_at(house, visitor, ms) == decoy)


def decoy_at(house: House, visitor: Visitor, shown_ms: int) -> Side:
    """On which side of the pair that was shown at that time the decoy was; "" if it was no gold pair."""
    return _SIDES[house.signer.lot("gold", visitor.id, shown_ms)[0] % len(_SIDES)]


def decoy_of(house: House, work: WorkRecord) -> WorkRecord:
    """What is shown in place of that work; only what a pair shows of a work is in it."""
    thumb = None if work.thumb is None else _name(house, work.id)
    return replace(work, title="", signature="", picture=None, thumb=thumb, verse=shuffled(work.verse, work.id))


def shuffled(verse: Sequence[str], seed: int) -> tuple[str, ...]:
    """The same characters in lines of the same length, as chance has them.

    >>> shuffled(("空山不見人", "但聞人語響"), 1)
    ('聞語響人但', '見空人山不')
    """
    letters = list("".join(verse))
    Random(seed).shuffle(letters)  # noqa: S311 (by rule)
    ends = [sum(map(len, verse[: number + 1])) for number in range(len(verse))]
    return tuple("".join(letters[end - len(line) : end]) for line, end in zip(verse, ends, strict=True))


def _name(house: House, work: int) -> str:
    """The name of a work's decoy, as long as a file's."""
    return hashlib.sha256(house.signer.lot("decoy", work)).hexdigest()


def picture(house: House, name: str) -> bytes | None:
    """The decoy of that name as a WebP, strewn from the picture of its work; None if there is none of that name.

    Raises StoreTrouble.
    """
    with store_errors(house.settings.home), house.db.reading() as tx:
        known = [work for kind in ("painting", "scroll") for work in _of_the_house(tx, kind)]
    for work in known:
        if work.thumb is not None and _name(house, work.id) == name:
            return encode_sketch(strew(decode(house.files.read(work.thumb)), seed=work.id))
    return None
