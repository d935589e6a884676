"""Shares: how much one visitor, and all of one neighbourhood of the internet together, may have within an hour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gallery import errors
from gallery.limits import Limits


@dataclass(frozen=True)
class Share:
    """What one visitor, and all of one neighbourhood, may do of one act within an hour, and what is said above it."""

    act: str
    most: int
    nearby: int
    refusal: Callable[[int], errors.BadWish]
    refusal_nearby: Callable[[int], errors.BadWish]

    def take(self, limits: Limits, visitor: str, near: str) -> None:
        """Counts one more; raises the refusal when it is one too many."""
        if not limits.take(self.act, near, self.nearby):
            raise self.refusal_nearby(self.nearby)
        if not limits.take(self.act, visitor, self.most):
            raise self.refusal(self.most)


# A slider that is drawn along makes several looks a second, each of which is one
MAKING = Share("make", 7200, 28800, errors.TooMuchMade, errors.TooMuchMadeNearby)
HANGING = Share("hang", 120, 600, errors.TooManyHung, errors.TooManyHungNearby)
