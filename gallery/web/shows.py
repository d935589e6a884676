"""The addresses of exhibitions: their list in both languages, each under its name, and the walk through it."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from gallery import errors
from gallery.journeys import House, print_out
from gallery.pages import shows, work
from gallery.pages.frame import Frame
from gallery.texts import LANGUAGES
from gallery.web.answers import status_of
from gallery.web.drawn import frame_of
from gallery.web.feeds import origin_of


def add_show_routes(app: FastAPI, house: House) -> None:
    """Before Gradio is mounted, which would take the addresses of a language for its own."""
    for language in LANGUAGES:
        _add_list(app, Frame(house, language))

    @app.get("/show/{address}")
    def look(request: Request, address: str) -> Response:
        return _page(frame_of(house, request), lambda frame: shows.draw(frame, address, origin_of(request)))

    @app.get("/show/{address}/catalogue.pdf")
    def catalogue(request: Request, address: str) -> Response:
        frame = frame_of(house, request)
        try:
            path = print_out.kept_catalogue(house, address, frame.language)
        except errors.GalleryError as error:
            text = work.draw_sorry(frame, frame.error(error), frame.say("shows.heading"))
            return HTMLResponse(text, status_of(error))
        disposition = f'attachment; filename="{address.replace("@", "-")}.pdf"'
        return FileResponse(path, headers={"content-disposition": disposition, "cache-control": "private, no-cache"})

    @app.get("/show/{address}/{station}")
    def walk(request: Request, address: str, station: str) -> Response:
        origin = origin_of(request)
        return _page(frame_of(house, request), lambda frame: shows.draw_walk(frame, address, station, origin))


def _add_list(app: FastAPI, frame: Frame) -> None:
    @app.get(f"/{frame.language}/shows")
    def every() -> Response:
        return _page(frame, shows.draw_all)


def _page(frame: Frame, draw: Callable[[Frame], str]) -> Response:
    try:
        return HTMLResponse(draw(frame))
    except errors.GalleryError as error:
        text = work.draw_sorry(frame, frame.error(error), frame.say("shows.heading"))
        return HTMLResponse(text, status_of(error))
