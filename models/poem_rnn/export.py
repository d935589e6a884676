"""From a training run to the shipped file: writes the best weights and what the card says of them.

A run on this machine has checkpoints; of a run on a device there are its log and its weights in parts (device.py).

Only figures that the run itself knows are written (SHA-256, parameters, characters read, hours, perplexity on the
quarter of the validation side that it watched; the whole sides are measured by `evaluate`);
the card's words are for people to write.
"""

from __future__ import annotations

import json
from pathlib import Path

from models import fill_card
from models.checkpoint import read_counters
from models.poem_rnn.parts import join_parts
from models.poem_rnn.train import BEST, read_network
from models.poem_rnn.weights import write_weights


def export_run(folder: Path, card: Path, weights: Path) -> dict[str, object]:
    """Writes the weights file and the card's figures; returns what was written."""
    network, counters = read_network(folder / BEST), read_counters(folder / BEST)
    figures: dict[str, object] = {
        "sha256": write_weights(network, weights),
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "characters_read": counters["characters"],
        "hours": round(counters["seconds"] / 3600, 2),
        "validation_quarter": round(counters["best"], 1),
    }
    fill_card(card, figures)
    return figures


def export_parts(folder: Path, card: Path, weights: Path) -> dict[str, object]:
    """The same of the folder of a device run, which watched the whole validation side."""
    joined = join_parts(folder, weights)
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    best = min(log, key=lambda line: line["perplexity"]["all"])
    figures: dict[str, object] = {
        "sha256": joined["sha256"],
        "parameters": joined["parameters"],
        "characters_read": log[-1]["characters"],
        "hours": round(log[-1]["seconds"] / 3600, 3),
        "validation": round(best["perplexity"]["all"], 1),
        "validation_ci": round(best["perplexity"]["词"], 1),
    }
    fill_card(card, figures)
    return figures
