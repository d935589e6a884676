"""Descend: steered, bred, mixed and mooded drafts come from what the server knows, and their parents are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

import db
from gallery import errors
from gallery.journeys import Draft, House, browse, create, descend
from gallery.journeys.create import Finished, News
from gallery.journeys.descend import Brood
from models.painting_gan import genome, wishes
from models.painting_gan.moods import MOODS
from models.recipe import Recipe
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, finish

Painted = Callable[..., Draft]


def drafts_of(news: Iterator[News]) -> list[Draft]:
    found = {item.index: item.draft for item in news if isinstance(item, Finished)}
    return [found[index] for index in sorted(found)]


@pytest.fixture
def later(house: House) -> House:
    """The same house after its painter has learnt more: what it was lies on the shelf."""
    now = (replace(PAINTER, sha256="e" * 64), *house.cards[1:])
    return replace(house, cards=now, shelved=(PAINTER,))


def latent(recipe: Recipe) -> genome.Latent:
    return genome.latent_of(recipe, 128)


def refuse_every_act_of_both(house: House, one: Draft, other: Draft, error: type[errors.GalleryError]) -> None:
    """Whatever takes two paintings refuses these with that error."""
    for act in (
        lambda: descend.mix(house, one.token, other.token, ALICE),
        lambda: descend.breed(house, one.token, other.token, Brood(), ALICE),
        lambda: descend.bridge(house, other.token, one.token, ALICE),
    ):
        with pytest.raises(error):
            act()


def test_steering_changes_the_sliders_and_nothing_else(house: House, painted: Painted) -> None:
    draft = painted()
    steered = descend.steer(house, draft.token, {"light": 1.5, "ink": 0.0}, ALICE)
    assert steered.recipe.parameters == {"truncation": 1.0, "light": 1.5}
    assert (steered.recipe.seed, steered.recipe.inputs) == (draft.recipe.seed, draft.recipe.inputs)
    back = descend.steer(house, steered.token, {"light": 0.0}, ALICE)
    assert back.recipe == draft.recipe


def test_eight_children_of_one_differ_from_it_and_from_each_other(house: House, painted: Painted) -> None:
    draft = painted()
    children = drafts_of(descend.breed(house, draft.token, None, Brood(mutation=0.3, seed=50), ALICE))
    assert [child.recipe.seed for child in children] == list(range(50, 58))
    assert all(child.recipe.parameters["mutation"] == 0.3 for child in children)
    assert len({latent(child.recipe).tobytes() for child in children}) == 8


def test_children_of_two_stand_between_them_with_their_sliders(house: House, painted: Painted) -> None:
    mother = descend.steer(house, painted(1).token, {"light": 2.0}, ALICE)
    father = painted(2)
    children = drafts_of(descend.breed(house, mother.token, father.token, Brood(mutation=0.0), ALICE))
    light = [child.recipe.parameters["light"] for child in children]
    assert light == sorted(light, reverse=True)
    assert 0 < light[-1] < light[0] < 2
    nearness = [float(latent(child.recipe) @ latent(father.recipe)) for child in children]
    assert nearness == sorted(nearness)


def test_a_bridge_begins_and_ends_with_the_two(house: House, painted: Painted) -> None:
    one, other = painted(1), painted(2)
    steps = drafts_of(descend.bridge(house, one.token, other.token, ALICE))
    for end, step in ((one, steps[0]), (other, steps[-1])):
        a, b = latent(end.recipe), latent(step.recipe)
        assert float(a @ b / (a @ a) ** 0.5 / (b @ b) ** 0.5) > 0.9999


def test_a_mood_that_the_painter_seldom_hits_is_not_shown() -> None:
    weak = replace(PAINTER, facts={**PAINTER.facts, "steering": {"joy_kept": 0.49, "anger_kept": 0.5}})
    assert list(wishes.moods(weak)) == [mood for mood in MOODS if mood != "joy"]
    assert list(wishes.moods(PAINTER)) == list(MOODS)


def test_moods_are_shown_beside_the_painting_as_it_is(house: House, painted: Painted) -> None:
    draft = painted()
    shown = drafts_of(descend.in_moods(house, draft.token, ALICE))
    assert [one.recipe.inputs.get("mood") for one in shown] == [None, *MOODS]
    assert shown[0].recipe == draft.recipe
    assert descend.steer(house, shown[1].token, {"light": 1.0}, ALICE).recipe.inputs == {"label": "shanshui"}


def test_mixing_takes_the_ink_of_the_other(house: House, painted: Painted) -> None:
    one, other = painted(1), painted(2)
    mixed = descend.mix(house, one.token, other.token, ALICE)
    assert mixed.recipe.inputs["ink"] == genome.pack(latent(other.recipe))
    assert (latent(mixed.recipe) == latent(one.recipe)).all()


def test_what_is_painted_in_the_ink_of_another_is_in_no_mood(house: House, painted: Painted) -> None:
    _, moody, *_ = drafts_of(descend.in_moods(house, painted().token, ALICE))
    mixed = descend.mix(house, moody.token, painted(2).token, ALICE)
    assert set(mixed.recipe.inputs) == {"label", "ink"}
    assert mixed.recipe.parameters == moody.recipe.parameters


def test_paintings_of_two_painters_have_no_children(house: House, painted: Painted) -> None:
    other = create.generate(house, create.PaintRequest("still_life", seed=2), ALICE)[0]
    refuse_every_act_of_both(house, painted(1), other, errors.TwoPainters)


def test_a_painting_is_steered_by_its_own_painter(house: House) -> None:
    still = create.generate(house, create.PaintRequest("still_life", seed=2), ALICE)[0]
    steered = descend.steer(house, still.token, {"light": 1.0}, ALICE)
    assert (steered.recipe.model, steered.recipe.weights) == (still.recipe.model, still.recipe.weights)


def test_a_saved_child_names_its_parents_through_drafts_that_were_never_saved(house: House, painted: Painted) -> None:
    parent = create.save(house, painted(1).token, ALICE, "parent")
    draft = descend.go_on(house, parent.id, BOB)
    child = drafts_of(descend.breed(house, draft.token, None, Brood(), BOB))[3]
    grandchild = descend.steer(house, child.token, {"warm": 1.0}, BOB)
    saved = create.save(house, grandchild.token, BOB, "grandchild")
    with house.db.reading() as tx:
        assert [one.id for one in db.lineage.parents_of(tx, saved.id, limit=9).shown] == [parent.id]
    assert [one.id for one in browse.look(house, parent.id).children.shown] == [saved.id]


def test_a_draft_that_hangs_by_now_is_itself_the_parent(house: House, painted: Painted) -> None:
    first = painted(1)
    hung = create.save(house, first.token, ALICE, "first")
    steered = descend.steer(house, first.token, {"light": 1.0}, ALICE)
    assert steered.parents == ((hung.id, "steered"),)


def test_children_of_drafts_that_never_hung_have_no_parents_on_the_wall(house: House, painted: Painted) -> None:
    child = drafts_of(descend.breed(house, painted().token, None, Brood(), ALICE))[0]
    saved = create.save(house, child.token, ALICE, "orphan")
    assert browse.look(house, saved.id).parents.visible == 0


def test_a_bred_work_can_be_made_again(house: House, painted: Painted) -> None:
    child = drafts_of(descend.breed(house, painted(1).token, painted(2).token, Brood(), ALICE))[0]
    saved = create.save(house, child.token, ALICE, "child")
    assert finish(browse.remake(house, saved.id)).verdict == "identical"


@pytest.mark.parametrize("places", [{"light": 3.5}, {"glitter": 1.0}, {"light": float("nan")}])
def test_a_slider_out_of_range_is_refused(house: House, painted: Painted, places: dict[str, float]) -> None:
    with pytest.raises(errors.BadSlider):
        descend.steer(house, painted().token, places, ALICE)


def test_children_that_stray_too_far_are_refused(house: House, painted: Painted) -> None:
    with pytest.raises(errors.BadSlider):
        descend.breed(house, painted().token, None, Brood(mutation=1.5), ALICE)


def test_nobody_breeds_from_another_visitor_s_draft(house: House, painted: Painted) -> None:
    with pytest.raises(errors.NotYourDraft):
        descend.breed(house, painted().token, None, Brood(), BOB)
    with pytest.raises(errors.NotYourDraft):
        descend.mix(house, create.generate(house, create.PaintRequest("shanshui"), BOB)[0].token, painted().token, BOB)


def test_what_cannot_be_gone_on_from_says_why(house: House, painted: Painted, written: Painted) -> None:
    poem = create.save(house, written().token, ALICE, "poem")
    with pytest.raises(errors.NotAPainting):
        descend.go_on(house, poem.id, ALICE)
    with pytest.raises(errors.DraftGone):
        descend.steer(house, written(2).token, {"light": 1.0}, ALICE)
    with pytest.raises(errors.NoSuchWork):
        descend.go_on(house, 999, ALICE)


def test_what_a_painter_made_before_it_learnt_more_is_made_again_steered_and_bred(
    house: House, later: House, painted: Painted
) -> None:
    work = create.save(house, painted().token, ALICE, "Before")
    assert finish(browse.remake(later, work.id)).verdict == "identical"
    assert finish(browse.before_enlarging(later, work.id))
    draft = descend.go_on(later, work.id, BOB)
    steered = descend.steer(later, draft.token, {"light": 1.0}, BOB)
    children = drafts_of(descend.breed(later, steered.token, None, Brood(seed=3), BOB))
    moods = drafts_of(descend.in_moods(later, draft.token, BOB))
    assert {one.recipe.weights for one in (draft, steered, *children, *moods)} == {PAINTER.sha256}
    fresh = create.generate(later, create.PaintRequest("shanshui", seed=1), BOB)[0]
    assert fresh.recipe.weights == "e" * 64


def test_paintings_before_and_after_a_painter_learnt_more_have_no_children(later: House, painted: Painted) -> None:
    after = create.generate(later, create.PaintRequest("shanshui", seed=2), ALICE)[0]
    refuse_every_act_of_both(later, painted(1), after, errors.TwoAges)
