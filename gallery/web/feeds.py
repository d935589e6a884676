"""The wall for programs: a versioned JSON API, an Atom feed of what is new, and a sitemap of every work and exhibition.

API and feed take the query of the wall's own address. The API gives what the wall gives: what others think of a work
only to those who have rated it; the feed the newest, the same for everybody. They are read-only.
https://www.rfc-editor.org/rfc/rfc4287 (Atom), https://www.sitemaps.org
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from db import Card
from db.tags import Tag
from gallery import errors
from gallery.journeys import House, credit, find, saved, tag, visit
from gallery.journeys.credit import Credits
from gallery.pages import wall
from gallery.pages.frame import Frame
from gallery.web.answers import status_of, visitor_of
from gallery.web.guard import language_of, scheme_of

NEWEST = 40
AGAIN = "private, no-cache"


def add_feed_routes(app: FastAPI, house: House) -> None:
    """The API, the feed and the sitemap."""

    @app.get("/api/v1/works")
    def works(request: Request) -> Response:
        limit = request.query_params.get("limit", "")
        most = int(limit) if re.fullmatch(r"[0-9]{1,3}", limit) else find.PAGE
        try:
            page = find.page(house, wall.read(request.query_params), visitor_of(request), most)
            cards = told_of(house, page.cards, origin_of(request))
        except errors.GalleryError as error:
            text = Frame(house, language_of(request, house.settings)).error(error)
            return JSONResponse({"error": error.key.removeprefix("errors."), "text": text}, status_of(error))
        told = {"works": cards, "next": page.next_cursor}
        return _unless_known(request, json.dumps(told, ensure_ascii=False), "application/json")

    @app.get("/feed.xml")
    def feed(request: Request) -> Response:
        frame = Frame(house, language_of(request, house.settings))
        wish = saved.impersonal(wall.read(request.query_params))
        try:
            cards = find.page(house, replace(wish, sort="newest"), None, NEWEST).cards
        except errors.GalleryError as error:
            return PlainTextResponse(frame.error(error), status_of(error))
        when = {card.id: moment(card.created_ms) for card in cards}
        given = credit.of(house, when)
        said = {number: credit.sentences(house, one, frame.language) for number, one in given.items()}
        known = {"cards": cards, "when": when, "given": given, "said": said}
        asked = {"here": wall.feed_of(wish), "wall": wall.address(f"/{frame.language}/", wish)}
        words = {"told": wall.told(frame, wish), "named": frame.named}
        drawn = frame.draw("feed.xml", **known, **asked, **words, origin=origin_of(request))
        return _unless_known(request, drawn, "application/atom+xml")

    _add_sitemap(app, house)


def _add_sitemap(app: FastAPI, house: House) -> None:
    @app.get("/robots.txt")
    def robots(request: Request) -> Response:
        return PlainTextResponse(f"User-agent: *\nDisallow: /*?\nSitemap: {origin_of(request)}/sitemap.xml\n")

    @app.get("/sitemap.xml")
    def shelves(request: Request) -> Response:
        parts = range(find.shelves(house))
        drawn = Frame(house, house.settings.language).draw("sitemap.xml", parts=parts, origin=origin_of(request))
        return _unless_known(request, drawn, "application/xml")

    @app.get("/sitemap/{part}.xml")
    def shelf(request: Request, part: int) -> Response:
        numbers = find.on_shelf(house, part)
        shows = visit.addresses(house) if part == 0 else []
        values = {"numbers": numbers, "shows": shows, "origin": origin_of(request)}
        drawn = Frame(house, house.settings.language).draw("shelf.xml", **values)
        return _unless_known(request, drawn, "application/xml")


def origin_of(request: Request) -> str:
    """Scheme and host, for links that leave the house."""
    return f"{scheme_of(request)}://{request.headers.get('host', '')}"


def moment(ms: int) -> str:
    """A time in milliseconds as RFC 3339 writes it.

    >>> moment(0)
    '1970-01-01T00:00:00Z'
    """
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def told_of(house: House, cards: Sequence[Card], origin: str) -> list[dict[str, object]]:
    """Works as programs are told of them; raises StoreTrouble."""
    given = credit.of(house, [card.id for card in cards])
    borne, blurs = tag.of_works(house, given), find.placeholders(house, cards)
    return [_told(card, origin, given.get(card.id), borne.get(card.id, []), blurs) for card in cards]


def _told(
    card: Card, origin: str, given: Credits | None, borne: Sequence[Tag], blurs: Mapping[int, str]
) -> dict[str, object]:
    """A work as the API tells of it; votes and mean are null for those who have not rated it, and credits for a work
    that has been taken away this very moment."""
    plain = ("id", "kind", "title", "signature", "subject", "form", "my_stars", "votes", "mean")
    return {
        **{name: getattr(card, name) for name in plain},
        "verse": list(card.verse),
        "tags": [{"zh": one.zh, "en": one.en} for one in borne],
        "created": moment(card.created_ms),
        "url": f"{origin}/work/{card.id}",
        "file": f"{origin}/work/{card.id}/file",
        "credits": None if given is None else given.told(),
        "thumbnail": f"{origin}/media/{card.thumb}" if card.thumb else None,
        "placeholder": blurs.get(card.id),
    }


def _unless_known(request: Request, body: str, mime: str) -> Response:
    """The answer, or 304 for whoever has the same already."""
    tag = f'"{hashlib.sha256(body.encode()).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": AGAIN}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=mime, headers=headers)
