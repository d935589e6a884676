"""What the command line does around a training run: reads the corpus, checks the options, says what is wrong."""

from __future__ import annotations

import argparse
import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import torch

from models.bfloat16 import multiplies_bfloat16
from models.poem_rnn import dataset, device, train


class BadInput(ValueError):
    """Something in the options or in a file cannot be used; the message says what to do."""


def existing(path: Path, remedy: str) -> Path:
    """The path, if something is there; BadInput with the remedy if not."""
    if not path.exists():
        raise BadInput(f"{path} is not there; {remedy}")
    return path


def read_prepared(folder: Path) -> dataset.Data:
    """The corpus that prepare wrote there; BadInput where it is not."""
    existing(folder / "poems.npz", "write it with: python -m models.poem_rnn prepare")
    return dataset.read_data(folder)


def _given(options: argparse.Namespace, kind: type[Any]) -> Any:
    """Options of that kind, with what was given on the command line."""
    given = {f.name: getattr(options, f.name, None) for f in fields(kind)}
    return replace(kind(), **{name: value for name, value in given.items() if value is not None})


def start_training(options: argparse.Namespace) -> dict[str, Any]:
    """The command train: options as the command line parsed them. Raises BadInput, CannotStart."""
    torch.set_num_threads(options.threads)
    if options.bfloat16 is None and options.device != "cuda":
        options.bfloat16 = multiplies_bfloat16()
    if options.device:
        return _train_on(options)
    chosen = _given(options, train.Options)
    if chosen.characters <= 0:
        raise BadInput(f"--chars {chosen.characters}: give how many characters to read, more than 0")
    if chosen.start:
        existing(Path(chosen.start), "name a weights file, such as models/weights/poem-tangsong.safetensors")
    _same_run(options.run, chosen)
    if options.from_plateau:
        existing(options.run / train.PLATEAU, "its learning rate has not fallen yet: leave --from-plateau out")
        train.return_to_plateau(options.run)
    run = train.train(read_prepared(options.data), options.run, chosen)
    return {"characters": run.characters, "best": run.best}


def _train_on(options: argparse.Namespace) -> dict[str, Any]:
    chosen = _given(options, device.Options)
    if options.device not in ("cpu", "cuda") or (options.device == "cuda" and not torch.cuda.is_available()):
        raise BadInput(f"--device {options.device}: torch finds none here; give cpu, or leave --device out")
    if min(chosen.seconds, chosen.batch, chosen.piece, chosen.warm_up, chosen.decay) <= 0:
        raise BadInput("--seconds, --batch, --piece, --warm-up and --decay must be more than 0")
    _same_run(options.run, chosen)
    run = device.train_on(
        read_prepared(options.data), options.run, options.parts or options.run / "parts", chosen, options.device
    )
    return {"characters": run.characters, "steps": run.step, "best": round(run.best, 2)}


def _same_run(folder: Path, chosen: train.Options | device.Options) -> None:
    """BadInput where the folder holds a run with which these options cannot go on."""
    if not (folder / train.LAST).exists():
        return
    before = json.loads((folder / "options.json").read_text(encoding="utf-8"))
    for name in ("seed", "batch", "embedding", "hidden", "layers", "condition"):
        if before[name] != getattr(chosen, name):
            raise BadInput(f"the run in {folder} has {name} {before[name]}: give the same, or another folder")
