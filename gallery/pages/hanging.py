"""Hanging an exhibition (布展), on the desk: its words, days and cover, its rooms and their works, and its opening.

Plain HTML with forms, as all of the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gallery.journeys import arrange, exhibit
from gallery.journeys.accounts import Curator
from gallery.pages.desk import Told, draw_desk, name_of
from gallery.pages.frame import Frame
from gallery.pages.shows import words_of


def draw_all(
    frame: Frame, curator: Curator, *, told: Told | None = None, typed: Mapping[str, str] | None = None
) -> str:
    """The exhibitions that are prepared or open. Raises StoreTrouble."""
    blank = {"title_zh": "", "title_en": "", "slug": ""}
    return draw_desk(
        frame,
        "desk-shows.html",
        curator,
        here="desk/shows",
        title=frame.say("shows.heading"),
        shows=exhibit.everything(frame.house, curator),
        told=told or Told(),
        typed=blank | dict(typed or {}),
        **words_of(frame),
    )


def draw(frame: Frame, curator: Curator, number: object, *, told: Told | None = None, **more: object) -> str:
    """One of them. `more`: the work moved last and which way it went; the room in which it was done (`room`, none
    for the exhibition itself); what was typed there and refused. Raises NoSuchShow, StoreTrouble."""
    one, words = exhibit.look(frame.house, number, curator), words_of(frame)
    values: dict[str, Any] = {"moved": None, "went": None, "room": -1, "typed": {}} | more
    return draw_desk(
        frame,
        "desk-show.html",
        curator,
        here=f"desk/show/{one.show.id}",
        title=words["titled"](one.plan),
        one=one,
        works=exhibit.works_of(frame.house, one.plan),
        tree=arrange.tree(frame.house, curator, bare=True),
        name=name_of(frame),
        mark_of=exhibit.mark_of,
        half_said=exhibit.half_said(one.plan),
        told=told or Told(),
        **values,
        **words,
    )
