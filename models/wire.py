"""What the engine and its workers say to each other: a line of JSON, then raw bytes. Nothing is pickled.

A message is `header` (a JSON object) and `payload` (pixels, or nothing). Results and stages travel as a header that
says what they are, with pixels as the payload.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models.recipe import Picture, Poem, Result

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
    return Poem(poem["form"], tuple(poem["lines"]), poem["rhyme"], poem["logprob"])
