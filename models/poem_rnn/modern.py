"""Modern rhymes (中华新韵): fourteen groups by the finals of today's Mandarin; first and second tone level, third and
fourth oblique.

How a character is read follows from the words it stands in (sounds.py); the table xinyun.json, built by modernbook.py,
has every reading that a character has in any word. A character read both ways counts as it is read in its line; the
poet uses only those that are read one way wherever tone or rhyme is fixed, so that no context can break a rule.
一 and 不 keep their own tones, whatever follows them, and what is read toneless today has the tone of the full reading.

Source: 中华诗词学会, 中华新韵(十四韵), 2005.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from models.poem_rnn.prosody import RhymeBook, rhyme_book
from models.poem_rnn.sounds import pinyin

MODERN = "中华新韵"
BOOKS = ("平水韵", MODERN)
TABLE = Path(__file__).with_name("xinyun.json")
_NAMES = "一麻 二波 三皆 四开 五微 六豪 七尤 八寒 九文 十唐 十一庚 十二齐 十三支 十四姑"
GROUPS = tuple(_NAMES.split())
_PREFIX = "新韵"
_FINALS = (
    *("a ia ua", "o e uo", "ie ue ve", "ai uai", "ei ui", "ao iao", "ou iu", "an ian uan van", "en in un vn"),
    *("ang iang uang", "eng ing ong iong ueng", "i er v", "-", "u"),
)
_GROUP = {final: number for number, finals in enumerate(_FINALS) for final in finals.split()}
KEPT = {"一": "yi1", "不": "bu4"}


@dataclass(frozen=True)
class ModernBook(RhymeBook):
    """中华新韵 as a book of rhymes: groups 0 to 13 level, 14 to 27 the same finals oblique."""

    one_reading: bool = True

    def title(self, group: int) -> str:
        """The group as it is called; the oblique ones say so.

        >>> modern_book().title(10), modern_book().title(24)
        ('新韵十一庚', '新韵十一庚（仄）')
        """
        return self.names[group] + ("" if group < len(GROUPS) else "（仄）")

    def within(self, lines: Iterable[str]) -> RhymeBook:
        """The book with the readings that characters have in these lines; one of two readings there keeps both."""
        found: dict[str, set[int]] = {}
        for line in lines:
            for character, syllable in zip(line, pinyin(line, numbers=True), strict=True):
                if (group := _heard(character, syllable, self)) is not None:
                    found.setdefault(character, set()).add(group)
        return replace(self, groups_of={**self.groups_of, **{c: tuple(sorted(own)) for c, own in found.items()}})


def _heard(character: str, syllable: str, book: RhymeBook) -> int | None:
    """The group of a character read so; None where the table does not know that reading of it, or it has no tone."""
    group, known = group_of(KEPT.get(character, syllable)), book.groups_of.get(character, ())
    return group if not known or group in known else None


def group_of(syllable: str) -> int | None:
    """The group of a syllable in pinyin with a number; None for what is toneless or no syllable.

    >>> [group_of(one) for one in ("xing2", "shi4", "xue2", "er2", "jun1", "de", "□")]
    [10, 26, 2, 11, 8, None, None]
    """
    if not syllable[-1:].isdigit() or not syllable[:-1].isalpha() or not syllable.isascii():
        return None
    number = _GROUP[_final(syllable[:-1])]
    return number if syllable[-1] in "12" else number + len(GROUPS)


def _final(plain: str) -> str:
    """The final of a syllable, ü as v; "-" for the vowel of 支.

    >>> [_final(one) for one in ("zhi", "yuan", "wen", "qu", "yi", "ju", "lve", "weng")]
    ['-', 'van', 'un', 'v', 'i', 'v', 've', 'ueng']
    """
    if plain in ("zhi", "chi", "shi", "ri", "zi", "ci", "si"):
        return "-"
    if plain[0] in "yw":
        return _without_initial(plain)
    rest = plain.lstrip("bpmfdtnlgkhjqxzcsr") if plain != "er" else plain
    return f"v{rest[1:]}" if plain[0] in "jqx" and rest.startswith("u") else rest


def _without_initial(plain: str) -> str:
    """The final of a syllable that begins with y or w: yan is ian, wen is un, yu is ü."""
    if plain.startswith("yu"):
        return f"v{plain[2:]}"
    spelt = {"wen": "un", "wei": "ui", "you": "iu", "yong": "iong", "wu": "u", "yi": "i", "yin": "in", "ying": "ing"}
    return spelt.get(plain, ("i" if plain[0] == "y" else "u") + plain[1:])


@cache
def modern_book(path: Path = TABLE) -> ModernBook:
    """The book of modern rhymes, read once."""
    syllables: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    found: dict[str, list[int]] = {}
    for syllable, characters in syllables.items():
        group = group_of(syllable)
        for character in characters if group is not None else "":
            found.setdefault(character, []).append(group or 0)
    names = tuple(_PREFIX + name for name in GROUPS)
    return ModernBook(
        names=names * 2,
        tones=("平",) * len(names) + ("仄",) * len(names),
        groups_of={character: tuple(dict.fromkeys(groups)) for character, groups in found.items()},
        alone={},
    )


def book_of(rhymes: str | None) -> RhymeBook:
    """The book of rhymes by its name; 平水韵 where none is named."""
    return modern_book() if rhymes == MODERN else rhyme_book()


def book_with(group: str) -> str | None:
    """The name of the book that has a group of that name, as recipes name it: None for 平水韵.

    >>> book_with("新韵一麻"), book_with("麻")
    ('中华新韵', None)
    """
    return MODERN if group.startswith(_PREFIX) else None
