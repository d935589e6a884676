"""Pictures at the gallery's edge: pixels to files and back, what is written inside a file, and strangers' bytes.

Everything here takes and gives bytes; it knows nothing of works or of where files are kept. PNG: W3C Portable Network
Graphics (third edition), section 11.3.3.4 for the iTXt chunk that holds the recipe. XMP: ISO 16684-1, and the IPTC
photo metadata standard for how a picture came about (https://cv.iptc.org/newscodes/digitalsourcetype/).
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops
from PIL.PngImagePlugin import PngImageFile, PngInfo

CARD_SIDE = 384
RECIPE_KEY = "shihua"
_HASH_SIDE = 100
_HEADER = 33  # bytes of a PNG before which nothing else may stand
MAX_BYTES = 16 * 2**20
MAX_PIXELS = 16_000_000
_BAD_IMAGE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning)


class BadImage(ValueError):
    """Bytes that are not a picture which this gallery takes; str(error) says why in one English sentence."""


@dataclass(frozen=True)
class Pixels:
    """8-bit RGB, row by row, top first; len(data) == 3 * width * height."""

    data: bytes
    width: int
    height: int


def encode_png(pixels: Pixels, *, recipe: str | None = None) -> bytes:
    """A lossless PNG, the recipe (JSON) inside. Level 1: level 6 takes three times as long at 256 px, for nothing."""
    notes = PngInfo()
    if recipe is not None:
        notes.add_itxt(RECIPE_KEY, recipe)
    file = io.BytesIO()
    _image(pixels).save(file, "PNG", compress_level=1, pnginfo=notes)
    return file.getvalue()


def annotate(png: bytes, notes: Mapping[str, str]) -> bytes:
    """The same PNG, bit for bit but for these notes, which stand after its header: programs find them in any case."""
    chunks = b"".join(_chunk(b"iTXt", key.encode("latin-1") + bytes(5) + text.encode()) for key, text in notes.items())
    return png[:_HEADER] + chunks + png[_HEADER:]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@dataclass(frozen=True)
class Xmp:
    """What a file says of itself to any program."""

    title: str
    creators: tuple[str, ...]
    contributors: tuple[str, ...]
    sources: tuple[str, ...]
    description: str
    language: str

    def packet(self) -> str:
        """As XMP, without the wrapping that some formats want."""
        root = ElementTree.Element(_name("x", "xmpmeta"))
        about = ElementTree.SubElement(ElementTree.SubElement(root, _name("rdf", "RDF")), _name("rdf", "Description"))
        about.set(_name("rdf", "about"), "")
        about.set(_name("iptc", "DigitalSourceType"), _BY_NETWORK)
        _list(about, "title", "Alt", [self.title], "x-default")
        _list(about, "description", "Alt", [self.description], "x-default")
        _list(about, "creator", "Seq", self.creators)
        _list(about, "contributor", "Bag", self.contributors)
        _list(about, "relation", "Bag", self.sources)
        _list(about, "language", "Bag", [self.language])
        return ElementTree.tostring(root, encoding="unicode")


_NAMES = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "iptc": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
_BY_NETWORK = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
for _prefix, _space in _NAMES.items():
    ElementTree.register_namespace(_prefix, _space)


def _name(prefix: str, name: str) -> str:
    return f"{{{_NAMES[prefix]}}}{name}"


def _list(about: ElementTree.Element, name: str, kind: str, items: Iterable[str], language: str = "") -> None:
    """A property of Dublin Core with its values in a list, as XMP wants them; nothing if there are none."""
    values = list(items)
    if not values:
        return
    listed = ElementTree.SubElement(ElementTree.SubElement(about, _name("dc", name)), _name("rdf", kind))
    for value in values:
        item = ElementTree.SubElement(listed, _name("rdf", "li"))
        item.text = value
        if language:
            item.set("{http://www.w3.org/XML/1998/namespace}lang", language)


def encode_sketch(pixels: Pixels) -> bytes:
    """A WebP to be looked at and thrown away: an eighth of a PNG, and sent again and again while works come."""
    file = io.BytesIO()
    _image(pixels).save(file, "WEBP", quality=90, method=0)
    return file.getvalue()


def largest_difference(one: Pixels, other: Pixels) -> int:
    """How far apart two pictures of one size are where they differ most, in steps of 255.

    >>> largest_difference(Pixels(bytes([1, 2, 3]), 1, 1), Pixels(bytes([1, 7, 0]), 1, 1))
    5
    """
    extremes = ImageChops.difference(_image(one), _image(other)).getextrema()
    return max(int(high) for _, high in extremes)  # type: ignore[misc]


def enlarge(pixels: Pixels, *, times: int) -> Pixels:
    """The same picture, `times` as wide and high, smoothly (Lanczos); it gains no detail."""
    large = _image(pixels).resize((times * pixels.width, times * pixels.height), Image.Resampling.LANCZOS)
    return Pixels(large.tobytes(), large.width, large.height)


def strew(pixels: Pixels, *, seed: int, dot: int = 6) -> Pixels:
    """Chance in the colours of a picture: its dots of `dot` pixels, each in the place of another.

    >>> sorted(strew(Pixels(bytes([1, 1, 1, 9, 9, 9]), 2, 1), seed=3, dot=1).data)
    [1, 1, 1, 9, 9, 9]
    """
    size = (max(1, pixels.width // dot), max(1, pixels.height // dot))
    dots = np.asarray(_image(pixels).resize(size, Image.Resampling.BOX)).reshape(-1, 3)
    mixed = np.random.default_rng(seed).permutation(dots).tobytes()
    large = Image.frombytes("RGB", size, mixed).resize((pixels.width, pixels.height), Image.Resampling.NEAREST)
    return Pixels(large.tobytes(), large.width, large.height)


def read_recipe(png: bytes) -> str | None:
    """The recipe inside a PNG that `encode_png` wrote; None if there is none. Raises BadImage."""
    with _open(png, "PNG") as image:
        text = image.text.get(RECIPE_KEY) if isinstance(image, PngImageFile) else None
        return None if text is None else str(text)


def read_texts(png: bytes, names: Iterable[str]) -> dict[str, str]:
    """The text chunks of those names in a stranger's PNG, those after the picture too. Raises BadImage."""
    with _open(png, "PNG") as image:
        try:
            texts = image.text if isinstance(image, PngImageFile) else {}
        except _BAD_IMAGE as error:
            raise BadImage(f"the picture is damaged: {error}") from None
        return {name: str(texts[name]) for name in names if name in texts}


