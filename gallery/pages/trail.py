"""The way through the generations of a painting: what was made from what, with a way back and a way on again.

A trail is a value kept in the visitor's session: steps, and the place in them. It holds tokens only; the drafts lie in
the house and may be forgotten there, which the page then says. Going on from an earlier step drops the later ones, as
undo does everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

LONGEST = 40  # steps; the first ones go


@dataclass(frozen=True)
class Step:
    """The drafts of one generation by their tokens, the chosen one, and how they came: a key of the texts."""

    how: str
    tokens: tuple[str, ...]
    chosen: str


@dataclass(frozen=True)
class Trail:
    """Steps, and which one is shown (-1 before the first)."""

    steps: tuple[Step, ...] = ()
    at: int = -1

    @property
    def here(self) -> Step | None:
        """The step that is shown."""
        return self.steps[self.at] if self.steps else None

    def add(self, step: Step) -> Trail:
        """The trail with one more step after this one.

        >>> Trail().add(Step("painted", ("a",), "a")).add(Step("bred", ("b",), "b")).at
        1
        """
        steps = (*self.steps[: self.at + 1], step)[-LONGEST:]
        return Trail(steps, len(steps) - 1)

    def amend(self, step: Step) -> Trail:
        """The trail with this step in place of the one shown; what came after it is dropped."""
        return Trail(self.steps[: self.at], self.at - 1).add(step)

    def go(self, at: int) -> Trail:
        """The trail at another of its steps; unchanged when there is none of that number."""
        return replace(self, at=at) if 0 <= at < len(self.steps) else self
