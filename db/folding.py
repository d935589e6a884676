"""From what people write to what is searched: traditional and simplified characters, letter case, width and accents
fall together, punctuation falls away, and a title can also be spelt in pinyin without tones.

A text becomes runs: words of Latin letters and digits, and stretches of all other characters. A word is found by its
beginning, any other run anywhere inside. The index knows two kinds of terms, since SQLite's trigrams find nothing of
one or two characters: every character, and every pair of neighbours, so that a longer run is a phrase of pairs.
Sources: OpenCC (characters one by one, since a phrase table would make a search depend on what stands around it),
pypinyin, Unicode TR15; https://sqlite.org/fts5.html#fts5_phrases
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

SPELT = 8  # syllables that are joined: nobody types more of a title without a blank
STEM = 4  # beginnings of words up to this length are terms of the index themselves
BREAK = "·"  # between two runs, so that no phrase reaches from one into the next
_RUN = re.compile(r"[0-9a-z]+|[^\x00-\x7f]+")
TUNES = ("如梦令", "浣溪沙", "菩萨蛮", "卜算子", "忆江南", "西江月", "蝶恋花", "清平乐", "虞美人", "水调歌头")
# How people call what the records call by one name: Latin words like any others, and Chinese names, which mean it only
# when they are the whole run: 山水 is also every landscape, 山 is not.
SAID = {
    "poem": "verse",
    "shanshui": "landscape",
    **dict.fromkeys(("五绝", "七绝"), "quatrain"),
    **dict.fromkeys(("五律", "七律"), "regulated"),
    "对联": "couplet",
    **dict.fromkeys(TUNES, "ci"),
}
NAMES = {
    "画": "painting",
    "诗": "poem",
    "题画诗": "scroll",
    "影片": "film",
    "山水": "shanshui",
    "欧洲风景": "european_landscape",
    "莫奈": "monet",
    "静物": "still_life",
    "外来": "foreign",
    **{form: form for form in ("五绝", "七绝", "五律", "七律", "对联", *TUNES)},
}


class Sought(NamedTuple):
    """What a work must have: a run in its text, or instead one of these properties; without a run, one of these."""

    run: str
    named: tuple[str, ...] = ()


def runs(text: str) -> tuple[str, ...]:
    """The parts of a text that count.

    >>> runs("《靜夜思》, Ｔhe Café 2")
    ('静夜思', 'the', 'cafe', '2')
    """
    return tuple(_RUN.findall("".join(map(_fold, unicodedata.normalize("NFKC", text)))))


@cache
def _fold(character: str) -> str:
    """What a character counts as: nothing but a gap for punctuation, the bare letter for one with an accent."""
    if unicodedata.category(character)[0] in "PZC":
        return " "
    plain = unicodedata.normalize("NFKD", character.casefold()).replace("u\u0308", "v")  # as ü is typed in pinyin
    bare = "".join(part for part in plain if unicodedata.category(part) != "Mn")
    return bare if bare.isascii() else "".join(_simplified(part) for part in unicodedata.normalize("NFKC", bare))


@cache
def _simplified(character: str) -> str:
    return str(_converter().convert(character))


@cache
def _converter() -> Any:
    from opencc import OpenCC  # imported when it is first needed, a tenth of a second

    return OpenCC("t2s")


def spelt(title: str) -> Iterator[str]:
    """A title in pinyin, from each of its syllables on.

    >>> list(spelt("靜夜 A 女")), list(spelt("Dusk"))
    (['jingye', 'ye', 'nv'], [])
    """
    from pypinyin import lazy_pinyin  # reads its dictionaries when it is first needed

    for run in runs(title):
        sounds = [] if run.isascii() else [s for s in lazy_pinyin(run) if re.fullmatch("[a-z]+", s)]
        for start in range(len(sounds)):
            yield "".join(sounds[start : start + SPELT])


def runs_of(*, title: str, signature: str, verse: str | None, named: Iterable[str | None]) -> tuple[str, ...]:
    """All that a work can be found by but the names of its kind, subject and form (`named`) as such."""
    said = [f"{name if name.isascii() else ''} {SAID.get(name, '')}" for name in named if name]
    return (*runs("\n".join((title, signature, verse or "", *said))), *spelt(title))


def written(found: Iterable[str], named: Iterable[str | None] = ()) -> str:
    """Runs and names as one text, to be read for `needles`.

    >>> written(("静夜思", "the"), ["poem"])
    ' 静夜思 the §706f656d '
    """
    return f" {' '.join((*found, *(_mark(name) for name in named if name)))} "


def _mark(name: str) -> str:
    """A name where it stands for a property; nothing that is typed reads so, and no part of it."""
    return f"§{name.encode().hex()}"


def pieces(run: str) -> tuple[str, ...]:
    """What a written text that answers to a run has one of: the run as it stands in it, or its name for a property.

    >>> pieces("夜思"), pieces("th"), pieces("2"), pieces("诗")
    (('夜思',), (' th',), (' 2 ',), ('诗', ' §706f656d '))
    """
    plain = run if not run.isascii() else f" {run}" if len(run) > 1 else f" {run} "
    return (plain, f" {_mark(NAMES[run])} ") if run in NAMES else (plain,)


def needles(found: Sequence[Sought]) -> str:
    """For all that is sought, the pieces of which a written text that answers has one, as JSON.

    >>> needles([Sought("夜思"), Sought("th", ("t12",)), Sought("", ("t3",))])
    '[["夜思"], [" th", " §743132 "], [" §7433 "]]'
    """
    every = [[*(pieces(one.run) if one.run else ()), *(f" {_mark(name)} " for name in one.named)] for one in found]
    return json.dumps(every, ensure_ascii=False)


def tag_name(number: int) -> str:
    """A tag as a property of the works that bear it: by its number, since its names change."""
    return f"t{number}"


def signature_name(number: int) -> str:
    """A signature as a property of the works that are signed with it."""
    return f"s{number}"


def signed(signature: str) -> str:
    """What a signature counts as, so that a name is one name in either script and in any case; nothing for none.

    >>> signed("阿寧"), signed(" Li  Bo."), signed("—"), signed(" ")
    ('阿宁', 'li bo', '—', '')
    """
    return " ".join(runs(signature)) or signature.strip()


def terms(found: Sequence[str], facets: Iterable[str] = ()) -> str:
    """The terms of the index for a work's runs, and for its facets, which nobody can type.

    >>> terms(("静夜思", "the"), ["poem"])
    '§poem · 静夜 夜思 · 静 夜 思 th the'
    """
    others = [run for run in found if not run.isascii()]
    pairs = [" ".join(a + b for a, b in pairwise(run)) for run in others if len(run) > 1]
    single = dict.fromkeys("".join(others))
    words = [run[:end] for run in found if run.isascii() for end in sorted({*range(2, STEM + 1), len(run)})]
    rest = " ".join((*single, *dict.fromkeys(word for word in words)))
    return f" {BREAK} ".join(part for part in (*map(facet, facets), *pairs, rest) if part)


def facet(name: str) -> str:
    """The term for a property.

    >>> facet("2026-11")
    '§202611'
    """
    return "§" + name.replace("-", "").replace("_", "")


def phrase(run: str, names: Iterable[str] = ()) -> str:
    """The question that the index answers for one run, or for any of these properties instead.

    >>> phrase("静夜思"), phrase("静"), phrase("the"), phrase("jingye"), phrase("诗")
    ('"静夜 夜思"', '"静"', '"the"', '"jingye" *', '("诗" OR "§poem")')
    >>> phrase("snow", ("t12",)), phrase("", ("t3", "t4"))
    ('("snow" OR "§t12")', '("§t3" OR "§t4")')
    """
    named = [f'"{facet(name)}"' for name in (*([NAMES[run]] if run in NAMES else []), *names)]
    asked = [*([_in_text(run)] if run else []), *named]
    return asked[0] if len(asked) == 1 else f"({' OR '.join(asked)})"


def _in_text(run: str) -> str:
    if run.isascii():
        return f'"{run}"' + (" *" if len(run) > STEM else "")
    return f'"{" ".join(a + b for a, b in pairwise(run)) or run}"'
