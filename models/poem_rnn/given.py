"""What a visitor fixes of a poem before it is written: a first line, an acrostic, any character at any place.

A poem's given characters are its lines with □ where the poet is to write. `lay_out` makes them from wishes; `fit` says
which openings and rhyme groups they leave possible, and with which marks, freedoms of tone included; `refuse` names the
first character that leaves none. A character of two readings is given the benefit of the doubt. Nothing is repaired: a
line that keeps no pattern is refused, unless the visitor says that it stays as it is (`as_written`), and then the plan
is the one that it fits best. 词 have patterns of their own (tuning.py). Pure, without torch; the network's vocabulary
is wishes.py's to check.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.poem_rnn.forms import WRITTEN, sizes
from models.poem_rnn.modern import book_of
from models.poem_rnn.prosody import FIRST_COUPLETS, FORMS, RhymeBook, akin, fits, pattern, variants
from models.recipe import UnknownInput

BLANK = "□"
Given = tuple[str, ...]  # a string a line, BLANK where nothing is given


@dataclass(frozen=True)
class Fit:
    """What one opening makes of given characters. marks: a string a line; groups: names of possible rhyme groups;
    misfits: how many given characters break the pattern or the rhyme, 0 unless they stay as written."""

    marks: tuple[str, ...]
    groups: tuple[str, ...]
    misfits: int = 0


def nothing(form: str) -> Given:
    """Nothing given.

    >>> nothing("五绝")[0]
    '□□□□□'
    """
    return tuple(BLANK * size for size in sizes(form))


def lay_out(form: str, first: str = "", heads: str = "", tails: str = "") -> Given:
    """A first line, first characters (藏头) and last characters (藏尾) as given characters; raises UnknownInput.

    >>> lay_out("五绝", heads="春夏秋冬", first="春眠不觉晓")
    ('春眠不觉晓', '夏□□□□', '秋□□□□', '冬□□□□')
    """
    lines, rows = len(sizes(form)), [list(row) for row in nothing(form)]
    for name, text in (("heads", heads), ("tails", tails)):
        if len(text) > lines:
            raise UnknownInput(
                f"{name} {text!r}: {form} has {lines} lines, these are {len(text)} characters; give {lines} at most",
                why=f"long_{name}",
                form=form,
                count=len(text),
                most=lines,
            )
    wished = [(0, column, character) for column, character in enumerate(check_line(form, first, 0))]
    wished += [(line, 0, character) for line, character in enumerate(heads)]
    wished += [(line, sizes(form)[line] - 1, character) for line, character in enumerate(tails)]
    for line, column, character in wished:
        _put(rows, line, column, character)
    return tuple("".join(row) for row in rows)


def check_line(form: str, text: str, line: int) -> str:
    """The text if it is empty or as long as that line of the form (from 0); raises UnknownInput."""
    width = sizes(form)[line]
    if len(text) not in (0, width):
        raise UnknownInput(
            f"line {line + 1} {text!r}: this line of {form} has {width} characters, this one {len(text)}; "
            f"write {BLANK} for what the poet is to write",
            why="line_length",
            form=form,
            line=line + 1,
            text=text,
            count=len(text),
            most=width,
        )
    return text


def _put(rows: list[list[str]], line: int, column: int, character: str) -> None:
    before = rows[line][column]
    if BLANK not in (before, character) and before != character:
        raise UnknownInput(
            f"line {line + 1}, character {column + 1}: {before!r} and {character!r} are both wished for; keep one",
            why="two_wishes",
            line=line + 1,
            column=column + 1,
            one=before,
            other=character,
        )
    rows[line][column] = before if character == BLANK else character


def overlay(form: str, *layers: Sequence[str]) -> Given:
    """Several layers of given characters as one; raises UnknownInput where two differ at a place.

    A form without a size of its own (对联) is as large as the first layer.
    """
    empty = nothing(form) if form in WRITTEN else tuple(BLANK * len(line) for line in (*layers, ())[0])
    rows = [list(row) for row in empty]
    for layer in layers:
        for line, text in enumerate(layer):
            for column, character in enumerate(text):
                _put(rows, line, column, character)
    return tuple("".join(row) for row in rows)


def fit(
    form: str,
    given: Given,
    rhyme: str | None,
    opening: str | None,
    as_written: bool = False,
    rhymes: str | None = None,
) -> dict[str, Fit]:
    """The openings (AB, CD, DB, BD) that the given characters leave possible, each with what it makes of them.

    >>> sorted(fit("五绝", ("床前明月光", *nothing("五绝")[1:]), None, None))
    ['BD']
    """
    found, book = {}, book_of(rhymes).within(given)
    for couplet in FIRST_COUPLETS if opening is None else (opening,):
        kinds = pattern(couplet, len(given))
        marks, misfits = _marks(given, kinds, as_written, book)
        groups, astray = _groups(given, kinds, rhyme, as_written, book)
        if marks and groups:
            found[couplet] = Fit(marks, groups, misfits + astray)
    least = min((one.misfits for one in found.values()), default=0)
    return {couplet: one for couplet, one in found.items() if one.misfits == least}


def _marks(given: Given, kinds: str, as_written: bool, book: RhymeBook) -> tuple[tuple[str, ...], int]:
    """(marks, misfits) of every line, in the first variant that fits; no marks where a line fits none."""
    marks, misfits, owed = [], 0, False
    for n, (text, kind) in enumerate(zip(given, kinds, strict=True)):
        ways = [
            (_misfits(text, way, kind, book), way, v.owes)
            for v in variants(len(text), kind)
            if (way := _paid(v.marks, owed))
        ]
        ways = [way for way in ways if not (way[2] and n % 2)]
        best = min(ways, key=lambda way: way[0], default=None)
        if best is None or (best[0] and not as_written):
            return (), 0
        marks.append(best[1])
        misfits, owed = misfits + best[0], best[2]
    return tuple(marks), misfits


def _paid(marks: str, owed: bool) -> str:
    """The marks with a level third from the end, where that is owed; "" where they cannot have one."""
    if not owed:
        return marks
    return "" if marks[-3] == "仄" else f"{marks[:-3]}平{marks[-2:]}"


def _misfits(text: str, marks: str, kind: str, book: RhymeBook) -> int:
    """How many given characters have the other tone than their mark; the ends of rhyming lines are judged as rhymes."""
    count = len(text) - (kind in "BD")
    return sum(c != BLANK and not fits(book.tone(c), mark) for c, mark in zip(text[:count], marks, strict=False))


def _groups(
    given: Given, kinds: str, rhyme: str | None, as_written: bool, book: RhymeBook
) -> tuple[tuple[str, ...], int]:
    """(possible rhyme groups, given rhymes astray). The first line may borrow from a neighbouring group, if it must."""
    ends = {n: given[n][-1] for n, kind in enumerate(kinds) if kind in "BD" and given[n][-1] != BLANK}
    open_to = [rhyme] if rhyme else list(book.level)
    astray = {}
    for name in open_to:
        group = book.names.index(name)
        strict = sum(group not in book.groups(end) for end in ends.values())
        borrowed = 0 in ends and group not in book.groups(ends[0]) and bool(book.groups(ends[0]) & akin(group, book))
        astray[name] = strict - 0.5 * borrowed
    least = min(astray.values())
    groups = tuple(name for name in open_to if astray[name] == least)
    return (groups, int(least)) if as_written or least < 1 else ((), 0)


def refuse(form: str, given: Given, rhyme: str | None, opening: str | None, rhymes: str | None = None) -> UnknownInput:
    """Why no plan fits: the first given character that leaves none, whether by its tone or by its rhyme."""
    width, so_far, book = FORMS[form][1], nothing(form), book_of(rhymes).within(given)
    for line, column in places(given):
        before, character = so_far, given[line][column]
        so_far = overlay(form, so_far, _alone(form, line, column, character))
        if fit(form, so_far, rhyme, opening, rhymes=rhymes):
            continue
        still = fit(form, before, rhyme, opening, rhymes=rhymes)
        if column == width - 1 and (line % 2 or (line == 0 and not {"DB", "BD"}.isdisjoint(still))):
            return _off_rhyme(line, character, {name for one in still.values() for name in one.groups}, book)
        return off_tone(line, column, character, book)
    raise AssertionError("a plan fits after all")


def _off_rhyme(line: int, character: str, left: set[str], book: RhymeBook) -> UnknownInput:
    between = "、" if book.one_reading else ""  # names of several characters
    own = between.join(book.names[group] for group in sorted(book.groups(character)) if book.tones[group] == "平")
    if not own:
        return UnknownInput(
            f"line {line + 1} ends in {character!r}, which is oblique, and a rhyme is level; give another, or {BLANK}",
            why="oblique_rhyme",
            line=line + 1,
            character=character,
        )
    wanted = between.join(name for name in book.level if name in left)
    return UnknownInput(
        f"line {line + 1} ends in {character!r} of group {own}, and the others leave {wanted}; give another or {BLANK}",
        why="off_rhyme",
        line=line + 1,
        character=character,
        own=own,
        wanted=wanted,
    )


def off_tone(line: int, column: int, character: str, book: RhymeBook) -> UnknownInput:
    """Why the character cannot stand there: its tone is the other one."""
    tone = book.tone(character)
    own, wanted = ("level", "oblique") if tone == "平" else ("oblique", "level")
    return UnknownInput(
        f"line {line + 1}, character {column + 1}: {character!r} is {own}, and every pattern that those before it "
        f"leave wants {wanted} there; give another or {BLANK}, or keep it as it is",
        why="off_tone_level" if tone == "平" else "off_tone_oblique",
        line=line + 1,
        column=column + 1,
        character=character,
    )


def places(given: Given) -> Iterable[tuple[int, int]]:
    """Where characters are given: (line, column), from 0."""
    return ((line, c) for line, text in enumerate(given) for c, character in enumerate(text) if character != BLANK)


def _alone(form: str, line: int, column: int, character: str) -> Given:
    width = FORMS[form][1]
    rows = list(nothing(form))
    rows[line] = BLANK * column + character + BLANK * (width - column - 1)
    return tuple(rows)
