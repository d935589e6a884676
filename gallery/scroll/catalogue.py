"""A catalogue on paper: cover, introduction, a plate to a page with verse set vertically, and an index, as a PDF.

A4, in LXGW WenKai; only the characters that are used are embedded. It knows nothing of works or exhibitions: it binds
what it is given. Source: https://py-pdf.github.io/fpdf2/
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from PIL import Image

from gallery.scroll.hands import FOLDER
from gallery.scroll.seals import CINNABAR, HOUSE, seal

WIDTH, HEIGHT, MARGIN = 210.0, 297.0, 24.0
PAPER, INK, GREY, HAIRLINE = (245, 240, 230), (33, 29, 24), (109, 100, 87), (217, 208, 191)
PLATE = (150.0, 178.0)  # the most a plate takes of its page, in millimetres
MARKS = FOLDER.parents[1] / "static/fonts/noto-serif-sc/noto-serif-sc-latin-wght-normal.woff2"
"""Dashes, quotation marks and accents, which LXGW WenKai as it is cut here lacks."""
_POINT = 25.4 / 72
_HANGING = "，。、；：！？）》」』”’"
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class Plate:
    """A work on its page: its picture (JPEG, PNG) or else its verse, and what stands below it."""

    title: str
    picture: bytes | None
    size: tuple[int, int]
    lines: tuple[str, ...]
    caption: tuple[str, ...]
    index: str  # by which the index sorts it
    shows: str  # for those who cannot see it


@dataclass(frozen=True)
class Chapter:
    """A room: its number in words, its title, its wall text, its plates."""

    number: str
    title: str
    paragraphs: tuple[str, ...]
    plates: tuple[Plate, ...]


@dataclass(frozen=True)
class Book:
    """What a catalogue says beside its plates."""

    title: str
    subtitle: str
    paragraphs: tuple[str, ...]
    cover: Plate | None
    imprint: tuple[str, ...]
    index_title: str
    chapters: tuple[Chapter, ...]
    language: str
    made_s: float


def bind(book: Book, file: IO[bytes], on_progress: OnProgress = lambda done, total: None) -> int:
    """Writes the catalogue and returns its pages; the same book gives the same bytes."""
    logging.getLogger("fontTools").setLevel(logging.ERROR)  # it tells of every table it does not need
    page = _Paper(book)
    page.cover()
    page.words(book.title, book.paragraphs)
    total, done = sum(len(chapter.plates) for chapter in book.chapters), 0
    for chapter in book.chapters:
        if chapter.title or chapter.paragraphs:
            page.words(chapter.title or chapter.number, chapter.paragraphs, over=chapter.number)
        for plate in chapter.plates:
            page.plate(plate)
            done += 1
            on_progress(done, total)
    page.index(book.index_title)
    file.write(page.pdf.output())
    return int(page.pdf.page)


class _Paper:
    """The sheets of one catalogue, as they are filled."""

    def __init__(self, book: Book) -> None:
        self.book, self.entries = book, list[tuple[str, str, int]]()
        from fpdf import FPDF  # takes a third of a second to read, which the opening of the gallery need not wait for

        self.pdf = pdf = FPDF(unit="mm", format="A4")
        pdf.set_creation_date(datetime.fromtimestamp(book.made_s, UTC))
        pdf.set_title(book.title)
        pdf.set_creator("Shihua")
        pdf.set_lang(book.language)
        pdf.set_margins(MARGIN, MARGIN)
        pdf.set_auto_page_break(False)
        pdf.c_margin = 0
        pdf.add_font("kai", fname=FOLDER / "lxgw-wenkai.woff")
        pdf.add_font("rare", fname=FOLDER / "rare.woff2")
        pdf.add_font("marks", fname=MARKS)
        pdf.set_fallback_fonts(["rare", "marks"])

    def cover(self) -> None:
        """The front: on tinted paper, the title, the cover picture, the seal of the house."""
        pdf, book = self.pdf, self.book
        pdf.add_page()
        pdf.set_fill_color(*PAPER)
        pdf.rect(0, 0, WIDTH, HEIGHT, style="F")
        if book.cover is not None:
            self._show(book.cover, top=34, most=(138, 138))
        self._write(book.title, 34, INK, y=192, height=13)
        self._write(book.subtitle, 13, GREY, y=pdf.get_y() + 3, height=7)
        mask = seal(HOUSE, "bai", 320)
        stamp = Image.new("RGB", mask.size, PAPER)
        stamp.paste(CINNABAR, (0, 0), mask)
        pdf.image(stamp, MARGIN, 250, 12, alt_text=HOUSE)
        self._write("\n".join(book.imprint), 9, GREY, y=252, height=5, x=MARGIN + 18)

    def words(self, title: str, paragraphs: tuple[str, ...], over: str = "") -> None:
        """A page of text, or as many as it takes."""
        self._leaf()
        if over and over != title:
            self._write(over, 10, GREY, y=48, height=6)
        self._write(title, 26, INK, y=56, height=12)
        y = self.pdf.get_y() + 10
        for paragraph in paragraphs:
            self.pdf.set_font("kai", size=11.5)
            height = self.pdf.multi_cell(130, 7, self._broken(paragraph, 126), dry_run=True, output="HEIGHT")
            if y + float(height) > HEIGHT - 30:  # type: ignore[arg-type]
                self._leaf()
                y = 40.0
            self._write(paragraph, 11.5, INK, y=y, height=7, width=130)
            y = self.pdf.get_y() + 4

    def plate(self, plate: Plate) -> None:
        """A work and what is to be said of it."""
        self._leaf()
        self._show(plate, top=30, most=PLATE)
        self._write(plate.title, 16, INK, y=222, height=8)
        self._write("\n".join(plate.caption), 9.5, GREY, y=self.pdf.get_y() + 1.5, height=5.2)
        self.entries.append((plate.index, plate.title, self.pdf.page))

    def index(self, title: str) -> None:
        """All plates by title, in two columns."""
        column, y = 2, HEIGHT
        for _, name, number in sorted(self.entries):
            if y > HEIGHT - 34:
                column, y = (1, 76.0) if column == 0 else (0, 76.0)
                if column == 0:
                    self._leaf()
                    self._write(title, 26, INK, y=48, height=12)
            x = MARGIN + 84 * column
            self._write(name[:20], 10, INK, y=y, height=6, x=x, width=66)
            self.pdf.set_xy(x + 66, y)
            self.pdf.set_text_color(*GREY)
            self.pdf.cell(10, 6, str(number), align="R")
            y += 6.6

    def _leaf(self) -> None:
        """A fresh page with its number."""
        self.pdf.add_page()
        self.pdf.set_font("kai", size=9)
        self.pdf.set_text_color(*GREY)
        self.pdf.set_xy(MARGIN, HEIGHT - 20)
        self.pdf.cell(WIDTH - 2 * MARGIN, 5, str(self.pdf.page), align="R")

    def _write(
        self,
        text: str,
        points: float,
        colour: tuple[int, int, int],
        *,
        y: float,
        height: float,
        x: float = MARGIN,
        width: float = WIDTH - 2 * MARGIN,
    ) -> None:
        self.pdf.set_font("kai", size=points)
        self.pdf.set_text_color(*colour)
        self.pdf.set_xy(x, y)
        room = width + 1.5 * points * _POINT  # for the sign that hangs over the end of a line
        self.pdf.multi_cell(room, height, self._broken(text, width), align="L", new_x="LEFT", new_y="NEXT")

    def _broken(self, text: str, width: float) -> str:
        """A text of mostly Chinese broken into lines, none of which begins with a sign that ends a clause."""
        if self.book.language != "zh":
            return text
        lines, long = [""], 0.0
        for character in text:
            wide = self.pdf.get_string_width(character)
            if character == "\n" or (long + wide > width and character not in _HANGING):
                lines.append("")
                long = 0.0
            lines[-1] += "" if character == "\n" else character
            long += wide
        return "\n".join(lines)

    def _show(self, plate: Plate, *, top: float, most: tuple[float, float]) -> None:
        """The picture as large as it may be, in the middle of its room; or the verse on its sheet."""
        if plate.picture is None:
            side = min(most)
            self._verse(plate.lines, (WIDTH - side) / 2, top + (most[1] - side) / 2, side)
            return
        scale = min(most[0] / plate.size[0], most[1] / plate.size[1])
        width, height = scale * plate.size[0], scale * plate.size[1]
        x, y = (WIDTH - width) / 2, top + (most[1] - height) / 2
        self.pdf.image(plate.picture, x, y, width, height, alt_text=plate.shows)

    def _verse(self, lines: tuple[str, ...], x: float, y: float, side: float) -> None:
        """Columns from the right, a character below the other, on a square sheet."""
        pdf, longest = self.pdf, max(map(len, lines))
        pdf.set_draw_color(*HAIRLINE)
        pdf.set_fill_color(251, 248, 241)
        pdf.rect(x, y, side, side, style="DF")
        em = 0.74 * side / max(1.14 * longest, 1.55 * len(lines))
        pdf.set_font("kai", size=em / _POINT)
        pdf.set_text_color(*INK)
        right, head = x + side / 2 + 1.55 * em * (len(lines) - 1) / 2, y + side / 2 - 1.14 * em * longest / 2
        for column, line in enumerate(lines):
            for row, character in enumerate(line):
                if character.isspace():
                    continue
                pdf.set_xy(right - 1.55 * em * column - em, head + 1.14 * em * row)
                pdf.cell(2 * em, 1.14 * em, character, align="C")
