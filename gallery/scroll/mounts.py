"""Mounts: where painting, verse, signature and seal stand on silk: hung, unrolled on a table, or as two leaves.

Lengths are in design units, which are pixels at scale 1; a preview is the same at a smaller scale. A hanging scroll is
built from the top as mounters do: rod (天杆) and cord, heaven (天头) with two ribbons (惊燕), the light silk round
verse and painting (隔水), earth (地头), roller (地杆) and its ends (轴头).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from gallery.scroll import silk
from gallery.scroll.hands import Hand
from gallery.scroll.ink import Brush, on_silk
from gallery.scroll.seals import CINNABAR, Cut, seal
from gallery.scroll.silk import Colour, Field

WALL: Colour = (238, 232, 221)
PAPER: Colour = (243, 235, 217)
# heaven and earth, and the lighter silk round the work
SILKS: dict[str, tuple[Colour, Colour]] = {
    "buff": ((201, 182, 141), (230, 220, 194)),
    "celadon": ((151, 168, 161), (225, 221, 203)),
    "indigo": ((66, 82, 100), (214, 208, 190)),
    "plum": ((116, 66, 58), (224, 208, 176)),
}
_HALL = (780.0, 720.0)  # the most that the verse above a painting takes, across and down
_ROSEWOOD: Colour = (84, 48, 34)
_IVORY: Colour = (232, 220, 192)


@dataclass(frozen=True)
class Work:
    """What is to be mounted. lines: columns from the right, "" for none, a blank for a gap; `words` is the line of date
    and signature, seal what the seal says, `key` the number its small chances follow."""

    painting: Image.Image
    lines: tuple[str, ...]
    words: str
    seal: str
    hand: Hand
    cut: Cut
    colours: tuple[Colour, Colour]
    key: int


class _Bench:
    """A sheet on which things are laid, in design units."""

    def __init__(self, work: Work, size: tuple[float, float], scale: float) -> None:
        self.work, self.scale = work, scale
        self.sheet = silk.tinted(WALL, 0.012 * silk.fractal(self.px(*size), 420 * scale, 3))

    def px(self, *lengths: float) -> tuple[int, int]:
        """Two lengths in pixels."""
        return tuple(round(length * self.scale) for length in lengths)  # type: ignore[return-value]

    def lay(self, piece: Image.Image, x: float, y: float, mask: Image.Image | None = None) -> None:
        """A piece with its left upper corner there."""
        self.sheet.paste(piece, self.px(x, y), mask)

    def damask(
        self, box: tuple[float, float, float, float], colour: Colour, *, pitch: float = 118, depth: float = 0.085
    ) -> None:
        """Figured silk in a box (left, top, width, height)."""
        x, y, width, height = box
        self.lay(silk.damask(self.px(width, height), colour, self.scale, self.work.key, pitch=pitch, depth=depth), x, y)

    def line(self, box: tuple[float, float, float, float], colour: Colour, width: float) -> None:
        """A thin frame round a box (left, top, width, height)."""
        x, y, w, h = box
        corners = (*self.px(x, y), *self.px(x + w, y + h))
        ImageDraw.Draw(self.sheet).rectangle(corners, outline=colour, width=max(1, round(width * self.scale)))

    def shade(self, box: tuple[float, float, float, float], light: Field) -> None:
        """Light on what lies in a box, given for its pixels."""
        x, y, w, h = box
        place = (*self.px(x, y), *self.px(x + w, y + h))
        self.sheet.paste(silk.shaded(self.sheet.crop(place), light), place[:2])

    def shadow(self, box: tuple[float, float, float, float], reach: float, depth: float, drop: float) -> None:
        """What a thing in that box throws on the wall."""
        x, y, w, h = box
        mask = Image.new("L", self.sheet.size)
        ImageDraw.Draw(mask).rectangle((*self.px(x, y + drop), *self.px(x + w, y + h + drop)), fill=255)
        dark = np.asarray(mask.filter(ImageFilter.GaussianBlur(reach * self.scale)), dtype=np.float32) / 255
        self.sheet = silk.shaded(self.sheet, np.asarray(-depth * dark, dtype=np.float32))


def hanging(work: Work, scale: float) -> Image.Image:
    """立轴: the verse on its own paper (诗堂) above the painting."""
    em, step, pitch, hall = _hall(work.lines)
    body, side, margin, heaven, earth = 1020.0, 100.0, 110.0, 350.0, 220.0
    inner = body - 2 * side
    painted = inner * work.painting.height / work.painting.width
    zone = 56 + hall + 30 + painted + 76
    top = 120.0
    total = top + 26 + heaven + zone + earth
    bench = _Bench(work, (body + 2 * margin, total + 128), scale)
    bench.shadow((margin + 6, top, body - 12, total - top + 40), 26, 0.34, 20)
    _cord(bench, margin + body / 2, 34, top + 6, 0.24 * body)
    dark, pale = work.colours
    bench.damask((margin, top + 20, body, heaven + zone + earth + 6), dark)
    _ribbons(bench, margin, top + 20, body, heaven + 6)
    y = top + 26 + heaven
    bench.damask((margin, y, body, zone), pale, pitch=76, depth=0.055)
    for edge in (y, y + zone):
        bench.line((margin, edge - 2, body, 2), _deeper(dark), 2)
    _verse(bench, (margin + side, y + 56, inner, hall), em, step, pitch)
    _inlay(bench, (margin + side, y + 56 + hall + 30, inner, painted))
    _hang_down(bench, (margin, top + 20, body, total - top - 20))
    _bar(bench, (margin - 10, top, body + 20, 26), dark)
    _roller(bench, (margin, total - 6, body, 58), dark)
    return bench.sheet


def handscroll(work: Work, scale: float) -> Image.Image:
    """手卷: a scroll unrolled on a table, read from the right: the painting, then the verse."""
    margin, roll, end, strip, edge, inner, paper = 100.0, 64.0, 190.0, 54.0, 74.0, 720.0, 780.0
    painted = inner * work.painting.width / work.painting.height
    height, width = inner + 2 * edge, roll + end + 3 * strip + painted + paper
    bench = _Bench(work, (width + roll + 2 * margin, height + 2 * margin), scale)
    bench.shadow((margin, margin + 6, width + roll, height - 6), 24, 0.34, 20)
    dark, pale = work.colours
    bench.damask((margin + roll / 2, margin, width, height), dark, pitch=96)
    left = margin + roll
    bench.damask((left, margin, 3 * strip + painted + paper, height), pale, pitch=76, depth=0.055)
    for x in (left, left + 3 * strip + painted + paper):
        bench.line((x - 1, margin, 2, height), _deeper(dark), 2)
    _verse(bench, (left + strip, margin + edge, paper, inner), *_leaf(work.lines, paper, inner))
    _inlay(bench, (left + 2 * strip + paper, margin + edge, painted, inner))
    _lie_down(bench, (margin + roll / 2, margin, width, height))
    for x in (margin, margin + width):
        _roll(bench, (x, margin, roll, height), dark)
    return bench.sheet


def album(work: Work, scale: float) -> Image.Image:
    """册页: an open album, the painting on the right leaf and the verse on the left."""
    return _leaves(work, scale, round_painting=False)


def fan(work: Work, scale: float) -> Image.Image:
    """团扇: the same with the painting as it was cut for a round fan."""
    return _leaves(work, scale, round_painting=True)


def _leaves(work: Work, scale: float, *, round_painting: bool) -> Image.Image:
    leaf, margin, cover, frame = 900.0, 90.0, 26.0, 84.0
    inner = leaf - 2 * frame
    painted = inner * work.painting.height / work.painting.width
    height = painted + 2 * frame + 30
    bench = _Bench(work, (2 * leaf + 2 * margin + 2 * cover, height + 2 * margin + 2 * cover), scale)
    dark, pale = work.colours
    bench.shadow((margin, margin, 2 * leaf + 2 * cover, height + 2 * cover), 26, 0.34, 18)
    bench.damask((margin, margin, 2 * leaf + 2 * cover, height + 2 * cover), dark, pitch=90)
    left = top = margin + cover
    bench.damask((left, top, 2 * leaf, height), pale, pitch=76, depth=0.05)
    _inlay(bench, (left + leaf + frame, top + frame + 15, inner, painted), round_painting=round_painting)
    _verse(bench, (left + frame, top + frame + 15, inner, painted), *_leaf(work.lines, inner, painted))
    _fold(bench, (left, top, 2 * leaf, height))
    return bench.sheet


MOUNTS = {"hanging": hanging, "handscroll": handscroll, "album": album, "fan": fan}


def _inlay(bench: _Bench, box: tuple[float, float, float, float], *, round_painting: bool = False) -> None:
    """The painting let into the silk, with a fine line round it."""
    x, y, width, height = box
    work, scale = bench.work, bench.scale
    piece = on_silk(work.painting, bench.px(width, height), scale, work.key)
    if not round_painting:
        bench.lay(piece, x, y)
        bench.line(box, _deeper(work.colours[1]), 2)
        return
    rim = max(2, round(5 * scale))
    bench.lay(Image.new("RGB", piece.size, _deeper(work.colours[0])), x, y, _ellipse(piece.size, 0))
    bench.lay(piece, x, y, _ellipse(piece.size, rim))


def _ellipse(size: tuple[int, int], rim: int) -> Image.Image:
    """A mask of what is inside an ellipse, `rim` pixels within its box; drawn larger for smooth edges."""
    mask = Image.new("L", (3 * size[0], 3 * size[1]))
    ImageDraw.Draw(mask).ellipse((3 * rim, 3 * rim, 3 * (size[0] - rim) - 1, 3 * (size[1] - rim) - 1), fill=255)
    return mask.resize(size, Image.Resampling.BOX)


def _hall(lines: tuple[str, ...]) -> tuple[float, float, float, float]:
    """(em, step, pitch, height) of the verse above a painting: short lines are written larger."""
    columns, rows = len(lines), max(map(len, lines))
    em: float = (74 if rows <= 5 else 62) if columns <= 4 else (60 if rows <= 5 else 55)
    em = min(em, _HALL[0] / (1.32 * (columns - 1) + 2.28), _HALL[1] / (1.14 * rows))
    return em, 1.14 * em, (1.75 if columns <= 4 else 1.32) * em, 1.14 * em * rows + 118


def _leaf(lines: tuple[str, ...], width: float, height: float) -> tuple[float, float, float]:
    """(em, step, pitch) of the verse on a leaf of its own."""
    columns, rows = len(lines), max(map(len, lines))
    em = min(92.0, (height - 150) / (1.16 * rows), (width - 80) / ((1.55 if columns <= 4 else 1.24) * (columns + 1.2)))
    return em, 1.16 * em, (1.55 if columns <= 4 else 1.24) * em


def _verse(bench: _Bench, box: tuple[float, float, float, float], em: float, step: float, pitch: float) -> None:
    """Paper with the verse in columns from the right, then the signature, then the seal."""
    x, y, width, height = box
    work, scale = bench.work, bench.scale
    sheet = silk.paper(bench.px(width, height), PAPER, scale, work.key)
    brush = Brush(sheet, work.hand, work.key)
    rows, small = max(map(len, work.lines)), 0.56 * em
    block = pitch * (len(work.lines) - 1) + em + 1.28 * em
    right, top = width / 2 + block / 2, (height - step * rows) / 2
    for column, line in enumerate(work.lines):
        for row, character in enumerate(line):
            if character.isspace():
                continue
            centre = (right - em / 2 - pitch * column, top + step * (row + 0.5))
            brush.write(character, bench.px(*centre), em * scale)
    centre_x = right - em / 2 - pitch * (len(work.lines) - 1) - max(0.78 * pitch, 1.28 * em)
    _sign(bench, brush, centre_x, top + 0.6 * step, small, height - 26)
    bench.lay(sheet, x, y)
    bench.line(box, _deeper(work.colours[1]), 2)


def _sign(bench: _Bench, brush: Brush, x: float, top: float, em: float, bottom: float) -> None:
    """Date and signature in small characters, and the seal under them."""
    work, scale = bench.work, bench.scale
    stamp = seal(work.seal, work.cut, 1.62 * em * scale)
    room = bottom - top - stamp.height / scale - 0.5 * em
    em = min(em, room / max(1e-6, sum(map(_advance, work.words))))
    y = top
    for character in work.words:
        step = _advance(character) * em
        if not character.isspace():
            upright = _wide(character)
            brush.write(character, bench.px(x, y + step / 2), em * scale, 0.0 if upright else -90.0)
        y += step
    left, up = bench.px(x, y + 0.45 * em)
    brush.sheet.paste(CINNABAR, (left - stamp.width // 2, up), stamp)


def _wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _advance(character: str) -> float:
    """How much of a column a character takes, in ems: letters lie on their side and take less."""
    return 1.10 if _wide(character) else 0.45 if character.isspace() else 0.62


def _deeper(colour: Colour) -> Colour:
    return tuple(round(0.66 * part) for part in colour)  # type: ignore[return-value]


def _cord(bench: _Bench, middle: float, nail: float, knot: float, reach: float) -> None:
    """The cord from a nail to two rings of the rod."""
    draw, width = ImageDraw.Draw(bench.sheet), max(2, round(5 * bench.scale))
    for way in (-1, 1):
        draw.line((*bench.px(middle, nail), *bench.px(middle + way * reach, knot)), fill=(122, 92, 60), width=width)
    draw.ellipse((*bench.px(middle - 9, nail - 9), *bench.px(middle + 9, nail + 9)), fill=(70, 58, 48))


def _ribbons(bench: _Bench, left: float, top: float, body: float, length: float) -> None:
    """惊燕: two ribbons that once kept swallows away by fluttering."""
    for share in (1 / 3, 2 / 3):
        box = (left + share * body - 14, top, 28.0, length)
        bench.lay(silk.plain_silk(bench.px(28, length), bench.work.colours[1], bench.scale, bench.work.key), *box[:2])
        bench.line(box, _deeper(bench.work.colours[1]), 2)
        bench.shade((box[0] + 28, top, 5, length), np.float32(-0.16) * np.ones(bench.px(length, 5), dtype=np.float32))


def _hang_down(bench: _Bench, box: tuple[float, float, float, float]) -> None:
    """A hanging cloth: edges curl a little, it bends under the rod and over the roller."""
    width, height = (b - a for a, b in zip(bench.px(*box[:2]), bench.px(box[0] + box[2], box[1] + box[3]), strict=True))
    columns = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    rows = np.linspace(0, box[3], height, dtype=np.float32)[:, None]
    edges = -0.17 * np.exp(-(1 - np.abs(columns)) * box[2] / 14)
    bend = (
        -0.20 * np.exp(-rows / 30)
        - 0.24 * np.exp(-(box[3] - rows) / 26)
        + 0.05 * np.exp(-(((box[3] - rows - 70) / 40) ** 2))
    )
    bench.shade(box, np.asarray(edges + bend + 0.02 * np.sin(columns * 5 + 0.8), dtype=np.float32))


def _bar(bench: _Bench, box: tuple[float, float, float, float], colour: Colour) -> None:
    """The half-round rod at the top."""
    piece = silk.rod(bench.px(box[2], box[3]), _ROSEWOOD, bench.scale, bench.work.key)
    bench.lay(piece, box[0], box[1], _rounded(piece.size, 6 * bench.scale))
    for share in (0.26, 0.74):
        x, y = box[0] + share * box[2], box[1] + 5
        ImageDraw.Draw(bench.sheet).ellipse(
            (*bench.px(x - 7, y - 5), *bench.px(x + 7, y + 9)),
            outline=(196, 168, 98),
            width=max(1, round(3 * bench.scale)),
        )


def _roller(bench: _Bench, box: tuple[float, float, float, float], colour: Colour) -> None:
    """The roller, wrapped in the silk of the earth, with turned ends of rosewood and a ring of ivory."""
    x, y, width, height = box
    bench.shadow((x - 30, y + 8, width + 60, height - 8), 12, 0.30, 12)
    for left in (x - 46, x + width):
        piece = silk.rod(bench.px(46, height - 4), _ROSEWOOD, bench.scale, bench.work.key + 1)
        bench.lay(piece, left, y + 2, _rounded(piece.size, 12 * bench.scale))
    for left in (x - 12, x + width):
        bench.lay(silk.rod(bench.px(12, height + 6), _IVORY, bench.scale, bench.work.key + 2), left, y - 3)
    wrapped = silk.damask(bench.px(width, height), colour, bench.scale, bench.work.key)
    bench.lay(silk.shaded(wrapped, silk.roundness(wrapped.size, gleam=0.10)), x, y)


def _lie_down(bench: _Bench, box: tuple[float, float, float, float]) -> None:
    """A cloth on a table: it rises towards the rolls and curls at its edges."""
    left, top = bench.px(*box[:2])
    right, bottom = bench.px(box[0] + box[2], box[1] + box[3])
    columns = np.linspace(0, box[2], right - left, dtype=np.float32)[None, :]
    rows = np.linspace(0, box[3], bottom - top, dtype=np.float32)[:, None]
    ends = np.minimum(columns, box[2] - columns)
    light = -0.30 * np.exp(-ends / 46) + 0.04 * np.exp(-(((ends - 130) / 70) ** 2))
    edges = -0.12 * np.exp(-np.minimum(rows, box[3] - rows) / 12)
    bench.shade(box, np.asarray(light + edges, dtype=np.float32))


def _roll(bench: _Bench, box: tuple[float, float, float, float], colour: Colour) -> None:
    """What is still rolled up, upright, with a rod of rosewood that looks out at both ends."""
    x, y, width, height = box
    rod = silk.rod(bench.px(height + 52, 0.44 * width), _ROSEWOOD, bench.scale, bench.work.key + 1)
    rod = rod.transpose(Image.Transpose.ROTATE_90)
    bench.lay(rod, x + 0.28 * width, y - 26, _rounded(rod.size, 8 * bench.scale))
    wrapped = silk.damask(bench.px(height, width), colour, bench.scale, bench.work.key, pitch=96)
    wrapped = silk.shaded(wrapped, silk.roundness(wrapped.size, gleam=0.10))
    bench.lay(wrapped.transpose(Image.Transpose.ROTATE_90), x, y)


def _fold(bench: _Bench, box: tuple[float, float, float, float]) -> None:
    """The fold between two leaves, and leaves that rise a little towards it."""
    left, top = bench.px(*box[:2])
    right, bottom = bench.px(box[0] + box[2], box[1] + box[3])
    columns = np.linspace(-1, 1, right - left, dtype=np.float32)[None, :] * box[2] / 2
    away = np.abs(columns)
    light = -0.36 * np.exp(-away / 7) - 0.13 * np.exp(-away / 60) + 0.035 * np.exp(-(((away - 150) / 90) ** 2))
    light = light - 0.10 * np.exp(-(box[2] / 2 - away) / 16)
    bench.shade(box, np.repeat(np.asarray(light, dtype=np.float32), bottom - top, axis=0))


def _rounded(size: tuple[int, int], radius: float) -> Image.Image:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius=radius, fill=255)
    return mask
