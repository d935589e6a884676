"""A leaf: a poem written on a plain square sheet, from right to left, for whoever needs a picture of it.

The same verse gives the same pixels. It is set in the regular hand (hands.py), as large as the sheet allows.
"""

from __future__ import annotations

from PIL import Image

from gallery.scroll.hands import glyph

SIDE = 512
PAPER, INK = (251, 248, 241), (33, 29, 24)
_MARGIN = 0.13
_LEADING = 1.5  # from column to column, in ems


def leaf(lines: tuple[str, ...], side: int = SIDE) -> Image.Image:
    """The verse on a sheet of `side` x `side` pixels; lines: columns, "" for none, a blank for a gap."""
    sheet = Image.new("RGB", (side, side), PAPER)
    longest, room = max(map(len, lines)), side * (1 - 2 * _MARGIN)
    em = room / max(1.12 * longest, _LEADING * len(lines))
    right, top = side / 2 + _LEADING * em * (len(lines) - 1) / 2, side / 2 - 1.12 * em * (longest - 1) / 2
    for column, line in enumerate(lines):
        for row, character in enumerate(line):
            mask = None if character.isspace() else glyph("kai", character, em)
            if mask is not None:
                x, y = right - column * _LEADING * em, top + row * 1.12 * em
                sheet.paste(INK, (round(x - mask.width / 2), round(y - mask.height / 2)), mask)
    return sheet
