"""From training runs to what ships: one fp16 file with generator, readouts, directions and enlarger, and its card.

The generator and the enlarger come from runs of their own; exporting one leaves the other in the file as it was.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor

from models import CARDS, Card, fill_card
from models.checkpoint import read_counters, read_network
from models.painting_gan import plots
from models.painting_gan.attributes import NAMES
from models.painting_gan.dataset import PATCH, open_split
from models.painting_gan.directions import STEPS, learn, verify, verify_moods, walks
from models.painting_gan.enlarger import Enlarger, Smooth
from models.painting_gan.evaluate import EnlargerScores, Judge, Scores, judge_enlarger, paint_many
from models.painting_gan.networks import Generator, GeneratorConfig
from models.painting_gan.sample import ENLARGER, freeze, open_enlarger, open_generator

TILE = 176  # px of a painting in a grid of 64


@torch.no_grad()
def fit_readouts(generator: Generator, *, count: int = 256, seed: int = 11) -> None:
    """Set `mean_root`; fit each readout by least squares to the finished picture, averaged down to its side."""
    random = torch.Generator().manual_seed(seed)
    z = torch.randn(count, generator.config.latent_dim, generator=random).to(generator.device)
    generator.mean_root.copy_(torch.cat([generator.roots(p) for p in torch.split(z, 64)]).mean(0, keepdim=True))
    seen: dict[int, list[Tensor]] = {side: [] for side in generator.config.stage_sides}
    finished: list[Tensor] = []
    for part in torch.split(z, 32):
        maps = generator.maps(generator.roots(part))
        finished.append(torch.tanh(generator.to_rgb(maps[-1])))
        for features in maps:
            if features.shape[-1] in seen:
                seen[features.shape[-1]].append(features)
    pictures = torch.cat(finished)
    for side, parts in seen.items():
        _fit(generator.readouts[str(side)], torch.cat(parts), F.adaptive_avg_pool2d(pictures, side))


def _fit(readout: Any, features: Tensor, target: Tensor) -> None:
    """Least squares with bias: features (N, C, s, s) -> target (N, 3, s, s)."""
    x = features.permute(0, 2, 3, 1).flatten(0, 2)
    x = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
    y = target.permute(0, 2, 3, 1).flatten(0, 2)
    gram = x.T @ x + 1e-3 * len(x) * torch.eye(x.shape[1], device=x.device)  # a touch of ridge: channels are correlated
    solution = torch.linalg.solve(gram, x.T @ y)  # (C + 1, 3)
    readout.weight.copy_(solution[:-1].T[:, :, None, None])
    readout.bias.copy_(solution[-1])


def write_weights(generator: Generator, path: Path, enlarger: Enlarger | Smooth | None = None) -> str:
    """Write the weights as fp16 safetensors; returns the file's SHA-256 (hex)."""
    tensors = dict(generator.state_dict())
    if enlarger is not None:
        tensors |= {f"{ENLARGER}{name}": value for name, value in enlarger.state_dict().items()}
    narrow = {name: value.half() if value.is_floating_point() else value for name, value in tensors.items()}
    save_file({name: value.cpu().contiguous() for name, value in narrow.items()}, path)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def heads_of(weights: Path) -> Path:
    """Where the discriminator's heads lie beside a generator's weights: with both a training run can start again."""
    return weights.with_name(f"{weights.stem}-heads.safetensors")


def write_heads(saved: Path, path: Path) -> None:
    """The heads of a checkpoint's discriminator as fp16; its frozen parts are made anew from the seed."""
    state = read_network(saved, "discriminator")
    save_file({name: value.half().contiguous() for name, value in state.items() if name.startswith("heads.")}, path)


