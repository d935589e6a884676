"""Writing and reading 词: tones, rhymes and repeated lines of every tune hold by construction, and real ones are read.

The written ones are judged here by the patterns as books print them, read anew, not by the masks.
"""

from __future__ import annotations

import numpy as np
import pytest

from models import Card, find_card
from models.poem_rnn import sample, wishes
from models.poem_rnn.cilin import cilin, title
from models.poem_rnn.cipai import PATTERNS, TUNES, tune
from models.poem_rnn.forms import WRITTEN, breaks, columns, on_sheet, set_out, sizes
from models.poem_rnn.given import BLANK, lay_out
from models.poem_rnn.plan import make_plan
from models.poem_rnn.prosody import rhyme_book
from models.poem_rnn.reading import check, in_words, read_verse
from models.poem_rnn.sample import Poet
from models.poem_rnn.tuning import choose_rhymes, open_parts, pairs_with
from models.recipe import Poem, Recipe, Stage, UnknownInput
from tests.models.poem_parts import some_characters, tiny_card
from tests.models.test_poem_lyrics import KNOWN


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Card:
    return tiny_card(tmp_path_factory.mktemp("weights"), tunes=True)


@pytest.fixture(scope="module")
def poet(card: Card) -> Poet:
    return sample.load(card, "cpu")


def write(poet: Poet, *recipes: Recipe) -> list[Poem]:
    poems = poet.run(list(recipes), lambda _index, _stage: None, lambda _index: False)
    return [poem for poem in poems if isinstance(poem, Poem)]


def broken_rules(poem: Poem) -> list[str]:
    """What is wrong with a written 词, by its printed pattern."""
    words, book, found = [word for word in PATTERNS[poem.form].split() if word != "|"], rhyme_book(), []
    ends: dict[str, list[tuple[str, str]]] = {}
    before = ""
    for line, word in zip(poem.lines, words, strict=True):
        if word.startswith("="):
            found += [] if line == before else ["not repeated"]
            continue
        marks, letter = word.rstrip("abcd"), word[len(word.rstrip("abcd")) :]
        tones = [book.tone(character) for character in line]
        found += ["length"] if len(line) != len(marks) else []
        found += ["tone" for tone, mark in zip(tones, marks, strict=False) if {tone, mark} == {"平", "仄"}]
        if letter:
            ends.setdefault(letter, []).append((line[-1], marks[-1]))
        before = line
    for own in ends.values():
        shared = frozenset.intersection(*(cilin().parts(end, mark) for end, mark in own))
        found += [] if shared else ["rhyme"]
    return found


@pytest.mark.parametrize("form", TUNES)
def test_a_written_ci_keeps_tones_rhymes_and_repetitions(poet: Poet, card: Card, form: str) -> None:
    poems = write(poet, *(wishes.recipe(form, seed, card) for seed in range(4)))
    assert len({poem.lines for poem in poems}) == 4
    for poem in poems:
        assert broken_rules(poem) == []
        assert check(poem.lines, form) == []
        assert tuple(map(len, poem.lines)) == sizes(form)
        text = "".join(poem.lines[: len(poem.lines) if form == "如梦令" else (breaks(sizes(form)) or (99,))[0]])
        assert form == "如梦令" or len({*text}) >= len(text) - 2  # but for doublings


def test_the_same_recipe_is_the_same_ci_and_a_stage_shows_its_first_lines(poet: Poet, card: Card) -> None:
    made, seen = wishes.recipe("西江月", 5, card), []
    stages: list[Stage] = []
    first = poet.run([made], lambda _i, stage: stages.append(stage), lambda _i: False)[0]
    assert write(poet, wishes.recipe("清平乐", 1, card), made)[1] == first
    seen = [stage.so_far.lines for stage in stages if isinstance(stage.so_far, Poem)]
    assert [len(lines) for lines in seen] == list(range(1, 9))
    assert isinstance(first, Poem)
    assert seen[2] == first.lines[:3]


def test_a_rhyme_that_is_asked_for_is_kept(poet: Poet, card: Card) -> None:
    (poem,) = write(poet, wishes.recipe("菩萨蛮", 3, card, rhyme="第十七部"))
    assert poem.rhyme == "第十七部"
    assert all(16 in cilin().parts(line[-1], "仄") for line in poem.lines[:2])


def test_the_rhymes_of_a_tune_change_to_other_parts() -> None:
    for seed in range(30):
        parts = choose_rhymes({"form": "虞美人"}, np.random.default_rng(seed)).parts
        assert parts[0] == parts[1] != parts[4]
        assert parts[2] == parts[3] != parts[6]


