"""Revise: from a draft of a poem to the wish for its next state. What is locked or out of scope stays; the rest is new.

Every state is a draft with a recipe of its own, so it can be saved and made again. A character that stays is `given` if
the visitor gave it and `kept` if the network wrote it, so that who wrote what can be read off the last recipe alone.
While other lines stay, the opening and the rhyme of the draft stay too. What a draft comes from, its next state does.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gallery import errors
from gallery.journeys import Draft, House
from gallery.journeys.compose import WriteRequest, plain_verse
from gallery.journeys.create import open_draft
from gallery.journeys.descend import hung_as
from gallery.visitors import Visitor
from models.poem_rnn.given import BLANK, check_line, overlay
from models.poem_rnn.plan import Plan, make_plan
from models.poem_rnn.prosody import FORMS
from models.poem_rnn.wishes import authors
from models.recipe import Poem, Recipe, UnknownInput

Scope = Literal["rest", "line", "onward"]
Place = tuple[int, int]


@dataclass(frozen=True)
class Change:
    """What is to change. line: from 0, for the scopes line and onward; locked: places that stay; own: the visitor's own
    words for the line, "" for none; count: how many answers."""

    scope: Scope
    line: int = 0
    locked: Collection[Place] = ()
    own: str = ""
    count: int = 1


def plan_of(recipe: Recipe) -> Plan:
    """The plan that a recipe leads to: opening, rhyme, marks."""
    return make_plan(recipe.inputs, np.random.Generator(np.random.Philox(key=recipe.seed)))


def wish(house: House, token: str, visitor: Visitor, change: Change) -> WriteRequest:
    """The wish for the next state of the draft; raises DraftGone, NotYourDraft or LineLength."""
    draft = open_draft(house, token, visitor)
    poem, inputs = poem_of(draft), draft.recipe.inputs
    stays = _stays(poem, change)
    whose = authors(inputs)
    own = _own_line(poem, change)
    request = WriteRequest(
        poem.form,
        count=change.count,
        rhyme=inputs.get("rhyme"),
        keywords=inputs.get("keywords", ""),
        manner=inputs.get("manner"),
        as_written=inputs.get("as_written", False),
        given=_layer(poem, stays, whose, "v"),
        kept=_layer(poem, stays, whose, "r"),
        opening=inputs.get("opening"),
        parents=((hung, "revised"),) if (hung := hung_as(house, draft)) else draft.parents,
    )
    if own:
        return replace(request, given=overlay(poem.form, request.given, own))
    if stays:
        return replace(request, rhyme=poem.rhyme, opening=plan_of(draft.recipe).opening)
    return request


def poem_of(draft: Draft) -> Poem:
    """The poem of a draft; a painting cannot be revised here."""
    if not isinstance(draft.result, Poem):
        raise errors.DraftGone()
    return draft.result


def _stays(poem: Poem, change: Change) -> set[Place]:
    """The places that keep their characters: the locked ones, and whole lines out of scope."""
    count, width = FORMS[poem.form]
    first = 0 if change.scope == "rest" else change.line
    last = change.line if change.scope == "line" else count - 1
    everywhere = {(line, column) for line in range(count) for column in range(width)}
    scope = {(line, column) for line, column in everywhere if first <= line <= last}
    return everywhere - (scope if change.own else scope - set(change.locked))


def _layer(poem: Poem, stays: Collection[Place], whose: tuple[str, ...], who: str) -> tuple[str, ...]:
    """The characters that stay and are whose they are, a string a line; nothing at all if there are none."""
    rows = tuple(
        "".join(c if (n, i) in stays and whose[n][i] == who else BLANK for i, c in enumerate(line))
        for n, line in enumerate(poem.lines)
    )
    return rows if "".join(rows).strip(BLANK) else ()


def _own_line(poem: Poem, change: Change) -> tuple[str, ...]:
    """The visitor's own words at their line; nothing if there are none. Raises LineLength."""
    text = plain_verse(change.own)
    if not text:
        return ()
    try:
        check_line(poem.form, text, change.line)
    except UnknownInput as error:
        raise errors.LineLength(change.line + 1, len(text), error.values["most"]) from error  # type: ignore[arg-type]
    width = FORMS[poem.form][1]
    return tuple(text if n == change.line else BLANK * width for n in range(len(poem.lines)))
