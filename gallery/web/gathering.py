"""The addresses of live rooms: all of them, one, its replay, what is kept of it; the socket is live.py's."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import Awaitable, Mapping
from typing import Annotated

from fastapi import FastAPI, Form, Query, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from gallery import errors
from gallery.journeys import House, rooms
from gallery.journeys.rooms import filming, mounter, painter
from gallery.journeys.rooms.brood import Brood, Film, Piece
from gallery.journeys.rooms.exquisite import Exquisite
from gallery.journeys.rooms.state import Game
from gallery.journeys.rooms.verse import Verse
from gallery.pages import room, work
from gallery.pages import rooms as lobby
from gallery.pages.frame import Frame
from gallery.texts import LANGUAGES
from gallery.visitors import Visitor
from gallery.web.answers import status_of, visitor_of
from gallery.web.guard import language_of, scheme_of
from gallery.web.live import Hall, add_live_route


def add_room_routes(app: FastAPI, house: House) -> None:
    """Before Gradio is mounted, which would take the addresses of a language for its own."""
    hall = Hall(house)
    add_live_route(app, hall)
    _add_pictures(app, hall)
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
    def look(code: str = "", work: Annotated[str, Query(alias="from")] = "") -> Response:
        try:
            if code:
                return RedirectResponse(_address(frame, rooms.find_room(frame.house, code).code), 303)
            return HTMLResponse(lobby.draw(frame, work=work))
        except errors.NoSuchRoom as error:
            return HTMLResponse(lobby.draw(frame, error=error, code=code[:20]), status_of(error))
        except errors.GalleryError as error:
            return _sorry(frame, error)

    @app.post(f"/{frame.language}/rooms")
    async def open_one(request: Request) -> Response:
        told = {name: str(value) for name, value in (await request.form(max_fields=20)).items()}
        visitor, listed = visitor_of(request), not told.get("hidden")
        try:
            opened = await asyncio.to_thread(
                rooms.open_room, frame.house, visitor, told.get("name", ""), _wish(told), listed=listed
            )
        except errors.BadWish as error:
            return HTMLResponse(await asyncio.to_thread(lobby.draw, frame, error=error), status_of(error))
        except errors.GalleryError as error:
            return _sorry(frame, error)
        return RedirectResponse(_address(frame, opened.code), 303)


def _wish(told: Mapping[str, str]) -> rooms.Wish:
    """The room that a form asks for."""
    timer = told.get("timer", "60")
    timer_s = int(timer) if re.fullmatch("[0-9]{1,4}", timer) else 0
    if told.get("kind") == "brood":
        return rooms.BroodWish(told.get("subject", ""), told.get("work") or None, timer_s)
    if told.get("kind") == "scroll":
        return rooms.ScrollWish(told.get("quatrain", ""), told.get("subject", ""), told.get("work") or None, timer_s)
    return rooms.VerseWish(told.get("form", ""), told.get("rhyme", ""), timer_s)


def _add_room(app: FastAPI, frame: Frame) -> None:
    @app.get(f"/{frame.language}/rooms/{{code}}")
    def show(request: Request, code: str) -> Response:
        origin = f"{scheme_of(request)}://{request.headers.get('host', '')}"
        try:
            before, happened = rooms.history(frame.house, code)
            return HTMLResponse(room.draw(frame, before, happened, origin))
        except errors.NoSuchRoom as error:
            return HTMLResponse(lobby.draw(frame, error=error, code=code[:20]), status_of(error))
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
    async def keep(
        request: Request,
        code: str,
        title: Annotated[str, Form()] = "",
        signature: Annotated[str, Form()] = "",
        generation: Annotated[str, Form()] = "",
        child: Annotated[str, Form()] = "",
        film: Annotated[str, Form()] = "",
    ) -> Response:
        piece: Piece | Film | None = "film" if film else _piece(generation, child)
        try:
            async with hall.at(code) as table:
                kept = await table.keep(visitor_of(request), title, signature, piece)
        except errors.GalleryError as error:
            return _sorry(frame, error)
        return RedirectResponse(f"/work/{kept.id}", 303)


def _piece(generation: str, child: str) -> Piece | None:
    both = (generation, child)
    return (int(generation), int(child)) if all(re.fullmatch("[0-9]{1,6}", one) for one in both) else None


def _add_pictures(app: FastAPI, hall: Hall) -> None:
    pictures = Pictures(hall)

    async def send(request: Request, look: Awaitable[bytes]) -> Response:
        try:
            webp = await look
        except errors.GalleryError as error:
            frame = Frame(hall.house, language_of(request, hall.house.settings))
            return PlainTextResponse(frame.error(error), status_of(error))
        return Response(webp, media_type="image/webp", headers={"cache-control": "private, max-age=86400, immutable"})

    @app.get("/live/{code}/scroll")
    async def scroll(request: Request, code: str) -> Response:
        return await send(request, pictures.look(rooms.plain_code(code), None, visitor_of(request)))

    @app.get("/live/{code}/film")
    async def film(request: Request, code: str) -> Response:
        return await send(request, _film(hall, code))

    @app.get("/live/{code}/{generation}/{child}")
    async def picture(request: Request, code: str, generation: str, child: str) -> Response:
        piece = _piece(generation, child) or (-1, -1)
        return await send(request, pictures.look(rooms.plain_code(code), piece, visitor_of(request)))


async def _film(hall: Hall, code: str) -> bytes:
    async with hall.at(code) as table:
        return filming.look(hall.house, table.room)


class Pictures:
    """The last pictures of all rooms, painted once for everybody who may look; the longest unseen goes first."""

    def __init__(self, hall: Hall, most: int = 600) -> None:
        self._hall, self._most = hall, most
        self._painted: OrderedDict[tuple[str, Piece | None], asyncio.Task[bytes]] = OrderedDict()

    async def look(self, code: str, piece: Piece | None, visitor: Visitor) -> bytes:
        """The picture, or for None the scroll, as a WebP; raises NoSuchRoom, NoSuchChild where there is none or it is
        not this visitor's to see, NotFinished, EngineTrouble, StoreTrouble."""
        key = (code, piece)
        async with self._hall.at(code) as table:
            game, member = table.room.game, table.room.seat_of(visitor.id)
        if isinstance(game, Verse) or not (piece is None or game.may_see(member, piece)):
            raise errors.NoSuchChild()
        if key not in self._painted:
            self._painted[key] = asyncio.create_task(self._paint(game, piece))
        self._painted.move_to_end(key)
        while len(self._painted) > self._most:
            self._painted.popitem(last=False)
        try:
            return await asyncio.shield(self._painted[key])
        except errors.GalleryError:
            self._painted.pop(key, None)
            raise

    async def _paint(self, game: Game, piece: Piece | None) -> bytes:
        house = self._hall.house
        match game, piece:
            case Exquisite(), None:
                mounter.layout_of(game)
                return await asyncio.to_thread(mounter.view, house, game, await mounter.look(house, game))
            case Brood() | Exquisite(), (_, _):
                return await painter.look(house, game, piece)
        raise errors.NoSuchChild()


def _sorry(frame: Frame, error: errors.GalleryError) -> Response:
    return HTMLResponse(work.draw_sorry(frame, frame.error(error), frame.say("rooms.heading")), status_of(error))
