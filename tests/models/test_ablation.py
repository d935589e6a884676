"""The ablation: every variant lacks its part and nothing else, all train for as long, and a killed one goes on."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from models.painting_gan import __main__ as cli
from models.painting_gan import ablation
from models.painting_gan.ablation import TURNS, UNAVERAGED, VARIANTS, Timed, ablate
from models.painting_gan.dataset import Paintings, find_pictures
from models.painting_gan.plots import APART
from models.painting_gan.train import Options, Run

pytestmark = pytest.mark.usefixtures("one_thread")
BATCH, STEPS = 4, 2 * TURNS


@pytest.fixture
def options(paintings: Path) -> Options:
    """Twelve steps, by the clock of `ticking`."""
    return Options(data=str(paintings), label="blobs", batch=BATCH, judged=24, seconds=STEPS, flat=1 / 3)


@pytest.fixture
def ticking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step takes a second, whatever the machine does."""
    seconds = count()
    monkeypatch.setattr("time.process_time", lambda: float(next(seconds)))


def few(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    monkeypatch.setattr(ablation, "VARIANTS", {name: VARIANTS[name] for name in names})


def quietly(name: str, share: float) -> None:
    """Progress that nobody watches."""


def learn(options: Options) -> Paintings:
    return Paintings.open(find_pictures(Path(options.data), "blobs"), 64)


def state(run: Run) -> dict[str, Tensor]:
    return {f"{name} {key}": t.clone() for name, net in run.networks().items() for key, t in net.state_dict().items()}


def test_the_whole_recipe_is_what_train_runs(options: Options) -> None:
    """Timed against the run that ships, with a rate that does not fall, since only the clock is another."""
    steady = Options(**{**options.__dict__, "flat": 1.0})
    timed, plain = Timed(steady, learn(steady)), Run(steady, learn(steady))
    for _ in range(2):
        timed.step()
        plain.step()
    assert all(torch.equal(a, b) for a, b in zip(state(timed).values(), state(plain).values(), strict=True))


def test_all_begin_with_the_same_generator_and_can_learn(options: Options) -> None:
    whole = state(Timed(options, learn(options)))
    for name, kind in VARIANTS.items():
        run = kind(options, learn(options))
        begun = state(run)
        common = [key for key in begun if key.startswith("generator ")]
        same = all(torch.equal(begun[key], whole[key]) for key in common)
        assert same == (name != "whole_again"), name
        run.step()
        moved = state(run)
        assert not torch.equal(moved["generator to_rgb.weight"], begun["generator to_rgb.weight"]), name
        assert any(not torch.equal(moved[k], begun[k]) for k in begun if k.startswith("discriminator heads")), name


def test_without_the_projection_the_discriminator_sees_the_picture_and_nothing_of_it_is_frozen(
    options: Options,
) -> None:
    run, slower = (VARIANTS[name](options, learn(options)) for name in ("no_projection", "no_projection_slower"))
    picture = torch.rand(2, 3, 64, 64)
    assert torch.equal(run.taps(picture)[0], picture)
    assert [tuple(logits.shape) for logits in run.discriminator(run.taps(picture))] == [(2, 1, 1, 1)]
    assert sum(p.numel() for p in run.discriminator.parameters()) == sum(
        p.numel() for p in run.discriminator.heads.parameters()
    )
    assert slower.options.rate == run.options.rate / 4 == options.rate / 4


def test_without_mixing_the_heads_see_the_features_themselves_standardised(options: Options) -> None:
    run = VARIANTS["no_mixing"](options, learn(options))
    maps = run.taps(learn(options).batch(128, np.random.default_rng(options.seed)))  # those it was calibrated on
    seen = run.discriminator.mixing(maps)
    for plain, standard in zip(maps, seen, strict=True):
        assert plain.shape == standard.shape
        assert standard.mean((0, 2, 3)).abs().max() < 1e-3
        assert (standard.std((0, 2, 3)) - 1).abs().max() < 1e-2
    assert len(run.discriminator(maps)) == len(maps)


def test_without_augmentation_pictures_stay_as_they_are(options: Options) -> None:
    picture = torch.rand(2, 3, 64, 64)
    assert torch.equal(VARIANTS["no_augmentation"](options, learn(options))._augmented(picture), picture)
    assert not torch.equal(VARIANTS["whole"](options, learn(options))._augmented(picture), picture)


def test_without_excitation_no_early_map_decides_over_a_late_one(options: Options) -> None:
    run, whole = VARIANTS["no_excitation"](options, learn(options)), Timed(options, learn(options))
    assert len(list(run.generator.skips)) == len(list(whole.generator.skips)) > 0
    assert not any("skips" in name for name, _ in run.generator.named_parameters())
    roots = [run.generator.roots(torch.randn(3, 128)) for _ in range(2)]
    maps, inked = (run.generator.maps(roots[0], ink=ink) for ink in (None, roots[1]))
    assert torch.equal(maps[-1], inked[-1])
    gated, other = (whole.generator.maps(roots[0], ink=ink) for ink in (None, roots[1]))
    assert not torch.equal(gated[-1], other[-1])


@pytest.mark.usefixtures("ticking")
def test_every_variant_trains_for_as_long_and_is_judged_on_the_same_latents(
    options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(monkeypatch, "whole", "no_projection", "no_augmentation")
    turns: list[tuple[str, float]] = []
    results = ablate(options, tmp_path, show=lambda name, share: turns.append((name, round(share, 3))))
    assert list(results) == ["whole", "no_projection", "no_augmentation", UNAVERAGED]
    assert {(one.images, one.cpu_seconds) for one in results.values()} == {(STEPS * BATCH, float(STEPS))}
    assert turns[:4] == [("whole", 0.167), ("no_projection", 0.167), ("no_augmentation", 0.167), ("whole", 0.333)]
    assert results["whole"] != results[UNAVERAGED]
    assert json.loads((tmp_path / "results.json").read_text())["whole"]["kid"] == results["whole"].kid
    assert list(tomllib.loads((tmp_path / "ablation.toml").read_text())["ablation"]["variants"]) == list(results)
    with Image.open(tmp_path / "grids.png") as all_, Image.open(tmp_path / "no_average.png") as one:
        assert (one.size, all_.size) == ((8 * 66 - 2, 2 * 66 - 2), (8 * 66 - 2, 4 * (2 * 66 - 2) + 3 * APART))
        assert all_.crop((0, all_.height - one.height, one.width, all_.height)).tobytes() == one.tobytes()


class Killed(Exception):
    """What ends a run in its midst."""


@pytest.fixture
def killing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Ends the process, as it were, at the step of that number."""
    step = Timed.step

    def at(number: int) -> None:
        left = count(1)

        def dying(run: Timed) -> tuple[Tensor, Tensor]:
            if next(left) == number:
                raise Killed
            return step(run)

        monkeypatch.setattr(Timed, "step", dying)

    yield at
    monkeypatch.setattr(Timed, "step", step)


@pytest.mark.usefixtures("ticking")
def test_a_killed_ablation_ends_as_one_that_was_not(
    options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killing: Callable[[int], None]
) -> None:
    few(monkeypatch, "whole", "no_mixing")
    whole = ablate(options, tmp_path / "whole", show=quietly)
    killing(8)  # in the midst of a turn
    with pytest.raises(Killed):
        ablate(options, tmp_path / "killed", show=quietly)
    killing(0)
    went_on: list[str] = []
    assert ablate(options, tmp_path / "killed", show=lambda name, share: went_on.append(f"{name} {share:.2f}")) == whole
    assert went_on[:2] == ["no_mixing 0.33", "whole 0.50"]


@pytest.mark.usefixtures("ticking")
def test_the_folder_of_another_ablation_is_refused(
    options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few(monkeypatch, "whole")
    ablate(options, tmp_path, show=quietly)
    longer = Options(**{**options.__dict__, "seconds": 2.0 * STEPS})
    with pytest.raises(ValueError, match="another folder"):
        ablate(longer, tmp_path, show=quietly)


@pytest.mark.usefixtures("ticking")
def test_the_command_line_prints_the_table_and_leaves_the_picture(
    paintings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few(monkeypatch, "whole")
    monkeypatch.setattr(cli, "_card", lambda label: type("Card", (), {"name": "painting-blobs"}))
    asked = ["ablate", "--data", str(paintings), "--run", str(tmp_path), "--label", "blobs", "--judged", "8"]
    assert cli.main([*asked, "--minutes", "0.1", "--figures", str(tmp_path)]) == 0
    assert list(tomllib.loads(capsys.readouterr().out)["ablation"]["variants"]) == ["whole", UNAVERAGED]
    assert (tmp_path / "painting-blobs-ablation.webp").exists()
    assert json.loads((tmp_path / "options.json").read_text())["flat"] == pytest.approx(1 / 3)
    assert cli.main([*asked, "--minutes", "0"]) == 2
    assert "more than nothing" in capsys.readouterr().err
