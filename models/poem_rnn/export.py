"""From a training run to the shipped file: writes the best weights and what the card says of them.

Only figures that the run itself knows are written (SHA-256, parameters, characters read, hours, validation perplexity);
the card's words are for people to write.
"""

from __future__ import annotations

import re
from pathlib import Path

from models.poem_rnn.train import BEST, read_counters, read_network
from models.poem_rnn.weights import write_weights


def export_run(run: Path, card: Path, weights: Path) -> dict[str, object]:
    """Writes the weights file and the card's figures; returns what was written."""
    network, counters = read_network(run / BEST), read_counters(run / BEST)
    figures: dict[str, object] = {
        "sha256": write_weights(network, weights),
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "characters_read": counters["characters"],
        "hours": round(counters["seconds"] / 3600, 2),
        "validation": round(counters["best"], 1),
    }
    text = card.read_text(encoding="utf-8")
    for name, value in figures.items():
        text = set_figure(text, name, value)
    card.write_text(text, encoding="utf-8")
    return figures


def set_figure(card: str, name: str, value: object) -> str:
    """The card's text with that one value replaced; a name that does not stand there once is an error.

    >>> set_figure('hours = 0  # on one core', "hours", 2.5)
    'hours = 2.5  # on one core'
    """
    written = f'"{value}"' if isinstance(value, str) else str(value)
    text, times = re.subn(rf'(?m)^{name} = ("[^"]*"|[\d._]+)', f"{name} = {written}", card)
    if times != 1:
        raise ValueError(f"the card says {name} {times} times; it must stand there once")
    return text
