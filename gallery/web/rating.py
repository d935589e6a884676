"""The addresses of rating: duels, the ladder and what is like one's choices, in both languages, and the log of all
votes for anyone to take away."""

from __future__ import annotations

from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from gallery import errors
from gallery.journeys import House, ledger
from gallery.journeys import duel as duels
from gallery.journeys.duel import Pair
from gallery.pages import duel, ladder, liked, work
from gallery.pages.duel import Told
from gallery.pages.frame import Frame
from gallery.texts import LANGUAGES
from gallery.web.answers import status_of, visitor_of

FRESH = {"cache-control": "no-cache"}
FRAGMENT = "x-fragment"  # a script asks with this header for the pair alone


def add_rating_routes(app: FastAPI, house: House) -> None:
    """Before Gradio is mounted, which would take the addresses of a language for its own."""
    for language in LANGUAGES:
        _add_duels(app, Frame(house, language))
        _add_ladder(app, Frame(house, language))
        _add_liked(app, Frame(house, language))

    @app.get("/votes.csv")
    def votes() -> Response:
        return StreamingResponse(ledger.votes(house), media_type="text/csv", headers=FRESH)

    @app.get("/scores.csv")
    def scores() -> Response:
        return StreamingResponse(ledger.scores(house), media_type="text/csv", headers=FRESH)


def _add_ladder(app: FastAPI, frame: Frame) -> None:
    @app.get(f"/{frame.language}/ladder")
    def show(request: Request) -> Response:
        try:
            return HTMLResponse(ladder.draw(frame, ladder.read(dict(request.query_params)), visitor_of(request)))
        except errors.GalleryError as error:
            return _sorry(frame, error, "ladder.heading")


def _add_liked(app: FastAPI, frame: Frame) -> None:
    @app.get(f"/{frame.language}/liked")
    def show(request: Request, kind: str = "") -> Response:
        try:
            return HTMLResponse(liked.draw(frame, kind, visitor_of(request)))
        except errors.GalleryError as error:
            return _sorry(frame, error, "liked.heading")


def _add_duels(app: FastAPI, frame: Frame) -> None:
    @app.get(f"/{frame.language}/duel")
    def show(request: Request, kind: str = "") -> Response:
        try:
            return HTMLResponse(duel.draw(frame, kind, visitor_of(request)))
        except errors.GalleryError as error:
            return _sorry(frame, error, "duel.heading")

    @app.post(f"/{frame.language}/duel")
    def choose(request: Request, kind: str = Form(""), token: str = Form(""), choice: str = Form("")) -> Response:
        try:
            told = Told(vote=duels.vote(frame.house, token, choice, visitor_of(request)))
        except errors.GalleryError as error:
            return _answer(request, frame, kind, duel.sorry(frame, error), status=status_of(error))
        return _answer(request, frame, kind, told)

    @app.post(f"/{frame.language}/duel/undo")
    def take_back(request: Request, kind: str = Form(""), token: str = Form("")) -> Response:
        try:
            pair = duels.undo(frame.house, token, visitor_of(request))
        except errors.GalleryError as error:
            return _answer(request, frame, kind, duel.sorry(frame, error), status=status_of(error))
        return _answer(request, frame, pair.kind if pair else kind, Told(frame.say("duel.taken_back")), pair)


def _answer(
    request: Request, frame: Frame, kind: str, told: Told, pair: Pair | None = None, *, status: int = 200
) -> Response:
    """The next pair with what came of the last: alone for a script that asks so, else on its page."""
    draw = duel.draw_arena if FRAGMENT in request.headers else duel.draw
    try:
        return HTMLResponse(draw(frame, kind, visitor_of(request), told=told, pair=pair), status)
    except errors.GalleryError as error:
        return _sorry(frame, error, "duel.heading")


def _sorry(frame: Frame, error: errors.GalleryError, heading: str) -> Response:
    return HTMLResponse(work.draw_sorry(frame, frame.error(error), frame.say(heading)), status_of(error))
