"""The door of the desk: signing in, and what those find there whose session has ended.

They come back to the page they asked for. What they had written and sent is kept in the door's own form, and offered to
be sent again when they are in; it is kept nowhere else, and nothing is sent without their asking.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from gallery import errors
from gallery.journeys import House, accounts
from gallery.pages import desk
from gallery.pages.desk import Told
from gallery.web.answers import status_of, visitor_of
from gallery.web.drawn import HINT, frame_of
from gallery.web.guard import scheme_of
from gallery.web.rating import FRAGMENT

SESSION = "shihua_desk"
_WITHIN = re.compile(r"/desk(/(?!(in|out)\b)[A-Za-z0-9/._-]*)?(\?[A-Za-z0-9=&%+._~-]*)?")
Field = Annotated[str, Form()]


@dataclass(frozen=True)
class Errand:
    """What somebody at the door had come for: an address, and what was sent there, if anything."""

    address: str = ""
    sent: tuple[tuple[str, str], ...] = ()

    @property
    def kept(self) -> str:
        """What was sent, as a field of the door carries it."""
        return json.dumps(self.sent, ensure_ascii=False) if self.sent else ""


def read_errand(address: str, kept: str) -> Errand:
    """The errand that the door's form brings back; none if that leads anywhere but to the desk, or is not of the door.

    >>> read_errand("/desk/show/3/edit", '[["title_en", "Snow"]]').sent
    (('title_en', 'Snow'),)
    >>> read_errand("//elsewhere.test", ""), read_errand("/desk/out", "")
    (Errand(address='', sent=()), Errand(address='', sent=()))
    """
    if not _WITHIN.fullmatch(address):
        return Errand()
    try:
        sent = tuple((str(name), str(value)) for name, value in json.loads(kept or "[]"))
    except (ValueError, TypeError):
        sent = ()
    return Errand(address, sent)


def add_door(app: FastAPI, house: House) -> None:
    """Signing in, and the page in place of any other for those who are not."""
    _add_signing_in(app, house)

    @app.exception_handler(errors.NotSignedIn)
    async def stay_out(request: Request, error: Exception) -> Response:
        frame = frame_of(house, request)
        if FRAGMENT in request.headers:
            link = {"link": "/desk", "label": frame.say("desk.sign_in")}
            return HTMLResponse(frame.status(frame.error(errors.NotSignedIn()), bad=True, **link), 401)
        errand = await _errand(request)
        told = Told(frame.say("desk.ended_kept" if errand.sent else "desk.ended"), bad=True) if errand.address else None
        return HTMLResponse(desk.draw_door(frame, told=told, address=errand.address, kept=errand.kept), 401)


async def _errand(request: Request) -> Errand:
    """What was asked for or sent; none where that is the desk itself."""
    query = f"?{request.url.query}" if request.url.query else ""
    address = f"{request.url.path}{query}"
    if not _WITHIN.fullmatch(address) or (address == "/desk" and request.method == "GET"):
        return Errand()
    if request.method != "POST":
        return Errand(address)
    form = await request.form()
    return Errand(address, tuple((name, value) for name, value in form.multi_items() if isinstance(value, str)))


def _add_signing_in(app: FastAPI, house: House) -> None:
    @app.post("/desk/in")
    def sign_in(
        request: Request, name: Field = "", password: Field = "", address: Field = "", kept: Field = ""
    ) -> Response:
        frame, errand = frame_of(house, request), read_errand(address, kept)
        try:
            session = accounts.sign_in(house, name, password, visitor_of(request))
        except errors.GalleryError as error:
            told = desk.sorry(frame, error)
            page = desk.draw_door(frame, told=told, name=name[:32], address=errand.address, kept=errand.kept)
            return HTMLResponse(page, status_of(error))
        answer: Response
        if errand.sent:
            answer = HTMLResponse(desk.draw_errand(frame, errand.address, errand.sent))
        else:
            answer = RedirectResponse(errand.address or "/desk", 303)
        set_session(request, answer, session, accounts.SESSION_S)
        return answer


def set_session(request: Request, answer: Response, value: str, age_s: int) -> None:
    """Gives, or with no value takes away, the session and what tells other pages of it."""
    secure = scheme_of(request) == "https"
    name, hint = (f"__Secure-{one}" if secure else one for one in (SESSION, HINT))
    answer.set_cookie(name, value, max_age=age_s, path="/desk", secure=secure, httponly=True, samesite="strict")
    # The hint is sent to all pages, which never see the session, to show the way to the desk; it opens nothing.
    answer.set_cookie(hint, "1", max_age=age_s, path="/", secure=secure, httponly=True, samesite="lax")
