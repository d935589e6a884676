"""Judges lines of five or seven: which pattern they come nearest to, and which character breaks which rule.

The types of the lines are found together (Viterbi 1967): of all ways to give each line a type and a variant, the one
with the least to complain of, where a character of the wrong tone weighs as much as a couplet that is not opposed or
does not adhere, and a freedom weighs a little. So one slip is one fault at one place, and verse that strays at its
third line (失粘) is not called wrong from there on. Couplets of oblique rhyme are judged the other way round, their
odd lines ending level. Any number of lines is judged; what shape they have is reading.py's to say.
Source: 王力, 诗词格律, chapter 2, for the rules; which of them a fault belongs to is decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from models.poem_rnn.prosody import FREEDOMS, SECOND_TONE, RhymeBook, Variant, akin, fits, rhyme_book, variants

RULES = {
    "shape": "the lines are not those of a form: an even number of five or of seven characters, or those of a tune",
    "foreign": "not a Chinese character",
    "line twice": "the same line stands twice",
    "off rhyme": "出韵: a line does not rhyme with the others that it should rhyme with",
    "not repeated": "不叠: the tune repeats the line before, and this line does not",
    "neighbouring rhyme": "通押: an even line ends in a group akin to the others', which strict verse keeps apart",
    "oblique rhyme": "仄韵: the even lines rhyme on an oblique group, as in old-style verse",
    "rhyme word twice": "重韵: two even lines end in the same character",
    "first line off rhyme": "the first line ends level but in no group akin to the poem's",
    "level end": "an odd line after the first ends level, where only rhymes do",
    "oblique end": "an even line ends oblique, where the rhyme is level",
    "lonely level": "孤平: a line that ends level has one other level character only",
    "three levels": "三平尾: a line ends in three level characters",
    "not made good": "拗而不救: a line turned at its second place from the end, and the next does not make it good",
    "tones": "拗: the character has the other tone than the pattern",
    "not opposed": "失对: the two lines of a couplet are not opposed at their second character",
    "not adhering": "失粘: a couplet does not adhere, at its second character, to the one before",
}
_LINK = 0.9  # a little less than a wrong tone: two couplets out of joint rather than two wrong tones
_UNPAID = 0.95
_FREEDOM = {"": 0.0, "three obliques": 0.02, "turned and mended": 0.02}  # others .01; a whole poem of them: no fault


@dataclass(frozen=True)
class Finding:
    """A broken rule or a freedom taken. rule: a key of RULES or FREEDOMS; line, columns: where, counted from 1."""

    rule: str
    line: int
    columns: tuple[int, ...]
    what: str


@dataclass(frozen=True)
class Judgement:
    """kinds, marks: the type and the pattern of every line; rhyme: number of the group, or None."""

    kinds: str
    marks: tuple[str, ...]
    rhyme: int | None
    faults: tuple[Finding, ...]
    freedoms: tuple[Finding, ...]


@dataclass(frozen=True)
class _Way:
    """A variant for every line so far, what there is to complain of, in all."""

    cost: float
    chosen: tuple[Variant, ...]


def judge(lines: Sequence[str], book: RhymeBook | None = None) -> Judgement:
    """What the rules say of lines of five or of seven characters, all of one length, in simplified script; by 平水韵,
    or by another book.

    >>> judge(["白日依山尽", "黄河入海流", "欲穷千里目", "更上高层楼"]).faults
    (Finding(rule='three levels', line=4, columns=(3, 4, 5), what='高层楼'),)
    """
    book = (book or rhyme_book()).within(lines)
    tones = [[book.tone(character) for character in line] for line in lines]
    oblique = _rhymes_oblique(lines, book)
    way = _best_way(tones, oblique)
    rhyme, rhyme_faults = _rhyme_findings(lines, oblique, book)
    ended = {(fault.line, column) for fault in rhyme_faults for column in fault.columns}
    tone_faults = [fault for fault in _tone_findings(lines, tones, way, oblique) if not _told(fault, ended)]
    return Judgement(
        kinds="".join(variant.kind for variant in way),
        marks=tuple(variant.marks for variant in way),
        rhyme=rhyme,
        faults=(*_lines_twice(lines), *rhyme_faults, *tone_faults),
        freedoms=(*_freedoms(lines, way), *_borrowed(lines, rhyme, oblique, book)),
    )


def _told(fault: Finding, ended: set[tuple[int, int]]) -> bool:
    """Whether a wrong end has been told already, as a fault of the rhyme."""
    return fault.rule == "oblique end" and (fault.line, fault.columns[0]) in ended


def _rhymes_oblique(lines: Sequence[str], book: RhymeBook) -> bool:
    """Whether most of the even lines end oblique, as in old-style verse."""
    ends = [book.tone(line[-1]) for line in lines[1::2]]
    return 2 * ends.count("仄") > len(ends)


def _best_way(tones: Sequence[Sequence[str]], oblique: bool) -> tuple[Variant, ...]:
    """A variant for every line, least to complain of in all; of equals, the first in the order A B C D."""
    ways = [_Way(0.0, ())]
    for n, line in enumerate(tones):
        found = [_follow(way, variant, line, n, oblique) for variant in _open_to(len(line)) for way in ways]
        best: dict[Variant, _Way] = {}
        for way in found:
            own = best.setdefault(way.chosen[-1], way)
            if way.cost < own.cost - 1e-9:
                best[way.chosen[-1]] = way
        ways = list(best.values())
    return min(ways, key=lambda way: round(way.cost, 6)).chosen


def _open_to(width: int) -> list[Variant]:
    return [variant for kind in "ABCD" for variant in variants(width, kind)]


def _follow(way: _Way, variant: Variant, tones: Sequence[str], n: int, oblique: bool) -> _Way:
    cost = way.cost + len(_misfits(tones, variant)) + _FREEDOM.get(variant.freedom, 0.01)
    cost += 1.5 * (variant.kind not in _ends_allowed(n, oblique))
    cost += variant.owes and n % 2  # the next line is not of the same couplet
    if way.chosen:
        cost += _LINK * (not _linked(way.chosen[-1], variant, n))
        cost += _UNPAID * (way.chosen[-1].owes and not _pays(tones))
    return _Way(cost, (*way.chosen, variant))


def _ends_allowed(n: int, oblique: bool) -> str:
    """The types that may stand at line n by their ends: even lines rhyme, the first may, the other odd ones do not."""
    if n == 0:
        return "ABCD"
    return "BD" if (n % 2 == 1) is not oblique else "AC"


def _linked(before: Variant, variant: Variant, n: int) -> bool:
    """Opposed to the line before within a couplet; between couplets the same, at the second character."""
    same = SECOND_TONE[before.kind] == SECOND_TONE[variant.kind]
    return same is (n % 2 == 0)


def _pays(tones: Sequence[str]) -> bool:
    return tones[-3] != "仄"


def _misfits(tones: Sequence[str], variant: Variant) -> list[int]:
    """The columns whose tone is not the variant's."""
    return [i for i, (tone, mark) in enumerate(zip(tones, variant.marks, strict=True)) if not fits(tone, mark)]


