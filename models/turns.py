"""Jobs and whose turn it is: fair queueing, so that nobody waits behind all that one other has asked for.

Every job bears a turn, the round in which its owner's share of the worker pays for it: an owner's next job is one round
after the last, and none is before the round that is being served. Served in the order of turns, each who waits gets one
job a round, however many another has in the queue; who comes after a pause saves up no credit.
Source: Goyal, Vin & Cheng 1996, Start-time Fair Queuing, https://doi.org/10.1145/248157.248171 (with jobs of one size).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from models.likeness import Likeness
from models.recipe import Recipe, Stage

Order = Recipe | Likeness


@dataclass(eq=False)
class Job:
    """A recipe, or a stretch of looking, on its way: its promise, when it is due (monotonic seconds), whose it is and
    when their turn is, and how often it has been tried."""

    number: int
    order: Order
    due: float
    on_stage: Callable[[Stage], None] | None
    owner: str = ""
    turn: int = 0
    future: Future[Any] = field(default_factory=Future)
    tries: int = 0

    def finish(self, result: object) -> None:
        """Keep the promise, unless it was cancelled meanwhile."""
        if not self.future.done() and self.future.set_running_or_notify_cancel():
            self.future.set_result(result)

    def fail(self, error: Exception) -> None:
        """Break the promise, unless it is settled already."""
        if not self.future.done() and self.future.set_running_or_notify_cancel():
            self.future.set_exception(error)


def by_turn(job: Job) -> tuple[int, int]:
    """Turns first; within a round, who came first. What a dead worker leaves bears a turn that has passed."""
    return job.turn, job.number


def line_of(job: Job) -> tuple[str, bool]:
    """Jobs of one line may share a run; lines take turns, so that no painting waits behind many poems or looks."""
    return job.order.model, isinstance(job.order, Likeness)


@dataclass(frozen=True)
class Place:
    """Where an owner's next job stands in the queue: so many jobs are served before it, in about `wait_s` seconds."""

    ahead: int
    wait_s: float


class Turns:
    """The rounds of one queue; not thread-safe.

    >>> turns = Turns()
    >>> [turns.next_for(owner) for owner in ("greedy", "greedy", "greedy", "modest")]
    [0, 1, 2, 0]
    """

    def __init__(self) -> None:
        self._round = 0
        self._next: dict[str, int] = {}

    def next_for(self, owner: str) -> int:
        """The turn of this owner's next job."""
        turn = max(self._round, self._next.get(owner, 0))
        self._next[owner] = turn + 1
        return turn

    def serve(self, turn: int) -> None:
        """A job of that turn is being served; owners whose turns have all passed are forgotten."""
        if turn > self._round:
            self._round = turn
            self._next = {owner: later for owner, later in self._next.items() if later > turn}
