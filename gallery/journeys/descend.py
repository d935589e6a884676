"""Descend: paintings that come from paintings: steered, bred, mixed, put into moods, gone on with from the wall.

Every step is a recipe of its own, made here from the recipe of what it starts from, and never from anything a browser
says about it: a visitor names a draft by its signed token or a work by its number, and the server knows what it was
and which hanging works it comes from. Nothing is stored until a draft is saved (create.py); then its parents are
written with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import db
from db import How, WorkRecord
from gallery import errors
from gallery.journeys import Draft, House, Parents, browse, cook, mount, outcome, store_errors
from gallery.journeys.create import News, Plan, find_draft, keep, own_draft, watch_plans
from gallery.visitors import Visitor
from models.painting_gan import genome
from models.painting_gan import wishes as painting_wishes
from models.recipe import SEED_LIMIT, Picture, Recipe, UnknownInput

CHILDREN = 8


@dataclass(frozen=True)
class Brood:
    """A wish for children: mutation in [0, 1] is how far they stray, seed None is a random one."""

    mutation: float = 0.35
    seed: int | None = None


def sliders_of(recipe: Recipe) -> dict[str, float]:
    """Where the sliders of a painting stand; those at 0 are left out."""
    return {name: float(value) for name, value in recipe.parameters.items() if name not in painting_wishes.NO_SLIDERS}


def go_on(house: House, work_id: object, visitor: Visitor) -> Draft:
    """A hanging painting, or that of a scroll, as a draft to go on from; raises as `painting_of`, EngineTrouble."""
    work, recipe = painting_of(house, work_id)
    return _cook(house, Plan(recipe, ((work.id, "steered"),)), visitor)


def painting_of(house: House, work_id: object) -> tuple[WorkRecord, Recipe]:
    """A work that can be gone on from and the recipe of its painting; raises NoSuchWork, NotAPainting, OtherWeights."""
    view = browse.look(house, work_id)
    if view.work.kind == "poem":
        raise errors.NotAPainting(view.work.id)
    recipe = mount.parts_of(view.recipe)[0]
    if not mount.is_current(house, recipe):
        raise errors.OtherWeights(view.work.id)
    return view.work, recipe


def steer(house: House, token: str, sliders: Mapping[str, float], visitor: Visitor) -> Draft:
    """The draft with its sliders where they are now; raises BadSlider, DraftGone, NotYourDraft or EngineTrouble."""
    draft = _own_painting(house, token, visitor)
    recipe = _with(house, draft.recipe, sliders=sliders)
    return _cook(house, Plan(recipe, parents_of(house, draft, "steered")), visitor)


def mix(house: House, token: str, other: str, visitor: Visitor) -> Draft:
    """The composition of one draft in ground and ink of the other, which leaves its mood behind; raises as `breed`."""
    draft, giver = own_paintings(house, (token, other), visitor)
    inputs = _moodless(draft.recipe) | {"ink": genome.pack(_latent(house, giver.recipe))}
    parents = parents_of(house, draft, "mixed") + parents_of(house, giver, "mixed")
    return _cook(house, Plan(_checked(house, replace(draft.recipe, inputs=inputs)), parents), visitor)


def breed(house: House, token: str, partner: str | None, brood: Brood, visitor: Visitor) -> Iterator[News]:
    """Eight children of one draft or of two, as they come.

    A child's sliders stand between its parents' where its latent does. Raises BadSlider, TwoPainters, TwoAges,
    DraftGone, NotYourDraft, EngineTrouble.
    """
    pair = own_paintings(house, (token, partner) if partner else (token,), visitor)
    first = secrets.randbelow(SEED_LIMIT - CHILDREN) if brood.seed is None else brood.seed
    blends = [(index + 0.5) / CHILDREN for index in range(CHILDREN)]
    own = [draft.recipe for draft in pair]
    recipes = [child_of(house, own, first + i, blend, brood.mutation) for i, blend in enumerate(blends)]
    parents = tuple(one for draft in pair for one in parents_of(house, draft, "bred"))
    return watch_plans(house, [Plan(recipe, parents) for recipe in recipes], visitor)


def bridge(house: House, token: str, partner: str, visitor: Visitor) -> Iterator[News]:
    """Eight paintings on the way from one draft to the other, both ends included; raises as `breed` does."""
    pair = own_paintings(house, (token, partner), visitor)
    ends = [draft.recipe for draft in pair]
    recipes = [child_of(house, ends, ends[0].seed, i / (CHILDREN - 1), 0.0) for i in range(CHILDREN)]
    parents = tuple(one for draft in pair for one in parents_of(house, draft, "bred"))
    return watch_plans(house, [Plan(recipe, parents) for recipe in recipes], visitor)


def in_moods(house: House, token: str, visitor: Visitor) -> Iterator[News]:
    """The draft as it is and in each mood that its painter keeps to, side by side.

    Raises DraftGone, NotYourDraft, EngineTrouble.
    """
    draft = _own_painting(house, token, visitor)
    plans = [Plan(draft.recipe, draft.parents)]
    for mood in painting_wishes.moods(house.painter_of(draft.recipe)):
        plans.append(Plan(in_mood(house, draft.recipe, mood), parents_of(house, draft, "steered")))
    return watch_plans(house, plans, visitor)


def in_mood(house: House, recipe: Recipe, mood: str) -> Recipe:
    """The recipe of a painting in a mood that its painter keeps to; raises BadSlider."""
    card = house.painter_of(recipe)
    known = painting_wishes.directions(card)
    moved = {name: value for name, value in painting_wishes.moods(card)[mood].items() if name in known}
    return _with(house, recipe, sliders=moved, mood=mood)


def parents_of(house: House, draft: Draft, how: How) -> Parents:
    """What a descendant of this draft comes from: the draft itself once it hangs, else what it comes from."""
    hung = hung_as(house, draft)
    return ((hung, how),) if hung else tuple((work, how) for work, _ in draft.parents)


def hung_as(house: House, draft: Draft) -> int | None:
    """The number of the work that a draft has become; None while it does not hang."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        hung = db.works.find_by_draft(tx, draft.id)
    return hung.id if hung else None


