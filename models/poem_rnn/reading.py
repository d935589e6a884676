"""Reads any verse that is pasted: its lines, its form by its shape, tones and rhyme groups of every character, faults.

The form is one of regulated verse or the tune of a 词 (judging_tunes.py), whose lines are then those of its standard
body, wherever the text cuts them.

Punctuation and line breaks separate lines; notes in brackets and, where the rest is then a form, up to three rows
before the verse (title, author) are set aside and named, never dropped in silence. Traditional characters are looked up
by their simplified form and kept as they are written; □ and ○ stand for a character still to be written. What the rules
say of the lines is judging.py's. The books of rhymes are in simplified script, so what it says of 后 it says of 後 too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile

from models.poem_rnn.cipai import TUNES, Tune, tune
from models.poem_rnn.forms import sizes
from models.poem_rnn.judging import ALLOWED, RULES, Finding, Judgement, judge
from models.poem_rnn.judging_tunes import find_tune, judge_tune, part_title, parts_by, rhyming
from models.poem_rnn.modern import book_of
from models.poem_rnn.prosody import FORMS, RhymeBook

MOST = 1200  # characters of a text that is read
BLANKS = "□○"
_NAMES = {2: "联", 4: "绝", 8: "律"}
_HEADING_ROWS = 3
_NOTE = re.compile(r"[（(［\[【〔][^）)］\]】〕]*[）)］\]】〕]")
_STOP = re.compile(r"[，。！？；,.!?;]")
_HAN = re.compile(r"[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


class NotVerse(ValueError):
    """A text that cannot be read as verse; the message says what to do."""


class NoVerse(NotVerse):
    """There is no Chinese character in it."""


class TooLong(NotVerse):
    """It has more than MOST characters."""


@dataclass(frozen=True)
class Glyph:
    """One character. simple: as it is looked up; tone: 平 仄 两 ？; groups: its rhyme groups by their full names.

    mark: what the pattern wants, 平 仄 ○, or "" where there is no pattern; rhymes: it stands at a rhyme and keeps it.
    """

    character: str
    simple: str
    tone: str
    groups: tuple[str, ...]
    mark: str = ""
    rhymes: bool = False


@dataclass(frozen=True)
class Line:
    """A line of verse. kind: A B C D, or "" where it is not of five or seven characters."""

    glyphs: tuple[Glyph, ...]
    kind: str = ""

    @property
    def text(self) -> str:
        """The line as it is written."""
        return "".join(glyph.character for glyph in self.glyphs)


@dataclass(frozen=True)
class Reading:
    """What there is to say of a verse.

    form: 五绝 七绝 五律 七律, 五言排律, 七言联 and so on, a tune of cipai.py, or "" for another shape; rhyme: the full
    name of its group (of a 词 the part of its first rhyme) or ""; stanzas: the lines (from 0) with which further ones
    begin; heading, notes: what was set aside. verdict: regular (no fault), irregular, old (rhymes oblique, or most
    lines keep no pattern), shapeless (its lines are not of one length of five or seven, so that tones alone are said).
    """

    form: str
    rhyme: str
    lines: tuple[Line, ...]
    faults: tuple[Finding, ...]
    freedoms: tuple[Finding, ...]
    verdict: str
    heading: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    stanzas: tuple[int, ...] = ()


@cache
def _converter() -> object:
    from opencc import OpenCC  # imported when it is first needed: a tenth of a second, and few visitors check verse

    return OpenCC("t2s")


def simplify(text: str) -> str:
    """The text in simplified characters, one for one; 々 is the character before it again.

    >>> simplify("風急天高猿嘯哀"), simplify("年々歲々")
    ('风急天高猿啸哀', '年年岁岁')
    """
    convert = _converter().convert  # type: ignore[attr-defined]
    found = convert(text)
    if len(found) != len(text):
        found = "".join(convert(character)[:1] or character for character in text)
    repeated = [found[i - 1] if character == "々" and i else character for i, character in enumerate(found)]
    return "".join(repeated)


def read_verse(text: str, rhymes: str | None = None) -> Reading:
    """The reading of a pasted text, by 平水韵 or by 中华新韵 (modern.py); raises NoVerse or TooLong.

    >>> reading = read_verse("白日依山盡，黃河入海流。欲窮千里目，更上一層樓。")
    >>> reading.form, reading.rhyme, reading.verdict, [line.kind for line in reading.lines]
    ('五绝', '下平十一尤', 'regular', ['A', 'B', 'C', 'D'])
    """
    if len(text) > MOST:
        raise TooLong(f"the text has {len(text)} characters; give {MOST} at most")
    if not _HAN.search(text):
        raise NoVerse("there is no Chinese character in the text; give a poem")
    notes = tuple(_NOTE.findall(text))
    rows = [_lines_of(row) for row in _NOTE.sub("", text).splitlines()]
    stops = [bool(_STOP.search(row)) for row in _NOTE.sub("", text).splitlines()]
    heading, lines = _set_heading_aside([(row, stop) for row, stop in zip(rows, stops, strict=True) if row])
    if not lines:
        raise NoVerse("there is no Chinese character outside brackets; give a poem")
    return _read(lines, heading, notes, book_of(rhymes))


def is_han(character: str) -> bool:
    """Whether it is a Chinese character.

    >>> is_han("诗"), is_han("x"), is_han("□")
    (True, False, False)
    """
    return _HAN.fullmatch(character) is not None


def _lines_of(row: str) -> list[str]:
    """The row cut at punctuation and blanks, with what cannot be seen left out; symbols and letters stay in."""
    row = "".join(c for c in row if c in " \t" or unicodedata.category(c) not in {"Cf", "Mn", "Me", "Cc", "Cs"})
    cut = "".join(" " if unicodedata.category(c)[0] in "PZ" and c not in BLANKS else c for c in row)
    return cut.split()


def _set_heading_aside(rows: Sequence[tuple[list[str], bool]]) -> tuple[tuple[str, ...], list[str]]:
    """(rows before the verse, lines of the verse): none before it unless the verse is then a form and not otherwise."""
    everything = [line for row, _ in rows for line in row]
    plain = len(list(takewhile(lambda row: not row[1], rows)))
    if rows and any(name in simplify("".join(rows[0][0])) for name in TUNES):
        plain = len(rows)  # a preface may follow
    for count in range(min(_HEADING_ROWS, plain, len(rows) - 1) + 1):
        rest = [line for row, _ in rows[count:] for line in row]
        above = tuple(" ".join(row) for row, _ in rows[:count])
        if (form_of(rest) or _tune_of(rest, above)) and (count == 0 or len(rest) > 2):
            return above, rest
    return (), everything


def form_of(lines: Sequence[str]) -> str:
    """The form by the number of lines and of characters a line, or "".

    >>> form_of(["白日依山尽", "黄河入海流"]), form_of(["白日依山尽"])
    ('五言联', '')
    """
    widths = {len(line) for line in lines}
    if len(widths) != 1 or not widths <= {5, 7} or len(lines) % 2 or not lines:
        return ""
    width = "五" if widths == {5} else "七"
    name = _NAMES.get(len(lines), "排律")
    return width + name if width + name in FORMS else f"{width}言{name}"


def _tune_of(lines: Sequence[str], heading: Sequence[str]) -> Tune | None:
    return find_tune([simplify(line) for line in lines], [simplify(row) for row in heading])


def _read(lines: Sequence[str], heading: tuple[str, ...], notes: tuple[str, ...], book: RhymeBook) -> Reading:
    if own := _tune_of(lines, heading):
        return _read_tune(own, lines, heading, notes, book)
    simple, form = [simplify(line) for line in lines], form_of(lines)
    even = len({len(line) for line in lines}) == 1 and len(lines[0]) in (5, 7)
    found = judge(simple, book) if even else Judgement("", (), None, (), ())
    book = book.within(simple)
    faults = (*_odd_ones(lines), *(() if form else _shape(lines)), *_as_written(found.faults, lines))
    return Reading(
        form=form,
        rhyme="" if found.rhyme is None else book.title(found.rhyme),
        lines=tuple(_line(n, line, simple[n], found, book) for n, line in enumerate(lines)),
        faults=faults,
        freedoms=tuple(_as_written(found.freedoms, lines)),
        verdict=_verdict(faults, len(lines)) if even else "shapeless",
        heading=heading,
        notes=notes,
    )


def _read_tune(
    own: Tune, cut: Sequence[str], heading: tuple[str, ...], notes: tuple[str, ...], book: RhymeBook
) -> Reading:
    lines = [line for body in own.bodies(cut) for line in body]
    simple = [simplify(line) for line in lines]
    book = book.within(simple)
    found, kept = judge_tune(simple, own, book), rhyming(own, simple, book)
    faults = (*_odd_ones(lines), *_as_written(found.faults, lines))
    starts = {start + n for n in range(0, len(lines), len(own.marks)) for start in own.stanzas}
    return Reading(
        form=own.name,
        rhyme="" if found.rhyme is None else part_title(found.rhyme, book),
        lines=tuple(
            _sung(line, plain, marks, n in kept, book)
            for n, (line, plain, marks) in enumerate(zip(lines, simple, found.marks, strict=True))
        ),
        faults=faults,
        freedoms=(),
        verdict="irregular" if faults else "regular",
        heading=heading,
        notes=notes,
        stanzas=tuple(sorted(starts - {0})),
    )


def _sung(line: str, simple: str, marks: str, rhymes: bool, book: RhymeBook) -> Line:
    """A line of a 词; the groups of its characters are the parts in which 词 rhyme."""
    parts = [tuple(part_title(part, book) for part in sorted(parts_by(book)(character))) for character in simple]
    glyphs = [
        Glyph(written, plain, book.tone(plain), groups, mark)
        for written, plain, groups, mark in zip(line, simple, parts, marks, strict=True)
    ]
    glyphs[-1] = replace(glyphs[-1], rhymes=rhymes)
    return Line(tuple(glyphs))


def _as_written(found: Sequence[Finding], lines: Sequence[str]) -> list[Finding]:
    """The findings in the characters of the text, which may be traditional."""
    return [replace(one, what="".join(lines[one.line - 1][column - 1] for column in one.columns)) for one in found]


def _line(n: int, line: str, simple: str, found: Judgement, book: RhymeBook) -> Line:
    marks = found.marks[n] if found.marks else [""] * len(line)
    glyphs = [_glyph(written, plain, mark, book) for written, plain, mark in zip(line, simple, marks, strict=True)]
    stands_at_rhyme = bool(found.kinds) and (n % 2 == 1 or (n == 0 and found.kinds[0] in "BD"))
    if stands_at_rhyme and found.rhyme in book.groups(simple[-1]):
        glyphs[-1] = replace(glyphs[-1], rhymes=True)
    return Line(tuple(glyphs), found.kinds[n] if found.kinds else "")


def _glyph(written: str, plain: str, mark: str, book: RhymeBook) -> Glyph:
    groups = tuple(book.title(group) for group in sorted(book.groups(plain)))
    return Glyph(character=written, simple=plain, tone=book.tone(plain), groups=groups, mark=mark)


def _odd_ones(lines: Sequence[str]) -> list[Finding]:
    """Letters, digits, emoji: whatever is neither a Chinese character nor a mark for one."""
    found = []
    for n, line in enumerate(lines):
        odd = [i for i, character in enumerate(line) if character not in BLANKS + "々" and not is_han(character)]
        if odd:
            found.append(Finding("foreign", n + 1, tuple(i + 1 for i in odd), "".join(line[i] for i in odd)))
    return found


def _shape(lines: Sequence[str]) -> list[Finding]:
    """One fault for the whole, at the first line that is not as long as most, or at the last of an odd number."""
    lengths = [len(line) for line in lines]
    usual = max(sorted(set(lengths)), key=lengths.count)
    n = next((n for n, length in enumerate(lengths) if length != usual), len(lines) - 1)
    return [Finding("shape", n + 1, tuple(range(1, lengths[n] + 1)), lines[n])]


def _verdict(faults: Sequence[Finding], lines: int) -> str:
    if not faults:
        return "regular"
    astray = {fault.line for fault in faults if fault.rule in ("tones", "not opposed", "not adhering", "three levels")}
    old = any(fault.rule == "oblique rhyme" for fault in faults) or 2 * len(astray) > lines
    return "old" if old else "irregular"


def check(lines: Sequence[str], form: str, rhymes: str | None = None) -> list[Finding]:
    """Every rule that a poem of that form breaks, in simplified script; an empty list means that none was found."""
    if tuple(map(len, lines)) != sizes(form):
        return _shape(lines or [""])
    if form in TUNES:
        return list(judge_tune(lines, tune(form), book_of(rhymes).within(lines)).faults)
    return list(judge(lines, book_of(rhymes)).faults)


def in_words(reading: Reading) -> list[str]:
    """The reading as lines of plain English text, for the command line.

    >>> in_words(read_verse("白日依山尽，黄河入海流。欲穷千里目，更上高层楼。"))[-1]
    'fault, line 4, 高层楼: 三平尾: a line ends in three level characters'
    """
    told = [f"{reading.form or 'no form'} · rhyme {reading.rhyme or '-'} · {reading.verdict}"]
    told += [f"set aside: {text}" for text in (*reading.heading, *reading.notes)]
    for number, line in enumerate(reading.lines):
        told += [""] if number in reading.stanzas else []
        tones = "".join(glyph.tone for glyph in line.glyphs)
        told.append(f"{line.text}  {tones}  {line.kind or '-'}  {' '.join(line.glyphs[-1].groups) or '-'}")
    told += [f"fault, line {one.line}, {one.what}: {RULES[one.rule]}" for one in reading.faults]
    return told + [f"allowed, line {one.line}, {one.what}: {ALLOWED[one.rule]}" for one in reading.freedoms]
