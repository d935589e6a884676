"""The addresses at which exhibitions are prepared and opened, all of them behind the gate of the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response
from pydantic import BaseModel

from gallery.journeys import House, exhibit
from gallery.journeys.accounts import Curator
from gallery.pages import hanging, shows
from gallery.web.drawn import after, frame_of, page, told_by

SAID = frozenset({"saved", "hung", "work_off", "room_gone", "begun", "opened", "taken_down"})
Field = Annotated[str, Form()]


class Words(BaseModel):
    """What the form of an exhibition or a room sends; seen: what it has shown, in short."""

    seen: str = ""

    title_zh: str = ""
    title_en: str = ""
    text_zh: str = ""
    text_en: str = ""
    opens: str = ""
    closes: str = ""
    cover: str = ""


def add_hanging_routes(inside: APIRouter, house: House) -> None:
    """All of them."""
    _add_list(inside, house)
    _add_show(inside, house)
    _add_rooms(inside, house)
    _add_opening(inside, house)


def _add_list(inside: APIRouter, house: House) -> None:
    @inside.get("/shows")
    def every(request: Request) -> Response:
        told = told_by(frame_of(house, request), request, SAID, room="hanging")
        return page(house, request, lambda frame, curator: hanging.draw_all(frame, curator, told=told))

    @inside.post("/shows")
    def make(request: Request, slug: Field = "", title_zh: Field = "", title_en: Field = "") -> Response:
        titles = {"title_zh": title_zh, "title_en": title_en}

        def act(curator: Curator) -> str:
            return f"/desk/show/{exhibit.make(house, slug, titles, curator)}?said=begun"

        typed = {**titles, "slug": slug}
        return after(house, request, act, lambda f, c, told: hanging.draw_all(f, c, told=told, typed=typed))


def _add_show(inside: APIRouter, house: House) -> None:
    @inside.get("/show/{number}")
    def look(request: Request, number: str, moved: str = "", went: str = "", room: str = "") -> Response:
        told = told_by(frame_of(house, request), request, SAID, room="hanging")
        more = {"moved": int(moved) if re.fullmatch("[0-9]{1,18}", moved) else None, "went": went, "room": _place(room)}
        return page(house, request, lambda f, c: hanging.draw(f, c, number, told=told, **more))

    @inside.get("/show/{number}/preview")
    def preview(request: Request, number: str) -> Response:
        return page(house, request, lambda frame, curator: shows.draw_preview(frame, curator, number))

    @inside.post("/show/{number}/edit")
    def edit(request: Request, number: str, fields: Annotated[Words, Form()]) -> Response:
        typed = fields.model_dump()
        return _on(house, request, number, partial(exhibit.edit, house, number, typed), "?said=saved", typed=typed)


def _add_rooms(inside: APIRouter, house: House) -> None:
    @inside.post("/show/{number}/room")
    def add(request: Request, number: str, collection: Field = "") -> Response:
        return _on(house, request, number, lambda c: exhibit.add_room(house, number, collection, c))

    @inside.post("/show/{number}/room/{room}/edit")
    def edit(request: Request, number: str, room: str, fields: Annotated[Words, Form()]) -> Response:
        typed, place = fields.model_dump(), _place(room)
        do = partial(exhibit.edit_room, house, number, place, typed)
        return _on(house, request, number, do, f"?said=saved&room={place}#room{place + 1}", typed=typed, room=place)

    @inside.post("/show/{number}/room/{room}/order")
    def order(request: Request, number: str, room: str, way: Field = "", seen: Field = "") -> Response:
        where = "?said=room_gone" if way == "off" else ""
        do = partial(exhibit.shift_room, house, number, _place(room), way, seen=seen)
        return _on(house, request, number, do, where)

    @inside.post("/show/{number}/room/{room}/hang")
    def hang(request: Request, number: str, room: str, works: Field = "", seen: Field = "") -> Response:
        chosen, place = re.findall("[0-9]{1,18}", works), _place(room)
        do = partial(exhibit.hang, house, number, place, chosen, seen=seen)
        typed = {"works": works}
        return _on(house, request, number, do, f"?said=hung&room={place}#room{place + 1}", typed=typed, room=place)

    @inside.post("/show/{number}/room/{room}/shift")
    def shift(request: Request, number: str, room: str, work: Field = "", way: Field = "") -> Response:
        where = f"?moved={work}&went={way}" if re.fullmatch("up|down", way) else "?said=work_off"
        return _on(house, request, number, lambda c: exhibit.shift(house, number, work, way, c), where)


def _add_opening(inside: APIRouter, house: House) -> None:
    @inside.post("/show/{number}/open")
    def publish(request: Request, number: str) -> Response:
        return _on(house, request, number, lambda c: exhibit.publish(house, number, c), "?said=opened")

    @inside.post("/show/{number}/down")
    def take_down(request: Request, number: str) -> Response:
        def act(curator: Curator) -> str:
            exhibit.take_down(house, number, curator)
            return "/desk/shows?said=taken_down"

        return after(house, request, act, lambda f, c, told: hanging.draw(f, c, number, told=told))


def _place(room: str) -> int:
    """The place of a room as its address says it; -1, where there is none, for anything else."""
    return int(room) if re.fullmatch("[0-9]{1,3}", room) else -1


def _on(
    house: House, request: Request, number: str, do: Callable[[Curator], object], where: str = "", **more: object
) -> Response:
    """Changes an exhibition and shows it again, at that part of its page; `more`: what a refusal finds typed, and in
    the forms of which room."""

    def act(curator: Curator) -> str:
        do(curator)
        return f"/desk/show/{number}{where}"

    return after(house, request, act, lambda f, c, told: hanging.draw(f, c, number, told=told, **more))
