"""The tables of verse: the book of rhymes, line types and patterns. What poems make of them: test_poem_reading.py."""

from __future__ import annotations

from itertools import product

import pytest

from models.poem_rnn.prosody import FORMS, MARKS, pattern, rhyme_book, tone_marks


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
