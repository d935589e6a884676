"""Characters to numbers: the vocabulary is the most frequent characters of the training poems, in order of frequency.

Numbers 0 .. len(characters)-1 are characters, the most frequent first (the adaptive softmax of network.py relies on
that order); then `unknown`, which stands for every rarer character and is never written; then `nothing`, which is only
read: what is above the first line, before the first character, or in the place of an absent title word. The vocabulary
travels inside the weights file; there is no other copy. There are no word pieces: verse is counted by the character.
"""

from __future__ import annotations

import json
import struct
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

SIZE = 6527  # covers 99.9 % of all characters of the corpus


@dataclass(frozen=True)
class Vocabulary:
    """The characters of a network, most frequent first; each once."""

    characters: str

    @cached_property
    def _number(self) -> dict[str, int]:
        return {character: number for number, character in enumerate(self.characters)}

    @property
    def unknown(self) -> int:
        """The number of every character that the vocabulary lacks."""
        return len(self.characters)

    @property
    def nothing(self) -> int:
        """The number of no character at all."""
        return len(self.characters) + 1

    def encode(self, text: str) -> list[int]:
        """One number a character.

        >>> Vocabulary("不人山").encode("山人龘")
        [2, 1, 3]
        """
        return [self._number.get(character, self.unknown) for character in text]

    def decode(self, numbers: Iterable[int]) -> str:
        """The characters of these numbers; unknown is □, nothing is left out.

        >>> Vocabulary("不人山").decode([2, 1, 3, 4])
        '山人□'
        """
        return "".join((*self.characters, "□", "")[number] for number in numbers)


def learn_vocabulary(texts: Iterable[str], size: int = SIZE) -> tuple[Vocabulary, list[int], int]:
    """(vocabulary, counts of its characters and of unknown, how many rarer kinds unknown stands for).

    >>> learn_vocabulary(["山山人", "山水人"], size=2)
    (Vocabulary(characters='山人'), [3, 2, 1], 1)
    """
    count = Counter(character for text in texts for character in text)
    ranked = sorted(count, key=lambda character: (-count[character], character))
    kept, rare = ranked[:size], ranked[size:]
    return Vocabulary("".join(kept)), [count[c] for c in kept] + [sum(count[c] for c in rare)], len(rare)


@cache
def read_vocabulary(weights: Path, sha256: str) -> Vocabulary:
    """The vocabulary in the header of a weights file, read without torch; the hash names the file that was read.

    Layout: https://huggingface.co/docs/safetensors (8 bytes of length, then JSON). Raises OSError.
    """
    with weights.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    return Vocabulary(json.loads(header["__metadata__"]["config"])["characters"])
