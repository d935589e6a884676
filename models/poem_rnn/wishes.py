"""What may be asked of the poet: forms, rhyme groups, ways of sampling; recipes made and checked, without torch.

The gallery's web process and the command line use this file; the worker that writes (sample.py) checks again with it.
Nothing is repaired silently: an unknown key or a value out of range is an UnknownInput whose sentence names what is
allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from models import Card
from models.poem_rnn.given import BLANK, check_line, overlay
from models.poem_rnn.plan import make_plan
from models.poem_rnn.prosody import FIRST_COUPLETS, FORMS, rhyme_book
from models.poem_rnn.reading import is_han
from models.poem_rnn.tokenizer import read_vocabulary
from models.recipe import Recipe, UnknownInput, WrongWeights

INPUTS = ("form", "rhyme", "opening", "given", "kept", "as_written", "keywords", "title", "manner")
MOST_KEYWORDS, MOST_TITLE = 6, 8  # characters that the network was told in training
PARAMETERS: dict[str, tuple[float, float]] = {"temperature": (0.1, 2.0), "top_p": (0.0, 1.0), "candidates": (1, 16)}


def defaults(card: Card) -> dict[str, float]:
    """How the card's poems are sampled unless something else is asked: every parameter and its value."""
    sampling = card.facts["sampling"]
    return {name: sampling[name] for name in PARAMETERS}


def recipe(form: str, seed: int, card: Card, **asked: Any) -> Recipe:
    """The recipe of a poem, with defaults and versions filled in. Raises UnknownInput, SeedOutOfRange or WrongWeights.

    asked: inputs, where None or nothing is as good as absent, and parameters. rhyme: a level group; opening: AB, CD, DB
    or BD; given: what the visitor fixes, a string a line, □ where the poet writes; kept: the same of characters that
    the poet wrote before; as_written: given characters stay even where they break the rules; keywords: 1 to 6
    characters; title: 1 to 8; manner: a poet of the card's `manners`.
    """
    wished = {name: asked.pop(name) for name in INPUTS if name in asked}
    made = Recipe(
        model=card.name,
        weights=card.sha256,
        seed=seed,
        inputs={"form": form} | {name: _plain(value) for name, value in wished.items() if value},
        parameters=defaults(card) | asked,
        versions=dict(_versions()),
    )
    validate(made, card)
    return made


def _plain(value: Any) -> Any:
    """As it comes back from JSON, so that a recipe read again is equal."""
    return list(value) if isinstance(value, tuple) else value


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
    if "opening" in recipe.inputs:
        _one_of(recipe.inputs, "opening", FIRST_COUPLETS)
    if recipe.inputs.get("as_written", True) is not True:
        raise UnknownInput("as_written is true or is left out", name="as_written")
    _check_given(recipe.inputs, card)
    if "manner" in recipe.inputs:
        _one_of(recipe.inputs, "manner", tuple(card.facts.get("manners", {})))
    _check_words(recipe.inputs, card)
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


def authors(inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """Who wrote what, a string a line: v the visitor, where a character was given, and r the network.

    >>> authors({"form": "五绝", "given": ["春□□□□", "□□□□□", "□□□□□", "□□□□□"], "kept": ["□眠□□□"]})[0]
    'vrrrr'
    """
    given = overlay(inputs["form"], inputs.get("given", ()))
    return tuple("".join("r" if character == BLANK else "v" for character in text) for text in given)


def _check_given(inputs: Mapping[str, Any], card: Card) -> None:
    """Raises UnknownInput unless what is given can stand, in that form, in one plan."""
    for name in ("given", "kept"):
        rows = inputs.get(name, ())
        if not isinstance(rows, list | tuple) or not all(isinstance(row, str) for row in rows):
            raise UnknownInput(f"{name}: give a list of lines, with {BLANK} where the poet is to write", name=name)
        _check_lines(rows, inputs["form"], card)
    if "given" in inputs or "kept" in inputs:
        make_plan(inputs, np.random.default_rng(0))


def _check_lines(rows: Sequence[str], form: str, card: Card) -> None:
    most = FORMS[form][0]
    if len(rows) > most:
        raise UnknownInput(
            f"{len(rows)} lines are given, and {form} has {most}; give {most} at most",
            why="many_lines",
            form=form,
            count=len(rows),
            most=most,
        )
    for line, row in enumerate(rows):
        check_line(form, row, line)
        _check_characters(row.replace(BLANK, ""), card)


def _check_words(inputs: Mapping[str, Any], card: Card) -> None:
    for name, most in (("keywords", MOST_KEYWORDS), ("title", MOST_TITLE)):
        text = inputs.get(name, "")
        if not isinstance(text, str):
            raise UnknownInput(f"{name} {text!r}: give characters", name=name)
        if len(text) > most:
            raise UnknownInput(
                f"{name} {text!r}: these are {len(text)} characters; give {most} at most",
                why=f"long_{name}",
                text=text,
                count=len(text),
                most=most,
            )
        _check_characters(text, card)


def _check_characters(text: str, card: Card) -> None:
    """Raises UnknownInput unless the network knows every character; WrongWeights where its weights are not there."""
    if not text:
        return
    for character in text:
        if not is_han(character):
            raise UnknownInput(
                f"{character!r} is no Chinese character; give characters, and {BLANK} where the poet is to write",
                why="not_han",
                character=character,
            )
    try:
        known = read_vocabulary(card.weights, card.sha256).characters
    except OSError:
        raise WrongWeights(f"the weights of {card.name} are missing; put {card.weights.name} back") from None
    for character in text:
        if character not in known:
            raise UnknownInput(
                f"the poet does not know {character!r}; its {len(known)} characters are simplified: give another",
                why="unknown_character",
                character=character,
                known=len(known),
            )
