"""The addresses of the wall: its page in both languages, and more of it without a new page."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from gallery import errors
from gallery.journeys import House
from gallery.pages import wall, work
from gallery.pages.frame import Frame
from gallery.texts import LANGUAGES
from gallery.web.answers import status_of, visitor_of

AGAIN = {"cache-control": "private, no-cache"}  # unlike no-store, it lets a browser bring the page back as it was left


def add_wall_routes(app: FastAPI, house: House) -> None:
    """Before Gradio is mounted, which would take the addresses of a language for its own."""
    for language in LANGUAGES:
        _add_wall(app, Frame(house, language))

    @app.get("/wall/{language}")
    def more_of_the_wall(request: Request, language: str) -> Response:
        frame = Frame(house, language if language in LANGUAGES else house.settings.language)
        try:
            return HTMLResponse(wall.cards(frame, wall.read(request.query_params), visitor_of(request)))
        except errors.GalleryError as error:
            return PlainTextResponse(frame.error(error), status_of(error))


def _add_wall(app: FastAPI, frame: Frame) -> None:
    @app.get(f"/{frame.language}/")
    def show(request: Request) -> Response:
        wish, visitor = wall.read(request.query_params), visitor_of(request)
        try:
            try:
                return HTMLResponse(wall.draw(frame, wish, visitor), headers=AGAIN)
            except errors.BadWish as error:
                return HTMLResponse(wall.draw(frame, wish, visitor, error), status_of(error))
        except errors.GalleryError as error:
            text = work.draw_sorry(frame, frame.error(error), frame.say("wall.heading"))
            return HTMLResponse(text, status_of(error))
