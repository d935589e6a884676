"""Small parts for the poet's tests: a tiny network with a real vocabulary, a card for it, a tiny corpus.

The tiny network is not trained; what it writes is nonsense that must keep every rule all the same.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from models import Card
from models.poem_rnn.cilin import COUNT
from models.poem_rnn.cipai import TUNES, tune
from models.poem_rnn.corpus import Verse
from models.poem_rnn.network import PLACES, PoemRnn, PoemRnnConfig
from models.poem_rnn.prosody import rhyme_book
from models.poem_rnn.weights import write_weights

SAMPLING = {"temperature": 1.0, "top_p": 0.95, "candidates": 3}
KINDS = {"平": 0, "仄": 1, "两": 2, "？": 3}


def some_characters(count: int = 1500) -> str:
    """So many characters, evenly from all groups of the rhyme book."""
    known = sorted(rhyme_book().groups_of)
    return "".join(known[:: max(1, len(known) // count)][:count])


def tiny_network(count: int = 1500, tunes: bool = False) -> PoemRnn:
    """An untrained network of 2 layers of 16 over that many characters; with the tunes of 词 if asked."""
    torch.manual_seed(1)
    characters, book = some_characters(count), rhyme_book()
    config = PoemRnnConfig(
        characters=characters,
        counts=tuple(range(count + 1, 0, -1)),
        doubled=characters[:9],
        rare_kinds=7,
        authors=3,
        embedding=32,
        hidden=16,
        layers=2,
        condition=8,
        cutoffs=(count // 5, count // 2),
        shapes=[(name, tune(name).shape) for name in TUNES] if tunes else (),
        parts=COUNT if tunes else 0,
    )
    network = PoemRnn(config)
    groups = [sorted(book.groups(character)) for character in characters]
    network.learn_sounds(groups, [KINDS[book.tone(character)] for character in characters], list(config.counts))
    network.eval().requires_grad_(False)
    return network


def tiny_card(folder: Path, tunes: bool = False) -> Card:
    """A card whose weights, in the folder, are the tiny network's."""
    path = folder / "poem-tiny.safetensors"
    sha256 = write_weights(tiny_network(tunes=tunes), path)
    facts = {"sampling": SAMPLING, "asks": {"forms": [*PLACES, *(TUNES if tunes else ())]}}
    return Card("poem-tiny", "poem", "models.poem_rnn.sample", sha256=sha256, weights=path, facts=facts)


def nonsense(count: int, seed: int) -> list[Verse]:
    """So many verses of random characters, all four forms in turn."""
    chance, characters = np.random.default_rng(seed), list(some_characters(120))
    verses = []
    for number in range(count):
        form, (lines, width) = list(PLACES.items())[number % 4]
        text = tuple("".join(chance.choice(characters, width)) for _ in range(lines))
        verses.append(Verse(form, text, title="春日", author="无名", dynasty="tang", source=f"{seed}-{number}"))
    return verses
