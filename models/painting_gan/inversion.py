"""The painting of this generator that most resembles a picture: inversion by descent on latents, ink and sliders.

Four latents are chosen among five hundred by what their paintings look like from afar, then moved with the latents that
ink them and with the sliders, first by the readout at 32 px, then the best two by the one at 64 px, or by the finished
picture of a generator that has none. What counts is light, colour and where the dark lies, from 4 to 32 px; strokes are
left to the generator, which has its own. A picture no painting could be (a blue sky) is first brought to the tones that
the generator knows. What is found is an ordinary recipe: two latents and sliders. Nothing here remembers a picture.

Sources: Zhu et al. 2016, "Generative Visual Manipulation on the Natural Image Manifold" (arXiv:1609.03552); Abdal et
al. 2019, "Image2StyleGAN" (arXiv:1904.03189).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from safetensors.torch import load, save
from torch import Tensor

from models.painting_gan.attributes import lab
from models.painting_gan.networks import Generator
from models.painting_gan.wishes import STEERING

FAR, FAR_STRETCH, NEAR, NEAR_STRETCH = 60, 5, 20, 4  # steps from afar, from near, and of them in a stretch
TRIED, MOVED, FINISHED = 512, 4, 2  # latents looked at, moved (six come no nearer and are slower), and finished
AT_ONCE = 16  # sketches in a batch: a processor's cache holds no more, and is a fifth faster with them
READOUT, NEAR_READOUT = 32, 64  # px
RATE, SLIDER_RATE, BETAS = 0.05, 0.06, (0.5, 0.99)
_SIDES = ((4, 2.0), (8, 2.0), (16, 1.0), (32, 0.5))  # px at which pictures are compared, and weights
_LAYOUT = 0.5  # weight of where the dark lies, whatever its strength, against tones as they are
_EFFORT = 0.02  # weight that keeps sliders where nothing asks for them
_SPREAD = 1.6  # deviations from the generator's mean tone within which a picture is brought


@dataclass(frozen=True)
class Search:
    """Where a search stands: step, latents z and ink (P, dim), sliders (P, K), and Adam's two moments of each."""

    step: int
    values: dict[str, Tensor]  # z, ink, sliders, and for each NAME: NAME.first, NAME.second

    def pack(self) -> bytes:
        """As bytes, for the next stretch."""
        packed: bytes = save({"step": torch.tensor(self.step)} | self.values)
        return packed

    @classmethod
    def unpack(cls, state: bytes) -> Search:
        """What `pack` wrote."""
        values = load(state)
        return cls(int(values.pop("step")), values)

    @property
    def done(self) -> float:
        """Share of all steps, from 0 to 1."""
        return self.step / (FAR + NEAR)


@dataclass(frozen=True)
class Match:
    """The best of a search: z, ink (dim,), sliders (K,) to a tenth, its distance and its picture (1, 3, S, S)."""

    z: Tensor
    ink: Tensor
    sliders: Tensor
    distance: float
    picture: Tensor


