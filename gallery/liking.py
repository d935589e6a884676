"""Pure mathematics of taste: what somebody seems to look for in works, learnt from which of two they chose.

Bradley and Terry's model with features: of two works the first is chosen with the chance sigma(b . (x - y)), where x
and y are what is measured of them, each feature in spreads from its usual, and b is the taste, in log-odds a spread.
There is no constant, since sides and order mean nothing. A normal prior (mean `start`, `SPREAD` a feature) keeps few
choices from saying much, and makes the best b unique; it is found by Newton's steps, whose curvature also gives each
feature's doubt. Nothing here knows of the ladder, and the ladder knows nothing of it.

Sources: R. A. Bradley, M. E. Terry, "Rank analysis of incomplete block designs", Biometrika 1952; D. MacKay, "The
evidence framework applied to classification networks", Neural Computation 1992 (doubt by curvature).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SPREAD = 0.5  # of a taste before any choice: a feature one spread away seldom more than doubles the odds
STEPS = 50
CLOSE = 1e-9
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """What is usual of each feature, and how far works are from it; one that all have alike counts for nothing."""

    means: Numbers  # (d,)
    spreads: Numbers  # (d,)

    def put(self, features: Numbers) -> Numbers:
        """(n, d) as measured -> (n, d) in spreads from the usual."""
        known = self.spreads > CLOSE
        placed: Numbers = np.where(known, (features - self.means) / np.where(known, self.spreads, 1.0), 0.0)
        return placed


def scale_of(features: Numbers) -> Scale:
    """The scale of these works (n, d).

    >>> scale_of(np.array([[1.0, 5.0], [3.0, 5.0]])).put(np.array([[4.0, 9.0]]))
    array([[2., 0.]])
    """
    return Scale(features.mean(axis=0), features.std(axis=0))


@dataclass(frozen=True)
class Taste:
    """What is looked for, in log-odds a spread of each feature, and how far that is in doubt (a standard deviation)."""

    weights: Numbers  # (d,)
    doubts: Numbers  # (d,)


def learn(differences: Numbers, voices: Numbers, start: Numbers | None = None) -> Taste:
    """The taste that chose so: differences (n, d) of the chosen from the other in spreads, voices (n,) their weight.

    >>> often = np.array([[1.0, 0.0]] * 30 + [[-1.0, 0.0]] * 10)
    >>> taste = learn(often, np.ones(40))
    >>> np.round(taste.weights, 1), np.round(taste.doubts, 1)
    (array([0.7, 0. ]), array([0.3, 0.5]))
    """
    mean = np.zeros(differences.shape[1]) if start is None else start
    weights = mean.copy()
    for _ in range(STEPS):
        step = np.linalg.solve(_curvature(differences, voices, weights), _slope(differences, voices, weights, mean))
        weights = weights + step
        if np.abs(step).max() < CLOSE:
            break
    inverse = np.linalg.inv(_curvature(differences, voices, weights))
    return Taste(weights, np.sqrt(np.diag(inverse)))


def _slope(differences: Numbers, voices: Numbers, weights: Numbers, mean: Numbers) -> Numbers:
    surprise = voices * (1 - chances(differences, weights))
    slope: Numbers = differences.T @ surprise - (weights - mean) / SPREAD**2
    return slope


def _curvature(differences: Numbers, voices: Numbers, weights: Numbers) -> Numbers:
    chance = chances(differences, weights)
    known = (differences * (voices * chance * (1 - chance))[:, None]).T @ differences
    curvature: Numbers = known + np.eye(len(weights)) / SPREAD**2
    return curvature


def chances(differences: Numbers, weights: Numbers) -> Numbers:
    """How likely each choice is to one of that taste, (n, d) -> (n,)."""
    chance: Numbers = 1 / (1 + np.exp(-np.clip(differences @ weights, -30, 30)))
    return chance
