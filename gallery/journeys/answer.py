"""Answer: a poem in reply to one on the wall, as poets do, on its rhyme (和韵) or on its very rhyme words (次韵).

An answer is an ordinary wish for a poem (compose.py) with the rhyme, or the rhyme words, taken from the poem that is
answered, and with that poem as its parent; the server takes them from the wall and never from the page. Forms may
differ in length of line; on the same words they must have as many lines. Between regulated verse and 词 the rhyme is
that part of 词林正韵, or that group of 平水韵, in which most of the rhyme words are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from db import WorkRecord
from gallery import errors
from gallery.journeys import House, browse
from gallery.journeys.compose import WriteRequest
from models.poem_rnn.cilin import part_of, title
from models.poem_rnn.cipai import TUNES, tune
from models.poem_rnn.forms import WRITTEN, sizes
from models.poem_rnn.given import BLANK, Given, overlay
from models.poem_rnn.modern import book_of, book_with
from models.poem_rnn.prosody import rhyme_book, rhyme_of
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
    rhyme = rhyme_for(call, request.form)
    rhymes = book_with(rhyme)
    if request.rhyme not in (None, rhyme) or request.rhymes not in (None, rhymes):
        raise errors.OtherRhyme(str(request.rhyme or request.rhymes), rhyme)
    answer = replace(request, rhyme=rhyme, rhymes=rhymes, parents=((call.id, "answered"),))
    if way == "rhyme" or request.form not in WRITTEN:
        return answer
    if len(sizes(request.form)) != len(call.verse):
        raise errors.OtherLength(len(call.verse), len(sizes(request.form)))
    try:
        return replace(answer, given=overlay(request.form, request.given, rhyme_words(call, request.form)))
    except UnknownInput as error:
        values = error.values
        raise errors.TwoWishes(values["line"], values["column"], values["one"], values["other"]) from error  # type: ignore[arg-type]


def rhyme_words(call: WorkRecord, form: str) -> Given:
    """The rhyme words of a poem where they stand in a poem of that form, □ elsewhere; the first line's if it rhymes."""
    ends = [simplify(line)[-1] for line in call.verse]
    told = set(_rhyming(call)) & set(_places(form) if form in TUNES else range(len(ends)))
    return tuple(
        BLANK * (width - 1) + (end if n in told else BLANK)
        for n, (end, width) in enumerate(zip(ends, sizes(form), strict=True))
    )


def rhyme_for(call: WorkRecord, form: str) -> str:
    """The rhyme of a poem as a wish for that form names it; raises ObliqueRhyme where regulated verse has none such."""
    own = simplify(call.rhyme or "")
    if (call.form in TUNES) == (form in TUNES):
        return own
    ends = {n: simplify(call.verse[n])[-1] for n in _rhyming(call)}
    if form in TUNES:
        part = part_of(ends.values(), "平")
        return own if part is None else title(part)
    book = rhyme_book()
    for letter in dict.fromkeys(filter(None, tune(call.form or "").rhymes)):
        own_ends = [ends[n] for n in _places(call.form or "") if tune(call.form or "").rhymes[n] == letter]
        group = rhyme_of(own_ends, book)
        if group is not None and book.tones[group] == "平":
            return book.names[group]
    last = max(ends)
    raise errors.ObliqueRhyme(last + 1, ends[last])


def _places(form: str) -> list[int]:
    """The lines (from 0) of a tune that rhyme."""
    return [n for n, letter in enumerate(tune(form).rhymes) if letter]


def _rhyming(call: WorkRecord) -> list[int]:
    """The lines (from 0) of a poem that end in its rhyme, or one of them; the first if it rhymes too."""
    if call.form in TUNES:
        return _places(call.form)
    name, lines = simplify(call.rhyme or ""), [simplify(line) for line in call.verse]
    book = book_of(book_with(name)).within(lines)
    rhyme = book.names.index(name)
    return [n for n, line in enumerate(lines) if n % 2 == 1 or (n == 0 and rhyme in book.groups(line[-1]))]
