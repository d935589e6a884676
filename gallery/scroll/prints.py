"""A scroll on paper: one PDF page of its own size in millimetres, the picture inside it without loss.

At 200 dots to the inch a hanging scroll is a page of about 157 x 300 mm. The page says what it shows, for readers who
cannot see it. Source: https://py-pdf.github.io/fpdf2/.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime

from PIL import Image

DPI = 200
MM = 25.4


def pdf(png: bytes, *, title: str, author: str, description: str, made_s: float, xmp: str) -> bytes:
    """The picture as a page for the printer; the same arguments give the same bytes."""
    picture = Image.open(io.BytesIO(png), formats=("PNG",))
    width, height = (side / DPI * MM for side in picture.size)
    from fpdf import FPDF  # read when it is first needed

    page = FPDF(unit="mm", format=(width, height))
    page.set_creation_date(datetime.fromtimestamp(made_s, UTC))
    page.set_title(title)
    page.set_author(author)
    page.set_subject(description)
    page.set_creator("Shihua")
    page.set_xmp_metadata(xmp)
    page.set_lang("zh")
    page.set_margin(0)
    page.set_auto_page_break(False)
    page.add_page()
    page.image(picture, 0, 0, width, height, alt_text=description)
    return bytes(page.output())
