"""Recipes of other programs: read where they are whole, bounded, and nothing in them is anything but text."""

from __future__ import annotations

import json

import pytest

from gallery.foreign import LONG, Foreign, read

A1111 = """misty mountains, ink wash,
masterpiece
Negative prompt: blurry, text
Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 3141592653, Size: 768x512, Model hash: 6ce0161689, \
Model: v1-5-pruned, Lora hashes: "a: 1, b: 2", Version: v1.9.4"""
INVOKE = {
    "app_version": "5.4.2",
    "generation_mode": "txt2img",
    "positive_prompt": "a lone boat",
    "negative_prompt": "",
    "width": 1024,
    "height": 768,
    "seed": 42,
    "steps": 30,
    "cfg_scale": 7.5,
    "scheduler": "euler",
    "model": {"name": "sd_xl_base", "hash": "blake3:abc"},
    "loras": [{"weight": 1}],
}
OLDER = {
    "model_weights": "stable-diffusion-1.5",
    "model_hash": "cc6cb27103",
    "app_version": "2.3.5",
    "image": {
        "prompt": [{"prompt": "a pine", "weight": 1}],
        "seed": 7,
        "steps": 50,
        "sampler": "k_lms",
        "cfg_scale": 7.5,
    },
}


def test_what_automatic1111_writes_is_read() -> None:
    assert read({"parameters": A1111}) == Foreign(
        "AUTOMATIC1111",
        version="v1.9.4",
        prompt="misty mountains, ink wash, masterpiece",
        negative="blurry, text",
        model="v1-5-pruned",
        hash="6ce0161689",
        seed="3141592653",
        steps="28",
        sampler="DPM++ 2M Karras",
        guidance="6.5",
        size="768x512",
    )


def test_what_invokeai_writes_is_read_in_both_of_its_ways() -> None:
    new = read({"invokeai_metadata": json.dumps(INVOKE)})
    assert new == Foreign(
        *("InvokeAI", "5.4.2", "a lone boat", "", "sd_xl_base", "blake3:abc", "42", "30", "euler", "7.5", "1024x768")
    )
    old = read({"sd-metadata": json.dumps(OLDER)})
    assert old == Foreign(
        "InvokeAI",
        version="2.3.5",
        prompt="a pine",
        model="stable-diffusion-1.5",
        hash="cc6cb27103",
        seed="7",
        steps="50",
        sampler="k_lms",
        guidance="7.5",
    )


@pytest.mark.parametrize(
    "chunks",
    [
        {},
        {"Comment": A1111},
        {"parameters": ""},
        {"parameters": "a prompt alone, with: a colon"},
        {"invokeai_metadata": "{"},
        {"invokeai_metadata": "[1]"},
        {"invokeai_metadata": "{}"},
        {"invokeai_metadata": "[" * 100_000},
        {"sd-metadata": '{"image": 3}'},
        {"parameters": "x" * (1 << 19) + A1111},
    ],
)
def test_what_is_no_recipe_is_none(chunks: dict[str, str]) -> None:
    assert read(chunks) is None


def test_odd_values_are_left_out_and_long_ones_cut() -> None:
    odd = {
        **INVOKE,
        "seed": {"$ne": 1},
        "steps": True,
        "model": ["x"],
        "width": "1; DROP",
        "scheduler": "a\x00b\u202ec",
    }
    told = read({"invokeai_metadata": json.dumps({**odd, "positive_prompt": "长" * 9000})})
    assert told is not None
    assert (told.seed, told.steps, told.model, told.size, told.sampler) == ("", "", "", "", "abc")
    assert len(told.prompt) == LONG
