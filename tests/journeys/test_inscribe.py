"""Inscribe: a painting and a poem become one work that knows its parents, can be made again, and is rated like any."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

import db
from gallery import errors
from gallery.images import decode, read_recipe
from gallery.journeys import (
    Draft,
    House,
    browse,
    create,
    find,
    first_scrolls,
    first_wall,
    inscribe,
    kindred,
    mount,
    rate,
)
from gallery.journeys.create import Finished, News
from gallery.journeys.inscribe import Wish
from gallery.scroll import CHOICES, LEISURE
from models.engine import WorkerDied
from models.recipe import Recipe
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, FakeClock, FakeEngine, finish

Made = Callable[..., Draft]
PLAIN = {name: values[0] for name, values in CHOICES.items()}


def drafts_of(news: Iterator[News]) -> list[Draft]:
    return [item.draft for item in news if isinstance(item, Finished)]


@pytest.fixture
def parts(house: House, painted: Made, written: Made) -> tuple[int, int]:
    """A painting and a poem of Alice's on the wall."""
    painting = create.save(house, painted().token, ALICE, "Hills", "阿宁").id
    return painting, create.save(house, written().token, ALICE, "Evening").id


@pytest.fixture
def wish(parts: tuple[int, int]) -> Wish:
    return Wish(str(parts[0]), str(parts[1]), PLAIN, "小满")


def parents_of(house: House, work: int) -> list[tuple[int, str]]:
    with house.db.reading() as tx:
        return [(one.id, one.how) for one in db.lineage.parents_of(tx, work, limit=9).shown]


def test_a_scroll_of_two_works_holds_both_recipes_and_names_both_parents(
    house: House, wish: Wish, parts: tuple[int, int]
) -> None:
    hung = inscribe.hang(house, wish, "Hills at evening", BOB)
    recipe = Recipe.from_json(hung.recipe)
    assert mount.parts_of(recipe) == tuple(browse.look(house, part).recipe for part in parts)
    assert recipe.parameters == {**PLAIN, "signature": "小满", "day": "2027-01-15"}
    assert parents_of(house, hung.id) == [(part, "inscribed") for part in parts]
    assert (hung.kind, hung.verse, hung.subject) == ("scroll", browse.look(house, parts[1]).work.verse, "shanshui")


def test_what_a_visitor_leaves_unsigned_bears_nobodys_seal_and_is_made_again(house: House, wish: Wish) -> None:
    """It bore the seal of the house, as though the house had made it."""
    hung = inscribe.hang(house, replace(wish, signature=""), "Unsigned", ALICE)
    assert Recipe.from_json(hung.recipe).parameters["stamp"] == LEISURE
    assert finish(browse.remake(house, hung.id)).verdict == "identical"


def test_a_scroll_is_a_file_with_its_recipe_and_stands_on_the_wall(house: House, wish: Wish) -> None:
    hung = inscribe.hang(house, wish, "Scroll", BOB)
    png = house.files.read(hung.picture or "")
    assert read_recipe(png) == hung.recipe
    assert (decode(png).width, decode(png).height) == (hung.width, hung.height)
    assert [card.id for card in find.page(house, find.Wish(kind="scroll")).cards] == [hung.id]
    assert browse.counts(house) == {"painting": 1, "poem": 1, "scroll": 1, "film": 0}
    assert rate.cast_vote(house, hung.id, 4, ALICE).tally.votes == 1


def test_a_scroll_is_made_again_identical(house: House, wish: Wish, clock: FakeClock) -> None:
    hung = inscribe.hang(house, wish, "Scroll", BOB)
    clock.now += 40 * 86400  # the date on it is the day it was hung
    assert finish(browse.remake(house, hung.id)).verdict == "identical"
    assert finish(browse.remake(house, hung.id)).result is not None


