"""Recipes that other programs write into their PNGs, read as text and kept as provenance; nothing of them is ever run.

AUTOMATIC1111's web UI writes one text, `parameters`: the prompt, a line `Negative prompt:`, and a last line of names
and values (modules/infotext_utils.py). InvokeAI writes JSON: `invokeai_metadata` since 3.0, `sd-metadata` before. Of
either only the values below are kept, each as text of bounded length; what is of another shape is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

CHUNKS = ("parameters", "invokeai_metadata", "sd-metadata")
LONGEST, LONG = 200, 4000  # characters of a value, and of a prompt
MOST = 1 << 18  # characters of a chunk that is read at all
_SETTING = re.compile(r'\s*([\w][\w \-/]*):\s*("(?:\\.|[^\\"])*"|[^,]*)(?:,|$)')
_LEAST = 3  # settings of which a last line has at least so many; else it is of the prompt


@dataclass(frozen=True)
class Foreign:
    """What a file says of how it was made, as text; empty for what it does not say."""

    program: str
    version: str = ""
    prompt: str = ""
    negative: str = ""
    model: str = ""
    hash: str = ""
    seed: str = ""
    steps: str = ""
    sampler: str = ""
    guidance: str = ""
    size: str = ""

    def told(self) -> dict[str, str]:
        """All that it says, by name."""
        return {name: value for name, value in asdict(self).items() if value}


def read(chunks: Mapping[str, str]) -> Foreign | None:
    """What the text chunks of a PNG say; None where they are no recipe of a program that is known here.

    >>> read({"parameters": "a lake\\nSteps: 20, Sampler: Euler a, Seed: 7"}).told()
    {'program': 'AUTOMATIC1111', 'prompt': 'a lake', 'seed': '7', 'steps': '20', 'sampler': 'Euler a'}
    """
    known = {name: text for name, text in chunks.items() if name in CHUNKS and len(text) <= MOST}
    if "invokeai_metadata" in known:
        return _invoke(_object(known["invokeai_metadata"]))
    if "sd-metadata" in known:
        return _older_invoke(_object(known["sd-metadata"]))
    return _automatic(known["parameters"]) if "parameters" in known else None


def _automatic(text: str) -> Foreign | None:
    *lines, last = text.strip().split("\n")
    found = {name.strip(): value.strip() for name, value in _SETTING.findall(last)}
    if len(found) < _LEAST or "Steps" not in found:
        return None
    prompt, _, negative = "\n".join(lines).partition("Negative prompt:")
    return Foreign(
        "AUTOMATIC1111",
        version=_text(found.get("Version")),
        prompt=_text(prompt, LONG),
        negative=_text(negative, LONG),
        model=_text(found.get("Model")),
        hash=_text(found.get("Model hash")),
        seed=_text(found.get("Seed")),
        steps=_text(found.get("Steps")),
        sampler=_text(found.get("Sampler")),
        guidance=_text(found.get("CFG scale")),
        size=_text(found.get("Size")),
    )


def _invoke(told: Mapping[str, Any]) -> Foreign | None:
    if not {"positive_prompt", "app_version", "generation_mode"} & told.keys():
        return None
    model = told.get("model")
    model = model if isinstance(model, dict) else {"name": model}
    return Foreign(
        "InvokeAI",
        version=_text(told.get("app_version")),
        prompt=_text(told.get("positive_prompt"), LONG),
        negative=_text(told.get("negative_prompt"), LONG),
        model=_text(model.get("name") or model.get("model_name")),
        hash=_text(model.get("hash")),
        seed=_text(told.get("seed")),
        steps=_text(told.get("steps")),
        sampler=_text(told.get("scheduler")),
        guidance=_text(told.get("cfg_scale")),
        size=_size(told),
    )


def _older_invoke(told: Mapping[str, Any]) -> Foreign | None:
    image = told.get("image")
    if not isinstance(image, dict) or "prompt" not in image:
        return None
    parts = image["prompt"] if isinstance(image["prompt"], list) else [image["prompt"]]
    prompts = [one.get("prompt") if isinstance(one, dict) else one for one in parts]
    return Foreign(
        "InvokeAI",
        version=_text(told.get("app_version")),
        prompt=_text(" ".join(one for one in prompts if isinstance(one, str)), LONG),
        model=_text(told.get("model_weights") or told.get("model")),
        hash=_text(told.get("model_hash")),
        seed=_text(image.get("seed")),
        steps=_text(image.get("steps")),
        sampler=_text(image.get("sampler")),
        guidance=_text(image.get("cfg_scale")),
        size=_size(image),
    )


def _object(text: str) -> Mapping[str, Any]:
    """A JSON object; an empty one for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _size(told: Mapping[str, Any]) -> str:
    sides = [told.get(name) for name in ("width", "height")]
    return "x".join(map(str, sides)) if all(type(side) is int for side in sides) else ""


def _text(value: object, most: int = LONGEST) -> str:
    """A value as text that can be shown: without what has no form, and no longer than that.

    >>> _text('"Euler a"'), _text(7.5), _text({"a": 1}), _text("a\\x00\\u202eb\\n c")
    ('Euler a', '7.5', '', 'ab c')
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    plain = "".join(one for one in str(value).strip().strip('"') if one.isprintable() or one in " \n\t")
    return " ".join(plain.split())[:most]
