"""The two players of the painting game: a generator G(z) -> picture and a projected discriminator D(picture) -> logits.

G is a small FastGAN without its noise inputs, so that a latent z is one picture and no other. D never sees pixels: it
sees frozen features of them, mixed at random across channels and scales, which keeps it from winning too soon. Losses
and data live elsewhere. There is no lattice in the pictures because "nearest-neighbour doubling, then a 3x3
convolution" is computed here as the one transposed convolution it equals, not as a free 4x4 kernel.

Sources: Liu et al. 2021, "Towards Faster and Stabilized GAN Training" (FastGAN, arXiv:2101.04775); Sauer et al. 2021,
"Projected GANs Converge Faster" (arXiv:2111.01007); Odena et al. 2016, "Deconvolution and Checkerboard Artifacts".
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm
from transformers import PreTrainedConfig, PreTrainedModel


class GeneratorConfig(PreTrainedConfig):  # type: ignore[misc]
    """Shape of a generator.

    channels: feature maps at 4, 8, 16, ... px, one entry a resolution; the picture's side is 4 * 2**(len - 1).
    latent_dim: length of z. labels: subjects it paints. stage_sides: resolutions with a linear readout of the picture.
    directions: names of the learnt displacements of the 4x4 map; none until the export has learnt them.
    """

    model_type = "shihua_painting_generator"

    def __init__(
        self,
        channels: tuple[int, ...] = (256, 128, 96, 64, 32),
        latent_dim: int = 128,
        labels: tuple[str, ...] = ("shanshui",),
        stage_sides: tuple[int, ...] = (8, 16, 32),
        directions: tuple[str, ...] = (),
        **kwargs: Any,
    ) -> None:
        self.channels = tuple(channels)
        self.latent_dim = latent_dim
        self.labels = tuple(labels)
        self.stage_sides = tuple(stage_sides)
        self.directions = tuple(directions)
        super().__init__(**kwargs)

    @property
    def side(self) -> int:
        """Side of the square picture in pixels."""
        return int(4 * 2 ** (len(self.channels) - 1))


class DoublingConv(nn.Module):
    """Nearest-neighbour doubling followed by a zero-padded 3x3 convolution, in 16/36 of its multiplications.

    Each output pixel of the pair reads a 2x2 patch of the small map through sums of the 3x3 weights; all four phases
    together are a transposed convolution whose 4x4 kernel is the 3x3 kernel convolved with a 2x2 block of ones.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, 3, 3))
        nn.init.normal_(self.weight, std=(inputs * 9) ** -0.5)

    def kernel(self) -> Tensor:
        """The equal transposed-convolution kernel, (inputs, outputs, 4, 4)."""
        # Doubling by nearest neighbour is itself a transposed convolution with a 2x2 block of ones; a correlation with
        # w after it makes one transposed convolution with the flipped w.
        w = self.weight.flip(2, 3).transpose(0, 1)
        return F.pad(w, (0, 1, 0, 1)) + F.pad(w, (1, 0, 0, 1)) + F.pad(w, (0, 1, 1, 0)) + F.pad(w, (1, 0, 1, 0))

    def forward(self, x: Tensor) -> Tensor:
        return F.conv_transpose2d(x, self.kernel(), stride=2, padding=1)  # (B, outputs, 2H, 2W)


