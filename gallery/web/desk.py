"""The addresses of the curators' desk. One dependency stands before all of them but the door: who has no session of
an open account gets the door instead, as a page or, where a script asks, as one sentence that leads there.

The session is a cookie of its own: signed, for eight hours, for this site's own pages only (SameSite=Strict), sent to
/desk alone. The guard refuses what comes from other sites besides.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response

from db import Place
from gallery import errors
from gallery.journeys import House, accounts, arrange, browse, curate, tag
from gallery.journeys.accounts import Curator
from gallery.pages import collections, desk, watch
from gallery.pages.desk import Told
from gallery.pages.wall import called
from gallery.web.answers import status_of
from gallery.web.arranging import add_arranging_routes, collect_selected
from gallery.web.challenging import add_challenge_desk
from gallery.web.door import SESSION, add_door, set_session
from gallery.web.drawn import after as after_act
from gallery.web.drawn import curator_of, frame_of, page, sorry, told_by
from gallery.web.hanging import add_hanging_routes
from gallery.web.printing import add_printing_routes
from gallery.web.rating import FRAGMENT
from gallery.web.tagging import add_tagging_routes, tag_selected
from gallery.web.voting import add_voting_routes

_SAID = frozenset({"hidden_here"})
_PLACE = re.compile(r"([0-9]{1,9})\.([0-9]{1,18})")


def add_desk_routes(app: FastAPI, house: House) -> None:
    """The door, and behind it the desk."""

    def gate(request: Request) -> None:
        request.state.curator = accounts.who(house, request.cookies.get(SESSION))

    inside = APIRouter(prefix="/desk", dependencies=[Depends(gate)])
    _add_queue(inside, house)
    _add_decisions(inside, house)
    _add_tag(inside, house)
    _add_books(inside, house)
    add_arranging_routes(inside, house)
    add_tagging_routes(inside, house)
    add_hanging_routes(inside, house)
    add_printing_routes(inside, house)
    add_voting_routes(inside, house)
    add_challenge_desk(inside, house)
    add_door(app, house)
    app.include_router(inside)


def _place(text: str) -> Place | None:
    """The place that an address or a form names; None, the head of the queue, for anything else."""
    found = _PLACE.fullmatch(text)
    return Place(int(found[1]), int(found[2])) if found else None


def _number(text: str) -> int | None:
    """The number that an address names; None for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else None


def _add_queue(inside: APIRouter, house: House) -> None:
    @inside.get("")
    def queue(request: Request, after: str = "", work: str = "") -> Response:
        return _answer(house, request, None, after=_place(after), work=_number(work))

    @inside.post("/out")
    def sign_out(request: Request) -> Response:
        frame = frame_of(house, request)
        answer = HTMLResponse(desk.draw_door(frame, told=Told(frame.say("desk.signed_out"))))
        set_session(request, answer, "", 0)
        return answer


def _add_decisions(inside: APIRouter, house: House) -> None:
    @inside.post("/keep")
    def keep(request: Request, work: Annotated[str, Form()] = "", after: Annotated[str, Form()] = "") -> Response:
        try:
            kept = curate.keep(house, work, curator_of(request))
        except errors.GalleryError as error:
            return _answer(house, request, error, after=_place(after))
        return _answer(house, request, ("kept", kept.title), after=_place(after))

    @inside.post("/hide")
    def hide(
        request: Request,
        work: Annotated[str, Form()] = "",
        reason: Annotated[str, Form()] = "",
        after: Annotated[str, Form()] = "",
        back: Annotated[str, Form()] = "",
    ) -> Response:
        if back:
            return _hide_there(house, request, work, reason)
        try:
            gone = curate.hide(house, work, reason, curator_of(request))
        except errors.GalleryError as error:
            return _answer(house, request, error, after=_place(after))
        return _answer(house, request, ("hidden", gone.title), after=_place(after))

    @inside.post("/collect")
    def collect(
        request: Request,
        works: Annotated[list[str] | None, Form()] = None,
        collection: Annotated[str, Form()] = "",
        back: Annotated[str, Form()] = "",
        judged: Annotated[str, Form()] = "",
    ) -> Response:
        if not judged:
            return collect_selected(house, request, collection, works or [], back)
        came: errors.GalleryError | tuple[str, str]
        try:
            found, new = arrange.collect(house, collection, works or [], curator_of(request))
            came = ("collected" if new else "collected_before", desk.name_of(frame_of(house, request))(found))
        except errors.GalleryError as error:
            came = error
        return _answer(house, request, came, work=_number(judged))

    @inside.post("/undo")
    def undo(request: Request) -> Response:
        try:
            back = curate.undo(house, curator_of(request))
        except errors.GalleryError as error:
            return _answer(house, request, error)
        return _answer(house, request, ("undone", back.title), work=back.work)


