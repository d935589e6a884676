"""What may be asked of the poet: forms, rhyme groups, ways of sampling; recipes made and checked, without torch.

The gallery's web process and the command line use this file; the worker that writes (sample.py) checks again with it.
Nothing is repaired silently: an unknown key or a value out of range is an UnknownInput whose sentence names what is
allowed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import Any

from models import Card
from models.poem_rnn.prosody import FORMS, rhyme_book
from models.recipe import Recipe, UnknownInput, WrongWeights

INPUTS = ("form", "rhyme")
PARAMETERS: dict[str, tuple[float, float]] = {"temperature": (0.1, 2.0), "top_p": (0.0, 1.0), "candidates": (1, 16)}


def defaults(card: Card) -> dict[str, float]:
    """How the card's poems are sampled unless something else is asked: every parameter and its value."""
    sampling = card.facts["sampling"]
    return {name: sampling[name] for name in PARAMETERS}


def recipe(form: str, seed: int, card: Card, rhyme: str | None = None, **parameters: float) -> Recipe:
    """The recipe of a poem, with defaults and versions filled in. Raises UnknownInput or SeedOutOfRange."""
    made = Recipe(
        model=card.name,
        weights=card.sha256,
        seed=seed,
        inputs={"form": form} if rhyme is None else {"form": form, "rhyme": rhyme},
        parameters=defaults(card) | parameters,
        versions=dict(_versions()),
    )
    validate(made, card)
    return made


@cache
def _versions() -> Mapping[str, str]:
    """Of what computes; looked up once, since that reads the disk."""
    return {name: version(name).partition("+")[0] for name in ("torch", "numpy")}


def validate(recipe: Recipe, card: Card) -> None:
    """Raises UnknownInput or WrongWeights unless the poet of that card can write this recipe."""
    if recipe.weights != card.sha256:
        raise WrongWeights(
            f"this poem was written by other weights of {card.name} ({recipe.weights[:12]}, here {card.sha256[:12]}); "
            "ask for a new poem, or bring those weights back",
            model=card.name,
        )
    _known(recipe.inputs, INPUTS, "input")
    _one_of(recipe.inputs, "form", tuple(FORMS))
    if "rhyme" in recipe.inputs:
        _one_of(recipe.inputs, "rhyme", rhyme_book().level)
    _known(recipe.parameters, tuple(PARAMETERS), "parameter")
    for name in PARAMETERS:
        _check_number(name, recipe.parameters.get(name))


def _known(given: Mapping[str, Any], allowed: tuple[str, ...], kind: str) -> None:
    for name in given:
        if name not in allowed:
            raise UnknownInput(f"no {kind} of a poem is called {name!r}; there are: {', '.join(allowed)}", name=name)


def _one_of(given: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> None:
    value = given.get(name)
    if value not in allowed:
        raise UnknownInput(f"{name} {value!r}: choose one of {' '.join(allowed)}", name=name, value=value)


def _check_number(name: str, value: Any) -> None:
    low, high = PARAMETERS[name]
    whole = name == "candidates"
    right = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not right or not low <= value <= high or (name == "top_p" and value == 0):
        kind, least = ("a whole number", "from") if whole else ("a number", "above" if name == "top_p" else "from")
        raise UnknownInput(f"{name} {value!r}: give {kind} {least} {low:g} to {high:g}", name=name, value=value)
