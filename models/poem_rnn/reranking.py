"""How the lines that win among candidates stand beside the poets' own, by the weights that choose them.

Poems that were never trained on lose one line each; the network is told the rhyme and the title, or two of the poem's
characters, reads what comes before, and writes that line CANDIDATES times on the same tones and rhyme. For each pair of
weights the winners' means are taken: of log-probability, of `common` (as mere characters) and of `topic`, by how much
likelier the line is to who was told of title or keywords (pointwise mutual information with the topic; Li et al. 2016,
https://arxiv.org/abs/1510.03055). Beside them stand the poets' lines. Weights are right where the winners are as
common, and as much on the topic, as what poets write; a likelihood alone would always prefer the blander line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models import nobody_waits
from models.poem_rnn.dataset import Data, Ints
from models.poem_rnn.network import PLACES, Wishes
from models.poem_rnn.steps import Floats, Pen, Writing, choose, write_together

CANDIDATES, TOGETHER = 8, 16
COMMON, TOPIC = (0.0, 0.3, 0.6, 0.9), (0.0, 0.5, 1.0)  # the weights that are tried


@dataclass(frozen=True)
class Lost:
    """A line that a poem lost: (T,) the whole poem's characters, the line's number, and what the network is told."""

    form: str
    text: Ints
    line: int
    told: Wishes
    plain: Wishes

    @property
    def width(self) -> int:
        """Characters a line."""
        return PLACES[self.form][1]


@dataclass(frozen=True)
class Weighed:
    """A poet's line and CANDIDATES of the network's, in that order: means of each one's characters, (1 + N,) each."""

    logprob: Floats
    common: Floats
    topic: Floats


def judge_lines(data: Data, pen: Pen, form: str, count: int, parameters: Mapping[str, float]) -> dict[str, Any]:
    """`compare`, over a line each of at most `count` validation poems of that form, sampled by those parameters."""
    return compare(weigh(pen, [*lose(data, pen, form, count)], parameters))


def lose(data: Data, pen: Pen, form: str, count: int, seed: int = 3) -> Iterator[Lost]:
    """One line each of at most `count` validation poems of that form; every other one is told its title, if it has
    one."""
    chance, nothing, poems = np.random.default_rng(seed), data.vocabulary.nothing, data.sides["validation"][form]
    whole = (poems.text < data.vocabulary.unknown).all(axis=1)
    for number, row in enumerate(chance.permutation(np.flatnonzero(whole))[:count]):
        text, wishes = poems.text[row], [Wishes.none(1, pen.network.config) for _ in range(2)]
        for one in wishes:
            one.rhyme[0] = int(poems.rhyme[row])
        if number % 2 and (poems.title[row] != nothing).any():
            wishes[0].title = torch.from_numpy(poems.title[row][None])
        else:
            wishes[0].keywords = torch.from_numpy(chance.choice(text, (1, 2), replace=False))
        yield Lost(form, text, int(chance.integers(PLACES[form][0])), *wishes)


def weigh(pen: Pen, lost: list[Lost], parameters: Mapping[str, float]) -> list[Weighed]:
    """What the network makes of each lost line, and of its own in that place."""
    found: dict[int, Weighed] = {}
    with torch.inference_mode():
        for start in range(0, len(lost), TOGETHER):
            writings = [
                _weigh(pen, one, parameters, number, found)
                for number, one in enumerate(lost[start : start + TOGETHER], start)
            ]
            write_together(writings, nobody_waits)
    return [found[number] for number in range(len(lost))]


def _weigh(pen: Pen, lost: Lost, parameters: Mapping[str, float], number: int, found: dict[int, Weighed]) -> Writing:
    rows, chance = np.arange(1 + CANDIDATES), np.random.default_rng(number)
    asked = torch.cat([pen.ask(lost.told), pen.ask(lost.plain)])
    wished, state = pen.wished(asked, len(rows)), pen.start(len(asked) * len(rows))
    texts, sums = [list[int]() for _ in rows], np.zeros((3, len(rows)))
    for place in range((lost.line + 1) * lost.width):
        (told, plain), state = yield from pen.step(texts, lost.form, wished, state)
        own = int(lost.text[place])
        chosen = np.full(len(rows), own)
        if place >= lost.line * lost.width:
            chosen[1:] = choose(told[1:], _free(pen, lost, place, texts[1:]), parameters, chance.random(CANDIDATES))
            likely = told[rows, chosen]
            sums += np.stack([likely, pen.plain[chosen], likely - plain[rows, chosen]])
        for text, character in zip(texts, chosen.tolist(), strict=True):
            text.append(character)
    found[number] = Weighed(*sums / lost.width)
    return None


def _free(pen: Pen, lost: Lost, place: int, texts: list[list[int]]) -> NDArray[np.bool_]:
    """(N, V) the characters of the poet's tone, at a rhyme of a group of the poet's, that a text does not have yet."""
    network, own = pen.network, int(lost.text[place])
    tones = network.tone_of[: len(pen.plain)].numpy()
    alike = (tones == tones[own]) | (tones == 2)
    if place % lost.width == lost.width - 1 and lost.line % 2:
        groups = network.sound_of[: len(pen.plain), : network.config.groups].numpy() > 0
        alike = alike & (groups & groups[own]).any(axis=1)
    free = np.tile(alike, (len(texts), 1))
    for row, text in zip(free, texts, strict=True):
        row[text] = False
        row |= alike & ~row.any()
    return free


def compare(weighed: list[Weighed]) -> dict[str, Any]:
    """The poets' means, and the winners' for each pair of weights; of nothing, that it is nothing."""
    if not weighed:
        return {"n": 0}
    parts = {name: np.stack([getattr(one, name) for one in weighed]) for name in ("logprob", "common", "topic")}
    rows = np.arange(len(weighed))

    def means(chosen: NDArray[np.int64]) -> dict[str, float]:
        return {name: round(float(part[rows, chosen].mean()), 3) for name, part in parts.items()}

    winners = {}
    for common in COMMON:
        for topic in TOPIC:
            scores = parts["logprob"] - common * parts["common"] + topic * parts["topic"]
            winners[f"common {common:g}, topic {topic:g}"] = means(1 + scores[:, 1:].argmax(axis=1))
    error = {name: round(float(part[:, 0].std() / len(rows) ** 0.5), 3) for name, part in parts.items()}
    return {"poets": means(np.zeros_like(rows)), "standard_error": error, "winners": winners, "n": len(rows)}
