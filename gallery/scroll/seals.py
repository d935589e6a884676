"""Seals (印章): one to four characters of a signature, cut red on paper (朱文) or white in red (白文).

Characters fill their cells as a carver lets them, columns go from the right, edges are worn and the paste lies
unevenly. All of it follows from the text alone, so a maker's seal is always the same.
"""

from __future__ import annotations

import unicodedata
import zlib
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from gallery.scroll.hands import Hand, glyph, left_out
from gallery.scroll.silk import Field, Size, fractal, noise

Cut = Literal["zhu", "bai"]
HOUSE = "诗画"
CINNABAR = (172, 44, 33)
_DETAIL = 3
_MOST_STRETCH = 1.9


def seal_text(signature: str) -> str:
    """What the seal of a signature says: its Chinese characters, else its letters, at most four; three take 印.

    >>> seal_text("阿宁"), seal_text("齐白石"), seal_text("Wang 小满居士 2"), seal_text("Ada L."), seal_text("")
    ('阿宁', '齐白石印', '小满居士', 'ADAL', '诗画')
    """
    characters = [c for c in unicodedata.normalize("NFC", signature) if c.isalnum()]
    han = [c for c in characters if unicodedata.name(c, "").startswith("CJK") and not left_out("kai", c)]
    if han:
        return "".join(han[:4]) + ("印" if len(han[:4]) == 3 else "")
    letters = [c.upper() for c in characters if not left_out("kai", c.upper()) and len(c.upper()) == 1]
    return "".join(letters[:4]) or HOUSE


def cells(text: str) -> list[tuple[str, float, float, float, float]]:
    """(character, x, y, width, height) in shares of the seal: columns from the right, each from the top.

    >>> [(c, x, y) for c, x, y, _, _ in cells("诗画之印")]
    [('诗', 0.5, 0.0), ('画', 0.5, 0.5), ('之', 0.0, 0.0), ('印', 0.0, 0.5)]
    """
    columns = [text] if len(text) <= 2 else [text[:2], text[2:]]
    placed = []
    for number, column in enumerate(columns):
        x, width = 1 - (number + 1) / len(columns), 1 / len(columns)
        placed += [(c, x, row / len(column), width, 1 / len(column)) for row, c in enumerate(column)]
    return placed


def seal_size(text: str, side: float) -> Size:
    """Width and height in pixels: square, but two characters stand in a tall one."""
    return (round(0.62 * side), round(1.12 * side)) if len(text) == 2 else (round(side), round(side))


def seal(text: str, cut: Cut, side: float) -> Image.Image:
    """The seal as a mask of its red, `side` pixels wide or so."""
    size = seal_size(text, side)
    large = (size[0] * _DETAIL, size[1] * _DETAIL)
    key = zlib.crc32(text.encode())
    rim = max(2, round(0.05 * min(large)))
    body = _body(large, rim, key)
    cut_out = _characters(text, large, rim, cut)
    if cut == "bai":
        red = np.minimum(body, 1 - cut_out)
    else:
        inner = _body((large[0] - 2 * rim, large[1] - 2 * rim), rim, key + 5)
        frame = body.copy()
        frame[rim:-rim, rim:-rim] -= inner
        red = np.maximum(np.clip(frame, 0, 1), cut_out * body)
    return _inked(red, key).resize(size, Image.Resampling.BOX)


def _body(size: Size, rim: int, key: int) -> Field:
    """The stone's face: corners rounded and edges chipped."""
    sheet = Image.new("L", size)
    ImageDraw.Draw(sheet).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius=1.3 * rim, fill=255)
    soft = np.asarray(sheet.filter(ImageFilter.GaussianBlur(0.7 * rim)), dtype=np.float32) / 255
    chips = 0.26 * fractal(size, 5.0 * rim, key) + 0.10 * noise(size, 1.2 * rim, key + 7)
    return np.asarray(np.clip((soft - 0.42 + chips) * 7, 0, 1), dtype=np.float32)


def _characters(text: str, size: Size, rim: int, cut: Cut) -> Field:
    """The strokes, each character filling its cell; a little wider where they are cut out of the red."""
    sheet = Image.new("L", size)
    margin = 2.0 * rim if cut == "zhu" else 1.7 * rim
    room = (size[0] - 2 * margin, size[1] - 2 * margin)
    gap = 0.55 * rim
    for character, x, y, width, height in cells(text):
        box = (round(width * room[0] - gap), round(height * room[1] - gap))
        stroke = _filled("kai" if cut == "zhu" else "xingkai", character, box)
        place = (
            round(margin + x * room[0] + (width * room[0] - stroke.width) / 2),
            round(margin + y * room[1] + (height * room[1] - stroke.height) / 2),
        )
        sheet.paste(255, place, stroke)
    soft = np.asarray(sheet.filter(ImageFilter.GaussianBlur(0.16 * rim)), dtype=np.float32) / 255
    return np.asarray(np.clip((soft - 0.28) * 4, 0, 1), dtype=np.float32)


def _filled(hand: Hand, character: str, box: Size) -> Image.Image:
    """The character stretched to its cell, but not out of its shape."""
    drawn = glyph(hand, character, max(box))
    ink = drawn.crop(drawn.getbbox()) if drawn else Image.new("L", box)
    across, down = box[0] / ink.width, box[1] / ink.height
    across, down = min(across, down * _MOST_STRETCH), min(down, across * _MOST_STRETCH)
    return ink.resize((max(1, round(ink.width * across)), max(1, round(ink.height * down))), Image.Resampling.LANCZOS)


def _inked(red: Field, key: int) -> Image.Image:
    """Paste that lies unevenly: specks of paper, a thinner side."""
    size = (red.shape[1], red.shape[0])
    specks = np.clip((noise(size, 5.0, key + 11) + 0.5 * noise(size, 2.4, key + 12) - 0.86) * 5, 0, 1)
    body = 0.93 - 0.10 * np.abs(noise(size, size[0] / 2, key + 13)) - 0.75 * specks
    return Image.fromarray((np.clip(red * body, 0, 1) * 255 + 0.5).astype(np.uint8), "L")
