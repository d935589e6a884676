"""The web shell: addresses of our own, the guard around everything, and Gradio mounted once a language.

`/` leads to the wall, `/zh/` or `/en/`, which is plain HTTP with all that is about many works (wall.py), and so are
`/work/<id>`, `/media/<sha256>`, `/static`, duels and ladders (rating.py), rooms (gathering.py), whose socket is
live.py's, the curators' desk (desk.py) and what watches over the house (health.py); the other pages of a language are
Gradio. The guard (guard.py) stands around it all. Journeys run in threads, never in the event loop.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import quote

from fastapi import FastAPI, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from gallery import errors
from gallery.journeys import (
    House,
    browse,
    credit,
    curate,
    gold,
    inscribe,
    rate,
    say,
    trash,
)
from gallery.pages import mine, work
from gallery.pages.frame import STATIC, Frame
from gallery.texts import LANGUAGES
from gallery.visitors import Visitor
from gallery.web.answers import status_of as _status
from gallery.web.answers import visitor_of as _visitor
from gallery.web.challenging import add_challenge_routes
from gallery.web.desk import add_desk_routes
from gallery.web.drawn import HINT
from gallery.web.embedding import add_embedding_routes
from gallery.web.feeds import add_feed_routes, origin_of
from gallery.web.gathering import add_room_routes
from gallery.web.guard import LANGUAGE_COOKIE, Guard, cookie_for, draw_nowhere, language_of
from gallery.web.health import Watch, add_health_routes, new_registry, request_id
from gallery.web.kin import add_kin_routes
from gallery.web.mounting import mount
from gallery.web.rating import add_rating_routes
from gallery.web.reels import add_film_routes
from gallery.web.shows import add_show_routes
from gallery.web.tagging import add_tag_routes
from gallery.web.taking import add_trash_routes
from gallery.web.tools import add_tool_routes
from gallery.web.wall import add_wall_routes

FOR_EVER = "public, max-age=31536000, immutable"


def build_app(house: House) -> ASGIApp:
    """The whole site around an open house."""
    app = FastAPI(title="Shihua", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/static", _Static(directory=STATIC), name="static")
    _add_plain_routes(app, house)
    _add_work_routes(app, house)
    add_kin_routes(app, house)
    add_film_routes(app, house)
    add_trash_routes(app, house)
    add_rating_routes(app, house)
    add_challenge_routes(app, house)
    add_wall_routes(app, house)
    add_tag_routes(app, house)
    add_feed_routes(app, house)
    add_embedding_routes(app, house)
    add_tool_routes(app, house)
    add_room_routes(app, house)
    add_show_routes(app, house)
    add_desk_routes(app, house)
    registry = new_registry(house)
    add_health_routes(app, house, registry)
    _add_sorry(app, house)
    for language in LANGUAGES:
        mount(app, house, language)
    return Watch(Guard(app, house), registry, house)  # the guard around all, so that even a failure bears its headers


class _Static(StaticFiles):
    """Files of ours, kept by browsers for ever: their addresses change when they do."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["cache-control"] = FOR_EVER
        return response


def _add_plain_routes(app: FastAPI, house: House) -> None:
    @app.get("/")
    def front_door(request: Request) -> Response:
        return RedirectResponse(f"/{language_of(request, house.settings)}/", 307)

    @app.get("/language/{language}")
    def switch(request: Request, language: str, next: str = "/") -> Response:  # noqa: A002 (the address says it)
        known = re.fullmatch(r"/[A-Za-z0-9/@-]*(\?[A-Za-z0-9=&%+._~-]*)?", next)
        safe = next if known and not next.startswith("//") else "/"
        answer = RedirectResponse(safe, 303)
        if language in LANGUAGES:
            answer.headers.append("set-cookie", cookie_for(request, LANGUAGE_COOKIE, language).decode())
        return answer

    @app.get("/favicon.ico")
    def icon() -> Response:
        return FileResponse(STATIC / "seal.svg", headers={"cache-control": "public, max-age=86400"})

    @app.get("/media/{sha}")
    def media(sha: str) -> Response:
        try:
            found = browse.media(house, sha)
        except errors.GalleryError as error:
            if isinstance(error, errors.PictureLost) and (decoy := gold.picture(house, sha)) is not None:
                return Response(decoy, media_type="image/webp", headers={"cache-control": FOR_EVER, "etag": f'"{sha}"'})
            return PlainTextResponse(say(error, house.settings.language), _status(error))
        return FileResponse(found.path, media_type=found.mime, headers={"cache-control": FOR_EVER, "etag": f'"{sha}"'})


def _add_sorry(app: FastAPI, house: House) -> None:
    """A page in the visitor's language in place of the framework's own words."""

    def sorry(request: Request, key: str, status: int) -> Response:
        frame = Frame(house, language_of(request, house.settings))
        text = frame.say(f"web.{key}", request=request_id(request))
        return HTMLResponse(work.draw_sorry(frame, text, frame.say(f"web.{key}_heading")), status)

    @app.exception_handler(404)
    def nowhere(request: Request, error: Exception) -> Response:
        return HTMLResponse(draw_nowhere(Frame(house, language_of(request, house.settings))), 404)

    @app.exception_handler(405)
    def not_so(request: Request, error: Exception) -> Response:
        act = re.fullmatch(r"(/work/[^/]+)/[a-z]+", request.url.path)
        if act and request.method == "GET":  # a vote's address opened again: show the work
            return RedirectResponse(act[1], 303)
        return sorry(request, "not_so", 405)

    @app.exception_handler(500)
    def broken(request: Request, error: Exception) -> Response:
        return sorry(request, "broken", 500)