def _own_painting(house: House, token: str, visitor: Visitor) -> Draft:
    draft = find_draft(house, own_draft(house, token, visitor))
    if not isinstance(draft.result, Picture):
        raise errors.DraftGone()
    return draft


def own_paintings(house: House, tokens: Sequence[str], visitor: Visitor) -> list[Draft]:
    """Drafts of one painter with the same weights: what a latent says to one network it does not say to another.

    Raises TwoPainters, TwoAges, DraftGone, NotYourDraft.
    """
    drafts = [_own_painting(house, token, visitor) for token in tokens]
    if len({draft.recipe.model for draft in drafts}) > 1:
        raise errors.TwoPainters()
    if len({draft.recipe.weights for draft in drafts}) > 1:
        raise errors.TwoAges()
    return drafts


def _latent(house: House, recipe: Recipe) -> genome.Latent:
    return genome.latent_of(recipe, latent_dim(house, recipe))


def latent_dim(house: House, recipe: Recipe) -> int:
    """How many numbers the latents of this painting's painter have; raises UnknownSubject."""
    return int(house.painter_of(recipe).facts["architecture"]["latent_dim"])


def child_of(house: House, pair: list[Recipe], seed: int, blend: float, mutation: float) -> Recipe:
    """The recipe of one child of one painting or of two, by their recipes; raises BadSlider."""
    latents = [genome.pack(_latent(house, recipe)) for recipe in pair]
    share = blend if len(pair) == 2 else 0.0
    ends = [recipe.parameters for recipe in (pair[0], pair[-1])]
    names = {name for end in ends for name in end if name not in ("blend", "mutation")}
    between = {name: _between(ends[0].get(name, 0.0), ends[1].get(name, 0.0), share) for name in sorted(names)}
    inputs = {"label": pair[0].inputs["label"], "parents": latents}
    bred = {"mutation": mutation} | ({"blend": share} if len(pair) == 2 else {})
    return _checked(house, replace(pair[0], seed=seed, inputs=inputs, parameters=between | bred))


def _between(a: float, b: float, t: float) -> float:
    """To a tenth, as the sliders go.

    >>> _between(1.0, 2.0, 0.3)
    1.3
    """
    return round(a + (b - a) * t, 1)


def _with(house: House, recipe: Recipe, *, sliders: Mapping[str, float], mood: str = "") -> Recipe:
    """The recipe with these sliders in place of its own; a slider moved by hand leaves the mood behind."""
    fixed = {name: value for name, value in recipe.parameters.items() if name in painting_wishes.NO_SLIDERS}
    moved = {name: value for name, value in sliders.items() if value != 0}
    inputs = _moodless(recipe) | ({"mood": mood} if mood else {})
    return _checked(house, replace(recipe, inputs=inputs, parameters=fixed | moved))


def _moodless(recipe: Recipe) -> dict[str, Any]:
    return {name: value for name, value in recipe.inputs.items() if name != "mood"}


def _checked(house: House, recipe: Recipe) -> Recipe:
    try:
        painting_wishes.check(recipe, card=house.painter_of(recipe))
    except UnknownInput as error:
        raise errors.BadSlider(str(error.values.get("name", "")), error.values.get("value")) from error
    return recipe


def _cook(house: House, plan: Plan, visitor: Visitor) -> Draft:
    return keep(house, plan, outcome(house, cook(house, plan.recipe, visitor=visitor)), visitor)
