"""Builds xinyun.json: every syllable of today's Mandarin with the characters that are read so, alone or in any word.

Run once, by `python -m models.poem_rnn modernbook`; modern.py reads what it wrote. Source: pypinyin (MIT), whose
dictionary of phrases says in which words a character is read otherwise. Characters: those of 平水韵's book and the
poet's own. A reading without a tone (的, 子 in 儿子) counts only where a character has no other; then its full reading
does. 一 and 不 have one reading each, since verse does not count how speech changes them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from pypinyin import Style, pinyin
from pypinyin.constants import PHRASES_DICT
from pypinyin.contrib.tone_convert import to_tone3

from models.poem_rnn.modern import KEPT, TABLE, group_of

RARE = 0.01  # of a character's words; readings in fewer are slips of the dictionary


def readings(characters: Iterable[str]) -> dict[str, list[str]]:
    """{character: its syllables, the usual one first}.

    >>> found = readings("长春一")
    >>> sorted(found["长"]), found["春"], found["一"]
    (['chang2', 'zhang3'], ['chun1'], ['yi1'])
    """
    words: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for phrase, sounds in PHRASES_DICT.items():
        if len(phrase) == len(sounds):
            for character, sound in zip(phrase, sounds, strict=True):
                words[character][to_tone3(sound[0])] += 1
    return {c: [KEPT[c]] if c in KEPT else _toned(c, words[c]) for c in characters}


def _toned(character: str, words: dict[str, int]) -> list[str]:
    alone = [syllable for found in pinyin(character, style=Style.TONE3, heteronym=True) for syllable in found]
    often = [syllable for syllable, count in words.items() if count >= max(2, RARE * sum(words.values()))]
    return [one for one in dict.fromkeys((*alone[:1], *often)) if group_of(one) is not None] or [
        one for one in alone if group_of(one) is not None
    ][:1]


def build(characters: Iterable[str], table: Path = TABLE) -> dict[str, int]:
    """Writes the table; counts characters, syllables, and characters read both level and oblique."""
    found = readings(sorted(set(characters)))
    syllables: dict[str, str] = defaultdict(str)
    for character, own in found.items():
        for syllable in own:
            syllables[syllable] += character
    rows = (f"{json.dumps(name)}: {json.dumps(syllables[name], ensure_ascii=False)}" for name in sorted(syllables))
    table.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
    both = sum(len({one[-1] in "12" for one in own}) == 2 for own in found.values())
    return {"characters": sum(map(bool, found.values())), "syllables": len(syllables), "both": both}
