"""The forms that are written: the four regulated ones and the tunes of 词; their lines, and how they are set out.

A poem is known again by the lengths of its lines, so that whoever draws one needs its lines alone: `columns` says which
lines stand in one column and where a stanza ends. A long 词 has a sentence in a column, as the old prints have it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from models.poem_rnn.cipai import TUNES, Tune, tune
from models.poem_rnn.prosody import FORMS

WRITTEN = (*FORMS, *TUNES)
LONGEST = 13  # characters of a sentence that stand in one column of a square sheet
MOST_COLUMNS = 12  # a poem of more lines has a sentence in a column
BLANK_SPACE = "\u3000"


def sizes(form: str) -> tuple[int, ...]:
    """How many characters each line of the form has.

    >>> sizes("五绝"), sizes("忆江南")
    ((5, 5, 5, 5), (3, 5, 7, 7, 5))
    """
    if form in TUNES:
        return tune(form).lengths
    lines, width = FORMS[form]
    return (width,) * lines


def cut(form: str, text: str) -> tuple[str, ...]:
    """The text, or as much of it as there is, in lines of the form.

    >>> cut("忆江南", "江南好风景旧曾")
    ('江南好', '风景旧曾')
    """
    lines, start = [], 0
    for size in sizes(form):
        lines.append(text[start : start + size])
        start += size
    return tuple(line for line in lines if line)


@cache
def _tune_of(lengths: tuple[int, ...]) -> Tune | None:
    """The tune of lines of these lengths; of more lines than a regulated poem has, their beginning will do."""
    tunes = [tune(name) for name in TUNES]
    begun = (one for one in tunes if len(lengths) > 8 and one.lengths[: len(lengths)] == lengths)
    return next((one for one in tunes if one.lengths == lengths), next(begun, None))


@cache
def breaks(lengths: tuple[int, ...]) -> tuple[int, ...]:
    """The lines (from 0) with which a further stanza begins, in a poem whose lines are of these lengths.

    >>> breaks((7, 7, 5, 5, 5, 5, 5, 5)), breaks((7, 7, 7, 7))
    ((4,), ())
    """
    own = _tune_of(lengths)
    return () if own is None else own.stanzas[1:]


@cache
def _columns(lengths: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    own, starts = _tune_of(lengths), breaks(lengths)
    by_sentences = own is not None and len(own.lengths) > MOST_COLUMNS
    found: list[tuple[int, ...]] = []
    for number in range(len(lengths)):
        if number in starts:
            found.append(())
        if found and found[-1] and by_sentences and own is not None and not own.rhymes[number - 1]:
            found[-1] = (*found[-1], number)
        else:
            found.append((number,))
    return tuple(found)


def columns(lines: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """The numbers of the lines that stand in each column; an empty column between stanzas.

    >>> columns(["江南好", "风景旧曾谙"])
    ((0,), (1,))
    """
    return _columns(tuple(map(len, lines))) if lines else ()


def on_sheet(lines: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """As `columns`, but on a square sheet, where a very long sentence goes on in the next column.

    >>> on_sheet(["明月几时有", "把酒问青天"])
    ((0,), (1,))
    """
    found: list[tuple[int, ...]] = []
    for column in columns(lines):
        found.append(())
        for number in column:
            if found[-1] and len(BLANK_SPACE.join(lines[n] for n in (*found[-1], number))) > LONGEST:
                found.append(())
            found[-1] = (*found[-1], number)
    return tuple(found)


def longest(lines: Sequence[str]) -> int:
    """How many characters, with blanks, the longest column of the sheet has.

    >>> longest(["江南好", "风景旧曾谙"]), longest([])
    (5, 0)
    """
    written = (BLANK_SPACE.join(lines[number] for number in column) for column in on_sheet(lines))
    return max(map(len, written), default=0)


def is_wide(form: str) -> bool:
    """Whether the form fills a small sheet with characters too small to read: a tune of many columns.

    >>> is_wide("七律"), is_wide("如梦令"), is_wide("蝶恋花")
    (False, False, True)
    """
    return form in TUNES and len(on_sheet(["字" * size for size in sizes(form)])) > 8


def set_out(lines: Sequence[str]) -> tuple[str, ...]:
    """The columns as they are written, from the right: "" between stanzas, a blank between lines of one column.

    >>> set_out(["床前明月光", "疑是地上霜"])
    ('床前明月光', '疑是地上霜')
    """
    return tuple(BLANK_SPACE.join(lines[number] for number in column) for column in columns(lines))


def stanzas(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines, with an empty one between stanzas.

    >>> stanzas(["江南好", "风景旧曾谙"])
    ('江南好', '风景旧曾谙')
    """
    starts = breaks(tuple(map(len, lines)))
    return tuple(text for n, line in enumerate(lines) for text in (["", line] if n in starts else [line]))
