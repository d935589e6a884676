"""The poet's network with its large products in eight-bit integers, which reads a quarter as much of memory.

A step of the network for a few candidates takes as long as its weights take to come from memory. Here every row of a
weight matrix is stored as integers of -127 to 127 and a scale of its own, and every row that it is multiplied with is
rounded to seven bits by its own largest number. Sums are exact, so that a row gives the same alone and among others,
and on processors with and without instructions for it. Gates, wishes, the last layer and the class weights are so;
what is small or looked up stays in single precision (`look` of all characters at once, so that it too is looked up). It
costs .2 % of perplexity, and a 七绝 takes a third of the time (`python -m tests.bench poems`).
Source: Jacob et al. 2018, "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
Inference", https://arxiv.org/abs/1712.05877 (weights by row, activations at run time).
"""

from __future__ import annotations

import copy
import warnings
from typing import Any

import torch
from torch import Tensor, nn

from models.poem_rnn.network import PoemRnn

_LARGEST, _SMALLEST = 127, 1e-12


def available() -> bool:
    """Whether this build of torch multiplies in integers."""
    return torch.backends.quantized.engine != "none"


class Int8Linear(nn.Module):
    """What nn.Linear gives, (..., I) -> (..., O), nearly. weight: (O, I); bias: (O,) or none."""

    def __init__(self, weight: Tensor, bias: Tensor | None) -> None:
        super().__init__()
        scales = weight.abs().amax(dim=1).clamp(min=_SMALLEST).double() / _LARGEST
        with warnings.catch_warnings():  # that this way of making the tensor will go one day; torch is pinned
            warnings.simplefilter("ignore")
            rows = torch.quantize_per_channel(weight, scales, torch.zeros(len(weight)).long(), 0, torch.qint8)
        self._packed = torch.ops.quantized.linear_prepack(rows, None)
        self._bias = bias
        # torch rounds by the range of all rows together: with this one among them it is always -1 to 1
        self._range = torch.zeros(weight.shape[1])
        self._range[:2] = torch.tensor([-1.0, 1.0])

    def forward(self, x: Tensor) -> Tensor:
        """The product and the bias."""
        rows = x.reshape(-1, x.shape[-1])
        scales = rows.abs().amax(dim=1, keepdim=True).clamp(min=_SMALLEST)
        ranged = rows.new_empty(len(rows) + 1, rows.shape[1])
        torch.div(rows, scales, out=ranged[:-1])
        ranged[-1] = self._range
        found: Tensor = torch.ops.quantized.linear_dynamic(ranged, self._packed, True)[:-1].mul_(scales)
        if self._bias is not None:
            found += self._bias
        return found.reshape(*x.shape[:-1], found.shape[1])


def to_int8(network: PoemRnn) -> PoemRnn:
    """The same network in eight bits, on a processor; what it leaves as it is, it shares with the one given."""
    tensors = {id(tensor): tensor for tensor in (*network.parameters(), *network.buffers())}
    found = copy.deepcopy(network, tensors)
    with torch.no_grad():
        for layer in found.layers:
            layer.gates, layer.wishes = _packed(layer.gates), _packed(layer.wishes)
        found.out, found.cluster = _packed(found.out), _packed(found.cluster)
        parts = zip((0, *network.config.cutoffs), network.class_weights(network.vectors()), strict=True)
        near = network.vectors() * network.config.embedding**0.5
        found.looked = torch.stack([look(near) for look in network.look])  # one by one, they would round by the batch
        found.packed = nn.ModuleList([Int8Linear(part, network.bias[low : low + len(part)]) for low, part in parts])
    return found


def _packed(linear: Any) -> Any:
    return Int8Linear(linear.weight.detach(), None if linear.bias is None else linear.bias.detach())
