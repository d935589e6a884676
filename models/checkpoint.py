"""A training run's state in one safetensors file: networks, optimizers, random generators, counters.

Written to a temporary file, synced and renamed, so a run killed at any instant finds its last whole checkpoint. Nothing
is pickled. What is read back is bit for bit what was written, which is what makes a resumed run equal an uninterrupted
one on the same kind of processor.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn


def _optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    state = optimizer.state_dict()["state"]
    return {f"{i}.{name}": value for i, entry in state.items() for name, value in entry.items()}


def _fill_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    whole = optimizer.state_dict()
    whole["state"] = {}
    for key, value in tensors.items():
        index, name = key.split(".", 1)
        whole["state"].setdefault(int(index), {})[name] = value
    optimizer.load_state_dict(whole)


def save(
    path: Path,
    *,
    networks: Mapping[str, nn.Module],
    optimizers: Mapping[str, torch.optim.Optimizer],
    counters: Mapping[str, Any],
    torch_random: torch.Generator | None = None,
    numpy_random: np.random.Generator | None = None,
) -> None:
    """Write everything a run needs to go on; `counters` must be JSON. Raises OSError when the disk refuses."""
    tensors: dict[str, Tensor] = {} if torch_random is None else {"random/torch": torch_random.get_state()}
    for name, network in networks.items():
        tensors |= {f"net/{name}/{k}": v.contiguous().clone() for k, v in network.state_dict().items()}
    for name, optimizer in optimizers.items():
        tensors |= {f"opt/{name}/{k}": v.contiguous().clone() for k, v in _optimizer_tensors(optimizer).items()}
    numpy_state = None if numpy_random is None else numpy_random.bit_generator.state
    notes = {"counters": json.dumps(counters), "numpy": json.dumps(numpy_state)}
    part = path.with_suffix(".part")
    save_file(tensors, part, notes)
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(path)


def restore(
    path: Path,
    *,
    networks: Mapping[str, nn.Module],
    optimizers: Mapping[str, torch.optim.Optimizer],
    torch_random: torch.Generator | None = None,
    numpy_random: np.random.Generator | None = None,
) -> dict[str, Any]:
    """Fill everything from `save`'s file; returns its counters. Raises KeyError or RuntimeError if it does not fit."""
    with safe_open(path, "pt") as file:
        tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
        notes = file.metadata()
    if torch_random is not None:
        torch_random.set_state(tensors["random/torch"])
    if numpy_random is not None:
        numpy_random.bit_generator.state = json.loads(notes["numpy"])
    for name, network in networks.items():
        network.load_state_dict(_below(tensors, f"net/{name}/"))
    for name, optimizer in optimizers.items():
        _fill_optimizer(optimizer, _below(tensors, f"opt/{name}/"))
    counters: dict[str, Any] = json.loads(notes["counters"])
    return counters


def read_network(path: Path, name: str) -> dict[str, Tensor]:
    """The state of one network of a checkpoint."""
    with safe_open(path, "pt") as file:
        prefix = f"net/{name}/"
        return {key[len(prefix) :]: file.get_tensor(key) for key in file.keys() if key.startswith(prefix)}  # noqa: SIM118


def read_counters(path: Path) -> dict[str, Any]:
    """The counters of a checkpoint."""
    with safe_open(path, "pt") as file:
        counters: dict[str, Any] = json.loads(file.metadata()["counters"])
    return counters


def _below(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key[len(prefix) :]: value for key, value in tensors.items() if key.startswith(prefix)}
