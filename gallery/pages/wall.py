"""The wall: newest or best works of every kind or one, page by page; what is shown is in the address.

A card carries score and count only for works that this visitor has rated; the others stay blind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

import gradio as gr

from gallery import errors
from gallery.journeys import browse
from gallery.pages.frame import Frame, html
from gallery.visitors import Visitor

Kind = Literal["painting", "poem", "scroll"]
KINDS: tuple[Kind, ...] = ("painting", "poem", "scroll")
Order = Literal["newest", "best"]
PAGE = 40


@dataclass(frozen=True)
class View:
    """What an address asks to see; anything it says that the wall does not know is left out."""

    kind: Kind | None
    order: Order
    cursor: str | None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> View:
        """The view that a query string asks for."""
        kind, order = query.get("kind"), query.get("order")
        return cls(
            kind=next((known for known in KINDS if known == kind), None),
            order="best" if order == "best" else "newest",
            cursor=query.get("cursor"),
        )

    def address(self, base: str, cursor: str) -> str:
        """Where the page after `cursor` is found."""
        query = {"kind": self.kind or "all", "order": self.order, "cursor": cursor}
        return f"{base}?{urlencode(query)}"


def cards(frame: Frame, view: View, visitor: Visitor) -> str:
    """The cards of one page as HTML, with the link to the next. Raises GalleryError."""
    return frame.draw("cards.html", **_cards(frame, view, visitor))


def _cards(frame: Frame, view: View, visitor: Visitor) -> dict[str, object]:
    page = browse.page(frame.house, view.kind, view.order, view.cursor, PAGE, visitor)
    following = page.next_cursor
    return {
        "cards": page.cards,
        "first": view.cursor is None,
        "named": frame.named,
        "more": view.address(f"/{frame.language}/", following) if following else None,
        "fragment": view.address(f"/wall/{frame.language}", following) if following else None,
    }


def draw(frame: Frame, view: View, visitor: Visitor) -> str:
    """The whole wall as HTML; an error is told in its place."""
    try:
        counts = dict(browse.counts(frame.house))
        whole: dict[str, int] = {kind: counts.get(kind, 0) for kind in KINDS}
        whole["all"] = sum(whole.values())
        shown = _cards(frame, view, visitor)
    except errors.GalleryError as error:
        return frame.draw("sorry.html", text=frame.error(error))
    return frame.draw("wall.html", **shown, kind=view.kind or "all", order=view.order, counts=whole)


def build(frame: Frame, blocks: gr.Blocks) -> None:
    """Lay the wall out on a Gradio page."""
    frame.header("wall")
    wall = html("", elem_id="wall")
    frame.footer()

    def load(request: gr.Request) -> str:
        return draw(frame, View.read(dict(request.query_params)), frame.viewer(request))

    blocks.load(load, outputs=wall, queue=False, show_progress="hidden", api_visibility="private")
