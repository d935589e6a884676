"""The poet's network in the hands of `transformers`: `generate()` with the bounds of a plan as a logits processor.

It carries the state from step to step, as the house's own decoding does, and samples by the same temperature and share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor
from transformers import GenerationConfig, GenerationMixin, LogitsProcessor, LogitsProcessorList
from transformers.utils import ModelOutput

from models.poem_rnn.network import PoemRnn, Wishes
from models.poem_rnn.plan import Allowance, make_plan
from models.recipe import Recipe


@dataclass
class Said(ModelOutput):  # type: ignore[misc]
    """logits: (B, 1, classes + 1) of the next character; state: (layers, B, H)."""

    logits: Tensor | None = None
    state: Tensor | None = None


class Speaker(PoemRnn, GenerationMixin):  # type: ignore[misc]
    """The network with what `generate()` asks of one. Its texts begin with `nothing`."""

    form = "七绝"
    _is_stateful = True

    def prepare_inputs_for_generation(self, input_ids: Tensor, **kwargs: Any) -> dict[str, Any]:
        return {"input_ids": input_ids, "state": kwargs.get("state"), "asked": kwargs["asked"]}

    def _update_model_kwargs_for_generation(self, outputs: Said, model_kwargs: dict[str, Any], **_: Any) -> Any:
        return model_kwargs | {"state": outputs.state}

    def forward(self, input_ids: Tensor, state: Tensor | None = None, asked: Tensor | None = None, **_: Any) -> Said:  # type: ignore[override]
        """One step, for the character after the texts."""
        place, nothing = input_ids.shape[1] - 1, self.config.classes
        padded = torch.cat([input_ids[:, 1:], input_ids.new_full((len(input_ids), 1), nothing)], dim=1)
        seen = padded[:, self.looks(self.form)[place]][None]
        x = self.read(seen, self.known[seen], self.places(self.form)[place : place + 1])
        assert asked is not None
        hidden, after = self.run(x, asked, state)
        logits = self.log_softmax(hidden[0], self.known)
        return Said(torch.nn.functional.pad(logits, (0, 1), value=-torch.inf)[:, None], after)


class Bounds(LogitsProcessor):  # type: ignore[misc]
    """Only what may stand at a place of the plan."""

    def __init__(self, recipe: Recipe, allowance: Allowance) -> None:
        self.plan = make_plan(recipe.inputs, np.random.default_rng(recipe.seed))
        self.allowance = allowance

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        texts = input_ids[:, 1:].tolist()
        line, column = divmod(len(texts[0]), self.plan.lengths[0])
        allowed = self.allowance.at(self.plan, line, column)
        width = self.plan.lengths[line]
        free = np.stack([allowed & self.allowance.unused(text, width, column, [], 0) for text in texts])
        free = np.where(free.any(axis=1, keepdims=True), free, allowed)
        barred = torch.from_numpy(np.pad(~free, ((0, 0), (0, scores.shape[1] - free.shape[1])), constant_values=True))
        return scores.masked_fill(barred, -torch.inf)


def speaker(network: PoemRnn) -> Speaker:
    """The same weights, ready to generate."""
    found = Speaker(network.config)
    found.load_state_dict(network.state_dict())
    found.eval().requires_grad_(False)
    found.known = network.vectors()
    return found


@torch.inference_mode()
def generate(found: Speaker, recipe: Recipe, allowance: Allowance, count: int) -> Tensor:
    """(count, T) characters of that many poems of one plan."""
    characters = found.config.lengths[found.form]
    asked = found.asked(Wishes.none(1, found.config), *2 * [found.known[found.config.classes].expand(1, 1, -1)])
    config = GenerationConfig(
        do_sample=True,
        temperature=recipe.parameters["temperature"],
        top_p=recipe.parameters["top_p"],
        top_k=0,
        max_new_tokens=characters,
        min_new_tokens=characters,
        pad_token_id=found.config.classes,
        bos_token_id=found.config.classes,
        use_cache=False,
    )
    start = torch.full((count, 1), found.config.classes)
    bounds = LogitsProcessorList([Bounds(recipe, allowance)])
    texts: Tensor = found.generate(start, config, logits_processor=bounds, asked=asked.expand(count, -1))
    return texts[:, 1:]
