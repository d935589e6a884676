"""Paintings a second served through the engine, as PNG files, over the raw network's best batch.

Served means: eight threads submit recipes of the shipped painter, each with as many on their way as one visitor may ask
for, and each encodes what it gets as the gallery stores it, recipe included. `watched` is the same with somebody
following every painting's stages. Raw means `_raw.py`: the network alone in a process of its own, one thread as well,
in the batch size that suits it best. All take turns in every round. Ratios are of medians. Budget: served / raw >= .7.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from itertools import count
from pathlib import Path
from typing import Any

from gallery.images import Pixels, encode_png
from models import find_card
from models.desk import MALLOC
from models.engine import Engine
from models.painting_gan import wishes
from models.recipe import Picture, Recipe, Result, Stage

ROOT = Path(__file__).parent.parent.parent
ROUNDS = 7
ROUND_S = 2.5
SUBMITTERS = 8
AHEAD = 8
Listener = Callable[[Stage], None]


def main() -> dict[str, Any]:
    """Lets the three take turns and compares."""
    raw: dict[str, list[float]] = {}
    served: list[float] = []
    watched: list[float] = []
    with Engine(devices=("cpu",), queue_size=SUBMITTERS * AHEAD) as engine, start("tests.bench._raw") as network:
        seeds = count()
        serve(engine, seeds, None)
        for _ in range(ROUNDS):
            served.append(serve(engine, seeds, None))
            watched.append(serve(engine, seeds, _follow))
            for batch, rate in ask(network).items():
                raw.setdefault(batch, []).append(rate)
        network.terminate()
    middle = {batch: statistics.median(rates) for batch, rates in raw.items()}
    best = max(middle, key=lambda batch: middle[batch])
    return {
        "bench": "engine",
        "rounds": ROUNDS,
        "raw_per_s": {batch: round(rate, 1) for batch, rate in middle.items()},
        "best_batch": int(best),
        "served_per_s": round(statistics.median(served), 1),
        "watched_per_s": round(statistics.median(watched), 1),
        "ratio": round(statistics.median(served) / middle[best], 3),
        "ratio_watched": round(statistics.median(watched) / middle[best], 3),
        "ratio_best": round(max(served) / max(raw[best]), 3),
        "bar": 0.7,
    }


def start(module: str) -> subprocess.Popen[str]:
    """The network in a process set up as the worker's is, or the comparison would flatter us."""
    command = [sys.executable, "-m", module]
    environment = MALLOC | dict(os.environ)
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def ask(network: subprocess.Popen[str]) -> dict[str, float]:
    """One round of a process that `start` started: pictures a second, by name."""
    assert network.stdin is not None
    assert network.stdout is not None
    network.stdin.write("\n")
    network.stdin.flush()
    rates: dict[str, float] = json.loads(network.stdout.readline())
    return rates


def serve(engine: Engine, seeds: count[int], listener: Listener | None, *, side: int | None = None) -> float:
    """Paintings a second that come out as files while every submitter keeps its share of the queue full."""
    done: list[int] = []
    until = time.monotonic() + ROUND_S
    submitters = [
        threading.Thread(target=lambda: done.append(_submit(engine, seeds, until, listener, side)))
        for _ in range(SUBMITTERS)
    ]
    began = time.perf_counter()
    for submitter in submitters:
        submitter.start()
    for submitter in submitters:
        submitter.join()
    return sum(done) / (time.perf_counter() - began)


def _submit(engine: Engine, seeds: count[int], until: float, listener: Listener | None, side: int | None) -> int:
    """One visitor after another: how many paintings were asked for, painted and encoded before it was over."""
    card, done = find_card("painting-shanshui"), 0
    waiting: deque[tuple[Recipe, Future[Result]]] = deque()
    while waiting or time.monotonic() < until:
        while len(waiting) < AHEAD and time.monotonic() < until:
            recipe = wishes.recipe(card=card, label="shanshui", seed=next(seeds), side=side)
            waiting.append((recipe, engine.submit(recipe, deadline_s=120, on_stage=listener)))
        recipe, future = waiting.popleft()
        picture = future.result()
        assert isinstance(picture, Picture)
        assert encode_png(Pixels(picture.pixels, picture.width, picture.height), recipe=recipe.to_json())
        done += 1
    return done


def _follow(stage: Stage) -> None:
    """Somebody watches; what is shown costs the page and not the engine."""
