"""The chronicle: how the last hour went, minute by minute, in memory, for the keepers' page.

Counted are answers by kind of address, how long they took, which were refused (the visitor can mend it, or the house is
full for the moment) and which failed, and how many works waited. No visitor, work or address is in it; for longer than
an hour there is `/metrics`, which a Prometheus of the keeper's gathers.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field

MINUTES = 60
STREAM = "stream"  # kind of the addresses that stay open as long as a page: how long says nothing
MOST_TIMES = 512  # of a kind in a minute that are kept; beyond that every second one is, so that memory is bounded


@dataclass
class Minute:
    """One minute: answers, refusals and failures by kind, seconds that answers took by kind, most that waited."""

    at: int
    answers: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=dict)
    waiting: int = 0


@dataclass(frozen=True)
class Pace:
    """How a kind of address was answered in the last hour: how often, refused, failed; median, and 19 of 20, in ms."""

    kind: str
    answers: int
    refused: int
    failed: int
    p50_ms: float
    p95_ms: float


def quantile(times: list[float], share: float) -> float:
    """The smallest of the times within which that share of them lies; 0 of none.

    >>> quantile([3.0, 1.0, 2.0, 4.0], 0.5), quantile([3.0, 1.0, 2.0, 4.0], 0.95), quantile([], 0.5)
    (2.0, 4.0, 0.0)
    """
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))] if ordered else 0.0


class Chronicle:
    """Thread-safe; nothing of it outlasts the process."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._minutes: deque[Minute] = deque(maxlen=MINUTES)
        self._turns: Counter[str] = Counter()

    def note(self, kind: str, status: str, seconds: float, waiting: int) -> None:
        """An answer of that kind and HTTP status ("aborted" for none) went out, while so many works waited."""
        with self._lock:
            now = self._now()
            now.answers[kind] += 1
            now.waiting = max(now.waiting, waiting)
            if status == "503" or status.startswith("4"):
                now.refused[kind] += 1
            elif status.startswith("5") or status == "aborted":
                now.failed[kind] += 1
            if kind == STREAM:
                return
            times = now.seconds.setdefault(kind, [])
            self._turns[kind] += 1
            if len(times) < MOST_TIMES:
                times.append(seconds)
            elif self._turns[kind] % 2:
                times[self._turns[kind] // 2 % MOST_TIMES] = seconds

    def last_hour(self) -> list[Minute]:
        """Sixty minutes, the oldest first; those in which nothing happened are empty."""
        with self._lock:
            latest = self._now().at
            known = {minute.at: minute for minute in self._minutes}
            return [known.get(at) or Minute(at) for at in range(latest - MINUTES + 1, latest + 1)]

    def paces(self) -> list[Pace]:
        """The hour by kind of address, the most frequent first."""
        hour = self.last_hour()
        total = sum((minute.answers for minute in hour), Counter[str]())
        return [self._pace(kind, hour) for kind, _ in total.most_common()]

    def _pace(self, kind: str, hour: list[Minute]) -> Pace:
        times = [seconds for minute in hour for seconds in minute.seconds.get(kind, [])]
        answers, refused, failed = (
            sum(counts[kind] for counts in column)
            for column in ([m.answers for m in hour], [m.refused for m in hour], [m.failed for m in hour])
        )
        return Pace(kind, answers, refused, failed, 1000 * quantile(times, 0.5), 1000 * quantile(times, 0.95))

    def _now(self) -> Minute:
        at = int(self._clock() // 60)
        if not self._minutes or self._minutes[-1].at != at:
            self._minutes.append(Minute(at))
        return self._minutes[-1]
