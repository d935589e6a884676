"""Pictures at the edge: nothing lost on the way to a file, nothing harmful on the way in."""

from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from PIL import Image

from gallery.images import BadImage, Pixels, decode, encode_png, media_type, placeholder, read_recipe, thumbnail


def picture(width: int = 12, height: int = 7) -> Pixels:
    return Pixels(random.Random(1).randbytes(3 * width * height), width, height)


def test_a_painting_comes_back_from_its_file_pixel_by_pixel() -> None:
    assert decode(encode_png(picture())) == picture()


def test_the_recipe_is_inside_the_file() -> None:
    recipe = '{"inputs":{"form":"七绝"},"seed":7}'
    assert read_recipe(encode_png(picture(), recipe=recipe)) == recipe
    assert read_recipe(encode_png(picture())) is None


@pytest.mark.parametrize(
    ("width", "height", "size"), [(64, 64, (384, 384)), (800, 400, (384, 192)), (1, 900, (1, 384))]
)
def test_a_thumbnail_is_webp_of_the_side_of_a_card(width: int, height: int, size: tuple[int, int]) -> None:
    small = thumbnail(picture(width, height))
    assert media_type(small) == "image/webp"
    assert Image.open(io.BytesIO(small)).size == size


def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused_before_it_unpacks() -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", 13_000, 13_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    with pytest.raises(BadImage, match=r"pixels|limit"):
        decode(bomb)


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n", encode_png(picture(99, 99))[:-60]]
)
def test_bytes_that_are_no_whole_picture_are_refused(content: bytes) -> None:
    with pytest.raises(BadImage):
        decode(content)


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    with pytest.raises(BadImage, match="at most"):
        decode(b"\0" * (16 * 2**20 + 1))


def test_a_strangers_colours_become_plain_rgb() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (3, 2), (10, 20, 30, 40)).save(file, "PNG")
    assert decode(file.getvalue()) == Pixels(bytes((10, 20, 30)) * 6, 3, 2)


def test_only_what_the_gallery_writes_is_called_a_picture() -> None:
    assert media_type(encode_png(picture())) == "image/png"
    assert media_type(b"RIFF\0\0\0\0WAVE") == "application/octet-stream"


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        ((64, 64), "df17060f0474255735069864855c66598666854807fc5c08"),
        ((97, 31), "de17060a8445667064845566f292c6cdfb"),
        ((20, 90), "dd270a1208653506a6a56566432bd0ec02"),
    ],
)
def test_a_placeholder_is_what_the_reference_makes(size: tuple[int, int], kept: str) -> None:
    """Written by thumbhash 0.1.2 of PyPI, to the byte."""
    width, height = size
    rows = [
        bytes(((7 * x + 3 * y) % 256, x * y % 251, (y * y + 3 * x) % 253)) for y in range(height) for x in range(width)
    ]
    assert placeholder(Pixels(b"".join(rows), width, height)).hex() == kept
