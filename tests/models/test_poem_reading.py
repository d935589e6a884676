"""Reading verse: famous Tang poems as they are, what strangers paste, and a second checker that must agree."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.poem_rnn.judging import ALLOWED, RULES, judge
from models.poem_rnn.prosody import FIRST_COUPLETS, FORMS, rhyme_book, tone_marks
from models.poem_rnn.reading import BLANKS, MOST, NoVerse, TooLong, check, read_verse, simplify
from tests.bench.verse import judge_poems
from tests.models import second_checker

TANG = {
    title: (author, verse)
    for title, author, verse in (
        row.split()
        for row in Path(__file__).with_name("tang.txt").read_text(encoding="utf-8").splitlines()
        if not row.startswith("#")
    )
}
# The 18 of 65 that break a rule, and why: each is known for it, or reads a character in a way the book does not have.
BREAKING = {
    "行宫": {"neighbouring rhyme"},  # 红 is of 东, 宗 of 冬: Yuan Zhen rhymes across the two
    "杂诗": {"off rhyme", "not adhering"},  # old style: oblique, 事 of 寘 with 未 of 未
    "鹿柴": {"oblique rhyme", "tones", "not opposed"},  # old style: rising tone
    "竹里馆": {"oblique rhyme"},  # old style: departing tone, its tones regular for all that
    "静夜思": {"tones"},  # old style: 疑是地上霜 and 举头望明月 keep no pattern
    "春晓": {"oblique rhyme", "not adhering"},  # old style: rising tone
    "江雪": {"oblique rhyme", "not adhering"},  # old style: entering tone
    "寻隐者不遇": {"oblique rhyme", "not adhering"},  # old style
    "悯农": {"oblique rhyme", "tones", "not adhering"},  # old style
    "滁州西涧": {"not adhering"},  # the third line does not adhere (折腰体)
    "渭城曲": {"not adhering"},  # the model of 折腰体
    "回乡偶书": {"off rhyme"},  # 衰 with 回 and 来 of 灰: a reading (cui) that the book has not; some editions have 摧
    "黄鹤楼送孟浩然之广陵": {"tones"},  # 故人西辞: 人 should be oblique
    "使至塞上": {"not adhering"},  # the second couplet does not adhere to the first
    "过故人庄": {"tones"},  # 故人具鸡黍: turned within, but its first character is oblique
    "终南别业": {"tones", "three levels"},  # old style in the shape of 五律
    "黄鹤楼": {"tones"},  # six obliques in 黄鹤一去不复返; 空悠悠 passes, since 空 has an oblique reading
    "登金陵凤凰台": {"not adhering"},  # twice, as in the poem it answers
}


@pytest.mark.parametrize("title", TANG)
def test_a_famous_poem_keeps_the_rules_or_breaks_those_it_is_known_to_break(title: str) -> None:
    reading = read_verse(TANG[title][1])
    assert {fault.rule for fault in reading.faults} == BREAKING.get(title, set())
    assert reading.form in FORMS


def test_47_of_the_65_pass() -> None:
    passed = [title for title, (_, verse) in TANG.items() if read_verse(verse).verdict == "regular"]
    assert (len(passed), len(TANG), len(BREAKING)) == (47, 65, 18)


@pytest.mark.parametrize("title", TANG)
def test_the_second_checker_agrees_on_every_famous_poem(title: str) -> None:
    lines = [line.text for line in read_verse(TANG[title][1]).lines]
    assert second_checker.regular(lines) is (title not in BREAKING)


def test_faults_stand_at_their_characters() -> None:
    found = {title: read_verse(TANG[title][1]).faults for title in ("静夜思", "渭城曲", "回乡偶书")}
    assert [(f.line, f.columns, f.what) for f in found["静夜思"]] == [(2, (4,), "上"), (3, (2,), "头")]
    assert [(f.line, f.columns, f.what) for f in found["渭城曲"]] == [(3, (2,), "君")]
    assert [(f.line, f.columns, f.what) for f in found["回乡偶书"]] == [(2, (7,), "衰")]


@pytest.mark.parametrize(
    ("title", "line", "freedom"),
    [
        ("黄鹤楼", 1, "turned and mended"),
        ("八阵图", 3, "turned within"),
        ("送友人", 3, "half turned"),
        ("次北固山下", 3, "three obliques"),
        ("回乡偶书", 4, "lonely level mended"),
        ("清明", 1, "borrowed rhyme"),
    ],
)
def test_a_freedom_is_named_and_is_no_fault(title: str, line: int, freedom: str) -> None:
    assert (freedom, line) in {(f.rule, f.line) for f in read_verse(TANG[title][1]).freedoms}


@pytest.mark.parametrize(
    ("line", "instead", "rule", "number"),
    [
        ("黄河入海流", "黄河入海洋", "off rhyme", 2),
        ("黄河入海流", "一河入海流", "lonely level", 2),
        ("更上一层楼", "更上高层楼", "three levels", 4),
        ("更上一层楼", "黄河入海流", "line twice", 4),
        ("更上一层楼", "更上一层流", "rhyme word twice", 4),
        ("黄河入海流", "举目万山秋", "not opposed", 2),
        ("白日依山尽", "白日依山春", "first line off rhyme", 1),
        ("欲穷千里目", "欲穷千里天", "level end", 3),
        ("白日依山尽", "白日依天尽", "", 0),
        ("白日依山尽", "白日依木上", "not made good", 1),
    ],
)
def test_a_changed_line_breaks_the_rule_that_it_should(line: str, instead: str, rule: str, number: int) -> None:
    lines = "白日依山尽 黄河入海流 欲穷千里目 更上一层楼".replace(line, instead).split()
    found = {(fault.rule, fault.line) for fault in check(lines, "五绝")}
    assert (rule, number) in found if rule else found == set()


def test_a_poem_of_another_shape_has_only_that_fault() -> None:
    assert [fault.rule for fault in check(["白日依山尽"], "五绝")] == ["shape"]


def test_every_rule_and_freedom_says_what_it_is() -> None:
    assert all(RULES.values())
    assert not RULES.keys() & ALLOWED.keys()


def test_traditional_characters_are_read_and_kept_as_written() -> None:
    reading = read_verse("風急天高猿嘯哀，渚清沙白鳥飛回。無邊落木蕭蕭下，不盡長江滾滾來。")
    assert reading.lines[0].text == "風急天高猿嘯哀"
    assert [glyph.simple for glyph in reading.lines[0].glyphs][:2] == ["风", "急"]
    assert reading.rhyme == "上平十灰"


@pytest.mark.parametrize(
    "text",
    [
        "白日依山尽黄河入海流欲穷千里目更上一层楼".replace("黄", "\n黄").replace("欲", "\n欲").replace("更", "\n更"),
        "白日依山尽 黄河入海流 / 欲穷千里目 更上一层楼",
        "　白日依山尽，黄河入海流；\r\n欲穷千里目，更上一层楼！\u200b",
        "登鹳雀楼\n[唐] 王之涣\n白日依山尽，黄河入海流（一作流入海）。\n欲穷千里目，更上一层楼。",
    ],
)
def test_any_punctuation_reads_the_same(text: str) -> None:
    reading = read_verse(text)
    assert (reading.form, reading.verdict) == ("五绝", "regular")


def test_what_is_set_aside_is_named() -> None:
    reading = read_verse("登鹳雀楼\n[唐] 王之涣\n白日依山尽，黄河入海流（一作流入海）。\n欲穷千里目，更上一层楼。")
    assert reading.heading == ("登鹳雀楼", "王之涣")
    assert reading.notes == ("[唐]", "（一作流入海）")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("白日依山尽，黄河入海流", "五言联"),
        ("无边落木萧萧下，不尽长江滚滚来。", "七言联"),
        ("白日依山尽，黄河入海流。" * 6, "五言排律"),
        ("白日依山尽", ""),
        ("大江东去浪淘尽，千古风流人物", ""),
    ],
)
def test_the_form_is_known_by_its_shape(text: str, form: str) -> None:
    assert read_verse(text).form == form


def test_a_shape_that_is_none_still_has_its_tones() -> None:
    reading = read_verse("大江东去，浪淘尽，千古风流人物。")
    assert (reading.verdict, [fault.rule for fault in reading.faults]) == ("shapeless", ["shape"])
    assert "".join(glyph.tone for glyph in reading.lines[0].glyphs) == "仄平平仄"


def test_what_is_no_chinese_character_is_a_fault_at_its_place() -> None:
    reading = read_verse("白日依山🌙，黄河入海x。欲穷千里目，更上一层楼。")
    assert [(f.rule, f.line, f.columns, f.what) for f in reading.faults][:2] == [
        ("foreign", 1, (5,), "🌙"),
        ("foreign", 2, (5,), "x"),
    ]


def test_a_blank_fits_everywhere() -> None:
    blank = read_verse("白日依山尽，黄河入海流。欲穷□里目，更○一层楼。")
    assert (blank.verdict, BLANKS) == ("regular", "□○")


@pytest.mark.parametrize("text", ["", "  \n", "hello, world", "🌙🌙", "（注）"])
def test_a_text_without_verse_is_refused(text: str) -> None:
    with pytest.raises(NoVerse, match="give a poem"):
        read_verse(text)


def test_a_book_is_refused() -> None:
    with pytest.raises(TooLong, match=str(MOST)):
        read_verse("山" * (MOST + 1))


@given(st.text(st.characters(codec="utf-8"), max_size=200))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        reading = read_verse(text)
    except NoVerse:
        return
    for fault in (*reading.faults, *reading.freedoms):
        line = reading.lines[fault.line - 1]
        assert all(1 <= column <= len(line.glyphs) for column in fault.columns)


@pytest.mark.parametrize("character", ["ａ", "ß", "ŉ", "麽", "𠮷", "々", "〇"])
def test_simplifying_keeps_one_for_one(character: str) -> None:
    assert len(simplify(f"山{character}水")) == 3


def test_the_second_checker_knows_the_same_tones() -> None:
    book = rhyme_book()
    known = [*book.groups_of, *book.alone, "龘", "x"]
    assert [c for c in known if book.tone(c) != second_checker.tone(c)] == []


def pick(among: list[str], chance: np.random.Generator) -> str:
    return among[int(chance.integers(len(among)))]


BOOK = rhyme_book()
EVERY = sorted(BOOK.groups_of)
BY_TONE = {mark: [c for c in EVERY if mark in ("○", BOOK.tone(c))] for mark in "平仄○"}
RHYMES = [rhyme for g in range(30) if len(rhyme := [c for c in EVERY if g in BOOK.groups(c)]) > 40]


def patterned(form: str, opening: str, slips: int, chance: np.random.Generator) -> list[str]:
    """Nonsense in that pattern and one rhyme, with so many characters exchanged for any others."""
    patterns = tone_marks(form, opening)
    lines = [[pick(BY_TONE[mark], chance) for mark in marks] for marks in patterns]
    rhyme = RHYMES[int(chance.integers(len(RHYMES)))]
    ends = chance.choice(len(rhyme), len(lines), replace=False)
    for n, line in enumerate(lines):
        if n % 2 or patterns[n][-1] == "平":
            line[-1] = rhyme[ends[n]]
    for _ in range(slips):
        lines[int(chance.integers(len(lines)))][int(chance.integers(len(lines[0])))] = pick(EVERY, chance)
    return ["".join(line) for line in lines]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("slips", [0, 1, 2, 4])
def test_the_second_checker_agrees_on_patterns_with_slips(form: str, slips: int) -> None:
    chance = np.random.default_rng([slips, len(form), ord(form[0]), ord(form[1])])
    for number in range(40):
        lines = patterned(form, FIRST_COUPLETS[number % 4], slips, chance)
        assert (check(lines, form) == []) is second_checker.regular(lines), lines


def test_mending_the_character_that_is_named_mends_the_tones() -> None:
    chance, tried = np.random.default_rng(7), 0
    while tried < 60:
        lines = patterned("七绝", FIRST_COUPLETS[tried % 4], 1, chance)
        faults = [fault for fault in judge(lines).faults if fault.rule in ("tones", "lonely level")]
        if len(faults) == 1 == len(faults[0].columns):
            assert not second_checker.keeps_tones(lines)
            assert second_checker.keeps_tones(lines, free=(faults[0].line - 1, faults[0].columns[0] - 1)), lines
            tried += 1


def test_both_checkers_find_nothing_in_generated_poems() -> None:
    found = judge_poems(24)
    assert (found["poems"], found["faulty"], found["faulty_by_second"], found["apart"]) == (24, 0, 0, 0)
