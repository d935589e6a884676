"""Ink: a painting brought to the size of the scroll as if painted on silk, and characters written with a brush.

A painting of 64 pixels is grown step by step with a little sharpening, its edges are let run as ink runs along fibres,
and the threads of the silk show through, strongest in the middle tones; one that is large enough is only given the
silk. Nothing is painted that was not there. A character keeps the outline of its font; its ink thins as the brush
empties and is dipped again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from gallery.scroll.hands import Hand, glyph
from gallery.scroll.silk import Field, Size, fractal, grain, noise, weave

INK = (34, 29, 26)
_RUN = 0.26  # how far ink runs, in pixels of the painting
_DIP = 9  # characters that a full brush writes


def on_silk(painting: Image.Image, size: Size, scale: float, key: int) -> Image.Image:
    """The painting at that size, on silk; it should have the shape of `size`."""
    growth = max(size[0] / painting.width, size[1] / painting.height)
    grown = _grow(painting, size)
    if growth > 1.5:
        grown = _let_run(grown, growth, key)
    pixels = np.asarray(grown, dtype=np.float32)
    tone = pixels.mean(axis=2) / 255
    threads = weave(size, scale, key + 20)
    middle = 1 - (2 * tone - 1) ** 2
    light = (0.014 + 0.036 * middle) * threads + (0.012 + 0.045 * (1 - tone)) * grain(size, key + 21)
    light += 0.018 * fractal(size, 210 * scale, key + 22)
    return Image.fromarray(np.clip(pixels * (1 + light[..., None]) + 0.5, 0, 255).astype(np.uint8), "RGB")


def _grow(painting: Image.Image, size: Size) -> Image.Image:
    """Doubled again and again: lightness sharpened, but never past what stood around it; colour only smoothed."""
    light, *colours = painting.convert("YCbCr").split()
    while light.width * 2 <= size[0] and light.height * 2 <= size[1]:
        light = _doubled(light)
    grown = [light.resize(size, Image.Resampling.BICUBIC)]
    grown += [c.filter(ImageFilter.GaussianBlur(0.7)).resize(size, Image.Resampling.BICUBIC) for c in colours]
    return Image.merge("YCbCr", grown).convert("RGB")


def _doubled(light: Image.Image) -> Image.Image:
    double = (light.width * 2, light.height * 2)
    low, high = (
        light.filter(sort(3)).resize(double, Image.Resampling.BILINEAR)
        for sort in (ImageFilter.MinFilter, ImageFilter.MaxFilter)
    )
    smooth = light.resize(double, Image.Resampling.BICUBIC)
    sharp = smooth.filter(ImageFilter.UnsharpMask(radius=2, percent=110, threshold=0))
    return Image.blend(ImageChops.lighter(ImageChops.darker(sharp, high), low), smooth, 0.45)


def _let_run(picture: Image.Image, growth: float, key: int) -> Image.Image:
    """Every point taken from a little way off, along hills of noise."""
    size = picture.size
    reach = _RUN * growth
    dx, dy = (reach * fractal(size, 1.5 * growth, key + n, octaves=3) for n in (1, 11))
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    x, y = np.clip(columns + dx, 0, size[0] - 1.001), np.clip(rows + dy, 0, size[1] - 1.001)
    left, top = x.astype(np.int32), y.astype(np.int32)
    fx, fy = (x - left)[..., None], (y - top)[..., None]
    pixels = np.asarray(picture, dtype=np.float32)
    right, below = np.minimum(left + 1, size[0] - 1), np.minimum(top + 1, size[1] - 1)
    upper = pixels[top, left] * (1 - fx) + pixels[top, right] * fx
    lower = pixels[below, left] * (1 - fx) + pixels[below, right] * fx
    return Image.fromarray(np.clip(upper * (1 - fy) + lower * fy + 0.5, 0, 255).astype(np.uint8), "RGB")


@dataclass
class Brush:
    """A brush that writes on a sheet and knows how long ago it was dipped; `key` makes its small unsteadiness."""

    sheet: Image.Image
    hand: Hand
    key: int
    colour: tuple[int, int, int] = INK
    written: int = 0

    def write(self, character: str, centre: tuple[float, float], em: float, turn: float = 0.0) -> None:
        """One character about that centre, turned by `turn` degrees anticlockwise."""
        steady = np.random.Generator(np.random.Philox(key=self.key + 977 * self.written))
        sway, lean, swell = steady.uniform(-1, 1, 3)
        mask = glyph(self.hand, character, em * (1 + 0.035 * swell))
        if mask is None:
            return
        mask = self._dry(mask, em)
        if turn or lean:
            mask = mask.rotate(turn + 1.2 * lean, Image.Resampling.BICUBIC, expand=True)
        x, y = centre[0] - mask.width / 2 + 0.03 * em * sway, centre[1] - mask.height / 2
        self.sheet.paste(self.colour, (round(x), round(y)), mask)
        self.written += 1

    def _dry(self, mask: Image.Image, em: float) -> Image.Image:
        """Ink as it is after so many characters: from full to thin, streaked where the brush is nearly dry."""
        spent = (self.written % _DIP) / (_DIP - 1)
        size, key = mask.size, self.key + 31 * self.written
        streaks = noise(size, max(1.6, em / 34), key) * noise(size, max(3.0, em / 7), key + 1)
        body = (
            0.97
            - 0.17 * spent
            - 0.55 * spent * np.clip(streaks - 0.05, 0, 1)
            - 0.05 * np.abs(noise(size, em / 3, key + 2))
        )
        ink: Field = np.asarray(mask, dtype=np.float32) * np.clip(body, 0, 1)
        return Image.fromarray(np.clip(ink + 0.5, 0, 255).astype(np.uint8), "L")


def columns_of(
    texts: tuple[str, ...], *, right: float, top: float, em: float, pitch: float, step: float
) -> list[tuple[str, float, float]]:
    """(character, x, y) of its centre for columns set from the right, each from the top.

    >>> columns_of(("山水",), right=100, top=0, em=20, pitch=30, step=24)
    [('山', 85.0, 12.0), ('水', 85.0, 36.0)]
    """
    places = []
    for column, text in enumerate(texts):
        for row, character in enumerate(text):
            places.append((character, right - pitch * (column + 0.5), top + step * (row + 0.5)))
    return places


def fit(lines: tuple[str, ...], *, width: float, height: float, most: float, air: float = 1.22) -> tuple[float, float]:
    """(em, pitch): the largest size at which the lines stand in that room as columns, and the width of a column."""
    longest = max(len(line) for line in lines)
    em = min(most, height / (air * longest), width / (1.28 * len(lines)))
    return em, min(1.85 * em, width / len(lines))


def rounded(value: float) -> int:
    """To the next whole pixel, halves up.

    >>> rounded(2.5), rounded(3.5)
    (3, 4)
    """
    return math.floor(value + 0.5)
