"""The poet's pen: one step of the network for verse being written, what is asked of it, and the draw of a character.

Whoever writes is a generator, which yields the steps that it needs and is sent what they give; so any number of poems,
of all kinds, goes on side by side, and where a row gives the same among others as alone (int8.py) their steps share one
run of the network, which for a few rows takes as long as its weights take to come from memory (iteration-level
batching; Yu et al. 2022, Orca, https://www.usenix.org/conference/osdi22/presentation/yu). The same numbers on every
processor of a kind: single precision or integers in the network, double in the draw (sample.py). Which characters may
stand where is decided by whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.poem_rnn.network import PoemRnn, Wishes
from models.poem_rnn.tokenizer import Vocabulary
from models.poem_rnn.wishes import OLD_COMMONPLACE
from models.recipe import Poem, Recipe

GUIDANCE = 2.0  # of 0, 1 and 2 the nearest to the poets' own characters, and not less probable to the plain network
_SCORED = 4  # poems read at once: the logits of more have no room in the cache
_SMALL = (5e-5, 0.0)  # weights under the first are passed over where the others hold enough: few are to be sorted
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pen:
    """A network at hand for writing. vectors: its characters', worked out once; plain: (V,) log-probability of every
    character as a mere character."""

    network: PoemRnn
    vectors: Tensor
    plain: Floats
    _places: dict[str, list[tuple[list[int], int]]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, network: PoemRnn) -> Pen:
        """The pen of that network."""
        config = network.config
        counts = np.array(config.counts[: len(config.characters)], dtype=np.float64) + 1
        return cls(network, network.vectors().detach(), np.log(counts / counts.sum()))

    @cached_property
    def nothing(self) -> int:
        """The number that stands where there is no character."""
        return self.network.config.classes

    def places(self, form: str) -> list[tuple[list[int], int]]:
        """For every place of a form, where the network looks from there and the place's number among those of all."""
        if form not in self._places:
            self._places[form] = list(
                zip(self.network.looks(form).tolist(), self.network.places(form).tolist(), strict=True)
            )
        return self._places[form]

    @property
    def joins(self) -> bool:
        """Whether a row gives the same numbers alone and among others, so that steps may share a run."""
        return self.network.packed is not None

    def wishes(self, inputs: Mapping[str, Any]) -> Wishes:
        """Title and keywords of a recipe, if any, as the network was told them in training."""
        wishes, vocabulary = Wishes.none(1, self.network.config).to(self.vectors.device), self.vocabulary
        if inputs.get("title"):
            wishes.title = wishes.title.new_tensor([vocabulary.encode(inputs["title"])])
        if inputs.get("keywords"):
            wishes.keywords = wishes.keywords.new_tensor([vocabulary.encode(inputs["keywords"])])
        return wishes

    def ask(self, wishes: Wishes) -> Tensor:
        """(B, C): what is asked, as the layers read it."""
        return self.network.asked(wishes, self.vectors[wishes.title], self.vectors[wishes.keywords])

    def wished(self, asked: Tensor, count: int) -> Tensor:
        """(layers, G * count, 3H): what is asked (G, C), as the layers read it for so many texts."""
        return torch.stack(self.network.wished(asked.repeat_interleave(count, dim=0)))

    @property
    def vocabulary(self) -> Vocabulary:
        """The numbers of its characters."""
        return Vocabulary(self.network.config.characters)

    def start(self, count: int) -> Tensor:
        """(layers, count, H): the state before anything is read."""
        config = self.network.config
        return self.vectors.new_zeros(config.layers, count, config.hidden)

    def step(
        self, texts: Sequence[Sequence[int]], form: str, wished: Tensor, state: Tensor
    ) -> Generator[Step, Stepped, Stepped]:
        """Asks for ((G, N, V) log-probabilities of the next character, state after reading up to it).

        wished: (layers, G * N, 3H), of `Pen.wished`; state: (layers, G * N, H), the G readers one after the other.
        """
        return (yield Step(self, texts, form, wished, state))


@dataclass(frozen=True)
class Step:
    """What writing asks of the network: N texts of one length, read by G readers (Pen.step)."""

    pen: Pen
    texts: Sequence[Sequence[int]]
    form: str
    wished: Tensor
    state: Tensor

    @property
    def readers(self) -> int:
        """G."""
        return self.state.shape[1] // len(self.texts)

    def seen(self) -> tuple[list[list[int]], int]:
        """(G * N rows of the five characters that are read, their place among all places of all forms)."""
        at, nothing = len(self.texts[0]), self.pen.nothing
        look, place = self.pen.places(self.form)[at]
        rows = [[nothing if where < 0 else text[where] for where in look] for text in self.texts]
        return rows * self.readers, place


@dataclass(frozen=True)
class Score:
    """Asks for the mean log-probability of a text's characters, when the network is told the form alone."""

    pen: Pen
    text: Sequence[int]
    form: str


Stepped = tuple[Floats, Tensor]
Writing = Generator[Step | Score, Any, Poem | None]


def write_together(
    writings: Iterable[Writing],
    done: Callable[[int, Poem | Exception | None], None],
    more: Callable[[], Iterable[Writing]] = tuple,
) -> list[Poem | None]:
    """Goes through all writings step by step, side by side; `done` hears of each as it ends, or what it raised.

    Before each step `more` gives those that join them then, numbered on (continuous batching).
    """
    begun = list[Writing]()
    found = list[Poem | None]()
    asked: dict[int, Step | Score] = {}

    def go_on(number: int, answer: Stepped | float | None) -> None:
        try:
            asked[number] = begun[number].send(answer)
        except StopIteration as end:
            asked.pop(number, None)
            found[number] = end.value
            done(number, end.value)
        except Exception as error:  # a writing's failure is its own
            asked.pop(number, None)
            done(number, error)

    def begin(writings: Iterable[Writing]) -> None:
        for writing in writings:
            begun.append(writing)
            found.append(None)
            go_on(len(begun) - 1, None)

    begin(writings)
    while asked:
        begin(more())
        for number, answer in sorted(_answers(asked), key=lambda pair: pair[0]):
            go_on(number, answer)
    return found


