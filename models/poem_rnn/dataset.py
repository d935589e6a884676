"""The corpus as numbers: what the network trains on, and in which order.

`prepare` writes one folder (vocabulary, numbers, titles, authors of each side and form); `read_data` opens it;
`batches` gives an epoch's batches. Every random choice depends on (seed, epoch) or (seed, step) alone, so that a
resumed run needs its counters and no random state. The text itself and the split are corpus.py's.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.poem_rnn.cilin import COUNT
from models.poem_rnn.corpus import FORMS, Verse
from models.poem_rnn.lyrics import main_part
from models.poem_rnn.network import PLACES, Wishes
from models.poem_rnn.prosody import RhymeBook, rhyme_book, rhyme_of
from models.poem_rnn.shapes import read_shape
from models.poem_rnn.tokenizer import SIZE, Vocabulary, learn_vocabulary

TITLE = 8  # characters of a title that the network is told, its first ones
MORE = "more"  # the side of pieces of longer poems, which training may read besides
LYRICS = 8  # 词 that a poet whom the poems do not make known must have to be known for them
KEYWORDS = 6  # at most so many of a poem's own characters serve as its keywords
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Poems:
    """N poems of one form. text: (N, T) characters; title: (N, TITLE); rhyme, author, dynasty: (N,)."""

    form: str
    text: Ints
    title: Ints
    rhyme: Ints
    author: Ints
    dynasty: Ints


@dataclass(frozen=True)
class Data:
    """A prepared corpus: sides[side][form], the vocabulary with its counts, and what `unknown` stands for.

    shapes: of the forms beside the four regulated ones (shapes.py).
    """

    vocabulary: Vocabulary
    counts: list[int]
    doubled: str
    rare_kinds: int
    authors: list[str]
    sides: dict[str, dict[str, Poems]]
    shapes: dict[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> int:
        """How many rows of rhymes 词 need beside those of 平水韵."""
        return COUNT if self.shapes else 0


@dataclass(frozen=True)
class Batch:
    """B poems of one form, (B, T) characters, and what the network is told of them."""

    form: str
    text: torch.Tensor
    wishes: Wishes


def prepare(
    sides: dict[str, list[Verse]],
    folder: Path,
    vocabulary_size: int = SIZE,
    author_limit: int = 1000,
    shapes: Mapping[str, str] | None = None,
) -> None:
    """Writes the corpus as numbers into the folder; shapes: of the forms beside the four regulated ones.

    The vocabulary, what is doubled and the authors are learnt from the four forms of the training side alone, so that
    they stay what they were before there were 词; poets of 词 follow the other authors.
    """
    regulated = [verse for verse in sides["train"] if verse.form in FORMS]
    vocabulary, counts, rare = learn_vocabulary(("".join(verse.lines) for verse in regulated), vocabulary_size)
    authors = _authors(regulated, author_limit)
    others = [verse for verse in (*sides["train"], *sides.get(MORE, ())) if verse.form not in FORMS]
    authors += [author for author in _authors(others, author_limit, least=LYRICS) if author not in authors]
    folder.mkdir(parents=True, exist_ok=True)
    shapes, arrays = dict(shapes or {}), {}
    for side, verses in sides.items():
        chosen: dict[str, list[Verse]] = {form: [] for form in FORMS}
        for verse in verses:
            chosen.setdefault(verse.form, []).append(verse)
        for form, own in chosen.items():
            for name, column in _numbers(own, form, shapes.get(form, ""), vocabulary, authors).items():
                arrays[f"{side}/{form}/{name}"] = column
    np.savez_compressed(folder / "poems.npz", allow_pickle=False, **arrays)
    facts = {
        "characters": vocabulary.characters,
        "counts": counts,
        "doubled": doubled_characters(regulated, vocabulary),
        "rare_kinds": rare,
        "authors": authors,
        "shapes": shapes,
    }
    (folder / "corpus.json").write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")


def _authors(verses: Iterable[Verse], limit: int, least: int = 1) -> list[str]:
    """The authors of most verses, the most productive first."""
    known = Counter(verse.author for verse in verses)
    ranked = sorted(known.items(), key=lambda item: (-item[1], item[0]))
    return [author for author, count in ranked[:limit] if count >= least]


def doubled_characters(verses: Iterable[Verse], vocabulary: Vocabulary, least: int = 15, share: float = 0.01) -> str:
    """The characters that poets double (纷纷): so many times at least, and in that share of all their uses."""
    lines = (line for verse in verses for line in verse.lines)
    uses: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for line in lines:
        uses.update(line)
        count.update(first for first, second in pairwise(line) if first == second)
    known = (c for c, n in count.items() if n >= max(least, share * uses[c]) and c in vocabulary.characters)
    return "".join(sorted(known, key=lambda character: (-count[character], character)))


def _numbers(verses: list[Verse], form: str, shape: str, vocabulary: Vocabulary, authors: list[str]) -> dict[str, Ints]:
    book, order = rhyme_book(), {author: number for number, author in enumerate(authors)}
    title = np.full((len(verses), TITLE), vocabulary.nothing, dtype=np.int64)
    for row, verse in enumerate(verses):
        numbers = [n for n in vocabulary.encode(verse.title) if n != vocabulary.unknown][:TITLE]
        title[row, : len(numbers)] = numbers
    length = sum(line.length for line in read_shape(shape)) if shape else PLACES[form][0] * PLACES[form][1]
    text = [vocabulary.encode("".join(verse.lines)) for verse in verses]
    return {
        "text": np.array(text, dtype=np.int64).reshape(-1, length).astype(np.int16),
        "title": title.astype(np.int16),
        "rhyme": np.array([_rhyme(verse, book, shape) for verse in verses], dtype=np.int16),
        "author": np.array([order.get(verse.author, len(authors)) for verse in verses], dtype=np.int16),
        "dynasty": np.array([("tang", "song").index(verse.dynasty) for verse in verses], dtype=np.int16),
    }


def _rhyme(verse: Verse, book: RhymeBook, shape: str) -> int:
    """The row of the verse's rhyme in the network's table: a group, none, or for 词 a part of 词林正韵 after these."""
    if shape:
        part = main_part(verse, shape)
        return len(book.names) + (0 if part is None else 1 + part)
    group = rhyme_of((line[-1] for line in verse.lines[1::2]), book)
    return len(book.names) if group is None else group


def read_data(folder: Path) -> Data:
    """The corpus that `prepare` wrote into the folder."""
    facts = json.loads((folder / "corpus.json").read_text(encoding="utf-8"))
    columns = ("text", "title", "rhyme", "author", "dynasty")
    sides: dict[str, dict[str, Poems]] = {}
    with np.load(folder / "poems.npz") as arrays:
        for name in arrays.files:
            side, form, column = (*name.split("/"), "", "")[:3]
            if column == columns[0]:
                found = (arrays[f"{side}/{form}/{c}"].astype(np.int64) for c in columns)
                sides.setdefault(side, {})[form] = Poems(form, *found)
    names = ("counts", "doubled", "rare_kinds", "authors")
    facts.setdefault("shapes", {})
    return Data(
        vocabulary=Vocabulary(facts["characters"]), sides=sides, **{name: facts[name] for name in (*names, "shapes")}
    )


def chance_for(seed: int, *counters: int) -> np.random.Generator:
    """A generator that depends on these numbers alone (Philox, a counter-based generator)."""
    return np.random.Generator(np.random.Philox(key=seed, counter=[*counters, *[0] * (4 - len(counters))]))


def batches(poems: dict[str, Poems], characters: int, seed: int, epoch: int) -> list[tuple[str, Ints]]:
    """An epoch's batches in order: (form, rows), each of about so many characters; a form's last one may be short."""
    found: list[tuple[str, Ints]] = []
    for number, (form, own) in enumerate(poems.items()):
        order = chance_for(seed, epoch, number, 1).permutation(len(own.text))
        size = max(1, characters // own.text.shape[1]) if len(own.text) else 1
        found += [(form, order[start : start + size]) for start in range(0, len(order), size)]
    return [found[index] for index in chance_for(seed, epoch, 0, 2).permutation(len(found))]


def asked(
    poems: Poems, rows: Ints, data: Data, groups: int, chance: np.random.Generator, told_share: float = 0.6
) -> Wishes:
    """What training tells of these poems: of `told_share` the rhyme of 3 in 4 and each other wish of 4 in 10, of the
    rest nothing."""
    count, nothing = len(rows), data.vocabulary.nothing
    told = chance.random((count, 5)) < np.array([0.75, 0.4, 0.4, 0.4, 0.4])
    told &= chance.random((count, 1)) >= 1 - told_share
    keywords = _keywords(poems.text[rows], data, chance)
    return Wishes(
        rhyme=torch.from_numpy(np.where(told[:, 0], poems.rhyme[rows], groups)),
        title=torch.from_numpy(np.where(told[:, 1:2], poems.title[rows], nothing)),
        keywords=torch.from_numpy(np.where(told[:, 2:3], keywords, nothing)),
        author=torch.from_numpy(np.where(told[:, 3], poems.author[rows], len(data.authors))),
        dynasty=torch.from_numpy(np.where(told[:, 4], poems.dynasty[rows], 2)),
    )


def _keywords(text: Ints, data: Data, chance: np.random.Generator) -> Ints:
    """(B, KEYWORDS): 1 to KEYWORDS characters of each poem, rarer ones (which say more) likelier, then `nothing`."""
    weight = np.array([*data.counts, 1e12], dtype=np.float64) + 1  # the last is `nothing`
    weight[data.vocabulary.unknown] = 1e12
    score = chance.random(text.shape) * weight[text] ** -0.12
    best = np.take_along_axis(text, np.argsort(-score, axis=1)[:, :KEYWORDS], axis=1)
    count = chance.integers(1, KEYWORDS + 1, size=(len(text), 1))
    return np.where(np.arange(KEYWORDS) < count, best, data.vocabulary.nothing)