def test_a_scroll_of_a_network_that_is_gone_says_so(house: House, wish: Wish) -> None:
    hung = inscribe.hang(house, wish, "Scroll", BOB)
    moved_on = replace(house, cards=(replace(PAINTER, sha256="c" * 64), *house.cards[1:]))
    assert browse.look(house, hung.id).current
    assert finish(browse.remake(moved_on, hung.id)).verdict == "different_weights"


def test_the_same_scroll_is_hung_once_and_keeps_its_title(house: House, wish: Wish) -> None:
    first, again = (inscribe.hang(house, wish, title, BOB) for title in ("One", "Two"))
    assert (again.id, again.title) == (first.id, "One")
    other = inscribe.hang(house, replace(wish, choices={**PLAIN, "cut": "zhu"}), "Three", BOB)
    assert other.id != first.id
    assert inscribe.hang(house, wish, "Four", ALICE).id not in (first.id, other.id)


def test_drafts_can_be_mounted_without_being_hung(house: House, painted: Made, written: Made) -> None:
    wish = Wish(painted(3).token, written(4).token, PLAIN)
    hung = inscribe.hang(house, wish, "Of drafts", ALICE)
    assert parents_of(house, hung.id) == []
    assert finish(browse.remake(house, hung.id)).verdict == "identical"
    with pytest.raises(errors.NotYourDraft):
        inscribe.view(house, wish, BOB)


def test_looking_at_a_scroll_stores_nothing_and_tells_what_the_hand_lacks(house: House, wish: Wish) -> None:
    seen = inscribe.view(house, replace(wish, signature="鬭🖌"), ALICE)
    assert (seen.gaps.borrowed[-1], seen.gaps.left_out) == ("鬭", ("🖌",))
    assert (seen.layout.words, seen.layout.seal) == ("丙午小寒 鬭🖌题", "鬭")
    assert browse.counts(house)["scroll"] == 0
    assert seen.picture.height > 1000


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"painting": ""}, errors.NothingToInscribe),
        ({"poem": ""}, errors.NothingToInscribe),
        ({"painting": "2"}, errors.NotAPainting),
        ({"poem": "1"}, errors.NotAPoem),
        ({"painting": "99"}, errors.NoSuchWork),
        ({"painting": "9" * 40}, errors.NoSuchWork),
        ({"poem": "forged.token"}, errors.DraftGone),
        ({"signature": "长" * 25}, errors.LongSignature),
        ({"signature": "a\u202eb"}, errors.OddCharacters),
        ({"choices": {**PLAIN, "mount": "poster"}}, errors.OddLayout),
        ({"choices": {**PLAIN, "day": "2000-01-01"}}, errors.OddLayout),
        ({"choices": {**PLAIN, "glitter": "yes"}}, errors.OddLayout),
    ],
)
def test_what_cannot_be_mounted_says_why(
    house: House, wish: Wish, change: dict[str, object], error: type[errors.GalleryError]
) -> None:
    with pytest.raises(error):
        inscribe.view(house, replace(wish, **change), ALICE)  # type: ignore[arg-type]
    with pytest.raises(error):
        inscribe.hang(house, replace(wish, **change), "Title", ALICE)  # type: ignore[arg-type]


def test_a_scroll_needs_a_title_and_its_picture(house: House, wish: Wish, parts: tuple[int, int]) -> None:
    with pytest.raises(errors.EmptyTitle):
        inscribe.hang(house, wish, "  ", ALICE)
    house.files.path(browse.look(house, parts[0]).work.picture or "").unlink()
    with pytest.raises(errors.PictureLost):
        inscribe.hang(house, wish, "Lost", ALICE)


def test_a_scroll_on_a_scroll_is_refused(house: House, wish: Wish) -> None:
    hung = inscribe.hang(house, wish, "Scroll", BOB)
    with pytest.raises(errors.NotAPainting):
        inscribe.view(house, replace(wish, painting=str(hung.id)), BOB)


