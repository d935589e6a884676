"""What several tests of the networks need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image


@pytest.fixture
def one_thread() -> Iterator[None]:
    """Bits must not depend on how many cores the machine has."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def blobs(folder: Path, count: int) -> Path:
    """Fills a folder with so many small pictures under the label "blobs"."""
    place, random = folder / "blobs", np.random.default_rng(0)
    place.mkdir()
    for i in range(count):
        small = random.integers(0, 255, (4, 4, 3), dtype=np.uint8)
        Image.fromarray(small).resize((80, 72), Image.Resampling.BICUBIC).save(place / f"{i:03}.png")
    return folder


@pytest.fixture(scope="session")
def paintings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of sixty small pictures."""
    return blobs(tmp_path_factory.mktemp("data"), 60)
