"""Vet: whether what comes from elsewhere as a recipe is one, of a work of its kind.

A recipe of a network that works here is checked as its own are. Of any other it is known only what the pages read of
it, and that must be there and of its type: who made it need not be here for the work to be shown.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from db import WorkKind
from gallery.journeys import House, mount
from models.painting_gan import wishes as painting_wishes
from models.painting_gan.moods import MOODS
from models.poem_rnn import wishes as poem_wishes
from models.poem_rnn.prosody import FIRST_COUPLETS
from models.recipe import Recipe, UnknownInput

Text = Annotated[str, StringConstraints(max_length=4000)]
Scalar = Text | bool | int | float | None
Value = Scalar | list[Scalar | list[Scalar]]


class _Inputs(BaseModel, strict=True, extra="allow"):
    __pydantic_extra__: dict[str, Value]


class _Painting(_Inputs):
    label: Text
    parents: list[Text] = []
    ink: Text = ""
    mood: Literal[("", *MOODS)] = ""  # type: ignore[valid-type]


class _Verse(_Inputs):
    form: Text
    opening: Literal[tuple(FIRST_COUPLETS)] = "AB"  # type: ignore[valid-type]
    given: list[Text] = []
    kept: list[Text] = []
    cento: list[Text] = []
    manner: Text = ""


class _Recipe(BaseModel, strict=True):
    model: Text
    weights: Text
    parameters: dict[Text, Scalar]
    versions: dict[Text, Text]


def vet(house: House, kind: WorkKind, text: str) -> Recipe:
    """The recipe of that JSON, as `Recipe.to_json` writes it; raises UnknownInput unless a work of the kind may have it
    and every page of the house can tell of it."""
    try:
        recipe = Recipe.from_json(text)
        _Recipe.model_validate(vars(recipe))
        if kind == "scroll":
            _vet_scroll(house, recipe)
        elif kind == "film":
            mount.painted_frames(recipe)
            for station in mount.stations_of(recipe):
                _vet_made(house, station, "painting")
            mount.parts_of(recipe)
        else:
            _vet_made(house, recipe, kind)
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:  # an odd layout is a ValueError
        raise UnknownInput(f"not a {kind}'s recipe: {error}") from None
    return recipe


def _vet_scroll(house: House, recipe: Recipe) -> None:
    mount.layout_of(recipe)
    if recipe.model != mount.MODEL:
        raise UnknownInput(f"a scroll is not mounted by {recipe.model!r}")
    painting, poem = mount.parts_of(recipe)
    _vet_made(house, painting, "painting")
    _vet_made(house, poem, "poem")


def _vet_made(house: House, recipe: Recipe, kind: Literal["painting", "poem"]) -> None:
    """Of what one network makes."""
    _Recipe.model_validate(vars(recipe))
    (_Painting if kind == "painting" else _Verse).model_validate(recipe.inputs)
    if recipe.model in (mount.MODEL, mount.FILM):
        raise UnknownInput(f"a {kind} is not made by {recipe.model!r}")
    card = house.maker_of(recipe)
    if card is None:
        return
    if card.kind != kind:
        raise UnknownInput(f"{card.name} makes no {kind}")
    if kind == "painting":
        painting_wishes.check(recipe, card=card)
    else:
        poem_wishes.validate(recipe, card)
