"""What each part of the recipe brings: the same run without it, for as much CPU time, judged alike.

Data, seed, batch and the rate by the share of time spent are the same. Two runs more say how far to trust the figures:
the whole recipe from another seed, and pixels at the rate of their own literature. The clock is the CPU time of the
training steps alone, which stands still while others have the processor. The variants take turns, so that a busy hour
of the machine is every variant's; a run that is killed goes on with the turn it was in.

Sources: Radford et al. 2016 (DCGAN, arXiv:1511.06434) and Miyato et al. 2018 (spectral norm, arXiv:1802.05957) for the
discriminator that sees pixels: 104 M multiplications a picture of 64 px, where features and heads take 89 M.
"""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from models import checkpoint
from models.painting_gan import plots
from models.painting_gan.dataset import Paintings, open_split
from models.painting_gan.evaluate import Judge, paint_many
from models.painting_gan.features import TAP_CHANNELS
from models.painting_gan.networks import Discriminator, Generator, Mixing, head
from models.painting_gan.train import Options, Run

TURNS = 6
SHOWN = 16  # latents of a grid, the same for all
UNAVERAGED = "no_average"  # needs no training of its own: the generator itself of the whole recipe


class Timed(Run):
    """The whole recipe, on a budget of `options.seconds` of CPU time."""

    spent = 0.0

    def progress(self) -> float:
        """Share of the time that is spent."""
        return self.spent / self.options.seconds

    def step(self) -> tuple[Tensor, Tensor]:
        """One batch through both players, on the clock; (discriminator loss, generator loss)."""
        began = time.process_time()
        losses = super().step()
        self.spent += time.process_time() - began
        return losses

    def counters(self) -> dict[str, float]:
        """What a checkpoint counts: besides images and the best score, the seconds spent."""
        return {**super().counters(), "spent": self.spent}

    def restore(self, path: Path) -> None:
        """Read the whole state back."""
        super().restore(path)
        self.spent = float(checkpoint.read_counters(path)["spent"])


class Pixels(nn.Module):
    """A discriminator of pictures (B, 3, S, S) without any frozen feature: DCGAN's, held back by spectral norm."""

    def __init__(self, widths: tuple[int, ...] = (64, 128, 256, 512)) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise((3, *widths)):
            layers += [spectral_norm(nn.Conv2d(inputs, outputs, 4, 2, 1)), nn.LeakyReLU(0.2)]
        self.heads = nn.Sequential(*layers, spectral_norm(nn.Conv2d(widths[-1], 1, 4)))

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        return [self.heads(x) for x in maps]


class WithoutProjection(Timed):
    """The discriminator sees the picture itself."""

    def _see(self) -> None:
        self.taps = _itself  # type: ignore[assignment]
        self.discriminator = Pixels()  # type: ignore[assignment]


def _itself(pictures: Tensor) -> list[Tensor]:
    return [pictures]


class Unmixed(Mixing):
    """The features as they are, only standardised per channel."""

    def __init__(self, channels: tuple[int, ...]) -> None:
        super().__init__((), width=0, seed=0)
        for i, c in enumerate(channels):
            self.register_buffer(f"mean_{i}", torch.zeros(1, c, 1, 1))
            self.register_buffer(f"std_{i}", torch.ones(1, c, 1, 1))
        self.count = len(channels)

    def mix(self, maps: list[Tensor]) -> list[Tensor]:
        """The maps themselves."""
        return maps


class Unmixing(Discriminator):
    """The same heads on the frozen features themselves, each scale alone."""

    def __init__(self, channels: tuple[int, ...], *, widths: tuple[int, ...] = (64, 128, 128)) -> None:
        super().__init__(channels, widths=widths)
        self.mixing = Unmixed(channels)
        self.heads = nn.ModuleList(head(c, len(widths) - i, widths) for i, c in enumerate(channels))


class WithoutMixing(Timed):
    """No random projection across channels and scales."""

    def _make_discriminator(self) -> Discriminator:
        return Unmixing(TAP_CHANNELS)


class WithoutAugmentation(Timed):
    """The discriminator sees crops and paintings as they are."""

    def _augmented(self, pictures: Tensor) -> Tensor:
        return pictures


class Ungated(nn.Module):
    """In the place of a skip-layer excitation: the late map speaks as it is."""

    def forward(self, small: Tensor, large: Tensor) -> Tensor:
        return large


class WithoutExcitation(Timed):
    """No early map decides over a late one."""

    def _make_generator(self) -> Generator:
        generator = super()._make_generator()
        generator.skips = nn.ModuleList(Ungated() for _ in generator.skips)
        return generator


