"""Compose: what a visitor asks of the poet, from the words as they are typed to a recipe, or to the sentence why not.

Typed verse may be traditional, punctuated, with * for what the poet is to write; the recipe has it simplified and bare.
Which characters can stand is models/poem_rnn/given.py's to say; drafts and saving are create.py's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gallery import errors
from gallery.journeys import Parents
from models import Card
from models.poem_rnn import wishes as poem_wishes
from models.poem_rnn.given import BLANK, lay_out, overlay
from models.poem_rnn.prosody import FORMS
from models.poem_rnn.reading import simplify
from models.recipe import Recipe, UnknownInput

_REFUSALS: dict[str, type[errors.BadWish]] = {
    "line_length": errors.LineLength,
    "long_heads": errors.LongAcrostic,
    "long_tails": errors.LongAcrostic,
    "long_keywords": errors.LongKeywords,
    "two_wishes": errors.TwoWishes,
    "not_han": errors.NotHan,
    "unknown_character": errors.UnknownCharacter,
    "oblique_rhyme": errors.ObliqueRhyme,
    "off_rhyme": errors.OffRhyme,
    "off_tone_level": errors.OffToneLevel,
    "off_tone_oblique": errors.OffToneOblique,
}


@dataclass(frozen=True)
class WriteRequest:
    """A wish for poems: rhyme is a 平水韵 group, or None for the poet's choice; seeds as in PaintRequest. manner is a
    poet of the card's, or None for nobody's.

    first, heads, tails (a line, an acrostic at either end) and keywords are as the visitor types them: traditional or
    simplified, with * or □ for what the poet is to write. given, kept and opening are for the poet as they are. parents
    are the works on the wall that the poem comes from; journeys set them, never a page.
    """

    form: str
    seed: int | None = None
    count: int = 1
    rhyme: str | None = None
    first: str = ""
    heads: str = ""
    tails: str = ""
    keywords: str = ""
    manner: str | None = None
    as_written: bool = False
    given: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    opening: str | None = None
    parents: Parents = ()


def poem_recipe(card: Card, request: WriteRequest, seed: int) -> Recipe:
    """The recipe of one poem of the request; raises UnknownInput, SeedOutOfRange or WrongWeights."""
    given = request.given
    if request.form in FORMS and (request.first or request.heads or request.tails):
        typed = {name: plain_verse(getattr(request, name)) for name in ("first", "heads", "tails")}
        given = overlay(request.form, given, lay_out(request.form, **typed))
    return poem_wishes.recipe(
        card=card,
        form=request.form,
        seed=seed,
        rhyme=request.rhyme,
        opening=request.opening,
        given=given if "".join(given).strip(BLANK) else (),
        kept=request.kept,
        as_written=request.as_written,
        keywords=plain_verse(request.keywords),
        manner=request.manner,
    )


def plain_verse(text: str) -> str:
    """What a visitor types, as the poet reads it: simplified, without punctuation and blanks, * for □.

    >>> plain_verse(" 風雨，*來 ")
    '风雨□来'
    """
    cut = re.sub(r"[\s，。！？；：、,.!?;:·]+", "", text or "")
    return simplify(re.sub(r"[*＊_○]", BLANK, cut))


def refusal(request: WriteRequest, error: UnknownInput) -> errors.BadWish:
    """Which part of a wish for poems cannot hold."""
    kind = _REFUSALS.get(str(error.values.get("why")))
    if kind is not None:
        names = kind.__dataclass_fields__  # type: ignore[attr-defined]
        return kind(**{name: error.values[name] for name in names})
    if request.form not in FORMS:
        return errors.UnknownForm(request.form, ", ".join(FORMS))
    if error.values.get("name") == "manner":
        return errors.UnknownManner(request.manner)
    return errors.UnknownRhyme(request.rhyme)
