"""The poet's part in linked verse: hold a line against the rules, write one when called, read the whole, hang it.

What members wrote is `given` in the poet's recipe and what the poet wrote before is `kept`, so the finished work says
character by character what is whose, and can be made again from its recipe like any other. Which member wrote which
line is kept beside the work; it comes from the events of the room, never from a browser.
"""

from __future__ import annotations

import secrets
from typing import Any, cast

from db import Hand, WorkRecord
from gallery import errors
from gallery.journeys import Draft, House, await_outcome, cook
from gallery.journeys.compose import WriteRequest, plain_verse, poem_recipe, refusal
from gallery.journeys.create import check_signature, check_title, hang_draft
from gallery.journeys.rooms.state import Room
from gallery.journeys.rooms.verse import POET, Verse
from gallery.journeys.wellbeing import check_hanging
from gallery.visitors import Visitor
from models.poem_rnn.given import BLANK, fit
from models.poem_rnn.prosody import pattern
from models.poem_rnn.reading import Reading, is_han, read_verse
from models.recipe import SEED_LIMIT, Poem, Recipe, RecipeError, UnknownInput


def check(house: House, verse: Verse, typed: str, *, insisted: bool) -> str:
    """The next line as it will stand, simplified and bare.

    A line of another length, or of what the poet cannot read, is refused; one that breaks tone or rhyme is too, unless
    it is insisted on. Raises LineWidth, OnlyHan, UnknownCharacter, ObliqueRhyme, OffRhyme, OffToneLevel or
    OffToneOblique.
    """
    text = plain_verse(typed).replace(BLANK, "")
    for character in text:
        if not is_han(character):
            raise errors.OnlyHan(character)
    if len(text) != verse.width:
        raise errors.LineWidth(len(text), verse.width)
    _recipe(house, verse, text, as_written=insisted)
    return text


def keeps_rules(house: House, verse: Verse, text: str) -> bool:
    """Whether the next line keeps tone and rhyme, beside all lines that were not insisted on."""
    try:
        _recipe(house, verse, text, as_written=False)
    except errors.BadWish:
        return False
    return True


def _recipe(house: House, verse: Verse, text: str, *, as_written: bool, keywords: str = "") -> Recipe:
    """The recipe of the poem as it would be with this line; raises BadWish where no plan has room for it.

    Strictly taken, the lines that were insisted on are left out, for they would leave no plan to anybody.
    """
    lines = verse.lines if as_written else tuple(line for line in verse.lines if not line.insisted)
    places = [n for n, line in enumerate(verse.lines) if line in lines]
    given = _layer(verse, [n for n in places if verse.lines[n].by != POET])
    request = WriteRequest(
        verse.form,
        rhyme=verse.rhyme or None,
        given=tuple(text if n == len(verse.lines) and text else row for n, row in enumerate(given)),
        kept=_layer(verse, [n for n in places if verse.lines[n].by == POET]),
        as_written=as_written,
        keywords=keywords,
    )
    return _made(house, request)


def _made(house: House, request: WriteRequest) -> Recipe:
    try:
        return poem_recipe(house.card("poem"), request, secrets.randbelow(SEED_LIMIT))
    except UnknownInput as error:
        raise refusal(house.card("poem"), request, error) from error
    except RecipeError as error:
        raise errors.ModelUnavailable(str(error)) from error


def _layer(verse: Verse, places: list[int]) -> tuple[str, ...]:
    """These lines where they stand, blanks elsewhere."""
    blank = BLANK * verse.width
    return tuple(verse.lines[n].text if n in places else blank for n in range(verse.count))


def patterns(verse: Verse) -> list[str]:
    """The tones that the next line may have, a string of 平 仄 ○ each, and 韵 where it rhymes.

    >>> patterns(Verse("五绝", 4, 5))
    ['○仄平平仄', '○平平仄仄', '○仄仄平韵', '平平○仄韵']
    """
    lines = tuple(BLANK * verse.width if line.insisted else line.text for line in verse.lines)
    given = (*lines, *[BLANK * verse.width] * (verse.count - len(lines)))
    found = []
    for couplet, one in fit(verse.form, given, verse.rhyme or None, None, as_written=True).items():
        kind, marks = pattern(couplet, verse.count)[len(lines)], one.marks[len(lines)]
        found.append(f"{marks[:-1]}韵" if kind in "BD" else marks)
    return sorted(set(found), key=found.index)


def reading(verse: Verse, typed: str) -> Reading | None:
    """What the rules say of the lines so far with this one after them; None while there is nothing to read."""
    text = plain_verse(typed).replace(BLANK, "")
    if not text or len(text) > 4 * verse.width or not any(map(is_han, text)):
        return None
    return read_verse("\n".join([*(line.text for line in verse.lines), text]) + "。")


async def write(house: House, verse: Verse, keywords: str = "") -> dict[str, Any]:
    """The next line as the poet writes it, on keywords or freely, as the body of an event; raises EngineTrouble."""
    poem = await _cook(house, _recipe(house, verse, "", as_written=_insisted(verse), keywords=keywords))
    return {"text": poem.lines[len(verse.lines)], "by": POET, "insisted": False}


async def finish(house: House, verse: Verse) -> dict[str, Any]:
    """The whole poem read through by the network: its recipe, rhyme and probability; raises EngineTrouble."""
    recipe = _recipe(house, verse, "", as_written=_insisted(verse))
    poem = await _cook(house, recipe)
    return {"recipe": recipe.to_json(), "rhyme": poem.rhyme, "logprob": poem.logprob}


def _insisted(verse: Verse) -> bool:
    return any(line.insisted for line in verse.lines)


async def _cook(house: House, recipe: Recipe) -> Poem:
    return cast("Poem", await await_outcome(house, cook(house, recipe)))


def hang(house: House, room: Room, verse: Verse, visitor: Visitor, title: str, signature: str) -> WorkRecord:
    """Hangs the finished poem, once, with who wrote which line; raises NotFinished and what `create.save` raises."""
    if verse.poem is None:
        raise errors.NotFinished()
    check_hanging(house, visitor)
    lines = tuple(line.text for line in verse.lines)
    poem = Poem(verse.form, lines, verse.poem["rhyme"], verse.poem["logprob"])
    recipe = Recipe.from_json(verse.poem["recipe"])
    draft = Draft(f"room-{room.code}", "", "poem", recipe, poem, house.clock())
    house_name = house.texts.say("rooms.poet", house.settings.language)
    hands = [Hand(room.named(line.by) or house_name, line.by == POET) for line in verse.lines]
    return hang_draft(house, draft, visitor, check_title(title), check_signature(signature), hands)
