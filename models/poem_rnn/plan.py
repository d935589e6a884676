"""The plan of a poem before its first character: rhyme group, tone patterns, and what may stand at each place.

The seed chooses what the recipe leaves open, as often as the Tang and Song poets did, among what the given characters
leave possible (given.py). A place allows a set of
characters: by its tone, at a rhyme by the group, and nowhere a character that the poem has already, save a doubling
(AA) that poets use, within a foot. Where a second reading would break a rule (the end of an odd line, 孤平, 三平尾)
only characters of a single reading are allowed. Shape, rhyme and tones thus hold by construction; nothing is rejected
afterwards. Pure numpy; the probabilities are the network's (sample.py).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.poem_rnn.cilin import COUNT, cilin
from models.poem_rnn.cipai import TUNES, tune
from models.poem_rnn.given import Given, fit, overlay, refuse
from models.poem_rnn.modern import book_of
from models.poem_rnn.prosody import FORMS, pattern
from models.poem_rnn.tuning import choose_rhymes

Mask = NDArray[np.bool_]

# Of the training poems that keep a strict pattern, how many open so (percent).
OPENINGS = {
    "五绝": {"AB": 65, "CD": 23, "DB": 10, "BD": 2},
    "七绝": {"BD": 48, "DB": 36, "CD": 8, "AB": 8},
    "五律": {"AB": 57, "CD": 27, "DB": 12, "BD": 4},
    "七律": {"BD": 50, "DB": 40, "AB": 5, "CD": 5},
}
# Of 1,000 training poems, how many rhyme on each level group (groups below 5 are left to be asked for).
RHYMES = dict(
    zip(
        "先真庚支尤阳东灰微侵寒麻删元鱼虞歌文青齐萧冬蒸豪覃",
        (81, 81, 84, 83, 69, 69, 64, 53, 38, 43, 38, 37, 36, 30, 29, 26, 25, 20, 16, 14, 14, 12, 11, 11, 6),
        strict=True,
    )
)
_FEET = {2: (1,), 3: (1, 2), 4: (1, 3), 5: (1, 3, 4), 6: (1, 3, 5), 7: (1, 3, 5, 6), 9: (1, 3, 5, 7, 8)}
"""Columns at which a doubling may end, by the length of the line."""
_STRICT = {"A": (-1,), "B": (-5,), "C": (-1,), "D": (-3,)}  # places where a second reading would break a rule


@dataclass(frozen=True)
class Plan:
    """form; rhyme: a level group's name; types: one of A B C D a line; marks: 平 仄 ○, a string a line; given: what is
    fixed already, a string a line, □ where the poet writes; book: its book of rhymes, None for 平水韵.

    A 词 has no types, but parts: of each line's rhyme in 词林正韵, None where it has none; rhyme names the first."""

    form: str
    rhyme: str
    types: str
    marks: tuple[str, ...]
    given: Given
    book: str | None = None
    parts: tuple[int | None, ...] = ()

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many characters each line has."""
        return tuple(map(len, self.marks))

    @property
    def opening(self) -> str:
        """The types of the first couplet, which with the form say all others; "" of a 词."""
        return self.types[:2]

    def rhymes(self, line: int) -> bool:
        """Whether the line (from 0) ends in the rhyme: in a regulated poem those that end level."""
        return self.parts[line] is not None if self.parts else self.types[line] in "BD"

    def apart(self, line: int) -> int:
        """The first line (from 0) of those that share no character with this one: of the poem, or of a 词's stanza."""
        return max(start for start in tune(self.form).stanzas if start <= line) if self.parts else 0


