"""The recipe of a work: everything that is needed to make it again, and what making it gives.

A recipe names the network by its card and by the SHA-256 of its weights, so that a work made by older weights is never
silently remade by newer ones. It does not hold the result, its title or its maker; those belong to the gallery.
Nothing here imports torch: the web process builds recipes, the worker process cooks them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

SEED_LIMIT = 2**32
Kind = Literal["painting", "poem"]


class RecipeError(ValueError):
    """A recipe that cannot be cooked.

    RecipeError
    |-- UnknownModel      no card of that name
    |-- SeedOutOfRange    not 0 <= seed < 2**32
    |-- UnknownInput      an input or parameter that the model does not know, or a value it does not allow
    +-- WrongWeights      the weights are missing, or are not the ones the recipe names

    `key` and `values` let the gallery say it in the visitor's language; str(error) is the English sentence.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.values = values


class UnknownModel(RecipeError):
    """No card has that name."""


class SeedOutOfRange(RecipeError):
    """The seed is not a whole number from 0 to 2**32 - 1."""


class UnknownInput(RecipeError):
    """An input or parameter the model does not know, or a value that it does not allow."""


class WrongWeights(RecipeError):
    """The weights are missing, or their SHA-256 is not the one that was promised."""


@dataclass(frozen=True)
class Recipe:
    """All that is needed to make a work again.

    model: name of a card in models/cards. weights: SHA-256 (hex) of its safetensors file. seed: 0 <= seed < 2**32.
    inputs: what is asked for ({"label": "shanshui"}, {"form": "七绝"}). parameters: how it is sampled
    ({"truncation": 0.9}, {"temperature": 1.0, "top_p": 0.95, "candidates": 6}). versions: of what computes it.
    """

    model: str
    weights: str
    seed: int
    inputs: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or not 0 <= self.seed < SEED_LIMIT:
            raise SeedOutOfRange(f"seed {self.seed!r}: give a whole number from 0 to {SEED_LIMIT - 1}", seed=self.seed)

    def to_json(self) -> str:
        """One canonical line of JSON: sorted keys, no spaces, Chinese as it is.

        >>> Recipe("m", "ab", 7, {"form": "七绝"}).to_json()
        '{"inputs":{"form":"七绝"},"model":"m","parameters":{},"seed":7,"versions":{},"weights":"ab"}'
        """
        return json.dumps(
            {
                "model": self.model,
                "weights": self.weights,
                "seed": self.seed,
                "inputs": dict(self.inputs),
                "parameters": dict(self.parameters),
                "versions": dict(self.versions),
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
        )

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """The recipe that `to_json` wrote; an unknown or missing field is an error.

        >>> Recipe.from_json(Recipe("m", "ab", 7).to_json()) == Recipe("m", "ab", 7)
        True
        """
        fields = json.loads(text)
        if not isinstance(fields, dict):
            raise UnknownInput("a recipe is a JSON object")
        try:
            return cls(**cast("dict[str, Any]", fields))
        except TypeError as error:
            raise UnknownInput(f"not a recipe: {error}") from None


@dataclass(frozen=True)
class Picture:
    """What a painting recipe gives: 8-bit RGB pixels, row by row, top first; len(pixels) == 3 * width * height."""

    pixels: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Poem:
    """What a poem recipe gives.

    lines: without punctuation, each of 5 or 7 characters, a couplet's of 4 to 11. rhyme: name of its group, or "".
    logprob: mean natural log-probability per character under the network (nats), nan of a beginning. sources: (poet,
    title) of every line, where the lines are other poets'.
    """

    form: str
    lines: tuple[str, ...]
    rhyme: str
    logprob: float
    sources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Stage:
    """A glimpse of unfinished work: what there is so far, and how far that is (0 < done <= 1)."""

    done: float
    so_far: Picture | Poem


Result = Picture | Poem
