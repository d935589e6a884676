"""What may be asked of the painter, checked without torch, and turned into a recipe.

A painting grows from a seed, or from one or two parents' latents and a seed that mutates them (genome.py); its ink may
be another painting's; its sliders move it along the directions its card lists. A mood is only a name for slider values
(moods.py), kept so that it can be shown and searched. A side asks for it smaller than the enlarger makes it. Nothing is
repaired silently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

from models import Card
from models.painting_gan.genome import unpack
from models.painting_gan.moods import MOODS
from models.recipe import Recipe, UnknownInput

TRUNCATION = (0.0, 1.5)
STEERING = 3.0  # sliders go from -STEERING to STEERING
SHARE = (0.0, 1.0)  # blend and mutation
NO_SLIDERS = ("truncation", "blend", "mutation")  # the parameters of a painting that are not sliders
KEPT = 0.5  # share of paintings that a mood or a slider must move where it promises, to be offered
INPUTS = ("label", "parents", "ink", "mood", "found", "side")


def recipe(
    *,
    card: Card,
    label: str,
    seed: int,
    truncation: float = 1.0,
    parents: Sequence[str] = (),
    ink: str = "",
    mood: str = "",
    found: bool = False,
    side: int | None = None,
    **parameters: float,
) -> Recipe:
    """The recipe of one painting. Raises UnknownInput or SeedOutOfRange with what is allowed.

    label: a subject the card lists. truncation: psi in [0, 1.5]; 1 is as drawn, smaller is calmer and more alike.
    parents: one or two latents (genome.pack), with mutation in [0, 1] and, for two, blend in [0, 1]. ink: the latent
    whose excitation gates it. found: whether its latents were found by a picture (inversion.py). side: one of the
    card's sides in pixels, None for the largest. Further parameters are sliders in [-3, 3]; those at 0 are left out.
    """
    inputs: dict[str, Any] = {"label": label}
    wishes = (("parents", list(parents)), ("ink", ink), ("mood", mood), ("found", found), ("side", side))
    inputs |= {name: value for name, value in wishes if value}
    moved = {name: value for name, value in parameters.items() if value or name in ("blend", "mutation")}
    wish = Recipe(
        model=card.name,
        weights=card.sha256,
        seed=seed,
        inputs=inputs,
        parameters={"truncation": truncation} | moved,
        versions=dict(_versions()),
    )
    check(wish, card=card)
    return wish


@cache
def _versions() -> Mapping[str, str]:
    """Of what computes; looked up once, since that reads the disk."""
    return {name: version(name).partition("+")[0] for name in ("torch", "numpy")}


def directions(card: Card) -> tuple[str, ...]:
    """The sliders that the card's generator has; a recipe may move them all."""
    return tuple(card.facts["architecture"].get("directions", ()))


def moods(card: Card) -> Mapping[str, Mapping[str, float]]:
    """The moods of this painter and their sliders: those that kept their promise on half of the paintings at least.

    A painter whose card says nothing of that has all of them.
    """
    kept = card.facts.get("steering", {})
    return {mood: sliders for mood, sliders in MOODS.items() if kept.get(f"{mood}_kept", 1.0) >= KEPT}


def offered(card: Card) -> tuple[str, ...]:
    """Those of the painter's directions that go their way on half of its paintings at least, to be offered."""
    kept = card.facts.get("steering", {})
    return tuple(name for name in directions(card) if kept.get(f"{name}_kept", 1.0) >= KEPT)


def sides(card: Card) -> tuple[int, ...]:
    """The sides in pixels at which the card's paintings can be had, smallest first; one where there is no enlarger."""
    return tuple(sorted(card.facts["asks"]["sides"]))


def smoothly_enlarged(card: Card) -> bool:
    """Whether the larger sides of this card's paintings hold no more than the smallest: no network made them."""
    facts = card.facts.get("enlarger", {})
    return "times" in facts and "channels" not in facts


def check(wish: Recipe, *, card: Card) -> None:
    """Raises UnknownInput unless this card's network can cook the recipe."""
    labels = list(card.facts["asks"]["labels"])
    if wish.inputs.get("label") not in labels:
        raise UnknownInput(f"subject {wish.inputs!r}: choose one of {', '.join(labels)}", allowed=labels)
    for name in wish.inputs:
        if name not in INPUTS:
            raise UnknownInput(f"no input of a painting is called {name!r}; there are: {', '.join(INPUTS)}")
    if wish.inputs.get("found", True) is not True:
        raise UnknownInput("found is true, or left out")
    if wish.inputs.get("mood", "") not in ("", *MOODS):
        raise UnknownInput(f"mood {wish.inputs['mood']!r}: choose one of {', '.join(MOODS)}")
    if "side" in wish.inputs and wish.inputs["side"] not in sides(card):
        allowed = ", ".join(map(str, sides(card)))
        raise UnknownInput(f"side {wish.inputs['side']!r}: choose one of {allowed}", allowed=allowed)
    _check_latents(wish.inputs, int(card.facts["architecture"]["latent_dim"]))
    _check_parameters(wish, directions(card))


def _check_latents(inputs: Mapping[str, Any], dim: int) -> None:
    parents = inputs.get("parents")
    if parents is not None and not (isinstance(parents, list | tuple) and 1 <= len(parents) <= 2):
        raise UnknownInput(
            "a painting has one or two parents, as a list of their latents; leave 'parents' out for none"
        )
    for text in [*(parents or ()), *([inputs["ink"]] if "ink" in inputs else [])]:
        unpack(text, dim)


def _check_parameters(wish: Recipe, sliders: tuple[str, ...]) -> None:
    bred = len(wish.inputs.get("parents", ()))
    needed = {"truncation", *(("mutation",) if bred else ()), *(("blend",) if bred == 2 else ())}
    given = set(wish.parameters)
    if not needed <= given or given - needed - set(sliders):
        allowed = ", ".join([*sorted(needed), *sliders])
        raise UnknownInput(f"parameters {dict(wish.parameters)!r}: this painting takes {allowed}", allowed=allowed)
    for name, value in wish.parameters.items():
        low, high = TRUNCATION if name == "truncation" else SHARE if name in needed else (-STEERING, STEERING)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise UnknownInput(f"{name} {value!r}: give a number from {low:g} to {high:g}", name=name, value=value)
