"""Given characters: they stand where they were given, the rest keeps every rule, and what cannot stand is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch

from models import Card, find_card, load
from models.poem_rnn import wishes
from models.poem_rnn.given import BLANK, Given, lay_out, nothing, overlay
from models.poem_rnn.network import Wishes
from models.poem_rnn.prosody import FORMS
from models.poem_rnn.reading import check
from models.poem_rnn.sample import Poet
from models.recipe import Poem, Recipe, UnknownInput

CARD = find_card("poem-tangsong")


@pytest.fixture(scope="module")
def poet() -> Poet:
    made = load(CARD)
    assert isinstance(made, Poet)
    return made


def ask(form: str, seed: int = 1, card: Card = CARD, **asked: Any) -> Recipe:
    return wishes.recipe(form, seed, card, candidates=2, **asked)


def write(poet: Poet, *recipes: Recipe) -> list[Poem]:
    poems = poet.run(list(recipes), lambda _index, _stage: None, lambda _index: False)
    return [poem for poem in poems if isinstance(poem, Poem)]


def stands(given: Given, poem: Poem) -> bool:
    wanted = [(text, line) for text, line in zip(given, poem.lines, strict=False)]
    return all(a in (BLANK, b) for text, line in wanted for a, b in zip(text, line, strict=True))


@pytest.mark.parametrize(
    ("form", "wish"),
    [
        ("五绝", {"first": "白日依山尽"}),
        ("五绝", {"first": "床前明月光"}),  # level, mended, and the rhyme is then of 阳
        ("五绝", {"first": "移舟泊烟渚"}),  # turned within
        ("五律", {"first": "向晚意不适"}),
        ("七绝", {"heads": "春夏秋冬"}),
        ("五绝", {"heads": "岁岁平安"}),
        ("七律", {"heads": "祝君生日快乐平安"[:8]}),
        ("七绝", {"tails": "月光尽乡"}),
        ("五绝", {"heads": "山高水长", "tails": "□流□秋"}),
    ],
)
def test_what_is_given_stands_and_the_rest_keeps_every_rule(poet: Poet, form: str, wish: dict[str, str]) -> None:
    given = lay_out(form, **wish)
    for poem in write(poet, *(ask(form, seed, given=given) for seed in range(3))):
        assert stands(given, poem)
        assert check(poem.lines, form) == []


def test_a_turned_line_is_mended_in_the_next(poet: Poet) -> None:
    given = lay_out("五绝", first="大漠落日静")
    for poem in write(poet, *(ask("五绝", seed, given=given) for seed in range(4))):
        assert check(poem.lines, "五绝") == []


def test_the_whole_poem_may_be_given(poet: Poet) -> None:
    lines = ("白日依山尽", "黄河入海流", "欲穷千里目", "更上一层楼")
    assert write(poet, ask("五绝", given=lines))[0].lines == lines


def test_the_recipe_alone_makes_it_again(poet: Poet) -> None:
    made = ask("七绝", 5, given=lay_out("七绝", heads="春夏秋冬"), keywords="江月", title="春江")
    first, again = write(poet, made)[0], write(poet, Recipe.from_json(made.to_json()))[0]
    assert (first, made) == (again, Recipe.from_json(made.to_json()))


def test_given_characters_are_not_written_a_second_time(poet: Poet) -> None:
    for poem in write(poet, *(ask("七绝", seed, given=("□" * 7, "□" * 7, "□" * 7, "□□□□山月明")) for seed in range(5))):
        assert all("".join(poem.lines).count(character) == 1 for character in "山月明")


def test_asking_for_nothing_gives_the_poem_it_gave_before(poet: Poet) -> None:
    plain, empty = ask("七绝", 3), ask("七绝", 3, given=None, keywords="", title=None)
    assert plain == empty
    assert write(poet, plain)[0] == write(poet, ask("七绝", 3, given=nothing("七绝")))[0]


def test_keywords_and_title_change_the_poem_and_not_the_form(poet: Poet) -> None:
    poems = write(poet, ask("五绝", 3), ask("五绝", 3, keywords="雪梅"), ask("五绝", 3, title="送别"))
    assert len({poem.lines for poem in poems}) == 3
    assert all(check(poem.lines, "五绝") == [] for poem in poems)


def test_a_line_that_breaks_the_tones_stays_only_when_that_is_asked_for(poet: Poet) -> None:
    given = lay_out("五绝", first="疑是地上霜")
    with pytest.raises(UnknownInput, match="keep it as it is") as refused:
        ask("五绝", given=given)
    assert refused.value.values["character"] == "霜"
    poem = write(poet, ask("五绝", given=given, as_written=True))[0]
    assert poem.lines[0] == "疑是地上霜"
    assert {fault.line for fault in check(poem.lines, "五绝")} == {1}


def test_the_opening_and_the_rhyme_may_be_asked_for_together(poet: Poet) -> None:
    poem = write(poet, ask("七绝", opening="BD", rhyme="东", given=lay_out("七绝", heads="春□□□")))[0]
    assert (poem.rhyme, poem.lines[0][0], check(poem.lines, "七绝")) == ("东", "春", [])


@pytest.mark.parametrize(
    ("form", "asked", "why", "said"),
    [
        ("七绝", {"given": ("春眠不觉晓",)}, "line_length", "has 7 characters, this one 5"),
        ("五绝", {"given": ("□" * 5,) * 5}, "many_lines", "五绝 has 4"),
        ("五绝", {"given": ("春x□□□",)}, "not_han", "'x' is no Chinese character"),
        ("五绝", {"given": ("🌙□□□□",)}, "not_han", "no Chinese character"),
        ("五绝", {"given": ("龘□□□□",)}, "unknown_character", "does not know '龘'"),
        ("五绝", {"given": ("□" * 5, "□□□□月")}, "oblique_rhyme", "a rhyme is level"),
        (
            "五绝",
            {"given": ("□" * 5, "□□□□流", "□" * 5, "□□□□光")},
            "off_rhyme",
            "group 阳, and the others leave 尤",
        ),
        ("五绝", {"given": ("□" * 5, "□□□□流"), "rhyme": "东"}, "off_rhyme", "the others leave 东"),
        ("五绝", {"given": ("□" * 5, "□" * 5, "□□□□春")}, "off_tone_level", "wants oblique there"),
        ("五绝", {"given": ("□" * 5, "上平月□□")}, "off_tone_oblique", "wants level there"),
        ("五绝", {"given": ("春□□□□",), "kept": ("秋□□□□",)}, "two_wishes", "keep one"),
        ("五绝", {"keywords": "春夏秋冬山水月"}, "long_keywords", "give 6 at most"),
        ("五绝", {"title": "a"}, "not_han", "no Chinese character"),
        ("五绝", {"keywords": "龘"}, "unknown_character", "does not know"),
    ],
)
def test_what_cannot_stand_is_refused_by_name(form: str, asked: dict[str, Any], why: str, said: str) -> None:
    with pytest.raises(UnknownInput, match=said) as refused:
        ask(form, **asked)
    assert refused.value.values["why"] == why


@pytest.mark.parametrize(
    "bad", [{"given": "春"}, {"given": [1]}, {"keywords": 7}, {"opening": "XY"}, {"as_written": "yes"}]
)
def test_a_recipe_that_is_no_recipe_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(UnknownInput):
        ask("五绝", **bad)


def test_an_acrostic_longer_than_the_form_is_refused() -> None:
    with pytest.raises(UnknownInput, match="五绝 has 4 lines, these are 5 characters"):
        lay_out("五绝", heads="春夏秋冬春")


def test_a_first_line_and_an_acrostic_that_differ_are_refused() -> None:
    with pytest.raises(UnknownInput, match="'春' and '夏' are both wished for"):
        lay_out("五绝", first="春眠不觉晓", heads="夏")


def test_who_wrote_what_is_read_off_the_recipe() -> None:
    made = ask("五绝", given=("□" * 5, "春□□□□"), kept=("□" * 5, "□□□□□", "山□□□□"))
    assert wishes.authors(made.inputs) == ("rrrrr", "vrrrr", "rrrrr", "rrrrr")


@pytest.mark.parametrize("form", FORMS)
def test_layers_lie_over_one_another(form: str) -> None:
    given = lay_out(form, heads="春")
    assert overlay(form, given, nothing(form)) == given == overlay(form, nothing(form), given[:1])


def how_like(poet: Poet, name: str, poem: Poem) -> float:
    """Nats by which the network finds the poem likelier when told that this poet wrote it."""
    text = torch.tensor([poet.network.config.characters.index(c) for c in "".join(poem.lines)])[None]
    plain = Wishes.none(1, poet.network.config)
    told = replace(plain, author=torch.tensor([CARD.facts["manners"][name]["number"]]))
    found = [poet.network(text, form=poem.form, wishes=wish).logprobs for wish in (told, plain)]
    return float((found[0] - found[1]).sum())


@pytest.mark.parametrize("name", ["李白", "杨万里", "高适"])
def test_a_poem_in_a_manner_is_more_like_its_poet_and_keeps_every_rule(poet: Poet, name: str) -> None:
    after = write(poet, *(ask("七绝", seed, manner=name) for seed in range(8)))
    plain = write(poet, *(ask("七绝", seed) for seed in range(8)))
    assert sum(how_like(poet, name, poem) for poem in after) > sum(how_like(poet, name, poem) for poem in plain)
    assert [check(poem.lines, "七绝") for poem in after] == [[]] * 8
    assert write(poet, ask("七绝", 2, manner=name)) == [after[2]]


@pytest.mark.parametrize("name", ["徐志摩", "", 7])
def test_a_manner_that_the_network_does_not_know_is_refused(name: Any) -> None:
    made = replace(ask("七绝"), inputs={"form": "七绝", "manner": name})
    with pytest.raises(UnknownInput, match="choose one of 李白 杜甫"):
        wishes.validate(made, CARD)
