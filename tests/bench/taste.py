"""Whether what is learnt of taste can be believed: simulated visitors of a known taste, judged by the real learning.

Visitors share a leaning to what is measured of paintings and stray from it, each in their own way, and choose by a
logistic of the difference. Of many houses with so many duels it is told how often the taste that was learnt foretells
the choices on held-out pairs, beside what knowing every visitor's taste would; and in how many the interval it gives
holds the share that it would have on any number of further pairs. Then what is shown to one visitor: how well the
twelve works suit them, in parts of the way from works at random to the twelve best, by how many duels of theirs there
are, with the house's taste to start from and without.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from db.tastes import Choice, Kept
from gallery.journeys import taste
from gallery.journeys.features import PICTURE, of_traits
from gallery.liking import Numbers, chances, learn, scale_of

SEED = 5
HOUSES, WORKS, VOTERS = 200, 300, 40
DUELS = (200, 600, 2000)
FRESH = 4000  # pairs by which the true share is measured
OWN = (10, 20, 50, 200)
VISITORS, FIELD, SHOWN = 60, 300, 12
COMMON, STRAY = 0.5, 0.3  # of a leaning of all, and how far one strays from it, in log-odds a spread


def main() -> dict[str, Any]:
    """Fills houses, learns, and looks how well it foretells; then shows works to visitors."""
    return {
        "bench": "taste",
        "works": WORKS,
        "voters": VOTERS,
        "enough": taste.ENOUGH,
        "foretold": {str(duels): foretold(duels) for duels in DUELS},
        "suited": {str(own): suited(own) for own in OWN},
    }


def _house(dice: np.random.Generator) -> tuple[dict[int, Kept], Numbers, Numbers]:
    """What is kept of its works, their features in spreads, and the taste of every visitor."""
    kept = {number: Kept(_traits(dice), (), None) for number in range(WORKS)}
    features = np.array([of_traits(one.traits or b"") for one in kept.values()])
    common = dice.normal(0, COMMON, len(PICTURE))
    return kept, scale_of(features).put(features), common + dice.normal(0, STRAY, (VOTERS, len(PICTURE)))


def _traits(dice: np.random.Generator) -> bytes:
    whole = np.repeat(dice.normal(0, 24, 7), (36, 9, 9, 9, 9, 3, 3))
    return np.clip(whole + dice.normal(0, 12, 78), -127, 127).astype(np.int8).tobytes()


def _duels(dice: np.random.Generator, placed: Numbers, tastes: Numbers, count: int) -> list[Choice]:
    voters, pairs = dice.integers(0, VOTERS, count), _pairs(dice, count)
    odds = _odds(placed, tastes, voters, pairs)
    return [
        Choice(seq, int(voter), False, 0, *((int(a), int(b)) if lot < odd else (int(b), int(a))), 0, 0)
        for seq, (voter, (a, b), odd, lot) in enumerate(zip(voters, pairs, odds, dice.random(count), strict=True))
    ]


def _pairs(dice: np.random.Generator, count: int) -> Any:
    """Any two works each, (count, 2), never one against itself."""
    first, second = dice.integers(0, WORKS, count), dice.integers(0, WORKS - 1, count)
    return np.stack([first, second + (second >= first)], axis=1)


def _odds(placed: Numbers, tastes: Numbers, voters: Any, pairs: Any) -> Numbers:
    leaning = ((placed[pairs[:, 0]] - placed[pairs[:, 1]]) * tastes[voters]).sum(axis=1)
    odds: Numbers = 1 / (1 + np.exp(-leaning))
    return odds


def foretold(count: int) -> dict[str, float]:
    """Of HOUSES with so many duels: the share foretold on held-out pairs, what there was to foretell, and how often the
    interval holds the true share."""
    told: list[tuple[float, float, bool, bool]] = []
    for number in range(HOUSES):
        dice = np.random.default_rng([SEED, count, number])
        kept, placed, tastes = _house(dice)
        found = taste.taste_of("painting", _duels(dice, placed, tastes, count), kept)
        if found.trial is None:
            continue
        fresh = _pairs(dice, FRESH)
        odds = _odds(placed, tastes, dice.integers(0, VOTERS, FRESH), fresh)
        sides = chances(placed[fresh[:, 0]] - placed[fresh[:, 1]], np.array(found.weights)) > 0.5
        true = float(np.where(sides, odds, 1 - odds).mean())
        best = float(np.maximum(odds, 1 - odds).mean())
        told.append((found.trial.right, best, found.trial.low <= true <= found.trial.high, found.trial.holds))
    right, best, holds, led = (float(np.mean(column)) for column in zip(*told, strict=True))
    return {
        "right": round(right, 3),
        "knowing_every_taste": round(best, 3),
        "interval_holds": round(holds, 3),
        "interval_should_hold": 0.95,
        "houses_that_lead": round(led, 3),
    }


def suited(own: int) -> dict[str, float]:
    """How well the works that are shown suit visitors with so many duels: 0 is any works, 1 the best there are."""
    alone, started = list[float](), list[float]()
    dice = np.random.default_rng([SEED, own])
    kept, placed, tastes = _house(dice)
    start = np.array(taste.taste_of("painting", _duels(dice, placed, tastes, 2000), kept).weights)
    for _ in range(VISITORS):
        mine = tastes[int(dice.integers(0, VOTERS))][None, :]
        chosen = _duels(dice, placed, np.repeat(mine, VOTERS, axis=0), own)
        differences = np.array([placed[one.chosen] - placed[one.other] for one in chosen])
        for told, prior in ((alone, None), (started, start)):
            told.append(_way(placed, mine[0], learn(differences, np.ones(own), prior).weights))
    return {"alone": round(float(np.mean(alone)), 2), "with_the_house": round(float(np.mean(started)), 2)}


def _way(placed: Numbers, true: Numbers, learnt: Numbers) -> float:
    worth = placed @ true
    shown = worth[np.argsort(-(placed @ learnt))[:SHOWN]].mean()
    best = np.sort(worth)[-SHOWN:].mean()
    return float((shown - worth.mean()) / (best - worth.mean()))
