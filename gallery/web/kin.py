"""The addresses of what is between works: the family of one, and several side by side."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from gallery import errors
from gallery.journeys import House
from gallery.pages import compare, kin, work
from gallery.pages.frame import Frame
from gallery.texts import LANGUAGES
from gallery.web.answers import status_of, visitor_of
from gallery.web.guard import language_of


def add_kin_routes(app: FastAPI, house: House) -> None:
    """The family, and the page that compares."""
    for language in LANGUAGES:
        _add_comparison(app, Frame(house, language))

    @app.get("/work/{work_id}/kin")
    def family(request: Request, work_id: str) -> Response:
        frame = Frame(house, language_of(request, house.settings))
        try:
            return HTMLResponse(kin.draw(frame, work_id))
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame, error), status_of(error))


def _add_comparison(app: FastAPI, frame: Frame) -> None:
    @app.get(f"/{frame.language}/compare")
    def side_by_side(request: Request) -> Response:
        asked = [one for part in request.query_params.getlist("ids") for one in part.split(",") if one]
        try:
            return HTMLResponse(compare.draw(frame, asked, visitor_of(request)))
        except errors.GalleryError as error:
            text = work.draw_sorry(frame, frame.error(error), frame.say("compare.heading"))
            return HTMLResponse(text, status_of(error))
