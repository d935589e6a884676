"""The shipped painter's networks and nothing around them: how many pictures a second, batch by batch, on one thread.

One process, started once: every line on its standard input asks for another round, and it answers with a line of JSON,
the pictures a second of each batch size. Frozen and laid out as the gallery uses it, and as nice as its worker.
"""

from __future__ import annotations

import json
import os
import sys
import time

import torch

from models import find_card
from models.painting_gan.enlarger import Enlarger, Smooth
from models.painting_gan.networks import Generator, GeneratorConfig
from models.painting_gan.sample import freeze, open_enlarger, open_generator

BATCHES = (1, 8, 16, 32)
ROUND_S = 0.6


def main() -> None:
    """Answer until the input ends."""
    os.nice(5)
    torch.set_num_threads(1)
    card = find_card("painting-shanshui")
    generator = freeze(open_generator(card.weights, GeneratorConfig(**card.facts["architecture"])))
    generator.to(memory_format=torch.channels_last)
    enlarger = open_enlarger(card.weights, card.facts)
    assert enlarger is not None
    enlarger.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    with torch.inference_mode():
        for _ in sys.stdin:
            print(json.dumps({str(batch): _rate(generator, enlarger, batch) for batch in BATCHES}), flush=True)


def _rate(generator: Generator, enlarger: Enlarger | Smooth, batch: int) -> float:
    """Pictures a second in batches of that size, measured for ROUND_S seconds after one that does not count."""
    z = torch.randn(batch, generator.config.latent_dim)
    enlarger(generator(z))
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < ROUND_S:
        enlarger(generator(z))
        done += batch
    return done / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
