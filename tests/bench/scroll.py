"""Processor seconds to mount a scroll, over those its painting and its poem take in the networks themselves.

Painting, poem and scroll are made in turn by one process on one thread, as the worker and the web process would; every
kind of mount is measured at full size, and the preview beside it. Ratios are of medians. `slowest` is the largest of
them; the file is a PNG with its recipe, as it is stored.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from gallery import scroll
from gallery.images import Pixels, encode_png
from models import find_card, load
from models.painting_gan import wishes as painting_wishes
from models.poem_rnn import wishes as poem_wishes
from models.recipe import Picture, Poem, Recipe, Result

ROUNDS = 5


def main() -> dict[str, Any]:
    """Makes so many scrolls of each kind, and compares."""
    painter, poet = (find_card(name) for name in ("painting-shanshui", "poem-tangsong"))
    makers = {"painting": load(painter), "poem": load(poet)}
    times: dict[str, list[float]] = {}
    for seed in range(ROUNDS + 1):  # the first only opens fonts and networks
        asked = {
            "painting": painting_wishes.recipe(card=painter, label="shanshui", seed=seed),
            "poem": poem_wishes.recipe("七绝", seed, poet),
        }
        made = {kind: _timed(times, kind, partial(_cook, makers[kind], asked[kind])) for kind in asked}
        for mount in scroll.CHOICES["mount"]:
            _mount(times, mount, made)
    middle = {name: statistics.median(values[1:]) for name, values in times.items()}
    cooked = middle["painting"] + middle["poem"]
    ratios = {mount: round(middle[mount] / cooked, 3) for mount in scroll.CHOICES["mount"]}
    return {
        "bench": "scroll",
        "rounds": ROUNDS,
        **{f"{name}_s": round(value, 3) for name, value in middle.items()},
        "ratios": ratios,
        "ratio": ratios["hanging"],
        "ratio_preview": round(middle["preview"] / cooked, 3),
        "slowest": max(ratios.values()),
    }


def _cook(maker: Any, recipe: Recipe) -> Result:
    result: Result = maker.run([recipe], lambda _index, _stage: None, lambda _index: False)[0]
    return result


def _mount(times: dict[str, list[float]], mount: str, made: dict[str, Any]) -> None:
    """One scroll at full size; of the hanging kind its preview and its file besides."""
    painting, poem = made["painting"], made["poem"]
    assert isinstance(painting, Picture)
    assert isinstance(poem, Poem)
    sheet = scroll.Sheet(painting.pixels, painting.width, painting.height)
    layout = scroll.Layout("2026-11-24", mount=mount, signature="阿宁")
    whole = _timed(times, mount, lambda: scroll.compose(sheet, poem.lines, layout))
    if mount == "hanging":
        _timed(times, "preview", lambda: scroll.compose(sheet, poem.lines, layout, scale=scroll.PREVIEW))
        _timed(times, "file", lambda: encode_png(Pixels(whole.data, whole.width, whole.height), recipe="{}"))


def _timed(times: dict[str, list[float]], name: str, make: Callable[[], Any]) -> Any:
    began = time.process_time()
    made = make()
    times.setdefault(name, []).append(time.process_time() - began)
    return made
