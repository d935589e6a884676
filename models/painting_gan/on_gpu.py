"""The same game on a graphics card: pictures wait there, and a whole step of both players is one CUDA graph.

A step of these small networks is a thousand short kernels, which a processor cannot launch as fast as the card runs
them; recorded once and replayed, they cost one launch. So nothing of a step may come from outside the card: crops are
cut there (`Crops`), chance is the card's own generator, and the rate and the memory of the average are numbers in its
memory. Without a card the same code runs step by step, which is how it is tested. Products are in bfloat16.

Sources: PyTorch, "CUDA Graphs" (docs.pytorch.org/docs/stable/notes/cuda.html); Zhao et al. 2020, "Differentiable
Augmentation" (arXiv:2006.10738), for the cutout.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from models import checkpoint
from models.painting_gan.dataset import Paintings
from models.painting_gan.features import TAP_CHANNELS, Taps
from models.painting_gan.losses import discriminator_loss, generator_loss
from models.painting_gan.networks import Discriminator
from models.painting_gan.train import Options, Run, fallen_to

WIDTHS = (64, 128, 256, 256)  # of the discriminator's heads: features of 256 px pictures need one step down more
MIXED = 64  # channels of the mixed features, as published
WARM = 200  # steps in which heads that begin by chance learn to tell, before a trained generator listens to them
LAYOUT = torch.channels_last  # of weights and maps in memory
ALONGSIDE = 11  # steps before recording, as PyTorch asks for


class Crops:
    """Pictures on a device, and square crops of .7 to 1 of their short side, mirrored half of the time.

    Their short sides must be the same number of pixels; crops are resampled bicubically to `side`.
    """

    def __init__(self, paintings: Paintings, device: torch.device) -> None:
        self.side, self.device = paintings.side, device
        widest = max(max(p.size) for p in paintings.pictures)
        canvas = np.empty((len(paintings.pictures), widest, widest, 3), dtype=np.uint8)
        for room, picture in zip(canvas, paintings.pictures, strict=True):
            beyond = ((0, widest - picture.height), (0, widest - picture.width), (0, 0))
            room[:] = np.pad(np.asarray(picture), beyond, mode="edge")  # bicubic weights reach over the edge
        self.canvas = torch.from_numpy(canvas).permute(0, 3, 1, 2).contiguous().to(device)
        self.sizes = torch.tensor([p.size for p in paintings.pictures], dtype=torch.float32, device=device)

    def batch(self, count: int) -> Tensor:
        """`count` crops of pictures drawn with replacement, (count, 3, side, side) in [-1, 1]."""

        def chance() -> Tensor:
            return torch.rand(count, device=self.device)

        index = (chance() * len(self.sizes)).long().clamp_(max=len(self.sizes) - 1)
        size = self.sizes[index]  # (count, 2) width, height
        edge = size.min(1).values * (0.7 + 0.3 * chance())
        left, top = (size[:, i].sub(edge).mul(chance()) for i in (0, 1))
        mirror = (chance() < 0.5).float() * 2 - 1
        zero, whole = torch.zeros_like(edge), self.canvas.shape[-1]
        across = [mirror * edge / whole, zero, (2 * left + edge) / whole - 1]
        down = [zero, edge / whole, (2 * top + edge) / whole - 1]
        theta = torch.stack([torch.stack(across, 1), torch.stack(down, 1)], 1)  # (count, 2, 3)
        grid = F.affine_grid(theta, [count, 3, self.side, self.side], align_corners=False)
        pixels = self.canvas[index].float() / 127.5 - 1
        return F.grid_sample(pixels, grid, "bicubic", "border", align_corners=False).clamp_(-1, 1)


def disturb(pictures: Tensor) -> Tensor:
    """Translate by up to an eighth of the side, shift brightness, saturation and contrast, and of every second picture
    blot out a square of half the side; (B, 3, S, S), differentiable, with the device's own chance."""
    b, _, s, _ = pictures.shape

    def uniform(low: float, high: float, wide: int = 1) -> Tensor:
        return torch.rand(b, wide, 1, 1, device=pictures.device) * (high - low) + low

    x = pictures + uniform(-0.25, 0.25)
    grey = x.mean(1, keepdim=True)
    x = (x - grey) * uniform(0.6, 1.4) + grey
    middle = x.mean((1, 2, 3), keepdim=True)
    x = (x - middle) * uniform(0.75, 1.25) + middle
    shift = (uniform(-0.125, 0.125, 2).view(b, 2) * s).round() * 2 / s  # whole pixels, in units of half the side
    still = torch.eye(2, device=x.device).expand(b, 2, 2)
    grid = F.affine_grid(torch.cat([still, shift[:, :, None]], 2), [b, 3, s, s], align_corners=False)
    x = F.grid_sample(x, grid, "nearest", "zeros", align_corners=False)
    place = (torch.arange(s, device=x.device) + 0.5) / s
    centre, chosen = uniform(0, 1, 2), torch.rand(b, 1, 1, 1, device=x.device) < 0.5
    inside = ((place.view(1, 1, s, 1) - centre[:, :1]).abs() < 0.25) & (
        (place.view(1, 1, 1, s) - centre[:, 1:]).abs() < 0.25
    )
    return x * ~(inside & chosen)


