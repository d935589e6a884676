"""How written quatrains stand beside real ones: told apart, copied, repeated, and whether a poem hangs together.

Every figure of ours stands beside the same figure of held-out poems, and the test that tells the two apart beside the
same test between two sets of real poems, which is its floor. Poems are rows of character numbers, (N, T).

- C2ST (models/two_sample.py), on character unigrams, bigrams and the network's own hidden states (`features`).
- Novelty: lines that stand verbatim in training; the longest run of characters shared with any training line.
- Diversity: distinct-2 (Li et al. 2016, arXiv:1510.03055), and how many characters a poem has more than once.
- Coherence: how often the second half is likelier after its own first half than after another poem's of the same rhyme
  and opening tone, so that rhyme and tones give nothing away. The network judges; real poems show what it can see.
- Parallelism (对仗), of octaves: how many places of a couplet pair (pairs.py), in the two couplets that ask for it, in
  the last, which does not, and in the middle ones with a stranger's answer, which is what chance pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.poem_rnn.evaluate import log_probabilities
from models.poem_rnn.network import PLACES, PoemRnn, Wishes
from models.poem_rnn.pairs import pairs
from models.poem_rnn.tokenizer import Vocabulary

Numbers = NDArray[np.int64]
BINS = 4096  # hashed n-grams
MIDDLE, LAST = (2, 4), 6  # the upper lines, from 0, of the couplets of an octave
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Standing:
    """Figures of one set of poems; shares from 0 to 1, longest in characters."""

    verbatim: float
    known_fours: float
    longest: int
    distinct_2: float
    repeated: float
    coherent: float


def standing(network: PoemRnn, form: str, poems: Numbers, training: Numbers) -> Standing:
    """How poems of a form stand beside the training poems of that form."""
    width = PLACES[form][1]
    lines, known = poems.reshape(-1, width), training.reshape(-1, width)
    shared = [_seen(lines, known, run).any(1) for run in range(1, width + 1)]
    longest = np.stack(shared, axis=1).sum(1)  # a line that shares a run shares all shorter ones
    pairs = (poems[:, :-1] * 10_000 + poems[:, 1:]).ravel()
    doubled = [1 - len(np.unique(poem)) / len(poem) for poem in poems]
    return Standing(
        verbatim=float((longest == width).mean()),
        known_fours=float(_seen(lines, known, 4).mean()),
        longest=int(longest.max()),
        distinct_2=len(np.unique(pairs)) / len(pairs),
        repeated=float(np.mean(doubled)),
        coherent=coherence(network, form, poems),
    )


def _seen(lines: Numbers, known: Numbers, run: int) -> NDArray[np.bool_]:
    """(N, W - run + 1) which runs of so many characters stand in any known line; runs are compared by a 64-bit hash."""
    return np.isin(_runs(lines, run), np.unique(_runs(known, run)))


def _runs(lines: Numbers, run: int) -> NDArray[np.uint64]:
    """(N, W - run + 1) a hash of every run of characters."""
    count, found = lines.shape[1] - run + 1, np.zeros((len(lines), lines.shape[1] - run + 1), dtype=np.uint64)
    for step in range(run):
        found = (found + lines[:, step : step + count].astype(np.uint64) + np.uint64(1)) * _MIX
        found ^= found >> np.uint64(29)
    return found


def coherence(network: PoemRnn, form: str, poems: Numbers, seed: int = 5) -> float:
    """The share of poems whose second half is likelier after its own first half than after a stranger's; .5 is chance.

    Strangers rhyme alike and open on the same tone; a poem without such a stranger is left out.
    """
    half, chance = poems.shape[1] // 2, np.random.default_rng(seed)
    keys, own, strange = _keys(network, form, poems), [], []
    for key in np.unique(keys):
        alike = chance.permutation(np.flatnonzero(keys == key))
        if len(alike) > 1:
            own += alike.tolist()
            strange += np.roll(alike, 1).tolist()  # nobody is a stranger to themselves
    if not own:
        return float("nan")
    second = poems[own, half:]
    scores = [
        _halves(network, form, np.concatenate([poems[firsts, :half], second], axis=1), half)
        for firsts in (own, strange)
    ]
    return float((scores[0] > scores[1]).double().mean())


def _keys(network: PoemRnn, form: str, poems: Numbers) -> Numbers:
    """(N,) one number for rhyme group and tone of the second character: poems of one number can change halves."""
    width = PLACES[form][1]
    groups = network.sound_of[:, : network.config.groups].argmax(1).numpy()
    tones = network.tone_of.numpy()
    return np.asarray(groups[poems[:, 2 * width - 1]] * 4 + tones[poems[:, 1]])


@torch.no_grad()
def _halves(network: PoemRnn, form: str, poems: Numbers, half: int) -> Tensor:
    """(N,) log-probability of the second halves, given the first."""
    parts = torch.split(torch.from_numpy(poems), 64)
    return torch.cat([log_probabilities(network, form, part)[:, half:].double().sum(1) for part in parts])


@dataclass(frozen=True)
class Parallels:
    """The share of places that pair, from 0 to 1: in the middle couplets of octaves, in the last, and by chance."""

    middle: float
    last: float
    strangers: float


def parallelism(vocabulary: Vocabulary, form: str, **sets: Numbers) -> dict[str, dict[str, float]]:
    """How parallel the couplets of each set of octaves are, by its name; empty for forms that do not ask for it."""
    count, width = PLACES[form]
    if count <= LAST + 1:
        return {}
    texts = {name: [vocabulary.decode(line) for line in poems.reshape(-1, width)] for name, poems in sets.items()}
    return {
        name: asdict(_parallels([lines[n : n + count] for n in range(0, len(lines), count)]))
        for name, lines in texts.items()
    }


def _parallels(octaves: Sequence[Sequence[str]]) -> Parallels:
    """Of octaves in lines; a stranger's answer is the next octave's."""
    after = [*octaves[1:], *octaves[:1]]
    strange = [_paired(*two, upper) for two in zip(octaves, after, strict=True) for upper in MIDDLE]
    return Parallels(
        middle=float(np.mean([_paired(poem, poem, upper) for poem in octaves for upper in MIDDLE])),
        last=float(np.mean([_paired(poem, poem, LAST) for poem in octaves])),
        strangers=float(np.mean(strange)),
    )


def _paired(poem: Sequence[str], other: Sequence[str], upper: int) -> float:
    """The share of places at which that line pairs with the line after it in the other poem."""
    return float(np.mean(pairs().match(poem[upper], other[upper + 1])))


@torch.no_grad()
def features(network: PoemRnn, form: str, poems: Numbers) -> Tensor:
    """What the two-sample test sees, (N, BINS + E): hashed uni- and bigrams, and the mean of what the softmax reads."""
    counts = np.zeros((len(poems), BINS))
    for run in (1, 2):
        bins = (_runs(poems, run) % np.uint64(BINS)).astype(np.int64)
        np.add.at(counts, (np.arange(len(poems))[:, None], bins), 1.0)
    hidden = []
    for part in torch.split(torch.from_numpy(poems), 64):
        read = network(part, form=form, wishes=Wishes.none(len(part), network.config))
        hidden.append(read.hidden.mean(1))
    return torch.cat([torch.from_numpy(counts), torch.cat(hidden).double()], dim=1)
