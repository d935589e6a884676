"""The corpus: Tang and Song regulated verse, read from the npm package chinese-poetry (MIT), in simplified characters.

A record is kept when its text, split at punctuation, is 4 or 8 lines of 5 or 7 Han characters each; doubles and texts
with missing characters are dropped. The split is fixed for ever by the text itself (`side_of`): no later
corpus, order or program moves a poem from one side to the other. Held-out poems with half their lines or more verbatim
in training are variant copies; they are on neither side.

Source: https://github.com/chinese-poetry/chinese-poetry, `npm pack chinese-poetry@2.0.1`. It does not judge whether
a poem keeps the rules of verse: see prosody.py.
"""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FORMS = ("五绝", "七绝", "五律", "七律")
SHAPES = {(4, 5): "五绝", (4, 7): "七绝", (8, 5): "五律", (8, 7): "七律"}  # (lines, characters a line)
_RECORDS = re.compile(r"package/dist/quantangshi/poet\.(tang|song)\.\d+\.json$")
_TONES = re.compile(r"package/dist/strains/json/poet\.(tang|song)\.\d+\.json$")
_RANKS = re.compile(r"package/dist/rank/poet/poet\.(tang|song)\.rank\.\d+\.json$")
_PUNCTUATION = re.compile(r"[，。！？；、：,.!?;:\s]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")


@dataclass(frozen=True)
class Verse:
    """One poem of the corpus. lines: simplified characters; dynasty: tang or song; source: the record's id."""

    form: str
    lines: tuple[str, ...]
    title: str
    author: str
    dynasty: str
    source: str


def side_of(lines: Iterable[str]) -> str:
    """Which side of the split a poem is on: train, validation or test, by the SHA-256 of its simplified text.

    >>> side_of(["白日依山尽", "黄河入海流", "欲穷千里目", "更上一层楼"])
    'train'
    """
    digest = hashlib.sha256("".join(lines).encode()).hexdigest()
    if int(digest[:8], 16) % 50:
        return "train"
    return "validation" if int(digest[8], 16) % 2 == 0 else "test"


def shape_of(lines: Iterable[str]) -> str | None:
    """The form of that many lines of that many characters, or None.

    >>> shape_of(["白日依山尽", "黄河入海流", "欲穷千里目", "更上一层楼"])
    '五绝'
    """
    lines = tuple(lines)
    lengths = {len(line) for line in lines}
    return SHAPES.get((len(lines), lengths.pop())) if len(lengths) == 1 else None


def _members(archive: Path, pattern: re.Pattern[str]) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """(dynasty, records) of every file of the archive whose name fits."""
    with tarfile.open(archive) as packed:
        for member in packed:
            if (match := pattern.match(member.name)) and (file := packed.extractfile(member)):
                yield match[1], json.load(file)


def read_lines(record: dict[str, object], simplify: Callable[[str], str]) -> tuple[str, ...]:
    """The record's lines in simplified characters; none where anything in them is not a Han character."""
    paragraphs = record["paragraphs"]
    text = simplify("".join(paragraphs) if isinstance(paragraphs, list) else "")
    lines = tuple(line for line in _PUNCTUATION.split(text) if line)
    return lines if all(_HAN.fullmatch(line) for line in lines) else ()


def _verse(
    lines: tuple[str, ...], record: dict[str, object], dynasty: str, simplify: Callable[[str], str]
) -> Verse | None:
    form = shape_of(lines)
    if form is None:
        return None
    title, author = simplify(str(record.get("title", ""))), simplify(str(record.get("author", "")))
    return Verse(form=form, lines=lines, title=title, author=author, dynasty=dynasty, source=str(record["id"]))


def read_verses(archive: Path) -> list[Verse]:
    """All poems of the four forms in the npm archive, each text once, in an order that depends on the texts alone."""
    from opencc import OpenCC

    simplify = OpenCC("t2s").convert
    found: dict[str, Verse] = {}
    for dynasty, records in _members(archive, _RECORDS):
        for record in records:
            if verse := _verse(read_lines(record, simplify), record, dynasty, simplify):
                found.setdefault("".join(verse.lines), verse)
    return [found[text] for text in sorted(found)]


def pieces_of(lines: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A longer poem of lines of 5 or 7 characters in pieces of eight lines, then one of four; fewer are left out.

    >>> [len(piece) for piece in pieces_of(("白日依山尽",) * 22)]
    [8, 8, 4]
    """
    if len(lines) % 2 or len(lines) < 6 or len(lines) == 8 or {len(line) for line in lines} not in ({5}, {7}):
        return []
    whole = len(lines) - len(lines) % 8
    pieces = [lines[start : start + 8] for start in range(0, whole, 8)]
    return [*pieces, lines[whole : whole + 4]] if len(lines) - whole >= 4 else pieces


def read_pieces(archive: Path, held_out: Iterable[Verse]) -> list[Verse]:
    """Pieces of the archive's longer poems, each once; none of a poem that shares a line with one held out."""
    from opencc import OpenCC

    simplify, secret = OpenCC("t2s").convert, {line for verse in held_out for line in verse.lines}
    found: dict[str, Verse] = {}
    for dynasty, records in _members(archive, _RECORDS):
        for record in records:
            lines = read_lines(record, simplify)
            if secret.isdisjoint(lines):
                for piece in pieces_of(lines):
                    if verse := _verse(piece, record, dynasty, simplify):
                        found.setdefault("".join(piece), verse)
    return [found[text] for text in sorted(found)]


def read_tones(archive: Path) -> dict[str, str]:
    """Tone marks (平 仄 ○ ？) of every record of the archive by its id, punctuation left out."""
    tones = {}
    for _, records in _members(archive, _TONES):
        for record in records:
            strains = record["strains"]
            tones[str(record["id"])] = _PUNCTUATION.sub("", "".join(strains) if isinstance(strains, list) else "")
    return tones


def read_ranks(archive: Path) -> Iterator[dict[str, object]]:
    """How many pages search engines found of every record, its author and title in simplified characters."""
    from opencc import OpenCC

    simplify = OpenCC("t2s").convert
    for _, records in _members(archive, _RANKS):
        for record in records:
            yield record | {name: simplify(str(record.get(name, ""))) for name in ("author", "title")}


def split(verses: Iterable[Verse]) -> dict[str, list[Verse]]:
    """The sides train, validation and test; held-out variant copies (half the lines verbatim in train) are left out."""
    sides: dict[str, list[Verse]] = {"train": [], "validation": [], "test": []}
    for verse in verses:
        sides[side_of(verse.lines)].append(verse)
    known = {line for verse in sides["train"] for line in verse.lines}
    for side in ("validation", "test"):
        sides[side] = [v for v in sides[side] if 2 * sum(line in known for line in v.lines) < len(v.lines)]
    return sides
