"""Find: a wish is met, counted and refused in sentences; cursors lead through every order."""

from __future__ import annotations

import random

import pytest

from db import Order
from gallery import errors
from gallery.journeys import House, create, find, first_wall, narrow, rate
from gallery.journeys.find import Wish
from gallery.visitors import Visitor
from tests.conftest import ALICE, BOB


@pytest.fixture
def wall(house: House) -> House:
    """Nine works of the house and two of Alice's, six of them rated by Bob."""
    first_wall.seed_wall(house, 6, 3)
    for seed, title in ((11, "Evening over the Lake"), (12, "靜夜思")):
        draft = create.generate(house, create.WriteRequest("五绝", seed=seed), ALICE)[0]
        create.save(house, draft.token, ALICE, title, "阿宁")
    chance = random.Random(2)
    for number in range(1, 7):
        rate.cast_vote(house, number, chance.randint(1, 5), BOB)
    return house


def titles(house: House, wish: Wish, visitor: Visitor = ALICE) -> list[str]:
    return [card.title for card in find.page(house, wish, visitor).cards]


@pytest.mark.parametrize("sort", ["newest", "best", "voted", "random"])
def test_cursors_lead_through_every_order(wall: House, sort: Order) -> None:
    seen: list[int] = []
    cursor = None
    for _ in range(9):
        page = find.page(wall, Wish(sort=sort, seed=10**9, cursor=cursor), limit=3)
        seen += [card.id for card in page.cards]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(seen) == list(range(1, 12))
    assert seen == [card.id for card in find.page(wall, Wish(sort=sort, seed=10**9)).cards]


@pytest.mark.parametrize("q", ["静", "靜夜", "jingye", "JINGYESI", "阿宁 思", "夜思 五绝", "  静夜，思 "])
def test_a_poem_is_found_in_either_script_and_by_its_sound(wall: House, q: str) -> None:
    assert titles(wall, Wish(q=q)) == ["靜夜思"]


def test_a_word_is_found_by_its_beginning(wall: House) -> None:
    assert titles(wall, Wish(q="lak EVEN")) == ["Evening over the Lake"]
    assert titles(wall, Wish(q="vening")) == []


def test_a_wish_that_combines_leaves_what_has_all_of_it(wall: House) -> None:
    assert titles(wall, Wish(kind="poem", form="五绝", mine=True, rated=False)) == ["靜夜思", "Evening over the Lake"]
    assert titles(wall, Wish(kind="painting", form="五绝")) == []
    assert len(titles(wall, Wish(rated=True), BOB)) == 6
    assert len(titles(wall, Wish(rated=False), BOB)) == 5


@pytest.mark.parametrize(
    "wish",
    [Wish(), Wish(kind="poem"), Wish(q="五绝"), Wish(mine=True), Wish(rated=True), Wish(rated=False, kind="painting")],
    ids=str,
)
@pytest.mark.parametrize("visitor", [ALICE, BOB], ids=["Alice", "Bob"])
def test_every_count_is_what_the_choice_leaves(wall: House, wish: Wish, visitor: Visitor) -> None:
    counted = narrow.facets(wall, wish, visitor)

    def left(**changes: object) -> int:
        return len(titles(wall, Wish(**{**vars(wish), **changes}), visitor))

    assert counted.total == left()
    assert {(name, value): count for name, some in counted.named.items() for value, count in some} == {
        (name, value): left(**{name: value}) for name, some in counted.named.items() for value, _ in some
    }
    toggled = [left(mine=True), left(rated=True), left(rated=False), left(descended=True)]
    assert [counted.mine, counted.rated, counted.unrated, counted.descended] == toggled


@pytest.mark.parametrize("q", ['"', "*", "-- ;", "，。", "%", "\u200b"])
def test_a_question_of_nothing_but_punctuation_is_refused_with_a_sentence(wall: House, q: str) -> None:
    with pytest.raises(errors.NothingToSearch):
        find.page(wall, Wish(q=q))


def test_a_question_of_a_thousand_characters_is_refused_with_a_sentence(wall: House) -> None:
    with pytest.raises(errors.LongSearch):
        narrow.facets(wall, Wish(q="月" * 1000), ALICE)
    assert titles(wall, Wish(q="月" * find.LONGEST)) == []


@pytest.mark.parametrize("value", ["' OR 1=1 --", "§poem", "🌙", "x" * 5000])
def test_a_facet_that_nothing_has_leaves_nothing(wall: House, value: str) -> None:
    for wish in (Wish(subject=value), Wish(form=value), Wish(mood=value, q="月"), Wish(month=value)):
        assert titles(wall, wish) == []
        assert narrow.facets(wall, wish, ALICE).total == 0
