"""Which characters poets set against each other in a couplet: a score for any two, and for two lines place by place.

The table, built by pairbook.py, is the pointwise mutual information of characters that stand one above the other in the
middle couplets of regulated octaves, where parallelism is a rule, in the shape of 16 numbers a character. Above 0 they
meet there more often than by chance: 天 and 地, 千 and 万. It knows characters, not words, and nothing of sense.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

TABLE = Path(__file__).with_name("pairs.json")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pairs:
    """vectors: (V, 16) of the characters; signs: (16,), each 1 or -1. Two characters score sum(signs * one * other)."""

    characters: str
    vectors: Floats
    signs: Floats

    def beside(self, character: str, others: str) -> Floats:
        """(N,) how well each of the others pairs with the character; 0 where one is not known."""
        scores: Floats = self._of(others) @ (self.signs * self._of(character)[0])
        return scores

    def match(self, one: str, other: str) -> list[bool]:
        """Place by place, whether the characters of two lines pair.

        >>> pairs().match("海内存知己", "天涯若比邻")  # 存 and 若 do not
        [True, True, False, True, True]
        """
        return [bool(self.beside(a, b)[0] > 0) for a, b in zip(one, other, strict=True)]

    def _of(self, text: str) -> Floats:
        return self.vectors[[self._place().get(character, -1) for character in text]]

    def _place(self) -> dict[str, int]:
        return _places(self.characters)


@cache
def _places(characters: str) -> dict[str, int]:
    return {character: place for place, character in enumerate(characters)}


@cache
def pairs(path: Path = TABLE) -> Pairs:
    """The table that pairbook.py built, read once; a last row of zeros stands for what it does not know."""
    table = json.loads(path.read_text(encoding="utf-8"))
    rows = np.frombuffer(base64.b64decode(table["rows"]), dtype=np.int8).reshape(len(table["characters"]), -1)
    vectors = np.concatenate([rows, np.zeros((1, rows.shape[1]))]) * table["scale"]
    return Pairs(table["characters"], vectors, np.array(table["signs"], dtype=np.float64))
