"""One greedy visitor among nine modest ones: who is served, in turns and, for comparison, first come first served.

Every modest visitor has two poems on the way at any time, the greedy one as many as it may. Jain's index of poems
served by visitor is (sum x)^2 / (n sum x^2): 1 when all get the same, .1 when one gets everything. `worst_over_mean` is
the least served visitor's share. `anonymous` is the same crowd without names, which the engine cannot tell apart.
Source: Jain, Chiu & Hawe 1984, https://arxiv.org/abs/cs/9809099. Budget: jain >= .95.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from itertools import count
from typing import Any

from models import find_card
from models.engine import Engine, QueueFull
from models.poem_rnn import wishes
from models.recipe import Result

VISITORS, GREED, ROUND_S = 10, 40, 20.0


def main() -> dict[str, Any]:
    """Both crowds, one after the other, on one engine."""
    with Engine(devices=("cpu",), queue_size=64) as engine:
        engine.submit(_poem(0), deadline_s=120).result()
        named, anonymous = _crowd(engine, named=True), _crowd(engine, named=False)
    return {
        "bench": "fair",
        "visitors": VISITORS,
        "seconds": ROUND_S,
        "served": named,
        "jain": round(jain(named), 3),
        "worst_over_mean": round(min(named) * VISITORS / sum(named), 3),
        "jain_anonymous": round(jain(anonymous), 3),
        "worst_over_mean_anonymous": round(min(anonymous) * VISITORS / sum(anonymous), 3),
        "bar": 0.95,
    }


def jain(served: Sequence[int]) -> float:
    """Jain's index of fairness.

    >>> jain([3, 3, 3]), jain([9, 0, 0])
    (1.0, 0.3333333333333333)
    """
    return sum(served) ** 2 / (len(served) * sum(x * x for x in served))


def _crowd(engine: Engine, *, named: bool) -> list[int]:
    """Poems served to each visitor; the first is the greedy one."""
    served, until = [0] * VISITORS, time.monotonic() + ROUND_S

    def ask(visitor: int) -> None:
        waiting: deque[Future[Result]] = deque()
        owner, most = f"visitor {visitor}" if named else "", GREED if visitor == 0 else 2
        for seed in count(1000 * visitor):
            if time.monotonic() > until:
                break
            try:
                waiting.append(engine.submit(_poem(seed), deadline_s=120, owner=owner))
            except QueueFull:
                time.sleep(0.01)
            if len(waiting) >= most or (waiting and waiting[0].done()):
                waiting.popleft().result()
                served[visitor] += time.monotonic() <= until
        for future in waiting:
            future.cancel()

    visitors = [threading.Thread(target=ask, args=(number,)) for number in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    return served


def _poem(seed: int) -> Any:
    return wishes.recipe("五绝", seed, find_card("poem-tangsong"), candidates=1)
