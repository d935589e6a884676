"""The About page: what the house is, the mathematics of its two networks, what they learnt from and how well.

The words are templates, one a language (long prose is no blank to fill); figures and facts come from the cards.
"""

from __future__ import annotations

from gallery.pages.frame import STATIC, Frame, html, static
from models.painting_gan.moods import MOODS
from models.painting_gan.wishes import directions

_SHOWN = ("curve", "grid", "enlarged", "steering", "ablation")


def build(frame: Frame) -> None:
    """Lay the page out on a Gradio page."""
    painter, *others = [card for card in frame.house.cards if card.kind == "painting"]
    named = {f"painting-{what}": f"{painter.name}-{what}" for what in _SHOWN} | {"poem-curve": "poem-curve"}
    grids = {card.name: f"{card.name}-grid" for card in others}
    frame.header("about")
    html(
        frame.draw(
            f"about.{frame.language}.html",
            painter=painter.facts,
            others=[{**card.facts, "name": card.name} for card in others],
            poet=frame.house.card("poem").facts,
            figures=_there(named | grids),
            sliders=directions(painter),
            moods=list(MOODS),
        ),
        elem_id="about",
    )
    frame.footer()


def _there(named: dict[str, str]) -> dict[str, str]:
    """The addresses of those pictures that are there, by the names the page calls them."""
    paths = {name: f"about/{file}.webp" for name, file in named.items()}
    return {name: static(path) for name, path in paths.items() if (STATIC / path).is_file()}