class WholeAgain(Timed):
    """The whole recipe from another seed: what chance alone moves."""

    def __init__(self, options: Options, learn: Paintings) -> None:
        super().__init__(replace(options, seed=options.seed + 1), learn)


class WithoutProjectionSlower(WithoutProjection):
    """Pixels at the rate at which Radford et al. and Miyato et al. trained on them, a quarter of the recipe's 8e-4."""

    def __init__(self, options: Options, learn: Paintings) -> None:
        super().__init__(replace(options, rate=options.rate / 4), learn)


VARIANTS: Mapping[str, type[Timed]] = {
    "whole": Timed,
    "whole_again": WholeAgain,
    "no_projection": WithoutProjection,
    "no_projection_slower": WithoutProjectionSlower,
    "no_mixing": WithoutMixing,
    "no_augmentation": WithoutAugmentation,
    "no_excitation": WithoutExcitation,
}


@dataclass(frozen=True)
class Result:
    """How a variant stands when its time is spent; in the words of evaluate.py."""

    kid: float
    kid_validation: float
    fd_over_floor: float
    diversity: float
    images: int
    cpu_seconds: float


def ablate(options: Options, folder: Path, *, show: Callable[[str, float], None]) -> dict[str, Result]:
    """Train and judge every variant for `options.seconds` of CPU time each, going on where a killed run was.

    Writes options.json, a checkpoint and a grid of the same latents for each variant, grids.png of them all in the
    order of the results, results.json, and ablation.toml, the table as a card has it. `show` is told a variant and the
    share of its time that is spent. Raises NoPaintings, and ValueError if the folder is another ablation's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _claim(folder / "options.json", options)
    learn, hold = open_split(Path(options.data), options.label, options.size)
    runs = {name: _resume(kind(options, learn), folder / f"{name}.safetensors") for name, kind in VARIANTS.items()}
    for turn in range(1, TURNS + 1):
        for name, run in runs.items():
            if run.progress() < turn / TURNS:
                _play(run, turn / TURNS)
                run.save(folder / f"{name}.safetensors")
                show(name, run.progress())
    results = _judge(runs, Judge(learn, hold, count=options.judged), folder)
    (folder / "results.json").write_text(json.dumps({k: asdict(v) for k, v in results.items()}, indent=1))
    (folder / "ablation.toml").write_text(table(results, options))
    return results


def _claim(path: Path, options: Options) -> None:
    wanted = asdict(options)
    if path.exists() and json.loads(path.read_text()) != wanted:
        raise ValueError(f"{path.parent} holds an ablation of other options; give another folder for this one")
    path.write_text(json.dumps(wanted, indent=1))


def _resume(run: Timed, path: Path) -> Timed:
    if path.exists():
        run.restore(path)
    return run


def _play(run: Timed, until: float) -> None:
    while run.progress() < until:
        run.step()


def _judge(runs: Mapping[str, Timed], judge: Judge, folder: Path) -> dict[str, Result]:
    painters = {name: (run.ema, run) for name, run in runs.items()}
    painters[UNAVERAGED] = (copy.deepcopy(runs["whole"].generator).eval(), runs["whole"])
    results, grids = {}, []
    for name, (generator, run) in painters.items():
        found = judge.score(generator)
        results[name] = Result(
            kid=round(found.kid, 4),
            kid_validation=round(found.kid_validation, 4),
            fd_over_floor=round(found.fd / found.fd_floor, 2),
            diversity=round(found.diversity, 3),
            images=run.images,
            cpu_seconds=round(run.spent, 1),
        )
        grids.append(torch.cat(list(paint_many(generator, SHOWN, seed=7))))
        plots.save_grid(grids[-1], folder / f"{name}.png")
    plots.save_grids(grids, folder / "grids.png")
    return results


def table(results: Mapping[str, Result], options: Options) -> str:
    """The results as the section of a card, a line a variant.

    >>> found = {"whole": Result(0.1, 0.12, 2.5, 0.8, 16000, 540.1)}
    >>> print(table(found, Options(data="", label="", seconds=540)), end="")
    [ablation]
    cpu_minutes = 9
    n = 1000
    <BLANKLINE>
    [ablation.variants]
    whole = { kid = 0.1, kid_validation = 0.12, fd_over_floor = 2.5, diversity = 0.8, images = 16000 }
    """
    lines = [
        "[ablation]",
        f"cpu_minutes = {options.seconds / 60:g}",
        f"n = {options.judged}",
        "",
        "[ablation.variants]",
    ]
    for name, result in results.items():
        cells = [f"{k} = {v}" for k, v in asdict(result).items() if k != "cpu_seconds"]
        lines.append(f"{name} = {{ {', '.join(cells)} }}")
    return "\n".join(lines) + "\n"
