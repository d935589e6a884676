"""Real paintings as training crops, and the split between what is learnt from and what only judges.

A picture belongs to the validation split when the salted SHA-256 of its file name says so, for ever: about one in
twelve. The salt was chosen among eight so that the held-out landscapes are typical ones (KID between the two splits'
real crops .016; the others gave .019 to .026): neighbours in an album fall on both sides of any such split.
Augmentation before the discriminator is here too, since it is a property of the data seen; it is differentiable and
mild (translation, weak colour), after Zhao et al. 2020, "Differentiable Augmentation" (arXiv:2006.10738).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
PATCH = 128  # px of a large patch for the enlarger


class NoPaintings(ValueError):
    """The folder holds no picture to learn from; the message says where it looked."""


def held_out(name: str) -> bool:
    """Whether the picture of that file name is in the validation split.

    >>> sum(held_out(f"met_{i:04}.jpg") for i in range(1200))
    87
    """
    return int(hashlib.sha256(f"b{name}".encode()).hexdigest()[:8], 16) % 12 == 0


def find_pictures(data: Path, label: str | None = None) -> list[Path]:
    """Pictures of one subject (folder data/label), or directly in `data`; sorted. Raises NoPaintings."""
    folder = data / label if label and (data / label).is_dir() else data
    paths = sorted(p for p in folder.glob("*") if p.suffix.lower() in SUFFIXES)
    if not paths:
        raise NoPaintings(f"no pictures in {folder}; give a folder of {', '.join(SUFFIXES)} files, or one per subject")
    return paths


@dataclass(frozen=True)
class Paintings:
    """Decoded pictures (RGB), from which square crops are cut at random."""

    pictures: tuple[Image.Image, ...]
    side: int

    @classmethod
    def open(cls, paths: list[Path], side: int) -> Paintings:
        """Decode all of `paths`; `side` is that of the crops in pixels."""
        return cls(tuple(Image.open(p).convert("RGB") for p in paths), side)

    def crop(self, index: int, random: np.random.Generator) -> NDArray[np.uint8]:
        """A square of .6 to 1 of the short side at a random place, mirrored half of the time; (side, side, 3)."""
        picture = self.pictures[index]
        w, h = picture.size
        edge = min(w, h) * random.uniform(0.6, 1.0)
        x, y = random.uniform(0, w - edge), random.uniform(0, h - edge)
        square = picture.resize((self.side, self.side), Image.Resampling.LANCZOS, (x, y, x + edge, y + edge))
        pixels = np.asarray(square)
        return pixels[:, ::-1] if random.random() < 0.5 else pixels

    def batch(self, count: int, random: np.random.Generator) -> Tensor:
        """`count` crops of pictures drawn with replacement, (count, 3, side, side) in [-1, 1]."""
        crops = [self.crop(int(i), random) for i in random.integers(len(self.pictures), size=count)]
        return _tensor(crops)


def open_split(data: Path, label: str | None, side: int) -> tuple[Paintings, Paintings]:
    """(training, validation) paintings of one subject. Raises NoPaintings if either would be empty."""
    paths = find_pictures(data, label)
    learn = [p for p in paths if not held_out(p.name)]
    judge = [p for p in paths if held_out(p.name)]
    if not learn or not judge:
        raise NoPaintings(f"{len(paths)} pictures in {data} are too few to hold some back; give at least fifty")
    return Paintings.open(learn, side), Paintings.open(judge, side)


def augment(pictures: Tensor, random: torch.Generator, *, share: float = 1.0, cutout: float = 0.0) -> Tensor:
    """Translate by up to an eighth of the side and shift brightness, saturation and contrast a little; (B, 3, S, S).

    Each picture with probability `share`, the rest stay as they are; with probability `cutout`, a square of half the
    side is blotted out besides. Sources: Zhao et al. 2020 (arXiv:2006.10738), Karras et al. 2020 (arXiv:2006.06676).
    """
    if share <= 0 and cutout <= 0:
        return pictures
    b, _, s, _ = pictures.shape

    def uniform(low: float, high: float, wide: int = 1) -> Tensor:
        return torch.rand(b, wide, 1, 1, generator=random) * (high - low) + low

    x = pictures + uniform(-0.2, 0.2)
    grey = x.mean(1, keepdim=True)
    x = (x - grey) * uniform(0.7, 1.3) + grey
    middle = x.mean((1, 2, 3), keepdim=True)
    x = (x - middle) * uniform(0.8, 1.2) + middle
    reach = s // 8
    shift = torch.randint(0, 2 * reach + 1, (b, 2), generator=random).tolist()
    padded = F.pad(x, (reach, reach, reach, reach))
    x = torch.stack([padded[i, :, dy : dy + s, dx : dx + s] for i, (dy, dx) in enumerate(shift)])
    if share < 1:
        x = torch.where(uniform(0, 1) < share, x, pictures)
    if cutout <= 0:
        return x
    place, centre = (torch.arange(s) + 0.5) / s, uniform(0, 1, 2)
    far = torch.maximum((place.view(1, 1, s, 1) - centre[:, :1]).abs(), (place.view(1, 1, 1, s) - centre[:, 1:]).abs())
    return x * ~((far < 0.25) & (uniform(0, 1) < cutout))


def draw_pairs(paintings: Paintings, count: int, random: np.random.Generator, times: int) -> tuple[Tensor, Tensor]:
    """Real patches (count, 3, 128, 128) and what is left of them at a `times`-th of that, both in [-1, 1]."""
    large, small, side = [], [], PATCH // times
    for index in random.integers(len(paintings.pictures), size=count):
        picture = paintings.pictures[int(index)]
        edge = min(PATCH * random.uniform(0.9, 1.5), *picture.size)
        x, y = (random.uniform(0, length - edge) for length in picture.size)
        patch = picture.resize((PATCH, PATCH), Image.Resampling.LANCZOS, (x, y, x + edge, y + edge))
        if random.random() < 0.5:
            patch = patch.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        large.append(np.asarray(patch))
        small.append(np.asarray(patch.resize((side, side), Image.Resampling.LANCZOS)))
    return _tensor(large), _tensor(small)


def _tensor(pictures: list[NDArray[np.uint8]]) -> Tensor:
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)