class UpBlock(nn.Module):
    """Doubles the side: DoublingConv, batch norm, gated linear unit."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.conv = DoublingConv(inputs, 2 * outputs)
        self.norm = nn.BatchNorm2d(2 * outputs)

    def forward(self, x: Tensor) -> Tensor:
        return F.glu(self.norm(self.conv(x)), dim=1)


class SkipExcitation(nn.Module):
    """Skip-layer excitation: a small early map decides, channel by channel, how strongly a late map speaks."""

    def __init__(self, small: int, large: int) -> None:
        super().__init__()
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(4), nn.Conv2d(small, large, 4), nn.LeakyReLU(0.1), nn.Conv2d(large, large, 1)
        )

    def forward(self, small: Tensor, large: Tensor) -> Tensor:
        return large * torch.sigmoid(self.gate(small))


class Generator(PreTrainedModel):  # type: ignore[misc]
    """z (B, latent_dim) -> picture (B, 3, side, side) in [-1, 1].

    `mean_root` holds the mean of the first 4x4 map over many z, for truncation; `readouts` are 1x1 maps, fitted after
    training, that show what the early maps already know of the picture; `directions` (K, C, 4, 4) displace the first
    map by one unit of a slider each. All three are set by the export.
    """

    config_class = GeneratorConfig
    base_model_prefix = "generator"

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__(config)
        ch = config.channels
        self.root = nn.Sequential(
            nn.ConvTranspose2d(config.latent_dim, 2 * ch[0], 4, bias=False), nn.BatchNorm2d(2 * ch[0]), nn.GLU(dim=1)
        )
        self.ups = nn.ModuleList(UpBlock(a, b) for a, b in pairwise(ch))
        # 4 -> 32, 8 -> 64, 16 -> 128 ...: each map is gated by the one an eighth of its side
        self.skips = nn.ModuleList(SkipExcitation(a, b) for a, b in zip(ch[:-3], ch[3:], strict=True))
        self.to_rgb = nn.Conv2d(ch[-1], 3, 3, padding=1)
        sides = [4 * 2**i for i in range(len(ch))]
        self.readouts = nn.ModuleDict(
            {str(side): nn.Conv2d(c, 3, 1) for side, c in zip(sides, ch, strict=True) if side in config.stage_sides}
        )
        self.register_buffer("mean_root", torch.zeros(1, ch[0], 4, 4))
        self.steer_by(config.directions, torch.zeros(len(config.directions), ch[0], 4, 4))
        self.post_init()

    def steer_by(self, names: tuple[str, ...], directions: Tensor) -> None:
        """Take learnt directions (K, C, 4, 4) and their K names; without any, a weights file holds none."""
        self.config.directions = tuple(names)
        self.register_buffer("directions", directions, persistent=bool(names))

    def _init_weights(self, module: nn.Module) -> None:
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(module.weight, std=0.02)
            if module.bias is not None:
                nn.init.zeros_(module.bias)

    def roots(self, z: Tensor) -> Tensor:
        """The first 4x4 map (B, C, 4, 4). z is scaled to unit second moment, so its length says nothing."""
        z = z * (z.square().mean(1, keepdim=True) + 1e-8).rsqrt()
        return self.root(z[:, :, None, None])  # type: ignore[no-any-return]

    def maps(self, root: Tensor, ink: Tensor | None = None, *, side: int | None = None) -> list[Tensor]:
        """Every feature map, from the root (B, C, 4, 4) to the last (B, C, side, side), or to that of another side.

        With the root of another painting as `ink`, that one's early maps gate the late ones: the composition stays,
        ground and ink become the other's.
        """
        side = self.config.side if side is None else side
        gates = None if ink is None else self.maps(ink, side=max(4, side // 8))
        maps = [root]
        for up in self.ups:
            if maps[-1].shape[-1] == side:
                break
            maps.append(up(maps[-1]))
            if len(maps) >= 4:
                small = maps[-4] if gates is None else gates[len(maps) - 4]
                maps[-1] = self.skips[len(maps) - 4](small, maps[-1])
        return maps

    def truncate(self, root: Tensor, truncation: float | Tensor) -> Tensor:
        """mu + psi (f - mu) on the 4x4 map: 1 is as drawn, smaller is closer to the mean painting."""
        moved: Tensor = self.mean_root + truncation * (root - self.mean_root)
        return moved

    def forward(self, z: Tensor, truncation: float = 1.0) -> Tensor:
        root = self.roots(z)
        if truncation != 1.0:
            root = self.truncate(root, truncation)
        return torch.tanh(self.to_rgb(self.maps(root)[-1]))


class Mixing(nn.Module):
    """Frozen random cross-channel and cross-scale mixing of four feature maps (Sauer et al. 2021, section 4.2).

    Maps (B, C_i, H_i, W_i), largest first, -> as many maps (B, width, H_i, W_i), standardised per channel by
    statistics that `calibrate` measures once on real pictures. The random weights come from `seed` alone.
    """

    def __init__(self, channels: tuple[int, ...], width: int, seed: int) -> None:
        super().__init__()
        random = torch.Generator().manual_seed(seed)
        for i, c in enumerate(channels):
            self.register_buffer(f"across_{i}", torch.randn(width, c, 1, 1, generator=random) * c**-0.5)
            self.register_buffer(f"scale_{i}", torch.randn(width, width, 3, 3, generator=random) * (9 * width) ** -0.5)
            self.register_buffer(f"mean_{i}", torch.zeros(1, width, 1, 1))
            self.register_buffer(f"std_{i}", torch.ones(1, width, 1, 1))
        self.count = len(channels)

    def mix(self, maps: list[Tensor]) -> list[Tensor]:
        """The mixed maps before standardisation."""
        mixed: list[Tensor] = []
        below: Tensor | None = None
        for i in reversed(range(self.count)):
            x = F.conv2d(maps[i], getattr(self, f"across_{i}"))
            if below is not None:
                x = x + F.interpolate(below, size=x.shape[2:], mode="bilinear", align_corners=False)
            below = F.conv2d(x, getattr(self, f"scale_{i}"), padding=1)
            mixed.insert(0, below)
        return mixed

    @torch.no_grad()
    def calibrate(self, maps: list[Tensor]) -> None:
        """Measure mean and deviation of every mixed channel on the maps of real pictures."""
        for i, x in enumerate(self.mix(maps)):
            getattr(self, f"mean_{i}").copy_(x.mean((0, 2, 3), keepdim=True))
            getattr(self, f"std_{i}").copy_(x.std((0, 2, 3), keepdim=True) + 1e-6)

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        return [(x - getattr(self, f"mean_{i}")) / getattr(self, f"std_{i}") for i, x in enumerate(self.mix(maps))]


def head(width: int, downs: int, widths: tuple[int, ...]) -> nn.Sequential:
    """Spectral-norm convolutions down `downs` times, at least one of them hidden, then one logit map."""
    layers: list[nn.Module] = []
    for w in widths[:downs]:
        layers += [spectral_norm(nn.Conv2d(width, w, 4, 2, 1)), nn.GroupNorm(8, w), nn.LeakyReLU(0.2)]
        width = w
    if not downs:
        layers += [spectral_norm(nn.Conv2d(width, 64, 3, padding=1)), nn.GroupNorm(8, 64), nn.LeakyReLU(0.2)]
        width = 64
    return nn.Sequential(*layers, spectral_norm(nn.Conv2d(width, 1, 3, padding=1)))


class Discriminator(nn.Module):
    """Feature maps of a picture, largest first -> one logit map a scale; high means "real".

    Only the heads are trained. The same `seed` gives the same frozen mixing. `widths` are the channels of a head's
    maps, each half as large as the one before; the largest features go down through all of them, the next through one
    fewer, to maps of the same side at every scale.
    """

    def __init__(
        self, channels: tuple[int, ...], *, width: int = 32, widths: tuple[int, ...] = (64, 128, 128), seed: int = 0
    ) -> None:
        super().__init__()
        self.mixing = Mixing(channels, width, seed)
        self.heads = nn.ModuleList(head(width, len(widths) - i, widths) for i in range(len(channels)))

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        return [one(x) for one, x in zip(self.heads, self.mixing(maps), strict=True)]
