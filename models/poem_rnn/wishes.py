"""What may be asked of the poet: forms, rhyme groups, ways of sampling; recipes made and checked, without torch.

The gallery's web process and the command line use this file; the worker that writes (sample.py) checks again with it.
Nothing is repaired silently: an unknown key or a value out of range is an UnknownInput whose sentence names what is
allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from typing import Any

import numpy as np

from models import Card
from models.poem_rnn.cipai import TUNES
from models.poem_rnn.couplet import COUPLET, plan_couplet
from models.poem_rnn.forms import sizes
from models.poem_rnn.given import BLANK, check_line, overlay
from models.poem_rnn.modern import MODERN, book_of
from models.poem_rnn.plan import make_plan
from models.poem_rnn.prosody import FIRST_COUPLETS, FORMS
from models.poem_rnn.reading import is_han
from models.poem_rnn.tokenizer import read_vocabulary
from models.poem_rnn.tuning import open_parts
from models.recipe import Poem, Recipe, UnknownInput, WrongWeights

POEM_INPUTS = ("form", "rhyme", "opening", "given", "kept", "as_written", "keywords", "title", "manner", "rhymes")
COUPLET_INPUTS = ("form", "given", "kept", "pauses", "keywords")
CENTO_INPUTS = ("form", "cento", "sources", "rhyme", "opening", "keywords", "besides")
INPUTS = tuple(dict.fromkeys((*POEM_INPUTS, *COUPLET_INPUTS, *CENTO_INPUTS)))
CENTO_FORMS = ("五绝", "七绝")
MOST_KEYWORDS, MOST_TITLE = 6, 8  # characters that the network was told in training
PARAMETERS: dict[str, tuple[float, float]] = {
    "temperature": (0.1, 2.0),
    "top_p": (0.0, 1.0),
    "candidates": (1, 16),
    "bits": (8, 8),
    "commonplace": (0.0, 2.0),
}
# where left out: the network's large products (int8.py) are in single precision; a line pays OLD_COMMONPLACE
OPTIONAL = ("bits", "commonplace")
OLD_COMMONPLACE = 0.3


def defaults(card: Card) -> dict[str, float]:
    """How the card's poems are sampled unless something else is asked: every parameter and its value."""
    sampling = card.facts["sampling"]
    return {name: sampling[name] for name in PARAMETERS if name in sampling or name not in OPTIONAL}


def recipe(form: str, seed: int, card: Card, **asked: Any) -> Recipe:
    """The recipe of a poem, with defaults and versions filled in. Raises UnknownInput, SeedOutOfRange or WrongWeights.

    asked: inputs, where None or nothing is as good as absent, and parameters. rhyme: a level group, of 平水韵 or of
    what rhymes names, 中华新韵, of a 词 a part of 词林正韵 (第三部); opening: AB, CD, DB or BD; given: what the visitor
    fixes, a string a line, □ where the poet writes; kept: the same of characters that the poet wrote before;
    as_written: given characters stay even where they break the rules; keywords: 1 to 6 characters; title: 1 to 8;
    manner: a poet of the card's `manners`. A couplet
    has given (couplet.py), kept, keywords and pauses: after how many characters its lines pause. A cento has cento:
    four lines, each one of the anthology's or □; sources: (poet, title) of each, once all are found; besides: lines
    that are not wanted again; rhyme, opening and keywords.
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
    _one_of(recipe.inputs, "form", (*forms_of(card), COUPLET))
    if recipe.inputs["form"] == COUPLET:
        _check_couplet(recipe.inputs, card)
    elif "cento" in recipe.inputs:
        _check_cento(recipe.inputs, card)
    else:
        _check_poem(recipe.inputs, card)
    _check_words(recipe.inputs, card)
    _known(recipe.parameters, tuple(PARAMETERS), "parameter")
    for name in PARAMETERS:
        if name in recipe.parameters or name not in OPTIONAL:
            _check_number(name, recipe.parameters.get(name))


def forms_of(card: Card) -> tuple[str, ...]:
    """The forms of poems that the card's network writes."""
    return tuple(card.facts["asks"]["forms"])


def _check_poem(inputs: Mapping[str, Any], card: Card) -> None:
    tune = inputs["form"] in TUNES
    _known(inputs, tuple(name for name in POEM_INPUTS if not tune or name not in ("opening", "rhymes")), "input")
    if "rhymes" in inputs:
        _one_of(inputs, "rhymes", (MODERN,))
    _check_plan(inputs)
    if inputs.get("as_written", True) is not True:
        raise UnknownInput("as_written is true or is left out", name="as_written")
    _check_given(inputs, card)
    if "manner" in inputs:
        _one_of(inputs, "manner", tuple(card.facts.get("manners", {})))


