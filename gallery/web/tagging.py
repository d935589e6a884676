"""The addresses of tags: the public list, and behind the gate of the desk what gives, names, merges and takes them.

What is done is done by a form, and leads on to a page that can be opened again; that page says what was done.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, Response

from gallery import errors
from gallery.journeys import House, tag
from gallery.journeys.accounts import Curator
from gallery.pages import collections, tags, work
from gallery.pages.desk import Told
from gallery.pages.frame import Frame
from gallery.texts import LANGUAGES
from gallery.web.answers import status_of
from gallery.web.drawn import after, frame_of, page, told_by

TAGGED = frozenset({"tagged", "untagged", "tag_made", "tag_named", "tag_merged", "tag_away"})
_BACK = "/(find|collections|tags|shows|challenges|(work|collection|show|challenge)/[0-9]{1,18})"
BACK = re.compile(rf"/desk({_BACK})?(\?[A-Za-z0-9=&%+._-]*)?")
Field = Annotated[str, Form()]


def add_tag_routes(app: FastAPI, house: House) -> None:
    """The public list; before Gradio is mounted, which would take its address for its own."""
    for language in LANGUAGES:
        _add_list(app, Frame(house, language))


def _add_list(app: FastAPI, frame: Frame) -> None:
    @app.get(f"/{frame.language}/tags")
    def every_tag(request: Request) -> Response:
        try:
            return HTMLResponse(tags.draw(frame))
        except errors.GalleryError as error:
            text = work.draw_sorry(frame, frame.error(error), frame.say("tags.heading"))
            return HTMLResponse(text, status_of(error))


def add_tagging_routes(inside: APIRouter, house: House) -> None:
    """Those of the desk."""
    _add_list_of_curators(inside, house)
    _add_changes(inside, house)
    _add_taking(inside, house)


def _add_list_of_curators(inside: APIRouter, house: House) -> None:
    @inside.get("/tags")
    def every(request: Request) -> Response:
        told = told_by(frame_of(house, request), request, TAGGED)
        return page(house, request, lambda frame, curator: tags.draw_all(frame, curator, told=told))

    @inside.post("/tags")
    def make(request: Request, zh: Field = "", en: Field = "") -> Response:
        def act(curator: Curator) -> str:
            return f"/desk/tags?said=tag_made#t{tag.make(house, zh, en, curator)}"

        return after(house, request, act, lambda f, c, told: tags.draw_all(f, c, told=told, typed={"zh": zh, "en": en}))


def _add_changes(inside: APIRouter, house: House) -> None:
    def change(
        request: Request, number: str, said: str, do: Callable[[Curator], object], typed: Mapping[str, str]
    ) -> Response:
        def act(curator: Curator) -> str:
            do(curator)
            return f"/desk/tags?said={said}"

        return after(house, request, act, lambda f, c, told: tags.draw_all(f, c, told=told, typed=typed, at=number))

    @inside.post("/tags/{number}/edit")
    def edit(request: Request, number: str, zh: Field = "", en: Field = "", seen: Field = "") -> Response:
        do = partial(tag.rename, house, number, zh, en, seen=seen)
        return change(request, number, "tag_named", do, {"own_zh": zh, "own_en": en})

    @inside.post("/tags/{number}/name")
    def name_it(request: Request, number: str, name: Field = "") -> Response:
        do = partial(tag.also_call, house, number, name)
        return change(request, number, "tag_named", do, {"name": name})

    @inside.post("/tags/{number}/merge")
    def merge(request: Request, number: str, into: Field = "") -> Response:
        return change(request, number, "tag_merged", partial(tag.merge, house, number, into), {"into": into})

    @inside.post("/tags/{number}/away")
    def put_away(request: Request, number: str) -> Response:
        return change(request, number, "tag_away", partial(tag.put_away, house, number), {})


def tag_selected(house: House, request: Request, name: str, works: Sequence[str], back: str) -> Response:
    """Gives the selected works a tag and leads back to where they were selected."""

    def act(curator: Curator) -> str:
        tag.give(house, name, works, curator)
        return _back(back, "tagged")

    return after(house, request, act, lambda f, c, told: again(f, c, told, works, back, tag_name=name))


def again(frame: Frame, curator: Curator, told: Told, works: Sequence[str], back: str, **typed: object) -> str:
    """The page on which something could not be done to works, as it was: that of the work, or the search with the works
    that were selected and what was typed beside them."""
    if back.startswith("/desk/work/") and works:
        return collections.draw_work(frame, curator, works[0], told=told, **typed)  # type: ignore[arg-type]
    query = dict(parse_qsl(back.partition("?")[2]))
    return collections.draw_search(frame, curator, query, told=told, ticked=set(works), **typed)


def _add_taking(inside: APIRouter, house: House) -> None:
    @inside.post("/untag")
    def untag(request: Request, work: Field = "", tag_number: Annotated[str, Form(alias="tag")] = "") -> Response:
        def act(curator: Curator) -> str:
            tag.take(house, tag_number, work, curator)
            return _back(f"/desk/work/{work}", "untagged")

        return after(house, request, act, lambda f, c, told: tags.draw_all(f, c, told=told))


def _back(address: str, said: str) -> str:
    """Where a form came from, if that is of the desk, with what to tell there."""
    return with_said(address if BACK.fullmatch(address) else "/desk/find", said)


def with_said(address: str, said: str) -> str:
    """An address of the desk with what to tell there."""
    return f"{address}{'&' if '?' in address else '?'}said={said}"
