"""What a painting can be measured by: seven attributes of its colour, ink and composition, all differentiable.

They name the sliders on the Paint page and are the targets from which the directions of the latent space are learnt
(directions.py). Colours are CIELAB (D65), whose steps are about equal to the eye. Ink is what stands out darkly from
the ground (silk or paper), whatever the ground's own tone. They measure pixels, not beauty or feeling.

Source: CIE 15:2004 for CIELAB; sRGB from IEC 61966-2-1.
"""

from __future__ import annotations

import torch
from torch import Tensor

NAMES = ("light", "warm", "green", "ink", "detail", "low", "right")
_TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
_WHITE = (0.95047, 1.0, 1.08883)
_INK = 25.0  # L* below the ground from which a pixel counts as ink
_SOFT = 4.0  # L* over which that is decided


def lab(pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """(B, 3, H, W) in [-1, 1] -> L* (0 to 100), a* (green to red), b* (blue to yellow), each (B, H, W)."""
    rgb = (pictures.clamp(-1, 1) + 1) / 2
    linear = torch.where(rgb > 0.04045, ((rgb + 0.055) / 1.055) ** 2.4, rgb / 12.92)
    xyz = torch.einsum("ij,bjhw->bihw", pictures.new_tensor(_TO_XYZ), linear)
    xyz = xyz / pictures.new_tensor(_WHITE)[:, None, None]
    f = torch.where(xyz > 0.008856, xyz.clamp_min(1e-8) ** (1 / 3), 7.787 * xyz + 16 / 116)
    x, y, z = f.unbind(1)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def measure(pictures: Tensor) -> Tensor:
    """(B, 3, H, W) in [-1, 1] -> (B, 7), in the order of NAMES.

    light: mean L*. warm: mean b*. green: mean -a*. ink: share of pixels that are ink. detail: mean step of L* from
    pixel to pixel. low, right: where the dark lies on the sheet, from -1 (top, left) to 1 (bottom, right).
    """
    lightness, a, b = lab(pictures)
    ground = lightness.flatten(1).quantile(0.9, dim=1)[:, None, None]
    ink = torch.sigmoid((ground - lightness - _INK) / _SOFT)
    dark = (ground - lightness).clamp_min(0)
    mass = dark.sum((1, 2)).clamp_min(1.0)
    rows = torch.linspace(-1, 1, pictures.shape[2], device=pictures.device)[None, :, None]
    columns = torch.linspace(-1, 1, pictures.shape[3], device=pictures.device)[None, None, :]
    across = (lightness[:, :, 1:] - lightness[:, :, :-1]).abs().mean((1, 2))
    down = (lightness[:, 1:] - lightness[:, :-1]).abs().mean((1, 2))
    means = [lightness.mean((1, 2)), b.mean((1, 2)), -a.mean((1, 2)), ink.mean((1, 2)), across + down]
    return torch.stack([*means, (dark * rows).sum((1, 2)) / mass, (dark * columns).sum((1, 2)) / mass], dim=1)


def chroma(pictures: Tensor) -> Tensor:
    """(B, 3, H, W) -> (B,) mean chroma, which is how far the colours are from grey."""
    _, a, b = lab(pictures)
    return (a.square() + b.square() + 1e-6).sqrt().mean((1, 2))
