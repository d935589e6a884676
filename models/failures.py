"""What can keep the engine from doing its work; errors of a recipe itself are in recipe.py."""

from __future__ import annotations


class EngineError(RuntimeError):
    """Work that could not be done.

    EngineError
    |-- QueueFull    too many wait; `wait_s` says when to come back
    |-- Late         not done by its deadline
    |-- Closing      the house is about to close and takes nothing new
    |-- WorkerDied   the worker died under it, twice
    +-- JobFailed    the network raised an error of its own
    """


class QueueFull(EngineError):
    """The queue is full; in about `wait_s` seconds there should be room."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"the queue is full; try again in {wait_s:.0f} s")
        self.wait_s = wait_s


class Late(EngineError):
    """The work was not done by its deadline."""


class Closing(EngineError):
    """The house is about to close: what waits and runs is finished, nothing new is taken."""


class WorkerDied(EngineError):
    """The worker process died while it did this work."""


class JobFailed(EngineError):
    """The network raised an error; the message is its own."""
