"""The enlarger's training loop: half of each batch are real paintings made small, half the generator's own pictures.

Of a real painting the large original is known: the enlarger is asked for it, pixel by pixel and in the features that
the discriminator reads. Of the generator's picture nobody knows one: there it must convince the discriminator that its
patch is a patch of a real painting, and keep what the small picture shows where it is (compared at an eighth of the
side, so that it may mend strokes but not move mountains). Small originals are blurred and made noisy at random, since
the generator's pictures are not as crisp as real ones. Rate: flat, then linear to nothing; an average of the weights
(EMA) is what ships. A killed run goes on where it was.

Sources: SRGAN (Ledig et al. 2017); feature loss of Johnson et al. 2016 (arXiv:1603.08155); degradation after Wang et
al. 2021, "Real-ESRGAN" (arXiv:2107.10833); projected discriminator and hinge as in networks.py and losses.py.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models import checkpoint
from models.painting_gan.dataset import PATCH, Paintings, draw_pairs
from models.painting_gan.enlarger import Enlarger
from models.painting_gan.features import TAP_CHANNELS, Taps
from models.painting_gan.losses import discriminator_loss, generator_loss
from models.painting_gan.networks import Discriminator, Generator


@dataclass(frozen=True)
class Options:
    """What a run was asked for; written as options.json. `patches` is the budget, real and generated together."""

    patches: int = 80_000
    channels: tuple[int, ...] = (24, 16)  # of the enlarger, at 1, 2 (and 4) times the side
    blocks: int = 2
    batch: int = 16
    rate: float = 5e-4
    flat: float = 0.4  # share of the budget before the rate falls
    alone: int = 12_000  # patches before the discriminator has a say
    pixels: float = 8.0  # weights of the losses
    features: float = 1.0
    belief: float = 0.25
    keeping: float = 20.0
    seed: int = 0
    checkpoint_every: float = 240.0  # seconds
    show_every: int = 8_000  # patches


@dataclass(frozen=True)
class Losses:
    """One line of log.jsonl: means since the last line."""

    patches: int
    patches_per_second: float
    pixels: float
    features: float
    keeping: float
    belief: float
    told: float


def rate_at(options: Options, patches: int) -> float:
    """Learning rate after so many patches: flat, then linear to nothing.

    >>> o = Options(patches=100, rate=1.0, flat=0.5)
    >>> [rate_at(o, n) for n in (0, 50, 75, 100)]
    [1.0, 1.0, 0.5, 0.0]
    """
    start = options.flat * options.patches
    return options.rate * min(1.0, max(0.0, options.patches - patches) / max(1.0, options.patches - start))


def soil(small: Tensor, random: torch.Generator) -> Tensor:
    """Small pictures a little blurred and a little noisy, each by its own amount; a third stay as they are."""
    share = (torch.rand(len(small), 1, 1, 1, generator=random) * 1.5 - 0.5).clamp(min=0)
    blurred = F.avg_pool2d(F.pad(small, (1, 1, 1, 1), mode="reflect"), 3, 1)
    noise = torch.randn(small.shape, generator=random) * 0.03
    return small + share * (0.7 * (blurred - small) + noise)


class Run:
    """Everything that changes while training, and the step that changes it."""

    def __init__(self, options: Options, paintings: Paintings, generator: Generator) -> None:
        torch.manual_seed(options.seed)
        self.options, self.paintings, self.generator = options, paintings, generator
        self.enlarger = Enlarger(options.channels, options.blocks)
        self.ema = copy.deepcopy(self.enlarger).eval().requires_grad_(False)
        self.taps = Taps(side=PATCH)
        self.discriminator = Discriminator(TAP_CHANNELS, seed=options.seed)
        self.crops = np.random.default_rng(options.seed + 1)
        self.random = torch.Generator().manual_seed(options.seed)
        real, _ = draw_pairs(paintings, 96, np.random.default_rng(options.seed), self.enlarger.times)
        self.discriminator.mixing.calibrate(self.taps(real))
        self.optimizers = {
            "g": torch.optim.Adam(self.enlarger.parameters(), options.rate, betas=(0.5, 0.99), fused=True),
            "d": torch.optim.Adam(self.discriminator.heads.parameters(), options.rate, betas=(0.0, 0.99), fused=True),
        }
        self.patches = 0

    def save(self, path: Path) -> None:
        """Write the whole state."""
        checkpoint.save(
            path,
            networks={"enlarger": self.enlarger, "ema": self.ema, "discriminator": self.discriminator},
            optimizers=self.optimizers,
            torch_random=self.random,
            numpy_random=self.crops,
            counters={"patches": self.patches},
        )

    def restore(self, path: Path) -> None:
        """Read the whole state back."""
        counters = checkpoint.restore(
            path,
            networks={"enlarger": self.enlarger, "ema": self.ema, "discriminator": self.discriminator},
            optimizers=self.optimizers,
            torch_random=self.random,
            numpy_random=self.crops,
        )
        self.patches = counters["patches"]

    @torch.no_grad()
    def painted(self, count: int) -> Tensor:
        """Patches (count, 3, s, s), s = PATCH / times, of the generator's own pictures."""
        z = torch.randn(count, self.generator.config.latent_dim, generator=self.random)
        pictures, side = self.generator(z), PATCH // self.enlarger.times
        places = self.crops.integers(0, pictures.shape[-1] - side + 1, size=(count, 2))
        return torch.stack([p[:, y : y + side, x : x + side] for p, (y, x) in zip(pictures, places, strict=True)])

    def step(self) -> dict[str, float]:
        """One batch through both players; the parts of the loss."""
        for optimizer in self.optimizers.values():
            for group in optimizer.param_groups:
                group["lr"] = rate_at(self.options, self.patches)
        half = self.options.batch // 2
        large, small = draw_pairs(self.paintings, half, self.crops, self.enlarger.times)
        own = self.painted(half)
        with torch.no_grad():
            real = self.discriminator.mixing(self.taps(large))
        made = self.enlarger(torch.cat([soil(small, self.random), own]))
        mixed = self.discriminator.mixing(self.taps(made))
        parts = {"told": self._learn_to_tell(real, [m.detach() for m in mixed])} if self._playing() else {}
        parts |= self._learn_to_pass(made, mixed, large, own, real)
        self.patches += self.options.batch
        self._average()
        return {name: float(value) for name, value in parts.items()}

    def _playing(self) -> bool:
        return self.patches >= self.options.alone

    def _logits(self, mixed: list[Tensor]) -> list[Tensor]:
        return [head(x) for head, x in zip(self.discriminator.heads, mixed, strict=True)]

    def _learn_to_tell(self, real: list[Tensor], made: list[Tensor]) -> Tensor:
        self.discriminator.heads.requires_grad_(True)
        loss = discriminator_loss(self._logits(real), self._logits(made))
        self.optimizers["d"].zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizers["d"].step()
        return loss.detach()

    def _learn_to_pass(
        self, made: Tensor, mixed: list[Tensor], large: Tensor, own: Tensor, real: list[Tensor]
    ) -> dict[str, Tensor]:
        half, o = len(large), self.options
        self.discriminator.heads.requires_grad_(False)
        parts = {
            "pixels": (made[:half] - large).abs().mean(),
            "features": torch.stack([(m[:half] - r).abs().mean() for m, r in zip(mixed, real, strict=True)]).sum(),
            "keeping": (F.avg_pool2d(made[half:], 2 * self.enlarger.times) - F.avg_pool2d(own, 2)).abs().mean(),
        }
        loss = o.pixels * parts["pixels"] + o.features * parts["features"] + o.keeping * parts["keeping"]
        if self._playing():
            parts["belief"] = generator_loss(self._logits(mixed))
            loss = loss + o.belief * parts["belief"]
        self.optimizers["g"].zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizers["g"].step()
        return {name: part.detach() for name, part in parts.items()}

    @torch.no_grad()
    def _average(self) -> None:
        keep = 0.5 ** (self.options.batch / max(self.options.batch, 0.06 * self.patches))
        torch._foreach_lerp_(list(self.ema.parameters()), list(self.enlarger.parameters()), 1 - keep)


