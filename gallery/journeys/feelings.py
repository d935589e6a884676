"""Feelings: how the moods that are measured of paintings go with what visitors prefer, for the curators' report.

Pleasure and arousal are the indices by which the painter's moods are tried (models/painting_gan/moods.py): lightness,
colour and detail, weighed as experiments with plain colours have it. Works that have met in duels fall into four parts
by whether either index is above the middle of them all, and those painted in a mood also go by its name. Of every such
group it is told how often one of them was chosen over one that is not of it.

That is what visitors would rather hang, and not what they feel: a sorrowful painting may well be preferred. So it is
shown beside the moods and changes none of them; to name moods after votes would be a label that nobody gave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import db
from db import Tx
from db.tastes import Choice
from gallery.journeys import House, store_errors
from gallery.journeys.features import PICTURE, measure_all
from gallery.journeys.taste import NEWEST, voices_of
from gallery.liking import Numbers, scale_of
from gallery.ranking import share_between
from models.painting_gan.moods import AROUSAL, PLEASURE

KINDS = ("painting", "film")
PARTS = {(True, True): "stirred", (True, False): "serene", (False, True): "tense", (False, False): "somber"}


@dataclass(frozen=True)
class Feeling:
    """A group of works: how many there are, in how many duels (by their voices) one of them met one that is not of the
    group, the share in which it was chosen, and between what that is sure (95 %). mood: a mood's name, or a part's."""

    name: str
    mood: bool
    works: int
    duels: float
    share: float
    low: float
    high: float


def look(house: House, kind: str) -> tuple[Feeling, ...]:
    """The report on a kind; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return report(tx, kind)


def report(tx: Tx, kind: str) -> tuple[Feeling, ...]:
    """The groups of that kind that have met others: the four parts, then the moods; none for what has no picture of its
    own."""
    if kind not in KINDS:
        return ()
    found = db.tastes.choices(tx, kind, limit=NEWEST)
    kept = db.tastes.kept_of(tx, sorted({work for one in found for work in (one.chosen, one.other)}))
    works, features = measure_all(kind, sorted(kept), {work: (one.traits, one.verse) for work, one in kept.items()})
    parts = dict(zip(works, parts_of(features), strict=True))
    known = [one for one in found if one.chosen in parts and one.other in parts]
    moods = {work: one.mood for work, one in kept.items() if one.mood}
    return (*_groups(known, parts, mood=False), *_groups(found, moods, mood=True))


def parts_of(features: Numbers) -> list[str]:
    """The part in which each of the works (n, d) lies, by the middle of all of them."""
    if not len(features):
        return []
    placed = scale_of(features).put(features)
    indices = [
        sum(weight * placed[:, PICTURE.index(name)] for name, weight in one.items()) for one in (PLEASURE, AROUSAL)
    ]
    above = [np.asarray(index) > np.median(index) for index in indices]
    return [PARTS[bool(pleasant), bool(aroused)] for pleasant, aroused in zip(*above, strict=True)]


def _groups(found: Sequence[Choice], of: Mapping[int, str], *, mood: bool) -> list[Feeling]:
    """Every group that has met works that are not of it, the most preferred first."""
    voices = voices_of(found)
    told = [_feeling(name, found, voices, of, mood=mood) for name in sorted(set(of.values()))]
    return sorted((one for one in told if one is not None), key=lambda one: -one.share)


def _feeling(
    name: str, found: Sequence[Choice], voices: Numbers, of: Mapping[int, str], *, mood: bool
) -> Feeling | None:
    inside = [(of.get(one.chosen) == name, of.get(one.other) == name) for one in found]
    met = np.array([first != second for first, second in inside], dtype=bool)
    won = np.array([first for first, _ in inside], dtype=bool)
    duels, squares = float(voices[met].sum()), float((voices[met] ** 2).sum())
    if not duels:
        return None
    like = duels**2 / squares
    share, low, high = share_between(float(voices[met & won].sum()) / duels * like, like)
    return Feeling(name, mood, sum(one == name for one in of.values()), duels, share, low, high)
