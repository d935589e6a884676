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

from models.poem_rnn.given import Given, fit, overlay, refuse
from models.poem_rnn.prosody import FORMS, pattern, rhyme_book

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
_FEET = {5: (1, 3, 4), 7: (1, 3, 5, 6)}  # columns at which a doubling may end
_STRICT = {"A": (-1,), "B": (-5,), "C": (-1,), "D": (-3,)}  # places where a second reading would break a rule


@dataclass(frozen=True)
class Plan:
    """form; rhyme: a level group's name; types: one of A B C D a line; marks: 平 仄 ○, a string a line; given: what is
    fixed already, a string a line, □ where the poet writes."""

    form: str
    rhyme: str
    types: str
    marks: tuple[str, ...]
    given: Given

    @property
    def opening(self) -> str:
        """The types of the first couplet, which with the form say all others."""
        return self.types[:2]

    def rhymes(self, line: int) -> bool:
        """Whether the line (from 0) ends in the rhyme: those that end level."""
        return self.types[line] in "BD"


def make_plan(inputs: Mapping[str, Any], chance: np.random.Generator) -> Plan:
    """A plan of these inputs of a recipe (wishes.py), among those that what is given leaves possible.

    Always two draws, whatever is given, so that asking changes nothing else. Raises UnknownInput where none is left.
    """
    form, rhyme, opening = inputs["form"], inputs.get("rhyme"), inputs.get("opening")
    given = overlay(form, inputs.get("given", ()), inputs.get("kept", ()))
    possible = fit(form, given, rhyme, opening, bool(inputs.get("as_written")))
    if not possible:
        raise refuse(form, given, rhyme, opening)
    opening = _draw({name: share for name, share in OPENINGS[form].items() if name in possible}, chance)
    chosen = possible[opening]
    groups = {name: share for name, share in RHYMES.items() if name in chosen.groups}
    group = _draw(groups or dict.fromkeys(chosen.groups, 1), chance)
    return Plan(form, group, pattern(opening, FORMS[form][0]), chosen.marks, given)


def _draw(shares: dict[str, int], chance: np.random.Generator) -> str:
    """One of the names, as often as its share says."""
    edges = np.cumsum(list(shares.values()))
    return list(shares)[int(np.searchsorted(edges, chance.random() * edges[-1], side="right"))]


@dataclass(frozen=True)
class Allowance:
    """What may stand where, for one vocabulary. characters: V of them; doubled: those that poets double."""

    characters: str
    doubled: str

    @cached_property
    def _tones(self) -> dict[str, Mask]:
        book = rhyme_book()
        tones = np.array([book.tone(character) for character in self.characters])
        either = tones == "两"
        masks = {"平": (tones == "平") | either, "仄": (tones == "仄") | either, "○": tones != ""}
        return masks | {"平!": tones == "平", "仄!": tones == "仄"}

    @cached_property
    def _groups(self) -> dict[str, Mask]:
        book = rhyme_book()
        numbers = {name: book.names.index(name) for name in book.level}
        return {
            name: np.array([number in book.groups(character) for character in self.characters])
            for name, number in numbers.items()
        }

    @cached_property
    def _doubles(self) -> frozenset[str]:
        return frozenset(self.doubled)

    def at(self, plan: Plan, line: int, column: int) -> Mask:
        """(V,) which characters the tone and the rhyme allow there."""
        width = FORMS[plan.form][1]
        if column == width - 1 and plan.rhymes(line):
            return self._groups[plan.rhyme]
        strict = column - width in _STRICT[plan.types[line]]
        return self._tones[plan.marks[line][column] + ("!" if strict else "")]

    def unused(self, text: Sequence[int], width: int, ahead: Collection[int] = ()) -> Mask:
        """(V,) which characters may follow this text without an unwanted repetition; ahead: those given further on."""
        free = np.ones(len(self.characters), dtype=bool)
        free[list(text)] = False
        column = len(text) % width
        if column in _FEET[width] and text[-1] not in text[:-1] and self.characters[text[-1]] in self._doubles:
            free[text[-1]] = True
        free[list(ahead)] = False
        return free
