"""Browse: pages that lead through the whole wall, works from near, files, and making again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from db import Order
from gallery import errors
from gallery.images import Pixels, encode_png
from gallery.journeys import Draft, House, browse, create, find, first_wall, rate
from gallery.journeys.find import Wish
from gallery.visitors import Visitor
from models.recipe import Picture, Poem
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, POET, finish


@pytest.fixture
def wall(house: House) -> House:
    """Nine works, five of them rated at random."""
    first_wall.seed_wall(house, 6, 3)
    chance = random.Random(2)
    for number in range(1, 6):
        rate.cast_vote(house, number, chance.randint(1, 5), BOB)
    return house


@pytest.mark.parametrize("order", ["newest", "best"])
def test_cursors_lead_through_the_whole_wall(wall: House, order: Order) -> None:
    seen: list[int] = []
    cursor = None
    while True:
        page = find.page(wall, Wish(sort=order, cursor=cursor), limit=2)
        seen += [card.id for card in page.cards]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(seen) == list(range(1, 10))
    assert order == "best" or seen == sorted(seen, reverse=True)


def test_a_page_of_one_kind_shows_only_that_kind(wall: House) -> None:
    assert {card.kind for card in find.page(wall, Wish(kind="poem")).cards} == {"poem"}
    assert browse.counts(wall) == {"painting": 6, "poem": 3, "scroll": 0, "film": 0}


def test_scores_are_hidden_from_those_who_have_not_voted(wall: House) -> None:
    assert {card.mean for card in find.page(wall).cards} == {None}
    assert sum(card.mean is not None for card in find.page(wall, visitor=BOB).cards) == 5


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "newest",
        "newest-3.0-",
        "newest-3.0-x",
        "best-3.0-5",
        "newest-1.2.3-5",
        "newest-3.0--5",
        "newest-3.0-99999999999999999999",
        "newest-3.0-5'",
    ],
)
def test_a_damaged_cursor_is_refused_with_a_sentence(wall: House, cursor: str) -> None:
    with pytest.raises(errors.BadCursor):
        find.page(wall, Wish(cursor=cursor))


@pytest.mark.parametrize(("asked", "given"), [(-1, 1), (0, 1), (10**9, 9)])
def test_a_page_has_at_least_one_work_and_at_most_sixty(wall: House, asked: int, given: int) -> None:
    assert len(find.page(wall, limit=asked).cards) == given


def test_a_work_from_near_has_its_recipe(wall: House) -> None:
    view = browse.look(wall, "1", ALICE)
    assert (view.work.id, view.recipe.model, view.current) == (1, PAINTER.name, True)
    assert (view.my_stars, view.opinion) == (None, None)


def test_a_work_one_has_rated_shows_what_all_think(wall: House) -> None:
    view = browse.look(wall, 1, BOB)
    assert view.opinion is not None
    assert (view.my_stars, view.opinion.votes) == (view.opinion.mean, 1)


@pytest.mark.parametrize("number", [0, -1, 99, "", "x", "1.0", "1 OR 1=1", "１", 2**63, True, None, 1.0, "9" * 500])
def test_a_number_that_no_work_has_is_said_to_be_missing(wall: House, number: object) -> None:
    with pytest.raises(errors.NoSuchWork):
        browse.look(wall, number)


def test_a_stored_file_is_served_with_its_true_type(wall: House) -> None:
    work = browse.look(wall, 1).work
    assert browse.media(wall, work.picture or "").mime == "image/png"
    assert browse.media(wall, work.thumb or "").mime == "image/webp"


@pytest.mark.parametrize("name", ["", "0" * 64, "../../secret", "..%2f..%2fsecret", "/etc/passwd"])
def test_no_other_file_can_be_asked_for(wall: House, name: str) -> None:
    with pytest.raises(errors.PictureLost):
        browse.media(wall, name)


def test_every_work_can_be_made_again(
    house: House, painted: Callable[..., Draft], written: Callable[..., Draft]
) -> None:
    works = [create.save(house, draft.token, ALICE, "title") for draft in (painted(), written())]
    replays = [finish(browse.remake(house, work.id)) for work in works]
    assert [replay.verdict for replay in replays] == ["identical", "identical"]
    assert isinstance(replays[1].result, Poem)


def test_a_work_of_other_weights_is_not_passed_off_as_made_again(house: House, painted: Callable[..., Draft]) -> None:
    work = create.save(house, painted().token, ALICE, "title")
    later = replace(house, cards=(replace(PAINTER, sha256="c" * 64), POET))
    assert finish(browse.remake(later, work.id)) == browse.Replay("different_weights", None)
    assert not browse.look(later, work.id).current


@pytest.mark.parametrize(("steps", "verdict"), [(0, "identical"), (2, "alike"), (3, "different")])
def test_a_difference_that_nobody_sees_is_told_with_its_figure(
    house: House, painted: Callable[..., Draft], steps: int, verdict: str
) -> None:
    draft = painted()
    work = create.save(house, draft.token, ALICE, "title")
    assert isinstance(draft.result, Picture)
    pixels = draft.result.pixels
    moved = bytes([pixels[0] + (steps if pixels[0] < 128 else -steps)]) + pixels[1:]
    stored = encode_png(Pixels(moved, draft.result.width, draft.result.height))
    house.files.path(work.picture or "").write_bytes(stored)
    replay = finish(browse.remake(house, work.id))
    assert (replay.verdict, replay.difference, replay.processors) == (verdict, steps, ("cpu ABACUS",))


def test_a_work_that_comes_out_otherwise_is_called_different(house: House, painted: Callable[..., Draft]) -> None:
    work, other = (create.save(house, painted(seed).token, ALICE, "title") for seed in (1, 2))
    house.files.path(work.picture or "").write_bytes(house.files.read(other.picture or ""))
    assert finish(browse.remake(house, work.id)).verdict == "different"


def test_a_work_whose_file_is_gone_or_damaged_says_so(house: House, painted: Callable[..., Draft]) -> None:
    work = create.save(house, painted().token, ALICE, "title")
    house.files.path(work.picture or "").write_bytes(b"nothing of a picture")
    with pytest.raises(errors.PictureLost):
        finish(browse.remake(house, work.id))
    house.files.path(work.picture or "").unlink()
    with pytest.raises(errors.PictureLost):
        finish(browse.remake(house, work.id))


def test_a_visitor_nobody_has_seen_sees_the_same_wall(wall: House) -> None:
    assert find.page(wall, visitor=Visitor("")).cards == find.page(wall).cards


def test_poems_that_share_words_are_named_beside_each_other(house: House, written: Callable[..., Draft]) -> None:
    one, same, other = (create.save(house, written(seed).token, ALICE, "title") for seed in (1, 1, 2))
    assert browse.similar(house, one)[0] == same
    assert one not in browse.similar(house, one)
    assert browse.similar(house, replace(other, verse=())) == ()
