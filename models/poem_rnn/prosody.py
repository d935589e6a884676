"""The rules of regulated verse (近体诗): rhyme groups and tones of 平水韵, line types, poem patterns, and a check.

A line of five has one of four tone patterns; a line of seven puts two characters of the opposite tone before it:

    A 仄仄平平仄    B 平平仄仄平    C 平平平仄仄    D 仄仄仄平平

Even lines end in B or D and rhyme on one level group; within a couplet the tones are opposed (对: A B, C D), between
couplets they adhere (粘: B C, D A); the first line may rhyme as well (D B, B D). Free are the first character of A, C
and D, the first of every line of seven, and the third from the end in B. Refused thereby: the lonely level (孤平,
仄平仄仄平 in B) and the tail of three levels (三平尾, in D). `check` also accepts the two usual rescues, which are not
written here: 仄平平仄平 for B and 平平仄平仄 for C. Characters of two readings fit either tone. Old-style verse, wider
rescues and rhymes across neighbouring groups are not modelled: a famous poem may fail, and `check` says by which rule.
Pure and without torch. The book of rhymes is built by rhymebook.py.

Source: 王力, 诗词格律 (Wang Li, Rules of Classical Verse), chapters 2 and 3.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BOOK = Path(__file__).with_name("pingshui.json")
FORMS = {"五绝": (4, 5), "七绝": (4, 7), "五律": (8, 5), "七律": (8, 7)}  # (lines, characters a line)
MARKS = {  # ○ is free
    5: {"A": "○仄平平仄", "B": "平平○仄平", "C": "○平平仄仄", "D": "○仄仄平平"},
    7: {"A": "○平○仄平平仄", "B": "○仄平平○仄平", "C": "○仄○平平仄仄", "D": "○平○仄仄平平"},
}
RESCUED = {5: {"B": "○平平仄平", "C": "平平仄平仄"}, 7: {"B": "○仄○平平仄平", "C": "○仄平平仄平仄"}}
FIRST_COUPLETS = ("AB", "CD", "DB", "BD")
_OPPOSED = {"A": "B", "C": "D"}  # within a couplet
_OPPOSED_FIRST = {"A": "B", "C": "D", "D": "B", "B": "D"}  # within the first couplet
_ADHERING = {"B": "C", "D": "A"}  # from one couplet to the next
# Level groups that a first line may borrow its rhyme from (首句用邻韵).
_NEIGHBOURS = ("东冬", "支微齐", "鱼虞", "佳灰", "真文元", "寒删先元", "萧肴豪", "歌麻", "江阳", "庚青蒸", "覃盐咸")


@dataclass(frozen=True)
class RhymeBook:
    """平水韵. names, tones: of the 106 groups; groups_of: the groups of a character; alone: tone of groupless ones."""

    names: tuple[str, ...]
    tones: tuple[str, ...]
    groups_of: dict[str, tuple[int, ...]]
    alone: dict[str, str]

    def tone(self, character: str) -> str:
        """平, 仄, 两 (may be read either way) or ？ (not known).

        >>> [rhyme_book().tone(c) for c in "春月看"]
        ['平', '仄', '两']
        """
        kinds = {"平" if self.tones[group] == "平" else "仄" for group in self.groups_of.get(character, ())}
        if not kinds:
            return self.alone.get(character, "？")
        return "两" if len(kinds) == 2 else kinds.pop()

    def groups(self, character: str) -> frozenset[int]:
        """The rhyme groups of the character, level and oblique."""
        return frozenset(self.groups_of.get(character, ()))

    @property
    def level(self) -> tuple[str, ...]:
        """The names of the 30 level groups; their numbers are their places here.

        >>> "".join(rhyme_book().level[:6])
        '东冬江支微鱼'
        """
        return tuple(name for name, tone in zip(self.names, self.tones, strict=True) if tone == "平")


@dataclass(frozen=True)
class Fault:
    """One broken rule. rule: a key of RULES; line: counted from 1; what: the characters that break it."""

    rule: str
    line: int
    what: str


RULES = {
    "shape": "not as many lines and characters as the form has",
    "line twice": "the same line stands twice",
    "off rhyme": "出韵: an even line does not end in the level group of the others",
    "oblique rhyme": "仄韵: the even lines rhyme, but on an oblique group, as in old-style verse",
    "rhyme word twice": "重韵: two even lines end in the same character",
    "first line off rhyme": "the first line ends level but in no group akin to the poem's",
    "lonely level": "孤平: a line that ends level has one other level character only",
    "three levels": "三平尾: a line ends in three level characters",
    "tones": "拗: the line fits none of the four tone patterns",
    "not opposed": "失对: the two lines of a couplet are not opposed in tone",
    "not adhering": "失粘: a couplet does not adhere to the one before",
}


@cache
def rhyme_book(path: Path = BOOK) -> RhymeBook:
    """The book that rhymebook.py built, read once."""
    book = json.loads(path.read_text(encoding="utf-8"))
    groups_of: dict[str, tuple[int, ...]] = {}
    for index, group in enumerate(book["groups"]):
        for character in group["characters"]:
            groups_of[character] = (*groups_of.get(character, ()), index)
    return RhymeBook(
        names=tuple(group["name"] for group in book["groups"]),
        tones=tuple(group["tone"] for group in book["groups"]),
        groups_of=groups_of,
        alone={character: tone for tone, characters in book["tone_alone"].items() for character in characters},
    )


def rhyme_of(ends: Iterable[str], book: RhymeBook) -> int | None:
    """The group that most of these characters share, if it is more than half of them; the first such group."""
    ends = list(ends)
    found = [group for end in ends for group in book.groups(end)]
    best = max(sorted(set(found)), key=found.count, default=None)
    return best if best is not None and 2 * found.count(best) > len(ends) else None


def pattern(first_couplet: str, lines: int) -> str:
    """The line types of a whole poem by those of its first couplet.

    >>> pattern("AB", 4), pattern("BD", 8)
    ('ABCD', 'BDABCDAB')
    """
    types = first_couplet
    while len(types) < lines:
        types += _ADHERING[types[-1]]
        types += _OPPOSED[types[-1]]
    return types


def tone_marks(form: str, first_couplet: str) -> list[str]:
    """One string of 平 仄 ○ a line, for a poem of that form.

    >>> tone_marks("五绝", "AB")
    ['○仄平平仄', '平平○仄平', '○平平仄仄', '○仄仄平平']
    """
    lines, width = FORMS[form]
    return [MARKS[width][kind] for kind in pattern(first_couplet, lines)]


def types_of(line: str, book: RhymeBook) -> str:
    """The line types whose tones the line keeps; characters of two readings or unknown tone fit everywhere.

    >>> types_of("白日依山尽", rhyme_book()), types_of("疑是地上霜", rhyme_book())
    ('A', '')
    """
    tones, width = [book.tone(character) for character in line], len(line)
    patterns = [*MARKS[width].items(), *RESCUED[width].items()]
    return "".join(sorted({kind for kind, marks in patterns if _keeps(tones, marks)}))


def _keeps(tones: Sequence[str], marks: str) -> bool:
    return all(mark == "○" or tone in (mark, "两", "？") for mark, tone in zip(marks, tones, strict=True))


def check(lines: Sequence[str], form: str) -> list[Fault]:
    """Every rule that the poem breaks, in the order of RULES; an empty list means that none was found."""
    count, width = FORMS[form]
    if len(lines) != count or any(len(line) != width for line in lines):
        return [Fault("shape", 1, f"{len(lines)} lines of {sorted({len(line) for line in lines})} characters")]
    book = rhyme_book()
    return [*_lines_twice(lines), *_rhyme_faults(lines, book), *_tone_faults(lines, book)]


def _lines_twice(lines: Sequence[str]) -> list[Fault]:
    return [Fault("line twice", n + 1, line) for n, line in enumerate(lines) if line in lines[:n]]


def _rhyme_faults(lines: Sequence[str], book: RhymeBook) -> list[Fault]:
    ends = [line[-1] for line in lines[1::2]]
    faults = [Fault("rhyme word twice", 2 * n + 2, end) for n, end in enumerate(ends) if end in ends[:n]]
    shared = frozenset.intersection(*(book.groups(end) for end in ends))
    if shared and all(book.tones[group] != "平" for group in shared):
        return [Fault("oblique rhyme", 2, "".join(ends)), *faults]
    group = min(shared) if shared else rhyme_of(ends, book)
    faults += [Fault("off rhyme", 2 * n + 2, end) for n, end in enumerate(ends) if group not in book.groups(end)]
    if group is not None and not _may_open(lines[0][-1], group, book):
        faults.append(Fault("first line off rhyme", 1, lines[0][-1]))
    return faults


def _may_open(end: str, group: int, book: RhymeBook) -> bool:
    """Whether the first line may end so: oblique, in the poem's group, or in a neighbouring one."""
    if book.tone(end) != "平":
        return True
    akin = {book.names[group], *(name for row in _NEIGHBOURS if book.names[group] in row for name in row)}
    return any(book.tones[own] == "平" and book.names[own] in akin for own in book.groups(end))


