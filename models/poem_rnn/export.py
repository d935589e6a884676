"""From a training run to the shipped file: writes the best weights and what the card says of them.

Only figures that the run itself knows are written (SHA-256, parameters, characters read, hours, perplexity on the
quarter of the validation side that it watched; the whole sides are measured by `evaluate`);
the card's words are for people to write.
"""

from __future__ import annotations

from pathlib import Path

from models import fill_card
from models.checkpoint import read_counters
from models.poem_rnn.train import BEST, read_network
from models.poem_rnn.weights import write_weights


def export_run(run: Path, card: Path, weights: Path) -> dict[str, object]:
    """Writes the weights file and the card's figures; returns what was written."""
    network, counters = read_network(run / BEST), read_counters(run / BEST)
    figures: dict[str, object] = {
        "sha256": write_weights(network, weights),
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "characters_read": counters["characters"],
        "hours": round(counters["seconds"] / 3600, 2),
        "validation_quarter": round(counters["best"], 1),
    }
    fill_card(card, figures)
    return figures
