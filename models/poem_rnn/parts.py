"""Weights in parts: a file cut into pieces that pass a narrow door, and the shipped file made of them again.

What a training run alone needed (the places of other tunes of 词) is left behind when the parts are joined.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from models.poem_rnn.cipai import TUNES
from models.poem_rnn.network import PoemRnn, PoemRnnConfig
from models.poem_rnn.weights import read_weights, write_weights

PART = 14 * 2**20  # bytes
_NAME = "weights.{:02}.part"
FIRST = _NAME.format(0)


def split_file(path: Path, folder: Path, size: int = PART) -> list[Path]:
    """Writes the file in parts of at most `size` bytes into the folder, in place of those that are there."""
    content = path.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(FIRST.replace("00", "*")):
        old.unlink()
    parts = []
    for number, start in enumerate(range(0, len(content), size)):
        parts.append(folder / _NAME.format(number))
        parts[-1].write_bytes(content[start : start + size])
    return parts


def join_parts(folder: Path, weights: Path) -> dict[str, object]:
    """Joins the parts in the folder into a weights file like the shipped one; FileNotFoundError if none is there."""
    parts = sorted(folder.glob(FIRST.replace("00", "*")))
    if not parts:
        raise FileNotFoundError(folder)
    with tempfile.TemporaryDirectory() as aside:
        whole = Path(aside) / "whole.safetensors"
        whole.write_bytes(b"".join(part.read_bytes() for part in parts))
        network = without_other_tunes(read_weights(whole))
    sha256 = write_weights(network, weights)
    count = sum(parameter.numel() for parameter in network.parameters())
    return {
        "sha256": sha256,
        "parameters": count,
        "bytes": weights.stat().st_size,
        "forms": list(network.config.lengths),
    }


def without_other_tunes(network: PoemRnn) -> PoemRnn:
    """The network with the forms that are written alone: the four regulated ones and the tunes of cipai.py."""
    sizes = {name: value for name, value in network.config.to_diff_dict().items() if name != "transformers_version"}
    shapes = [pair for pair in network.config.shapes if pair[0] in TUNES]
    if shapes != network.config.shapes[: len(shapes)]:
        raise ValueError("the tunes that are written do not come first")
    kept = PoemRnn(PoemRnnConfig(**(sizes | {"shapes": shapes})))
    state = network.state_dict()
    state["place.weight"] = state["place.weight"][: sum(kept.config.lengths.values())]
    kept.load_state_dict(state)
    kept.eval().requires_grad_(False)
    return kept
