"""Generators of others at the side of ours, as published, with random weights: only their speed is compared.

Asked through standard input as _raw.py is: every line asks for a round, answered by pictures a second, batch 8, of ours
(without its enlarger) and of each rival, on one thread and taking turns. Re-implemented from: Radford et al. 2016,
"DCGAN" (arXiv:1511.06434, ngf 64); lucidrains/lightweight-gan 1.2 (MIT; after Liu et al. 2021), its defaults without
attention: latent 256, channels min(512, 2^(12 - log2 side)), nearest + blur + 3x3, noise, GLU, skip-layer excitation.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import sys
import time

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from models import find_card
from models.painting_gan.networks import GeneratorConfig
from models.painting_gan.sample import freeze, open_generator

BATCH = 8
ROUND_S = 0.8


def dcgan(side: int, *, latent: int = 100, ngf: int = 64) -> nn.Sequential:
    """z (B, latent, 1, 1) -> (B, 3, side, side)."""
    widths = [ngf * 2**i for i in reversed(range(int(math.log2(side)) - 2))]
    layers: list[nn.Module] = [
        nn.ConvTranspose2d(latent, widths[0], 4, bias=False),
        nn.BatchNorm2d(widths[0]),
        nn.ReLU(),
    ]
    for a, b in itertools.pairwise(widths):
        layers += [nn.ConvTranspose2d(a, b, 4, 2, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU()]
    return nn.Sequential(*layers, nn.ConvTranspose2d(widths[-1], 3, 4, 2, 1, bias=False), nn.Tanh())


class LightweightGan(nn.Module):
    """z (B, latent) -> (B, 3, side, side)."""

    def __init__(self, side: int, *, latent: int = 256) -> None:
        super().__init__()
        self.latent = latent
        steps = int(math.log2(side)) - 2
        widths = [512, *(min(512, 2 ** (12 - step)) for step in range(3, 3 + steps))]
        self.root = nn.Sequential(
            nn.ConvTranspose2d(latent, 2 * widths[0], 4), nn.BatchNorm2d(2 * widths[0]), nn.GLU(1)
        )
        self.convs = nn.ModuleList(nn.Conv2d(a, 2 * b, 3, padding=1) for a, b in itertools.pairwise(widths))
        self.norms = nn.ModuleList(nn.BatchNorm2d(2 * b) for b in widths[1:])
        self.noise = nn.Parameter(torch.zeros(steps))
        pairs = {i: (widths[i - 3], widths[i + 1]) for i in range(3, steps)}
        self.gates = nn.ModuleDict(
            {
                str(i): nn.Sequential(
                    nn.AdaptiveAvgPool2d(4),
                    nn.Conv2d(small, max(3, large // 2), 4),
                    nn.LeakyReLU(0.1),
                    nn.Conv2d(max(3, large // 2), large, 1),
                    nn.Sigmoid(),
                )
                for i, (small, large) in pairs.items()
            }
        )
        blur = torch.outer(*[torch.tensor([1.0, 2.0, 1.0])] * 2)
        self.register_buffer("blur", (blur / blur.sum())[None, None])
        self.out = nn.Conv2d(widths[-1], 3, 3, padding=1)

    def forward(self, z: Tensor) -> Tensor:
        x = self.root(z[:, :, None, None])
        seen = [x]
        for i, (conv, norm) in enumerate(zip(self.convs, self.norms, strict=True)):
            x = F.interpolate(x, scale_factor=2)
            x = F.conv2d(x, self.blur.expand(x.shape[1], -1, -1, -1), padding=1, groups=x.shape[1])  # type: ignore[operator]
            x = conv(x)
            x = x + self.noise[i] * torch.randn(len(x), 1, *x.shape[2:])
            x = F.glu(norm(x), dim=1)
            if str(i) in self.gates:
                x = x * self.gates[str(i)](seen[i - 3])
            seen.append(x)
        return torch.tanh(self.out(x))


def main() -> None:
    """Answer until the input ends."""
    os.nice(5)
    torch.set_num_threads(1)
    card = find_card("painting-shanshui")
    ours = freeze(open_generator(card.weights, GeneratorConfig(**card.facts["architecture"])))
    side = ours.config.side
    rivals: dict[str, tuple[nn.Module, tuple[int, ...]]] = {
        "ours": (ours, (BATCH, ours.config.latent_dim)),
        "dcgan": (dcgan(side), (BATCH, 100, 1, 1)),
        "lightweight_gan": (LightweightGan(side), (BATCH, 256)),
    }
    for network, _ in rivals.values():
        network.eval().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    with torch.inference_mode():
        for _ in sys.stdin:
            print(json.dumps({name: _rate(*rival, side) for name, rival in rivals.items()}), flush=True)


def _rate(network: nn.Module, shape: tuple[int, ...], side: int) -> float:
    """Pictures a second for ROUND_S seconds after a batch that does not count."""
    assert network(torch.randn(shape)).shape == (BATCH, 3, side, side)
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < ROUND_S:
        network(torch.randn(shape))
        done += BATCH
    return done / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