def _check_plan(inputs: Mapping[str, Any]) -> None:
    if "rhyme" in inputs:
        form = inputs["form"]
        _one_of(inputs, "rhyme", open_parts(form) if form in TUNES else book_of(inputs.get("rhymes")).level)
    if "opening" in inputs:
        _one_of(inputs, "opening", FIRST_COUPLETS)


def _check_cento(inputs: Mapping[str, Any], card: Card) -> None:
    """Raises UnknownInput unless every line is whole or open, in one plan; whose they are is the worker's to say."""
    _known(inputs, CENTO_INPUTS, "input of a cento")
    _one_of(inputs, "form", CENTO_FORMS)
    _check_plan(inputs)
    rows, sources = _rows(inputs, "cento"), inputs.get("sources", [])
    _check_lines(rows, inputs["form"], card)
    _check_lines(_rows(inputs, "besides"), inputs["form"], card)
    lines, width = FORMS[inputs["form"]]
    if len(rows) != lines or any(BLANK in row and row != BLANK * width for row in rows):
        raise UnknownInput(f"cento: give {lines} lines, each whole or {BLANK * width}", name="cento")
    if sources and (not isinstance(sources, list) or list(map(len, sources)) != [2] * lines or BLANK in "".join(rows)):
        raise UnknownInput(f"sources: give poet and title of all {lines} lines, none left open", name="sources")
    make_plan({**inputs, "given": rows}, np.random.default_rng(0))


def pinned(recipe: Recipe, poem: Poem) -> Recipe:
    """The recipe with what the poet found: a cento's lines and their sources, rhyme and opening. Any other as it is."""
    if "cento" not in recipe.inputs:
        return recipe
    plan = make_plan({**recipe.inputs, "given": poem.lines, "rhyme": poem.rhyme}, np.random.default_rng(0))
    found = {"cento": list(poem.lines), "sources": [list(one) for one in poem.sources]}
    asked = {name: value for name, value in recipe.inputs.items() if name != "besides"}
    return replace(recipe, inputs={**asked, **found, "rhyme": poem.rhyme, "opening": plan.opening})


def _check_couplet(inputs: Mapping[str, Any], card: Card) -> None:
    """Raises UnknownInput unless a line is given and the answer, as far as it is fixed, can stand beside it."""
    _known(inputs, COUPLET_INPUTS, "input of a couplet")
    for name in ("given", "kept"):
        for row in _rows(inputs, name):
            _check_characters(row.replace(BLANK, ""), card)
    pauses = inputs.get("pauses", [])
    if not isinstance(pauses, list) or not all(type(one) is int for one in pauses):
        raise UnknownInput(f"pauses {pauses!r}: give a list of whole numbers", name="pauses")
    plan_couplet(inputs)


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
    whole = name in ("candidates", "bits")
    right = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not right or not low <= value <= high or (name == "top_p" and value == 0):
        kind, least = ("a whole number", "from") if whole else ("a number", "above" if name == "top_p" else "from")
        raise UnknownInput(f"{name} {value!r}: give {kind} {least} {low:g} to {high:g}", name=name, value=value)


def authors(inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """Who wrote what, a string a line: v the visitor, where a character was given, c a poet of old, r the network.

    >>> authors({"form": "五绝", "given": ["春□□□□", "□□□□□", "□□□□□", "□□□□□"], "kept": ["□眠□□□"]})[0]
    'vrrrr'
    """
    if "cento" in inputs:
        return tuple("c" * len(line) for line in inputs["cento"])
    given = overlay(inputs["form"], inputs.get("given", ()))
    return tuple("".join("r" if character == BLANK else "v" for character in text) for text in given)


def _check_given(inputs: Mapping[str, Any], card: Card) -> None:
    """Raises UnknownInput unless what is given can stand, in that form, in one plan."""
    for name in ("given", "kept"):
        _check_lines(_rows(inputs, name), inputs["form"], card)
    if "given" in inputs or "kept" in inputs:
        make_plan(inputs, np.random.default_rng(0))


def _rows(inputs: Mapping[str, Any], name: str) -> Sequence[str]:
    rows: Sequence[str] = inputs.get(name, ())
    if not isinstance(rows, list | tuple) or not all(isinstance(row, str) for row in rows):
        raise UnknownInput(f"{name}: give a list of lines, with {BLANK} where the poet is to write", name=name)
    return rows


def _check_lines(rows: Sequence[str], form: str, card: Card) -> None:
    most = len(sizes(form))
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
