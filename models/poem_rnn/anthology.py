"""Lines of well-known Tang and Song poets, each with the poem that it stands in: what centos (集句) are made of.

The file, built by gathering.py, is read when it is first asked for, by the worker alone. Lines are found by length,
tones and rhyme; which of them goes best with others is the network's to say (cento.py).
"""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.poem_rnn.prosody import rhyme_book

FILE = Path(__file__).with_name("anthology.xz")
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Shelf:
    """All lines of one length. lines: (N,); poem: (N,) the number of its poem; codes, level, oblique: (N, width) of
    characters by their code points and of places that may be read so."""

    lines: tuple[str, ...]
    poem: Ints
    codes: Ints
    level: NDArray[np.bool_]
    oblique: NDArray[np.bool_]

    def fitting(self, marks: str, rhyme: str = "") -> Ints:
        """The numbers of the lines whose tones keep these marks, and that end in this level group, if one is named."""
        keeps = np.ones(len(self.lines), dtype=bool)
        for column, mark in enumerate(marks):
            if mark != "○":
                keeps &= (self.level if mark == "平" else self.oblique)[:, column]
        if rhyme:
            book = rhyme_book()
            group = book.names.index(rhyme)
            keeps &= np.isin(self.codes[:, -1], [ord(c) for c, own in book.groups_of.items() if group in own])
        return np.flatnonzero(keeps)

    def having(self, characters: str) -> Ints:
        """(N,) how many of these characters each line has."""
        return np.asarray(sum((self.codes == ord(c)).any(1).astype(np.int64) for c in characters), dtype=np.int64)


@dataclass(frozen=True)
class Anthology:
    """poems: (poet, title, lines) of each."""

    poems: tuple[tuple[str, str, tuple[str, ...]], ...]

    @cached_property
    def shelves(self) -> dict[int, Shelf]:
        """The lines by their length, in the order of the poems."""
        return {width: self._shelf(width) for width in (5, 7)}

    def _shelf(self, width: int) -> Shelf:
        book, poem_of = rhyme_book(), dict[str, int]()
        for number, (_, _, lines) in enumerate(self.poems):
            for line in lines:
                if len(line) == width:
                    poem_of.setdefault(line, number)
        text = "".join(poem_of)
        codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.int64).reshape(-1, width)
        kinds, places = np.unique(codes, return_inverse=True)
        tones = np.array([book.tone(chr(code)) for code in kinds])[places.reshape(codes.shape)]
        return Shelf(tuple(poem_of), np.array(list(poem_of.values())), codes, tones != "仄", tones != "平")

    def source(self, line: str) -> tuple[str, str] | None:
        """(poet, title) of the first poem that the line stands in; None where there is none."""
        shelf = self.shelves.get(len(line))
        if shelf is None or line not in shelf.lines:
            return None
        poet, title, _ = self.poems[shelf.poem[shelf.lines.index(line)]]
        return poet, title


@cache
def anthology(path: Path = FILE) -> Anthology:
    """The anthology, read once."""
    found: dict[str, list[list[str]]] = json.loads(lzma.decompress(path.read_bytes()))
    poems = ((poet, title, tuple(lines.split())) for poet, own in found.items() for title, lines in own)
    return Anthology(tuple(poems))
