"""Directions of the generator's first map along which a painting grows lighter, warmer, denser: learnt, then verified.

A direction is a displacement of the 4x4 map for one unit of a slider, within the space of the map's own principal
components. It starts as the least-squares answer to "how does the map differ between paintings that differ in this
attribute alone", and is then taught by gradients through the frozen generator to change its own attribute by a fixed
share of a standard deviation a unit and to leave the others as they are. `verify` measures, on latents not used for
that, how often a slider moved from end to end changes its attribute all the way in one sense.

Sources: Harkonen et al. 2020, "GANSpace" (principal components; arXiv:2004.02546); Jahanian et al. 2020, "On the
steerability of generative adversarial networks" (learnt walks; arXiv:1907.07171).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from models.bfloat16 import multiplies_bfloat16
from models.painting_gan.attributes import NAMES, chroma, measure
from models.painting_gan.moods import AROUSAL, MOODS, PLEASURE, PROMISES
from models.painting_gan.networks import Generator
from models.painting_gan.wishes import STEERING

STRIDE = 0.45  # standard deviations of the attribute that one unit of a slider is taught to move
_LEAK = 0.25  # weight of what the other attributes should not do
_LENGTH = 0.004  # weight that keeps a direction among paintings the generator knows
STEPS = 7
SKETCH = 64


@dataclass(frozen=True)
class Sample:
    """Paintings to learn from: roots (N, D) flattened first maps, attributes (N, 7) in standard deviations."""

    roots: Tensor
    attributes: Tensor
    mean: Tensor
    deviation: Tensor


def paint_roots(generator: Generator, roots: Tensor, side: int | None = None) -> Tensor:
    """(B, D) flattened first maps -> pictures (B, 3, S, S); of a smaller side, what the readout there makes of them."""
    last = generator.maps(roots.view(len(roots), -1, 4, 4), side=side)[-1]
    picture: Tensor = torch.tanh(generator.to_rgb(last)) if side is None else generator.readouts[str(side)](last)
    return picture.float()


def _learning_side(generator: Generator) -> int | None:
    """Where directions are learnt: at a readout of SKETCH px, a third of the work, where the pictures are larger."""
    return SKETCH if generator.config.side > 2 * SKETCH and str(SKETCH) in generator.readouts else None


def _latents(generator: Generator, count: int, seed: int) -> Tensor:
    """(count, latent_dim), the same on every device, where the generator is."""
    random = torch.Generator().manual_seed(seed)
    return torch.randn(count, generator.config.latent_dim, generator=random).to(generator.device)


@torch.no_grad()
def draw_sample(generator: Generator, *, count: int, seed: int) -> Sample:
    """First maps and measured attributes of `count` paintings from random latents."""
    z = _latents(generator, count, seed)
    roots = torch.cat([generator.roots(part).flatten(1) for part in torch.split(z, 50)])
    side = _learning_side(generator)
    found = torch.cat([measure(paint_roots(generator, part, side)) for part in torch.split(roots, 50)])
    mean, deviation = found.mean(0), found.std(0)
    return Sample(roots, (found - mean) / deviation, mean, deviation)


def learn(generator: Generator, *, count: int = 3000, steps: int = 360, batch: int = 14, seed: int = 21) -> Tensor:
    """(7, C, 4, 4): one direction for each of attributes.NAMES, per unit of its slider."""
    sample = draw_sample(generator, count=count, seed=seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)  # the decomposition below is a randomised one
        axes, coordinates = _begin(sample)
    weights = coordinates.clone().requires_grad_(True)
    optimizer = torch.optim.Adam([weights], 3e-2)
    random = torch.Generator().manual_seed(seed)
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = 3e-2 * (1 - step / steps)
        with torch.autocast(sample.roots.device.type, torch.bfloat16, enabled=multiplies_bfloat16()):
            missed = _loss(generator, sample, (weights @ axes).float(), batch, random)
        loss = missed + _LENGTH * weights.square().sum(1).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return (weights @ axes).detach().view(len(NAMES), -1, 4, 4)


def _begin(sample: Sample, components: int = 160) -> tuple[Tensor, Tensor]:
    """Axes (P, D), each as long as the maps vary along it, and the least-squares directions in them, (7, P)."""
    centred = sample.roots - sample.roots.mean(0)
    _, size, basis = torch.pca_lowrank(centred, min(components, *centred.shape), center=False)
    spread = size / len(centred) ** 0.5
    known = torch.cat([sample.attributes, torch.ones_like(sample.attributes[:, :1])], dim=1)
    slopes = torch.linalg.lstsq(known, centred).solution[:-1]  # (7, D): of the map, per deviation, others held
    return (basis * spread).T.contiguous(), (slopes @ basis) / spread


def _loss(generator: Generator, sample: Sample, directions: Tensor, batch: int, random: torch.Generator) -> Tensor:
    """How far moved paintings are from where their attributes should be, in squared standard deviations."""
    here = sample.roots.device
    chosen = torch.randint(0, len(sample.roots), (batch,), generator=random).to(here)
    which = torch.arange(batch, device=here) % len(NAMES)
    stride = ((2 * torch.rand(batch, generator=random) - 1) * STEERING).to(here)
    roots = sample.roots[chosen] + stride[:, None] * directions[which]
    moved = paint_roots(generator, roots, _learning_side(generator))
    wanted = sample.attributes[chosen] + STRIDE * stride[:, None] * F.one_hot(which, len(NAMES))
    missed = ((measure(moved) - sample.mean) / sample.deviation - wanted).square()
    own = missed.gather(1, which[:, None]).squeeze(1)
    return (own + _LEAK * (missed.sum(1) - own)).mean()


@torch.no_grad()
def verify(generator: Generator, *, count: int = 64, seed: int = 22) -> dict[str, float]:
    """For each direction the share of `count` latents whose attribute only grows over seven steps of its slider."""
    roots = generator.roots(_latents(generator, count, seed)).flatten(1)
    found = {}
    for number, name in enumerate(NAMES):
        walk = torch.stack([measure(x)[:, number] for x in _walk(generator, roots, number)])  # (7, N)
        found[name] = float((walk[1:] > walk[:-1]).all(0).float().mean())
    return found


@torch.no_grad()
def walks(generator: Generator, *, seed: int = 24) -> Iterator[Tensor]:
    """For each direction one latent moved from end to end, (STEPS, 3, S, S): a picture of what the sliders do."""
    roots = generator.roots(_latents(generator, len(NAMES), seed)).flatten(1)
    for number in range(len(NAMES)):
        yield torch.cat(list(_walk(generator, roots[number : number + 1], number)))


def _walk(generator: Generator, roots: Tensor, number: int) -> Iterator[Tensor]:
    for step in torch.linspace(-STEERING, STEERING, STEPS).tolist():
        yield paint_roots(generator, roots + step * generator.directions[number].flatten())


@torch.no_grad()
def verify_moods(generator: Generator, *, count: int = 64, seed: int = 23) -> dict[str, float]:
    """For each mood the share of `count` latents whose pleasure and arousal both go where the mood promises."""
    roots = generator.roots(_latents(generator, count, seed)).flatten(1)
    before = _feelings(paint_roots(generator, roots))
    scale = before.std(0)
    found = {}
    for mood, sliders in MOODS.items():
        move = sum(value * generator.directions[NAMES.index(name)] for name, value in sliders.items())
        after = _feelings(paint_roots(generator, roots + torch.as_tensor(move).flatten()))
        pleasure, arousal = (((after - before) / scale).cpu() @ _weights()).unbind(1)  # (N,) each, in deviations
        kept = [index * sign > 0 for index, sign in zip((pleasure, arousal), PROMISES[mood], strict=True) if sign]
        found[mood] = float(torch.stack(kept).all(0).float().mean())
    return found


def _feelings(pictures: Tensor) -> Tensor:
    """(B, 3): light, chroma, detail, from which pleasure and arousal are made."""
    found = measure(pictures)
    return torch.stack([found[:, NAMES.index("light")], chroma(pictures), found[:, NAMES.index("detail")]], dim=1)


def _weights() -> Tensor:
    """(3, 2): from light, chroma and detail to pleasure and arousal."""
    return torch.tensor(
        [[index.get(name, 0.0) for index in (PLEASURE, AROUSAL)] for name in ("light", "chroma", "detail")]
    )
