"""The plan of a 词: which part of 词林正韵 each of its rhymes is of, and what given characters leave of that.

A tune has one pattern, so that a given character either keeps its tone or is refused (`as_written` lets it stay); what
is chosen is the rhymes. Each letter of the pattern (cipai.py) is of one part; a rhyme that changes changes to another
part, as the poets changed it. A line that repeats the one before it takes what is given from it. Pure, without torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.poem_rnn.cilin import COUNT, cilin, title
from models.poem_rnn.cipai import TUNES, Tune, tune
from models.poem_rnn.given import BLANK, Given, off_tone, overlay, places
from models.poem_rnn.prosody import fits, rhyme_book
from models.recipe import UnknownInput

# Of 1,000 rhymes of the training 词 in that tone (None: level and oblique together), how many are of each part.
SHARES: dict[str | None, tuple[int, ...]] = {
    "平": (97, 105, 154, 31, 37, 81, 158, 23, 22, 40, 100, 95, 22, 9, *[0] * 5),
    "仄": (23, 14, 118, 224, 12, 22, 121, 100, 13, 19, 36, 76, 4, 4, 34, 22, 66, 53, 1),
    None: (115, 96, 120, 51, 21, 66, 150, 68, 32, 60, 92, 51, 24, 9, *[0] * 5),
}


@dataclass(frozen=True)
class Choice:
    """given: with repeated lines filled in; parts: of each line's rhyme, None where it has none."""

    given: Given
    parts: tuple[int | None, ...]

    @property
    def rhyme(self) -> str:
        """The name of the first rhyme's part."""
        return title(next(part for part in self.parts if part is not None))


def open_parts(form: str) -> tuple[str, ...]:
    """The names of the parts on which the tune's first rhyme may be asked for.

    >>> open_parts("忆江南")[:2], len(open_parts("忆江南")), len(open_parts("如梦令"))
    (('第一部', '第二部'), 14, 19)
    """
    shares = SHARES[tune(form).tone(next(filter(None, tune(form).rhymes)))]
    return tuple(title(part) for part in range(COUNT) if shares[part])


def choose_rhymes(inputs: Mapping[str, Any], chance: np.random.Generator) -> Choice:
    """The rhymes of a 词 by a recipe's inputs, a draw a letter. Raises UnknownInput where nothing is left."""
    own = tune(inputs["form"])
    given = _repeated(own, overlay(own.name, inputs.get("given", ()), inputs.get("kept", ())))
    possible = _possible(own, given, inputs.get("rhyme"), bool(inputs.get("as_written")))
    chosen: dict[str, int] = {}
    for letter, parts in possible.items():
        tone = own.tone(letter)
        used = {part for other, part in chosen.items() if own.tone(other) == tone}
        shares = {part: SHARES[tone][part] for part in sorted(parts - used or parts)}
        chosen[letter] = _draw(shares if any(shares.values()) else dict.fromkeys(shares, 1), chance)
    return Choice(given, tuple(chosen.get(letter) for letter in own.rhymes))


def _draw(shares: dict[int, int], chance: np.random.Generator) -> int:
    edges = np.cumsum(list(shares.values()))
    return list(shares)[int(np.searchsorted(edges, chance.random() * edges[-1], side="right"))]


def _repeated(own: Tune, given: Given) -> Given:
    """What is given, in a line and in the line that repeats it; raises UnknownInput where the two differ."""
    rows = tuple(BLANK * size for size in own.lengths)
    for line in own.same:
        pair = overlay("", [given[line - 1]], [given[line]])
        rows = tuple(pair[0] if n in (line - 1, line) else row for n, row in enumerate(rows))
    return overlay(own.name, given, rows)


def _possible(own: Tune, given: Given, rhyme: str | None, as_written: bool) -> dict[str, frozenset[int]]:
    """{letter: the parts that are left}; raises UnknownInput at the first given character that leaves none."""
    book, first = rhyme_book(), next(filter(None, own.rhymes))
    left = {letter: _parts_of(own, letter) for letter in dict.fromkeys(filter(None, own.rhymes))}
    if rhyme:
        left[first] = frozenset(part for part in range(COUNT) if title(part) == rhyme)
    for line, column in places(given):
        character, mark, letter = given[line][column], own.marks[line][column], own.rhymes[line]
        if letter and column == own.lengths[line] - 1:
            still = left[letter] & cilin().parts(character, mark)
            if not still and not as_written:
                raise _off_rhyme(line, column, character, mark, left[letter])
            left[letter] = still or left[letter]
        elif not fits(book.tone(character), mark) and not as_written:
            raise off_tone(line, column, character, book)
    return left


def _parts_of(own: Tune, letter: str) -> frozenset[int]:
    """The parts that have characters of the letter's tone, or of both."""
    shares = SHARES[own.tone(letter)]
    return frozenset(part for part in range(COUNT) if shares[part])


def _off_rhyme(line: int, column: int, character: str, mark: str, left: Iterable[int]) -> UnknownInput:
    if not fits(rhyme_book().tone(character), mark):
        return off_tone(line, column, character, rhyme_book())
    own = "、".join(title(part) for part in sorted(cilin().parts(character, mark))) or "？"
    wanted = "、".join(title(part) for part in sorted(left))
    return UnknownInput(
        f"line {line + 1} ends in {character!r} of {own}, and the others leave {wanted}; give another or {BLANK}",
        why="off_rhyme",
        line=line + 1,
        character=character,
        own=own,
        wanted=wanted,
    )


def pairs_with(form: str, lines: Sequence[int]) -> set[int]:
    """These lines (from 0) and those that repeat them or are repeated by them.

    >>> sorted(pairs_with("如梦令", [4])), sorted(pairs_with("七绝", [1]))
    ([4, 5], [1])
    """
    same = tune(form).same if form in TUNES else frozenset()
    return {*lines, *(n for n in same if n - 1 in lines), *(n - 1 for n in same if n in lines)}
