"""Revise: from a draft of a poem to the wish for its next state. What is locked or out of scope stays; the rest is new.

Every state is a draft with a recipe of its own, so it can be saved and made again. A character that stays is `given` if
the visitor gave it and `kept` if the network wrote it, so that who wrote what can be read off the last recipe alone.
While other lines stay, the opening and the rhyme of the draft stay too. What a draft comes from, its next state does.
Of a couplet only the answer is rewritten, unless the visitor puts other words in the place of the line that is
answered; of a cento lines are found anew, and nobody's own words go in.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from gallery import errors
from gallery.journeys import Draft, House, Parents
from gallery.journeys.compose import COUPLET, CentoRequest, CoupletRequest, VerseRequest, WriteRequest, plain_verse
from gallery.journeys.create import open_draft
from gallery.journeys.descend import hung_as
from gallery.visitors import Visitor
from models.poem_rnn.couplet import plan_couplet
from models.poem_rnn.forms import sizes
from models.poem_rnn.given import BLANK, check_line, nothing, overlay
from models.poem_rnn.plan import Plan, make_plan
from models.poem_rnn.prosody import FORMS
from models.poem_rnn.tuning import pairs_with
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


def wish(house: House, token: str, visitor: Visitor, change: Change) -> VerseRequest:
    """The wish for the next state of the draft; raises DraftGone, NotYourDraft, LineLength or OldLines."""
    draft = open_draft(house, token, visitor)
    parents: Parents = ((hung, "revised"),) if (hung := hung_as(house, draft)) else draft.parents
    if "cento" in draft.recipe.inputs:
        return replace(_cento_wish(draft, change), count=change.count, parents=parents)
    if poem_of(draft).form == COUPLET:
        return replace(_couplet_wish(draft, change), count=change.count, parents=parents)
    return replace(_poem_wish(draft, change), count=change.count, parents=parents)


def _cento_wish(draft: Draft, change: Change) -> CentoRequest:
    """The lines that stay whole, others for the rest, and the same rhyme; raises OldLines."""
    poem, inputs = poem_of(draft), draft.recipe.inputs
    if plain_verse(change.own):
        raise errors.OldLines()
    stays, width = _stays(poem, change), FORMS[poem.form][1]
    whole = [all((n, column) in stays for column in range(width)) for n in range(len(poem.lines))]
    return CentoRequest(
        poem.form,
        rhyme=poem.rhyme,
        keywords=inputs.get("keywords", ""),
        lines=tuple(line if stay else BLANK * width for line, stay in zip(poem.lines, whole, strict=True)),
        besides=tuple(line for line, stay in zip(poem.lines, whole, strict=True) if not stay),
        opening=inputs.get("opening") if any(whole) else None,
    )


def answer_of(draft: Draft) -> int:
    """Which line of a couplet the network wrote, from 0."""
    return int(plan_couplet(draft.recipe.inputs).upper)


def _couplet_wish(draft: Draft, change: Change) -> CoupletRequest:
    """The line that is answered as it is, or in other words, and of the answer what stays; raises LineLength."""
    poem, inputs, answer = poem_of(draft), draft.recipe.inputs, answer_of(draft)
    keywords, own = inputs.get("keywords", ""), plain_verse(change.own)
    if own and change.line != answer:
        return CoupletRequest(call=change.own, keywords=keywords)
    width, call = len(poem.lines[0]), poem.lines[1 - answer]
    if own and len(own) != width:
        raise errors.LineLength(answer + 1, len(own), width)
    stays = {(n, column) for n in (0, 1) for column in range(width) if n != answer or (n, column) in change.locked}
    whose = authors(inputs)
    given = _layer(poem, stays, whose, "v") if not own else (own, call) if answer == 0 else (call, own)
    kept = () if own else _layer(poem, stays, whose, "r")
    return CoupletRequest(keywords=keywords, given=given, kept=kept, pauses=tuple(inputs.get("pauses", ())))


def _poem_wish(draft: Draft, change: Change) -> WriteRequest:
    poem, inputs = poem_of(draft), draft.recipe.inputs
    stays = _stays(poem, change)
    whose = authors(inputs)
    own = _own_line(poem, change)
    request = WriteRequest(
        poem.form,
        rhyme=inputs.get("rhyme"),
        keywords=inputs.get("keywords", ""),
        manner=inputs.get("manner"),
        as_written=inputs.get("as_written", False),
        given=_layer(poem, stays, whose, "v"),
        kept=_layer(poem, stays, whose, "r"),
        opening=inputs.get("opening"),
        rhymes=inputs.get("rhymes"),
    )
    if own:
        return replace(request, given=overlay(poem.form, request.given, own))
    if stays:
        return replace(request, rhyme=poem.rhyme, opening=plan_of(draft.recipe).opening or None)
    return request


def poem_of(draft: Draft) -> Poem:
    """The poem of a draft; a painting cannot be revised here."""
    if not isinstance(draft.result, Poem):
        raise errors.DraftGone()
    return draft.result


def _stays(poem: Poem, change: Change) -> set[Place]:
    """The places that keep their characters: the locked ones, and whole lines out of scope.

    Lines that repeat each other are in scope together.
    """
    lengths = sizes(poem.form)
    first = 0 if change.scope == "rest" else change.line
    last = change.line if change.scope == "line" else len(lengths) - 1
    everywhere = {(line, column) for line, width in enumerate(lengths) for column in range(width)}
    open_lines = pairs_with(poem.form, range(first, last + 1))
    scope = {(line, column) for line, column in everywhere if line in open_lines}
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
    text, line = plain_verse(change.own), min(change.line, len(poem.lines) - 1)
    if not text:
        return ()
    try:
        check_line(poem.form, text, line)
    except UnknownInput as error:
        raise errors.LineLength(line + 1, len(text), error.values["most"]) from error  # type: ignore[arg-type]
    return tuple(text if n == line else blank for n, blank in enumerate(nothing(poem.form)))
