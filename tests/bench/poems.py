"""How fast the poet writes: beside `generate()` of transformers, beside itself in single precision, and for visitors.

All on one thread, in processor seconds a 七绝, so that whatever else runs here weighs on both sides of a ratio alike;
the best of ROUNDS rounds that alternate. `generate()` runs the same network with the same bounds (_generate.py). Of the
house's own, one stream is one candidate a line, by itself; 64 streams are 64 poems of one candidate side by side.
`of_bare_64` sets them beside the network's steps alone. `ours_8` is of eight candidates, `ours_8_together` of eight
such poems side by side. Visitors ask the engine, all at once, for a 七绝 with eight candidates a line: seconds until
theirs is whole. `one_after_the_other`: ARRIVALS come every ARRIVE_S seconds, every fourth for a 水调歌头; p50, p95 of
the seconds until a 七绝 has its first line, and is whole, where poems join a run that goes on and where nobody does.
`perplexity_cost` is of the famous Tang poems of the tests. Bars: one_stream >= 2, streams_64 >= 1.5, of_bare_64 >= .7,
perplexity_cost <= .01.
"""

from __future__ import annotations

import math
import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import torch

from models import Card, find_card
from models import engine as engines
from models.engine import Engine
from models.poem_rnn import sample, wishes
from models.poem_rnn.int8 import to_int8
from models.poem_rnn.network import Wishes
from models.poem_rnn.plan import Allowance
from models.poem_rnn.sample import Poet
from models.recipe import Kind, Poem, Recipe, Result, Stage
from tests.bench._generate import generate, speaker

TANG = Path(__file__).parent.parent / "models" / "tang.txt"
FORM, ROUNDS, STREAMS, VISITORS = "七绝", 3, 64, (1, 8, 64)
LONG, ARRIVALS, ARRIVE_S = "水调歌头", 48, 0.18


def main() -> dict[str, Any]:
    """The whole benchmark."""
    torch.set_num_threads(1)
    card = find_card("poem-tangsong")
    poet = sample.load(card, "cpu")
    ratios = _ratios(poet, card)
    return {
        "bench": "poems",
        **ratios,
        "perplexity_cost": round(_cost(poet), 4),
        "seconds_to_a_whole_poem": {str(count): _visitors(card, count) for count in VISITORS},
        "one_after_the_other": {
            "joined": _one_after_the_other(card, engines.JOINED),
            "in_batches": _one_after_the_other(card, frozenset()),
        },
        "bars": {"one_stream": 2.0, "streams_64": 1.5, "of_bare_64": 0.7, "perplexity_cost": 0.01},
    }


def _ratios(poet: Poet, card: Card) -> dict[str, Any]:
    said, allowance = (
        speaker(poet.network),
        Allowance(poet.network.config.characters, poet.network.config.doubled, None),
    )
    first = wishes.recipe(FORM, 1, card, candidates=1)
    ways: dict[str, tuple[Callable[[], object], int]] = {
        "ours_1": (lambda: [write(poet, [_recipe(card, seed, 1)]) for seed in range(4)], 4),
        "ours_64": (lambda: write(poet, [_recipe(card, seed, 1) for seed in range(STREAMS)]), STREAMS),
        "ours_8": (lambda: [write(poet, [_recipe(card, seed, 8)]) for seed in range(4)], 4),
        "ours_8_together": (lambda: write(poet, [_recipe(card, seed, 8) for seed in range(8)]), 8),
        "single_8": (lambda: write(poet, [_single(_recipe(card, seed, 8)) for seed in range(4)]), 4),
        "bare_64": (lambda: step_bare(poet, STREAMS), STREAMS),
        "generate_1": (lambda: generate(said, first, allowance, 1), 1),
        "generate_64": (lambda: generate(said, first, allowance, STREAMS), STREAMS),
    }
    spent = dict.fromkeys(ways, math.inf)
    for _ in range(ROUNDS):
        for name, (way, poems) in ways.items():
            began = time.process_time()
            way()
            spent[name] = min(spent[name], (time.process_time() - began) / poems)
    return {
        "seconds_a_poem": {name: round(seconds, 4) for name, seconds in spent.items()},
        "one_stream": round(spent["generate_1"] / spent["ours_1"], 2),
        "streams_64": round(spent["generate_64"] / spent["ours_64"], 2),
        "of_bare_64": round(spent["bare_64"] / spent["ours_64"], 2),
        "together": round(spent["ours_8"] / spent["ours_8_together"], 2),
        "eight_bits_over_single": round(spent["single_8"] / spent["ours_8"], 2),
    }


