"""Answer: a poem in reply to one on the wall, as poets do, on its rhyme (和韵) or on its very rhyme words (次韵).

An answer is an ordinary wish for a poem (compose.py) with the rhyme, or the rhyme words, taken from the poem that is
answered, and with that poem as its parent; the server takes them from the wall and never from the page. Forms may
differ in length of line; on the same words they must have as many lines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from db import WorkRecord
from gallery import errors
from gallery.journeys import House, browse
from gallery.journeys.compose import WriteRequest
from models.poem_rnn.given import BLANK, Given, overlay
from models.poem_rnn.prosody import FORMS, rhyme_book
from models.poem_rnn.reading import simplify
from models.recipe import UnknownInput

Way = Literal["rhyme", "words"]
WAYS: tuple[Way, ...] = ("rhyme", "words")


def read_way(text: str | None) -> Way:
    """A way of answering by its name; the freer one for anything else."""
    return "words" if text == "words" else "rhyme"


def find_call(house: House, work_id: object) -> WorkRecord:
    """The poem on the wall, or on a scroll there, that is to be answered; raises NoSuchWork, NotAPoem."""
    work = browse.look(house, work_id).work
    if work.kind == "painting":
        raise errors.NotAPoem(work.id)
    return work


def answering(house: House, request: WriteRequest, work_id: object, way: Way) -> WriteRequest:
    """The wish as an answer to that work; raises NoSuchWork, NotAPoem, OtherRhyme, OtherLength, TwoWishes."""
    call = find_call(house, work_id)
    rhyme = simplify(call.rhyme or "")
    if request.rhyme not in (None, rhyme):
        raise errors.OtherRhyme(str(request.rhyme), rhyme)
    answer = replace(request, rhyme=rhyme, parents=((call.id, "answered"),))
    if way == "rhyme" or request.form not in FORMS:
        return answer
    if FORMS[request.form][0] != len(call.verse):
        raise errors.OtherLength(len(call.verse), FORMS[request.form][0])
    try:
        return replace(answer, given=overlay(request.form, request.given, rhyme_words(call, request.form)))
    except UnknownInput as error:
        values = error.values
        raise errors.TwoWishes(values["line"], values["column"], values["one"], values["other"]) from error  # type: ignore[arg-type]


def rhyme_words(call: WorkRecord, form: str) -> Given:
    """The rhyme words of a poem where they stand in a poem of that form, □ elsewhere; the first line's if it rhymes."""
    book, width = rhyme_book(), FORMS[form][1]
    rhyme = book.names.index(simplify(call.rhyme or ""))
    ends = [simplify(line[-1]) for line in call.verse]
    rhyming = [n % 2 == 1 or (n == 0 and rhyme in book.groups(end)) for n, end in enumerate(ends)]
    return tuple(BLANK * (width - 1) + (end if told else BLANK) for end, told in zip(ends, rhyming, strict=True))
