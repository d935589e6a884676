"""Hands: the fonts a scroll is written in, whole and shipped as files, and what happens to a character that one lacks.

行楷 is Ma Shan Zheng (6,982 characters), 楷书 is LXGW WenKai (cut down to 10,000: the poet's, GB 2312, Big5 level 1,
Latin), and the last resort holds the 49 of the poet's characters that both lack, from HanaMin. A character goes to the
first font of its hand's chain that has it and counts as borrowed; one that none has is left out, and never a box.
How the files were made: hands/README.md. Licences: hands/*.txt.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

Hand = Literal["xingkai", "kai"]
FOLDER = Path(__file__).parent / "hands"
FONTS = ("ma-shan-zheng", "lxgw-wenkai", "rare")
CHAINS: dict[Hand, tuple[str, ...]] = {"xingkai": FONTS, "kai": ("lxgw-wenkai", "ma-shan-zheng", "rare")}
_EM = 200  # every character is drawn once at this size and then made smaller: opening a font takes .2 s
_PROBE = 16  # large enough to tell characters from the sign for a missing one
_NOBODY = "\uffff"  # no font draws a noncharacter, so it shows what "missing" looks like


@cache
def _font(name: str, em: int = _EM) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FOLDER / f"{name}.woff2", em, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=16384)
def _has(name: str, character: str) -> bool:
    """Whether the font draws the character, by comparing with what it draws for none."""
    drawn = _font(name, _PROBE).getmask(character)
    return drawn.getbbox() is not None and (drawn.size, bytes(drawn)) != _missing(name)


@cache
def _missing(name: str) -> tuple[tuple[int, int], bytes]:
    drawn = _font(name, _PROBE).getmask(_NOBODY)
    return drawn.size, bytes(drawn)


def font_for(hand: Hand, character: str) -> str | None:
    """The first font of the hand's chain that has the character."""
    return next((name for name in CHAINS[hand] if _has(name, character)), None)


def borrowed(hand: Hand, text: str) -> tuple[str, ...]:
    """The characters, each once, that another font than the hand's own must write."""
    return tuple(dict.fromkeys(c for c in text if c.strip() and font_for(hand, c) not in (CHAINS[hand][0], None)))


def left_out(hand: Hand, text: str) -> tuple[str, ...]:
    """The characters, each once, that no font has."""
    return tuple(dict.fromkeys(c for c in text if c.strip() and font_for(hand, c) is None))


def glyph(hand: Hand, character: str, em: float) -> Image.Image | None:
    """The character as a mask whose middle is the middle of its em square; None if no font has it."""
    name = font_for(hand, character)
    if name is None:
        return None
    drawn = _drawn(name, character)
    side = max(4, round(drawn.width * em / _EM))
    return drawn.resize((side, side), Image.Resampling.LANCZOS)


@lru_cache(maxsize=1024)
def _drawn(name: str, character: str) -> Image.Image:
    font, room = _font(name), round(1.5 * _EM)
    mask = Image.new("L", (room, room))
    ascent, descent = font.getmetrics()
    place = ((room - font.getlength(character)) / 2, (room - ascent - descent) / 2)
    ImageDraw.Draw(mask).text(place, character, fill=255, font=font)
    return mask
