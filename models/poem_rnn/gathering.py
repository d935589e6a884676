"""Builds anthology.xz: lines of well-known poets with the poems they stand in, of which centos are made.

Run once, by `python -m models.poem_rnn gathering`; anthology.py reads what it wrote. Of each of POETS the MOST
best-known poems of the four forms are taken, as search engines knew them in 2018 (the corpus's own rank files), with
all their lines that the network's vocabulary can write. Source: chinese-poetry 2.0.1 (MIT); the poems are in the
public domain.
"""

from __future__ import annotations

import json
import lzma
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping

from models.poem_rnn.anthology import FILE
from models.poem_rnn.corpus import Verse

MOST = 300  # poems of one poet, so that the prolific (Lu You: 9,000) do not drown the others
_NAMES = (
    "骆宾王 王勃 杨炯 卢照邻 杜审言 宋之问 沈佺期 陈子昂 张九龄 张说 贺知章 王之涣 王湾 孟浩然 王昌龄 王维 "
    "李白 崔颢 常建 高适 杜甫 岑参 刘长卿 张继 钱起 司空曙 皎然 戴叔伦 韦应物 卢纶 李益 孟郊 "
    "张籍 王建 韩愈 薛涛 刘禹锡 白居易 柳宗元 元稹 贾岛 张祜 李贺 许浑 杜牧 温庭筠 李商隐 赵嘏 "
    "马戴 罗隐 皮日休 陆龟蒙 韦庄 司空图 郑谷 韩偓 杜荀鹤 鱼玄机 贯休 齐己 林逋 晏殊 梅尧臣 欧阳修 "
    "苏舜钦 邵雍 司马光 曾巩 王安石 程颢 苏轼 苏辙 黄庭坚 秦观 陈师道 张耒 惠洪 陈与义 曾几 李清照 "
    "朱淑真 陆游 范成大 杨万里 朱熹 张孝祥 辛弃疾 姜夔 徐玑 赵师秀 翁卷 戴复古 刘克庄 叶绍翁 方岳 文天祥 "
    "谢翱 林景熙 汪元量 真山民 "
)
POETS = tuple(_NAMES.split())  # in the order of their lives


def build(verses: Iterable[Verse], known: Mapping[tuple[str, str], float], characters: str) -> dict[str, int]:
    """Writes the anthology; known: how well (poet, title) is known; counts poets, poems and lines."""
    own: dict[str, list[Verse]] = defaultdict(list)
    for verse in verses:
        if verse.author in POETS:
            own[verse.author].append(verse)
    vocabulary, found = set(characters), {}
    for poet in POETS:
        best = sorted(own[poet], key=lambda verse: (-known.get((poet, verse.title), 0.0), verse.lines))[:MOST]
        poems = [
            [" ".join(v.title.split()), " ".join(line for line in v.lines if vocabulary.issuperset(line))] for v in best
        ]
        found[poet] = [poem for poem in poems if poem[1]]
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    FILE.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    lines = sum(len(poem[1].split()) for poems in found.values() for poem in poems)
    return {"poets": len(found), "poems": sum(map(len, found.values())), "lines": lines, "bytes": FILE.stat().st_size}


def fame(records: Iterable[Mapping[str, object]]) -> dict[tuple[str, str], float]:
    """How well each poem is known: the mean logarithm of the pages that search engines found, by (poet, title).

    >>> fame([{"author": "李白", "title": "静夜思", "baidu": 99, "bing": 9}])
    {('李白', '静夜思'): 3.454}
    """
    found = {}
    for record in records:
        hits = [math.log1p(float(n)) for n in record.values() if isinstance(n, int | float)]
        found[str(record["author"]), str(record["title"])] = round(sum(hits) / max(len(hits), 1), 3)
    return found