def make_plan(inputs: Mapping[str, Any], chance: np.random.Generator) -> Plan:
    """A plan of these inputs of a recipe (wishes.py), among those that what is given leaves possible.

    Always two draws, whatever is given, so that asking changes nothing else; of a 词 one a rhyme. Raises UnknownInput
    where none is left.
    """
    if inputs["form"] in TUNES:
        choice = choose_rhymes(inputs, chance)
        return Plan(inputs["form"], choice.rhyme, "", tune(inputs["form"]).marks, choice.given, parts=choice.parts)
    form, rhyme, opening, rhymes = inputs["form"], inputs.get("rhyme"), inputs.get("opening"), inputs.get("rhymes")
    given = overlay(form, inputs.get("given", ()), inputs.get("kept", ()))
    possible = fit(form, given, rhyme, opening, bool(inputs.get("as_written")), rhymes)
    if not possible:
        raise refuse(form, given, rhyme, opening, rhymes)
    opening = _draw({name: share for name, share in OPENINGS[form].items() if name in possible}, chance)
    chosen = possible[opening]
    groups = {name: share for name, share in RHYMES.items() if name in chosen.groups}
    group = _draw(groups or dict.fromkeys(chosen.groups, 1), chance)
    return Plan(form, group, pattern(opening, FORMS[form][0]), chosen.marks, given, rhymes)


def _draw(shares: dict[str, int], chance: np.random.Generator) -> str:
    """One of the names, as often as its share says."""
    edges = np.cumsum(list(shares.values()))
    return list(shares)[int(np.searchsorted(edges, chance.random() * edges[-1], side="right"))]


@dataclass(frozen=True)
class Allowance:
    """What may stand where, for one vocabulary. characters: V of them; doubled: those that poets double; rhymes: the
    book, None for 平水韵; barred: characters that are never written. By a book of one reading, characters of two stand
    only where nothing is fixed."""

    characters: str
    doubled: str
    rhymes: str | None = None
    barred: str = ""

    @cached_property
    def _written(self) -> Mask:
        return np.array([character not in self.barred for character in self.characters])

    @cached_property
    def _tones(self) -> dict[str, Mask]:
        book = book_of(self.rhymes)
        tones = np.array([book.tone(character) for character in self.characters])
        either = (tones == "两") & (not book.one_reading)
        masks = {"平": (tones == "平") | either, "仄": (tones == "仄") | either, "○": tones != ""}
        return masks | {"平!": tones == "平", "仄!": tones == "仄"}

    @cached_property
    def _groups(self) -> dict[str, Mask]:
        book = book_of(self.rhymes)
        owns = frozenset.__eq__ if book.one_reading else frozenset.issuperset
        numbers = {name: book.names.index(name) for name in book.level}
        return {
            name: np.array([owns(book.groups(character), frozenset([number])) for character in self.characters])
            for name, number in numbers.items()
        }

    @cached_property
    def _parts(self) -> dict[tuple[str, int], Mask]:
        """By tone and part of 词林正韵."""
        return {
            (tone, part): np.array([part in cilin().parts(character, tone) for character in self.characters])
            for tone in "平仄"
            for part in range(COUNT)
        }

    @cached_property
    def _doubles(self) -> frozenset[str]:
        return frozenset(self.doubled)

    def toned(self, mark: str) -> Mask:
        """(V,) which characters may stand at 平 仄 ○; 平! and 仄! leave out those of a second reading."""
        return self._written & self._tones[mark]

    def at(self, plan: Plan, line: int, column: int) -> Mask:
        """(V,) which characters the tone and the rhyme allow there."""
        width, mark = len(plan.marks[line]), plan.marks[line][column]
        last = column == width - 1
        if last and plan.rhymes(line):
            part = plan.parts[line] if plan.parts else None
            return self._written & (self._groups[plan.rhyme] if part is None else self._parts[mark, part])
        strict = last and mark != "○" if plan.parts else column - width in _STRICT[plan.types[line]]
        return self.toned(mark + ("!" if strict else ""))

    def unused(self, text: Sequence[int], width: int, column: int, ahead: Collection[int] = (), since: int = 0) -> Mask:
        """(V,) which characters may follow this text without an unwanted repetition, at that column of a line.

        ahead: those given further on; since: before which place of the text a character may have stood.
        """
        free = np.ones(len(self.characters), dtype=bool)
        free[list(text[since:])] = False
        if column in _FEET[width] and text[-1] not in text[:-1] and self.characters[text[-1]] in self._doubles:
            free[text[-1]] = True
        free[list(ahead)] = False
        return free
