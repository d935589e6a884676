"""The networks of the house: `catalogue()` says what can be made, `load(name)` opens a network for work.

A card (models/cards/NAME.toml) describes one set of weights (models/weights/NAME.safetensors): architecture, SHA-256,
licence, data, measured quality, and what may be asked of it. Reading cards needs no torch; loading does, and only the
worker process and the command line load. Weights whose SHA-256 differs from the card's are refused. Weights that better
ones have replaced lie on the shelf (cards/shelf and weights/shelf, under NAME-SHA), from where nothing new is offered,
but what they made can be made again and gone on from.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import re
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from models.likeness import Found, Likeness
from models.recipe import Kind, Recipe, Result, Stage, UnknownModel, WrongWeights

CARDS = Path(__file__).parent / "cards"
WEIGHTS = Path(__file__).parent / "weights"
SHELF = "shelf"  # the folder of replaced ones in each of these


@dataclass(frozen=True)
class Card:
    """One set of weights, as its card describes it; `facts` is the whole card for the About page."""

    name: str
    kind: Kind
    module: str
    sha256: str
    weights: Path
    facts: Mapping[str, Any]


def nobody_waits(_index: int, result: Result | Exception | None) -> None:
    """For a run whose results are read when all are ready: raises what one raised."""
    if isinstance(result, Exception):
        raise result


def nobody_comes() -> list[Recipe]:
    """For a run that nothing joins."""
    return []


class Maker(Protocol):
    """A loaded network that cooks recipes: `Painter` and `Poet` are the two there are."""

    def batch_key(self, recipe: Recipe) -> tuple[object, ...]:
        """Recipes with equal keys may be cooked in one `run`."""

    def run(
        self,
        recipes: list[Recipe],
        report: Callable[[int, Stage], None],
        cancelled: Callable[[int], bool],
        done: Callable[[int, Result | Exception | None], None] = nobody_waits,
        more: Callable[[], list[Recipe]] = nobody_comes,
    ) -> list[Result | None]:
        """Cook all recipes; `report(i, stage)` shows progress, `done(i, result)` each as it is ready, or what it raised
        where the others go on; a cancelled one may be left out as None. `more` gives those of the same key that have
        come meanwhile: whoever asks takes them in, numbered on."""


@runtime_checkable
class Seer(Protocol):
    """A loaded network that can also look for its work most like a picture."""

    def look(self, order: Likeness) -> Found:
        """One stretch of looking."""


def _read(path: Path, weights: Path, name: str = "") -> Card:
    facts = tomllib.loads(path.read_text(encoding="utf-8"))
    return Card(
        name=name or path.stem,
        kind=facts["kind"],
        module=facts["module"],
        sha256=facts["sha256"],
        weights=weights / f"{path.stem}.safetensors",
        facts=facts,
    )


@cache
def catalogue(cards: Path = CARDS, weights: Path = WEIGHTS) -> tuple[Card, ...]:
    """Every card of the house, in the order in which it shows them (`order` in the card), then by name."""
    found = (_read(path, weights) for path in sorted(cards.glob("*.toml")))
    return tuple(sorted(found, key=lambda card: card.facts.get("order", 0)))


@cache
def shelf(cards: Path = CARDS, weights: Path = WEIGHTS) -> tuple[Card, ...]:
    """The cards of weights that others have replaced, each under the name it had; their files are NAME-SHA."""
    found = sorted((cards / SHELF).glob("*.toml"))
    return tuple(_read(path, weights / SHELF, path.stem.rpartition("-")[0]) for path in found)


def shelve(card: Card, cards: Path = CARDS, weights: Path = WEIGHTS) -> Card:
    """Copy a card and its weights to the shelf, before better ones take their place. Raises WrongWeights, OSError."""
    check_weights(card)
    stem = f"{card.name}-{card.sha256[:8]}"
    for folder, suffix, source in (
        (cards / SHELF, "toml", cards / f"{card.name}.toml"),
        (weights / SHELF, "safetensors", card.weights),
    ):
        folder.mkdir(exist_ok=True)
        shutil.copyfile(source, folder / f"{stem}.{suffix}")
    shelf.cache_clear()
    return _read(cards / SHELF / f"{stem}.toml", weights / SHELF, card.name)


def card_of(model: str, sha256: str, cards: Path = CARDS, weights: Path = WEIGHTS) -> Card:
    """The card of these very weights, at work or on the shelf; raises UnknownModel or WrongWeights."""
    now = find_card(model, cards, weights)
    for card in (now, *shelf(cards, weights)):
        if (card.name, card.sha256) == (model, sha256):
            return card
    raise WrongWeights(f"this recipe was cooked by weights {sha256[:12]}; the house now has {now.sha256[:12]}")


def find_card(name: str, cards: Path = CARDS, weights: Path = WEIGHTS) -> Card:
    """The card of that name; raises UnknownModel."""
    for card in catalogue(cards, weights):
        if card.name == name:
            return card
    known = ", ".join(card.name for card in catalogue(cards, weights)) or "none"
    raise UnknownModel(f"no model is called {name!r}; there are: {known}", model=name)


def check_weights(card: Card) -> None:
    """Raises WrongWeights unless the card's weights are there and are those the card describes."""
    if not card.weights.is_file():
        raise WrongWeights(f"the weights of {card.name} are missing; put {card.weights.name} back in models/weights")
    found = hashlib.sha256(card.weights.read_bytes()).hexdigest()
    if found != card.sha256:
        raise WrongWeights(
            f"{card.weights.name} is not the file its card describes (SHA-256 {found[:12]}, promised "
            f"{card.sha256[:12]}); restore it from the repository"
        )


def fill_card(path: Path, figures: Mapping[str, object]) -> None:
    """Put measured figures into the lines `name = ...` of a card; every other word stays as a person wrote it.

    Raises ValueError, and changes nothing, when a name does not stand in the card exactly once.
    """
    text = path.read_text(encoding="utf-8")
    for name, value in figures.items():
        text, times = re.subn(rf'(?m)^{name} = ("[^"]*"|[-\d._e]+)', lambda _: f"{name} = {json.dumps(value)}", text)  # noqa: B023
        if times != 1:
            raise ValueError(f"{path.name} says {name!r} {times} times; it must stand there once")
    tomllib.loads(text)
    path.write_text(text, encoding="utf-8")


def load(card: Card, device: str = "cpu") -> Maker:
    """The network of that card, ready to cook on `device`; imports torch. Raises WrongWeights."""
    check_weights(card)
    maker: Maker = importlib.import_module(card.module).load(card, device)
    return maker
