"""Judging the painter: FD, KID, diversity and copying, in features that the discriminator never uses.

Each figure comes with its floor in the same run: real crops against other real crops of the same pictures. Figures in
other features, at other sizes or other N cannot be compared with these.
Sources: Heusel et al. 2017 (Frechet distance, arXiv:1706.08500); Binkowski et al. 2018 (KID, arXiv:1801.01401).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from models.painting_gan.dataset import Paintings, draw_pairs
from models.painting_gan.enlarger import Enlarger, smoothly
from models.painting_gan.features import JudgeFeatures
from models.painting_gan.networks import Generator
from models.two_sample import told_apart


def frechet_distance(a: Tensor, b: Tensor) -> float:
    """Frechet distance between Gaussians fitted to features a (N, d) and b (M, d).

    |mu_a - mu_b|^2 + tr(A + B - 2 (A B)^(1/2)); the trace of the root is the sum of singular values of A^(1/2) B^(1/2),
    computed from the centred features themselves.
    """
    a, b = a.double(), b.double()
    x, y = (a - a.mean(0)) / (len(a) - 1) ** 0.5, (b - b.mean(0)) / (len(b) - 1) ** 0.5
    cross = torch.linalg.svdvals(x @ y.T).sum()
    return float((a.mean(0) - b.mean(0)).square().sum() + x.square().sum() + y.square().sum() - 2 * cross)


def kernel_distance(a: Tensor, b: Tensor) -> float:
    """Unbiased squared maximum mean discrepancy with the kernel (x.y / d + 1)^3 (KID); may be slightly negative."""
    a, b = a.double(), b.double()

    def kernel(x: Tensor, y: Tensor) -> Tensor:
        return (x @ y.T / x.shape[1] + 1) ** 3

    def within(x: Tensor) -> Tensor:
        k, n = kernel(x, x), len(x)
        return (k.sum() - k.diagonal().sum()) / (n * (n - 1))

    return float(within(a) + within(b) - 2 * kernel(a, b).mean())


def nearest_distance(a: Tensor, b: Tensor) -> float:
    """Median over a (N, d) of the distance to the nearest row of b (M, d)."""
    return float(torch.cdist(a, b).min(1).values.median())


@dataclass(frozen=True)
class Scores:
    """How the painter stands. kid_validation is against pictures never trained on; *_floor is real against real.
    c2st is how often a classifier tells ours from those never trained on, its floor how often training crops."""

    fd: float
    fd_floor: float
    kid: float
    kid_validation: float
    kid_floor: float
    kid_validation_floor: float
    diversity: float
    nearest_ratio: float
    c2st: float
    c2st_floor: float
    n: int


def paint_many(
    generator: Generator, count: int, *, seed: int, truncation: float = 1.0, batch: int = 32
) -> Iterator[Tensor]:
    """`count` pictures (b, 3, S, S) in [-1, 1], in batches, from latents drawn from `seed`."""
    random = torch.Generator().manual_seed(seed)
    z = torch.randn(count, generator.config.latent_dim, generator=random).to(generator.device)
    with torch.no_grad():
        for part in torch.split(z, batch):
            yield generator(part, truncation)


class Judge:
    """Holds the features of the real pictures, so that judging again costs only the generated ones."""

    def __init__(
        self, learn: Paintings, hold: Paintings, *, count: int = 1000, seed: int = 1, device: str = "cpu"
    ) -> None:
        self.features, self.device = JudgeFeatures().to(device), device
        self.count = count
        random = np.random.default_rng(seed)
        self.real = self._crops(learn, random)
        self.again = self._crops(learn, random)
        self.hold = self._crops(hold, random)

    def _crops(self, paintings: Paintings, random: np.random.Generator) -> Tensor:
        sizes = [min(32, self.count - i) for i in range(0, self.count, 32)]
        return torch.cat([self.features(paintings.batch(n, random).to(self.device)).cpu() for n in sizes])

    def score(self, generator: Generator, *, seed: int = 2) -> Scores:
        """Score `count` pictures of the generator, which must be in eval mode."""
        ours = torch.cat([self.features(x).cpu() for x in paint_many(generator, self.count, seed=seed)])
        real = torch.cat([self.real, self.again])
        return Scores(
            fd=frechet_distance(ours, self.real),
            fd_floor=frechet_distance(self.again, self.real),
            kid=kernel_distance(ours, self.real),
            kid_validation=kernel_distance(ours, self.hold),
            kid_floor=kernel_distance(self.again, self.real),
            kid_validation_floor=kernel_distance(self.hold, self.real),
            diversity=float(ours.var(0).sum() / self.real.var(0).sum()),
            nearest_ratio=nearest_distance(ours, real) / nearest_distance(self.hold, real),
            c2st=told_apart(ours, self.hold),
            c2st_floor=told_apart(self.real, self.hold),
            n=self.count,
        )


@dataclass(frozen=True)
class EnlargerScores:
    """How the enlarger stands, on patches of the large side at full resolution, beside smooth (bicubic) enlarging.

    patch_kid_*: the generator's pictures, enlarged, against patches of paintings never trained on; its floor is
    training patches against those. lost_*: of held-out patches made small and enlarged again, the mean distance to the
    original in the judge's features, over that of two unrelated patches; 0 would be the original itself.
    """

    patch_kid_enlarged: float
    patch_kid_smooth: float
    patch_kid_floor: float
    lost_enlarged: float
    lost_smooth: float
    patches: int


def judge_enlarger(
    enlarger: Enlarger, generator: Generator, learn: Paintings, hold: Paintings, *, count: int = 1000, seed: int = 4
) -> EnlargerScores:
    """Score the enlarger on `count` patches of each kind; both networks must be in eval mode."""
    features, random = JudgeFeatures(), np.random.default_rng(seed)
    sizes = [min(32, count - i) for i in range(0, count, 32)]
    pairs = [draw_pairs(hold, n, random, enlarger.times) for n in sizes]
    real = torch.cat([features(large) for large, _ in pairs])
    known = torch.cat([features(draw_pairs(learn, n, random, enlarger.times)[0]) for n in sizes])
    side, painted = pairs[0][1].shape[-1], []
    for pictures in paint_many(generator, count, seed=seed):
        y, x = random.integers(0, pictures.shape[-1] - side + 1, size=2)
        painted.append(pictures[:, :, y : y + side, x : x + side])
    found: dict[str, float] = {}
    for name, enlarge in (("enlarged", enlarger), ("smooth", partial(smoothly, times=enlarger.times))):
        with torch.no_grad():
            ours = torch.cat([features(enlarge(part)) for part in painted])
            back = torch.cat([features(enlarge(small)) for _, small in pairs])
        apart = (real - real.roll(1, 0)).norm(dim=1).mean()
        found |= {f"patch_kid_{name}": kernel_distance(ours, real)}
        found |= {f"lost_{name}": float((back - real).norm(dim=1).mean() / apart)}
    return EnlargerScores(**found, patch_kid_floor=kernel_distance(known, real), patches=count)
