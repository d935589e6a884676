"""The addresses of challenges: for everybody in both languages, and, behind the gate of the desk, to set them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel

from gallery import errors
from gallery.journeys import House, amend, challenge
from gallery.journeys.accounts import Curator
from gallery.pages import challenges, work
from gallery.pages.duel import Told, sorry
from gallery.pages.frame import Frame
from gallery.texts import LANGUAGES
from gallery.visitors import Visitor
from gallery.web.answers import status_of, visitor_of
from gallery.web.drawn import after, page, told_by
from gallery.web.rating import FRAGMENT

Field = Annotated[str, Form()]
_SAID = frozenset({"announced", "called_off", "amended"})


class Wish(BaseModel):
    """What the form of a challenge sends."""

    title_zh: str = ""
    title_en: str = ""
    text_zh: str = ""
    text_en: str = ""
    wanted: str = ""
    opens: str = ""
    closes: str = ""
    most: str = ""
    seen: str = ""


def add_challenge_routes(app: FastAPI, house: House) -> None:
    """Before Gradio is mounted, which would take the addresses of a language for its own."""
    for language in LANGUAGES:
        _add_pages(app, Frame(house, language))
        _add_acts(app, Frame(house, language))


def _add_pages(app: FastAPI, frame: Frame) -> None:
    @app.get(f"/{frame.language}/challenges")
    def every() -> Response:
        try:
            return HTMLResponse(challenges.draw_all(frame))
        except errors.GalleryError as error:
            return _sorry(frame, error)

    @app.get(f"/{frame.language}/challenge/{{number}}")
    def look(request: Request, number: str, said: str = "") -> Response:
        told = Told(frame.say("challenges.did_enter")) if said == "entered" else Told()
        return _page(frame, number, visitor_of(request), told)


def _add_acts(app: FastAPI, frame: Frame) -> None:
    @app.post(f"/{frame.language}/challenge/{{number}}/enter")
    def enter(request: Request, number: str, work: Field = "") -> Response:
        visitor = visitor_of(request)
        try:
            challenge.enter_work(frame.house, number, work, visitor)
        except errors.GalleryError as error:
            return _page(frame, number, visitor, sorry(frame, error), status_of(error))
        return RedirectResponse(f"/{frame.language}/challenge/{int(number)}?said=entered", 303)

    @app.post(f"/{frame.language}/challenge/{{number}}/duel")
    def choose(request: Request, number: str, token: Field = "", choice: Field = "") -> Response:
        visitor, status = visitor_of(request), 200
        try:
            told = Told(vote=challenge.vote(frame.house, token, choice, visitor))
        except errors.GalleryError as error:
            told, status = sorry(frame, error), status_of(error)
        return _page(frame, number, visitor, told, status, alone=FRAGMENT in request.headers)


def _page(
    frame: Frame, number: str, visitor: Visitor, told: Told, status: int = 200, *, alone: bool = False
) -> Response:
    """A challenge with what came of the last act, or its pair alone for a script that asks so."""
    draw = challenges.draw_arena if alone else challenges.draw
    try:
        return HTMLResponse(draw(frame, number, visitor, told=told), status)
    except errors.GalleryError as error:
        return _sorry(frame, error)


def _sorry(frame: Frame, error: errors.GalleryError) -> Response:
    return HTMLResponse(work.draw_sorry(frame, frame.error(error), frame.say("challenges.heading")), status_of(error))


def add_challenge_desk(inside: APIRouter, house: House) -> None:
    """Where curators set them, call them off, and hang what came of them."""

    @inside.get("/challenges")
    def every(request: Request) -> Response:
        def draw(frame: Frame, curator: Curator) -> str:
            return challenges.draw_on_desk(frame, curator, told=told_by(frame, request, _SAID, room="challenges"))

        return page(house, request, draw)

    @inside.post("/challenges")
    def announce(request: Request, wish: Annotated[Wish, Form()]) -> Response:
        typed = wish.model_dump()

        def act(curator: Curator) -> str:
            challenge.announce(house, typed, curator)
            return "/desk/challenges?said=announced"

        return after(house, request, act, lambda f, c, told: challenges.draw_on_desk(f, c, told=told, typed=typed))

    @inside.get("/challenge/{number}")
    def look(request: Request, number: str) -> Response:
        def draw(frame: Frame, curator: Curator) -> str:
            return challenges.draw_amending(
                frame, curator, number, told=told_by(frame, request, _SAID, room="challenges")
            )

        return page(house, request, draw)

    @inside.post("/challenge/{number}")
    def change(request: Request, number: str, wish: Annotated[Wish, Form()]) -> Response:
        typed = wish.model_dump(exclude_unset=True)

        def act(curator: Curator) -> str:
            amend.amend(house, number, typed, curator)
            return f"/desk/challenge/{int(number)}?said=amended"

        return after(
            house, request, act, lambda f, c, told: challenges.draw_amending(f, c, number, told=told, fields=typed)
        )

    @inside.post("/challenges/off")
    def call_off(request: Request, number: Field = "") -> Response:
        def act(curator: Curator) -> str:
            challenge.call_off(house, number, curator)
            return "/desk/challenges?said=called_off"

        return after(house, request, act, lambda f, c, told: challenges.draw_on_desk(f, c, told=told))

    @inside.post("/challenges/hang")
    def hang(request: Request, number: Field = "") -> Response:
        def act(curator: Curator) -> str:
            return f"/show/{challenge.hang(house, number, curator)}"

        return after(house, request, act, lambda f, c, told: challenges.draw_on_desk(f, c, told=told))
