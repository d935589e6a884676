"""The painter beside the generators of others, served over raw, and how long a slider takes with four hands on it.

raw: pictures a second of the generators alone (_rivals.py), at the side that ours paints. served: the same pictures
through the engine, encoded as PNG with their recipe, eight visitors asking ahead, at that side and as large as the
house hangs them; over the raw network of that size (_raw.py). slider: four visitors each move a slider again as soon as
their painting has come; seconds from the move to the picture. look: seconds of one whole search from a drawing. film:
seconds of film, painted and encoded, that come in a second. All take turns. Budget: served / raw >= .8 at the
generator's own side.
"""

from __future__ import annotations

import statistics
import threading
import time
from dataclasses import replace
from itertools import count
from typing import Any

from gallery.film import PAINTED, Reel
from models import find_card
from models.engine import Engine
from models.likeness import SEEN_SIDE, Likeness
from models.painting_gan import loop, wishes
from models.recipe import Picture
from tests.bench import engine as served
from tests.bench.engine import AHEAD, SUBMITTERS

ROUNDS = 5
HANDS = 4
MOVES = 12


def main() -> dict[str, Any]:
    """Lets all take turns and compares medians."""
    raw: dict[str, list[float]] = {}
    small: list[float] = []
    large: list[float] = []
    alone: list[float] = []
    side = wishes.sides(find_card("painting-shanshui"))[0]
    with (
        Engine(devices=("cpu",), queue_size=SUBMITTERS * AHEAD) as engine,
        served.start("tests.bench._rivals") as rivals,
        served.start("tests.bench._raw") as whole,
    ):
        seeds = count()
        served.serve(engine, seeds, None, side=side)
        for _ in range(ROUNDS):
            for name, rate in served.ask(rivals).items():
                raw.setdefault(name, []).append(rate)
            small.append(served.serve(engine, seeds, None, side=side))
            large.append(served.serve(engine, seeds, None))
            alone.append(max(served.ask(whole).values()))
        waits = sorted(_four_hands(engine))
        search, film_ = _search(engine), _film(engine)
        rivals.terminate()
        whole.terminate()
    middle = {name: statistics.median(rates) for name, rates in raw.items()}
    return {
        "bench": "painter",
        "side": side,
        "raw_per_s": {name: round(rate, 1) for name, rate in middle.items()},
        "over_dcgan": round(middle["ours"] / middle["dcgan"], 2),
        "over_lightweight_gan": round(middle["ours"] / middle["lightweight_gan"], 2),
        "served_per_s": round(statistics.median(small), 1),
        "ratio": round(statistics.median(small) / middle["ours"], 3),
        "served_large_per_s": round(statistics.median(large), 1),
        "ratio_large": round(statistics.median(large) / statistics.median(alone), 3),
        "slider_s": {"p50": round(waits[len(waits) // 2], 3), "p95": round(waits[int(0.95 * len(waits))], 3)},
        "look_s": round(search, 1),
        "film_s_per_s": round(film_, 3),
        "bar": 0.8,
    }


def _four_hands(engine: Engine) -> list[float]:
    """Seconds of every move of every hand."""
    card, waits = find_card("painting-shanshui"), list[float]()

    def move(hand: int) -> None:
        for step in range(MOVES):
            wish = wishes.recipe(card=card, label="shanshui", seed=hand, light=round(0.2 * step - 1.1, 1))
            began = time.perf_counter()
            engine.submit(wish, deadline_s=60, owner=f"hand {hand}").result()
            waits.append(time.perf_counter() - began)

    hands = [threading.Thread(target=move, args=(number,)) for number in range(HANDS)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    return waits


def _search(engine: Engine) -> float:
    """Seconds from a drawing of a hill to the painting that is most like it; the first one warms up."""
    card = find_card("painting-shanshui")
    rows = [bytes([60 if y > 12 + abs(x - 32) else 215] * 3) for y in range(SEEN_SIDE) for x in range(SEEN_SIDE)]
    for _ in range(2):
        order = Likeness(card.name, card.sha256, "shanshui", Picture(b"".join(rows), SEEN_SIDE, SEEN_SIDE))
        began, done = time.perf_counter(), 0.0
        while done < 1:
            found = engine.look(order, deadline_s=60).result()
            order, done = replace(order, state=found.state), found.done
    return time.perf_counter() - began


def _film(engine: Engine, seconds: int = 2) -> float:
    """Seconds of film a second: its frames through the engine, a run of them ahead, then joined."""
    card = find_card("painting-shanshui")
    stations = [wishes.recipe(card=card, label="shanshui", seed=seed) for seed in (3, 7, 12)]
    dim = int(card.facts["architecture"]["latent_dim"])
    began = time.perf_counter()
    painted = [engine.submit(one, deadline_s=120) for one in loop.frames(stations, seconds * PAINTED, dim)]
    reel: Reel | None = None
    for future in painted:
        frame = future.result()
        assert isinstance(frame, Picture)
        reel = reel or Reel(frame.width, frame.height)
        reel.add(frame.pixels)
    assert reel is not None
    reel.cut()
    reel.close()
    return seconds / (time.perf_counter() - began)