def _add_work_routes(app: FastAPI, house: House) -> None:
    def frame_of(request: Request) -> Frame:
        return Frame(house, language_of(request, house.settings))

    @app.get("/work/{work_id}")
    def look(request: Request, work_id: str) -> Response:
        frame = frame_of(request)
        try:
            taken = trash.find(house, work_id, _visitor(request))
            if taken is not None:
                return HTMLResponse(mine.draw(frame, taken))
            seen_by = {"to_desk": HINT in request.cookies}
            return HTMLResponse(work.draw(frame, work_id, _visitor(request), origin_of(request), **seen_by))
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame, error), _status(error))

    @app.post("/work/{work_id}/stars")
    def give_stars(request: Request, work_id: str, stars: Annotated[str, Form()] = "") -> Response:
        try:
            rate.cast_vote(house, work_id, int(stars) if re.fullmatch("[0-9]", stars) else stars, _visitor(request))
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame_of(request), error), _status(error))
        return RedirectResponse(f"/work/{int(work_id)}", 303)

    @app.post("/work/{work_id}/withdraw")
    def withdraw(request: Request, work_id: str) -> Response:
        try:
            rate.withdraw_vote(house, work_id, _visitor(request))
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame_of(request), error), _status(error))
        return RedirectResponse(f"/work/{int(work_id)}", 303)

    @app.post("/work/{work_id}/report")
    def report(request: Request, work_id: str, reason: Annotated[str, Form()] = "") -> Response:
        try:
            curate.report(house, work_id, reason, _visitor(request))
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame_of(request), error), _status(error))
        return RedirectResponse(f"/work/{int(work_id)}#report", 303)

    _add_making_again(app, house, frame_of)

    def draw_part(request: Request, work_id: str, draw: Callable[[Frame, object], str]) -> Response:
        frame = frame_of(request)
        try:
            return HTMLResponse(draw(frame, work_id))
        except errors.GalleryError as error:
            return PlainTextResponse(frame.error(error), _status(error))

    @app.get("/work/{work_id}/pinyin")
    def sounds(request: Request, work_id: str) -> Response:
        return draw_part(request, work_id, work.draw_sounds)

    @app.get("/work/{work_id}/gloss")
    def meanings(request: Request, work_id: str) -> Response:
        return draw_part(request, work_id, work.draw_meanings)

    _add_downloads(app, house, frame_of)


def _add_downloads(app: FastAPI, house: House, frame_of: Callable[[Request], Frame]) -> None:
    @app.get("/work/{work_id}/file")
    def download(request: Request, work_id: str) -> Response:
        frame = frame_of(request)
        try:
            found = browse.look(house, work_id).work
            content = credit.file(house, work_id, frame.language)
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame, error), _status(error))
        mime, suffix = ("image/png", "png") if found.picture else ("text/plain; charset=utf-8", "txt")
        return _attachment(Response(content, media_type=mime), found.title, suffix)

    @app.get("/work/{work_id}/leaf")
    def sheet(request: Request, work_id: str) -> Response:
        try:
            png = browse.on_a_leaf(house, work_id)
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame_of(request), error), _status(error))
        return Response(png, media_type="image/png", headers={"cache-control": "public, max-age=86400"})

    @app.get("/work/{work_id}/large")
    def large(request: Request, work_id: str) -> Response:
        frame = frame_of(request)
        try:
            title, png = browse.look(house, work_id).work.title, browse.enlarged(house, work_id)
            png = credit.into(house, png, work_id, frame.language)
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame, error), _status(error))
        return _attachment(Response(png, media_type="image/png"), title, "png")

    @app.get("/work/{work_id}/pdf")
    def on_paper(request: Request, work_id: str) -> Response:
        frame = frame_of(request)
        try:
            view = browse.look(house, work_id)
            page = inscribe.printed(house, work_id, work.describe(frame, view), frame.language)
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame, error), _status(error))
        return _attachment(Response(page, media_type="application/pdf"), view.work.title, "pdf")


def _add_making_again(app: FastAPI, house: House, frame_of: Callable[[Request], Frame]) -> None:
    under_way: set[Visitor] = set()  # the event loop alone touches it

    @app.get("/work/{work_id}/before")
    async def before(request: Request, work_id: str) -> Response:
        frame = frame_of(request)
        try:
            with _one_at_a_time(under_way, _visitor(request)):
                png = await browse.before_enlarging(house, work_id)
        except errors.GalleryError as error:
            return PlainTextResponse(frame.error(error), _status(error))
        return Response(png, media_type="image/png", headers={"cache-control": "private, max-age=86400"})

    @app.post("/work/{work_id}/again")
    async def make_again(request: Request, work_id: str) -> Response:
        frame, visitor = frame_of(request), _visitor(request)
        try:
            with _one_at_a_time(under_way, visitor):
                replay = await browse.remake(house, work_id)
        except errors.GalleryError as error:
            text = frame.say("work.again_failed", reason=frame.error(error))
            return JSONResponse({"verdict": "failed", "text": text}, _status(error))
        return JSONResponse({"verdict": replay.verdict, "text": work.verdict(frame, replay)})


@contextmanager
def _one_at_a_time(under_way: set[Visitor], visitor: Visitor) -> Iterator[None]:
    if visitor in under_way:
        raise errors.StillMaking()
    under_way.add(visitor)
    try:
        yield
    finally:
        under_way.discard(visitor)


def _attachment(answer: Response, title: str, suffix: str) -> Response:
    answer.headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(title, safe='')}.{suffix}"
    return answer
