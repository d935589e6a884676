"""The addresses of what is between works: the family of one."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response

from gallery import errors
from gallery.journeys import House
from gallery.pages import kin, work
from gallery.pages.frame import Frame
from gallery.web.answers import status_of
from gallery.web.guard import language_of


def add_kin_routes(app: FastAPI, house: House) -> None:
    """The family."""

    @app.get("/work/{work_id}/kin")
    def family(request: Request, work_id: str) -> Response:
        frame = Frame(house, language_of(request, house.settings))
        try:
            return HTMLResponse(kin.draw(frame, work_id))
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame, error), status_of(error))
