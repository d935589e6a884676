"""Writes poems: the network's probabilities within the plan's bounds, several candidates a line, the best one kept.

Each line is written `candidates` times from the same state, by sampling with a temperature within the smallest set of
characters that holds `top_p` of the probability (nucleus sampling; Holtzman et al. 2020,
https://arxiv.org/abs/1904.09751); the candidate of the highest score goes on. The score is the log-probability of its
characters, given all that is asked, less `commonplace` times their log-probability as mere characters (steps.py).

The same recipe gives the same poem, alone or among others: every recipe has its own random numbers (Philox, from its
seed). Where it asks for eight bits the network computes in integers (int8.py), and those that are written together
share its runs (steps.py); otherwise in single precision, each by itself in products of its own fixed shape,
(candidates, .). All on one thread; sampling runs in double precision. Given characters are set, not sampled, and count
in the score, so that of the candidates the one wins that leads to them best.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models import Card, nobody_comes, nobody_waits
from models.poem_rnn.anthology import anthology
from models.poem_rnn.cento import gather
from models.poem_rnn.cipai import TUNES, tune
from models.poem_rnn.couplet import COUPLET
from models.poem_rnn.forms import cut
from models.poem_rnn.given import BLANK
from models.poem_rnn.int8 import available, to_int8
from models.poem_rnn.modern import MODERN
from models.poem_rnn.network import PoemRnn
from models.poem_rnn.plan import Allowance, Plan, make_plan
from models.poem_rnn.prosody import rhyme_book
from models.poem_rnn.replying import reply
from models.poem_rnn.steps import Pen, Score, Step, Stepped, Writing, choose, commonplace, guided, write_together
from models.poem_rnn.variants import VARIANTS
from models.poem_rnn.weights import read_weights
from models.poem_rnn.wishes import validate
from models.recipe import Poem, Recipe, Result, Stage


@dataclass
class _Draft:
    """A poem being written: what is given at each place, the characters so far, the state (layers, G, H) after them."""

    plan: Plan
    given: list[int | None]
    chance: np.random.Generator
    text: list[int]
    state: Tensor
    pen: Pen
    allowed: Allowance


def load(card: Card, device: str) -> Poet:
    """The poet of that card, on that device."""
    return Poet(card, read_weights(card.weights, device))


class Poet:
    """A network that cooks poem recipes (models.Maker)."""

    def __init__(self, card: Card, network: PoemRnn) -> None:
        self._card, self.network = card, network
        self._pen = self._fast = Pen.of(network)
        if available() and self._pen.vectors.device.type == "cpu":
            self._fast = Pen.of(to_int8(network))
        words, barred = (network.config.characters, network.config.doubled), "".join(VARIANTS)
        self._allowed = {rhymes: Allowance(*words, rhymes, barred) for rhymes in (None, MODERN)}
        self._allowed_once = {rhymes: Allowance(*words, rhymes) for rhymes in (None, MODERN)}

    def batch_key(self, recipe: Recipe) -> tuple[object, ...]:
        """All poems of the same weights may be cooked in one run."""
        return (recipe.model, recipe.weights)

    @torch.inference_mode()
    def run(
        self,
        recipes: list[Recipe],
        report: Callable[[int, Stage], None],
        cancelled: Callable[[int], bool],
        done: Callable[[int, Result | Exception | None], None] = nobody_waits,
        more: Callable[[], list[Recipe]] = nobody_comes,
    ) -> list[Result | None]:
        """Writes all recipes side by side, and those that come; reports each line as it stands. Raises RecipeError."""
        numbers = count()

        def writings(recipes: list[Recipe]) -> list[Writing]:
            return [self._cook(next(numbers), recipe, report, cancelled) for recipe in recipes]

        threads = torch.get_num_threads()
        torch.set_num_threads(1)
        try:
            return [*write_together(writings(recipes), done, lambda: writings(more()))]
        finally:
            torch.set_num_threads(threads)

    def _cook(
        self, index: int, recipe: Recipe, report: Callable[[int, Stage], None], cancelled: Callable[[int], bool]
    ) -> Writing:
        validate(recipe, self._card)
        pen = self._pen_of(recipe)
        if recipe.inputs["form"] == COUPLET:
            return (yield from reply(pen, self._allowance(recipe, None), recipe, lambda: cancelled(index)))
        if "cento" in recipe.inputs:
            return (
                yield from gather(
                    pen,
                    anthology(),
                    recipe,
                    lambda done, poem: report(index, Stage(done, poem)),
                    lambda: cancelled(index),
                )
            )
        return (yield from self._write(index, recipe, report, cancelled))

    @property
    def pen(self) -> Pen:
        """That of today's recipes."""
        return self._fast

    def _pen_of(self, recipe: Recipe) -> Pen:
        """That of the precision asked for; on other devices than processors there is one."""
        return self._fast if "bits" in recipe.parameters else self._pen

    def _allowance(self, recipe: Recipe, rhymes: str | None) -> Allowance:
        """What may be written by that book; recipes from before there were eight bits may have variants."""
        return (self._allowed if "bits" in recipe.parameters else self._allowed_once)[rhymes]

    def _write(
        self, index: int, recipe: Recipe, report: Callable[[int, Stage], None], cancelled: Callable[[int], bool]
    ) -> Writing:
        chance = np.random.Generator(np.random.Philox(key=recipe.seed))
        plan = make_plan(recipe.inputs, chance)
        pen = self._pen_of(recipe)
        asked = self._asked(pen, plan, recipe.inputs)
        state, wished = pen.start(len(asked)), pen.wished(asked, int(recipe.parameters["candidates"]))
        allowed = self._allowance(recipe, plan.book)
        draft = _Draft(plan, self._given(plan), chance, text=[], state=state, pen=pen, allowed=allowed)
        for line in range(len(plan.marks)):
            if cancelled(index):
                return None
            yield from self._add_line(draft, line, wished, recipe)
            report(index, Stage((line + 1) / len(plan.marks), self._poem(draft)))
        return self._poem(draft, (yield Score(pen, draft.text, plan.form)))

    def _given(self, plan: Plan) -> list[int | None]:
        """The number of the character that is given at every place, None where there is none."""
        vocabulary = self._pen.vocabulary
        return [None if c == BLANK else vocabulary.encode(c)[0] for text in plan.given for c in text]

    def _asked(self, pen: Pen, plan: Plan, inputs: Mapping[str, Any]) -> Tensor:
        """(1, C): the rhyme group, and title and keywords if any, as the network was told them in training.

        With a manner (2, C): first told of its poet, then not, for `guided`.
        """
        wishes = pen.wishes(inputs)
        part = next((part for part in plan.parts if part is not None), None)
        if part is not None:
            wishes.rhyme = wishes.rhyme.new_tensor([self.network.config.groups + 1 + part])
        elif plan.book is None:  # the network has learnt no other book
            wishes.rhyme = wishes.rhyme.new_tensor([rhyme_book().names.index(plan.rhyme)])
        plain = pen.ask(wishes)
        if not inputs.get("manner"):
            return plain
        poet = self._card.facts["manners"][inputs["manner"]]["number"]
        told = replace(wishes, author=wishes.author.new_tensor([poet]))
        return torch.cat([pen.ask(told), plain])

    def _add_line(self, draft: _Draft, line: int, wished: Tensor, recipe: Recipe) -> Generator[Step, Stepped, None]:
        """Writes the next line `candidates` times and keeps the best."""
        count, width = int(recipe.parameters["candidates"]), draft.plan.lengths[line]
        if draft.plan.form in TUNES and line in tune(draft.plan.form).same:
            draft.given[len(draft.text) : len(draft.text) + width] = draft.text[-width:]
        texts, state = [list(draft.text) for _ in range(count)], draft.state.repeat_interleave(count, dim=1)
        scores = np.zeros(count)
        for column in range(width):
            read, state = yield from draft.pen.step(texts, draft.plan.form, wished, state)
            logprobs = guided(*read) if len(read) > 1 else read[0]
            draws = draft.chance.random(count)
            if (given := draft.given[len(texts[0])]) is None:
                free = self._free(draft, line, column, texts)
                chosen = choose(logprobs, free, recipe.parameters, draws)
            else:
                chosen = np.full(count, given, dtype=np.int64)
            scores += logprobs[np.arange(count), chosen] - commonplace(recipe) * self._pen.plain[chosen]
            for text, character in zip(texts, chosen.tolist(), strict=True):
                text.append(character)
        best = int(np.argmax(scores))
        draft.text, draft.state = texts[best], state[:, best::count]

    def _free(self, draft: _Draft, line: int, column: int, texts: list[list[int]]) -> NDArray[np.bool_]:
        """(N, V) what may follow each text; repetition where nothing new is left, which takes a whole rhyme group."""
        plan, width, allowance = draft.plan, draft.plan.lengths[line], draft.allowed
        allowed = allowance.at(plan, line, column)
        ahead = [number for number in draft.given[len(texts[0]) :] if number is not None]
        rhyme = column == width - 1 and plan.rhymes(line)
        since = 0 if rhyme else sum(plan.lengths[: plan.apart(line)])
        new = [allowed & allowance.unused(text, width, column, ahead, since) for text in texts]
        return np.stack([own if own.any() else allowed for own in new])

    def _poem(self, draft: _Draft, logprob: float = math.nan) -> Poem:
        """The poem so far."""
        written = "".join(draft.pen.network.config.characters[number] for number in draft.text)
        return Poem(draft.plan.form, cut(draft.plan.form, written), draft.plan.rhyme, logprob)