def test_own_drafts_are_offered_before_the_wall_and_the_chosen_one_first(
    house: House, parts: tuple[int, int], painted: Made
) -> None:
    draft = painted(9)
    offered = [offer.ref for offer in inscribe.offers(house, "painting", "", ALICE)]
    assert offered[0] == draft.token
    assert offered[-1] == str(parts[0])
    assert [offer.ref for offer in inscribe.offers(house, "painting", "", BOB)] == [str(parts[0])]
    with pytest.raises(errors.NoSuchWork):
        inscribe.offers(house, "poem", "77", BOB)


def test_a_poem_asked_for_a_painting_has_its_keywords_and_comes_from_it(house: House, parts: tuple[int, int]) -> None:
    poems = drafts_of(inscribe.poems_for(house, str(parts[0]), "五绝", BOB))
    words = inscribe.words_of(house, str(parts[0]), BOB).replace(" ", "")
    assert 2 <= len(words) <= 6
    assert {poem.recipe.inputs["keywords"] for poem in poems} == {words}
    assert {poem.parents for poem in poems} == {((parts[0], "answered"),)}
    hung = inscribe.hang(house, Wish(str(parts[0]), poems[0].token, PLAIN), "Asked", BOB)
    assert parents_of(house, hung.id) == [(parts[0], "inscribed")]


def test_a_painting_asked_for_a_poem_has_its_mood_and_comes_from_it(house: House, parts: tuple[int, int]) -> None:
    paintings = drafts_of(inscribe.paintings_for(house, str(parts[1]), BOB))
    told, sliders = inscribe.sliders_of(house, str(parts[1]), BOB)
    assert set(told) <= set("".join(browse.look(house, parts[1]).work.verse))
    assert {tuple(sorted(one.recipe.parameters.items())) for one in paintings} == {
        tuple(sorted({"truncation": 1.0, **sliders}.items()))
    }
    assert {one.parents for one in paintings} == {((parts[1], "answered"),)}


def test_snow_and_autumn_ask_for_different_paintings() -> None:
    known = ("light", "warm", "green")
    snow, autumn = (kindred.sliders_for([line], known) for line in ("寒江独钓雪", "红叶满秋山"))
    assert snow["warm"] < 0 < autumn["warm"]
    assert kindred.sliders_for(["问君何所之"], known) == {}


def test_an_engine_that_fails_is_told_and_nothing_is_offered(
    house: House, parts: tuple[int, int], engine: FakeEngine
) -> None:
    engine.failures.append(WorkerDied())
    with pytest.raises(errors.WorkerDied):
        drafts_of(inscribe.poems_for(house, str(parts[0]), "七绝", BOB))
    assert house.drafts.newest(BOB, "poem", 8) == []


def test_a_scroll_comes_as_a_page_for_the_printer_and_nothing_else_does(house: House, wish: Wish) -> None:
    hung = inscribe.hang(house, wish, "Scroll", BOB)
    page = inscribe.printed(house, hung.id, "a scroll", "en")
    assert page.startswith(b"%PDF-")
    assert page == inscribe.printed(house, hung.id, "a scroll", "en")
    with pytest.raises(errors.NoSuchWork):
        inscribe.printed(house, wish.painting, "a painting", "en")


def test_the_first_wall_has_scrolls_of_its_own_works_once(house: House) -> None:
    first_wall.seed_wall(house, 8, 4)
    assert first_scrolls.seed_scrolls(house) == 4
    assert first_scrolls.seed_scrolls(house) == 0
    cards = find.page(house, find.Wish(kind="scroll")).cards
    assert len({parents_of(house, card.id)[0] for card in cards}) == 4
    assert all(len(parents_of(house, card.id)) == 2 for card in cards)


def test_no_scrolls_are_hung_over_the_works_of_visitors(house: House, parts: tuple[int, int]) -> None:
    assert first_scrolls.seed_scrolls(house) == 0
