"""A second opinion on verse: 王力's rules of alternation, tried on every reading of every character.

Independent of models/poem_rnn: it shares the book of rhymes (pingshui.json) and nothing else, knows no pattern strings
and no costs. A line is tried in all the ways its characters of two readings may be read; what matters of it to its
neighbours is its second tone, its last, and whether it owes or pays a mending. A poem is regular if some choice of
readings breaks no rule. It is slow and says little about what is wrong; it is here to disagree.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from itertools import product
from pathlib import Path

BOOK = json.loads((Path(__file__).parents[2] / "models/poem_rnn/pingshui.json").read_text(encoding="utf-8"))
RELATED = [set("东冬"), set("支微齐"), set("鱼虞"), set("佳灰"), set("真文元"), set("寒删先元"), set("萧肴豪")]
RELATED += [set("歌麻"), set("江阳"), set("庚青蒸"), set("覃盐咸")]
State = tuple[bool, bool, bool, bool]  # second character level, last level, owes, pays


@cache
def groups() -> dict[str, set[tuple[str, bool]]]:
    """character: {(group, whether it is level)}."""
    found: dict[str, set[tuple[str, bool]]] = defaultdict(set)
    for group in BOOK["groups"]:
        for character in group["characters"]:
            found[character].add((group["name"], group["tone"] == "平"))
    return found


@cache
def readings(character: str) -> tuple[bool, ...]:
    """Whether it may be read level, oblique or both; what the book lacks may be both."""
    kinds = {level for _, level in groups().get(character, ())}
    for tone, characters in BOOK["tone_alone"].items():
        if not kinds and character in characters:
            kinds = {tone == "平"}
    return tuple(sorted(kinds)) or (False, True)


def tone(character: str) -> str:
    """平, 仄, 两 or ？, for comparison."""
    if character not in groups() and not any(character in known for known in BOOK["tone_alone"].values()):
        return "？"
    return {(True,): "平", (False,): "仄", (False, True): "两"}[readings(character)]


@cache
def states(line: tuple[tuple[bool, ...], ...]) -> frozenset[State]:
    """Every way to read a line that keeps the rules within a line."""
    return frozenset(state for choice in product(*line) if (state := _state(choice)) is not None)


def _state(level: tuple[bool, ...]) -> State | None:
    tail, second = level[-5:], level[1]
    if len(level) == 7 and level[1] == level[3]:
        return None
    one, two, three, four, last = tail
    owes = not last and not two and not four
    if last:
        lonely = two and not (one or three)
        return None if two == four or lonely or (three and four) else (second, last, owes, three)
    turned_within = one and two and not three and four
    if two == four and not (turned_within or owes):
        return None
    return second, last, owes, three


def keeps_tones(lines: list[str], free: tuple[int, int] | None = None) -> bool:
    """Whether some reading of the lines keeps every rule of tone; `free` is a (line, column) that may be anything."""
    possible: set[State] = set()
    for n, line in enumerate(lines):
        read = tuple((False, True) if free == (n, i) else readings(c) for i, c in enumerate(line))
        own = {state for state in states(read) if n == 0 or state[1] == (n % 2 == 1)}
        own = {state for state in own if not (state[2] and n % 2)}
        if n:
            own = {state for state in own for before in possible if _follows(before, state, n)}
        possible = own
    return any(not state[2] for state in possible)


def _follows(before: State, state: State, n: int) -> bool:
    return (before[0] == state[0]) == (n % 2 == 0) and (state[3] or not before[2])


def rhyme_lines(lines: list[str]) -> set[int] | None:
    """The even lines (from 1) outside the level group that most are in; None where no group has more than half."""
    ends = {n: {name for name, level in groups().get(line[-1], ()) if level} for n, line in enumerate(lines) if n % 2}
    names = set().union(*ends.values())
    best = max((sum(name in own for own in ends.values()), name) for name in names) if names else (0, "")
    return {n + 1 for n, own in ends.items() if best[1] not in own} if 2 * best[0] > len(ends) else None


def first_line_rhymes(lines: list[str]) -> bool:
    """Whether the first line ends oblique, may, or ends in the poem's group or in one related to it."""
    if False in readings(lines[0][-1]):
        return True
    own = {name for name, level in groups().get(lines[0][-1], ()) if level}
    shared = set.intersection(*({n for n, level in groups().get(line[-1], ()) if level} for line in lines[1::2]))
    return any(own & ({name} | set().union(*(row for row in RELATED if name in row))) for name in shared)


def regular(lines: list[str]) -> bool:
    """Whether a poem of lines of five or seven breaks no rule of tone, rhyme or repetition."""
    ends = [line[-1] for line in lines[1::2]]
    if len(set(lines)) < len(lines) or len(set(ends)) < len(ends):
        return False
    return rhyme_lines(lines) == set() and first_line_rhymes(lines) and keeps_tones(lines)
