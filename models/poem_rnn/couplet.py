"""Couplets (对联): a line is given, the poet answers with one of the same length, opposed in tone and parallel.

The upper line ends oblique, the lower level; a given line that ends level is therefore taken for the lower one. Within
each phrase the rhythm stands at the second, fourth and sixth characters and at the last: there the answer has the other
tone than the given line. A character that may be read either way opposes nothing. No character of the given line comes
again in the answer; where the given line repeats one, the answer repeats its own at the same places, and nowhere else.
A line of up to seven characters is one phrase, a longer one is cut where the visitor paused, or else as it mostly is
(4+4, 4+5, 5+5, 4+7). Parallel words are wished for, not demanded: pairs.py scores them. Pure and without torch.

Source: 王力, 诗词格律 (Wang Li, Rules of Classical Verse), chapter 2, on parallelism; the rules of tone for couplets of
any length are the common ones of 联律通则 (中国楹联学会, 2008), articles 1 to 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from models.poem_rnn.given import BLANK, Given, overlay
from models.poem_rnn.prosody import fits, rhyme_book
from models.recipe import UnknownInput

COUPLET = "对联"
FEWEST, MOST = 4, 11  # characters a line
_CUTS = {8: (4, 4), 9: (4, 5), 10: (5, 5), 11: (4, 7)}
_PHRASE = 7  # the network has read no longer lines
_OTHER = {"平": "仄", "仄": "平"}


@dataclass(frozen=True)
class Couplet:
    """A couplet to be written. call: the given line; answer: the other, □ where the poet writes; upper: whether the
    call is the upper one; phrases: their lengths; marks: 平 仄 ○ of the answer, 平! 仄! where a second reading would
    break the rule; twins: for every place the first one at which the call has the same character, often itself."""

    call: str
    answer: str
    upper: bool
    phrases: tuple[int, ...]
    marks: tuple[str, ...]
    twins: tuple[int, ...]

    def lines(self, answer: str) -> tuple[str, str]:
        """The upper and the lower line, with that answer."""
        return (self.call, answer) if self.upper else (answer, self.call)


def is_lower(line: str) -> bool:
    """Whether a line must be the lower one of a couplet: it ends level, however it is read.

    >>> is_lower("天涯若比邻"), is_lower("海内存知己")
    (True, False)
    """
    return rhyme_book().tone(line[-1:]) == "平"


def lay_out(call: str) -> Given:
    """A given line as the given characters of a couplet, in its place; raises UnknownInput.

    >>> lay_out("天涯若比邻")
    ('□□□□□', '天涯若比邻')
    """
    if not FEWEST <= len(call) <= MOST:
        raise UnknownInput(
            f"the line {call!r} has {len(call)} characters; give {FEWEST} to {MOST}, best 5 or 7",
            why="couplet_length",
            count=len(call),
            fewest=FEWEST,
            most=MOST,
        )
    blank = BLANK * len(call)
    return (blank, call) if is_lower(call) else (call, blank)


def plan_couplet(inputs: Mapping[str, Any]) -> Couplet:
    """What a recipe's inputs fix of a couplet; raises UnknownInput where that breaks a rule."""
    rows = inputs.get("given", ())
    n = next((n for n, row in enumerate(rows) if row and BLANK not in row), None)
    if n is None or len(rows) != 2 or len(rows[0]) != len(rows[1]) or lay_out(rows[n])[n] != rows[n]:
        raise UnknownInput(
            f"{COUPLET}: give two lines of one length, one of them whole; one that ends level is the lower one",
            name="given",
        )
    given = overlay(COUPLET, rows, inputs.get("kept", ()))
    call, phrases = given[n], cut(len(given[n]), inputs.get("pauses", ()))
    twins = tuple(call.index(character) for character in call)
    couplet = Couplet(call, given[1 - n], n == 0, phrases, _marks(call, phrases, twins, upper=n == 0), twins)
    _check(couplet)
    return couplet


def cut(length: int, pauses: Sequence[int] = ()) -> tuple[int, ...]:
    """The lengths of the phrases of a line that pauses after these numbers of characters; raises UnknownInput.

    >>> cut(7), cut(11), cut(11, [7])
    ((7,), (4, 7), (7, 4))
    """
    edges = [0, *pauses, length]
    if edges != sorted(set(edges)):
        raise UnknownInput(f"pauses {list(pauses)}: give places inside the line, from left to right", name="pauses")
    parts = [right - left for left, right in pairwise(edges)]
    return tuple(n for part in parts for n in (_CUTS[part] if part > _PHRASE else (part,)))


def _marks(call: str, phrases: Sequence[int], twins: Sequence[int], *, upper: bool) -> tuple[str, ...]:
    tones, start = [rhyme_book().tone(character) for character in call], 0
    marks = ["○"] * len(call)
    for length in phrases:
        for place in (*range(1, length, 2), length - 1):
            marks[start + place] = _OTHER.get(tones[start + place], "○")
        start += length
    marks[-1] = "平!" if upper else "仄!"
    if upper and phrases[-1] >= 5 and marks[-3] == "○" and marks[-2] != "仄" and twins[-3] != twins[-1]:
        marks[-3] = "仄!"  # 三平尾
    for place, first in enumerate(twins):  # what stands at several places must fit at all of them
        marks[first] = _stricter(marks[first], marks[place])
    return tuple(marks[first] for first in twins)


def _stricter(one: str, other: str) -> str:
    """Of two marks that do not contradict each other, the one that allows less."""
    return max(one, other, key=lambda mark: (mark != "○", len(mark)))


def _check(couplet: Couplet) -> None:
    """Raises UnknownInput for a character of the answer that is fixed and cannot stand."""
    book = rhyme_book()
    for place, character in enumerate(couplet.answer):
        if character == BLANK:
            continue
        line, mark = 2 if couplet.upper else 1, couplet.marks[place]
        first = couplet.answer.find(character)
        if character in couplet.call or (first < place and couplet.twins[first] != couplet.twins[place]):
            raise UnknownInput(
                f"line {line}, character {place + 1}: {character!r} stands in the couplet already, where nothing asks "
                f"for it again; give another or {BLANK}",
                why="stands_already",
                line=line,
                column=place + 1,
                character=character,
            )
        if not fits(book.tone(character), mark[0]):
            raise UnknownInput(
                f"line {line}, character {place + 1}: {character!r} is not opposed in tone to {couplet.call[place]!r} "
                f"above or below it; give another or {BLANK}",
                why="not_opposed",
                line=line,
                column=place + 1,
                character=character,
                other=couplet.call[place],
            )
