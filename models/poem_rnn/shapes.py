"""The shape of verse whose lines are of unequal length, in one line of text: "7a 7a 5b 5b | 5c 5c 5d 5d" (菩萨蛮).

A word is a line: how many characters it has, and the letter of its rhyme if it rhymes; "|" stands between stanzas. The
network knows no more of a form than this: tones it learns. Pure and without torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Line:
    """One line of a shape. start: the place of its first character; rhyme: its letter or ""; stanza: from 0."""

    start: int
    length: int
    rhyme: str
    stanza: int

    @property
    def end(self) -> int:
        """The place of its last character."""
        return self.start + self.length - 1

    def below(self, column: int, width: int) -> int:
        """The place of this line that stands over a column of a next line of that width, both flush at the end; or -1.

        >>> Line(0, 5, "", 0).below(3, 7), Line(0, 5, "", 0).below(1, 7)
        (1, -1)
        """
        place = self.end - (width - 1 - column)
        return place if place >= self.start else -1


@cache
def read_shape(shape: str) -> tuple[Line, ...]:
    """The lines of a shape; ValueError where a word is none.

    >>> [(line.start, line.length, line.rhyme, line.stanza) for line in read_shape("3 5a | 7a")]
    [(0, 3, '', 0), (3, 5, 'a', 0), (8, 7, 'a', 1)]
    """
    lines: list[Line] = []
    stanza = 0
    for word in shape.split():
        if word == "|":
            stanza += 1
            continue
        length = word.rstrip("abcdefgh")
        start = lines[-1].end + 1 if lines else 0
        lines.append(Line(start, int(length), word[len(length) :], stanza))
    return tuple(lines)


def places_before(shape: str) -> list[list[int]]:
    """For each place the five before it where the network looks, -1 where there is none (network.sources).

    The last rhyme is the last one of that letter with which the coming rhyme is to rhyme.

    >>> places_before("3 5a 5a")[11]  # fourth character of the third line: 10, 9, above it 6 and 7, rhyme 7
    [10, 9, 6, 7, 7]
    """
    lines, rows = read_shape(shape), []
    for number, line in enumerate(lines):
        letter = next((later.rhyme for later in lines[number:] if later.rhyme), "")
        rhyme = next((one.end for one in reversed(lines[:number]) if one.rhyme and one.rhyme == letter), -1)
        for column in range(line.length):
            above = successor = -1
            if number:
                above = lines[number - 1].below(column, line.length)
                last = column == line.length - 1
                successor = -1 if last else lines[number - 1].below(column + 1, line.length)
            place = line.start + column
            rows.append([place - 1, max(place - 2, -1), above, successor, rhyme])
    return rows
