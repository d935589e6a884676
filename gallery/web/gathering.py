"""The addresses of live rooms: all of them, one, its replay, what is kept of it; the socket is live.py's."""

from __future__ import annotations

import re

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from gallery import errors
from gallery.journeys import House, rooms
from gallery.pages import room, work
from gallery.pages import rooms as lobby
from gallery.pages.frame import Frame
from gallery.texts import LANGUAGES
from gallery.web.answers import status_of, visitor_of
from gallery.web.guard import language_of, scheme_of
from gallery.web.live import Hall, add_live_route


def add_room_routes(app: FastAPI, house: House) -> None:
    """Before Gradio is mounted, which would take the addresses of a language for its own."""
    hall = Hall(house)
    add_live_route(app, hall)
    for language in LANGUAGES:
        _add_lobby(app, Frame(house, language))
        _add_room(app, Frame(house, language))
        _add_keeping(app, Frame(house, language), hall)

    @app.get("/r/{code}")
    def invited(request: Request, code: str) -> Response:
        return RedirectResponse(_address(Frame(house, language_of(request, house.settings)), code), 307)


def _address(frame: Frame, code: object) -> str:
    return f"/{frame.language}/rooms/{re.sub('[^0-9A-Z]', '', rooms.plain_code(code)) or '-'}"


def _add_lobby(app: FastAPI, frame: Frame) -> None:
    @app.get(f"/{frame.language}/rooms")
    def look(code: str = "") -> Response:
        try:
            if code:
                return RedirectResponse(_address(frame, rooms.find_room(frame.house, code).code), 303)
            return HTMLResponse(lobby.draw(frame))
        except errors.NoSuchRoom as error:
            return HTMLResponse(lobby.draw(frame, error=error, code=code[:20]), status_of(error))
        except errors.GalleryError as error:
            return _sorry(frame, error)

    @app.post(f"/{frame.language}/rooms")
    def open_one(
        request: Request,
        name: str = Form(""),
        form: str = Form(""),
        rhyme: str = Form(""),
        timer: str = Form("60"),
        hidden: str = Form(""),
    ) -> Response:
        wish = rooms.VerseWish(form, rhyme, int(timer) if re.fullmatch("[0-9]{1,4}", timer) else 0)
        try:
            opened = rooms.open_room(frame.house, visitor_of(request), name, wish, listed=not hidden)
        except errors.BadWish as error:
            return HTMLResponse(lobby.draw(frame, error=error), status_of(error))
        except errors.GalleryError as error:
            return _sorry(frame, error)
        return RedirectResponse(_address(frame, opened.code), 303)


def _add_room(app: FastAPI, frame: Frame) -> None:
    @app.get(f"/{frame.language}/rooms/{{code}}")
    def show(request: Request, code: str) -> Response:
        origin = f"{scheme_of(request)}://{request.headers.get('host', '')}"
        try:
            before, happened = rooms.history(frame.house, code)
            return HTMLResponse(room.draw(frame, before, happened, origin))
        except errors.GalleryError as error:
            return _sorry(frame, error)

    @app.get(f"/{frame.language}/rooms/{{code}}/replay")
    def again(code: str, step: str = "0") -> Response:
        try:
            before, happened = rooms.history(frame.house, code)
        except errors.GalleryError as error:
            return _sorry(frame, error)
        number = int(step) if re.fullmatch("[0-9]{1,9}", step) else 0
        return HTMLResponse(room.draw_replay(frame, before, happened, number))


def _add_keeping(app: FastAPI, frame: Frame, hall: Hall) -> None:
    @app.post(f"/{frame.language}/rooms/{{code}}/keep")
    async def keep(request: Request, code: str, title: str = Form(""), signature: str = Form("")) -> Response:
        try:
            async with hall.at(code) as table:
                kept = await table.keep(visitor_of(request), title, signature)
        except errors.GalleryError as error:
            return _sorry(frame, error)
        return RedirectResponse(f"/work/{kept.id}", 303)


def _sorry(frame: Frame, error: errors.GalleryError) -> Response:
    return HTMLResponse(work.draw_sorry(frame, frame.error(error), frame.say("rooms.heading")), status_of(error))
