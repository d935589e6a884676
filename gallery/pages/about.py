"""The About page: what the house is, the mathematics of its two networks, what they learnt from and how well.

The words are templates, one a language (long prose is no blank to fill); figures and facts come from the cards.
"""

from __future__ import annotations

from gallery.pages.frame import STATIC, Frame, html, static
from models.painting_gan.moods import MOODS
from models.painting_gan.wishes import directions

_NAMES = ("painting-curve", "painting-grid", "painting-enlarged", "painting-steering", "poem-curve")
FIGURES = tuple(f"about/{name}.webp" for name in _NAMES)


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
            sliders=directions(frame.house.card("painting")),
            moods=list(MOODS),
        ),
        elem_id="about",
    )
    frame.footer()
