"""Writes poems: the network's probabilities within the plan's bounds, several candidates a line, the best one kept.

Each line is written `candidates` times from the same state, by sampling with a temperature within the smallest set of
characters that holds `top_p` of the probability (nucleus sampling; Holtzman et al. 2020,
https://arxiv.org/abs/1904.09751); the candidate of the highest score goes on. The score is the mean log-probability of
its characters, given all that is asked, less `CLICHE` times their mean log-probability as mere characters, so that
commonplace characters do not always win (maximum mutual information; Li et al. 2016, https://arxiv.org/abs/1510.03055).

The same recipe gives the same poem, alone or among others: every recipe has its own random numbers (Philox, from its
seed) and is computed by itself in products of its own fixed shape, (candidates, .), on one thread, in single precision;
sampling runs in double precision. Speed comes from elsewhere. Given characters are set, not sampled, and count in the
score, so that of the candidates the one wins that leads to them best.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models import Card
from models.poem_rnn.given import BLANK
from models.poem_rnn.network import PLACES, PoemRnn, Wishes, sources
from models.poem_rnn.plan import Allowance, Plan, make_plan
from models.poem_rnn.prosody import rhyme_book
from models.poem_rnn.tokenizer import Vocabulary
from models.poem_rnn.weights import read_weights
from models.poem_rnn.wishes import validate
from models.recipe import Poem, Recipe, Result, Stage

CLICHE = 0.3  # chosen by reading; 0 lets commonplaces win, .5 prefers rare words to sense
GUIDANCE = 2.0  # of 0, 1 and 2 the nearest to the poets' own characters, and not less probable to the plain network
Floats = NDArray[np.float64]


@dataclass
class _Draft:
    """A poem being written: what is given at each place, the characters so far, the state (layers, G, H) after them."""

    plan: Plan
    given: list[int | None]
    chance: np.random.Generator
    text: list[int]
    state: Tensor


def load(card: Card, device: str) -> Poet:
    """The poet of that card, on that device."""
    return Poet(card, read_weights(card.weights, device))


class Poet:
    """A network that cooks poem recipes (models.Maker)."""

    def __init__(self, card: Card, network: PoemRnn) -> None:
        self._card, self.network = card, network
        config = network.config
        self._vectors = network.vectors().detach()
        self._allowed = Allowance(config.characters, config.doubled)
        counts = np.array(config.counts[: len(config.characters)], dtype=np.float64) + 1
        self._plain = np.log(counts / counts.sum())

    def batch_key(self, recipe: Recipe) -> tuple[object, ...]:
        """All poems of the same weights may be cooked in one run."""
        return (recipe.model, recipe.weights)

    def run(
        self, recipes: list[Recipe], report: Callable[[int, Stage], None], cancelled: Callable[[int], bool]
    ) -> list[Result | None]:
        """Writes every recipe, one after the other; reports each line as it stands. Raises RecipeError."""
        for recipe in recipes:
            validate(recipe, self._card)
        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return [self._write(i, recipe, report, cancelled) for i, recipe in enumerate(recipes)]
        finally:
            torch.set_num_threads(threads)

    @torch.inference_mode()
    def _write(
        self, index: int, recipe: Recipe, report: Callable[[int, Stage], None], cancelled: Callable[[int], bool]
    ) -> Poem | None:
        chance = np.random.Generator(np.random.Philox(key=recipe.seed))
        plan = make_plan(recipe.inputs, chance)
        config = self.network.config
        asked = self._asked(plan, recipe.inputs)
        state = self._vectors.new_zeros(config.layers, len(asked), config.hidden)
        draft = _Draft(plan=plan, given=self._given(plan), chance=chance, text=[], state=state)
        for line in range(len(plan.types)):
            if cancelled(index):
                return None
            self._add_line(draft, line, asked, recipe)
            poem = self._poem(draft)
            report(index, Stage((line + 1) / len(plan.types), poem))
        return poem

    def _given(self, plan: Plan) -> list[int | None]:
        """The number of the character that is given at every place, None where there is none."""
        vocabulary = Vocabulary(self.network.config.characters)
        return [None if c == BLANK else vocabulary.encode(c)[0] for text in plan.given for c in text]

    def _asked(self, plan: Plan, inputs: Mapping[str, Any]) -> Tensor:
        """(1, C): the rhyme group, and title and keywords if any, as the network was told them in training.

        With a manner (2, C): first told of its poet, then not, for `_guided`.
        """
        wishes = Wishes.none(1, self.network.config).to(self._vectors.device)
        vocabulary = Vocabulary(self.network.config.characters)
        if inputs.get("title"):
            wishes.title = wishes.title.new_tensor([vocabulary.encode(inputs["title"])])
        if inputs.get("keywords"):
            wishes.keywords = wishes.keywords.new_tensor([vocabulary.encode(inputs["keywords"])])
        wishes.rhyme = wishes.rhyme.new_tensor([rhyme_book().names.index(plan.rhyme)])
        plain = self.network.asked(wishes, self._vectors[wishes.title], self._vectors[wishes.keywords])
        if not inputs.get("manner"):
            return plain
        poet = self._card.facts["manners"][inputs["manner"]]["number"]
        told = replace(wishes, author=wishes.author.new_tensor([poet]))
        return torch.cat([self.network.asked(told, self._vectors[told.title], self._vectors[told.keywords]), plain])

    def _add_line(self, draft: _Draft, line: int, asked: Tensor, recipe: Recipe) -> None:
        """Writes the next line `candidates` times and keeps the best."""
        count, width = int(recipe.parameters["candidates"]), PLACES[draft.plan.form][1]
        texts, state = [list(draft.text) for _ in range(count)], draft.state.repeat_interleave(count, dim=1)
        scores = np.zeros(count)
        for column in range(width):
            logprobs, state = self._step(texts, draft.plan.form, asked, state)
            draws = draft.chance.random(count)
            if (given := draft.given[line * width + column]) is None:
                free = self._free(draft, line, column, texts)
                chosen = _choose(np.where(free, logprobs, -np.inf), recipe.parameters, draws)
            else:
                chosen = np.full(count, given, dtype=np.int64)
            scores += logprobs[np.arange(count), chosen] - CLICHE * self._plain[chosen]
            for text, character in zip(texts, chosen.tolist(), strict=True):
                text.append(character)
        best = int(np.argmax(scores))
        draft.text, draft.state = texts[best], state[:, best::count]

    def _free(self, draft: _Draft, line: int, column: int, texts: list[list[int]]) -> NDArray[np.bool_]:
        """(N, V) what may follow each text; repetition where nothing new is left, which takes a whole rhyme group."""
        plan, width = draft.plan, PLACES[draft.plan.form][1]
        allowed = self._allowed.at(plan, line, column)
        ahead = [number for number in draft.given[line * width + column :] if number is not None]
        new = [allowed & self._allowed.unused(text, width, ahead) for text in texts]
        return np.stack([own if own.any() else allowed for own in new])

    def _step(self, texts: list[list[int]], form: str, asked: Tensor, state: Tensor) -> tuple[Floats, Tensor]:
        """((N, V) log-probabilities of the next character, state after reading up to it).

        asked: (G, C); state: (layers, G * N, H), the G readers one after the other.
        """
        network, place = self.network, len(texts[0])
        rows = [[*text, network.config.classes] for text in texts] * len(asked)
        numbers = torch.tensor(rows, device=state.device)
        seen = numbers[:, sources(form)[place].to(state.device)][None]  # (1, G * N, 5); -1 is the last: nothing
        x = network.read(seen, self._vectors[seen], network.places(form)[place : place + 1])
        hidden, state = network.run(x, asked.repeat_interleave(len(texts), dim=0), state)
        logprobs = network.log_softmax(hidden[0], self._vectors)[:, : len(network.config.characters)]
        found: Floats = logprobs.double().cpu().numpy()
        return (found if len(asked) == 1 else _guided(found)), state

    def _poem(self, draft: _Draft) -> Poem:
        """The poem so far, with its log-probability when the network is told the form alone."""
        config, (lines, width) = self.network.config, PLACES[draft.plan.form]
        padded = draft.text + [config.classes - 1] * (lines * width - len(draft.text))
        text = torch.tensor([padded], device=self._vectors.device)
        wishes = Wishes.none(1, config).to(text.device)
        found = self.network(text, form=draft.plan.form, wishes=wishes, vectors=self._vectors)
        logprobs = found.logprobs[0, : len(draft.text)]
        written = "".join(config.characters[number] for number in draft.text)
        return Poem(
            form=draft.plan.form,
            lines=tuple(written[start : start + width] for start in range(0, len(written), width)),
            rhyme=draft.plan.rhyme,
            logprob=logprobs.double().mean().item(),
        )


def _guided(logprobs: Floats) -> Floats:
    """(N, V) of (2N, V): of those told and those not told of the poet, what the telling changes, GUIDANCE times more.

    Classifier-free guidance (Ho & Salimans 2022, https://arxiv.org/abs/2207.12598) for a language model.
    """
    told, plain = np.split(logprobs, 2)
    pushed = told + GUIDANCE * (told - plain)
    return np.asarray(pushed - np.log(np.exp(pushed).sum(axis=1, keepdims=True)), dtype=np.float64)


def _choose(logprobs: Floats, parameters: Mapping[str, float], draws: Floats) -> NDArray[np.int64]:
    """(N,) one character a row by its uniform draw, of the most probable that hold top_p together.

    The draw runs through the characters in the order of the vocabulary, not of their probability, so that differences
    in the last digits between processors do not exchange neighbours.
    """
    scaled = logprobs / parameters["temperature"]
    weights = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    order = np.sort(weights, axis=1)[:, ::-1]
    enough = (np.cumsum(order, axis=1) < parameters["top_p"]).sum(axis=1)  # how many are needed, less one
    least = np.take_along_axis(order, np.minimum(enough, weights.shape[1] - 1)[:, None], axis=1)
    edges = np.cumsum(np.where(weights >= least, weights, 0.0), axis=1)
    chosen = (edges <= draws[:, None] * edges[:, -1:]).sum(axis=1)
    return np.asarray(np.minimum(chosen, weights.shape[1] - 1), dtype=np.int64)
