"""The corpus of 词: Tang, Five Dynasties and Song, from the npm package chinese-poetry (MIT), in simplified characters.

Of the ten tunes of cipai.py those texts are kept whose lines fit the standard body; a text of two whole bodies
(双调忆江南) gives two verses, on one side of the split. Of all other tunes, shapes that enough texts have are kept as
more to read in training, each as a form of its own, whose rhymes are found in the texts. The rule of the split is
`corpus.side_of`, of the whole text; a held-out verse with half its lines verbatim in training is left out, and so is
every other text that shares a line with one held out. The titles of 词 are their tunes': none is told.

Source: https://github.com/chinese-poetry/chinese-poetry, `npm pack chinese-poetry@2.0.1`.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from models.poem_rnn.cilin import cilin, part_of
from models.poem_rnn.cipai import TUNES, tune
from models.poem_rnn.corpus import Verse, read_lines, read_pieces, read_verses, side_of, split

_FILES = re.compile(r"package/dist/(?:(songci)/ci\.song\.\w+|(wudaishici)/(?:huajianji/.*juan|nantang/poetrys))\.json$")
LEAST = 25  # texts of one shape of another tune
_RHYMING = 0.6  # of a shape's texts share the rhyme at a line that rhymes


@dataclass(frozen=True)
class Text:
    """One 词. tune: its name in modern usage; lines: as its punctuation cuts it."""

    tune: str
    lines: tuple[str, ...]
    author: str
    dynasty: str


def read_sides(archive: Path) -> tuple[dict[str, list[Verse]], dict[str, str]]:
    """(sides train, validation, test and more of the whole archive, poems first; {form of 词: shape}, tunes first)."""
    sides = split(read_verses(archive))
    sides["more"] = read_pieces(archive, held_out=[*sides["validation"], *sides["test"]])
    texts = read_texts(archive)
    for side, verses in split_tunes(texts).items():
        sides[side] += verses
    others, shapes = other_tunes(texts, held_out=[*sides["validation"], *sides["test"]])
    sides["more"] += others
    return sides, {name: tune(name).shape for name in TUNES} | shapes


def read_texts(archive: Path) -> list[Text]:
    """All 词 of the archive that have a tune, each text once, in an order that depends on the texts alone."""
    from opencc import OpenCC

    simplify = OpenCC("t2s").convert
    found: dict[str, Text] = {}
    for dynasty, record in _records(archive):
        lines = read_lines(record, simplify)
        name = simplify(str(record.get("rhythmic", ""))).split("・")[-1]
        if lines and name and name != "失调名":
            found.setdefault("".join(lines), Text(name, lines, simplify(str(record.get("author", ""))), dynasty))
    return [found[text] for text in sorted(found)]


def _records(archive: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """(dynasty, record) of every 词; those of 花间集 and 南唐 are told as Tang."""
    with tarfile.open(archive) as packed:
        for member in packed:
            if (match := _FILES.match(member.name)) and (file := packed.extractfile(member)):
                for record in json.load(file):
                    yield ("song" if match[1] else "tang"), record


def split_tunes(texts: Iterable[Text]) -> dict[str, list[Verse]]:
    """The verses of the ten tunes on the sides train, validation and test."""
    sides: dict[str, dict[str, Verse]] = {"train": {}, "validation": {}, "test": {}}
    for text in texts:
        for lines in tune(text.tune).bodies(text.lines) if text.tune in TUNES else []:
            verse = Verse(text.tune, lines, title="", author=text.author, dynasty=text.dynasty, source="")
            sides[side_of(text.lines)].setdefault("".join(lines), verse)
    known = {line for verse in sides["train"].values() for line in verse.lines}

    def fresh(verse: Verse) -> bool:
        return 2 * sum(line in known for line in verse.lines) < len(verse.lines)

    held = {side: [verse for verse in own.values() if fresh(verse)] for side, own in sides.items() if side != "train"}
    return {"train": list(sides["train"].values()), **held}


def other_tunes(
    texts: Iterable[Text], held_out: Iterable[Verse], least: int = LEAST
) -> tuple[list[Verse], dict[str, str]]:
    """(verses of other tunes, {form: shape}): a form is the tune and the lengths of its lines."""
    secret = {line for verse in held_out for line in verse.lines}
    kinds: dict[tuple[str, tuple[int, ...]], list[Text]] = defaultdict(list)
    for text in texts:
        if text.tune not in TUNES and secret.isdisjoint(text.lines):
            kinds[text.tune, tuple(len(line) for line in text.lines)].append(text)
    verses, shapes = [], {}
    for (name, lengths), own in kinds.items():
        if len(own) >= least:
            form = f"{name} {'-'.join(map(str, lengths))}"
            shapes[form] = _shape(lengths, own)
            verses += [Verse(form, one.lines, "", author=one.author, dynasty=one.dynasty, source="") for one in own]
    return verses, shapes


def _shape(lengths: tuple[int, ...], texts: list[Text]) -> str:
    """The shape of these texts: a line rhymes where most of them have the part that most of their lines end in."""
    shared = [0] * len(lengths)
    for text in texts:
        own = [cilin().parts(line[-1]) for line in text.lines]
        parts = [part for ends in own for part in ends]
        main = max(sorted(set(parts)), key=parts.count, default=-1)
        shared = [count + (main in ends) for count, ends in zip(shared, own, strict=True)]
    letters = ("a" if count >= _RHYMING * len(texts) else "" for count in shared)
    return " ".join(f"{length}{letter}" for length, letter in zip(lengths, letters, strict=True))


def main_part(verse: Verse, shape: str) -> int | None:
    """The part of 词林正韵 of the first rhyme of a verse of that shape; None where its lines share none."""
    words = [word for word in shape.split() if word != "|"]
    tone = tune(verse.form).tone("a") if verse.form in TUNES else None
    return part_of((line[-1] for line, word in zip(verse.lines, words, strict=True) if word.endswith("a")), tone)
