"""Liked: works of the wall that are like what a visitor has chosen in duels.

The visitor's taste is learnt from their own duels that count, from OWN_LEAST on. It starts from what visitors of the
house prefer where that is known and holds (taste.py), and from nothing elsewhere; every choice of their own moves it.
Among the newest works of the kind and a draw of all, those that suit it most are shown, without those they have judged
or made, and without any number: what others think of a work stays hidden until one has rated it. It is worked out when
the page is asked for, and kept nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import NamedTuple, cast

import numpy as np

import db
from db import Card, Selection, Tx, WorkKind
from gallery import errors
from gallery.journeys import House, duel, store_errors, taste
from gallery.journeys.features import measure_all, names_of
from gallery.liking import Numbers, learn, scale_of
from gallery.visitors import Visitor

OWN_LEAST = 10
SHOWN = 12
FIELD = 300  # of the newest works, and as many drawn from all
SAID = 3  # leanings that are told
CLEAR = 2.6  # standard deviations from even: among some twenty features, one so far by chance is rare


class Leaning(NamedTuple):
    """That of two works the one with more of a feature, or with less, was chosen so many times of so many."""

    name: str
    more: bool
    times: int
    of: int


@dataclass(frozen=True)
class Liked:
    """What is shown to a visitor: `own` duels of theirs count. started: from what visitors prefer. leanings: what
    their own choices have in common, the clearest first."""

    kinds: tuple[str, ...]
    kind: str
    own: int
    cards: tuple[Card, ...] = ()
    started: bool = False
    leanings: tuple[Leaning, ...] = ()

    @property
    def missing(self) -> int:
        """How many more duels it takes."""
        return max(0, OWN_LEAST - self.own)


def look(house: House, kind: str, visitor: Visitor) -> Liked:
    """What suits this visitor among works of that kind, by default the first that has duels; of fewer than OWN_LEAST
    duels nothing comes. Raises UnknownKind, StoreTrouble."""
    kinds = duel.kinds(house)
    if kind and kind not in kinds:
        raise errors.UnknownKind(kind[:20])
    asked = kind or next(iter(kinds), "")
    with store_errors(house.settings.home), house.db.reading() as tx:
        own = db.tastes.chosen_by(tx, visitor=visitor.id, kind=asked) if asked else []
        if len(own) < OWN_LEAST:
            return Liked(kinds, asked, len(own))
        return _suited(house, tx, visitor, kinds, cast("WorkKind", asked), own)


def _suited(
    house: House, tx: Tx, visitor: Visitor, kinds: tuple[str, ...], kind: WorkKind, own: list[tuple[int, int]]
) -> Liked:
    field, start = _field(house, tx, visitor, kind), taste.read(tx, kind)
    if start is not None and start.taste is None:
        start = None
    met = sorted({work for pair in own for work in pair})
    works, features = _measured(tx, kind, [*met, *field])
    placed = dict(zip(works, (scale_of(features) if start is None else start.scale).put(features), strict=True))
    known = [(placed[one], placed[other]) for one, other in own if one in placed and other in placed]
    if len(known) < OWN_LEAST:  # some of the works they met are erased, or nobody has looked at their pictures yet
        return Liked(kinds, kind, len(known))
    differences = np.array([one - other for one, other in known])
    house_taste = None if start is None else start.taste
    suits = learn(differences, np.ones(len(known)), None if house_taste is None else house_taste.weights)
    ranked = sorted((work for work in field if work in placed), key=lambda work: -float(placed[work] @ suits.weights))
    shown = tuple(field[work] for work in ranked[:SHOWN])
    return Liked(kinds, kind, len(known), shown, start is not None, leanings_of(kind, differences))


def _field(house: House, tx: Tx, visitor: Visitor, kind: WorkKind) -> dict[int, Card]:
    """The works from which those are chosen that suit; the draw is the same until the visitor judges again."""
    asked, votes = Selection(kind=kind), db.ballots.in_all(tx, visitor=visitor.id, kind=kind)
    seed = Random(house.signer.lot("liked", kind, visitor.id, votes)).randrange(db.shelf.DICE)  # noqa: S311 (no secret)
    found: dict[int, Card] = {}
    for order in ("newest", "random"):
        page = db.shelf.page(tx, asked, order=order, after=None, limit=FIELD, visitor=visitor.id, seed=seed)
        found |= {card.id: card for card in page.cards}
    judged = db.duels.judged_works(tx, visitor.id, kind)
    makers = db.works.makers_of(tx, found)
    return {work: card for work, card in found.items() if work not in judged and makers[work] != visitor.id}


def _measured(tx: Tx, kind: str, numbers: list[int]) -> tuple[list[int], Numbers]:
    kept = db.tastes.kept_of(tx, numbers)
    return measure_all(kind, numbers, {work: (one.traits, one.verse) for work, one in kept.items()})


def leanings_of(kind: str, differences: Numbers) -> tuple[Leaning, ...]:
    """What choices have in common, from how the chosen differed from the other (n, d); SAID at most, none by chance.

    >>> leanings_of("painting", np.array([[1.0, *([0.0] * 8)]] * 12))
    (Leaning(name='light', more=True, times=12, of=12),)
    """
    more, less = (differences > 0).sum(axis=0), (differences < 0).sum(axis=0)
    clear = (more - less) / np.sqrt(np.maximum(more + less, 1))
    found = [number for number in np.argsort(-np.abs(clear), kind="stable") if abs(clear[number]) > CLEAR]
    names = names_of(kind)
    return tuple(
        Leaning(names[one], bool(clear[one] > 0), int(max(more[one], less[one])), int(more[one] + less[one]))
        for one in found[:SAID]
    )
