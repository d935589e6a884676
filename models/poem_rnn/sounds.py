"""How a line of verse is read aloud today: pinyin, a syllable a character, polyphones by the words they stand in.

pypinyin (MIT, https://github.com/mozillazg/python-pinyin) and its dictionary of phrases decide. It knows modern words,
so ALONE and WORDS say how verse reads the commonest characters of two readings: 斗 is the Dipper unless one fights, 长
is long unless something grows. Its own dictionaries stay as they are: the search index is spelt by them
(db/folding.py). A rhyme's old reading (斜 as xiá) neither knows, and modern tones say nothing of 平仄: those are
prosody.py's. Imported when it is first asked for, since it reads its dictionaries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

ALONE = {"斗": "dǒu", "朝": "zhāo", "长": "cháng", "尽": "jìn", "弹": "tán", "薄": "bó", "塞": "sài", "泊": "bó"}
WORDS = {
    "dǒu": "斗转 星斗 牛斗 斗牛 斗柄 斗酒 斗移 南斗 斗杓 斗帐",
    "dòu": "斗草 斗鸡 斗茶 斗巧 战斗 争斗",
    "zhāo": "朝来 明朝 朝朝 一朝 朝云 朝阳 花朝 朝辞",
    "cháo": "六朝 前朝 南朝 早朝 汉朝 本朝 圣朝 朝天 朝回 朝衣 朝士 朝客",
    "cháng": "长歌 日长 夜长 长亭 长是 长把",
    "zhǎng": "草长 生长 长成 长养",
    "chóng": "千重 万重 几重 三重 重山 重来 重门 重帘 重到 重见 重寻 重游 重看 重湖 重城 重云 重楼 重行",
    "huán": "往还 归还 飞还 不还 未还 知还 人还 还乡 还家 还山",
    "háng": "一行 两行 几行 数行 千行 雁行",
    "jiāo": "莫教 不教 谁教 教人 长教 若教 故教 便教 须教",
    "qū": "曲江 曲水 曲岸 曲阑 曲径 曲曲",
}  # the reading, in each of these words, of the one character that has it


def pinyin(line: str, *, numbers: bool = False) -> list[str]:
    """One syllable with its tone, as a mark or a number, for every character; what has none stands for itself.

    >>> pinyin("银行□"), pinyin("行路难", numbers=True)
    (['yín', 'háng', '□'], ['xing2', 'lu4', 'nan2'])
    """
    from pypinyin import Style
    from pypinyin import pinyin as read
    from pypinyin.contrib.tone_convert import to_tone3

    style = Style.TONE3 if numbers else Style.TONE
    found: list[str] = []
    for word in _words(line):
        own = [to_tone3(one) if numbers else one for one in _known().get(word, ())]
        known = own or [syllables[0] for syllables in read(word, style=style)]
        found += known if len(known) == len(word) else [read(one, style=style)[0][0] for one in word]
    return found


def sounded(lines: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Every line as (character, syllable) pairs.

    >>> sounded(["明月"])
    [[('明', 'míng'), ('月', 'yuè')]]
    """
    return [list(zip(line, pinyin(line), strict=True)) for line in lines]


def _words(line: str) -> Iterator[str]:
    """The line cut into those words of WORDS that stand in it, and into pypinyin's."""
    from pypinyin.seg.simpleseg import seg

    for piece in re.split(f"({'|'.join(word for word in _known() if len(word) > 1)})", line):
        yield from [piece] if piece in _known() else seg(piece) if piece else []


@cache
def _known() -> Mapping[str, tuple[str, ...]]:
    """How verse reads the words of WORDS, and the characters of ALONE where they stand alone."""
    from pypinyin import Style
    from pypinyin import pinyin as read

    found: dict[str, tuple[str, ...]] = {character: (own,) for character, own in ALONE.items()}
    for own, words in WORDS.items():
        for word in words.split():
            every = [read(one, style=Style.TONE, heteronym=True)[0] for one in word]
            found[word] = tuple(own if own in readings else readings[0] for readings in every)
    return found