class GraphedRun(Run):
    """A run on a device of its own; what a step reads besides the networks lies in `rate` and `forgets`.

    Its augmentation is `disturb`, for every picture: raises ValueError where the options ask for another.
    """

    def __init__(self, options: Options, learn: Paintings) -> None:
        if (options.augmentation, options.cutout) != (1.0, 0.0):
            raise ValueError("a run of this kind augments as `disturb` does; leave --augmentation and --cutout out")
        super().__init__(options, learn)
        self.rate = torch.tensor(options.rate, device=self.device)
        self.forgets = torch.tensor(1.0, device=self.device)
        self.losses = torch.zeros(2, device=self.device)
        for network in (self.generator, self.ema):
            network.to(self.device, memory_format=LAYOUT)
        self._learners()
        self.began: float | None = None
        self.spent = 0.0
        self.replay: Callable[[], None] | None = None
        if self.device.type == "cuda":
            torch.backends.cudnn.benchmark = True
            self.random = torch.cuda.default_generators[self.device.index or 0]

    def _see(self) -> None:
        self.real = Crops(self.learn, self.device)
        self.taps = Taps(side=self.options.size).to(self.device, memory_format=LAYOUT)  # type: ignore[call-overload]
        self.discriminator = Discriminator(TAP_CHANNELS, width=MIXED, widths=WIDTHS, seed=self.options.seed)
        self.discriminator.to(self.device, memory_format=LAYOUT)  # type: ignore[call-overload]
        with torch.no_grad():
            self.discriminator.mixing.calibrate(self.taps(self.real.batch(64)))

    def _learners(self) -> None:
        cuda = self.device.type == "cuda"
        for name, network in (("g", self.generator), ("d", self.discriminator.heads)):
            self.optimizers[name] = torch.optim.Adam(
                network.parameters(), self.rate, betas=(0.0, 0.99), fused=True, capturable=cuda
            )

    def start_from(self, weights: Path, heads: Path) -> None:
        """Begin with a shipped generator, grown as far as need be; the heads are others here and begin by chance."""
        self._start_generator(weights)
        for _ in range(0 if self.device.type == "cpu" else WARM):
            with torch.no_grad():
                fake = self._seen(self._painted())
                real = self._seen(self.real.batch(self.options.batch))
            self._learn_to_tell(real, fake)
        self._start_generator(weights)  # its batch norms have moved

    def _painted(self) -> Tensor:
        z = torch.randn(self.options.batch, self.generator.config.latent_dim, device=self.device)
        with self._precision():
            return self.generator(z)  # type: ignore[no-any-return]

    def _seen(self, pictures: Tensor) -> list[Tensor]:
        disturbed = disturb(pictures.float())  # places in fp32: bfloat16 knows no half pixel
        with self._precision():
            return self.taps(disturbed)  # type: ignore[no-any-return]

    def _precision(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.options.bfloat16, cache_enabled=False)

    def progress(self) -> float:
        """Share of the time that is spent; of the images, where no time is set."""
        if not self.options.seconds:
            return super().progress()
        now = time.monotonic()
        self.began = now if self.began is None else self.began
        return (self.spent + now - self.began) / self.options.seconds

    def step(self) -> tuple[Tensor, Tensor]:
        """One batch through both players; (discriminator loss, generator loss), which the card may still be at."""
        self.rate.fill_(fallen_to(self.options, self.progress()))
        self.forgets.fill_(self.forgetting())
        if self.device.type == "cpu":
            self._play()
        elif self.replay is None:
            self.replay = self._record()
        else:
            self.replay()
        self.images += self.options.batch
        if self.images // self.options.batch % 16 == 0 and self.device.type == "cuda":
            torch.cuda.synchronize()  # or the processor runs minutes ahead, and time means nothing
        return self.losses[0], self.losses[1]

    def _record(self) -> Callable[[], None]:
        side = torch.cuda.Stream()  # type: ignore[no-untyped-call]
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(ALONGSIDE):
                self._play()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        for optimizer in self.optimizers.values():
            optimizer.zero_grad(set_to_none=True)
        with torch.cuda.graph(graph):
            self._play()
        return graph.replay

    def _play(self) -> None:
        with torch.no_grad():
            real = self._seen(self.real.batch(self.options.batch))
        fake = self._seen(self._painted())
        with self._precision():
            loss_d = discriminator_loss(self.discriminator(real), self.discriminator([m.detach() for m in fake]))
        self._descend("d", loss_d)
        self.discriminator.heads.requires_grad_(False)
        with self._precision():
            loss_g = generator_loss(self.discriminator(fake))
        self._descend("g", loss_g)
        self.discriminator.heads.requires_grad_(True)
        self._average_on_card()
        self.losses.copy_(torch.stack([loss_d.detach(), loss_g.detach()]))

    def _descend(self, name: str, loss: Tensor) -> None:
        self.optimizers[name].zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizers[name].step()

    @torch.no_grad()
    def _average_on_card(self) -> None:
        ours, theirs = list(self.ema.parameters()), list(self.generator.parameters())
        apart = torch._foreach_sub(theirs, ours)
        torch._foreach_mul_(apart, self.forgets)
        torch._foreach_add_(ours, apart)
        for mine, new in zip(self.ema.buffers(), self.generator.buffers(), strict=True):
            mine.copy_(new)

    def counters(self) -> dict[str, float]:
        """What a checkpoint counts: besides images and the best score, the seconds spent."""
        spent = self.spent + (0.0 if self.began is None else time.monotonic() - self.began)
        return {**super().counters(), "spent": spent}

    def restore(self, path: Path) -> None:
        """Read the whole state back; before the first step."""
        super().restore(path)
        self.spent = float(checkpoint.read_counters(path).get("spent", 0.0))
