"""oEmbed: what another site shows of a work whose address somebody pastes there, and the description of the API.

A work with a picture is a photo, as large as is asked for and kept; a poem is a few lines of HTML without any script or
style, every character of it escaped. https://oembed.com (1.0); XML is not given, which the standard answers with 501.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from markupsafe import Markup, escape

from db import WorkRecord
from gallery import errors
from gallery.images import CARD_SIDE
from gallery.journeys import House, browse
from gallery.pages.frame import Frame
from gallery.web.answers import status_of
from gallery.web.described import description
from gallery.web.feeds import origin_of
from gallery.web.guard import language_of

AGE_S = 3600
POEM_SIZE = (320, 240)
_WORK = re.compile("/work/([0-9]{1,19})/?")


def add_embedding_routes(app: FastAPI, house: House) -> None:
    """Both of them."""

    @app.get("/api/v1/openapi.json")
    def described(request: Request) -> Response:
        return JSONResponse(description(origin_of(request)), headers={"cache-control": "public, max-age=3600"})

    @app.get("/oembed")
    def embed(
        request: Request,
        url: str = "",
        maxwidth: str = "",
        maxheight: str = "",
        format: str = "",  # noqa: A002 (the standard calls it so)
    ) -> Response:
        frame = Frame(house, language_of(request, house.settings))
        if format not in ("", "json"):
            return JSONResponse({"error": "not_so", "text": frame.say("web.json_alone")}, 501)
        try:
            work = browse.look(house, _number(url, request)).work
        except errors.GalleryError as error:
            return JSONResponse(
                {"error": error.key.removeprefix("errors."), "text": frame.error(error)}, status_of(error)
            )
        given = _told(frame, work, origin_of(request), _pixels(maxwidth), _pixels(maxheight))
        return JSONResponse(given, headers={"cache-control": f"public, max-age={AGE_S}"})


def _number(url: str, request: Request) -> str:
    """The number of the work at an address of this gallery; raises NoSuchWork for any other address."""
    parts, here = urlsplit(url), request.headers.get("host", "")
    found = _WORK.fullmatch(parts.path)
    if found is None or parts.scheme not in ("http", "https") or parts.netloc != here:
        raise errors.NoSuchWork(url[:20])
    return found[1]


def _pixels(text: str) -> int | None:
    return int(text) if re.fullmatch("[1-9][0-9]{0,4}", text) else None


def _told(frame: Frame, work: WorkRecord, origin: str, width: int | None, height: int | None) -> dict[str, object]:
    plain = {
        "version": "1.0",
        "title": work.title,
        "author_name": work.signature or frame.say("wall.untold"),
        "provider_name": "诗画 Shihua",
        "provider_url": f"{origin}/",
        "cache_age": AGE_S,
    }
    return plain | (_photo(work, origin, width, height) if work.thumb else _verse(work, origin, width, height))


def _photo(work: WorkRecord, origin: str, width: int | None, height: int | None) -> dict[str, object]:
    """The picture itself where there is room for it, else its thumbnail, told as large as is asked for."""
    sides = (work.width or CARD_SIDE, work.height or CARD_SIDE)
    scale = CARD_SIDE / max(sides)
    small = (max(1, round(sides[0] * scale)), max(1, round(sides[1] * scale)))
    fits = sides[0] <= (width or sides[0]) and sides[1] <= (height or sides[1])
    whole = fits and max(sides) >= CARD_SIDE
    shown = sides if whole else small
    room = min(1.0, (width or shown[0]) / shown[0], (height or shown[1]) / shown[1])
    return {
        "type": "photo",
        "url": f"{origin}/media/{work.picture if whole else work.thumb}",
        "width": max(1, int(shown[0] * room)),
        "height": max(1, int(shown[1] * room)),
        "thumbnail_url": f"{origin}/media/{work.thumb}",
        "thumbnail_width": small[0],
        "thumbnail_height": small[1],
    }


def _verse(work: WorkRecord, origin: str, width: int | None, height: int | None) -> dict[str, object]:
    lines = Markup("<br>").join(work.verse)
    link = Markup('<a href="{}">{}</a>').format(f"{origin}/work/{work.id}", work.title)
    signed = Markup(" · {}").format(work.signature) if work.signature else escape("")
    html = Markup('<blockquote lang="zh"><p>{}</p><footer>{}{}</footer></blockquote>').format(lines, link, signed)
    most = (min(POEM_SIZE[0], width or POEM_SIZE[0]), min(POEM_SIZE[1], height or POEM_SIZE[1]))
    return {"type": "rich", "html": str(html), "width": most[0], "height": most[1]}