def _tone_findings(
    lines: Sequence[str], tones: Sequence[Sequence[str]], way: Sequence[Variant], oblique: bool
) -> list[Finding]:
    faults = []
    for n, (line, own, variant) in enumerate(zip(lines, tones, way, strict=True)):
        faults += _line_findings(line, own, variant, n, oblique)
        if variant.owes and not (n + 1 < len(lines) and _pays(tones[n + 1])):
            faults.append(_at("not made good", n, line, [len(line) - 2]))
        if n and not _linked(way[n - 1], variant, n):
            faults.append(_at("not adhering" if n % 2 == 0 else "not opposed", n, line, [1]))
    return faults


def _line_findings(line: str, tones: Sequence[str], variant: Variant, n: int, oblique: bool) -> list[Finding]:
    """The faults of one line by itself: rules with a name of their own first, then single wrong tones."""
    width, wrong, found = len(line), _misfits(tones, variant), []
    if variant.kind not in _ends_allowed(n, oblique) or width - 1 in wrong:
        level = tones[-1] == "平"
        found.append(_at("level end" if level else "oblique end", n, line, [width - 1]))
        wrong = [column for column in wrong if column != width - 1]
    if variant.kind == "D" and width - 3 in wrong:
        found.append(_at("three levels", n, line, [width - 3, width - 2, width - 1]))
        wrong = [column for column in wrong if column != width - 3]
    elif variant.kind == "B" and width - 5 in wrong and tones[-3] == "仄":
        found.append(_at("lonely level", n, line, [width - 5]))
        wrong = [column for column in wrong if column != width - 5]
    return found + ([_at("tones", n, line, wrong)] if wrong else [])


