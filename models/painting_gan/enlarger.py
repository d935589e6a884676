"""The enlarger: a painting of 256 px becomes one of 512 px, with brushwork that 256 px cannot hold.

A residual network at the small size, then one doubling or two; it adds its detail to the smoothly enlarged picture, so
that composition and colour stay the generator's. Before all else the finest frequency is taken out (`calm`): the
generator leaves a lattice of single pixels there that real paintings do not have, and an enlarger that sees it weaves
it into every dark place. It has no noise input: one small picture is one large picture. What it adds
is invented, as it must be, and learnt from the same paintings against the same kind of discriminator (enlarging.py);
nobody else's weights are in it.

Sources: Ledig et al. 2017, "Photo-Realistic Single Image Super-Resolution Using a GAN" (SRGAN, arXiv:1609.04802); Lim
et al. 2017 (EDSR, no batch norm, arXiv:1707.02921). Doubling as in networks.py, without a lattice.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from models.painting_gan.networks import DoublingConv


class Residual(nn.Module):
    """x + conv(relu(conv(x))), (B, C, H, W); begins as the identity."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.leaky_relu(self.first(x), 0.1))  # type: ignore[no-any-return]


class Enlarger(nn.Module):
    """Pictures (B, 3, H, W) in [-1, 1] -> (B, 3, kH, kW), k = `times`, 2 or 4; hardly ever outside of [-1, 1].

    channels: feature maps at 1, 2 and perhaps 4 times the side. blocks: residual ones, at the small side.
    """

    def __init__(self, channels: tuple[int, ...] = (24, 16), blocks: int = 2) -> None:
        super().__init__()
        small, middle = channels[:2]
        self.times = 2 ** (len(channels) - 1)
        self.first = nn.Conv2d(3, small, 3, padding=1)
        self.body = nn.Sequential(*(Residual(small) for _ in range(blocks)))
        self.twice = DoublingConv(small, middle)
        if self.times == 4:
            self.between = nn.Conv2d(middle, middle, 3, padding=1)
            self.four = DoublingConv(middle, channels[2])
        self.last = nn.Conv2d(channels[-1], 3, 3, padding=1)
        for parameter in self.last.parameters():
            nn.init.normal_(parameter, std=1e-3)

    def forward(self, pictures: Tensor) -> Tensor:
        pictures = calm(pictures)
        x = self.first(pictures)
        x = F.leaky_relu(x + self.body(x), 0.1)
        x = F.leaky_relu(self.twice(x), 0.1)
        if self.times == 4:
            x = F.leaky_relu(self.between(x), 0.1)
            x = F.leaky_relu(self.four(x), 0.1)
        return smoothly(pictures, self.times) + self.last(x)  # type: ignore[no-any-return]


class Smooth(nn.Module):
    """Pictures (B, 3, H, W) in [-1, 1] -> (B, 3, kH, kW) by bicubic interpolation, with nothing new in them.

    For a painter whose own pictures hold enough, or for whom no enlarger has been taught that does them good.
    """

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def forward(self, pictures: Tensor) -> Tensor:
        return smoothly(pictures, self.times).clamp(-1, 1)


def calm(pictures: Tensor) -> Tensor:
    """Pictures (B, 3, H, W) without what changes from pixel to pixel: half a wave a pixel is gone, half that stays.

    A separable low-pass of five taps, (-1, 4, 10, 4, -1) / 16, whose response is 0 at the highest frequency, 3/4 at
    half of it.

    >>> stripes = Tensor([1.0, -1.0]).repeat(8, 4).expand(1, 3, 8, 8)
    >>> bool(calm(stripes)[..., 2:-2].abs().max() < 1e-6)
    True
    """
    taps = pictures.new_tensor([-1.0, 4.0, 10.0, 4.0, -1.0]) / 16
    planes = F.pad(pictures, (2, 2, 2, 2), mode="replicate").flatten(0, 1).unsqueeze(1)  # (3B, 1, H + 4, W + 4)
    rows = F.conv2d(planes, taps.view(1, 1, 1, 5))
    return F.conv2d(rows, taps.view(1, 1, 5, 1)).view_as(pictures)


def smoothly(pictures: Tensor, times: int) -> Tensor:
    """The same pictures so many times as large (bicubic), without anything new in them.

    >>> smoothly(Tensor(2, 3, 8, 8), 4).shape
    torch.Size([2, 3, 32, 32])
    """
    return F.interpolate(pictures, scale_factor=times, mode="bicubic", align_corners=False)
