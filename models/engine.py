"""The one door to the networks: `submit(recipe) -> future`, a bounded queue, micro-batches, one worker per device.

Workers are processes of their own, so that this one never imports torch and outlives whatever they do. Jobs that may
share a run are taken from the queue together, and poems join a run of poems that goes on (continuous batching); owners
take turns (turns.py), and within a round the models do, so that no painting waits behind many poems; no owner may fill
the queue alone. A job has a deadline and may be cancelled at any time through its future; a worker that dies is started
again and its jobs are tried once more, then fail with WorkerDied. A full queue refuses at once and says how long to
wait. Not here: anything the gallery knows.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from concurrent.futures import Future
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from models import CARDS, WEIGHTS, card_of, check_weights, find_card
from models.desk import Desk
from models.failures import Closing as Closing
from models.failures import EngineError as EngineError
from models.failures import JobFailed as JobFailed
from models.failures import Late as Late
from models.failures import QueueFull as QueueFull
from models.failures import WorkerDied as WorkerDied
from models.likeness import Found, Likeness
from models.recipe import Kind, Recipe, Result, Stage
from models.turns import Job as Job
from models.turns import Place as Place
from models.turns import Queue, line_of

BATCH: dict[Kind, int] = {"painting": 8, "poem": 8}
JOINED: frozenset[Kind] = frozenset({"poem"})  # a poem has many steps; a painting has one, and nothing to join
TRIES = 2
LEAST_SHARE = 8  # jobs that one owner may always have waiting; else a quarter of the places that are free


@dataclass(frozen=True)
class Status:
    """How the engine stands, for a health page. processors: what computes in the workers that are up, "cpu AVX2"."""

    waiting: int
    running: int
    processors: tuple[str, ...]
    restarts: int
    closing: bool = False


class Engine:
    """Takes recipes and promises results; see the module's docstring. Close it, or use it in a `with`.

    Workers start with the first recipe, or earlier by `wake()`.
    """

    def __init__(
        self,
        *,
        devices: tuple[str, ...] = ("auto",),
        queue_size: int = 64,
        cards: Path = CARDS,
        weights: Path = WEIGHTS,
    ) -> None:
        self.queue_size, self.cards, self.weights = queue_size, cards, weights
        self._queue = Queue()
        self._changed = threading.Condition()
        self._numbers = count(1)
        self._closed = self._draining = False
        self._seconds_per_job = 0.3  # a moving average, for the wait that a refusal names
        self._desks = [Desk(self, device) for device in devices]

    def wake(self) -> None:
        """Start the workers, if they are not up: they take seconds that the first recipe need not wait."""
        with self._changed:
            for desk in self._desks:
                if desk.thread.ident is None and not self._closed:
                    desk.thread.start()

    def submit(
        self, recipe: Recipe, *, deadline_s: float, on_stage: Callable[[Stage], None] | None = None, owner: str = ""
    ) -> Future[Result]:
        """Queue a recipe. The future gives its Picture or Poem, or raises EngineError or RecipeError.

        Raises at once: QueueFull; UnknownModel; WrongWeights when the recipe names weights that are not here.
        `on_stage` is called from another thread. `future.cancel()` works until the result is there. Owners are served
        in turn, and one that is named may have a quarter of the free places (Choudhury & Hahne 1998, Dynamic queue
        length thresholds, https://doi.org/10.1109/90.664262). A job that would begin only after its deadline is
        refused as if there were no room.
        """
        job = Job(next(self._numbers), recipe, time.monotonic() + deadline_s, on_stage, owner)
        return self._queue_up(job)

    def look(self, order: Likeness, *, deadline_s: float, owner: str = "") -> Future[Found]:
        """Queue one stretch of looking for a painting like a picture; promises, raises and serves as `submit` does."""
        return self._queue_up(Job(next(self._numbers), order, time.monotonic() + deadline_s, None, owner))

    def _queue_up(self, job: Job) -> Future[Any]:
        card = card_of(job.order.model, job.order.weights, self.cards, self.weights)
        if not card.weights.is_file():
            check_weights(card)
        with self._changed:
            if self._closed or self._draining:
                raise Closing("the engine takes nothing new")
            self._drop_settled()
            if not self._has_room(job):
                raise QueueFull(max(1.0, self._wait_s(len(self._queue))))
            self._queue.put(job)
            self._changed.notify()
        self.wake()
        return job.future

    def _has_room(self, job: Job) -> bool:
        """Whether there is a place in the queue for it, and time to serve those before it."""
        free = self.queue_size - len(self._queue)
        if free <= 0 or self._queue.owned(job.owner) >= max(LEAST_SHARE, free // 4):
            return False
        ahead = self._queue.order(job).index(job)
        return time.monotonic() + self._wait_s(ahead) < job.due

    def place(self, owner: str) -> Place | None:
        """Where this owner's next job stands; None when none waits."""
        with self._changed:
            order = self._queue.order()
        ahead = next((ahead for ahead, job in enumerate(order) if job.owner == owner), None)
        return None if ahead is None else Place(ahead, self._wait_s(ahead + 1))

    def _wait_s(self, jobs: int) -> float:
        return self._seconds_per_job * jobs / len(self._desks)

    def status(self) -> Status:
        """A look at the queue and the workers."""
        with self._changed:
            waiting = len(self._queue)
        running = sum(d.running for d in self._desks)
        return Status(waiting, running, self.processors(), sum(d.restarts for d in self._desks), self._draining)

    def processors(self) -> tuple[str, ...]:
        """What computes in the workers that are up; the same recipe may give other last bits on another."""
        return tuple(desk.processor for desk in self._desks if desk.up)

    def drain(self) -> None:
        """Take nothing new from now on; what waits and runs goes on, and `status` tells when it is done."""
        with self._changed:
            self._draining = True

    def close(self) -> None:
        """End the workers; work that is not done fails with EngineError."""
        with self._changed:
            self._closed = True
            waiting = self._queue.clear()
            self._changed.notify_all()
        for job in waiting:
            job.fail(EngineError("the engine is closed"))
        for desk in self._desks:
            desk.stop()
        for desk in self._desks:
            if desk.thread.ident is not None:
                desk.thread.join(timeout=10)

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take(self) -> list[Job] | None:
        """The next batch of jobs of one model, waiting for it; None when the engine is closed. For the desks."""
        with self._changed:
            while True:
                self._changed.wait_for(lambda: self._queue or self._closed)
                if self._closed:
                    return None
                self._drop_settled()
                batch = self._queue.next_batch(self._most)
                if batch:
                    return batch

    def joiners(self, jobs: Collection[Job]) -> list[Job]:
        """What may join a run of these jobs now. For the desks.

        While one is late none may: should its worker hang, that is not to show the later for it.
        """
        first, now = next(iter(jobs)), time.monotonic()
        kind = find_card(first.order.model, self.cards, self.weights).kind
        if kind not in JOINED or any(job.due < now for job in jobs):
            return []
        with self._changed:
            self._drop_settled()
            return self._queue.joiners(line_of(first), BATCH[kind] - len(jobs)) if self._queue else []

    def _most(self, model: str, looks: bool) -> int:
        """How many jobs of that line may share a run."""
        return 1 if looks else BATCH[find_card(model, self.cards, self.weights).kind]

    def _drop_settled(self) -> None:
        for job in self._queue.drop_settled(time.monotonic()):
            job.fail(Late("it waited in the queue until its deadline"))

    def take_all(self) -> list[Job]:
        """Everything that waits, leaving the queue empty. For a desk whose worker does not start."""
        with self._changed:
            return self._queue.clear()

    def again(self, jobs: list[Job], error: Exception) -> None:
        """Put jobs of a dead worker back at the head of the queue, or fail those that were tried enough."""
        with self._changed:
            for job in jobs:
                if job.tries < TRIES and not self._closed:
                    self._queue.put(job)
                else:
                    job.fail(error)
            self._changed.notify()

    def took(self, seconds: float, jobs: int) -> None:
        """Learn from a finished batch how long a job takes."""
        self._seconds_per_job += 0.2 * (seconds / max(1, jobs) - self._seconds_per_job)

    @property
    def closed(self) -> bool:
        """Whether close() was called."""
        return self._closed