def _at(rule: str, n: int, line: str, columns: Sequence[int]) -> Finding:
    return Finding(rule, n + 1, tuple(c + 1 for c in columns), "".join(line[c] for c in columns))


def _lines_twice(lines: Sequence[str]) -> list[Finding]:
    return [_at("line twice", n, line, range(len(line))) for n, line in enumerate(lines) if line in lines[:n]]


def _rhyme_findings(lines: Sequence[str], oblique: bool, book: RhymeBook) -> tuple[int | None, list[Finding]]:
    """(the group of the poem, what is wrong with its rhymes)."""
    ends = {n: line[-1] for n, line in enumerate(lines) if n % 2 == 1}
    rhyme = _shared(list(ends.values()), lines[0][-1], oblique, book)
    if not ends or rhyme is None:
        faults = [_at("off rhyme", n, lines[n], [len(lines[n]) - 1]) for n in ends] if len(ends) > 1 else []
        return None, faults
    faults = [_end("oblique rhyme", 1, lines)] if oblique else []
    said = list(ends.values())
    faults += [_end("rhyme word twice", n, lines) for i, (n, end) in enumerate(ends.items()) if end in said[:i]]
    for n, end in ends.items():
        if rhyme not in book.groups(end):
            near = not oblique and book.groups(end) & akin(rhyme, book)
            faults.append(_end("neighbouring rhyme" if near else "off rhyme", n, lines))
    opens_level = len(lines) > 2 and book.tone(lines[0][-1]) == "平" and not oblique
    if opens_level and not book.groups(lines[0][-1]) & akin(rhyme, book):
        faults.append(_end("first line off rhyme", 0, lines))
    return rhyme, faults


def _end(rule: str, n: int, lines: Sequence[str]) -> Finding:
    return _at(rule, n, lines[n], [len(lines[n]) - 1])


def _shared(ends: Sequence[str], first: str, oblique: bool, book: RhymeBook) -> int | None:
    """The group that most of the ends are in, then are akin to, then the first line's end is in.

    None where several ends have nothing in common. An oblique group is meant only where the verse rhymes oblique.
    """
    found = sorted({g for end in ends for g in book.groups(end) if (book.tones[g] == "平") is not oblique})
    near = {g: {g} if oblique else akin(g, book) for g in found}
    counts = {g: (_in(ends, {g}, book), _in(ends, near[g], book), _in(first, {g}, book)) for g in found}
    best = max(found, key=lambda group: counts[group], default=None)
    if best is None or (len(ends) > 1 and counts[best] == (1, 1, 0)):
        return None
    return best


def _in(ends: Sequence[str], groups: Collection[int], book: RhymeBook) -> int:
    """How many of the ends are in one of the groups."""
    return sum(not book.groups(end).isdisjoint(groups) for end in ends)


def _freedoms(lines: Sequence[str], way: Sequence[Variant]) -> list[Finding]:
    return [
        _at(variant.freedom, n, line, range(len(line) - 3 - (variant.kind == "B") * 2, len(line)))
        for n, (line, variant) in enumerate(zip(lines, way, strict=True))
        if variant.freedom
    ]


def _borrowed(lines: Sequence[str], rhyme: int | None, oblique: bool, book: RhymeBook) -> list[Finding]:
    """A first line that rhymes on a group akin to the poem's."""
    if rhyme is None or oblique or len(lines) < 4 or book.tone(lines[0][-1]) != "平":
        return []
    own = book.groups(lines[0][-1])
    return [_end("borrowed rhyme", 0, lines)] if rhyme not in own and own & akin(rhyme, book) else []


ALLOWED = FREEDOMS | {"borrowed rhyme": "首句用邻韵: the first line rhymes on a group akin to the poem's"}