def _answers(asked: Mapping[int, Step | Score]) -> Iterator[tuple[int, Stepped | float]]:
    """By number. What one pen is asked for shares a run of the network, unless a row then gave other numbers."""
    groups: dict[object, list[int]] = {}
    for number, one in asked.items():
        alike = one.form if isinstance(one, Score) else None  # what a run may hold of
        groups.setdefault((alike, id(one.pen) if one.pen.joins else (number,)), []).append(number)
    for numbers in groups.values():
        steps = [one for number in numbers if isinstance(one := asked[number], Step)]
        scores = [one for number in numbers if isinstance(one := asked[number], Score)]
        yield from zip(numbers, [*(_run(steps) if steps else ()), *(_score(scores) if scores else ())], strict=True)


def _score(scores: Sequence[Score]) -> list[float]:
    """What each asks for, of one form all in one run of their network."""
    pen, means = scores[0].pen, list[float]()
    for start in range(0, len(scores), _SCORED):
        some = scores[start : start + _SCORED]
        texts = torch.tensor([score.text for score in some], device=pen.vectors.device)
        wishes = Wishes.none(len(texts), pen.network.config).to(texts.device)
        found = pen.network(texts, form=some[0].form, wishes=wishes, vectors=pen.vectors)
        means += [row.double().mean().item() for row in found.logprobs]
    return means


def _run(steps: Sequence[Step]) -> Iterator[Stepped]:
    """What each step asks for, all in one run of their network."""
    pen, device = steps[0].pen, steps[0].state.device
    read = [step.seen() for step in steps]
    seen = torch.tensor([[row for rows, _ in read for row in rows]], device=device)  # (1, B, 5)
    places = torch.tensor([[place for rows, place in read for _ in rows]], device=device)
    wished, state = (_beside([getattr(step, name) for step in steps]) for name in ("wished", "state"))
    hidden, after = pen.network.carry(pen.network.read(seen, pen.vectors[seen], places), wished.unbind(), state)
    logprobs = pen.network.log_softmax(hidden[0], pen.vectors)[:, : len(pen.network.config.characters)]
    found, start = logprobs.cpu().numpy(), 0
    for step in steps:
        rows = slice(start, start := start + step.state.shape[1])
        yield found[rows].astype(np.float64).reshape(step.readers, len(step.texts), -1), after[:, rows]


def _beside(parts: Sequence[Tensor]) -> Tensor:
    """(layers, B, .): the rows of all steps."""
    return parts[0] if len(parts) == 1 else torch.cat(list(parts), dim=1)


def commonplace(recipe: Recipe) -> float:
    """How much of the log-probability of its mere characters a line of that recipe pays, so that the blander of two
    does not always win (maximum mutual information; Li et al. 2016, https://arxiv.org/abs/1510.03055)."""
    return float(recipe.parameters.get("commonplace", OLD_COMMONPLACE))


def guided(told: Floats, plain: Floats) -> Floats:
    """(N, V): of those told and those not told of the poet, what the telling changes, GUIDANCE times more.

    Classifier-free guidance (Ho & Salimans 2022, https://arxiv.org/abs/2207.12598) for a language model.
    """
    pushed = told + GUIDANCE * (told - plain)
    return np.asarray(pushed - np.log(np.exp(pushed).sum(axis=1, keepdims=True)), dtype=np.float64)


def choose(
    logprobs: Floats, free: NDArray[np.bool_], parameters: Mapping[str, float], draws: Floats
) -> NDArray[np.int64]:
    """(N,) one character a row by its uniform draw, of the most probable that hold top_p together.

    logprobs, free: (N, V), free where a character may stand; columns that no row may have are not looked at. The draw
    runs through the characters in the order of the vocabulary, not of their probability, so that differences in the
    last digits between processors do not exchange neighbours.
    """
    columns = np.flatnonzero(free.any(axis=0))
    scaled = np.take(logprobs, columns, axis=1) / parameters["temperature"]
    if len(free) > 1:  # of one row every column is free
        scaled[~np.take(free, columns, axis=1)] = -np.inf
    weights = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    chosen = [_draw(row, parameters["top_p"], draw) for row, draw in zip(weights, draws.tolist(), strict=True)]
    return np.asarray(columns[chosen], dtype=np.int64)


def _draw(weights: Floats, top_p: float, draw: float) -> int:
    """The column of a row (C,), of its largest weights that hold top_p together, at that share of what they hold."""
    kept = np.flatnonzero(weights >= _least(weights, top_p))
    edges = np.cumsum(weights[kept])
    return int(kept[min(int(np.searchsorted(edges, draw * edges[-1], side="right")), len(kept) - 1)])


def _least(weights: Floats, top_p: float) -> float:
    """The least of a row's largest weights that hold top_p together; mostly they are the few that are not small."""
    for small in _SMALL:
        order = np.sort(weights[weights >= small])[::-1]
        sums = np.cumsum(order)
        if len(sums) and sums[-1] >= top_p:
            break
    enough = int(np.searchsorted(sums, top_p))  # how many are needed, less one
    return float(order[min(enough, len(order) - 1)])
