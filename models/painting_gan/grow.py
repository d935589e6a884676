"""A larger painter that begins by painting what a trained one painted: wider, or of twice the side.

Wider (`widen`): the trained weights lie in the corner of larger ones; what was there does not listen to the new
channels (their weights into it are 0, but learn), so the pictures are the same.

Of twice the side (`double`): the new last block hands the old last map through: each channel is convolved with the
identity, its batch norm takes back what the norm did to it (mean and deviation are measured), and gates stand nearly
open. What learns is then only the new detail, not the composition, which cost most of the images. The growing without a
fade is after Net2Net (Chen, Goodfellow & Shlens 2016, arXiv:1511.05641), the order of resolutions after Karras et al.
2018 (arXiv:1710.10196).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from models.painting_gan.networks import Generator, GeneratorConfig, SkipExcitation, UpBlock

OPEN = 3.0  # logit of a gate that lets .95 through
LISTENING = 0.1  # of a deviation: how much a new gate says before it has learnt


@torch.no_grad()
def widen(small: Generator, channels: tuple[int, ...], *, seed: int = 0) -> Generator:
    """A generator of these channels, none fewer than those of `small`, which paints the same pictures.

    Raises ValueError for channels that `small` does not fit into.
    """
    own = small.config.channels
    if len(own) != len(channels) or any(new < old for new, old in zip(channels, own, strict=True)):
        raise ValueError(f"a generator of {own} channels cannot be widened to {tuple(channels)}")
    torch.manual_seed(seed)
    config = GeneratorConfig(
        channels=channels,
        latent_dim=small.config.latent_dim,
        labels=small.config.labels,
        stage_sides=small.config.stage_sides,
    )
    large = Generator(config)
    room = large.state_dict()
    for name, value in small.state_dict().items():
        if name != "directions":
            _inlay(room[name], value, gated=name.startswith(("root.", "ups.")), transposed=name == "root.0.weight")
    large.eval()
    return large


def _inlay(room: Tensor, value: Tensor, *, gated: bool, transposed: bool) -> None:
    """Write `value` into the corner of `room`; the outputs it holds read nothing from inputs that it lacks.

    gated: the outputs are two halves, the values and their gates (GLU), each of which begins at its own half.
    """
    if room.dim() == 0:
        room.copy_(value)
        return
    if transposed:  # (inputs, outputs, H, W)
        room, value = room.transpose(0, 1), value.transpose(0, 1)
    count, half = len(value), len(value) // 2
    rows = torch.arange(count)
    if gated:
        rows = torch.cat([rows[:half], rows[:half] + len(room) // 2])
    if room.dim() == 1:
        room[rows] = value
        return
    outputs = torch.zeros_like(room[:count])
    outputs[:, : value.shape[1]] = value
    room[rows] = outputs


@torch.no_grad()
def double(small: Generator, *, seed: int = 0, count: int = 256) -> Generator:
    """A generator with one block more, which paints what `small` (in eval mode) paints at twice the side, softly.

    The new map has as many channels as the old last one. `count` latents measure that map.
    """
    channels = small.config.channels
    torch.manual_seed(seed)
    large = Generator(
        GeneratorConfig(
            channels=(*channels, channels[-1]),
            latent_dim=small.config.latent_dim,
            labels=small.config.labels,
            stage_sides=small.config.stage_sides,
        )
    )
    large.eval()
    kept = {name: value for name, value in small.state_dict().items() if name != "directions"}
    large.load_state_dict(kept, strict=False)
    z = torch.randn(count, small.config.latent_dim, generator=torch.Generator().manual_seed(seed))
    maps = [small.maps(small.roots(part))[-1] for part in torch.split(z, 32)]
    _hand_through(large.ups[-1], torch.cat(maps))  # type: ignore[arg-type]
    _stand_open(large.skips[-1])  # type: ignore[arg-type]
    return large


def _hand_through(block: UpBlock, seen: Tensor) -> None:  # seen: (N, C, H, W), the map the block will read
    width = seen.shape[1]
    own = block.conv.weight[:width]
    own.zero_()
    own[range(width), range(width)] = torch.outer(*[torch.tensor([0.25, 0.5, 0.25])] * 2)
    passed = block.conv(seen)
    mean, variance = passed.mean((0, 2, 3)), passed.var((0, 2, 3))
    block.norm.running_mean = mean
    block.norm.running_var = variance
    block.norm.weight[:width] = variance[:width].sqrt() / torch.sigmoid(torch.tensor(OPEN))
    block.norm.bias[:width] = mean[:width] / torch.sigmoid(torch.tensor(OPEN))
    block.norm.weight[width:] = LISTENING
    block.norm.bias[width:] = OPEN


def _stand_open(skip: SkipExcitation) -> None:
    last = skip.gate[-1]
    assert isinstance(last, nn.Conv2d)  # noqa: S101 (for the type checker)
    nn.init.constant_(last.bias, OPEN)  # type: ignore[arg-type]