def thumbnail(pixels: Pixels, *, side: int = CARD_SIDE) -> bytes:
    """A WebP whose longer side is `side` pixels; smaller paintings are enlarged, so that every card is as sharp."""
    scale = side / max(pixels.width, pixels.height)
    size = (max(1, round(pixels.width * scale)), max(1, round(pixels.height * scale)))
    file = io.BytesIO()
    _image(pixels).resize(size, Image.Resampling.LANCZOS).save(file, "WEBP", quality=85, method=0)
    return file.getvalue()


def placeholder(pixels: Pixels) -> bytes:
    """A picture in some twenty-five bytes, from which a browser draws a blur while the picture itself is on its way.

    ThumbHash, without transparency: the lowest terms of the cosine transform of lightness and two colour differences,
    four bits each. https://evanw.github.io/thumbhash/ (public domain), of which no package is kept up that installs
    everywhere.
    """
    scale = min(1.0, _HASH_SIDE / max(pixels.width, pixels.height))
    size = (max(1, round(pixels.width * scale)), max(1, round(pixels.height * scale)))
    small = np.asarray(_image(pixels).resize(size, Image.Resampling.BOX), dtype=np.float64) / 255
    r, g, b = (small[..., channel] for channel in range(3))
    wide, long = size[0] > size[1], max(size)
    nx, ny = (max(1, _half_up(7 * side / long)) for side in size)
    light = _cosines((r + g + b) / 3, max(3, nx), max(3, ny))
    yellow, red = _cosines((r + g) / 2 - b, 3, 3), _cosines(r - g, 3, 3)
    middle = _half_up(63 * light[0]) | _half_up(31.5 + 31.5 * yellow[0]) << 6 | _half_up(31.5 + 31.5 * red[0]) << 12
    head = middle | _half_up(31 * light[1]) << 18
    shape = (ny if wide else nx) | _half_up(63 * yellow[1]) << 3 | _half_up(63 * red[1]) << 9 | wide << 15
    terms = [_half_up(15 * term) for part in (light, yellow, red) for term in part[2]]
    pairs = zip(terms[::2], [*terms[1::2], *([0] if len(terms) % 2 else [])], strict=True)
    return head.to_bytes(3, "little") + shape.to_bytes(2, "little") + bytes(low | high << 4 for low, high in pairs)