def _hide_there(house: House, request: Request, work: str, reason: str) -> Response:
    """Hides a work from its page on the desk, whether or not it waits, and shows what was decided about it."""

    def act(curator: Curator) -> str:
        return f"/desk/log?work={curate.hide(house, work, reason, curator).id}&said=hidden_here"

    return after_act(house, request, act, lambda f, c, told: collections.draw_work(f, c, work, told=told))


def _add_tag(inside: APIRouter, house: House) -> None:
    @inside.post("/tag")
    def give_tag(
        request: Request,
        works: Annotated[list[str] | None, Form()] = None,
        name: Annotated[str, Form()] = "",
        back: Annotated[str, Form()] = "",
        judged: Annotated[str, Form()] = "",
    ) -> Response:
        if not judged:
            return tag_selected(house, request, name, works or [], back)
        came: errors.GalleryError | tuple[str, str]
        try:
            given, new = tag.give(house, name, works or [], curator_of(request))
            came = ("tagged" if new else "tagged_before", called(frame_of(house, request), given))
        except errors.GalleryError as error:
            came = error
        return _answer(house, request, came, work=_number(judged))


def _answer(
    house: House,
    request: Request,
    came: errors.GalleryError | tuple[str, str] | None,
    *,
    after: Place | None = None,
    work: int | None = None,
) -> Response:
    """What waits next, with what came of the last act: alone for a script that asks so, else on its page."""
    frame, status = frame_of(house, request), 200
    told = None
    if isinstance(came, errors.GalleryError):
        told, status = desk.sorry(frame, came), status_of(came)
    elif came is not None:
        told = Told(frame.say(f"desk.{came[0]}", title=came[1]))
    draw = desk.draw_hand if FRAGMENT in request.headers else desk.draw
    try:
        return HTMLResponse(draw(frame, curator_of(request), told=told, after=after, work=work), status)
    except errors.GalleryError as error:
        return sorry(frame, error)


def _add_books(inside: APIRouter, house: House) -> None:
    @inside.get("/log")
    def log(request: Request, before: str = "", work: str = "", show: str = "") -> Response:
        told = told_by(frame_of(house, request), request, _SAID, room="desk")
        draw = partial(desk.draw_log, before=_number(before), work=_number(work), hiding=show == "hidden", told=told)
        return page(house, request, draw)

    @inside.post("/restore")
    def restore(request: Request, work: Annotated[str, Form()] = "") -> Response:
        frame, status = frame_of(house, request), 200
        try:
            told = Told(frame.say("desk.restored", title=curate.restore(house, work, curator_of(request)).title))
        except errors.GalleryError as error:
            told, status = desk.sorry(frame, error), status_of(error)
        return page(house, request, lambda frame, curator: desk.draw_log(frame, curator, told=told), status)

    @inside.get("/watch")
    def how_it_stands(request: Request) -> Response:
        return page(house, request, watch.draw)

    @inside.get("/accounts")
    def known(request: Request) -> Response:
        return page(house, request, desk.draw_accounts)

    @inside.get("/media/{sha}")
    def media(request: Request, sha: str) -> Response:
        try:
            found = browse.media(house, sha, even_hidden=True)
        except errors.GalleryError as error:
            return PlainTextResponse(frame_of(house, request).error(error), status_of(error))
        return FileResponse(found.path, media_type=found.mime, headers={"cache-control": "private, no-store"})
