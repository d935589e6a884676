"""The rules of regulated verse (近体诗): the book of rhymes (平水韵), line types, poem patterns and permitted freedoms.

A line of five has one of four tone patterns; a line of seven puts two characters of the opposite tone before it:

    A 仄仄平平仄    B 平平仄仄平    C 平平平仄仄    D 仄仄仄平平

Even lines end in B or D and rhyme on one level group; within a couplet the tones are opposed (对: A B, C D), between
couplets they adhere (粘: B C, D A); the first line may rhyme as well (D B, B D). Free are the first character of A, C
and D, the first of every line of seven, and the third from the end in B. Refused thereby: the lonely level (孤平,
仄平仄仄平 in B) and the tail of three levels (三平尾, in D). Besides, poets take five freedoms (`VARIANTS`), the last
of which the next line must make good. The poet writes without them; the checker (reading.py) and a visitor's own lines
(given.py) may take them. Old-style verse and rhymes across neighbouring groups are not modelled.
Pure and without torch. The book of rhymes is built by rhymebook.py.

Source: 王力, 诗词格律 (Wang Li, Rules of Classical Verse), chapters 2 and 3.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BOOK = Path(__file__).with_name("pingshui.json")
FORMS = {"五绝": (4, 5), "七绝": (4, 7), "五律": (8, 5), "七律": (8, 7)}  # (lines, characters a line)
MARKS = {  # ○ is free
    5: {"A": "○仄平平仄", "B": "平平○仄平", "C": "○平平仄仄", "D": "○仄仄平平"},
    7: {"A": "○平○仄平平仄", "B": "○仄平平○仄平", "C": "○仄○平平仄仄", "D": "○平○仄仄平平"},
}
FIRST_COUPLETS = ("AB", "CD", "DB", "BD")
SECOND_TONE = {"A": "仄", "B": "平", "C": "平", "D": "仄"}  # of a line of five: opposed in a couplet, same across two
_OPPOSED = {"A": "B", "C": "D"}  # within a couplet
_ADHERING = {"B": "C", "D": "A"}  # from one couplet to the next
# Level groups that a first line may borrow its rhyme from (首句用邻韵).
_NEIGHBOURS = ("东冬", "支微齐", "鱼虞", "佳灰", "真文元", "寒删先元", "萧肴豪", "歌麻", "江阳", "庚青蒸", "覃盐咸")

_DIGITS = "一二三四五六七八九"
_NUMERALS: tuple[str, ...] = (
    *_DIGITS,
    "十",
    *(f"十{n}" for n in _DIGITS),
    "二十",
    *(f"廿{n}" for n in _DIGITS),
    "三十",
)


@dataclass(frozen=True)
class RhymeBook:
    """平水韵, or what is used like it (modern.py). names, tones: of the 106 groups; groups_of: the groups of a
    character; alone: tone of groupless ones; one_reading: whether it is read one way only where it stands."""

    names: tuple[str, ...]
    tones: tuple[str, ...]
    groups_of: dict[str, tuple[int, ...]]
    alone: dict[str, str]
    one_reading: bool = False

    def within(self, lines: Iterable[str]) -> RhymeBook:
        """The book for these lines: of 平水韵 the same, since verse may use any reading that a character has."""
        return self

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

    def title(self, group: int) -> str:
        """The group as books of rhyme call it.

        >>> [rhyme_book().title(group) for group in (0, 21, 30, 97)]
        ['上平一东', '下平七阳', '上声一董', '入声九屑']
        """
        kind, first = self._part(group)
        return kind + _NUMERALS[group - first] + self.names[group]

    def _part(self, group: int) -> tuple[str, int]:
        """(上平 下平 上声 去声 入声, its first group); level groups are 15 and 15."""
        tone = self.tones[group]
        if tone == "平":
            return ("上平", 0) if group < 15 else ("下平", 15)
        return f"{tone}声", self.tones.index(tone)

    @property
    def level(self) -> tuple[str, ...]:
        """The names of the 30 level groups; their numbers are their places here.

        >>> "".join(rhyme_book().level[:6])
        '东冬江支微鱼'
        """
        return tuple(name for name, tone in zip(self.names, self.tones, strict=True) if tone == "平")


@dataclass(frozen=True)
class Variant:
    """One way to write a line type. freedom: its name, "" for the pattern itself; owes: the next line makes it good by
    a level character at the third place from its end."""

    kind: str
    marks: str
    freedom: str = ""
    owes: bool = False


FREEDOMS = {
    "half turned": "半拗: A with an oblique character third from the end; may be made good or not",
    "lonely level mended": "孤平拗救: B that begins oblique (in a line of seven, third) and turns level two places on",
    "turned within": "特拗: C that ends level, oblique, where it should end oblique, level",
    "three obliques": "三仄尾: C that ends in three oblique characters",
    "turned and mended": "大拗对句救: A with an oblique character second from the end, made good in the next line",
}
_TAILS = {  # beside MARKS, of the last five characters
    "A": (("○仄仄平仄", "half turned"), ("○仄○仄仄", "turned and mended")),
    "B": (("仄平平仄平", "lonely level mended"),),
    "C": (("平平仄平仄", "turned within"), ("○平仄仄仄", "three obliques")),
    "D": (),
}


@cache
def variants(width: int, kind: str) -> tuple[Variant, ...]:
    """The ways to write a line of that type, the strict one first.

    >>> [variant.marks for variant in variants(7, "C")]
    ['○仄○平平仄仄', '○仄平平仄平仄', '○仄○平仄仄仄']
    """
    before = MARKS[width][kind][: width - 5]
    freed = (Variant(kind, before + tail, name, owes=name == "turned and mended") for tail, name in _TAILS[kind])
    return (Variant(kind, MARKS[width][kind]), *freed)


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


def fits(tone: str, mark: str) -> bool:
    """Whether a character of that tone may stand at that mark; one of two readings or of none fits everywhere."""
    return mark == "○" or tone in (mark, "两", "？")


def akin(group: int, book: RhymeBook) -> frozenset[int]:
    """The group itself and the level groups from which a first line may borrow its rhyme (首句用邻韵)."""
    name = book.names[group]
    names = {name, *(other for row in _NEIGHBOURS if name in row for other in row)}
    return frozenset(i for i, other in enumerate(book.names) if other in names and book.tones[i] == "平")
