"""How well the network knows verse it never saw: perplexity, form by form, and the score of any poem.

Perplexity is exp of the mean negative log-probability a character, over all characters of all poems. It is honest about
rare characters: whatever is not in the vocabulary is one class, unknown, and each such character costs besides
ln(rare_kinds), as if the network guessed evenly among all kinds that unknown stands for. "Form-only" means that the
network is told the form and nothing else: no title, author, keywords, dynasty or rhyme group.
"""

from __future__ import annotations

import math

import torch

from models.poem_rnn.dataset import Data, Poems
from models.poem_rnn.network import FORMS, PoemRnn, Wishes

LYRICS = "词"


@torch.no_grad()
def log_probabilities(network: PoemRnn, form: str, text: torch.Tensor) -> torch.Tensor:
    """(B, T) natural log-probabilities of every character, told the form alone; unknown ones at their honest cost."""
    text = text.to(network.device)
    wishes = Wishes.none(len(text), network.config).to(network.device)
    found: torch.Tensor = network(text, form=form, wishes=wishes).logprobs
    unknown = network.config.classes - 1
    return found - (text == unknown) * math.log(max(network.config.rare_kinds, 1))


def form_only(network: PoemRnn, data: Data, *, side: str, stride: int = 1, batch: int = 64) -> dict[str, float]:
    """Form-only perplexity of a side, {"all": .., "五绝": ..}, on every `stride`-th poem of each form it knows.

    "all" are the four regulated forms; the tunes of 词, if there are any, are together as "词".
    """
    was_training = network.training
    network.eval()
    known = {form: poems for form, poems in data.sides[side].items() if form in network.config.lengths}
    sums = {form: _sum(network, poems, stride, batch) for form, poems in known.items()}
    network.train(was_training)
    groups = {"all": [form for form in sums if form in FORMS], LYRICS: [form for form in sums if form not in FORMS]}
    totals = {
        name: tuple(map(sum, zip(*(sums[form] for form in own), strict=True))) for name, own in groups.items() if own
    }
    return {name: math.exp(nats / max(count, 1)) for name, (nats, count) in {**totals, **sums}.items()}


def _sum(network: PoemRnn, poems: Poems, stride: int, batch: int) -> tuple[float, int]:
    """(nats, characters) of one form's poems."""
    text, nats = torch.from_numpy(poems.text[::stride]), 0.0
    for part in torch.split(text, batch):
        nats -= log_probabilities(network, poems.form, part).double().sum().item()
    return nats, text.numel()
