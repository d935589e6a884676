"""The rules of verse against poems that everyone knows, those that keep them and those that famously do not."""

from __future__ import annotations

from itertools import product

import pytest

from models.poem_rnn.prosody import FORMS, MARKS, check, pattern, rhyme_book, tone_marks

REGULAR = {
    "登鹳雀楼": ("五绝", "白日依山尽 黄河入海流 欲穷千里目 更上一层楼"),
    "相思": ("五绝", "红豆生南国 春来发几枝 愿君多采撷 此物最相思"),
    "问刘十九": ("五绝", "绿蚁新醅酒 红泥小火炉 晚来天欲雪 能饮一杯无"),
    "八阵图": ("五绝", "功盖三分国 名成八阵图 江流石不转 遗恨失吞吴"),
    "早发白帝城": ("七绝", "朝辞白帝彩云间 千里江陵一日还 两岸猿声啼不住 轻舟已过万重山"),
    "枫桥夜泊": ("七绝", "月落乌啼霜满天 江枫渔火对愁眠 姑苏城外寒山寺 夜半钟声到客船"),
    "清明": ("七绝", "清明时节雨纷纷 路上行人欲断魂 借问酒家何处有 牧童遥指杏花村"),
    "凉州词": ("七绝", "葡萄美酒夜光杯 欲饮琵琶马上催 醉卧沙场君莫笑 古来征战几人回"),
    "山行": ("七绝", "远上寒山石径斜 白云深处有人家 停车坐爱枫林晚 霜叶红于二月花"),
    "泊秦淮": ("七绝", "烟笼寒水月笼沙 夜泊秦淮近酒家 商女不知亡国恨 隔江犹唱后庭花"),
    "春望": ("五律", "国破山河在 城春草木深 感时花溅泪 恨别鸟惊心 烽火连三月 家书抵万金 白头搔更短 浑欲不胜簪"),
    "山居秋暝": (
        "五律",
        "空山新雨后 天气晚来秋 明月松间照 清泉石上流 竹喧归浣女 莲动下渔舟 随意春芳歇 王孙自可留",
    ),
    "旅夜书怀": (
        "五律",
        "细草微风岸 危樯独夜舟 星垂平野阔 月涌大江流 名岂文章著 官应老病休 飘飘何所似 天地一沙鸥",
    ),
    "登高": (
        "七律",
        "风急天高猿啸哀 渚清沙白鸟飞回 无边落木萧萧下 不尽长江滚滚来 "
        "万里悲秋常作客 百年多病独登台 艰难苦恨繁霜鬓 潦倒新停浊酒杯",
    ),
    "锦瑟": (
        "七律",
        "锦瑟无端五十弦 一弦一柱思华年 庄生晓梦迷蝴蝶 望帝春心托杜鹃 "
        "沧海月明珠有泪 蓝田日暖玉生烟 此情可待成追忆 只是当时已惘然",
    ),
}
IRREGULAR = {
    # Li Bai's is old-style verse: 疑是地上霜 and 举头望明月 keep no pattern, though the rhyme (阳) is sound.
    "静夜思": ("五绝", "床前明月光 疑是地上霜 举头望明月 低头思故乡", {"tones"}),
    # Meng Haoran rhymes on the rising tone (筿), so that even lines end oblique and couplets cannot be opposed.
    "春晓": ("五绝", "春眠不觉晓 处处闻啼鸟 夜来风雨声 花落知多少", {"oblique rhyme", "not opposed", "not adhering"}),
    # Liu Zongyuan rhymes on the entering tone (屑).
    "江雪": ("五绝", "千山鸟飞绝 万径人踪灭 孤舟蓑笠翁 独钓寒江雪", {"oblique rhyme", "not opposed", "not adhering"}),
    # Wang Wei's 劝君更尽一杯酒 ends 仄平仄: no pattern; the quatrain besides does not adhere (折腰体).
    "渭城曲": ("七绝", "渭城朝雨浥轻尘 客舍青青柳色新 劝君更尽一杯酒 西出阳关无故人", {"tones"}),
    # Cui Hao's first four lines are old-style on purpose (six oblique tones in 黄鹤一去不复返); the rest is regular.
    "黄鹤楼": (
        "七律",
        "昔人已乘黄鹤去 此地空余黄鹤楼 黄鹤一去不复返 白云千载空悠悠 "
        "晴川历历汉阳树 芳草萋萋鹦鹉洲 日暮乡关何处是 烟波江上使人愁",
        {"tones"},
    ),
}


@pytest.mark.parametrize("title", REGULAR)
def test_a_regular_poem_breaks_no_rule(title: str) -> None:
    form, text = REGULAR[title]
    assert check(text.split(), form) == []


@pytest.mark.parametrize("title", IRREGULAR)
def test_a_famous_exception_breaks_the_rules_it_is_famous_for(title: str) -> None:
    form, text, rules = IRREGULAR[title]
    assert {fault.rule for fault in check(text.split(), form)} == rules


@pytest.mark.parametrize(
    ("line", "instead", "rule", "number"),
    [
        ("黄河入海流", "黄河入海洋", "off rhyme", 2),
        ("黄河入海流", "一河入海流", "lonely level", 2),
        ("更上一层楼", "更上高层楼", "three levels", 4),
        ("更上一层楼", "黄河入海流", "line twice", 4),
        ("更上一层楼", "更上一层流", "rhyme word twice", 4),
        ("黄河入海流", "更上一层楼", "not opposed", 2),
        ("白日依山尽", "白日依山春", "first line off rhyme", 1),
    ],
)
def test_a_changed_line_breaks_the_rule_that_it_should(line: str, instead: str, rule: str, number: int) -> None:
    poem = REGULAR["登鹳雀楼"][1].replace(line, instead).split()
    assert (rule, number) in {(fault.rule, fault.line) for fault in check(poem, "五绝")}


def test_a_poem_of_another_shape_has_only_that_fault() -> None:
    assert [fault.rule for fault in check(["白日依山尽"], "五绝")] == ["shape"]


def test_the_book_has_106_groups_of_which_30_are_level() -> None:
    book = rhyme_book()
    assert (len(book.names), len(book.level)) == (106, 30)


def test_all_but_a_handful_of_its_characters_have_a_tone() -> None:
    book = rhyme_book()
    assert [book.tone(character) for character in "东江月白看思龘"] == ["平", "平", "仄", "仄", "两", "两", "？"]
    assert len(book.groups_of) > 7000


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("opening", ["AB", "CD", "DB", "BD"])
def test_even_lines_end_level_and_later_odd_lines_oblique(form: str, opening: str) -> None:
    ends = [marks[-1] for marks in tone_marks(form, opening)]
    assert ends[1::2] == ["平"] * len(ends[1::2])
    assert ends[2::2] == ["仄"] * len(ends[2::2])


def test_couplets_adhere_all_the_way_down() -> None:
    assert pattern("DB", 8) == "DBCDABCD"


@pytest.mark.parametrize("width", [5, 7])
def test_no_choice_of_free_tones_gives_a_lonely_level_or_three_levels(width: int) -> None:
    for kind, marks in MARKS[width].items():
        for tones in product(*("平仄" if mark == "○" else mark for mark in marks)):
            tail = "".join(tones[-5:])
            assert not tail.endswith("平平平"), kind
            assert tail != "仄平仄仄平", kind
