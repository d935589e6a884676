"""How a line of verse is read aloud today: pinyin, a syllable a character, polyphones by the words they stand in.

pypinyin (MIT, https://github.com/mozillazg/python-pinyin) and its dictionary of phrases decide; it knows modern words,
so a reading that only old verse has (斜 as xiá, 还 as huán where a modern word has hái) is not its strength. Modern
tones say nothing of 平仄: those are prosody.py's. Imported when it is first asked for, since it reads its dictionaries.
"""

from __future__ import annotations

from collections.abc import Sequence


def pinyin(line: str, *, numbers: bool = False) -> list[str]:
    """One syllable with its tone, as a mark or a number, for every character; what has none stands for itself.

    >>> pinyin("银行长□"), pinyin("行路难", numbers=True)
    (['yín', 'háng', 'zhǎng', '□'], ['xing2', 'lu4', 'nan2'])
    """
    from pypinyin import Style
    from pypinyin import pinyin as read

    style = Style.TONE3 if numbers else Style.TONE
    found = [syllables[0] for syllables in read(line, style=style)]
    return found if len(found) == len(line) else [read(character, style=style)[0][0] for character in line]


def sounded(lines: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Every line as (character, syllable) pairs.

    >>> sounded(["明月"])
    [[('明', 'míng'), ('月', 'yuè')]]
    """
    return [list(zip(line, pinyin(line), strict=True)) for line in lines]
