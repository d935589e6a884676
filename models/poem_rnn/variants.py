"""Variant characters of the corpus that its conversion to simplified ones let stand: Japanese forms and rarer writings.

The network has learnt them beside the usual ones; verse of eight bits (int8.py) is written without them. A visitor's
own stay as they are typed.
"""

from __future__ import annotations

_PAIRS = (
    "隠隐 髪发 粧妆 浄净 寛宽 歳岁 揺摇 薫薰 様样 毎每 懐怀 穏稳 戯戏 艶艳 渇渴 勲勋 巌岩 歴历 痩瘦 帯带 捜搜 "
    "衞卫 涙泪 覧览 専专 掲揭 聴听 覇霸 壊坏 荘庄 衹只 黙默 撃击 醸酿 縦纵 歩步 黒黑 壌壤 従从 "
    "髙高 鴈雁 疎疏 鬬斗 徧遍 効效"
)
VARIANTS = {pair[0]: pair[1] for pair in _PAIRS.split()}
