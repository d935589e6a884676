"""Builds pairs.json: which characters poets set against each other, learnt from the middle couplets of octaves.

Run once, by `python -m models.poem_rnn pairbook`; pairs.py reads what it wrote. In every couplet of lines 3 and 4, 5
and 6 of the training octaves, characters that stand one above the other are counted; their pointwise mutual
information, with one more of every pair expected and seen, is then brought to RANK numbers a character (as Levy &
Goldberg 2014 do for neighbours, https://papers.nips.cc/paper/5477), stored as bytes. The same character above itself
is left out.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.poem_rnn.dataset import Data
from models.poem_rnn.network import PLACES
from models.poem_rnn.pairs import TABLE, Pairs, pairs

RANK = 16  # 84 of 100 true answers before strangers; 8 give 81, 48 give 85
OCTAVES = ("五律", "七律")
Ints = NDArray[np.int64]


def couplets(data: Data, side: str) -> Ints:
    """(N, 2) the characters that stand above each other in the middle couplets of that side's octaves."""
    found = []
    for form in OCTAVES:
        lines = data.sides[side][form].text.reshape(-1, *PLACES[form])
        for upper in (2, 4):
            found.append(np.stack([lines[:, upper].ravel(), lines[:, upper + 1].ravel()], axis=1))
    return np.concatenate(found)


def information(found: Ints, kinds: int) -> NDArray[np.float32]:
    """(kinds, kinds): log of how much more often two characters meet than by chance, in either order."""
    count = np.zeros((kinds, kinds), dtype=np.float32)
    np.add.at(count, (found[:, 0], found[:, 1]), 1.0)
    count += count.T
    np.fill_diagonal(count, 0.0)
    alone = count.sum(axis=1)
    expected = alone[:, None] * (alone / max(alone.sum(), 1.0))[None]
    return np.asarray(np.log((count + 1) / (expected + 1)), dtype=np.float32)


def build(data: Data, table: Path = TABLE) -> dict[str, float]:
    """Writes the table; returns how many characters it has, and how often a held-out answer pairs better than a
    stranger (another held-out answer's character)."""
    characters = data.vocabulary.characters
    met = information(couplets(data, "train"), len(characters) + 1)
    torch.manual_seed(0)
    left, sizes, right = torch.svd_lowrank(torch.from_numpy(met), q=3 * RANK, niter=4)
    signs = torch.sign((left * right).sum(0))[:RANK]
    vectors = (left[:, :RANK] * sizes[:RANK].sqrt()).numpy()[: len(characters)]
    scale = float(np.abs(vectors).max()) / 127
    rows = np.round(vectors / scale).astype(np.int8)
    written = {"signs": signs.int().tolist(), "scale": scale, "characters": characters}
    written["rows"] = base64.b64encode(rows.tobytes()).decode()
    table.write_text(json.dumps(written, ensure_ascii=False) + "\n", encoding="utf-8")
    pairs.cache_clear()
    return {"characters": len(characters), "before_strangers": round(_told(pairs(table), data), 3)}


def _told(table: Pairs, data: Data) -> float:
    """Of held-out pairs, how many score higher than the upper character with a stranger."""
    found = couplets(data, "validation")
    strange = np.random.default_rng(0).permutation(found[:, 1])
    vectors = np.concatenate([table.vectors, table.vectors[-1:]])  # `unknown` is a stranger to all
    scores = [((vectors[found[:, 0]] * table.signs) * vectors[own]).sum(1) for own in (found[:, 1], strange)]
    other = found[:, 1] != strange
    return float((scores[0] > scores[1])[other].mean())