def some(tone: str, part: int | None = None) -> str:
    """A character that the tiny network knows, of that tone alone, and of that part alone if one is named."""
    for character in some_characters():
        if rhyme_book().tone(character) == tone and (part is None or cilin().parts(character) == {part}):
            return character
    raise AssertionError("there is none")


def rows(form: str, places: dict[tuple[int, int], str]) -> tuple[str, ...]:
    """Given lines with these characters at (line, column)."""
    blank = [[places.get((line, column), BLANK) for column in range(size)] for line, size in enumerate(sizes(form))]
    return tuple("".join(row) for row in blank)


def test_given_characters_stand_and_settle_the_rhyme(poet: Poet, card: Card) -> None:
    given = rows("忆江南", {(0, 0): some("平"), (1, 4): some("平", 2)})
    (poem,) = write(poet, wishes.recipe("忆江南", 2, card, given=given))
    assert (poem.lines[0][0], poem.lines[1][4]) == (given[0][0], given[1][4])
    assert poem.rhyme == "第三部"
    assert broken_rules(poem) == []


def test_first_line_and_acrostics_are_laid_out_in_lines_of_unequal_length() -> None:
    given = lay_out("忆江南", first="江南好", heads="江风", tails="好谙")
    assert given == ("江南好", "风□□□谙", "□" * 7, "□" * 7, "□" * 5)


def test_a_repeated_line_repeats_what_is_given(poet: Poet, card: Card) -> None:
    (poem,) = write(poet, wishes.recipe("如梦令", 2, card, given=rows("如梦令", {(5, 0): some("平")})))
    assert poem.lines[4] == poem.lines[5]
    assert poem.lines[4][0] == some("平")


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ({(0, 0): some("仄")}, "off_tone_oblique"),
        ({(1, 4): some("平", 2), (3, 6): some("平", 6)}, "off_rhyme"),
        ({(1, 4): some("仄")}, "off_tone_oblique"),
    ],
)
def test_what_cannot_stand_in_a_tune_is_refused(card: Card, places: dict[tuple[int, int], str], said: str) -> None:
    with pytest.raises(UnknownInput) as refused:
        wishes.recipe("忆江南", 1, card, given=rows("忆江南", places))
    assert refused.value.values["why"] == said


@pytest.mark.parametrize(("given", "said"), [(("□□",), "line_length"), (("□□□",) * 6, "many_lines")])
def test_lines_of_another_shape_are_refused(card: Card, given: tuple[str, ...], said: str) -> None:
    with pytest.raises(UnknownInput) as refused:
        wishes.recipe("忆江南", 1, card, given=given)
    assert refused.value.values["why"] == said


def test_what_cannot_stand_stays_where_the_visitor_says_so(poet: Poet, card: Card) -> None:
    given = rows("忆江南", {(0, 0): some("仄")})
    (poem,) = write(poet, wishes.recipe("忆江南", 1, card, given=given, as_written=True))
    assert poem.lines[0][0] == some("仄")


@pytest.mark.parametrize("asked", [{"rhyme": "东"}, {"rhyme": "第十五部"}, {"opening": "AB"}, {"rhymes": "中华新韵"}])
def test_wishes_of_regulated_verse_are_none_of_a_tune(card: Card, asked: dict[str, str]) -> None:
    with pytest.raises(UnknownInput):
        wishes.recipe("浣溪沙", 1, card, **asked)


def test_a_form_that_the_weights_do_not_know_is_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    old = tiny_card(tmp_path_factory.mktemp("old"))
    with pytest.raises(UnknownInput, match="choose one of 五绝 七绝 五律 七律 对联"):
        wishes.recipe("菩萨蛮", 1, old)


def test_open_parts_follow_the_tone_of_the_first_rhyme() -> None:
    assert title(14) in open_parts("菩萨蛮")
    assert title(14) not in open_parts("水调歌头")
    assert title(14) not in open_parts("西江月")


def test_lines_that_repeat_each_other_go_together() -> None:
    assert pairs_with("如梦令", [5]) == {4, 5}
    assert pairs_with("菩萨蛮", [5]) == {5}


def test_a_plan_of_a_tune_has_parts_in_place_of_types() -> None:
    plan = make_plan({"form": "卜算子"}, np.random.default_rng(1))
    assert (plan.types, plan.opening, plan.lengths) == ("", "", sizes("卜算子"))
    assert [plan.rhymes(line) for line in range(4)] == [False, True, False, True]
    assert plan.given[0] == BLANK * 5


