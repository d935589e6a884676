"""Tags: the public list of them, each with its newest works, and the page on which curators make, name and merge them.

Plain HTML with links and forms, so that both work without a script.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from db.tags import Tag
from gallery.journeys import tag
from gallery.journeys.accounts import Curator
from gallery.pages.desk import Told, draw_desk
from gallery.pages.frame import Frame
from gallery.pages.wall import called


def draw(frame: Frame) -> str:
    """The list of all tags that works bear. Raises StoreTrouble."""
    other = "en" if frame.language == "zh" else "zh"
    return frame.draw(
        "tags.html",
        leaves=tag.public(frame.house),
        called=lambda one: called(frame, one),
        to=lambda one: address(frame, one),
        title=frame.say("tags.heading"),
        page="wall",
        here=f"/{other}/tags",
    )


def address(frame: Frame, one: Tag) -> str:
    """Where the works of a tag are."""
    return f"/{frame.language}/?tag={quote(called(frame, one))}"


def draw_all(
    frame: Frame, curator: Curator, *, told: Told | None = None, typed: Mapping[str, str] | None = None, at: str = ""
) -> str:
    """The desk's page of tags; `at`: the number of the one at which something was refused. Raises StoreTrouble."""
    return draw_desk(
        frame,
        "desk-tags.html",
        curator,
        here="desk/tags",
        title=frame.say("tags.heading"),
        tags=tag.everything(frame.house),
        called=lambda one: called(frame, one),
        to=lambda one: address(frame, one),
        typed={"zh": "", "en": "", "name": "", "into": ""} | dict(typed or {}),
        spot=at,
        mark_of=tag.mark_of,
        told=told or Told(),
    )
