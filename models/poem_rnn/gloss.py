"""A poem word for word in English, for those who do not read Chinese: what each character, or word of two, means.

The table, built by glossary.py, is of Unihan and CC-CEDICT (CC BY-SA 4.0; gloss.LICENSE): a help, no translation, and
sometimes blind to what a word meant to a Tang poet. Which of a character's meanings stands is decided by how it is
read there (sounds.py). It knows nothing of grammar.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from models.poem_rnn.sounds import pinyin

TABLE = Path(__file__).with_name("gloss.json")


@dataclass(frozen=True)
class Word:
    """One or two characters, a syllable of pinyin for each, and what they mean; "" where the dictionary is silent."""

    characters: str
    syllables: tuple[str, ...]
    meaning: str


def feet(width: int) -> tuple[tuple[int, int], ...]:
    """Where a word of two may stand in a line: 2+2+3, the last three read as 2+1 or, failing that, as 1+2; or 2+2+2.

    >>> feet(5), feet(7), feet(4)
    (((0, 1), (2, 3), (3, 4)), ((0, 1), (2, 3), (4, 5), (5, 6)), ((0, 1), (2, 3)))
    """
    if width % 2 == 0:
        return tuple((start, start + 1) for start in range(0, width, 2))
    whole = [(start, start + 1) for start in range(0, width - 3, 2)]
    return (*whole, (width - 3, width - 2), (width - 2, width - 1)) if width >= 3 else ()


def gloss(line: str) -> list[Word]:
    """The line's words in order, two characters together where they are a word inside a foot."""
    table, syllables, places = _table(), pinyin(line), feet(len(line))
    numbered = pinyin(line, numbers=True)
    found: list[Word] = []
    place = 0
    while place < len(line):
        long = (place, place + 1) in places and line[place : place + 2] in table
        end = place + (2 if long else 1)
        word, sound = line[place:end], " ".join(numbered[place:end])
        found.append(Word(word, tuple(syllables[place:end]), _meaning(table.get(word, {}), sound)))
        place = end
    return found


def glossed(lines: Sequence[str]) -> list[list[Word]]:
    """Every line's words."""
    return [gloss(line) for line in lines]


def _meaning(readings: Mapping[str, str], sound: str) -> str:
    return readings.get(sound) or next(iter(readings.values()), "")


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    """{characters: {pinyin with numbers: meaning}}, read once."""
    table: dict[str, dict[str, str]] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table
