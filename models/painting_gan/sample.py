"""Painting from recipes: latent, truncation, steering, ink, pixels, enlarging; with glimpses of what comes to be.

Everything is computed in fp32 in batches of exactly eight, padded when fewer are asked for, and enlarged one by one:
libraries choose other algorithms for other shapes, which moves the last bit, and a recipe must give the same bytes
whatever is painted beside it. Generators of more than 128 px, for which eight at once cost as much as eight times one,
paint one by one. The glimpses are linear readouts of the early maps (fitted at export), which show what the network
knows of the picture at that depth, and then the picture before it is enlarged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from models import Card, nobody_comes, nobody_waits
from models.likeness import Found, Likeness
from models.painting_gan.enlarger import Enlarger, Smooth
from models.painting_gan.genome import Latent, latent_of, pack, unpack
from models.painting_gan.inversion import Inverter, Search
from models.painting_gan.networks import DoublingConv, Generator, GeneratorConfig, UpBlock
from models.painting_gan.wishes import check
from models.painting_gan.wishes import recipe as write_recipe
from models.recipe import Picture, Recipe, Result, Stage

BATCH, BATCHED = 8, 128  # paintings at once, by generators of at most so many px
ALMOST = 0.7  # of the work is done when a picture is painted and not yet enlarged
ENLARGER = "enlarger."  # before the names of its tensors, which lie in the generator's file


def open_generator(path: Path, config: GeneratorConfig) -> Generator:
    """The generator whose (possibly fp16) weights lie in a safetensors file, in fp32 and eval mode."""
    generator = Generator(config)
    generator.load_state_dict({name: t for name, t in _read(path).items() if not name.startswith(ENLARGER)})
    generator.eval().requires_grad_(False)
    return generator


def open_enlarger(path: Path, facts: Mapping[str, Any]) -> Enlarger | Smooth | None:
    """The enlarger in the same file, of the sizes in the card's table `enlarger`; None for a card without one.

    A table that gives no channels, only `times`, asks for smooth enlarging.
    """
    if "enlarger" not in facts:
        return None
    sizes = facts["enlarger"]
    if "channels" not in sizes:
        return Smooth(sizes["times"])
    enlarger = Enlarger(channels=tuple(sizes["channels"]), blocks=sizes["blocks"])
    own = {name.removeprefix(ENLARGER): t for name, t in _read(path).items() if name.startswith(ENLARGER)}
    enlarger.load_state_dict(own)
    enlarger.eval().requires_grad_(False)
    return enlarger


def _read(path: Path) -> dict[str, Tensor]:
    """The tensors of a file, fp16 as fp32."""
    return {name: t.float() if t.is_floating_point() else t for name, t in load_file(path).items()}


class FrozenDoubling(nn.Module):
    """DoublingConv and the batch norm after it as one transposed convolution, its kernel summed once."""

    def __init__(self, conv: DoublingConv, norm: nn.BatchNorm2d) -> None:
        super().__init__()
        mean, variance = norm.running_mean, norm.running_var
        assert mean is not None  # noqa: S101 (this norm keeps running statistics)
        assert variance is not None  # noqa: S101
        scale = norm.weight / torch.sqrt(variance + norm.eps)
        self.register_buffer("kernel", (conv.kernel() * scale[None, :, None, None]).contiguous())
        self.register_buffer("shift", norm.bias - mean * scale)

    def forward(self, x: Tensor) -> Tensor:
        return F.glu(F.conv_transpose2d(x, self.kernel, self.shift, stride=2, padding=1), dim=1)  # type: ignore[arg-type]


def freeze(generator: Generator) -> Generator:
    """Fold the batch norms of a trained generator into its convolutions, in place; pictures change by rounding only."""
    for i, up in enumerate(generator.ups):
        assert isinstance(up, UpBlock)  # noqa: S101 (for the type checker)
        generator.ups[i] = FrozenDoubling(up.conv, up.norm)
    return generator


def to_pictures(batch: Tensor) -> list[Picture]:
    """(B, 3, H, W) in [-1, 1] -> 8-bit pixels of each, rounded to nearest."""
    pixels = ((batch.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous().cpu()
    return [Picture(one.tobytes(), one.shape[1], one.shape[0]) for one in pixels.numpy()]


class Painter:
    """A generator, and its enlarger if it has one, ready to cook recipes on one device."""

    def __init__(
        self, generator: Generator, card: Card, device: str, enlarger: Enlarger | Smooth | None = None
    ) -> None:
        self.card, self.device = card, device
        self.generator = freeze(generator).to(device)
        self.inverter: Inverter | None = None
        self.batch = BATCH if generator.config.side <= BATCHED else 1
        self.enlarger = None if enlarger is None else enlarger.to(device)
        if device == "cpu":
            self.generator.to(memory_format=torch.channels_last)  # 1.2 times faster when nothing is differentiated
            if self.enlarger is not None:
                self.enlarger.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def batch_key(self, recipe: Recipe) -> tuple[object, ...]:
        """Every painting of these weights may share a run."""
        return (recipe.model, recipe.weights)

    @torch.inference_mode()
    def run(
        self,
        recipes: list[Recipe],
        report: Callable[[int, Stage], None],
        cancelled: Callable[[int], bool],
        done: Callable[[int, Result | Exception | None], None] = nobody_waits,
        more: Callable[[], list[Recipe]] = nobody_comes,
    ) -> list[Result | None]:
        """Paint every recipe, none that comes later; stages are the readouts, then the small picture. Raises
        UnknownInput before any."""
        for recipe in recipes:
            check(recipe, card=self.card)
        wanted = [i for i in range(len(recipes)) if not cancelled(i)]
        results: list[Result | None] = [None] * len(recipes)
        for start in range(0, len(wanted), self.batch):
            part = wanted[start : start + self.batch]
            for i, picture in zip(part, self._paint([recipes[i] for i in part], part, report), strict=True):
                results[i] = picture
        for i, result in enumerate(results):
            done(i, result)
        return results

    def look(self, order: Likeness) -> Found:
        """One stretch of looking for a painting like a picture. Raises UnknownInput."""
        if self.inverter is None:
            self.inverter = Inverter(self.generator)
        pixels = torch.frombuffer(bytearray(order.seen.pixels), dtype=torch.uint8).to(self.device)
        seen = pixels.view(1, order.seen.height, order.seen.width, 3).permute(0, 3, 1, 2).float() / 127.5 - 1
        target = self.inverter.target(seen)
        search = Search.unpack(order.state) if order.state else self.inverter.begin(target)
        search = self.inverter.go_on(search, target)
        best = self.inverter.match(search, target)
        sliders = zip(self.generator.config.directions, best.sliders.tolist(), strict=True)
        wish = self._wish(order.label, best.z, best.ink, {name: round(value, 1) for name, value in sliders})
        return Found(search.pack(), search.done, best.distance, wish, to_pictures(best.picture)[0])

    def _wish(self, label: str, z: Tensor, ink: Tensor, sliders: dict[str, float]) -> Recipe:
        parent, inked = (pack(latent.cpu().numpy()) for latent in (z, ink))
        wish = write_recipe(card=self.card, label=label, seed=0, parents=[parent], ink=inked, found=True, mutation=0.0)
        # one of the sliders is called as the input is: ink
        wish = replace(wish, parameters={**wish.parameters, **{name: v for name, v in sliders.items() if v}})
        check(wish, card=self.card)
        return wish

    def _paint(self, recipes: list[Recipe], names: list[int], report: Callable[[int, Stage], None]) -> list[Picture]:
        g = self.generator
        padded = recipes + recipes[-1:] * (self.batch - len(recipes))
        maps = g.maps(self._steered(padded), self._ink(padded))
        for features in maps[:-1]:
            side = features.shape[-1]
            if str(side) in g.readouts:
                glimpses = to_pictures(g.readouts[str(side)](features)[: len(recipes)])
                for i, glimpse in zip(names, glimpses, strict=True):
                    report(i, Stage(done=side / g.config.side, so_far=glimpse))
        small = torch.tanh(g.to_rgb(maps[-1]))[: len(recipes)]
        return [self._finish(*one, report) for one in zip(recipes, names, torch.split(small, 1), strict=True)]

    def _finish(self, recipe: Recipe, name: int, small: Tensor, report: Callable[[int, Stage], None]) -> Picture:
        """The picture (1, 3, S, S) as large as its recipe asks: as painted, or enlarged."""
        if self.enlarger is None or recipe.inputs.get("side") == self.generator.config.side:
            return to_pictures(small)[0]
        report(name, Stage(done=ALMOST, so_far=to_pictures(small)[0]))
        return to_pictures(self.enlarger(small))[0]

    def _steered(self, recipes: list[Recipe]) -> Tensor:
        """(B, C, 4, 4) the first maps: drawn or bred, truncated, then moved by the sliders."""
        g = self.generator
        root: Tensor = g.roots(self._stack([latent_of(r, g.config.latent_dim) for r in recipes]))
        psi = torch.tensor([float(r.parameters["truncation"]) for r in recipes], device=self.device)
        root = g.truncate(root, psi[:, None, None, None])
        for number, name in enumerate(g.config.directions):
            moved = torch.tensor([float(r.parameters.get(name, 0.0)) for r in recipes], device=self.device)
            root = root + moved[:, None, None, None] * g.directions[number]
        return root

    def _ink(self, recipes: list[Recipe]) -> Tensor | None:
        """(B, C, 4, 4) the first maps whose gates are asked for, each painting's own where none is; None for none."""
        if not any("ink" in r.inputs for r in recipes):
            return None
        dim = self.generator.config.latent_dim
        asked = [unpack(r.inputs["ink"], dim) if "ink" in r.inputs else latent_of(r, dim) for r in recipes]
        own = torch.tensor(["ink" not in r.inputs for r in recipes], device=self.device)
        other: Tensor = self.generator.roots(self._stack(asked))
        return torch.where(own[:, None, None, None], self._steered(recipes), other)

    def _stack(self, latents: list[Latent]) -> Tensor:
        return torch.from_numpy(np.stack(latents)).to(self.device)


def load(card: Card, device: str = "cpu") -> Painter:
    """The painter of a card, whose `architecture` table is the generator's configuration."""
    config = GeneratorConfig(**card.facts["architecture"])
    enlarger = open_enlarger(card.weights, card.facts)
    return Painter(open_generator(card.weights, config), card, device, enlarger)
