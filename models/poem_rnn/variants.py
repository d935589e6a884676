"""Variant characters of the corpus that its conversion to simplified ones let stand: Japanese forms and rarer writings.

The network has learnt them beside the usual ones; verse of eight bits (int8.py) is written without them. A visitor's
own stay as they are typed.
"""

from __future__ import annotations

_PAIRS = (
    "隠隐 髪发 粧妆 浄净 寛宽 歳岁 揺摇 薫薰 様样 毎每 懐怀 穏稳 戯戏 艶艳 渇渴 勲勋 巌岩 歴历 痩瘦 帯带 捜搜 "
    "衞卫 涙泪 覧览 専专 掲揭 聴听 覇霸 壊坏 荘庄 衹只 黙默 撃击 醸酿 縦纵 歩步 黒黑 壌壤 従从 髙高 鴈雁 疎疏 "
    "鬬斗 徧遍 効效 煖暖 簷檐 頼赖 郷乡 徴征 醤酱 邨村 隄堤 窻窗 竝并 逈迥 磵涧 栢柏 徃往 醻酬 皷鼓 甎砖 鶑莺 "
    "鸎莺 蜨蝶 嬾懒 虵蛇 暎映 濶阔 麤粗 麄粗 蕋蕊 蘂蕊 盌碗 椀碗 碁棋 塲场 燄焰 鉏锄 鏁锁 鎻锁 騐验 壻婿 甦苏 "
    "猨猿 穉稚 筭算 聨联 胷胸 荳豆 菓果 趂趁 躭耽 鬂鬓 艸草 劒剑 劔剑 笻筇 臯皋 牕窗 椶棕 鐡铁 閙闹"
)
VARIANTS = {pair[0]: pair[1] for pair in _PAIRS.split()}
