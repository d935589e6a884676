"""Training on a graphics card: the same code step by step on the processor, where there is none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from models.painting_gan.dataset import Paintings, open_split
from models.painting_gan.grow import widen
from models.painting_gan.networks import Generator, GeneratorConfig
from models.painting_gan.on_gpu import Crops, GraphedRun, disturb
from models.painting_gan.train import Options, train
from tests.models.conftest import blobs

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def halves() -> Paintings:
    """Pictures of 64 x 96 and 96 x 64 whose left (upper) part is dark and the rest light, so that mirroring shows."""
    wide = np.full((64, 96, 3), 200, np.uint8)
    wide[:, :30] = 40
    return Paintings((Image.fromarray(wide), Image.fromarray(wide.transpose(1, 0, 2))), 64)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty small pictures under the label "blobs"."""
    return blobs(tmp_path_factory.mktemp("data"), 30)


def _options(folder: Path, **more: object) -> Options:
    return Options(data=str(folder), label="blobs", batch=2, judged=8, **more)  # type: ignore[arg-type]


def test_crops_lie_within_the_picture_and_are_mirrored_half_of_the_time(halves: Paintings) -> None:
    torch.manual_seed(0)
    crops = Crops(halves, torch.device("cpu")).batch(64)
    assert crops.shape == (64, 3, 64, 64)
    dark, light = 40 / 127.5 - 1, 200 / 127.5 - 1
    assert crops.min() > dark - 0.25  # bicubic overshoots a little; the empty canvas would be -1
    assert crops.max() < light + 0.25
    left, right = crops[:, :, :, 0].mean((1, 2)), crops[:, :, :, -1].mean((1, 2))
    assert 5 < int((left > right + 0.5).sum()) < 40
    assert 5 < int((right > left + 0.5).sum()) < 40


@pytest.mark.parametrize("wish", [{"augmentation": 0.5}, {"cutout": 0.5}])
def test_another_augmentation_than_its_own_is_refused(folder: Path, wish: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="leave --augmentation and --cutout out"):
        GraphedRun(_options(folder, **wish), open_split(folder, "blobs", 64)[0])


def test_a_disturbed_picture_passes_gradients_and_is_still_the_picture() -> None:
    torch.manual_seed(1)
    pictures = (torch.rand(32, 3, 32, 32) * 0.2).requires_grad_(True)
    disturbed = disturb(pictures)
    disturbed.sum().backward()  # type: ignore[no-untyped-call]
    assert pictures.grad is not None
    assert pictures.grad.abs().sum() > 0
    blank = (disturbed == 0).float().mean((1, 2, 3))
    assert 8 < int((blank > 0.2).sum()) < 28  # a square of a quarter of the sheet, of about every second one


def test_a_wider_generator_begins_by_painting_the_same_pictures() -> None:
    torch.manual_seed(0)
    small = Generator(GeneratorConfig(channels=(16, 12, 8, 8), latent_dim=8, stage_sides=(8,))).eval()
    for norm in (m for m in small.modules() if isinstance(m, torch.nn.BatchNorm2d)):
        norm.running_mean.uniform_(-0.1, 0.1)  # type: ignore[union-attr]
    wide = widen(small, (24, 12, 16, 10))
    z = torch.randn(3, 8)
    with torch.no_grad():
        assert torch.allclose(wide(z, 0.7), small(z, 0.7), atol=1e-6)
    with pytest.raises(ValueError, match="cannot be widened"):
        widen(small, (8, 12, 16, 10))


def test_a_run_by_the_clock_ends_leaves_what_others_leave_and_moves_its_networks(folder: Path, tmp_path: Path) -> None:
    run = train(_options(folder, seconds=3.0, flat=0.0), tmp_path)
    assert isinstance(run, GraphedRun)
    assert run.progress() >= 1
    rows = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rows[-1]["scores"]["n"] == 8
    assert rows[-1]["rate"] < 8e-4
    assert (tmp_path / "best" / "model.safetensors").is_file()
    assert not torch.equal(run.generator.to_rgb.weight, run.ema.to_rgb.weight)


def test_a_resumed_run_goes_on_with_the_networks_and_the_time_it_had(folder: Path, tmp_path: Path) -> None:
    options = _options(folder, seconds=60.0)
    learn, _ = open_split(folder, "blobs", 64)
    first = GraphedRun(options, learn)
    first.step()
    first.save(tmp_path / "run.safetensors")
    again = GraphedRun(options, learn)
    again.restore(tmp_path / "run.safetensors")
    assert again.images == 2
    assert 0 < again.spent < 60
    for name, network in first.networks().items():
        assert all(map(torch.equal, network.state_dict().values(), again.networks()[name].state_dict().values()))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no graphics card here")
def test_a_recorded_step_learns_as_a_played_one_does(folder: Path, tmp_path: Path) -> None:
    run = train(_options(folder, seconds=20.0, device="cuda", bfloat16=True), tmp_path)
    assert isinstance(run, GraphedRun)
    assert run.replay is not None
    assert torch.isfinite(run.losses).all()
