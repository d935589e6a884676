"""The addresses by which makers take their own works down and bring them back; nobody else can, or sees any of it."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response

from gallery import errors
from gallery.journeys import House, trash
from gallery.pages import work
from gallery.pages.frame import Frame
from gallery.web.answers import status_of, visitor_of
from gallery.web.guard import language_of


def add_trash_routes(app: FastAPI, house: House) -> None:
    """Down, back, and the thumbnail of what is down."""

    def frame_of(request: Request) -> Frame:
        return Frame(house, language_of(request, house.settings))

    @app.post("/work/{work_id}/down")
    def take_down(request: Request, work_id: str) -> Response:
        try:
            trash.take_down(house, work_id, visitor_of(request))
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame_of(request), error), status_of(error))
        return RedirectResponse(f"/work/{int(work_id)}", 303)

    @app.post("/work/{work_id}/back")
    def bring_back(request: Request, work_id: str) -> Response:
        try:
            trash.bring_back(house, work_id, visitor_of(request))
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame_of(request), error), status_of(error))
        return RedirectResponse(f"/work/{int(work_id)}", 303)

    @app.get("/work/{work_id}/taken")
    def taken(request: Request, work_id: str) -> Response:
        try:
            found = trash.thumb(house, work_id, visitor_of(request))
        except errors.GalleryError as error:
            return PlainTextResponse(frame_of(request).error(error), status_of(error))
        return FileResponse(found.path, media_type=found.mime, headers={"cache-control": "private, no-store"})
