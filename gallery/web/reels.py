"""The addresses of films: one that is not saved yet, for its maker alone, and the files of one that hangs."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from gallery import errors
from gallery.journeys import House, browse, say, shoot
from gallery.pages import work
from gallery.pages.frame import Frame
from gallery.web.answers import status_of, visitor_of
from gallery.web.guard import language_of


def add_film_routes(app: FastAPI, house: House) -> None:
    """All of them."""

    @app.get("/film/{token}")
    def unsaved(request: Request, token: str) -> Response:
        try:
            content = shoot.look(house, token, visitor_of(request))
        except errors.GalleryError as error:
            return PlainTextResponse(say(error, language_of(request, house.settings)), status_of(error))
        return Response(content, media_type="image/webp", headers={"cache-control": "private, max-age=7200"})

    for what, suffix in (("film", "mp4"), ("loop", "webp")):
        _add_file(app, house, what, suffix)


def _add_file(app: FastAPI, house: House, what: str, suffix: str) -> None:
    @app.get(f"/work/{{work_id}}/{what}")
    def download(request: Request, work_id: str) -> Response:
        try:
            found = browse.look(house, work_id).work
            file = browse.media(house, getattr(found, what) or "")
        except errors.GalleryError as error:
            return HTMLResponse(
                work.draw_error(Frame(house, language_of(request, house.settings)), error), status_of(error)
            )
        name = f"attachment; filename*=UTF-8''{quote(found.title, safe='')}.{suffix}"
        return FileResponse(file.path, media_type=file.mime, headers={"content-disposition": name})
