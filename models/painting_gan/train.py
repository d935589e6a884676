"""The training loop of the painter: parse nothing, hide nothing.

One step draws real crops and latents, lets the discriminator learn to tell them apart, then lets the generator learn to
be taken for real; both losses share one pass of the generator. An exponential moving average (EMA) of the generator is
what paints. The learning rate is flat, then falls linearly to a tenth; the state before the fall is kept apart, so that
a later run with a larger budget can go on from there. Killed at any time, the same command goes on where it was.
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
from safetensors.torch import load_file
from torch import Tensor, nn

from models import checkpoint
from models.painting_gan.dataset import Paintings, augment, open_split
from models.painting_gan.evaluate import Judge, Scores, paint_many
from models.painting_gan.features import TAP_CHANNELS, Taps
from models.painting_gan.grow import double, widen
from models.painting_gan.losses import discriminator_loss, generator_loss
from models.painting_gan.networks import Discriminator, Generator, GeneratorConfig
from models.painting_gan.sample import open_generator

CHANNELS = {64: (256, 128, 96, 64, 32), 128: (256, 128, 96, 64, 32, 32), 256: (320, 224, 160, 96, 64, 32, 32)}
FEATURES = {64: 96, 128: 128, 256: 256}  # px at which D looks; 256 px seen at 128 grew a weave that D did not see


@dataclass(frozen=True)
class Options:
    """What a run was asked for; written as options.json beside its weights. `images` is the budget of real crops."""

    data: str
    label: str
    size: int = 64
    images: int = 120_000
    batch: int = 16
    rate: float = 8e-4
    flat: float = 0.5  # share of the budget before the rate falls
    seed: int = 0
    evaluate_every: int = 10_000  # images
    checkpoint_every: float = 300.0  # seconds
    judged: int = 1000  # pictures per evaluation
    start: str = ""  # shipped weights to begin with, of this side or half of it; their heads lie beside them
    augmentation: float = 1.0  # share of the pictures whose place and colours are shifted before D sees them
    cutout: float = 0.0  # share of the pictures of which a square is blotted out besides
    bfloat16: bool = False  # products in bfloat16
    device: str = "cpu"  # or "cuda": see on_gpu.py
    seconds: float = 0.0  # the budget in time instead of images: on_gpu.py, ablation.py


@dataclass(frozen=True)
class Report:
    """One line of log.jsonl."""

    images: int
    images_per_second: float
    loss_d: float
    loss_g: float
    gap: float  # mean logit on training crops minus that on validation crops: grows when D overfits
    rate: float
    scores: Scores | None = None


def fallen_to(options: Options, progress: float) -> float:
    """Learning rate when that share of the budget is spent: flat, then linear down to a tenth.

    >>> o = Options(data="", label="", rate=1.0, flat=0.5)
    >>> [round(fallen_to(o, share), 2) for share in (0, 0.5, 0.75, 1)]
    [1.0, 1.0, 0.55, 0.1]
    """
    fallen = max(0.0, progress - options.flat) / max(1e-9, 1 - options.flat)
    return options.rate * (1 - 0.9 * min(1.0, fallen))


class Run:
    """Everything that changes while training, and the step that changes it."""

    def __init__(self, options: Options, learn: Paintings) -> None:
        torch.manual_seed(options.seed)
        self.options, self.learn = options, learn
        self.generator = self._make_generator()
        self.ema = copy.deepcopy(self.generator).eval().requires_grad_(False)
        self.device = torch.device(options.device)
        self._see()
        self.optimizers = {
            "g": torch.optim.Adam(self.generator.parameters(), options.rate, betas=(0.0, 0.99), fused=True),
            "d": torch.optim.Adam(self.discriminator.heads.parameters(), options.rate, betas=(0.0, 0.99), fused=True),
        }
        self.random = torch.Generator().manual_seed(options.seed)
        self.crops = np.random.default_rng(options.seed + 1)
        self.images = 0
        self.best = float("inf")

    def _make_generator(self) -> Generator:
        return Generator(GeneratorConfig(channels=CHANNELS[self.options.size], labels=(self.options.label,)))

    def _make_discriminator(self) -> Discriminator:
        return Discriminator(TAP_CHANNELS, seed=self.options.seed)

    def _see(self) -> None:
        """Make the discriminator and the frozen features it sees through."""
        self.taps = Taps(side=FEATURES[self.options.size])
        self.discriminator = self._make_discriminator()
        crops = self.learn.batch(128, np.random.default_rng(self.options.seed))
        self.discriminator.mixing.calibrate(self.taps(crops))

    def progress(self) -> float:
        """Share of the budget that is spent."""
        return self.images / self.options.images

    def counters(self) -> dict[str, float]:
        """What a checkpoint counts."""
        return {"images": self.images, "best": self.best}

    def networks(self) -> dict[str, nn.Module]:
        """The networks a checkpoint holds."""
        return {"generator": self.generator, "ema": self.ema, "discriminator": self.discriminator}

    def save(self, path: Path) -> None:
        """Write the whole state."""
        checkpoint.save(
            path,
            networks=self.networks(),
            optimizers=self.optimizers,
            torch_random=self.random,
            numpy_random=self.crops,
            counters=self.counters(),
        )

    def restore(self, path: Path) -> None:
        """Read the whole state back."""
        counters = checkpoint.restore(
            path,
            networks=self.networks(),
            optimizers=self.optimizers,
            torch_random=self.random,
            numpy_random=self.crops,
        )
        self.images, self.best = counters["images"], counters["best"]

    def start_from(self, weights: Path, heads: Path) -> None:
        """Begin with a shipped generator and the heads beside it, in place of random weights; counters stay at 0.

        A generator of half the side is grown (grow.py). Raises ValueError for any other.
        """
        self._start_generator(weights)
        saved = {name: value.float() for name, value in load_file(heads).items()}
        missing, unknown = self.discriminator.load_state_dict(saved, strict=False)
        if unknown or any(name.startswith("heads.") for name in missing):
            raise ValueError(f"{heads.name} holds the heads of another discriminator; leave --start out")

    def _start_generator(self, weights: Path) -> None:
        shipped, own = _shipped(weights, self.options.size, self.options.seed), self.generator.state_dict()
        # an exported generator may read itself out at more sides than one that trains
        found = {
            name: at for name, at in shipped.state_dict().items() if name in own or not name.startswith("readouts.")
        }
        self.generator.load_state_dict(found)
        self.ema.load_state_dict(found)

    def step(self) -> tuple[Tensor, Tensor]:
        """One batch through both players; (discriminator loss, generator loss)."""
        for optimizer in self.optimizers.values():
            for group in optimizer.param_groups:
                group["lr"] = fallen_to(self.options, self.progress())
        real = self._augmented(self.learn.batch(self.options.batch, self.crops))
        z = torch.randn(self.options.batch, self.generator.config.latent_dim, generator=self.random)
        with torch.no_grad(), self._precision():
            real_maps = self.taps(real)
        with self._precision():
            fake = self.generator(z)
        # these stay in fp32: the backward pass of a depthwise convolution is slower in bfloat16
        fake_maps = self.taps(self._augmented(fake.float()))
        loss_d = self._learn_to_tell(real_maps, [m.detach() for m in fake_maps])
        loss_g = self._learn_to_pass(fake_maps)
        self.images += self.options.batch
        self._average()
        return loss_d, loss_g

    def _augmented(self, pictures: Tensor) -> Tensor:
        o = self.options
        return augment(pictures, self.random, share=o.augmentation, cutout=o.cutout)

    def _precision(self) -> torch.autocast:
        return torch.autocast("cpu", torch.bfloat16, enabled=self.options.bfloat16)

    def _learn_to_tell(self, real: list[Tensor], fake: list[Tensor]) -> Tensor:
        self.discriminator.heads.requires_grad_(True)
        with self._precision():
            loss = discriminator_loss(self.discriminator(real), self.discriminator(fake))
        self.optimizers["d"].zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizers["d"].step()
        return loss.detach()

    def _learn_to_pass(self, fake: list[Tensor]) -> Tensor:
        self.discriminator.heads.requires_grad_(False)
        with self._precision():
            loss = generator_loss(self.discriminator(fake))
        self.optimizers["g"].zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizers["g"].step()
        return loss.detach()

    def forgetting(self) -> float:
        """Weight of the newest generator in the average, whose half-life is 6 % of all images seen."""
        return float(1 - 0.5 ** (self.options.batch / max(self.options.batch, 0.06 * self.images)))

    @torch.no_grad()
    def _average(self) -> None:
        ours, theirs = list(self.ema.parameters()), list(self.generator.parameters())
        torch._foreach_lerp_(ours, theirs, self.forgetting())
        for mine, new in zip(self.ema.buffers(), self.generator.buffers(), strict=True):
            mine.copy_(new)

    @torch.no_grad()
    def gap(self, hold: Paintings, count: int = 64) -> float:
        """Mean logit on training crops minus that on held-out crops, without augmentation."""
        self.discriminator.eval()
        random = np.random.default_rng(3)
        sides = [self.discriminator(self.taps(p.batch(count, random).to(self.device))) for p in (self.learn, hold)]
        self.discriminator.train()
        learnt, unseen = (torch.stack([x.mean() for x in maps]).mean() for maps in sides)
        return float(learnt - unseen)


def _shipped(weights: Path, size: int, seed: int) -> Generator:
    """The generator of a weights file, grown by a block if it paints half of `size`; ValueError if neither."""
    found = open_generator(weights, _shape(weights))
    found.steer_by((), torch.zeros(0))
    side = found.config.side
    if side not in (size, size // 2):
        raise ValueError(f"{weights.name} paints {side} px; a run of {size} px can begin from {size // 2} px or {size}")
    channels = CHANNELS[size][: len(found.config.channels)]
    wide = found if found.config.channels == channels else widen(found, channels, seed=seed)
    return wide if side == size else double(wide, seed=seed)


def _shape(weights: Path) -> GeneratorConfig:
    """The shape of a generator, as the tensors in its file tell it; ValueError if it is none."""
    shapes = {name: tensor.shape for name, tensor in load_file(weights).items()}
    if "root.0.weight" not in shapes:
        raise ValueError(f"{weights.name} holds no painter's generator; give one of models/weights")
    ups = sorted(name for name in shapes if name.startswith("ups.") and name.endswith("conv.weight"))
    return GeneratorConfig(
        channels=(shapes["root.0.weight"][1] // 2, *(shapes[name][0] // 2 for name in ups)),
        latent_dim=shapes["root.0.weight"][0],
        stage_sides=tuple(sorted({int(name.split(".")[1]) for name in shapes if name.startswith("readouts.")})),
        directions=tuple(map(str, range(shapes["directions"][0]))) if "directions" in shapes else (),
    )


def _append(path: Path, report: Report) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(report)) + "\n")


def _evaluate(run: Run, judge: Judge, folder: Path) -> Scores:
    from models.painting_gan import plots

    scores = judge.score(run.ema)
    grid = torch.cat([some.cpu() for some in paint_many(run.ema, 64, seed=7)])
    plots.save_grid(grid, folder / f"grid-{run.images:07}.png")
    if scores.kid_validation < run.best:
        run.best = scores.kid_validation
        run.ema.save_pretrained(folder / "best")
        (folder / "best" / "scores.json").write_text(json.dumps({"images": run.images} | asdict(scores)))
    return scores


def _open_run(options: Options, learn: Paintings) -> Run:
    if options.device == "cpu" and not options.seconds:
        return Run(options, learn)
    from models.painting_gan.on_gpu import GraphedRun

    return GraphedRun(options, learn)


def train(options: Options, folder: Path, *, show: Callable[[Report], None] = lambda report: None) -> Run:
    """Train until the budget is spent, going on from folder/checkpoint.safetensors if there is one.

    Writes options.json, log.jsonl, curve.png, grid-IMAGES.png, best/ (EMA generator with the lowest validation KID),
    checkpoint.safetensors and before-decay.safetensors. Raises NoPaintings.
    """
    from models.painting_gan import plots

    folder.mkdir(parents=True, exist_ok=True)
    learn, hold = open_split(Path(options.data), options.label, options.size)
    run, latest = _open_run(options, learn), folder / "checkpoint.safetensors"
    if latest.exists():
        run.restore(latest)
    elif options.start:
        weights = Path(options.start)
        run.start_from(weights, weights.with_name(f"{weights.stem}-heads.safetensors"))
    (folder / "options.json").write_text(json.dumps(asdict(options), indent=1))
    judge = Judge(learn, hold, count=options.judged, device=options.device)
    often = (100 if options.device == "cpu" else 500) * options.batch  # images from line to line of the log
    saved, began, done = time.monotonic(), time.monotonic(), run.images
    while run.progress() < 1:
        before, spent = run.images, run.progress()
        loss_d, loss_g = run.step()
        if spent < options.flat <= run.progress():
            run.save(folder / "before-decay.safetensors")
        due = run.images // options.evaluate_every != before // options.evaluate_every
        over = run.progress() >= 1
        if due or over or before // often != run.images // often:
            losses = float(loss_d), float(loss_g)
            speed = (run.images - done) / (time.monotonic() - began)
            scores = _evaluate(run, judge, folder) if due or over else None
            report = Report(run.images, speed, *losses, run.gap(hold), fallen_to(options, spent), scores)
            began, done = time.monotonic(), run.images
            _append(folder / "log.jsonl", report)
            show(report)
            if scores:
                plots.save_curves(folder / "log.jsonl", folder / "curve.png")
        if time.monotonic() - saved > options.checkpoint_every or due:
            run.save(latest)
            saved = time.monotonic()
    run.save(latest)
    return run
