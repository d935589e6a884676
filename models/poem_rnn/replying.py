"""Writes the other line of a couplet: the network reads the given line, and answers it within the rules of couplet.py.

A phrase and its answer are read as the third and fourth lines of a regulated octave, where the poets of the corpus
are held to parallelism; phrases of neither five nor seven begin a line of seven. That place is where the network
finds true answers likeliest (held out, nats a character: 4.42 there and 4.68 as a first couplet in lines of seven,
4.62 and 4.69 in lines of five). The given line is always read first, also when it is the lower one. Of `candidates`
answers the one wins that is best by log-probability, less commonplace (steps.py), and by PARALLEL times how well its
characters pair (pairs.py).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from models.poem_rnn.couplet import COUPLET, Couplet, plan_couplet
from models.poem_rnn.given import BLANK
from models.poem_rnn.pairs import Pairs, pairs
from models.poem_rnn.plan import Allowance
from models.poem_rnn.prosody import rhyme_book
from models.poem_rnn.steps import Floats, Pen, Step, Stepped, Writing, choose, commonplace
from models.recipe import Poem, Recipe

PARALLEL = 0.5  # nats for a unit of pairing; chosen by reading: at 0 the answers wander, at 1 they are lists of nouns
LINE = 2  # the given phrase is read as this line of the octave, from 0


@dataclass
class _Answers:
    """N answers to one couplet in the making: their characters, scores and log-probabilities, the network's state."""

    texts: list[list[int]]
    scores: Floats
    logprobs: Floats
    state: Tensor


def reply(pen: Pen, allowed: Allowance, recipe: Recipe, cancelled: Callable[[], bool]) -> Writing:
    """The couplet of that recipe; None if it was cancelled. Raises UnknownInput."""
    couplet, count = plan_couplet(recipe.inputs), int(recipe.parameters["candidates"])
    chance, asked = np.random.Generator(np.random.Philox(key=recipe.seed)), pen.ask(pen.wishes(recipe.inputs))
    answers = _Answers([[] for _ in range(count)], np.zeros(count), np.zeros(count), pen.start(count))
    wanted, start = _Wanted(couplet, allowed, pairs(), commonplace(recipe)), 0
    wished = pen.wished(asked, count)
    for length in couplet.phrases:
        if cancelled():
            return None
        yield from _answer_phrase(pen, wanted, answers, (start, start + length), wished, chance, recipe.parameters)
        start += length
    best = int(np.argmax(answers.scores))
    written = "".join(pen.network.config.characters[number] for number in answers.texts[best])
    lines = couplet.lines(written)
    return Poem(COUPLET, lines, _rhyme(lines[1][-1]), float(answers.logprobs[best]) / len(written))


def _rhyme(end: str) -> str:
    """The first level group of the lower line's end, on which a poem may answer; "" where none is known."""
    book = rhyme_book()
    return next((book.names[group] for group in sorted(book.groups(end)) if book.tones[group] == "平"), "")


@dataclass(frozen=True)
class _Wanted:
    """What may stand in the answer, how well it pairs, and what it pays for common characters."""

    couplet: Couplet
    allowed: Allowance
    table: Pairs
    commonplace: float

    def at(self, place: int, texts: Sequence[Sequence[int]]) -> NDArray[np.bool_]:
        """(N, V) what may follow each text at that place of the line."""
        couplet, characters = self.couplet, self.allowed.characters
        first = couplet.twins[place]
        if couplet.answer[place] != BLANK:
            return np.tile(np.array([c == couplet.answer[place] for c in characters]), (len(texts), 1))
        if first < place:
            return np.array([np.arange(len(characters)) == text[first] for text in texts])
        free = self.allowed.toned(couplet.marks[place]) & self._new()
        found = np.tile(free, (len(texts), 1))
        for row, text in zip(found, texts, strict=True):
            row[list(text)] = False
        return found

    def _new(self) -> NDArray[np.bool_]:
        """(V,) the characters that neither the given line has nor anything that is fixed of the answer."""
        used = set(self.couplet.call) | set(self.couplet.answer)
        return np.array([character not in used for character in self.allowed.characters])


def _answer_phrase(
    pen: Pen,
    wanted: _Wanted,
    answers: _Answers,
    span: tuple[int, int],
    wished: Tensor,
    chance: np.random.Generator,
    parameters: Mapping[str, Any],
) -> Generator[Step, Stepped, None]:
    """Reads one phrase of the given line and writes the answer to it, N ways."""
    call, count = wanted.couplet.call[slice(*span)], len(answers.texts)
    form, width = ("五律", 5) if len(call) == 5 else ("七律", 7)
    nothing = pen.network.config.classes
    seen = [[nothing] * (LINE * width) for _ in range(count)]
    for number in pen.vocabulary.encode(call):
        _, answers.state = yield from pen.step(seen, form, wished, answers.state)
        seen = [[*text, number] for text in seen]
    seen = [[*text, *[nothing] * (width - len(call))] for text in seen]
    for place in range(*span):
        (logprobs,), answers.state = yield from pen.step(seen, form, wished, answers.state)
        draws = chance.random(count)
        beside = PARALLEL * wanted.table.beside(wanted.couplet.call[place], wanted.allowed.characters)
        free = wanted.at(place, answers.texts)
        chosen = choose(logprobs + beside, free, parameters, draws)
        rows = np.arange(count)
        answers.logprobs += logprobs[rows, chosen]
        answers.scores += logprobs[rows, chosen] + beside[chosen] - wanted.commonplace * pen.plain[chosen]
        for text, own, number in zip(seen, answers.texts, chosen.tolist(), strict=True):
            text.append(number)
            own.append(number)
