"""Widening a trained network: more units a layer that begin by changing (almost) nothing of what it says.

After Net2Net (Chen, Goodfellow & Shlens 2016, https://arxiv.org/abs/1511.05641), with one difference: a new unit is not
the copy of an old one but a fresh one, drawn as at the start of training, whose weights into everything that was there
before are zero. The old units therefore compute what they did but for one thing, the common scale of RMSNorm, which new
units share; and the zeros learn at once, since what they multiply is not zero. Vocabulary, vectors and wishes stay.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from models.poem_rnn.layer import Layer
from models.poem_rnn.network import PoemRnn, PoemRnnConfig


def widen(network: PoemRnn, hidden: int, seed: int = 0) -> PoemRnn:
    """A network of `hidden` units a layer that continues this one; ValueError if that is not at least as wide."""
    if hidden < network.config.hidden:
        raise ValueError(f"{hidden} units a layer: the network has {network.config.hidden} already, give more")
    sizes: dict[str, Any] = {**network.config.to_diff_dict(), "hidden": hidden}
    torch.manual_seed(seed)
    wide = PoemRnn(PoemRnnConfig(**{name: size for name, size in sizes.items() if name != "transformers_version"}))
    old, kept = network.state_dict(), network.config.hidden
    with torch.no_grad():
        for name, tensor in wide.state_dict().items():
            if tensor.shape == old[name].shape:
                tensor.copy_(old[name])
        for ours, theirs in zip(_layers(wide), _layers(network), strict=True):
            _widen_gates(ours.gates, theirs.gates)
            _put(ours.wishes.weight, theirs.wishes.weight)
            ours.gates.bias.view(3, -1)[:, :kept] = theirs.gates.bias.view(3, -1)
            ours.norm.weight[: len(theirs.norm.weight)] = theirs.norm.weight
        wide.norm.weight[:kept] = network.norm.weight
        wide.out.weight.zero_()
        wide.out.weight[:, :kept] = network.out.weight
    return wide


def _layers(network: PoemRnn) -> list[Layer]:
    return [layer for layer in network.layers if isinstance(layer, Layer)]


def _widen_gates(ours: nn.Linear, theirs: nn.Linear) -> None:
    """Old rows read no new unit; new rows stay as they were drawn."""
    rows, columns = len(theirs.weight) // 3, theirs.in_features
    ours.weight.view(3, -1, ours.in_features)[:, :rows, columns:] = 0
    _put(ours.weight, theirs.weight)


def _put(ours: Tensor, theirs: Tensor) -> None:
    """Writes (3H, I) into the first H rows of each of the three parts of a larger (3H', I')."""
    rows, columns = len(theirs) // 3, theirs.shape[1]
    ours.view(3, -1, ours.shape[1])[:, :rows, :columns] = theirs.view(3, rows, columns)
