"""Features: the few numbers of a work by which a taste can be told, each with a name that can be said to people.

A picture's come from the traits that are kept of it (alike.py): light, colour, how busy it is, where the dark lies. A
verse's come from its characters: how long, how level its tones (平水韵), how often one comes again, and what share
belongs to the groups by which kindred.py moves a painter's sliders. A scroll has both, with its mounting. They measure
what can be counted and say nothing of whether it is good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from gallery.journeys.alike import STEP, USUAL
from gallery.journeys.kindred import MOVES
from gallery.liking import Numbers
from models.poem_rnn.prosody import rhyme_book

PICTURE = ("light", "contrast", "warm", "red", "chroma", "detail", "gathered", "low", "aside")
FORMAL = ("width", "lines", "level", "varied")
GROUPS = ("snow", "autumn", "bloom", "spring", "night", "clear", "mist", "water", "cliff", "trees", "sky", "sorrow")
VERSE = (*FORMAL, *GROUPS)
_CHARACTERS = {name: frozenset(characters) for name, (characters, _) in zip(GROUPS, MOVES, strict=True)}
_ENDS = np.cumsum((36, 9, 9, 9, 9))  # of light, a*, b*, steps across and down, in the traits; then the shares


def names_of(kind: str) -> tuple[str, ...]:
    """What is measured of works of that kind.

    >>> names_of("poem")[:2], len(names_of("scroll"))
    (('width', 'lines'), 25)
    """
    return {"poem": VERSE, "scroll": (*PICTURE, *VERSE)}.get(kind, PICTURE)


def measure(kind: str, traits: bytes | None, verse: Sequence[str]) -> tuple[float, ...] | None:
    """The features of a work in the order of `names_of`; None where its picture or verse is not kept (any more)."""
    pictured, written = kind != "poem", kind in ("poem", "scroll")
    if (pictured and traits is None) or (written and not any(verse)):
        return None
    of_picture = of_traits(traits) if pictured and traits is not None else ()
    return (*of_picture, *(of_verse(verse) if written else ()))


def measure_all(
    kind: str, works: Iterable[int], kept: Mapping[int, tuple[bytes | None, Sequence[str]]]
) -> tuple[list[int], Numbers]:
    """Those of the works that have features, and these, (n, d)."""
    found = {work: row for work in works if work in kept and (row := measure(kind, *kept[work])) is not None}
    return list(found), np.array(list(found.values()), dtype=np.float64).reshape(len(found), len(names_of(kind)))


def of_traits(traits: bytes) -> tuple[float, ...]:
    """What is seen of a picture, in the order of PICTURE; light, warmth and steps in spreads of alike.py."""
    spread = np.frombuffer(traits, dtype=np.int8).astype(np.float64) / STEP
    light, a, b, across, down, _ = np.split(spread, _ENDS)
    steps, dark = across + down, light.max() - light.reshape(6, 6)
    whole, places = max(float(dark.sum()), 1e-6), np.linspace(-1, 1, 6)
    low, right = float((dark.sum(axis=1) @ places) / whole), float((dark.sum(axis=0) @ places) / whole)
    red, yellow = (USUAL[name][0] + USUAL[name][1] * values for name, values in (("a", a), ("b", b)))
    chroma = float(np.hypot(red, yellow).mean())
    return (
        *(float(one) for one in (light.mean(), light.std(), b.mean(), a.mean(), chroma, steps.mean(), steps.std())),
        low,
        abs(right),
    )


def of_verse(verse: Sequence[str]) -> tuple[float, ...]:
    """What is read of a verse, in the order of VERSE; all but `width` and `lines` are shares of its characters.

    >>> of_verse(("孤舟蓑笠翁", "独钓寒江雪"))[:4], of_verse(("孤舟蓑笠翁", "独钓寒江雪"))[4]
    ((5.0, 2.0, 0.6, 1.0), 0.2)
    """
    characters, book = "".join(verse), rhyme_book()
    tones = [tone for tone in map(book.tone, characters) if tone in "平仄"]
    level = tones.count("平") / len(tones) if tones else 0.5
    shares = (sum(character in group for character in characters) / len(characters) for group in _CHARACTERS.values())
    return (len(characters) / len(verse), float(len(verse)), level, len(set(characters)) / len(characters), *shares)
