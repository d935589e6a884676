"""A painting of few pixels made large: its lightness is drawn out along its own edges, as strokes are.

Where a picture is grown more than a few times, smoothing shows blur and sharpening shows pixels. So each point takes
the mean of what lies along the edge through it, a little way to both sides, and is sharpened across; the result stays
between the darkest and the lightest of the pixels around, so that nothing appears that was not painted.
Sources: structure tensors and smoothing along them, J. Weickert, Coherence-Enhancing Diffusion Filtering (1999);
line integrals, B. Cabral and L. Leedom, Imaging Vector Fields Using Line Integral Convolution (1993).
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from gallery.scroll.silk import Field, Size

TIMES = 6  # how many times larger than the painting the strokes are drawn
_REACH = 0.8  # how far to each side a stroke goes, in pixels of the painting
_KEPT = 0.2  # how much of the plain enlargement stays
_STEPS = 5
Flow = tuple[Field, Field]


def drawn_out(light: Image.Image) -> Image.Image:
    """A channel of lightness TIMES as large, in strokes."""
    size = (light.width * TIMES, light.height * TIMES)
    plain = large = np.asarray(light.resize(size, Image.Resampling.BICUBIC), dtype=np.float32)
    for _ in range(2):
        drawn = _image(_along(large, _flow(large)))
        sharp = drawn.filter(ImageFilter.UnsharpMask(radius=0.35 * TIMES, percent=115, threshold=0))
        large = np.asarray(sharp, dtype=np.float32)
    low, high = (_around(light, sort(3), size) for sort in (ImageFilter.MinFilter, ImageFilter.MaxFilter))
    return _image((1 - _KEPT) * np.clip(large, low, high) + _KEPT * plain)


def sample(field: Field, x: Field, y: Field) -> Field:
    """The field (height, width) at places between its pixels; beyond its border, as at the border."""
    height, width = field.shape
    x, y = np.clip(x, 0, width - 1.001), np.clip(y, 0, height - 1.001)
    left, top = x.astype(np.int32), y.astype(np.int32)
    fx, fy, flat, first = x - left, y - top, field.ravel(), top * width + left
    upper = flat[first] * (1 - fx) + flat[first + 1] * fx
    lower = flat[first + width] * (1 - fx) + flat[first + width + 1] * fx
    return np.asarray(upper * (1 - fy) + lower * fy, dtype=np.float32)


def _flow(light: Field) -> Flow:
    """The direction of the edge at every point, as the cosine and sine of its angle."""
    down, across = (np.asarray(step, dtype=np.float32) for step in np.gradient(_blurred(light, 0.45 * TIMES)))
    wide = 0.9 * TIMES
    xx, yy, xy = (_blurred(part, wide) for part in (across * across, down * down, across * down))
    angle = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


def _along(light: Field, flow: Flow) -> Field:
    """The mean along the flow through every point, the nearer the weightier."""
    rows, columns = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    total, weight, stride = light.copy(), np.float32(1), np.float32(_REACH * TIMES / _STEPS)
    for way in (1, -1):
        x, y, dx, dy = columns, rows, flow[0] * way, flow[1] * way
        for step in range(1, _STEPS + 1):
            x, y = x + stride * dx, y + stride * dy
            near = np.float32(np.exp(-0.5 * (1.6 * step / _STEPS) ** 2))
            total, weight = total + near * sample(light, x, y), weight + near
            dx, dy = _onward(flow, (x, y), (dx, dy))
    return np.asarray(total / weight, dtype=np.float32)


def _onward(flow: Flow, place: Flow, came: Flow) -> Flow:
    """The flow at a place, taken the way that one came and not back."""
    height, width = flow[0].shape
    column = np.clip(np.rint(place[0]), 0, width - 1).astype(np.int32)
    row = np.clip(np.rint(place[1]), 0, height - 1).astype(np.int32)
    dx, dy = flow[0][row, column], flow[1][row, column]
    turn = np.where(dx * came[0] + dy * came[1] < 0, np.float32(-1), np.float32(1))
    return dx * turn, dy * turn


def _blurred(field: Field, radius: float) -> Field:
    """A box blur of that radius, twice each way, which is nearly a Gaussian's."""
    reach = max(1, round(radius))
    for axis in (0, 1, 0, 1):
        border = [(reach + 1, reach) if one == axis else (0, 0) for one in (0, 1)]
        sums = np.pad(field, border, mode="edge").cumsum(axis=axis, dtype=np.float64)
        length, span = field.shape[axis], 2 * reach + 1
        ends = np.take(sums, np.arange(span, span + length), axis) - np.take(sums, np.arange(length), axis)
        field = (ends / span).astype(np.float32)
    return field


def _around(light: Image.Image, filtered: ImageFilter.Filter, size: Size) -> Field:
    return np.asarray(light.filter(filtered).resize(size, Image.Resampling.BILINEAR), dtype=np.float32)


def _image(field: Field) -> Image.Image:
    return Image.fromarray(np.clip(field + 0.5, 0, 255).astype(np.uint8), "L")
