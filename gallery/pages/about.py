"""The About page: what the house is, the mathematics of its two networks, what they learnt from and how well.

The words are templates, one a language (long prose is no blank to fill); figures and facts come from the cards.
"""

from __future__ import annotations

from gallery.pages.frame import STATIC, Frame, html, static

FIGURES = ("about/painting-curve.webp", "about/painting-grid.webp", "about/poem-curve.webp")


def build(frame: Frame) -> None:
    """Lay the page out on a Gradio page."""
    figures = {name.split("/")[1].split(".")[0]: static(name) for name in FIGURES if (STATIC / name).is_file()}
    frame.header("about")
    html(
        frame.draw(
            f"about.{frame.language}.html",
            painter=frame.house.card("painting").facts,
            poet=frame.house.card("poem").facts,
            figures=figures,
        ),
        elem_id="about",
    )
    frame.footer()
