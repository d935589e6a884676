"""Exhibitions (展览): the list of them, one with its rooms and wall text, and the walk through it, station by station.

Plain HTML that can be read and walked through by links; a script adds the arrow keys. Wall text is Markdown of curators
and the only text of others that stands on a page as HTML (prose.py says of what).
"""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from gallery.journeys import visit
from gallery.journeys.accounts import Curator
from gallery.journeys.first_wall import numeral
from gallery.journeys.plans import Plan, Room
from gallery.pages.desk import facts_of, what_of
from gallery.pages.frame import Frame, day
from gallery.prose import as_html, paragraphs


def titled(frame: Frame, words: Plan | Room) -> str:
    """What it is called in this language, or in the other one; nothing for a room without a name."""
    return frame.either(words.title_zh, words.title_en)


def _text(frame: Frame, words: Plan | Room) -> str:
    return frame.either(words.text_zh, words.text_en)


def _opening(frame: Frame, plan: Plan) -> str:
    """The first paragraph of the wall text, without its marks."""
    return next(iter(paragraphs(_text(frame, plan))), "")


def _days(frame: Frame, plan: Plan) -> str:
    key = "both" if plan.opens and plan.closes else "from" if plan.opens else "until" if plan.closes else ""
    return frame.say(f"shows.days_{key}", opens=plan.opens, closes=plan.closes) if key else ""


def words_of(frame: Frame) -> dict[str, Any]:
    """What the templates say exhibitions with: titles, wall text, days, what a work shows."""

    def ordinal(number: int) -> str:
        return frame.say("shows.room", number=numeral(number) if frame.language == "zh" else number)

    return {
        "titled": lambda words: titled(frame, words),
        "text": lambda words: Markup(as_html(_text(frame, words))),  # noqa: S704 (prose.py escapes)
        "opening": lambda plan: _opening(frame, plan),
        "days": lambda plan: _days(frame, plan),
        "what": lambda work: what_of(frame, work),
        "facts": lambda work: facts_of(frame, work, when=day),
        "ordinal": ordinal,
    }


def draw_all(frame: Frame) -> str:
    """The list of exhibitions. Raises StoreTrouble."""
    title, shows = frame.say("shows.heading"), visit.listed(frame.house)
    return frame.draw("shows.html", page="shows", here=None, title=title, shows=shows, **words_of(frame))


def draw(frame: Frame, address: str, origin: str) -> str:
    """An exhibition, by its address. Raises NoSuchShow, StoreTrouble."""
    show = visit.visit(frame.house, address)
    here = _switch(frame, f"show/{address}")
    title = titled(frame, show.plan)
    values = {"show": show, "origin": origin, "title": title, "catalogue": bool(show.works)}
    return frame.draw("show.html", page="shows", here=here, **values, **words_of(frame))


def draw_preview(frame: Frame, curator: Curator, number: object) -> str:
    """An exhibition as it is prepared, for curators. Raises NoSuchShow, StoreTrouble."""
    show = visit.preview(frame.house, number, curator)
    here = _switch(frame, f"desk/show/{number}/preview")
    values = {"show": show, "origin": "", "title": titled(frame, show.plan), "catalogue": False, "number": number}
    return frame.draw("show.html", page="desk", here=here, **values, **words_of(frame))


def draw_walk(frame: Frame, address: str, station: str, origin: str) -> str:
    """A station of the walk. Raises NoSuchShow, StoreTrouble."""
    stop = visit.walk(frame.house, address, station)
    here = _switch(frame, f"show/{address}/{station}")
    title = stop.work.title if stop.work else titled(frame, stop.room.room) or titled(frame, stop.exhibition.plan)
    return frame.draw("walk.html", page="shows", here=here, stop=stop, origin=origin, title=title, **words_of(frame))


def hangs_in(frame: Frame, work: int) -> list[tuple[str, str]]:
    """Address and title of the exhibitions that a work hangs in. Raises StoreTrouble."""
    return [(slug, titled(frame, plan)) for slug, plan in visit.hangs_in(frame.house, work)]


def _switch(frame: Frame, here: str) -> str:
    return f"/language/{'en' if frame.language == 'zh' else 'zh'}?next=/{here}"
