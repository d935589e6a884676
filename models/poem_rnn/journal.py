"""What a training run writes down in its folder: options.json, log.jsonl (a line an evaluation) and curve.png.

A run that is resumed from a checkpoint cuts off what the log says beyond that checkpoint, so that the log tells one
story. Weights and counters are not here: see train.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

BASELINE = 321.0  # form-blind Kneser-Ney 5-gram on the same split


class Journal:
    """The written record of the run in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._log = folder / "log.jsonl"
        self._since: list[tuple[int, float, float]] = []  # (characters, seconds, loss) since the last evaluation

    def write_options(self, options: dict[str, Any]) -> None:
        """Writes the options as JSON."""
        text = json.dumps(options, indent=1, ensure_ascii=False)
        (self.folder / "options.json").write_text(text + "\n", encoding="utf-8")

    def lines(self) -> list[dict[str, Any]]:
        """All lines of the log so far."""
        if not self._log.exists():
            return []
        return [json.loads(line) for line in self._log.read_text(encoding="utf-8").splitlines()]

    def cut(self, characters: int) -> None:
        """Forgets what was written beyond that many characters."""
        kept = [line for line in self.lines() if line["characters"] <= characters]
        self._log.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in kept), encoding="utf-8")

    def add_step(self, characters: int, read: int, seconds: float, loss: float) -> None:
        """Notes one update; every fiftieth is shown in progress.json."""
        self._since.append((read, seconds, loss))
        if len(self._since) % 50 == 0:
            line = {"characters": characters, **self._mean()}
            (self.folder / "progress.json").write_text(json.dumps(line) + "\n", encoding="utf-8")

    def _mean(self) -> dict[str, float]:
        read, seconds, loss = (sum(column) for column in zip(*self._since, strict=True))
        return {"characters_per_second": round(read / seconds, 1), "loss": round(loss / len(self._since), 4)}

    def add_evaluation(self, *, characters: int, perplexity: dict[str, float], **facts: Any) -> None:
        """Writes one line of the log and draws the curve again."""
        rounded = {name: round(value, 3) for name, value in perplexity.items()}
        line = {"characters": characters, **facts, **(self._mean() if self._since else {}), "perplexity": rounded}
        self._since = []
        with self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        draw_curve(self.lines(), self.folder / "curve.png")


def save_curve(folder: Path, path: Path) -> None:
    """Draws a run's curve anew and writes it as WebP, for a page."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    drawn = path.with_suffix(".png")
    draw_curve(Journal(folder).lines(), drawn)
    with Image.open(drawn) as image:
        image.convert("RGB").save(path, quality=85)
    drawn.unlink()


def draw_curve(lines: list[dict[str, Any]], path: Path) -> None:
    """Draws training and validation perplexity over characters read, on logarithmic axes."""
    import matplotlib

    matplotlib.use("Agg")
    import math

    from matplotlib import pyplot

    read = [line["characters"] / 1e6 for line in lines]
    names = {"all": "all", "五绝": "4x5", "七绝": "4x7", "五律": "8x5", "七律": "8x7", "词": "ci"}
    figure, axes = pyplot.subplots(figsize=(7, 4.5), layout="constrained")
    for name, label in names.items():
        if name not in lines[0]["perplexity"]:
            continue
        axes.plot(read, [line["perplexity"][name] for line in lines], lw=2 if name == "all" else 1, label=label)
    if any("loss" in line for line in lines):
        loss = [math.exp(line.get("loss", float("nan"))) for line in lines]
        axes.plot(read, loss, "k:", label="training, conditioned")
    axes.axhline(BASELINE, color="grey", ls="--", lw=1, label="Kneser-Ney 5-gram")
    axes.set(xlabel="million characters read", ylabel="perplexity (form only)", yscale="log", xscale="log")
    axes.legend()
    axes.grid(alpha=0.3, which="both")
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
