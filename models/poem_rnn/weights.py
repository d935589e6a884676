"""One file that holds a poet whole: tensors as safetensors, sizes and vocabulary in the header; and the card's facts.

Numbers are stored in half precision and computed with in single precision; the tables of sounds are stored as small
integers. `save_pretrained` of network.py writes the same network as a folder in the Hugging Face layout instead.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from models.poem_rnn.network import PoemRnn, PoemRnnConfig


def write_weights(network: PoemRnn, path: Path) -> str:
    """Writes the network into one file and returns the file's SHA-256 (hex)."""
    tensors = {name: _narrow(tensor) for name, tensor in network.state_dict().items()}
    left_out = {"transformers_version"} | (set() if network.config.shapes else {"shapes", "parts"})
    config = {name: value for name, value in network.config.to_diff_dict().items() if name not in left_out}
    header = {"config": json.dumps(config, ensure_ascii=False, sort_keys=True)}  # one entry: more have no order
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path, metadata=header)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _narrow(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().cpu().to(torch.float16 if tensor.is_floating_point() else torch.uint8).contiguous()


def read_weights(path: Path, device: str = "cpu") -> PoemRnn:
    """The network in the file, in single precision, ready to write or to score."""
    with safe_open(path, framework="pt") as file:
        network = PoemRnn(PoemRnnConfig(**json.loads(file.metadata()["config"])))
        found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    own = network.state_dict()
    network.load_state_dict({name: tensor.to(own[name].dtype) for name, tensor in found.items()})
    network.eval().requires_grad_(False).to(device)
    return network
