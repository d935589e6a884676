"""The painter's part in breeding together: the first six, the next six, a picture when somebody looks, one to hang.

Recipes are made here from those of their parents, never from what a browser says. A picture is painted from its recipe
when it is first looked at, and again after a restart: the same recipe gives the same picture.
"""

from __future__ import annotations

import secrets

from db import WorkRecord
from gallery import errors
from gallery.images import Pixels, thumbnail
from gallery.journeys import Draft, House, Parents, await_outcome, cook, outcome
from gallery.journeys.create import PaintRequest, check_signature, check_title, hang_draft, recipes_of
from gallery.journeys.descend import child_of, painting_of
from gallery.journeys.rooms.brood import CHILDREN, Brood, Piece, ancestors, winners
from gallery.journeys.rooms.exquisite import Exquisite
from gallery.journeys.rooms.state import Room
from gallery.journeys.wellbeing import check_hanging
from gallery.visitors import Visitor
from models.recipe import SEED_LIMIT, Picture, Recipe

MUTATION = 0.35


def first(house: House, subject: str, work_id: object | None) -> tuple[str, list[Recipe]]:
    """Subject and first six: by chance, or children of that work.

    Raises UnknownSubject, NoSuchWork, NotAPainting, OtherWeights, StoreTrouble.
    """
    if work_id is None:
        return subject, recipes_of(house, PaintRequest(subject, count=CHILDREN))
    recipe = painting_of(house, work_id)[1]
    return str(recipe.inputs["label"]), _children(house, [recipe])


def next_six(house: House, brood: Brood) -> dict[str, object]:
    """The winners of the vote and their six children, as the body of an event."""
    chosen = winners(brood.votes)
    parents = [Recipe.from_json(brood.generations[-1].recipes[child]) for child in chosen]
    return {"winners": list(chosen), "recipes": [recipe.to_json() for recipe in _children(house, parents)]}


def _children(house: House, parents: list[Recipe]) -> list[Recipe]:
    seed = secrets.randbelow(SEED_LIMIT - CHILDREN)
    blends = [(n + 0.5) / CHILDREN for n in range(CHILDREN)]
    return [child_of(house, parents, seed + n, blend, MUTATION) for n, blend in enumerate(blends)]


def recipe_of(game: Brood | Exquisite, piece: Piece) -> Recipe:
    """The recipe of a picture; raises NoSuchChild."""
    number, child = piece
    laid = [one.recipes for one in game.generations] if isinstance(game, Brood) else game.deals
    if not (0 <= number < len(laid) and 0 <= child < CHILDREN):
        raise errors.NoSuchChild()
    return Recipe.from_json(laid[number][child])


async def paint(house: House, game: Brood | Exquisite, piece: Piece) -> Picture:
    """A picture; raises NoSuchChild, EngineTrouble."""
    return as_picture(await await_outcome(house, cook(house, recipe_of(game, piece))))


async def look(house: House, game: Brood | Exquisite, piece: Piece) -> bytes:
    """The same as a WebP."""
    seen = await paint(house, game, piece)
    return thumbnail(Pixels(seen.pixels, seen.width, seen.height))


def as_picture(result: object) -> Picture:
    """What the painter made; raises NoSuchChild for anything else."""
    if not isinstance(result, Picture):
        raise errors.NoSuchChild()
    return result


def hang(
    house: House, room: Room, brood: Brood, piece: Piece, visitor: Visitor, title: str, signature: str
) -> WorkRecord:
    """Paints a picture of any generation and hangs it, once, with the works it comes from.

    Raises NoSuchChild, EngineTrouble and what `create.save` raises.
    """
    title, signature, recipe = check_title(title), check_signature(signature), recipe_of(brood, piece)
    check_hanging(house, visitor)
    result = outcome(house, cook(house, recipe))
    name = f"room-{room.code}-{piece[0]}-{piece[1]}"
    parents: Parents = tuple((work, "bred") for work in ancestors(brood, piece))
    return hang_draft(
        house, Draft(name, "", "painting", recipe, result, house.clock(), parents), visitor, title, signature
    )
