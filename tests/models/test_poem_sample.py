"""Writing: the same recipe gives the same poem in any company, and every rule of verse holds by construction.

The rules are checked here by code of its own, which shares nothing with the masks but the book of rhymes.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models import Card, find_card, load
from models.poem_rnn import sample, wishes
from models.poem_rnn.forms import WRITTEN
from models.poem_rnn.prosody import FORMS, rhyme_book
from models.poem_rnn.sample import Poet
from models.poem_rnn.steps import choose
from models.recipe import Poem, Recipe, SeedOutOfRange, Stage, UnknownInput, WrongWeights
from tests.models.poem_parts import tiny_card


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Card:
    return tiny_card(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def poet(card: Card) -> Poet:
    return sample.load(card, "cpu")


def write(poet: Poet, *recipes: Recipe) -> list[Poem]:
    poems = poet.run(list(recipes), lambda _index, _stage: None, lambda _index: False)
    return [poem for poem in poems if isinstance(poem, Poem)]


def broken_rules(poem: Poem, doubled: str) -> list[str]:
    """What is wrong with the poem, judged from 王力's rules and not from this project's tables of patterns."""
    book, count, width = rhyme_book(), *FORMS[poem.form]
    group, text = book.names.index(poem.rhyme), "".join(poem.lines)
    found = [] if [len(line) for line in poem.lines] == [width] * count else ["shape"]
    level = [{"平": 1, "仄": 0}.get(book.tone(character)) for character in text]  # None: either, or not known
    rows = [level[n * width : n * width + width] for n in range(count)]
    found += ["rhyme" for line in poem.lines[1::2] if group not in book.groups(line[-1])]
    found += ["odd end" for row in rows[2::2] if row[-1] != 0]
    found += ["first end" for row in rows[:1] if row[-1] == 1 and group not in book.groups(poem.lines[0][-1])]
    found += [
        "alternation" for row in rows for a, b in zip(row[1:-1:2], row[3::2], strict=False) if a is not None and a == b
    ]
    found += ["opposition" for a, b in zip(rows[::2], rows[1::2], strict=True) if a[1] is not None and a[1] == b[1]]
    found += [
        "adhesion" for a, b in zip(rows[1::2], rows[2::2], strict=False) if None not in (a[1], b[1]) and a[1] != b[1]
    ]
    found += ["three levels" for row in rows if row[-2:] == [1, 1] and row[-3] != 0]
    found += ["lonely level" for row in rows if row[-1] == 1 and row[-4] != 0 and row[-3:-1] == [0, 0] and row[-5] != 1]
    repeats = [c for n, c in enumerate(text) if c in text[:n] and not (c == text[n - 1] and c in doubled)]
    return found + ["repeat" for _ in repeats]


@pytest.mark.parametrize("form", FORMS)
def test_every_poem_keeps_every_rule(poet: Poet, card: Card, form: str) -> None:
    recipes = [wishes.recipe(form, seed, card, candidates=1) for seed in range(24)]
    doubled = poet.network.config.doubled
    faults = {made.seed: broken_rules(poem, doubled) for made, poem in zip(recipes, write(poet, *recipes), strict=True)}
    assert faults == {seed: [] for seed in range(24)}


def test_the_check_of_these_tests_sees_a_broken_rule() -> None:
    good = Poem("五绝", ("白日依山尽", "黄河入海流", "欲穷千里目", "更上一层楼"), "尤", -1.0)
    assert broken_rules(good, "") == []
    bad = replace(good, lines=("白日依山尽", "黄河入海洋", "欲穷千里天", "更上高层楼"))
    assert set(broken_rules(bad, "")) == {"rhyme", "odd end", "three levels"}


def test_the_same_seed_gives_the_same_poem_and_another_seed_another(poet: Poet, card: Card) -> None:
    first, again, other = (wishes.recipe("七绝", seed, card) for seed in (5, 5, 6))
    poems = [write(poet, made)[0] for made in (first, again, other)]
    assert poems[0] == poems[1]
    assert poems[0].lines != poems[2].lines


def test_company_does_not_change_a_poem(poet: Poet, card: Card) -> None:
    recipes = [
        wishes.recipe(form, seed, card, candidates=n)
        for seed, (form, n) in enumerate(zip(FORMS, (1, 5, 2, 16), strict=True))
    ]
    alone = [write(poet, made)[0] for made in recipes]
    assert write(poet, *recipes) == alone
    assert write(poet, *reversed(recipes)) == alone[::-1]


def test_a_poet_loaded_anew_writes_the_same_poem(poet: Poet, card: Card) -> None:
    made = wishes.recipe("五律", 11, card)
    assert write(sample.load(card, "cpu"), made) == write(poet, made)


def test_the_rhyme_that_is_asked_for_is_kept(poet: Poet, card: Card) -> None:
    assert {write(poet, wishes.recipe("七律", seed, card, rhyme="侵"))[0].rhyme for seed in range(4)} == {"侵"}


def test_each_line_is_shown_when_it_stands(poet: Poet, card: Card) -> None:
    stages: list[tuple[int, Stage]] = []
    poem = poet.run([wishes.recipe("五律", 3, card)], lambda i, stage: stages.append((i, stage)), lambda _: False)[0]
    assert [stage.done for _, stage in stages] == [n / 8 for n in range(1, 9)]
    assert isinstance(poem, Poem)
    shown = [stage.so_far.lines for _, stage in stages if isinstance(stage.so_far, Poem)]
    assert shown == [poem.lines[:n] for n in range(1, 9)]


def test_a_cancelled_poem_is_left_out_and_the_others_are_written(poet: Poet, card: Card) -> None:
    recipes = [wishes.recipe("五绝", seed, card) for seed in (1, 2)]
    poems = poet.run(recipes, lambda _index, _stage: None, lambda index: index == 0)
    assert poems == [None, write(poet, recipes[1])[0]]


def test_a_low_top_p_takes_the_most_probable_character() -> None:
    logprobs = np.log(np.array([[0.2, 0.5, 0.3]]))
    few = {"temperature": 1.0, "top_p": 0.4}
    draws = [choose(logprobs, np.ones((1, 3), bool), few, np.array([u]))[0] for u in (0.0, 0.5, 0.999)]
    assert draws == [1, 1, 1]


def test_the_whole_distribution_is_drawn_in_its_proportions() -> None:
    logprobs = np.log(np.tile([0.2, 0.5, 0.3], (1000, 1)))
    whole = {"temperature": 1.0, "top_p": 1.0}
    chosen = choose(logprobs, np.ones((1000, 3), bool), whole, (np.arange(1000) + 0.5) / 1000)
    assert np.bincount(chosen).tolist() == [200, 500, 300]


@pytest.mark.parametrize("top_p", [0.5, 0.9, 0.999])
def test_what_is_drawn_from_is_the_same_as_if_all_were_sorted(top_p: float) -> None:
    """Of characters that are much likelier than others, and of some that are nearly alike."""
    chance = np.random.default_rng(4)
    for width in (3.0, 0.1):
        logprobs = chance.normal(scale=width, size=(40, 2000))
        free = chance.random((40, 2000)) < 0.7
        weights = np.where(free, np.exp(logprobs), 0)
        weights /= weights.sum(axis=1, keepdims=True)
        chosen = choose(logprobs, free, {"temperature": 1.0, "top_p": top_p}, chance.random(40))
        for row, number in zip(weights, chosen, strict=True):
            assert row[number] > 0
            assert row[row > row[number]].sum() < top_p
        last = choose(logprobs, free, {"temperature": 1.0, "top_p": top_p}, np.full(40, np.nextafter(1, 0)))
        for row, number in zip(weights, last, strict=True):  # those that are needed, and no more
            needed = np.sort(row)[::-1][: (np.cumsum(np.sort(row)[::-1]) < top_p).sum() + 1]
            assert number == np.flatnonzero(row >= needed[-1])[-1]


@pytest.mark.parametrize(
    ("inputs", "parameters", "said"),
    [
        ({"form": "十四行"}, {}, "五绝 七绝 五律 七律"),
        ({}, {}, "五绝 七绝 五律 七律"),
        ({"form": "七绝", "rhyme": "董"}, {}, "东 冬 江"),
        ({"form": "七绝", "mood": "月"}, {}, "form, rhyme"),
        ({"form": "七绝"}, {"temperature": 0.0}, "from 0.1 to 2"),
        ({"form": "七绝"}, {"temperature": float("nan")}, "from 0.1 to 2"),
        ({"form": "七绝"}, {"top_p": 0}, "above 0 to 1"),
        ({"form": "七绝"}, {"candidates": 2.0}, "whole number from 1 to 16"),
        ({"form": "七绝"}, {"candidates": True}, "whole number from 1 to 16"),
        ({"form": "七绝"}, {"top_k": 5}, "temperature, top_p, candidates"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(
    card: Card, poet: Poet, inputs: dict[str, Any], parameters: dict[str, Any], said: str
) -> None:
    good = wishes.recipe("七绝", 1, card)
    bad = replace(good, inputs=inputs, parameters=dict(good.parameters) | parameters)
    with pytest.raises(UnknownInput, match=said):
        poet.run([bad], lambda _index, _stage: None, lambda _index: False)


def test_a_recipe_without_a_parameter_is_refused(card: Card) -> None:
    with pytest.raises(UnknownInput, match="top_p None"):
        wishes.validate(replace(wishes.recipe("七绝", 1, card), parameters={"temperature": 1.0, "candidates": 1}), card)


@pytest.mark.parametrize("seed", [-1, 2**32, True, 1.5])
def test_a_seed_out_of_range_is_refused(card: Card, seed: Any) -> None:
    with pytest.raises(SeedOutOfRange, match="0 to 4294967295"):
        wishes.recipe("七绝", seed, card)


def test_a_recipe_of_other_weights_is_refused(card: Card, poet: Poet) -> None:
    other = replace(wishes.recipe("七绝", 1, card), weights="ab" * 32)
    with pytest.raises(WrongWeights, match="other weights"):
        write(poet, other)


def test_weights_that_are_not_the_cards_are_not_loaded(card: Card) -> None:
    with pytest.raises(WrongWeights, match="restore it"):
        load(replace(card, sha256="0" * 64))


def test_wishes_are_checked_without_torch() -> None:
    code = "import sys, models.poem_rnn.wishes; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("form", FORMS)
def test_the_shipped_poet_keeps_every_rule(form: str) -> None:
    shipped = find_card("poem-tangsong")
    poet = load(shipped)
    assert isinstance(poet, Poet)
    for poem in write(poet, *(wishes.recipe(form, seed, shipped, candidates=2) for seed in range(2))):
        assert broken_rules(poem, poet.network.config.doubled) == []
        assert poem.logprob > -8.8, "worse than guessing evenly among all characters"


def test_the_shipped_card_lists_and_names_the_forms_that_can_be_asked() -> None:
    asks = find_card("poem-tangsong").facts["asks"]
    assert asks["forms"] == list(WRITTEN) == list(asks["names"])