def _cosines(channel: NDArray[np.float64], nx: int, ny: int) -> tuple[float, float, list[float]]:
    """The mean of a channel, the largest of its lowest terms, and these, from 0 to 1."""
    height, width = channel.shape
    across = np.cos(np.pi / width * np.outer(np.arange(nx), np.arange(width) + 0.5))
    down = np.cos(np.pi / height * np.outer(np.arange(ny), np.arange(height) + 0.5))
    terms = down @ channel @ across.T / (width * height)
    kept = [float(terms[y, x]) for y in range(ny) for x in range(nx) if (x or y) and x * ny < nx * (ny - y)]
    largest = max(map(abs, kept))
    return float(terms[0, 0]), largest, [0.5 + 0.5 / largest * term if largest else 0.0 for term in kept]


def _half_up(number: float) -> int:
    return int(np.floor(number + 0.5))


def decode(content: bytes) -> Pixels:
    """The pixels of a stranger's PNG, JPEG or WebP, and nothing else of it; raises BadImage.

    Size is checked before anything is unpacked: 164 kB of PNG can hold 169 million pixels.
    """
    with _open(content, "PNG", "JPEG", "WEBP") as image:
        try:
            plain = image.convert("RGB")
        except _BAD_IMAGE as error:
            raise BadImage(f"the picture is damaged: {error}") from None
    return Pixels(plain.tobytes(), plain.width, plain.height)


def square(pixels: Pixels, *, side: int) -> Pixels:
    """The middle of a picture, as wide as its shorter side, reduced or enlarged (Lanczos) to `side` pixels.

    >>> square(Pixels(bytes([9, 9, 9, 1, 2, 3, 9, 9, 9]), 3, 1), side=1).data
    b'\\x01\\x02\\x03'
    """
    edge = min(pixels.width, pixels.height)
    x, y = (pixels.width - edge) / 2, (pixels.height - edge) / 2
    small = _image(pixels).resize((side, side), Image.Resampling.LANCZOS, (x, y, x + edge, y + edge))
    return Pixels(small.tobytes(), side, side)


def media_type(content: bytes) -> str:
    """What a browser should take the bytes for; only what this gallery writes is called a picture.

    >>> media_type(b"<script>")
    'application/octet-stream'
    """
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return "video/mp4" if content[4:8] == b"ftyp" else "application/octet-stream"


def _image(pixels: Pixels) -> Image.Image:
    return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.data)


def _open(content: bytes, *formats: str) -> Image.Image:
    if len(content) > MAX_BYTES:
        raise BadImage(f"the file has {len(content)} bytes; at most {MAX_BYTES} are taken")
    try:
        image = Image.open(io.BytesIO(content), formats=formats)
    except _BAD_IMAGE as error:
        raise BadImage(f"not a {' or '.join(formats)} picture: {error}") from None
    if image.width * image.height > MAX_PIXELS:
        raise BadImage(f"the picture has {image.width} x {image.height} pixels; at most {MAX_PIXELS} in all are taken")
    return image
