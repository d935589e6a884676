"""What the addresses of the desk share: the frame in the asker's language, the curator, and pages drawn or refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from gallery import errors
from gallery.journeys import House, changes
from gallery.journeys.accounts import Curator
from gallery.pages import work
from gallery.pages.desk import Told
from gallery.pages.frame import Frame
from gallery.web.answers import status_of
from gallery.web.guard import language_of

HINT = "shihua_curates"
MAKING = frozenset({"made", "kept", "begun"})  # taken back, these leave no page to come back to
Draw = Callable[[Frame, Curator, Told], str]


def frame_of(house: House, request: Request) -> Frame:
    """The house in the language of whoever asks."""
    return Frame(house, language_of(request, house.settings))


def curator_of(request: Request) -> Curator:
    """Who asks, as the gate of the desk has found out."""
    curator: Curator = request.state.curator
    return curator


def page(house: House, request: Request, draw: Callable[[Frame, Curator], str], status: int = 200) -> Response:
    """A page of the desk, or why it cannot be shown."""
    frame = frame_of(house, request)
    try:
        return HTMLResponse(draw(frame, curator_of(request)), status)
    except errors.GalleryError as error:
        return sorry(frame, error)


def after(house: House, request: Request, act: Callable[[Curator], str], draw: Draw) -> Response:
    """Does something and leads to the address it gives back; what is refused is told on the page that `draw` draws.

    An address that tells of what was done is given the entry that takes it back, if it is a single one.
    """
    curator = curator_of(request)
    try:
        before = changes.newest(house)
        address, hash_, part = act(curator).partition("#")
        entry = changes.only_since(house, before, curator) if "said=" in address else None
        return RedirectResponse(f"{address}{f'&entry={entry}' if entry else ''}{hash_}{part}", 303)
    except errors.GalleryError as error:
        told, status = Told(frame_of(house, request).error(error), bad=True), status_of(error)
    return page(house, request, lambda frame, curator: draw(frame, curator, told), status)


def told_by(frame: Frame, request: Request, said: frozenset[str], *, room: str = "collections") -> Told:
    """What an address says was done: one of the words that its page knows, else nothing; with the way back from it."""
    asked = request.query_params
    key = asked.get("said", "")
    if key == "undone":
        return Told(frame.say("collections.undone"))
    if key not in said:
        return Told()
    entry = asked.get("entry", "")
    if key in MAKING or not re.fullmatch("[0-9]{1,18}", entry):
        return Told(frame.say(f"{room}.{key}"))
    rest = urlencode([(name, value) for name, value in asked.multi_items() if name not in ("said", "entry")])
    back = f"{request.url.path}?{rest}" if rest else request.url.path
    return Told(frame.say(f"{room}.{key}"), entry=int(entry), back=back)


def sorry(frame: Frame, error: errors.GalleryError) -> Response:
    """A page that says why, in place of one of the desk."""
    return HTMLResponse(work.draw_sorry(frame, frame.error(error), frame.say("desk.heading")), status_of(error))
