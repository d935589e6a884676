"""Ink: a painting brought to the size of the scroll as if painted on silk, and characters written with a brush.

A small painting is grown in strokes (strokes.py), its edges are let run a little as ink runs along fibres, and the
threads of the silk show through, strongest in the middle tones; one that is large is only given the silk. A character
keeps the outline of its font; its ink thins as the brush empties and is dipped again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from gallery.scroll.hands import Hand, glyph
from gallery.scroll.silk import Field, Size, fractal, grain, noise, weave
from gallery.scroll.strokes import drawn_out, sample

INK = (34, 29, 26)
_RUN = 0.12  # how far ink runs, in pixels of the painting
_SMALL = 200  # pixels across below which a painting is grown in strokes
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
    """Lightness in strokes where the painting is small, whatever the size asked for; colour only smoothed."""
    light, *colours = painting.convert("YCbCr").split()
    if painting.width < _SMALL:
        light = drawn_out(light)
    grown = [light.resize(size, Image.Resampling.LANCZOS)]
    grown += [c.filter(ImageFilter.GaussianBlur(0.7)).resize(size, Image.Resampling.BICUBIC) for c in colours]
    return Image.merge("YCbCr", grown).convert("RGB")


def _let_run(picture: Image.Image, growth: float, key: int) -> Image.Image:
    """Every point taken from a little way off, along hills of noise."""
    size, reach = picture.size, np.float32(_RUN * growth)
    dx, dy = (reach * fractal(size, 1.5 * growth, key + n, octaves=3) for n in (1, 11))
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    channels = (np.asarray(channel, dtype=np.float32) for channel in picture.split())
    moved = np.dstack([sample(channel, columns + dx, rows + dy) for channel in channels])
    return Image.fromarray(np.clip(moved + 0.5, 0, 255).astype(np.uint8), "RGB")


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
