"""The addresses of collections, notes and the log of changes, all of them behind the gate of the desk.

What is done is done by a form, and leads on to a page that can be opened again; that page says what was done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from gallery.journeys import House, arrange, retrace
from gallery.journeys.accounts import Curator
from gallery.pages import collections
from gallery.web.drawn import after, frame_of, page, told_by
from gallery.web.tagging import BACK, TAGGED, again, with_said

SAID = frozenset(
    {"saved", "made", "shared", "put_away", "collected", "dropped", "noted", "struck", "kept", "sought", *TAGGED}
)
Field = Annotated[str, Form()]


def add_arranging_routes(inside: APIRouter, house: House) -> None:
    """All of them."""
    _add_tree(inside, house)
    _add_collection(inside, house)
    _add_works(inside, house)
    _add_finding(inside, house)
    _add_notes(inside, house)
    _add_changes(inside, house)


def _add_tree(inside: APIRouter, house: House) -> None:
    @inside.get("/collections")
    def all_of_them(request: Request) -> Response:
        told = told_by(frame_of(house, request), request, SAID)
        return page(house, request, lambda frame, curator: collections.draw_all(frame, curator, told=told))

    @inside.post("/collections")
    def make(request: Request, title_zh: Field = "", title_en: Field = "", parent: Field = "") -> Response:
        titles = {"title_zh": title_zh, "title_en": title_en}
        typed = {**titles, "parent": parent}

        def act(curator: Curator) -> str:
            return f"/desk/collection/{arrange.make(house, titles, parent, curator)}?said=made"

        return after(house, request, act, lambda f, c, told: collections.draw_all(f, c, told=told, typed=typed))

    @inside.post("/collection/{number}/order")
    def order(request: Request, number: str, way: Field = "") -> Response:
        def act(curator: Curator) -> str:
            arrange.shift_collection(house, number, way, curator)
            return f"/desk/collections#c{number}"

        return after(house, request, act, lambda f, c, told: collections.draw_all(f, c, told=told))


def _add_collection(inside: APIRouter, house: House) -> None:
    @inside.get("/collection/{number}")
    def look(request: Request, number: str, moved: str = "", went: str = "") -> Response:
        told = told_by(frame_of(house, request), request, SAID)
        more = {"moved": int(moved) if re.fullmatch("[0-9]{1,18}", moved) else None, "went": went}
        return page(house, request, lambda f, c: collections.draw(f, c, number, told=told, **more))

    @inside.post("/collection/{number}/edit")
    def edit(
        request: Request,
        number: str,
        title_zh: Field = "",
        title_en: Field = "",
        note_zh: Field = "",
        note_en: Field = "",
        seen: Field = "",
    ) -> Response:
        fields = {"title_zh": title_zh, "title_en": title_en, "note_zh": note_zh, "note_en": note_en}
        do = partial(arrange.edit, house, number, fields, seen=seen)
        return _on(house, request, number, do, "saved", typed=fields)

    @inside.post("/collection/{number}/nest")
    def nest(request: Request, number: str, parent: Field = "") -> Response:
        return _on(house, request, number, lambda c: arrange.nest(house, number, parent, c), "saved")

    @inside.post("/collection/{number}/share")
    def share(request: Request, number: str, name: Field = "", role: Field = "") -> Response:
        do, typed = partial(arrange.share, house, number, name, role), {"name": name, "role": role}
        return _on(house, request, number, do, "shared", typed=typed)

    @inside.post("/collection/{number}/away")
    def put_away(request: Request, number: str) -> Response:
        def act(curator: Curator) -> str:
            arrange.put_away(house, number, curator)
            return "/desk/collections?said=put_away"

        return after(house, request, act, lambda f, c, told: collections.draw(f, c, number, told=told))


def _on(
    house: House, request: Request, number: str, do: Callable[[Curator], object], said: str, **more: object
) -> Response:
    """Changes a collection and shows it again."""

    def act(curator: Curator) -> str:
        do(curator)
        return f"/desk/collection/{number}?said={said}"

    return after(house, request, act, lambda f, c, told: collections.draw(f, c, number, told=told, **more))


def _add_works(inside: APIRouter, house: House) -> None:
    @inside.post("/collection/{number}/shift")
    def shift(request: Request, number: str, work: Field = "", way: Field = "") -> Response:
        def act(curator: Curator) -> str:
            arrange.shift(house, number, work, way, curator)
            # No fragment, although it would lead there too: beside one a browser does not heed autofocus.
            return f"/desk/collection/{number}?moved={work}&went={way if way.isalpha() else ''}"

        return after(house, request, act, lambda f, c, told: collections.draw(f, c, number, told=told))

    @inside.post("/collection/{number}/drop")
    def drop(request: Request, number: str, work: Field = "", back: Field = "") -> Response:
        def act(curator: Curator) -> str:
            arrange.drop(house, number, work, curator)
            return with_said(back if BACK.fullmatch(back) else f"/desk/collection/{number}", "dropped")

        return after(house, request, act, lambda f, c, told: collections.draw(f, c, number, told=told))


def collect_selected(house: House, request: Request, number: str, works: Sequence[str], back: str) -> Response:
    """Puts the selected works into a collection and leads back to where they were selected."""
    back = back if BACK.fullmatch(back) else "/desk/find"

    def act(curator: Curator) -> str:
        arrange.collect(house, number, works, curator)
        return with_said(back, "collected")

    return after(house, request, act, lambda f, c, told: again(f, c, told, works, back, chosen=number))


def _add_finding(inside: APIRouter, house: House) -> None:
    @inside.get("/find")
    def find(request: Request) -> Response:
        told = told_by(frame_of(house, request), request, SAID)
        shown = told if told.text else None
        return page(house, request, lambda f, c: collections.draw_search(f, c, request.query_params, told=shown))

    @inside.post("/searches")
    def keep(
        request: Request,
        search: Field = "",
        title_zh: Field = "",
        title_en: Field = "",
        parent: Field = "",
        instead: Field = "",
    ) -> Response:
        query, titles = dict(parse_qsl(search)), {"title_zh": title_zh, "title_en": title_en}

        def act(curator: Curator) -> str:
            wish = collections.read(query)
            if instead:
                arrange.seek(house, instead, wish, curator)
                return f"/desk/collection/{int(instead)}?said=sought"
            return f"/desk/collection/{arrange.make(house, titles, parent, curator, wish=wish)}?said=kept"

        more = {"typed": titles, "keeping": True}
        return after(house, request, act, lambda f, c, told: collections.draw_search(f, c, query, told=told, **more))


def _add_notes(inside: APIRouter, house: House) -> None:
    @inside.get("/work/{work}")
    def at_work(request: Request, work: str) -> Response:
        told = told_by(frame_of(house, request), request, SAID)
        return page(house, request, lambda f, c: collections.draw_work(f, c, work, told=told))

    @inside.post("/work/{work}/note")
    def leave(request: Request, work: str, body: Field = "") -> Response:
        def act(curator: Curator) -> str:
            arrange.note(house, work, body, curator)
            return f"/desk/work/{work}?said=noted"

        return after(house, request, act, lambda f, c, told: collections.draw_work(f, c, work, told=told, typed=body))

    @inside.post("/note/strike")
    def strike(request: Request, note: Field = "") -> Response:
        def act(curator: Curator) -> str:
            return f"/desk/work/{arrange.strike(house, note, curator)}?said=struck"

        return after(house, request, act, lambda f, c, told: collections.draw_changes(f, c, told=told))


def _add_changes(inside: APIRouter, house: House) -> None:
    @inside.get("/changes")
    def log(request: Request, before: str = "") -> Response:
        number = int(before) if re.fullmatch("[0-9]{1,18}", before) else None
        told = told_by(frame_of(house, request), request, SAID)
        return page(house, request, lambda f, c: collections.draw_changes(f, c, before=number, told=told))

    @inside.post("/changes/undo")
    def undo(request: Request, seq: Field = "", back: Field = "") -> Response:
        def act(curator: Curator) -> str:
            retrace.undo(house, seq, curator)
            return with_said(back if BACK.fullmatch(back) else "/desk/changes", "undone")

        return after(house, request, act, lambda f, c, told: collections.draw_changes(f, c, told=told))
