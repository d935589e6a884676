"""Couplets: the answer is as long, opposed in tone, repeats nothing but where the given line does, and pairs in words.

The rules are checked here by code of its own, which shares nothing with the marks but the book of rhymes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models import Card, find_card, load
from models.poem_rnn import __main__ as command
from models.poem_rnn import dataset, pairbook, sample, wishes
from models.poem_rnn.couplet import COUPLET, lay_out, plan_couplet
from models.poem_rnn.pairs import pairs
from models.poem_rnn.sample import Poet
from models.recipe import Poem, Recipe, UnknownInput
from tests.models.poem_parts import nonsense, some_characters, tiny_card
from tests.models.second_checker import tone

RHYTHM = {4: (1, 3), 5: (1, 3, 4), 6: (1, 3, 5), 7: (1, 3, 5, 6), 11: (1, 3, 5, 7, 9, 10)}


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Card:
    return tiny_card(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def poet(card: Card) -> Poet:
    return sample.load(card, "cpu")


def recipe(card: Card, call: str, seed: int = 0, **asked: Any) -> Recipe:
    return wishes.recipe(COUPLET, seed, card, given=lay_out(call), **asked)


def write(poet: Poet, made: Recipe) -> Poem:
    (poem,) = poet.run([made], lambda _index, _stage: None, lambda _index: False)
    assert isinstance(poem, Poem)
    return poem


def broken_rules(upper: str, lower: str) -> list[str]:
    """What a couplet breaks, place by place."""
    pairs_of_tones = [(tone(upper[i]), tone(lower[i])) for i in RHYTHM[len(upper)]]
    found = ["same tone" for one, other in pairs_of_tones if one == other and one in "平仄"]
    found += ["ends"] if tone(upper[-1]) == "平" or tone(lower[-1]) != "平" else []
    found += ["shared"] if set(upper) & set(lower) else []
    alike = [[line.index(c) for c in line] for line in (upper, lower)]
    return found + (["repeats"] if alike[0] != alike[1] else [])


@pytest.mark.parametrize("width", sorted(RHYTHM))
def test_every_answer_keeps_every_rule(poet: Poet, card: Card, width: int) -> None:
    characters, chance = some_characters(), np.random.default_rng(width)
    calls = ["".join(chance.choice(list(characters), width)) for _ in range(12)]
    calls = [call[:-1] + call[0] if n % 3 == 0 else call for n, call in enumerate(calls)]  # some repeat a character
    poems = [write(poet, recipe(card, call, seed, candidates=1)) for seed, call in enumerate(calls)]
    assert {poem.lines: broken_rules(*poem.lines) for poem in poems} == {poem.lines: [] for poem in poems}
    assert [call for call, poem in zip(calls, poems, strict=True) if call not in poem.lines] == []


def test_the_check_of_these_tests_sees_a_broken_rule() -> None:
    assert broken_rules("海内存知己", "天涯若比邻") == []
    assert set(broken_rules("海内存知己", "江内白云子")) == {"same tone", "ends", "shared"}
    assert set(broken_rules("风风雨雨寒", "年年岁月长")) == {"same tone", "ends", "repeats"}


def test_a_line_that_ends_level_is_answered_from_above(poet: Poet, card: Card) -> None:
    call = next(c for c in some_characters() if tone(c) == "平") * 5
    assert write(poet, recipe(card, call)).lines[1] == call


def test_a_line_longer_than_seven_is_cut_where_it_pauses() -> None:
    marks = [plan_couplet({"given": lay_out("风声雨声读书声声声入耳"), "pauses": cut}).marks for cut in ([7], [])]
    assert marks[0][6] == "仄"  # the last of seven
    assert marks[0] != marks[1]


def test_what_is_fixed_of_the_answer_stays_and_the_rest_is_written(poet: Poet, card: Card) -> None:
    call = "".join(c for c in some_characters() if tone(c) == "仄")[:5]
    first = write(poet, recipe(card, call, 3))
    rows = ["□" * 5, first.lines[1][:3] + "□□"]
    again = write(poet, recipe(card, call, 4, kept=rows))
    assert again.lines[1][:3] == first.lines[1][:3]
    assert wishes.authors(recipe(card, call, 4, kept=rows).inputs) == ("vvvvv", "rrrrr")


def test_the_same_recipe_gives_the_same_couplet_also_from_json(poet: Poet, card: Card) -> None:
    made = recipe(card, some_characters()[:7], 5, pauses=[4])
    assert write(poet, made) == write(poet, Recipe.from_json(made.to_json()))


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"given": ["海内存", "□□□"]}, "give 4 to 11, best 5 or 7"),
        ({"given": ["□□□□□", "□□□□□"]}, "one of them whole"),
        ({"given": ["天涯若比邻", "□□□□□"]}, "ends level is the lower one"),
        ({"given": ["海内存知己", "天涯若比海"]}, "stands in the couplet already"),
        ({"given": ["海内存知己", "天地若比邻"]}, "not opposed in tone to '内'"),
        ({"given": ["海内存知己", "□□□□□"], "pauses": [9]}, "places inside the line"),
        ({"given": ["海内存知己", "□□□□□"], "rhyme": "东"}, "form, given, kept, pauses, keywords"),
    ],
)
def test_a_couplet_that_cannot_be_is_refused_with_what_can(inputs: dict[str, Any], said: str) -> None:
    shipped = find_card("poem-tangsong")
    with pytest.raises(UnknownInput, match=said):
        wishes.recipe(COUPLET, 1, shipped, **inputs)


def test_the_shipped_poet_answers_in_parallel_words() -> None:
    poet = load(find_card("poem-tangsong"))
    assert isinstance(poet, Poet)
    poems = [write(poet, recipe(find_card("poem-tangsong"), "两个黄鹂鸣翠柳", seed)) for seed in range(3)]
    assert min(sum(pairs().match(*poem.lines)) for poem in poems) >= 5  # of seven; by chance one or two
    assert [broken_rules(*poem.lines) for poem in poems] == [[], [], []]


def test_the_table_of_pairs_is_built_from_middle_couplets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sides = {"train": nonsense(80, 1), "validation": nonsense(80, 2), "test": nonsense(4, 3)}
    dataset.prepare(sides, tmp_path / "data", vocabulary_size=100)
    monkeypatch.setattr(pairbook.build, "__defaults__", (tmp_path / "pairs.json",))
    assert command.main(["pairbook", "--data", str(tmp_path / "data")]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["characters"] == 100
    table = pairs(tmp_path / "pairs.json")
    assert table.beside(table.characters[0], table.characters + "龘")[-1] == 0
    assert table.beside(table.characters[0], table.characters)[1] == pytest.approx(
        table.beside(table.characters[1], table.characters)[0]
    )
