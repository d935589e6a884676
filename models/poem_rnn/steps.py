"""The poet's pen: one step of the network for verse being written, what is asked of it, and the draw of a character.

The same numbers on every processor of a kind: single precision in the network, double in the draw (sample.py). Which
characters may stand where is decided by whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.poem_rnn.network import PoemRnn, Wishes
from models.poem_rnn.tokenizer import Vocabulary

CLICHE = 0.3  # chosen by reading; 0 lets commonplaces win, .5 prefers rare words to sense
GUIDANCE = 2.0  # of 0, 1 and 2 the nearest to the poets' own characters, and not less probable to the plain network
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pen:
    """A network at hand for writing. vectors: its characters', worked out once; plain: (V,) log-probability of every
    character as a mere character."""

    network: PoemRnn
    vectors: Tensor
    plain: Floats

    @classmethod
    def of(cls, network: PoemRnn) -> Pen:
        """The pen of that network."""
        config = network.config
        counts = np.array(config.counts[: len(config.characters)], dtype=np.float64) + 1
        return cls(network, network.vectors().detach(), np.log(counts / counts.sum()))

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

    @property
    def vocabulary(self) -> Vocabulary:
        """The numbers of its characters."""
        return Vocabulary(self.network.config.characters)

    def start(self, count: int) -> Tensor:
        """(layers, count, H): the state before anything is read."""
        config = self.network.config
        return self.vectors.new_zeros(config.layers, count, config.hidden)

    def step(self, texts: Sequence[Sequence[int]], form: str, asked: Tensor, state: Tensor) -> tuple[Floats, Tensor]:
        """((N, V) log-probabilities of the next character, state after reading up to it).

        asked: (G, C); state: (layers, G * N, H), the G readers one after the other.
        """
        network, place = self.network, len(texts[0])
        rows = [[*text, network.config.classes] for text in texts] * len(asked)
        numbers = torch.tensor(rows, device=state.device)
        seen = numbers[:, network.looks(form)[place]][None]  # (1, G * N, 5); -1 is the last: nothing
        x = network.read(seen, self.vectors[seen], network.places(form)[place : place + 1])
        hidden, state = network.run(x, asked.repeat_interleave(len(texts), dim=0), state)
        logprobs = network.log_softmax(hidden[0], self.vectors)[:, : len(network.config.characters)]
        found: Floats = logprobs.double().cpu().numpy()
        return (found if len(asked) == 1 else _guided(found)), state


def _guided(logprobs: Floats) -> Floats:
    """(N, V) of (2N, V): of those told and those not told of the poet, what the telling changes, GUIDANCE times more.

    Classifier-free guidance (Ho & Salimans 2022, https://arxiv.org/abs/2207.12598) for a language model.
    """
    told, plain = np.split(logprobs, 2)
    pushed = told + GUIDANCE * (told - plain)
    return np.asarray(pushed - np.log(np.exp(pushed).sum(axis=1, keepdims=True)), dtype=np.float64)


def choose(logprobs: Floats, parameters: Mapping[str, float], draws: Floats) -> NDArray[np.int64]:
    """(N,) one character a row by its uniform draw, of the most probable that hold top_p together.

    logprobs: (N, V), -inf where a character may not stand; columns that no row may have are not looked at. The draw
    runs through the characters in the order of the vocabulary, not of their probability, so that differences in the
    last digits between processors do not exchange neighbours.
    """
    columns = np.flatnonzero((logprobs > -np.inf).any(axis=0))
    scaled = logprobs[:, columns] / parameters["temperature"]
    weights = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    order = np.sort(weights, axis=1)[:, ::-1]
    enough = (np.cumsum(order, axis=1) < parameters["top_p"]).sum(axis=1)  # how many are needed, less one
    least = np.take_along_axis(order, np.minimum(enough, weights.shape[1] - 1)[:, None], axis=1)
    edges = np.cumsum(np.where(weights >= least, weights, 0.0), axis=1)
    chosen = (edges <= draws[:, None] * edges[:, -1:]).sum(axis=1)
    return np.asarray(columns[np.minimum(chosen, weights.shape[1] - 1)], dtype=np.int64)
