"""What may be asked of the painter, checked without torch, and turned into a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version

from models import Card
from models.recipe import Recipe, UnknownInput

TRUNCATION = (0.0, 1.5)


def recipe(*, card: Card, label: str, seed: int, truncation: float = 1.0) -> Recipe:
    """The recipe of one painting. Raises UnknownInput or SeedOutOfRange with what is allowed.

    label: a subject the card lists. truncation: psi in [0, 1.5]; 1 is as drawn, smaller is calmer and more alike.
    """
    wish = Recipe(
        model=card.name,
        weights=card.sha256,
        seed=seed,
        inputs={"label": label},
        parameters={"truncation": truncation},
        versions=dict(_versions()),
    )
    check(wish, card=card)
    return wish


@cache
def _versions() -> Mapping[str, str]:
    """Of what computes; looked up once, since that reads the disk."""
    return {"torch": version("torch").partition("+")[0]}


def check(wish: Recipe, *, card: Card) -> None:
    """Raises UnknownInput unless this card's network can cook the recipe."""
    labels = list(card.facts["asks"]["labels"])
    if set(wish.inputs) != {"label"} or wish.inputs["label"] not in labels:
        raise UnknownInput(f"subject {wish.inputs!r}: choose one of {', '.join(labels)}", allowed=labels)
    psi = wish.parameters.get("truncation")
    low, high = TRUNCATION
    if set(wish.parameters) != {"truncation"} or isinstance(psi, bool) or not isinstance(psi, int | float):
        raise UnknownInput(f"parameters {dict(wish.parameters)!r}: a painting takes 'truncation' alone, a number")
    if not low <= psi <= high:
        raise UnknownInput(f"truncation {psi}: give a number from {low} to {high}", allowed=f"{low} - {high}")