def train(
    options: Options, folder: Path, paintings: Paintings, generator: Generator, show: Callable[[Losses], None]
) -> Run:
    """Train until the budget is spent, going on from folder/checkpoint.safetensors if there is one.

    Writes options.json, log.jsonl, pairs-PATCHES.png (small and enlarged side by side) and the checkpoint.
    """
    from models.painting_gan import plots

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "options.json").write_text(json.dumps(asdict(options), indent=1))
    run, latest = Run(options, paintings, generator), folder / "checkpoint.safetensors"
    if latest.exists():
        run.restore(latest)
    saved, began, since = time.monotonic(), time.monotonic(), [run.step()]
    while run.patches < options.patches:
        before = run.patches
        since.append(run.step())
        if before // 800 != run.patches // 800 or run.patches >= options.patches:
            speed = len(since) * options.batch / (time.monotonic() - began)
            means = {name: float(np.mean([s.get(name, 0.0) for s in since])) for name in _NAMES}
            report = Losses(run.patches, speed, **means)
            with (folder / "log.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(report)) + "\n")
            show(report)
            began, since = time.monotonic(), []
        if before // options.show_every != run.patches // options.show_every:
            plots.save_pairs(run.generator, run.ema, folder / f"pairs-{run.patches:06}.png")
        if time.monotonic() - saved > options.checkpoint_every:
            run.save(latest)
            saved = time.monotonic()
    run.save(latest)
    plots.save_pairs(run.generator, run.ema, folder / f"pairs-{run.patches:06}.png")
    return run


_NAMES = ("pixels", "features", "keeping", "belief", "told")