class Inverter:
    """Searches with one generator, in eval mode; paints five hundred sketches once, when it is made."""

    def __init__(self, generator: Generator, *, seed: int = 25) -> None:
        self.generator = generator
        device = generator.mean_root.device
        z = torch.randn(TRIED, generator.config.latent_dim, generator=torch.Generator().manual_seed(seed))
        self.latents = _unit(z).to(device)
        with torch.no_grad():
            roots = [generator.roots(part) for part in torch.split(self.latents, AT_ONCE)]
            sketches = [self._sketch(root, root) for root in roots]
            self.known = [torch.cat(level) for level in zip(*map(pyramid, sketches), strict=True)]

    def target(self, seen: Tensor) -> list[Tensor]:
        """(1, 3, H, W) in [-1, 1] -> what paintings are compared with, its tones brought to those of paintings."""
        levels = pyramid(seen)
        means, spreads = (f(self.known[-1].flatten(2)) for f in (_mean, _spread))  # (TRIED, 3)
        mean, spread = _mean(levels[-1].flatten(2)), _spread(levels[-1].flatten(2))  # (1, 3)
        wanted, width = _within(mean, means), _within(spread, spreads).clamp_min(1e-3)
        scale = (width / spread.clamp_min(1e-3)).clamp_max(3.0)
        move = [(level - mean[:, :, None, None]) * scale[:, :, None, None] for level in levels]
        return [level + wanted[:, :, None, None] for level in move]

    def begin(self, target: list[Tensor]) -> Search:
        """The latents whose paintings are nearest, with their own ink and no slider moved."""
        z = self.latents[compare(self.known, target).argsort()[:MOVED]]
        sliders = z.new_zeros(MOVED, len(self.generator.config.directions))
        return Search(0, _fresh({"z": z, "ink": z.clone(), "sliders": sliders}))

    def go_on(self, search: Search, target: list[Tensor]) -> Search:
        """One stretch further."""
        if search.step == FAR:
            search = self._best(search, target, FINISHED)
        stretch = FAR_STRETCH if search.step < FAR else NEAR_STRETCH
        for _ in range(stretch):
            search = self._step(search, target)
        return search

    def _step(self, search: Search, target: list[Tensor]) -> Search:
        values = {name: search.values[name].detach().requires_grad_() for name in ("z", "ink", "sliders")}
        picture = self._picture(values, near=search.step >= FAR)
        loss = (compare(pyramid(picture), target) + _EFFORT * values["sliders"].square().mean(1)).sum()
        slopes = torch.autograd.grad(loss, list(values.values()))
        left = min(1.0, 2 * (1 - search.step / (FAR + NEAR)))
        first_step = search.step if search.step < FAR else search.step - FAR  # the moments began anew there
        moved = dict(search.values)
        for (name, value), slope in zip(values.items(), slopes, strict=True):
            rate = left * (SLIDER_RATE if name == "sliders" else RATE)
            moved |= _adam(name, value.detach(), slope, search.values, rate, first_step + 1)
        moved["z"], moved["ink"] = _unit(moved["z"]), _unit(moved["ink"])
        moved["sliders"] = moved["sliders"].clamp(-STEERING, STEERING)
        return Search(search.step + 1, moved)

    @torch.no_grad()
    def _best(self, search: Search, target: list[Tensor], count: int) -> Search:
        picture = self._picture(search.values, near=False)
        kept = compare(pyramid(picture), target).argsort()[:count]
        return Search(search.step, _fresh({name: search.values[name][kept] for name in ("z", "ink", "sliders")}))

    @torch.no_grad()
    def match(self, search: Search, target: list[Tensor]) -> Match:
        """The best so far, with sliders to a tenth as recipes keep them."""
        values = search.values | {"sliders": (search.values["sliders"] * 10).round() / 10}
        distances = compare(pyramid(self._picture(values, near=True)), target)
        best = int(distances.argmin())
        z, ink, sliders = (values[name][best] for name in ("z", "ink", "sliders"))
        root, inked = self._roots({name: value[None] for name, value in (("z", z), ("ink", ink), ("sliders", sliders))})
        return Match(z, ink, sliders, float(distances[best]), self._finished(root, inked))

    def _picture(self, values: dict[str, Tensor], *, near: bool) -> Tensor:
        root, ink = self._roots(values)
        if not near:
            return self._sketch(root, ink)
        known = str(NEAR_READOUT) in self.generator.readouts
        return self._sketch(root, ink, NEAR_READOUT) if known else self._finished(root, ink)

    def _roots(self, values: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        g = self.generator
        moved = torch.einsum("bk,kchw->bchw", values["sliders"], g.directions)
        return g.roots(values["z"]) + moved, g.roots(values["ink"])

    def _finished(self, root: Tensor, ink: Tensor) -> Tensor:
        return torch.tanh(self.generator.to_rgb(self.generator.maps(root, ink)[-1]))

    def _sketch(self, root: Tensor, ink: Tensor, side: int = READOUT) -> Tensor:
        g = self.generator
        return torch.tanh(g.readouts[str(side)](g.maps(root, ink, side=side)[-1]))


def pyramid(pictures: Tensor) -> list[Tensor]:
    """(B, 3, H, W) in [-1, 1] -> lightness and colour at each of the compared sides, (B, 3, s, s), of order one."""
    lightness, a, b = lab(pictures)
    x = torch.stack([lightness / 50 - 1, a / 25, b / 25], dim=1)
    return [F.adaptive_avg_pool2d(x, side) for side, _ in _SIDES]


def compare(pictures: list[Tensor], target: list[Tensor]) -> Tensor:
    """How far each of B pictures is from the target (or from its own of B targets), (B,); 0 for the same picture."""
    total = torch.zeros(())
    for (_, weight), ours, theirs in zip(_SIDES, pictures, target, strict=True):
        light, dark = ours[:, 0].flatten(1), theirs[:, 0].flatten(1)
        alike = F.cosine_similarity(light - light.mean(1, keepdim=True), dark - dark.mean(1, keepdim=True), eps=1e-3)
        total = total + weight * (ours - theirs).abs().mean((1, 2, 3)) + _LAYOUT * (1 - alike)
    return total


def _adam(
    name: str, value: Tensor, slope: Tensor, moments: dict[str, Tensor], rate: float, step: int
) -> dict[str, Tensor]:
    """One step of Adam (Kingma & Ba 2015), its moments beside the value."""
    first = BETAS[0] * moments[f"{name}.first"] + (1 - BETAS[0]) * slope
    second = BETAS[1] * moments[f"{name}.second"] + (1 - BETAS[1]) * slope.square()
    size = (second / (1 - BETAS[1] ** step)).sqrt() + 1e-8
    moved = value - rate * first / (1 - BETAS[0] ** step) / size
    return {name: moved, f"{name}.first": first, f"{name}.second": second}


def _fresh(values: dict[str, Tensor]) -> dict[str, Tensor]:
    zeros = {f"{name}.{which}": torch.zeros_like(v) for name, v in values.items() for which in ("first", "second")}
    return values | zeros


def _unit(z: Tensor) -> Tensor:
    """(B, dim) scaled to unit second moment."""
    return z * (z.square().mean(1, keepdim=True) + 1e-8).rsqrt()


def _mean(x: Tensor) -> Tensor:
    return x.mean(2)


def _spread(x: Tensor) -> Tensor:
    return x.std(2)


def _within(value: Tensor, known: Tensor) -> Tensor:
    """(1, 3) brought to within _SPREAD deviations of what is known, (N, 3)."""
    middle, reach = known.mean(0, keepdim=True), _SPREAD * known.std(0, keepdim=True)
    return torch.maximum(torch.minimum(value, middle + reach), middle - reach)