@pytest.mark.parametrize("name", TUNES)
def test_a_famous_ci_is_read_as_its_tune(name: str) -> None:
    reading = read_verse(KNOWN[name].replace(" ", "，"))
    assert (reading.form, reading.verdict) == (name, "regular")
    assert reading.stanzas == tune(name).stanzas[1:]
    kept = [n for n, line in enumerate(reading.lines) if line.glyphs[-1].rhymes]
    assert kept == [n for n, letter in enumerate(tune(name).rhymes) if letter]


def test_a_traditional_text_with_title_author_and_preface_is_read() -> None:
    text = "水調歌頭·明月幾時有\n蘇軾\n丙辰中秋，歡飲達旦。\n明月幾時有？把酒問青天。不知天上宮闕、今夕是何年？"
    text += "我欲乘風歸去，又恐瓊樓玉宇，高處不勝寒。起舞弄清影，何似在人間！\n"
    text += "轉朱閣，低綺戶，照無眠。不應有恨、何事長向別時圓？"
    text += "人有悲歡離合，月有陰晴圓缺，此事古難全。但願人長久，千里共嬋娟。"
    reading = read_verse(text)
    assert (reading.form, reading.rhyme, reading.stanzas) == ("水调歌头", "第七部", (9,))
    assert reading.heading == ("水調歌頭 明月幾時有", "蘇軾", "丙辰中秋 歡飲達旦")
    assert reading.lines[0].text == "明月幾時有"


def test_faults_of_a_tune_are_told_in_their_places() -> None:
    text = KNOWN["如梦令"].replace("争渡 争渡", "争渡 去渡").replace("不知归路", "不知归处").replace("沉醉", "沉沉")
    found = [(one.rule, one.line, one.what) for one in read_verse(text).faults]
    assert found == [("tones", 2, "沉"), ("not repeated", 6, "去渡"), ("tones", 6, "去")]
    off = read_verse(KNOWN["忆江南"].replace("能不忆江南", "能不忆江山"))
    assert [(one.rule, one.line, one.what) for one in off.faults] == [("off rhyme", 5, "山")]


def test_six_lines_of_seven_are_a_tune_by_name_or_by_its_rules() -> None:
    lines = KNOWN["浣溪沙"].replace(" ", "，")
    assert read_verse(lines).form == "浣溪沙"
    couplets = "风急天高猿啸哀，渚清沙白鸟飞回。无边落木萧萧下，不尽长江滚滚来。万里悲秋常作客，百年多病独登台。"
    assert read_verse(couplets).form == "七言排律"
    assert read_verse("浣溪沙\n" + couplets).form == "浣溪沙"


def test_two_bodies_are_two_stanzas() -> None:
    reading = read_verse((KNOWN["忆江南"] + " ") * 2)
    assert (reading.form, reading.stanzas, len(reading.lines)) == ("忆江南", (5,), 10)


def test_a_tune_is_read_by_modern_rhymes_too() -> None:
    reading = read_verse(KNOWN["虞美人"], "中华新韵")
    assert reading.rhyme == "新韵六豪"
    assert "国" in [one.what for one in reading.faults]
    assert "" in in_words(reading)


def test_a_ci_is_set_out_with_a_gap_between_stanzas_and_a_long_one_by_sentences() -> None:
    assert columns(KNOWN["浣溪沙"].split()) == ((0,), (1,), (2,), (), (3,), (4,), (5,))
    (long,) = tune("水调歌头").bodies(KNOWN["水调歌头"].split())
    out = set_out(long)
    assert out[0] == "明月几时有\u3000把酒问青天"
    assert out.index("") == 4
    assert "".join(out).replace("\u3000", "") == "".join(long)
    assert set_out(("床前明月光", "疑是地上霜", "举头望明月", "低头思故乡"))[1] == "疑是地上霜"


def test_a_very_long_sentence_goes_on_in_the_next_column_of_a_square_sheet() -> None:
    lines = {form: ["字" * size for size in sizes(form)] for form in WRITTEN}
    assert on_sheet(lines["水调歌头"])[:5] == ((0, 1), (2, 3), (4, 5), (6,), (7, 8))
    assert [form for form in WRITTEN if on_sheet(lines[form]) != columns(lines[form])] == ["水调歌头"]


def test_the_shipped_forms_have_names() -> None:
    asks = find_card("poem-tangsong").facts["asks"]
    assert set(asks["forms"]) == set(asks["names"])