def _tone_faults(lines: Sequence[str], book: RhymeBook) -> list[Fault]:
    """Lines of no type; then couplets that are not opposed or do not adhere, judged line by line from the top."""
    faults, possible = [], "ABCD"
    for n, line in enumerate(lines):
        own = types_of(line, book)
        if not own:
            faults.append(Fault(_tone_rule(line, n, book), n + 1, line))
            possible = "ABCD"
            continue
        table = (_OPPOSED_FIRST if n == 1 else _OPPOSED) if n % 2 else _ADHERING
        follow = "ABCD" if n == 0 else "".join(table.get(kind, "") for kind in possible)
        fitting = [kind for kind in own if kind in follow]
        if not fitting:
            faults.append(Fault("not opposed" if n % 2 else "not adhering", n + 1, line))
        possible = "".join(fitting) or own
    return faults


def _tone_rule(line: str, n: int, book: RhymeBook) -> str:
    """Which rule a line of no type breaks: one with a name of its own, or just its tones."""
    tones = [book.tone(character) for character in line]
    if tones[-3:] == ["平"] * 3:
        return "three levels"
    tail = tones[-5:]
    lonely = tail[-1] == "平" and tail[1] == "平" and tail[0] == tail[2] == tail[3] == "仄"
    return "lonely level" if lonely and n % 2 else "tones"
