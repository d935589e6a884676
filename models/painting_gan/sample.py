"""Painting from recipes: latent, truncation, steering, ink, pixels; with glimpses of the picture as it comes to be.

Everything is computed in fp32 in batches of exactly eight, padded when fewer are asked for: libraries choose other
algorithms for other shapes, which moves the last bit, and a recipe must give the same bytes whatever is painted beside
it. The glimpses are linear readouts of the 8, 16 and 32 px maps (fitted at
export), which show what the network knows of the picture at that depth.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import Tensor, nn

from models import Card
from models.painting_gan.genome import Latent, latent_of, unpack
from models.painting_gan.networks import DoublingConv, Generator, GeneratorConfig, UpBlock
from models.painting_gan.wishes import check
from models.recipe import Picture, Recipe, Result, Stage

BATCH = 8


def open_generator(path: Path, config: GeneratorConfig) -> Generator:
    """The generator whose (possibly fp16) weights lie in a safetensors file, in fp32 and eval mode."""
    generator = Generator(config)
    generator.load_state_dict(
        {name: value.float() if value.is_floating_point() else value for name, value in load_file(path).items()}
    )
    generator.eval().requires_grad_(False)
    return generator


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
    """A generator ready to cook recipes on one device."""

    def __init__(self, generator: Generator, card: Card, device: str) -> None:
        self.card, self.device = card, device
        self.generator = freeze(generator).to(device)
        if device == "cpu":
            self.generator.to(memory_format=torch.channels_last)  # 1.2 times faster when nothing is differentiated

    def batch_key(self, recipe: Recipe) -> tuple[object, ...]:
        """Every painting of these weights may share a run."""
        return (recipe.model, recipe.weights)

    @torch.inference_mode()
    def run(
        self, recipes: list[Recipe], report: Callable[[int, Stage], None], cancelled: Callable[[int], bool]
    ) -> list[Result | None]:
        """Paint every recipe; stages are the readouts at 8, 16 and 32 px. Raises UnknownInput before painting any."""
        for recipe in recipes:
            check(recipe, card=self.card)
        wanted = [i for i in range(len(recipes)) if not cancelled(i)]
        results: list[Result | None] = [None] * len(recipes)
        for start in range(0, len(wanted), BATCH):
            part = wanted[start : start + BATCH]
            for i, picture in zip(part, self._paint([recipes[i] for i in part], part, report), strict=True):
                results[i] = picture
        return results

    def _paint(self, recipes: list[Recipe], names: list[int], report: Callable[[int, Stage], None]) -> list[Picture]:
        g = self.generator
        padded = recipes + recipes[-1:] * (BATCH - len(recipes))
        maps = g.maps(self._steered(padded), self._ink(padded))
        for features in maps[:-1]:
            side = features.shape[-1]
            if str(side) in g.readouts:
                glimpses = to_pictures(g.readouts[str(side)](features)[: len(recipes)])
                for i, glimpse in zip(names, glimpses, strict=True):
                    report(i, Stage(done=side / g.config.side, so_far=glimpse))
        return to_pictures(torch.tanh(g.to_rgb(maps[-1]))[: len(recipes)])

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
    return Painter(open_generator(card.weights, config), card, device)
