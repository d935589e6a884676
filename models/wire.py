"""What the engine and its workers say to each other: a line of JSON, then raw bytes. Nothing is pickled.

A message is `header` (a JSON object) and `payload` (pixels, or nothing). Results and stages travel as a header that
says what they are, with pixels as the payload.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models.likeness import Found, Likeness
from models.recipe import Picture, Poem, Recipe, Result

Header = dict[str, Any]


def pack(header: Mapping[str, Any], payload: bytes = b"") -> bytes:
    """One message as bytes.

    >>> unpack(pack({"job": 1}, b"ab"))
    ({'job': 1}, b'ab')
    """
    return json.dumps(header, ensure_ascii=False).encode() + b"\n" + payload


def unpack(message: bytes) -> tuple[Header, bytes]:
    """(header, payload) of a message that `pack` made."""
    line, payload = message.split(b"\n", 1)
    return json.loads(line), payload


def pack_result(header: Mapping[str, Any], result: Result) -> bytes:
    """A message whose header also describes a picture or a poem."""
    if isinstance(result, Picture):
        return pack({**header, "picture": [result.width, result.height]}, result.pixels)
    return pack({**header, "poem": asdict(result)})


def read_result(header: Header, payload: bytes) -> Result:
    """The picture or poem of such a message."""
    if "picture" in header:
        width, height = header["picture"]
        return Picture(payload, width, height)
    poem = header["poem"]
    sources = tuple((poet, title) for poet, title in poem["sources"])
    return Poem(poem["form"], tuple(poem["lines"]), poem["rhyme"], poem["logprob"], sources)


def pack_order(order: Recipe | Likeness) -> tuple[Header, bytes]:
    """What is asked for, as a header and its payload (a picture to look at and a state, or nothing)."""
    if isinstance(order, Recipe):
        return {"recipe": order.to_json()}, b""
    look = {"model": order.model, "weights": order.weights, "label": order.label}
    return {"look": look, "seen": [order.seen.width, order.seen.height]}, order.seen.pixels + order.state


def read_order(header: Header, payload: bytes) -> Recipe | Likeness:
    """The recipe or look that `pack_order` wrote."""
    if "recipe" in header:
        return Recipe.from_json(header["recipe"])
    width, height = header["seen"]
    size = 3 * width * height
    return Likeness(**header["look"], seen=Picture(payload[:size], width, height), state=payload[size:])


def pack_found(header: Mapping[str, Any], found: Found) -> bytes:
    """A message with what a stretch of looking came to."""
    picture = found.so_far
    told = {"done": found.done, "distance": found.distance, "recipe": found.recipe.to_json()}
    return pack({**header, "found": told, "size": [picture.width, picture.height]}, picture.pixels + found.state)


def read_found(header: Header, payload: bytes) -> Found:
    """What `pack_found` wrote."""
    told, (width, height) = header["found"], header["size"]
    size = 3 * width * height
    picture, recipe = Picture(payload[:size], width, height), Recipe.from_json(told["recipe"])
    return Found(payload[size:], told["done"], told["distance"], recipe, picture)
