"""The addresses at which collections, exhibitions and searches are taken out, all of them behind the gate of the desk.

A file that is ready is sent with ranges, so that a fetch that broke off goes on where it was.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl, quote

from fastapi import APIRouter, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from gallery import errors
from gallery.journeys import House, take_out
from gallery.journeys.accounts import Curator
from gallery.journeys.press import Order, Press
from gallery.journeys.take_out import FORMS
from gallery.pages import collections, printing
from gallery.web.answers import status_of
from gallery.web.drawn import after, curator_of, frame_of, page, told_by

Field = Annotated[str, Form()]
_SAID = frozenset({"deleted"})


def add_printing_routes(inside: APIRouter, house: House) -> None:
    """All of them, and the press that writes."""
    press = Press(house)
    press.sweep()

    @inside.get("/exports")
    def ready(request: Request) -> Response:
        told = told_by(frame_of(house, request), request, _SAID, room="exports")
        return page(house, request, lambda frame, curator: printing.draw(frame, curator, press, told=told))

    @inside.post("/exports")
    def order(
        request: Request, collection: Field = "", show: Field = "", search: Field = "", form: Field = "folder"
    ) -> Response:
        language = frame_of(house, request).language

        def act(curator: Curator) -> str:
            press.order(_read(house, curator, language, collection, show, search, form), curator)
            return "/desk/exports"

        return after(house, request, act, lambda f, c, told: printing.draw(f, c, press, told=told))

    @inside.post("/exports/stop")
    def stop(request: Request) -> Response:
        def act(curator: Curator) -> str:
            press.stop(curator)
            return "/desk/exports"

        return after(house, request, act, lambda f, c, told: printing.draw(f, c, press, told=told))

    @inside.post("/exports/{name}/away")
    def throw_away(request: Request, name: str) -> Response:
        def act(curator: Curator) -> str:
            press.throw_away(name, curator)
            return "/desk/exports?said=deleted"

        return after(house, request, act, lambda f, c, told: printing.draw(f, c, press, told=told))

    @inside.get("/exports/{name}")
    def fetch(request: Request, name: str) -> Response:
        frame = frame_of(house, request)
        try:
            path, found = press.take(name, curator_of(request))
        except errors.GalleryError as error:
            told = printing.draw_sorry(frame, error)
            return HTMLResponse(told, status_of(error))
        what = f" · {frame.say('exports.form_replay')}" if found.form == "replay" else ""  # a table is one as well
        called = quote(f"{found.title}{what}.{FORMS[found.form]}", safe="")
        disposition = f"attachment; filename*=UTF-8''{called}"
        return FileResponse(path, headers={"content-disposition": disposition, "cache-control": "private, no-store"})


def _read(house: House, curator: Curator, language: str, collection: str, show: str, search: str, form: str) -> Order:
    """What a form asks for: a collection, an exhibition by its address, or else a search by the query of the wall."""
    known: take_out.Form = next((one for one in FORMS if one == form), "folder")
    if collection:
        return Order(take_out.of_collection(house, collection, curator, language), known, language)
    if show:
        return Order(take_out.of_show(house, show, language), known, language, show)
    return Order(take_out.of_search(house, collections.read(dict(parse_qsl(search)))), known, language)
