"""The rhymes of 词 (词林正韵): nineteen parts, unions of groups of 平水韵; 14 level and oblique, 5 of entering tone.

Of nine groups one half belongs to one part and one half to another (灰 元 佳 and their oblique companions). The halves
were different finals of Middle Chinese (灰 and 咍, 元 and 魂, 佳 and 麻) and are different finals still, so that a
character's modern reading (modern.py) says which half it is of. In 词 the oblique tones of a part rhyme together; level
with oblique only where the tune says so (西江月). Pure and without torch.

Source: 戈载, 词林正韵 (1821), as printed in 王力, 诗词格律, appendix.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from models.poem_rnn.modern import modern_book
from models.poem_rnn.prosody import rhyme_book

# Groups of 平水韵 by part: level, then oblique; of a group in brackets half is in this part and half in another.
_PARTS = (
    ("东冬", "董肿送宋"),
    ("江阳", "讲养绛漾"),
    ("支微齐(灰)", "纸尾荠(贿)寘未霁(泰)(队)"),
    ("鱼虞", "语麌御遇"),
    ("(佳)(灰)", "蟹(贿)(泰)(卦)(队)"),
    ("真文(元)", "轸吻(阮)震问(愿)"),
    ("寒删先(元)", "旱潸铣(阮)翰谏霰(愿)"),
    ("萧肴豪", "筿巧皓啸效号"),
    ("歌", "哿个"),
    ("(佳)麻", "马(卦)祃"),
    ("庚青蒸", "梗迥敬径"),
    ("尤", "有宥"),
    ("侵", "寝沁"),
    ("覃盐咸", "感琰豏勘艳陷"),
    ("", "屋沃"),
    ("", "觉药"),
    ("", "质陌锡职缉"),
    ("", "物月曷黠屑叶"),
    ("", "合洽"),
)
COUNT = len(_PARTS)
NUMERALS = "一二三四五六七八九十"
# The half of a divided group by the modern groups of its finals (numbers of modern.GROUPS): the first half, the rest.
_FIRST_HALF = {"灰": (4,), "贿": (4,), "队": (4,), "泰": (4,), "佳": (3, 2), "卦": (3, 2)}  # 微; 开 皆
_FIRST_HALF |= {"元": (8,), "阮": (8,), "愿": (8,)}  # 文
_EXCEPTIONS = {"外": 2, "蜗": 9, "罢": 4}  # character: its part, against its modern reading


@dataclass(frozen=True)
class Rhymes:
    """The book of 词. level, oblique: the parts (0 to 18) that a character has in that tone; it may have both."""

    level: dict[str, frozenset[int]]
    oblique: dict[str, frozenset[int]]

    def parts(self, character: str, tone: str | None = None) -> frozenset[int]:
        """The parts of the character in that tone, 平 or 仄, or in both.

        >>> [sorted(cilin().parts(c)) for c in "东开杯门原家月"]
        [[0], [4], [2], [5], [6], [9], [17]]
        """
        level = self.level.get(character, frozenset()) if tone != "仄" else frozenset()
        oblique = self.oblique.get(character, frozenset()) if tone != "平" else frozenset()
        return level | oblique


def title(part: int) -> str:
    """What books call the part.

    >>> title(0), title(10), title(18)
    ('第一部', '第十一部', '第十九部')
    """
    return f"第{NUMERALS[part]}部" if part < 10 else f"第十{NUMERALS[part - 10]}部"


def _homes() -> dict[str, list[tuple[int, bool]]]:
    """{group of 平水韵: its parts, in order, and whether it is divided}."""
    homes: dict[str, list[tuple[int, bool]]] = {}
    for part, names in enumerate(_PARTS):
        half = False
        for name in "".join(names):
            if name in "()":
                half = name == "("
            else:
                homes.setdefault(name, []).append((part, half))
    return homes


def _half(character: str, group: str, parts: list[int]) -> set[int]:
    """Which of the two parts of a divided group the character is of; both where its modern reading does not say."""
    if character in _EXCEPTIONS:
        return {_EXCEPTIONS[character]}
    read = {number % 14 for number in modern_book().groups(character)}
    first = bool(read & set(_FIRST_HALF[group]))
    rest = bool(read - set(_FIRST_HALF[group]))
    return {part for part, of in zip(parts, (first, rest), strict=True) if of} or set(parts)


@cache
def cilin() -> Rhymes:
    """The book of 词, derived from the book of 平水韵 once."""
    book, homes = rhyme_book(), _homes()
    found: dict[bool, dict[str, set[int]]] = {True: {}, False: {}}
    for character, groups in book.groups_of.items():
        for group in groups:
            name, level = book.names[group], book.tones[group] == "平"
            parts = [part for part, _ in homes[name]]
            own = set(parts) if len(parts) == 1 else _half(character, name, parts)
            found[level].setdefault(character, set()).update(own)
    fixed = {tone: {c: frozenset(own) for c, own in own_of.items()} for tone, own_of in found.items()}
    return Rhymes(level=fixed[True], oblique=fixed[False])


def part_of(ends: Iterable[str], tone: str | None = None) -> int | None:
    """The part that most of these characters share, if it is more than half of them; the first such part.

    >>> part_of("斜花家茶华")
    9
    """
    ends = list(ends)
    found = [part for end in ends for part in cilin().parts(end, tone)]
    best = max(sorted(set(found)), key=found.count, default=None)
    return best if best is not None and 2 * found.count(best) > len(ends) else None
