"""Jobs and whose turn it is: fair queueing, so that nobody waits behind all that one other has asked for.

Time goes in rounds. An owner's first waiting job has its turn in the round that is being served, or in the next if they
have been served in this one, and each further job a round later. Served in the order of turns, each who waits gets one
job a round, however many another has in the queue; who comes after a pause saves up no credit, and what is cancelled
costs none. Jobs without an owner are everybody's for themselves.
Source: Goyal, Vin & Cheng 1996, Start-time Fair Queuing, https://doi.org/10.1145/248157.248171 (with jobs of one size).
"""

from __future__ import annotations

from collections import Counter
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


def line_of(job: Job) -> tuple[str, bool]:
    """Jobs of one line may share a run; in a round lines take turns, so that no painting waits behind many poems."""
    return job.order.model, isinstance(job.order, Likeness)


@dataclass(frozen=True)
class Place:
    """Where an owner's next job stands in the queue: so many jobs are served before it, in about `wait_s` seconds."""

    ahead: int
    wait_s: float


class Queue:
    """Jobs that wait, and the rounds in which they are served; not thread-safe.

    >>> queue = Queue()
    >>> for number, owner in enumerate(("greedy", "greedy", "greedy", "modest")):
    ...     queue.put(Job(number, None, 0, None, owner))
    >>> [(job.owner, job.turn) for job in queue.order()]
    [('greedy', 0), ('modest', 0), ('greedy', 1), ('greedy', 2)]
    """

    def __init__(self) -> None:
        self._jobs: dict[int, Job] = {}
        self._round = 0
        self._served: dict[str, int] = {}
        self._last_line = ("", False)

    def __len__(self) -> int:
        return len(self._jobs)

    def put(self, job: Job) -> None:
        """One more waits."""
        self._jobs[job.number] = job

    def owned(self, owner: str) -> int:
        """How many jobs of that owner wait; nobody's are nobody's."""
        return sum(job.owner == owner for job in self._jobs.values()) if owner else 0

    def clear(self) -> list[Job]:
        """All that waited; none does any more."""
        jobs, self._jobs = list(self._jobs.values()), {}
        return jobs

    def drop_settled(self, now: float) -> list[Job]:
        """Takes out what was cancelled and what is too late, and returns the latter."""
        gone = [job for job in self._jobs.values() if job.future.done() or job.due < now]
        for job in gone:
            del self._jobs[job.number]
        return [job for job in gone if not job.future.done()]

    def order(self, *more: Job) -> list[Job]:
        """The jobs, and those that may come, as they are to be served, each with its turn; in a round, who came first.

        What a dead worker leaves comes before everything: its turn has passed.
        """
        ahead = Counter[str]()
        found = sorted((*self._jobs.values(), *more), key=lambda job: job.number)
        for job in found:
            if job.tries:
                job.turn = -1
            else:
                job.turn = max(self._round, self._served.get(job.owner, -1) + 1) + ahead[job.owner]
                ahead[job.owner] += bool(job.owner)
        return sorted(found, key=lambda job: job.turn)

    def next_batch(self, most: Callable[[str, bool], int]) -> list[Job]:
        """Takes out the jobs that are served now, of one line: as many as `most` says of that line.

        While others wait in other lines, nobody gets more than their turn.
        """
        order = self.order()
        if not order:
            return []
        due = [job for job in order if job.turn <= max(order[0].turn, self._round)]
        line = next((line for line in map(line_of, due) if line != self._last_line), line_of(due[0]))
        alone = all(line_of(job) == line for job in order)
        batch = [job for job in (order if alone else due) if line_of(job) == line][: most(*line)]
        for job in batch:
            self._serve(job)
        self._last_line = line
        return batch

    def joiners(self, line: tuple[str, bool], most: int) -> list[Job]:
        """Takes out up to so many jobs for a run of that line which goes on; none while others wait in other lines,
        for whom the run must come to its end."""
        order = self.order()
        if any(line_of(job) != line for job in order):
            return []
        for job in order[:most]:
            self._serve(job)
        return order[:most]

    def _serve(self, job: Job) -> None:
        """It is being served; owners whose turns have all passed are forgotten."""
        del self._jobs[job.number]
        if job.turn > self._round:
            self._round = job.turn
            self._served = {owner: turn for owner, turn in self._served.items() if turn >= self._round}
        if job.owner:
            self._served[job.owner] = max(job.turn, self._served.get(job.owner, 0))
