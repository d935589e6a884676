"""Pictures of a training run: a grid of paintings and the learning curves. Never imported by the app."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from models.painting_gan.enlarger import Enlarger, smoothly
from models.painting_gan.networks import Generator

APART = 16  # px between two grids


def to_pixels(pictures: Tensor) -> Tensor:
    """(B, 3, H, W) in [-1, 1] -> (B, H, W, 3) uint8, rounded to nearest."""
    return ((pictures.clamp(-1, 1) + 1) * 127.5).round().to(torch.uint8).permute(0, 2, 3, 1).contiguous()


def save_grid(pictures: Tensor, path: Path, columns: int = 8) -> None:
    """Lay (B, 3, S, S) out in rows with a two-pixel gap and write a PNG."""
    _sheet(pictures, columns).save(path)


def save_grids(groups: Sequence[Tensor], path: Path, columns: int = 8) -> None:
    """Lay equal numbers of pictures (B, 3, S, S) out one grid below the other, well apart, and write a PNG."""
    sheets = [_sheet(pictures, columns) for pictures in groups]
    step = sheets[0].height + APART
    page = Image.new("RGB", (sheets[0].width, step * len(sheets) - APART), "white")
    for i, sheet in enumerate(sheets):
        page.paste(sheet, (0, i * step))
    page.save(path)


def _sheet(pictures: Tensor, columns: int) -> Image.Image:
    tiles = to_pixels(pictures)
    side, gap = tiles.shape[1], 2
    rows = -(-len(tiles) // columns)
    sheet = Image.new("RGB", (columns * (side + gap) - gap, rows * (side + gap) - gap), "white")
    for i, tile in enumerate(tiles):
        place = (i % columns * (side + gap), i // columns * (side + gap))
        sheet.paste(Image.fromarray(tile.numpy()), place)
    return sheet


@torch.no_grad()
def save_pairs(generator: Generator, enlarger: Enlarger, path: Path, count: int = 6) -> None:
    """`count` paintings in columns: enlarged smoothly, and by the enlarger; the same latents every time."""
    z = torch.randn(count, generator.config.latent_dim, generator=torch.Generator().manual_seed(5))
    small = generator(z)
    save_grid(torch.cat([smoothly(small, enlarger.times), enlarger(small)]), path, columns=count)


def save_webp(picture: Path, path: Path, *, scale: int = 1) -> None:
    """Write a plot or grid again as WebP, enlarged `scale` times, for a page."""
    with Image.open(picture) as image:
        size = (image.width * scale, image.height * scale)
        path.parent.mkdir(parents=True, exist_ok=True)
        image.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(path, quality=85)


def save_curves(log: Path, path: Path) -> None:
    """Draw KID to training and to held-out pictures, FD over its floor, and the discriminator's gap, over images."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    judged = [r for r in rows if r["scores"]]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
    x = [r["images"] / 1000 for r in judged]
    left.plot(x, [r["scores"]["kid"] for r in judged], label="KID, training crops")
    left.plot(x, [r["scores"]["kid_validation"] for r in judged], label="KID, held-out crops")
    left.plot(x, [r["scores"]["fd"] / r["scores"]["fd_floor"] / 100 for r in judged], label="FD / floor / 100", ls=":")
    left.set(xlabel="thousand images", yscale="log", title="distance to real paintings")
    left.legend()
    right.plot([r["images"] / 1000 for r in rows], [r["loss_d"] for r in rows], label="loss D", lw=0.8)
    right.plot([r["images"] / 1000 for r in rows], [r["gap"] for r in rows], label="logit gap", lw=0.8)
    right.set(xlabel="thousand images", title="the game")
    right.legend()
    figure.savefig(path, dpi=100)
    plt.close(figure)
