"""Modern rhymes: what is written by 中华新韵 keeps it however pypinyin reads it, and the checker knows both books.

The rules are checked here by code of its own, which shares nothing with the masks: pypinyin's own finals and tones.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pypinyin import Style, pinyin

from models import Card
from models.poem_rnn import __main__ as command
from models.poem_rnn import modernbook, sample, wishes
from models.poem_rnn.modern import MODERN, book_of, modern_book
from models.poem_rnn.prosody import FORMS, rhyme_book
from models.poem_rnn.reading import check, read_verse
from models.poem_rnn.sample import Poet
from models.recipe import Poem, UnknownInput
from tests.models.poem_parts import tiny_card

FINALS = "a ia ua|o e uo|ie ve|ai uai|ei uei|ao iao|ou iou|an ian uan van|en in uen vn|ang iang uang|"
FINALS += "eng ing ueng ong iong|i er v|u"
FLAT = ("zh", "ch", "sh", "r", "z", "c", "s")  # before the vowel of 支


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Card:
    return tiny_card(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def poet(card: Card) -> Poet:
    return sample.load(card, "cpu")


def levels(line: str) -> list[bool | None]:
    """Whether each character is read level, as pypinyin reads the line; None for one that is toneless there."""
    tones = [one[0][-1] for one in pinyin(line, style=Style.TONE3)]
    return [tone in "12" if tone.isdigit() else None for tone in tones]


def ending(line: str) -> int:
    """The number of the group that the line's last final is in."""
    final = pinyin(line, style=Style.FINALS, strict=True)[-1][0]
    initial = pinyin(line, style=Style.INITIALS, strict=True)[-1][0]
    groups = [row.split() for row in FINALS.split("|")]
    return -1 if final == "i" and initial in FLAT else next(n for n, row in enumerate(groups) if final in row)


@pytest.mark.parametrize("form", FORMS)
def test_every_poem_keeps_modern_tones_and_rhymes(poet: Poet, card: Card, form: str) -> None:
    for seed in range(6):
        made = wishes.recipe(form, seed, card, rhymes=MODERN, candidates=1)
        (poem,) = poet.run([made], lambda _index, _stage: None, lambda _index: False)
        assert isinstance(poem, Poem)
        assert check(poem.lines, form, MODERN) == []
        tones = [levels(line) for line in poem.lines]
        assert not any(tone[-1] is False for tone in tones[1::2])
        assert not any(tone[1] is tone[3] is not None for tone in tones)
        assert len({ending(line) for line in poem.lines[1::2]}) == 1


def test_the_checker_reads_a_character_of_two_readings_by_its_word() -> None:
    tones = [
        "".join(glyph.tone for glyph in read_verse(f"{text}。", MODERN).lines[0].glyphs) for text in ("银行", "行人")
    ]
    assert tones == ["平平", "平平"]
    heard = modern_book().within(["音乐多快乐"])
    assert {heard.names[group] for group in heard.groups("乐")} == {"新韵三皆", "新韵二波"}


def test_a_poem_may_keep_one_book_and_break_the_other() -> None:
    poem = "日落西山晚，门开故里春。不知何处去，独立小桥村。"
    found = {book: read_verse(poem, book) for book in (None, MODERN)}
    assert [fault.rule for fault in found[None].faults] == ["neighbouring rhyme"]
    assert (found[MODERN].faults, found[MODERN].rhyme) == ((), "新韵九文")


def test_a_given_rhyme_word_chooses_a_modern_group(poet: Poet, card: Card) -> None:
    end = next(c for c in poet.network.config.characters if modern_book().groups(c) == {0})
    given = ["□□□□□", f"□□□□{end}", "□□□□□", "□□□□□"]
    made = wishes.recipe("五绝", 1, card, rhymes=MODERN, given=given)
    (poem,) = poet.run([made], lambda _index, _stage: None, lambda _index: False)
    assert isinstance(poem, Poem)
    assert poem.rhyme == "新韵一麻"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"rhymes": "平水韵"}, "choose one of 中华新韵"),
        ({"rhymes": MODERN, "rhyme": "东"}, "choose one of 新韵一麻"),
        ({"rhyme": "新韵一麻"}, "choose one of 东"),
    ],
)
def test_a_group_of_the_other_book_is_refused(card: Card, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(UnknownInput, match=said):
        wishes.recipe("五绝", 1, card, **asked)


def test_without_a_book_a_recipe_is_what_it_was(card: Card) -> None:
    assert wishes.recipe("五绝", 1, card, rhymes=None).inputs == {"form": "五绝"}
    assert book_of(None) is rhyme_book()


def test_the_table_of_readings_is_built_from_the_words_of_pypinyin(tmp_path: Path) -> None:
    found = modernbook.build("长一不的", tmp_path / "table.json")
    table = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    assert found == {"characters": 4, "syllables": len(table), "both": 2}
    assert [table[name] for name in ("chang2", "zhang3", "yi1", "bu4")] == ["长", "长", "一", "不"]


def test_the_command_checks_by_the_book_that_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "poem.txt").write_text("白日依山尽，黄河入海流。欲穷千里目，更上一层楼。", encoding="utf-8")
    assert command.main(["check", str(tmp_path / "poem.txt"), "--rhymes", MODERN]) == 0
    assert "新韵七尤" in capsys.readouterr().out
    assert command.main(["check", str(tmp_path / "poem.txt")]) == 0
    assert "下平十一尤" in capsys.readouterr().out
