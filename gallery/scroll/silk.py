"""What a scroll is made of: damask, silk, paper and wood, drawn from numbers, so that the same scroll is the same.

Damask (绫) shows its pattern by the way its threads run: twill leans one way in the ground and the other way in the
figure, and the light does the rest. Noise is Philox's with a fixed key, never the machine's. Sizes are (width, height)
in pixels; a field is a float32 array (height, width), about -1 to 1.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Field = NDArray[np.float32]
Size = tuple[int, int]
Colour = tuple[int, int, int]
_DETAIL = 4  # motifs are drawn so many times larger and then made smaller, which smooths their edges


def noise(size: Size, cell: float, key: int) -> Field:
    """Smooth random hills, about `cell` pixels from one to the next."""
    columns, rows = (max(2, math.ceil(side / cell) + 1) for side in size)
    grid = np.random.Generator(np.random.Philox(key=key)).uniform(-1, 1, (rows, columns)).astype(np.float32)
    return np.asarray(Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC))


def grain(size: Size, key: int) -> Field:
    """Independent noise in every pixel."""
    random = np.random.Generator(np.random.Philox(key=key))
    return random.random((size[1], size[0]), dtype=np.float32) * 2 - 1


def fractal(size: Size, cell: float, key: int, octaves: int = 4) -> Field:
    """Hills upon hills, each half as high and half as wide; drawn as coarsely as the smallest allow."""
    coarse = max(1, int(cell / 2 ** (octaves - 1) / 4))
    small = (math.ceil(size[0] / coarse), math.ceil(size[1] / coarse))
    total = sum((noise(small, max(1.5, cell / coarse / 2**n), key + n) / 2**n for n in range(octaves)), np.float32(0))
    hills = np.asarray(total, dtype=np.float32)
    return hills if coarse == 1 else np.asarray(Image.fromarray(hills).resize(size, Image.Resampling.BICUBIC))


def tinted(colour: Colour, light: Field) -> Image.Image:
    """A surface of one colour under a field of light: 0 leaves it, 0.1 is a tenth lighter."""
    pixels = np.asarray(colour, dtype=np.float32) * (1 + light[..., None])
    return Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8), "RGB")


def shaded(picture: Image.Image, light: Field) -> Image.Image:
    """The picture under a field of light."""
    pixels = np.asarray(picture, dtype=np.float32) * (1 + light[..., None])
    return Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8), "RGB")


def weave(size: Size, scale: float, key: int) -> Field:
    """Plain weave, as painting silk (绢) has it: threads of uneven thickness across threads."""
    columns, rows = (np.arange(side, dtype=np.float32) / scale for side in size)
    across = np.sin(columns * 2.1 + 1.4 * noise((size[0], 1), 9 * scale, key)[0])
    down = np.sin(rows * 2.4 + 1.4 * noise((1, size[1]), 9 * scale, key + 1)[:, 0])
    seen = min(1.0, scale) ** 2  # threads finer than two pixels would only make patterns of their own
    return np.asarray(0.5 * seen * (across[None, :] + down[:, None]), dtype=np.float32)


def paper(size: Size, colour: Colour, scale: float, key: int) -> Image.Image:
    """Xuan paper, a little aged: clouds, fibres, grain."""
    clouds = fractal(size, 260 * scale, key)
    fibres = noise(size, 2.2 * scale, key + 40) * noise(size, 14 * scale, key + 41)
    return tinted(colour, 0.022 * clouds + 0.018 * fibres + 0.010 * grain(size, key + 42))


def damask(
    size: Size, colour: Colour, scale: float, key: int, *, pitch: float = 118, depth: float = 0.085
) -> Image.Image:
    """Figured silk: cloud and flower in turn, half a step down in every other column."""
    figure = _figure(size, pitch * scale)
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32) / scale
    ground, raised = np.sin((columns + rows) * 1.9), np.sin((columns - rows) * 1.9)
    twill = ground * (1 - figure) + raised * figure
    light = depth * figure + 0.030 * twill + 0.020 * fractal(size, 300 * scale, key) + 0.014 * grain(size, key + 9)
    return tinted(colour, np.asarray(light - depth * 0.3, dtype=np.float32))


def plain_silk(size: Size, colour: Colour, scale: float, key: int) -> Image.Image:
    """Unfigured silk, for narrow strips and ribbons."""
    light = 0.035 * weave(size, scale, key) + 0.018 * fractal(size, 120 * scale, key + 5)
    return tinted(colour, light)


def rod(size: Size, colour: Colour, scale: float, key: int) -> Image.Image:
    """A turned bar that lies across, with the grain of its wood along it."""
    streaks = noise((max(2, round(size[0] / 22)), size[1]), 1.6 * scale, key)
    streaks = np.asarray(Image.fromarray(streaks).resize(size, Image.Resampling.BICUBIC))
    return tinted(colour, np.asarray(roundness(size, gleam=0.75) + 0.10 * streaks, dtype=np.float32))


def roundness(size: Size, *, gleam: float) -> Field:
    """The light on a bar that lies across, lit from above."""
    rows = np.linspace(-1, 1, size[1], dtype=np.float32)[:, None]
    curve = np.sqrt(np.clip(1 - rows**2, 0, 1)) - 0.62 - 0.34 * rows
    light: Field = np.asarray(0.62 * curve + gleam * np.exp(-(((rows + 0.45) / 0.16) ** 2)), dtype=np.float32)
    return np.asarray(np.repeat(light, size[0], axis=1), dtype=np.float32)


def _figure(size: Size, pitch: float) -> Field:
    """Where the figure of the damask stands: 1 inside, 0 outside, soft at the edge."""
    step = max(8, round(pitch))
    tile = _tile(step)
    rows, columns = math.ceil(size[1] / tile.shape[0]) + 1, math.ceil(size[0] / tile.shape[1]) + 1
    return np.tile(tile, (rows, columns))[: size[1], : size[0]]


@lru_cache(maxsize=32)
def _tile(step: int) -> Field:
    """One repeat, 2 x 2 steps: flowers on the even places, clouds on the odd ones, so that columns are staggered."""
    side = 2 * step * _DETAIL
    sheet = Image.new("L", (3 * side, 3 * side))
    draw = ImageDraw.Draw(sheet)
    for row in range(-1, 7):
        for column in range(-1, 7):
            centre = ((column + 0.5) * side / 2, (row + 0.5) * side / 2)
            motif = _flower if (row + column) % 2 == 0 else _cloud
            motif(draw, centre, step * _DETAIL * 0.40)
    middle = sheet.crop((side, side, 2 * side, 2 * side)).resize((2 * step, 2 * step), Image.Resampling.BOX)
    return np.asarray(middle, dtype=np.float32) / np.float32(255)


def _flower(draw: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float) -> None:
    """A round flower (团花): eight petals, a ring, a heart."""
    width = max(1, round(radius * 0.085))
    for petal in range(8):
        turn = petal * math.tau / 8
        x, y = centre[0] + 0.60 * radius * math.cos(turn), centre[1] + 0.60 * radius * math.sin(turn)
        _disc(draw, (x, y), 0.30 * radius, 255)
        _disc(draw, (x, y), 0.30 * radius - width, 0)
        _disc(
            draw,
            (centre[0] + 0.70 * radius * math.cos(turn), centre[1] + 0.70 * radius * math.sin(turn)),
            0.12 * radius,
            255,
        )
    _disc(draw, centre, 0.40 * radius, 255)
    _disc(draw, centre, 0.40 * radius - width, 0)
    for seed in range(6):
        turn = (seed + 0.5) * math.tau / 6
        _disc(
            draw,
            (centre[0] + 0.20 * radius * math.cos(turn), centre[1] + 0.20 * radius * math.sin(turn)),
            0.08 * radius,
            255,
        )
    _disc(draw, centre, 0.08 * radius, 255)


def _cloud(draw: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float) -> None:
    """A cloud (如意云): three curls and a tail."""
    width = max(1, round(radius * 0.13))
    x, y = centre
    for dx, dy, size, start, way in (
        (-0.42, 0.05, 0.34, 0.0, 1),
        (0.42, 0.05, 0.34, math.pi, -1),
        (0.0, -0.38, 0.40, math.pi / 2, 1),
    ):
        _curl(draw, (x + dx * radius, y + dy * radius), size * radius, start, way, width)
    tail = [(x + t * radius * 0.95, y + radius * (0.52 + 0.10 * math.sin(t * 4.2))) for t in np.linspace(-1, 1, 40)]
    _stroke(draw, tail, width)


def _curl(
    draw: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float, start: float, way: int, width: int
) -> None:
    points = []
    for t in np.linspace(0, 1, 60):
        turn, reach = start + way * t * 1.55 * math.tau, radius * (1 - 0.86 * t)
        points.append((centre[0] + reach * math.cos(turn), centre[1] + reach * math.sin(turn)))
    _stroke(draw, points, width)


def _stroke(draw: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: int) -> None:
    for point in points:
        _disc(draw, point, width / 2, 255)
    draw.line(points, fill=255, width=width)


def _disc(draw: ImageDraw.ImageDraw, centre: tuple[float, float], radius: float, value: int) -> None:
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=value)
