"""Kindred: which words a painting asks a poem for, and which way a poem moves the sliders of a painting.

A painting is measured as the painter's own attributes are (models/painting_gan/attributes.py: CIELAB lightness, warmth,
green, steps from pixel to pixel, where the dark lies), on 64 x 64 so that its size does not count, and compared with
what our paintings usually are. A poem is read by its characters alone. Both tables are ours, made by looking at what
comes out: neither network understands the other, and the page shows what was asked.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from gallery.images import Pixels

SIDE = 64
MOST = 2.2  # how far words move a slider, of 3
# Mean and spread over 64 paintings of the shipped painter, seeds 1 to 64.
USUAL: Mapping[str, tuple[float, float]] = {
    "light": (57.8, 14.3),
    "warm": (15.0, 8.7),
    "green": (-4.2, 3.5),
    "detail": (6.6, 2.3),
    "low": (0.08, 0.19),
}
# What each group of characters asks of the sliders, every time one of them stands in the poem.
MOVES: tuple[tuple[str, Mapping[str, float]], ...] = (
    ("雪霜冰寒冬梅", {"warm": -1.4, "light": 0.7}),
    ("秋枫菊黄夕残", {"warm": 1.2}),
    ("红霞桃火", {"warm": 1.0, "light": 0.3}),
    ("春绿青翠柳草苔莺", {"green": 1.2, "light": 0.3}),
    ("夜月星暮昏灯", {"light": -1.2}),
    ("晴晓朝明", {"light": 1.0}),
    ("烟云雾雨", {"ink": -0.8, "detail": -0.5}),
    ("江湖海波舟船帆渡溪水", {"low": 1.0, "detail": -0.3}),
    ("峰岭岩崖", {"low": -1.0, "ink": 0.6}),
    ("松林竹树", {"detail": 0.8, "green": 0.4}),
    ("空远天", {"detail": -0.7, "light": 0.3}),
    ("愁泪悲孤恨", {"light": -0.6, "warm": -0.6}),
)
_TO_XYZ = np.array(
    ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
)
_WHITE = np.array((0.95047, 1.0, 1.08883))


def keywords_for(pixels: Pixels) -> tuple[str, ...]:
    """Two or three words, six characters at most, for what the painting looks like."""
    return words_for(looks_of(pixels))


def looks_of(pixels: Pixels) -> dict[str, float]:
    """What is measured of the painting, in spreads from the usual."""
    return {name: (value - USUAL[name][0]) / USUAL[name][1] for name, value in measure(pixels).items()}


def nearness(looks: Mapping[str, float], lines: Collection[str]) -> float:
    """How far a painting goes where a poem's words would move it; the lighter the better for words that say nothing."""
    wanted = sliders_for(lines, looks) or {"light": 1.0}
    return sum(value * looks[name] for name, value in wanted.items())


def words_for(looks: Mapping[str, float]) -> tuple[str, ...]:
    """The same for measures in spreads from the usual: season, hour, place.

    >>> words_for({"light": -1.2, "warm": 1.5, "green": 0.0, "detail": 0.0, "low": 1.0})
    ('秋', '夕阳', '孤舟')
    >>> words_for({"light": 1.4, "warm": -1.5, "green": 0.1, "detail": 1.0, "low": 0.0})
    ('雪', '晴', '松林')
    """
    light, warm, green = looks["light"], looks["warm"], looks["green"]
    if green > 0.8:
        season = "春"
    elif warm > 0.6:
        season = "秋"
    else:
        season = "" if warm > -0.6 else "雪" if light > 0.3 else "寒"
    hour = "晴" if light > 0.8 else "烟云" if light > -0.7 else "夕阳" if warm > 0.6 else "月夜"
    return tuple(word for word in (season, hour, _place(looks)) if word)


def _place(looks: Mapping[str, float]) -> str:
    if looks["detail"] > 0.7:
        return "松林"
    if looks["low"] > 0.6:
        return "孤舟"
    if looks["low"] < -0.5:
        return "峰"
    return "江" if looks["detail"] < -0.6 else "山"


def measure(pixels: Pixels) -> dict[str, float]:
    """Lightness, warmth, green, detail and height of a painting, whatever its size."""
    whole = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.data)
    small = np.asarray(whole.resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.float64) / 255
    lightness, a, b = lab(small)
    dark = np.clip(np.quantile(lightness, 0.9) - lightness, 0, None)
    rows = np.linspace(-1, 1, SIDE)[:, None]
    steps = sum(float(np.abs(np.diff(lightness, axis=axis)).mean()) for axis in (0, 1))
    low = float((dark * rows).sum() / max(dark.sum(), 1.0))
    return {"light": lightness.mean(), "warm": b.mean(), "green": -a.mean(), "detail": steps, "low": low}


def lab(rgb: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """sRGB in [0, 1] (H, W, 3) -> L*, a*, b* (CIELAB, D65), each (H, W)."""
    linear = np.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    xyz = linear @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return 116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])


def sliders_for(lines: Collection[str], known: Collection[str]) -> dict[str, float]:
    """Where the sliders that the painter has go for a poem; many words of one kind move them less and less.

    >>> sliders_for(["孤舟蓑笠翁", "独钓寒江雪"], ["light", "warm", "low"])
    {'light': 0.8, 'warm': -2.0, 'low': 1.6}
    """
    total: dict[str, float] = {}
    for character in "".join(lines):
        for group, moves in MOVES:
            for name, value in moves.items() if character in group else ():
                total[name] = total.get(name, 0.0) + value
    bent = {name: round(MOST * math.tanh(value / MOST), 1) for name, value in total.items() if name in known}
    return {name: value for name, value in bent.items() if value}


def telling(lines: Collection[str]) -> str:
    """The characters of a poem that moved a slider, each once.

    >>> telling(["孤舟蓑笠翁", "独钓寒江雪"])
    '孤舟寒江雪'
    """
    weighty = "".join(group for group, _ in MOVES)
    return "".join(dict.fromkeys(c for c in "".join(lines) if c in weighty))
