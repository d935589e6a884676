"""The addresses at which curators look after votes: odd ones, set aside and released, how fairly works are met, and
what visitors prefer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from gallery.journeys import House, integrity
from gallery.journeys.accounts import Curator
from gallery.pages import exposure, oddities, taste
from gallery.web.drawn import after, page, told_by

Field = Annotated[str, Form()]
_SAID = frozenset({"set_aside", "released"})


def add_voting_routes(inside: APIRouter, house: House) -> None:
    """All of them, behind the gate of the desk."""

    @inside.get("/votes")
    def odd(request: Request) -> Response:
        return page(house, request, lambda f, c: oddities.draw(f, c, told=told_by(f, request, _SAID, room="votes")))

    @inside.get("/exposure")
    def how_evenly(request: Request, kind: str = "") -> Response:
        return page(house, request, lambda f, c: exposure.draw(f, c, kind))

    @inside.get("/taste")
    def what_is_preferred(request: Request, kind: str = "") -> Response:
        return page(house, request, lambda f, c: taste.draw(f, c, kind))

    @inside.post("/votes/aside")
    def set_aside(request: Request, key: Field = "") -> Response:
        def act(curator: Curator) -> str:
            integrity.set_aside(house, key, curator)
            return "/desk/votes?said=set_aside"

        return after(house, request, act, lambda f, c, told: oddities.draw(f, c, told=told))

    @inside.post("/votes/release")
    def release(request: Request, seq: Field = "") -> Response:
        def act(curator: Curator) -> str:
            integrity.release(house, seq, curator)
            return "/desk/votes?said=released"

        return after(house, request, act, lambda f, c, told: oddities.draw(f, c, told=told))