def write(poet: Poet, recipes: list[Recipe]) -> list[Poem]:
    """The poems of those recipes."""
    found = poet.run(recipes, lambda _index, _stage: None, lambda _index: False)
    return [poem for poem in found if isinstance(poem, Poem)]


@torch.inference_mode()
def step_bare(poet: Poet, count: int) -> None:
    """As many steps as a 七绝 has, of so many rows: the network alone, without bounds, draws or lines."""
    pen, characters = poet.pen, poet.network.config.lengths[FORM]
    asked = pen.ask(Wishes.none(1, poet.network.config))
    wished, state = pen.wished(asked, count).unbind(), pen.start(count)
    seen = torch.full((1, count, 5), poet.network.config.classes)
    for place in range(characters):
        x = pen.network.read(seen, pen.vectors[seen], pen.network.places(FORM)[place : place + 1])
        hidden, state = pen.network.carry(x, wished, state)
        pen.network.log_softmax(hidden[0], pen.vectors)


def _recipe(card: Card, seed: int, candidates: int) -> Recipe:
    return wishes.recipe(FORM, seed, card, candidates=candidates)


def _single(recipe: Recipe) -> Recipe:
    """The same in single precision."""
    return replace(recipe, parameters={name: value for name, value in recipe.parameters.items() if name != "bits"})


@torch.inference_mode()
def _cost(poet: Poet) -> float:
    """By how much, as a share, eight bits raise the perplexity of famous poems."""
    config, known = poet.network.config, set(poet.network.config.characters)
    verses = [re.sub(r"\W", "", row.split()[-1]) for row in TANG.read_text("utf-8").splitlines() if row[:1] != "#"]
    whole = [verse for verse in verses if len(verse) == config.lengths[FORM] and known.issuperset(verse)]
    texts = torch.tensor([[config.characters.index(character) for character in verse] for verse in whole])
    nothing = Wishes.none(len(texts), config)
    nats = [float(net(texts, form=FORM, wishes=nothing).loss) for net in (poet.network, to_int8(poet.network))]
    return math.exp(nats[1] - nats[0]) - 1


def _visitors(card: Card, count: int) -> list[float]:
    """p50 and p95 of the seconds until a visitor has a whole poem, where so many ask at once."""
    with Engine(devices=("cpu",), queue_size=max(VISITORS)) as engine:
        engine.submit(_recipe(card, 0, 8), deadline_s=300).result()
        watched = [_Watched(engine, _recipe(card, n, 8), f"visitor {n}") for n in range(count)]
        return _quantiles([one.wait() for one in watched])


def _one_after_the_other(card: Card, joined: frozenset[Kind]) -> dict[str, list[float]]:
    """Seconds to a 七绝 among longer poems, with runs of these kinds joined."""
    with Engine(devices=("cpu",), queue_size=max(VISITORS)) as engine, mock.patch.object(engines, "JOINED", joined):
        engine.submit(_recipe(card, 0, 8), deadline_s=300).result()
        watched = list[_Watched]()
        for n in range(ARRIVALS):
            form = FORM if n % 4 else LONG
            watched.append(_Watched(engine, wishes.recipe(form, n, card, candidates=8), f"visitor {n}"))
            time.sleep(ARRIVE_S)
        whole = [one.wait() for one in watched]
        short = [n for n in range(ARRIVALS) if n % 4]
        return {
            "first_line": _quantiles([watched[n].first for n in short]),
            "whole": _quantiles([whole[n] for n in short]),
        }


class _Watched:
    """A poem that is asked for now; seconds until its first line, and until it is whole."""

    def __init__(self, engine: Engine, recipe: Recipe, owner: str) -> None:
        self._began, self.first, self._whole = time.perf_counter(), math.inf, math.inf
        self._ended = threading.Event()  # `result()` may be there before its callbacks have run
        self._future = engine.submit(recipe, deadline_s=300, owner=owner, on_stage=self._see)
        self._future.add_done_callback(self._end)

    def wait(self) -> float:
        """Seconds until it is whole, when it is."""
        self._future.result()
        self._ended.wait()
        return self._whole

    def _see(self, _stage: Stage) -> None:
        self.first = min(self.first, time.perf_counter() - self._began)

    def _end(self, _future: Future[Result]) -> None:
        self._whole = time.perf_counter() - self._began
        self._ended.set()


def _quantiles(seconds: list[float]) -> list[float]:
    return [round(float(np.quantile(seconds, part)), 2) for part in (0.5, 0.95)]