def export(run: Path, card: Card, figures: Path | None = None, *, device: str = "cpu") -> Scores:
    """Write the best generator of a run as the card's weights and put its figures into the card.

    What is judged is what ships: the weights are read back as a visitor's machine will read them. `figures` is a folder
    for NAME-curve.webp, NAME-grid.webp (64 pictures, not selected) and NAME-steering.webp of the card's name. The heads
    of a run on a graphics card are not kept: such a run begins with new ones. Raises OSError.
    """
    options = json.loads((run / "options.json").read_text())
    best = json.loads((run / "best" / "scores.json").read_text())
    generator = Generator.from_pretrained(run / "best").eval().requires_grad_(False)
    generator.to(device, memory_format=torch.channels_last)
    fit_readouts(generator)
    generator.steer_by(NAMES, learn(generator))
    sha256 = write_weights(generator, card.weights, open_enlarger(card.weights, card.facts))
    if options.get("device", "cpu") == "cpu":
        write_heads(run / "checkpoint.safetensors", heads_of(card.weights))
    known, hold = open_split(Path(options["data"]), options["label"], generator.config.side)
    shipped = freeze(open_generator(card.weights, generator.config)).to(device, memory_format=torch.channels_last)
    scores = Judge(known, hold, count=1000, device=device).score(shipped, seed=12)
    measured = {"sha256": sha256, "images": best["images"], "hours": _hours(run / "log.jsonl", best["images"])}
    kept = {f"{name}_kept": round(share, 3) for name, share in {**verify(shipped), **verify_moods(shipped)}.items()}
    fill_card(CARDS / f"{card.name}.toml", measured | kept | {k: round(v, 4) for k, v in asdict(scores).items()})
    if figures is not None:
        enlarger = open_enlarger(card.weights, card.facts)
        _draw(open_generator(card.weights, generator.config), enlarger, run, figures / card.name)
    return scores


def export_enlarger(run: Path, card: Card, data: Path, figures: Path | None = None) -> EnlargerScores:
    """Put a run's enlarger beside the card's generator, and its figures into the card; raises OSError.

    `figures` is a folder for NAME-enlarged.webp: paintings as painted, smoothly enlarged, and by the enlarger.
    """
    generator = open_generator(card.weights, GeneratorConfig(**card.facts["architecture"]))
    sizes = card.facts["enlarger"]
    enlarger = Enlarger(channels=tuple(sizes["channels"]), blocks=sizes["blocks"]).eval().requires_grad_(False)
    enlarger.load_state_dict(read_network(run / "checkpoint.safetensors", "ema"))
    sha256 = write_weights(generator, card.weights, enlarger)
    shipped = open_enlarger(card.weights, card.facts)
    assert isinstance(shipped, Enlarger)  # noqa: S101 (it has just been written)
    learn, hold = open_split(data, card.facts["asks"]["labels"][0], PATCH)
    scores = judge_enlarger(shipped, generator, learn, hold)
    patches = read_counters(run / "checkpoint.safetensors")["patches"]
    parameters = sum(p.numel() for p in enlarger.parameters())
    measured = {"sha256": sha256, "enlarger_patches": patches, "enlarger_parameters": parameters}
    fill_card(CARDS / f"{card.name}.toml", measured | {k: round(v, 4) for k, v in asdict(scores).items()})
    if figures is not None:
        plots.save_pairs(generator, shipped, run / "pairs.png")
        plots.save_webp(run / "pairs.png", figures / f"{card.name}-enlarged.webp")
        _draw_grid(generator, shipped, run, figures / card.name)
    return scores


@torch.no_grad()
def _draw_grid(generator: Generator, enlarger: Enlarger | Smooth | None, run: Path, stem: Path) -> None:
    """64 paintings, not selected, enlarged as they are hung, then reduced to TILE; `stem` begins the file's name."""
    painted = list(paint_many(generator, 64, seed=64))
    if enlarger is not None:
        painted = [enlarger(small) for some in painted for small in torch.split(some, 8)]
    tiles = [F.interpolate(some, size=(TILE, TILE), mode="area") for some in painted]
    plots.save_grid(torch.cat(tiles), run / "grid.png")
    plots.save_webp(run / "grid.png", stem.with_name(f"{stem.name}-grid.webp"))


def _draw(generator: Generator, enlarger: Enlarger | Smooth | None, run: Path, stem: Path) -> None:
    _draw_grid(generator, enlarger, run, stem)
    plots.save_grid(torch.cat(list(walks(generator))), run / "steering.png", columns=STEPS)
    plots.save_webp(run / "steering.png", stem.with_name(f"{stem.name}-steering.webp"))
    plots.save_curves(run / "log.jsonl", run / "curve.png")
    plots.save_webp(run / "curve.png", stem.with_name(f"{stem.name}-curve.webp"))


def _hours(log: Path, images: int) -> float:
    """Hours of one core that the run had spent when it had seen `images`."""
    rows = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    seconds, before = 0.0, 0
    for row in rows:
        if before < row["images"] <= images:
            seconds += (row["images"] - before) / row["images_per_second"]
            before = row["images"]
    return round(seconds / 3600, 2)
