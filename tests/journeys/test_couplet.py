"""Couplets and centos as a visitor meets them: from what is typed to what hangs, with who wrote what.

The engine cooks with the shipped network in this process: one line is written in a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from gallery import errors
from gallery.journeys import Draft, House, browse, create, credit, onward, open_house, revise
from gallery.journeys.compose import CentoRequest, CoupletRequest, paired
from gallery.journeys.revise import Change, answer_of, poem_of
from gallery.settings import Settings
from models import find_card
from models.poem_rnn import sample
from models.poem_rnn.sample import Poet
from models.recipe import Recipe, Result
from tests.conftest import ALICE
from tests.fakes import PAINTER, FakeEngine, finish

CARD = find_card("poem-tangsong")


@pytest.fixture(scope="module")
def poet() -> Poet:
    return sample.load(CARD, "cpu")


@pytest.fixture
def house(settings: Settings, poet: Poet) -> Iterator[House]:
    class Cooking(FakeEngine):
        """Cooks at once, with the real poet."""

        def submit(self, recipe: Recipe, **_: Any) -> Future[Result]:
            future: Future[Result] = Future()
            (result,) = poet.run([recipe], lambda _index, _stage: None, lambda _index: False)
            assert result is not None
            future.set_result(result)
            return future

    house = open_house(settings, Cooking(), cards=(PAINTER, CARD))
    yield house
    house.close()


def ask(house: House, request: create.Request) -> Draft:
    return create.generate(house, request, ALICE)[0]


def again(house: House, draft: Draft, change: Change) -> Draft:
    return ask(house, revise.wish(house, draft.token, ALICE, change))


def test_a_typed_line_is_answered_simplified_and_where_it_pauses(house: House) -> None:
    draft = ask(house, CoupletRequest("風聲雨聲讀書聲，聲聲入耳。", seed=1))
    assert poem_of(draft).lines[0] == "风声雨声读书声声声入耳"
    assert draft.recipe.inputs["pauses"] == [7]
    assert paired(poem_of(draft)) >= 6
    assert answer_of(draft) == 1


def test_of_a_couplet_the_answer_alone_is_rewritten_and_what_is_locked_of_it_stays(house: House) -> None:
    draft = ask(house, CoupletRequest("天涯若比邻", seed=2))
    first = poem_of(draft)
    assert (first.lines[1], answer_of(draft)) == ("天涯若比邻", 0)
    second = poem_of(again(house, draft, Change("line", line=1, locked={(0, 0), (1, 0)})))
    assert (second.lines[1], second.lines[0][0]) == ("天涯若比邻", first.lines[0][0])


def test_ones_own_words_become_the_answer_or_are_answered_themselves(house: House) -> None:
    draft = ask(house, CoupletRequest("两个黄鹂鸣翠柳", seed=3))
    mine = again(house, draft, Change("line", line=1, own="一行白鹭上青天"))
    assert poem_of(mine).lines[1] == "一行白鹭上青天"
    other = again(house, draft, Change("line", line=0, own="海內存知己"))
    assert poem_of(other).lines[0] == "海内存知己"
    with pytest.raises(errors.NotOpposed):
        again(house, draft, Change("line", line=1, own="一字白鹭上青天"))


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", errors.CoupletLength),
        ("山水情", errors.CoupletLength),
        ("海内存*己", errors.HalfLine),
        ("hello", errors.NotHan),
        ("龘" * 5, errors.UnknownCharacter),
    ],
)
def test_a_line_that_cannot_be_answered_gets_its_own_sentence(
    house: House, typed: str, error: type[errors.BadWish]
) -> None:
    with pytest.raises(error):
        ask(house, CoupletRequest(typed))


def test_a_couplet_hangs_and_is_made_again(house: House) -> None:
    draft = ask(house, CoupletRequest("春风又绿江南岸", seed=4))
    work = create.save(house, draft.token, ALICE, "江南", "阿宁")
    assert (work.form, work.verse) == ("对联", poem_of(draft).lines)
    assert finish(browse.remake(house, work.id)).verdict == "identical"
    assert [way.name for way in onward.ways(house, browse.look(house, work.id))] == ["paint_for"]


def test_a_cento_hangs_with_its_sources_and_is_made_again(house: House) -> None:
    draft = ask(house, CentoRequest("五绝", seed=5, keywords="江月"))
    work = create.save(house, draft.token, ALICE, "集句", "阿宁")
    given = credit.look(house, work.id)
    assert given.quoted == poem_of(draft).sources
    assert all(f"{poet}《{title}》" in credit.sentences(house, given, "zh")[-1] for poet, title in given.quoted)
    assert given.told()["quoted"] == [{"poet": poet, "title": title} for poet, title in given.quoted]
    assert finish(browse.remake(house, work.id)).verdict == "identical"


def test_one_line_of_a_cento_is_exchanged_and_own_words_are_not_taken(house: House) -> None:
    draft = ask(house, CentoRequest("五绝", seed=6))
    before, after = poem_of(draft).lines, poem_of(again(house, draft, Change("line", line=3))).lines
    assert (after[:3], after[3] != before[3]) == (before[:3], True)
    with pytest.raises(errors.OldLines):
        revise.wish(house, draft.token, ALICE, Change("line", line=3, own="白日依山尽"))


def test_a_cento_in_a_form_there_is_none_of_is_refused_with_those_there_are(house: House) -> None:
    with pytest.raises(errors.UnknownForm) as refused:
        ask(house, CentoRequest("七律"))
    assert refused.value.allowed == "五绝, 七绝"
