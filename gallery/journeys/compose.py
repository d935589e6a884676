"""Compose: what a visitor asks of the poet, from the words as they are typed to a recipe, or to the sentence why not.

Typed verse may be traditional, punctuated, with * for what the poet is to write; the recipe has it simplified and bare.
There are three kinds of wishes: for a poem, for the other line of a couplet (对联), for a cento (集句). Which
characters can stand is for models/poem_rnn (given.py, couplet.py) to say; drafts and saving are create.py's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from gallery import errors
from gallery.journeys import Parents
from models import Card
from models.poem_rnn import couplet, pairs
from models.poem_rnn import wishes as poem_wishes
from models.poem_rnn.given import BLANK, lay_out, nothing, overlay
from models.poem_rnn.prosody import FORMS
from models.poem_rnn.reading import simplify
from models.recipe import Poem, Recipe, UnknownInput

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
    "couplet_length": errors.CoupletLength,
    "stands_already": errors.StandsAlready,
    "not_opposed": errors.NotOpposed,
}
COUPLET = couplet.COUPLET
CENTO_FORMS = poem_wishes.CENTO_FORMS
MOST_ANSWERS = 16  # candidates of one line cost little, and the best of more is better
_PUNCTUATION = r"[\s，。！？；：、,.!?;:·]+"


@dataclass(frozen=True)
class WriteRequest:
    """A wish for poems: rhymes is the book of rhymes and tones, None for 平水韵; rhyme one of its groups, or None for
    the poet's choice; seeds as in PaintRequest. manner is a poet of the card's, or None for nobody's.

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
    rhymes: str | None = None
    parents: Parents = ()


@dataclass(frozen=True)
class CoupletRequest:
    """A wish for the other line of a couplet. call: the given line as the visitor types it, of 4 to 11 characters; its
    punctuation says where it pauses. given, kept and pauses are for the poet as they are, in place of a call."""

    call: str = ""
    seed: int | None = None
    count: int = 1
    keywords: str = ""
    given: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    pauses: tuple[int, ...] = ()
    parents: Parents = ()


@dataclass(frozen=True)
class CentoRequest:
    """A wish for quatrains of the lines of poets of old. lines: those that stay, as they are, □ for those that are to
    be found; besides: those that are not wanted again; opening and parents as in WriteRequest."""

    form: str
    seed: int | None = None
    count: int = 1
    rhyme: str | None = None
    keywords: str = ""
    lines: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    opening: str | None = None
    parents: Parents = ()


VerseRequest = WriteRequest | CoupletRequest | CentoRequest


def verse_recipe(card: Card, request: VerseRequest, seed: int) -> Recipe:
    """The recipe of one work of the request; raises UnknownInput, SeedOutOfRange or WrongWeights."""
    match request:
        case WriteRequest():
            return poem_recipe(card, request, seed)
        case CoupletRequest():
            return _couplet_recipe(card, request, seed)
        case CentoRequest(form=form):
            lines = request.lines or (nothing(form) if form in FORMS else (BLANK,))
            asked = {"rhyme": request.rhyme, "opening": request.opening, "keywords": plain_verse(request.keywords)}
            return poem_wishes.recipe(form, seed, card, cento=lines, besides=request.besides, **asked)


def _couplet_recipe(card: Card, request: CoupletRequest, seed: int) -> Recipe:
    return poem_wishes.recipe(
        COUPLET,
        seed,
        card,
        given=request.given or couplet.lay_out(plain_verse(request.call)),
        kept=request.kept,
        pauses=request.pauses or pauses_of(request.call),
        keywords=plain_verse(request.keywords),
        candidates=MOST_ANSWERS,
    )


def pauses_of(typed: str) -> tuple[int, ...]:
    """After how many characters a typed line pauses, by its punctuation.

    >>> pauses_of("风声雨声读书声，声声入耳。"), pauses_of("海内存知己")
    ((7,), ())
    """
    parts = [plain_verse(part) for part in re.split(_PUNCTUATION, typed or "")]
    return tuple(accumulate(len(part) for part in parts if part))[:-1]


def paired(poem: Poem) -> int:
    """At how many places the two lines of a couplet have characters that poets set against each other."""
    return sum(pairs.pairs().match(*poem.lines))


def poem_recipe(card: Card, request: WriteRequest, seed: int) -> Recipe:
    """The recipe of one poem of the request; raises UnknownInput, SeedOutOfRange or WrongWeights."""
    given = request.given
    if request.form in poem_wishes.forms_of(card) and (request.first or request.heads or request.tails):
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
        rhymes=request.rhymes,
    )


def plain_verse(text: str) -> str:
    """What a visitor types, as the poet reads it: simplified, without punctuation and blanks, * for □.

    >>> plain_verse(" 風雨，*來 ")
    '风雨□来'
    """
    cut = re.sub(_PUNCTUATION, "", text or "")
    return simplify(re.sub(r"[*＊_○]", BLANK, cut))


def refusal(card: Card, request: VerseRequest, error: UnknownInput) -> errors.BadWish:
    """Which part of a wish for verse cannot hold; card: the poet's."""
    kind = _REFUSALS.get(str(error.values.get("why")))
    if kind is not None:
        names = kind.__dataclass_fields__  # type: ignore[attr-defined]
        return kind(**{name: error.values[name] for name in names})
    if isinstance(request, CoupletRequest):
        return errors.HalfLine()
    forms = poem_wishes.forms_of(card) if isinstance(request, WriteRequest) else CENTO_FORMS
    if request.form not in forms:
        return errors.UnknownForm(request.form, ", ".join(forms))
    if isinstance(request, WriteRequest) and error.values.get("name") == "manner":
        return errors.UnknownManner(request.manner)
    return errors.UnknownRhyme(request.rhyme)
