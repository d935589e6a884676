"""Judges 词 by the pattern of their tune: characters of the other tone, rhymes off their part, lines not repeated.

Which tune a text is of follows from the lengths of its lines; six lines of seven are 浣溪沙 where its name stands above
them or where its rules find less to complain of than those of regulated verse. A tune has more bodies than the standard
one that is judged by here, so that a fault found in a poem of old is often none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from models.poem_rnn.cilin import cilin, title
from models.poem_rnn.cipai import TUNES, Tune, tune
from models.poem_rnn.judging import Finding, Judgement, judge
from models.poem_rnn.modern import GROUPS
from models.poem_rnn.prosody import RhymeBook, fits, rhyme_book

Parts = Callable[[str], frozenset[int]]


def find_tune(lines: Sequence[str], above: Iterable[str] = ()) -> Tune | None:
    """The tune whose bodies the lines are; None where they are of no tune, or more likely regulated verse.

    lines: in simplified script; above: what stands before them, where the name may be.

    >>> find_tune(["江南好", "风景旧曾谙", "日出江花红胜火", "春来江水绿如蓝", "能不忆江南"]).name
    '忆江南'
    """
    named = [name for name in TUNES if any(name in text for text in above)]
    for name in (*named, *TUNES):
        if not (bodies := tune(name).bodies(lines)):
            continue
        even = len(set(map(len, lines))) == 1 and len(lines[0]) in (5, 7)
        if name in named or not even or len(faults_of(tune(name), bodies[0])) < len(judge(lines).faults):
            return tune(name)
    return None


def judge_tune(lines: Sequence[str], own: Tune, book: RhymeBook) -> Judgement:
    """What the pattern says of the lines of one body or more; its rhyme is the part of the first one."""
    found: list[Finding] = []
    count = len(own.marks)
    for start in range(0, len(lines), count):
        found += faults_of(own, lines[start : start + count], book, start)
    times = len(lines) // count
    first = next(filter(None, own.rhymes))
    rhyme = _shared(own, first, lines[:count], parts_by(book))
    return Judgement("", own.marks * times, rhyme, tuple(found), ())


def faults_of(own: Tune, lines: Sequence[str], book: RhymeBook | None = None, start: int = 0) -> list[Finding]:
    """What breaks the pattern in one body; start: how many lines stand before it."""
    book = book or rhyme_book()
    parts, found = parts_by(book), []
    shared = {letter: _shared(own, letter, lines, parts) for letter in set(own.rhymes) - {""}}
    for n, (line, marks, letter) in enumerate(zip(lines, own.marks, own.rhymes, strict=True)):
        if n in own.same and line != lines[n - 1]:
            found.append(_at("not repeated", start + n, line, range(len(line))))
        wrong = [c for c, (one, mark) in enumerate(zip(line, marks, strict=True)) if not fits(book.tone(one), mark)]
        if wrong:
            found.append(_at("tones", start + n, line, wrong))
        off = letter and (shared[letter] is None or shared[letter] not in parts(line[-1]))
        if off and len(line) - 1 not in wrong:
            found.append(_at("off rhyme", start + n, line, [len(line) - 1]))
    return found


def parts_by(book: RhymeBook) -> Parts:
    """What rhymes together in 词: the parts of 词林正韵, or by 中华新韵 its groups, whatever their tone."""
    if not book.one_reading:
        return cilin().parts
    return lambda character: frozenset(group % len(GROUPS) for group in book.groups(character))


def part_title(part: int, book: RhymeBook) -> str:
    """What the book calls that part."""
    return book.title(part) if book.one_reading else title(part)


def rhyming(own: Tune, lines: Sequence[str], book: RhymeBook) -> set[int]:
    """The lines (from 0) that end in the rhyme of their letter."""
    parts, kept, count = parts_by(book), set(), len(own.marks)
    for start in range(0, len(lines), count):
        body = lines[start : start + count]
        for n, letter in enumerate(own.rhymes):
            shared = _shared(own, letter, body, parts) if letter else None
            kept |= {start + n} if shared is not None and shared in parts(body[n][-1]) else set()
    return kept


def _shared(own: Tune, letter: str, lines: Sequence[str], parts: Parts) -> int | None:
    """The part that most of the ends of that letter are of; None where two or more have none in common."""
    ends = [line[-1] for line, one in zip(lines, own.rhymes, strict=True) if one == letter]
    found = [part for end in ends for part in parts(end)]
    best = max(sorted(set(found)), key=found.count, default=None)
    return best if best is not None and (found.count(best) > 1 or len(ends) == 1) else None


def _at(rule: str, n: int, line: str, columns: Iterable[int]) -> Finding:
    columns = tuple(columns)
    return Finding(rule, n + 1, tuple(c + 1 for c in columns), "".join(line[c] for c in columns))
