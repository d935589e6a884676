"""Taste: what visitors prefer in works of a kind, learnt from their duels, and tried on duels that it was not shown.

It is for "more like what I chose" (liked.py) and for the curators' report, and for nothing else: the ladder, who meets
whom, exposure and the order of the wall never ask it (an import contract and a test hold that).

Learnt are the duels that count for the ladder, each with the voice that its voter's gold pairs leave it. One visitor's
duels weigh together no more than EACH_VOTER, and those of all who came first on a day no more than NEW_A_DAY, since
they may be one person with many browsers. Pairs of works are split by a hash of their numbers: one in HELD_ONE_IN is
held out, with every duel of it, and decides how often the taste foretells a choice. How sure that is goes by pairs and
not by duels, since those of one pair are alike. Beside it stands how often the older of the two was chosen. Below
ENOUGH duels nothing is learnt. What is kept is a few numbers a feature; it comes out of the log anew whenever the log
has grown.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray

import db
from db import Tx, WorkKind
from db.tastes import Choice, Kept, Learnt
from gallery import errors
from gallery.journeys import House, open_store, store_errors
from gallery.journeys.features import measure_all, names_of
from gallery.liking import Numbers, Scale, Taste, chances, learn, scale_of
from gallery.ranking import share_between, weigh
from gallery.settings import Settings

KINDS: tuple[WorkKind, ...] = get_args(WorkKind)
ENOUGH = 200  # duels, by their voices, from which on something is learnt
HELD_ONE_IN = 5
EACH_VOTER = 50.0
NEW_A_DAY = 40.0
NEWEST = 50_000  # duels that are looked at
EVERY_S = 6 * 3600
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Trial:
    """How the taste fares on what was held out: duels (by their voices) of so many pairs; the share of choices that it
    foretells and between what that is sure (95 %); the share in which the older work was chosen."""

    duels: float
    pairs: int
    right: float
    low: float
    high: float
    older: float

    @property
    def holds(self) -> bool:
        """Whether it surely says more than chance, and more than "the older one" does."""
        return self.low > 0.5 and self.right > self.older


@dataclass(frozen=True)
class HouseTaste:
    """What visitors of the house prefer in a kind. duels: how many there were to learn from, voices: what they weigh;
    of too few, weights, doubts and trial are missing. means and spreads are what is usual of each of the names."""

    kind: WorkKind
    names: tuple[str, ...]
    duels: int
    voices: float
    means: tuple[float, ...]
    spreads: tuple[float, ...]
    weights: tuple[float, ...] = ()
    doubts: tuple[float, ...] = ()
    trial: Trial | None = None

    @property
    def scale(self) -> Scale:
        """What is usual."""
        return Scale(np.array(self.means), np.array(self.spreads))

    @property
    def taste(self) -> Taste | None:
        """What was learnt, if it holds; else nobody should be led by it."""
        holds = self.trial is not None and self.trial.holds
        return Taste(np.array(self.weights), np.array(self.doubts)) if holds else None

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(body: str) -> HouseTaste | None:
        """As it was kept; None for one that was learnt by other features than those of today."""
        kept = json.loads(body)
        trial = Trial(**kept["trial"]) if kept["trial"] else None
        lists = {name: tuple(value) for name, value in kept.items() if isinstance(value, list)}
        found = HouseTaste(**{**kept, **lists, "trial": trial})
        return found if found.names == names_of(found.kind) else None


def read(tx: Tx, kind: str) -> HouseTaste | None:
    """What was learnt of that kind last."""
    kept = db.tastes.find(tx, kind)
    return None if kept is None else HouseTaste.from_json(kept.body)


def study(tx: Tx, kind: WorkKind) -> HouseTaste:
    """What the duels of that kind say now."""
    found = db.tastes.choices(tx, kind, limit=NEWEST)
    numbers = sorted({work for one in found for work in (one.chosen, one.other)})
    return taste_of(kind, found, db.tastes.kept_of(tx, numbers))


def taste_of(kind: WorkKind, found: Sequence[Choice], kept: dict[int, Kept]) -> HouseTaste:
    """What these duels say about works of which that is kept; those with a work of which nothing is are left out."""
    works, features = measure_all(kind, sorted(kept), {work: (one.traits, one.verse) for work, one in kept.items()})
    row = {work: number for number, work in enumerate(works)}
    known = [one for one in found if one.chosen in row and one.other in row]
    names, voices = names_of(kind), voices_of(known)
    scale = scale_of(features) if works else Scale(np.zeros(len(names)), np.zeros(len(names)))
    plain = HouseTaste(kind, names, len(known), float(voices.sum()), _plain(scale.means), _plain(scale.spreads))
    out = np.array([is_held_out(kind, one.chosen, one.other) for one in known], dtype=bool)
    if plain.voices < ENOUGH or not voices[out].sum() or not voices[~out].sum():
        return plain
    placed = scale.put(features)
    differences = np.array([placed[row[one.chosen]] - placed[row[one.other]] for one in known])
    taste = learn(differences[~out], voices[~out])
    held = [one for one, is_out in zip(known, out, strict=True) if is_out]
    trial = _try(held, voices[out], chances(differences[out], taste.weights))
    return HouseTaste(
        **{**plain.__dict__, "weights": _plain(taste.weights), "doubts": _plain(taste.doubts), "trial": trial}
    )


def _plain(numbers: Numbers) -> tuple[float, ...]:
    return tuple(float(one) for one in numbers)


def is_held_out(kind: str, one: int, other: int) -> bool:
    """Whether the duels of these two works are held out; the same for ever, whoever chose and on whichever side.

    >>> is_held_out("poem", 3, 8) == is_held_out("poem", 8, 3), sum(is_held_out("poem", 1, n) for n in range(2, 1002))
    (True, 199)
    """
    digest = hashlib.sha256(f"{kind} {min(one, other)} {max(one, other)}".encode()).digest()
    return digest[0] * 256 + digest[1] < 65536 // HELD_ONE_IN


def voices_of(found: Sequence[Choice]) -> Numbers:
    """What each duel weighs (n,): by the gold pairs of its voter, by how much that visitor has said already, and by how
    much all have who were new that day."""
    voices = np.array([weigh(one.asked, one.right) for one in found], dtype=np.float64)
    voices = _bounded(voices, [one.voter for one in found], EACH_VOTER)
    return _bounded(voices, [one.day if one.young else None for one in found], NEW_A_DAY)


def _bounded(voices: Numbers, groups: Iterable[Hashable | None], most: float) -> Numbers:
    """The same, lessened in every group so that it has `most` at most; what is of no group (None) stays."""
    members = defaultdict[Hashable, list[int]](list)
    for number, group in enumerate(groups):
        if group is not None:
            members[group].append(number)
    bounded = voices.copy()
    for numbers in members.values():
        bounded[numbers] *= min(1.0, most / max(float(voices[numbers].sum()), 1e-9))
    return bounded


def _try(held: Sequence[Choice], voices: Numbers, foretold: Numbers) -> Trial:
    """How often each held-out choice was the one foretold; who gives two works even chances has half a hit."""
    hits: Numbers = np.where(np.abs(foretold - 0.5) < 1e-9, 0.5, foretold > 0.5)
    older: NDArray[np.bool_] = np.array([one.chosen < one.other for one in held])
    pairs = defaultdict[tuple[int, int], float](float)
    for one, voice in zip(held, voices, strict=True):
        pairs[min(one.chosen, one.other), max(one.chosen, one.other)] += float(voice)
    total, each = float(voices.sum()), np.array(list(pairs.values()))
    like = total**2 / float((each**2).sum())  # so many pairs of equal weight say as much
    share, low, high = share_between(float(voices @ hits) / total * like, like)
    return Trial(total, len(pairs), share, low, high, float(voices @ older) / total)


def learn_all(settings: Settings, now_ms: int, *, anew: bool = False) -> dict[WorkKind, HouseTaste]:
    """Learns every kind if the log has grown since, or even so if `anew`, and keeps what it comes to.

    Needs no engine and may run beside an open gallery. Raises StoreTrouble.
    """
    _, database = open_store(settings)
    learnt: dict[WorkKind, HouseTaste] = {}
    try:
        with store_errors(settings.home):
            for kind in KINDS:
                with database.reading() as tx:
                    seq, before = db.ballots.last(tx), db.tastes.find(tx, kind)
                    if before is not None and before.seq == seq and not anew:
                        continue
                    found = study(tx, kind)
                if found.duels or before is not None:
                    learnt[kind] = found
                    with database.writing() as tx:
                        db.tastes.keep(tx, Learnt(kind, now_ms, seq, found.to_json()))
    finally:
        database.close()
    return learnt


def learn_now_and_then(settings: Settings, stop: threading.Event) -> None:
    """Until `stop`: every few hours, what visitors prefer is learnt anew where there are new duels."""
    while True:
        try:
            learn_all(settings, time.time_ns() // 1_000_000)
        except errors.GalleryError as error:
            _log.warning("what visitors prefer could not be learnt: %s", error)
        if stop.wait(EVERY_S):
            return


def known(house: House, kind: str) -> tuple[HouseTaste | None, int | None]:
    """What was learnt of a kind last, and when (ms); raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        kept = db.tastes.find(tx, kind)
    return (None, None) if kept is None else (HouseTaste.from_json(kept.body), kept.at_ms)
