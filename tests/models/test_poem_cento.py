"""Centos: every line is a poet's own and names its source, no two of one poem, and the whole keeps tone and rhyme."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import Card, find_card
from models.poem_rnn import anthology as lines_of_old
from models.poem_rnn import gathering, sample, wishes
from models.poem_rnn.anthology import anthology
from models.poem_rnn.corpus import Verse
from models.poem_rnn.given import BLANK
from models.poem_rnn.reading import check
from models.poem_rnn.sample import Poet
from models.recipe import Poem, Recipe, UnknownInput
from tests.models import second_checker

OPEN = [BLANK * 5] * 4


@pytest.fixture(scope="module")
def card() -> Card:
    return find_card("poem-tangsong")


@pytest.fixture(scope="module")
def poet(card: Card) -> Poet:
    return sample.load(card, "cpu")


@pytest.fixture(scope="module")
def write(poet: Poet, card: Card) -> Callable[..., tuple[Recipe, Poem]]:
    def one(seed: int = 1, **asked: Any) -> tuple[Recipe, Poem]:
        made = wishes.recipe("五绝", seed, card, **{"cento": OPEN, **asked})
        (poem,) = poet.run([made], lambda _index, _stage: None, lambda _index: False)
        assert isinstance(poem, Poem)
        return made, poem

    return one


def test_every_line_is_a_poets_own_and_no_two_are_of_one_poem(write: Callable[..., tuple[Recipe, Poem]]) -> None:
    poem = write(keywords="秋月")[1]
    assert [anthology().source(line) for line in poem.lines] == list(poem.sources)
    assert len(set(poem.sources)) == 4
    assert check(poem.lines, "五绝") == []
    assert second_checker.regular(list(poem.lines))
    assert any(character in "秋月" for character in "".join(poem.lines))


def test_one_line_is_changed_and_the_others_stay(write: Callable[..., tuple[Recipe, Poem]]) -> None:
    made, poem = write()
    fixed = wishes.pinned(made, poem).inputs
    rows = [*poem.lines[:2], BLANK * 5, poem.lines[3]]
    other = write(9, cento=rows, rhyme=fixed["rhyme"], opening=fixed["opening"])[1]
    assert [a == b for a, b in zip(other.lines, poem.lines, strict=True)] == [True, True, False, True]
    assert check(other.lines, "五绝") == []


def test_the_kept_recipe_holds_lines_and_sources_and_makes_it_again(
    poet: Poet, write: Callable[..., tuple[Recipe, Poem]]
) -> None:
    made, poem = write(2)
    kept = Recipe.from_json(wishes.pinned(made, poem).to_json())
    assert kept.inputs["sources"] == [list(source) for source in poem.sources]
    assert wishes.authors(kept.inputs) == ("ccccc",) * 4
    (again,) = poet.run([kept], lambda _index, _stage: None, lambda _index: False)
    assert isinstance(again, Poem)
    assert (again.lines, again.sources, again.rhyme) == (poem.lines, poem.sources, poem.rhyme)
    assert again.logprob == pytest.approx(poem.logprob, abs=1e-4)


def test_a_false_source_and_a_line_of_nobodys_are_refused(
    poet: Poet, card: Card, write: Callable[..., tuple[Recipe, Poem]]
) -> None:
    poem = write(2)[1]
    false = [["无名", "无题"], *map(list, poem.sources[1:])]
    kept = wishes.recipe("五绝", 2, card, cento=list(poem.lines), sources=false)
    with pytest.raises(UnknownInput, match="from other poems"):
        poet.run([kept], lambda _index, _stage: None, lambda _index: False)
    with pytest.raises(UnknownInput, match="no line of the anthology"):
        write(cento=["白日依山水", *OPEN[1:]])


def test_a_line_that_is_not_wanted_again_does_not_come_again(write: Callable[..., tuple[Recipe, Poem]]) -> None:
    made, poem = write(keywords="秋月")
    fixed = wishes.pinned(made, poem).inputs
    rows = [poem.lines[0], BLANK * 5, *poem.lines[2:]]
    asked = {"cento": rows, "rhyme": fixed["rhyme"], "opening": fixed["opening"], "keywords": "秋月"}
    others = set()
    for seed in range(3):
        again, other = write(seed, **asked, besides=[poem.lines[1]])
        others.add(other.lines[1])
        assert "besides" not in wishes.pinned(again, other).inputs
    assert len(others) > 1
    assert poem.lines[1] not in others


def test_the_only_line_that_there_is_comes_though_it_is_not_wanted(
    write: Callable[..., tuple[Recipe, Poem]], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, poem = write()
    shelf = anthology().shelves[5]
    only = [shelf.lines.index(poem.lines[1])]
    monkeypatch.setattr(type(shelf), "fitting", lambda *_: np.array(only))
    rows, fixed = [poem.lines[0], BLANK * 5, *poem.lines[2:]], wishes.pinned(made, poem).inputs
    asked = {"rhyme": fixed["rhyme"], "opening": fixed["opening"], "besides": [poem.lines[1]]}
    assert write(cento=rows, **asked)[1].lines == poem.lines


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"form": "七律", "cento": [BLANK * 7] * 8}, "五绝 七绝"),
        ({"form": "五绝", "cento": OPEN[:3]}, "give 4 lines"),
        ({"form": "五绝", "cento": ["白日依山□", *OPEN[1:]]}, "each whole or"),
        ({"form": "五绝", "cento": OPEN, "sources": [["李白", "静夜思"]] * 4}, "none left open"),
        ({"form": "五绝", "cento": OPEN, "manner": "李白"}, "form, cento, sources, rhyme, opening, keywords, besides"),
    ],
)
def test_a_cento_that_cannot_be_is_refused_with_what_can(card: Card, inputs: dict[str, Any], said: str) -> None:
    with pytest.raises(UnknownInput, match=said):
        wishes.recipe(inputs.pop("form"), 1, card, **inputs)


def test_the_best_known_poems_are_gathered_with_their_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ("床前明月光", "疑是地上霜", "举头望明月", "低头思故乡")
    verses = [
        Verse("五绝", lines, title="静夜 思", author="李白", dynasty="tang", source="1"),
        Verse("五绝", lines[::-1], title="反", author="李白", dynasty="tang", source="2"),
        Verse("五绝", lines, title="无名", author="无名氏", dynasty="tang", source="3"),
    ]
    monkeypatch.setattr(gathering, "FILE", tmp_path / "lines.xz")
    monkeypatch.setattr(gathering, "MOST", 1)
    known = gathering.fame(json.loads('[{"author": "李白", "title": "静夜 思", "baidu": 900}]'))
    found = gathering.build(verses, known, "床前明月光举头望低思故乡")
    assert (found["poems"], found["lines"]) == (1, 3)  # 疑是地上霜 cannot be written
    assert lines_of_old.anthology(tmp_path / "lines.xz").source("举头望明月") == ("李白", "静夜 思")
