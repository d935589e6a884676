"""What programs are told, described as OpenAPI 3.1: the addresses that answer in JSON, what they take and what they
give.

The shapes are pydantic models, which make the schemas here and hold the real answers to them in the tests; the
addresses themselves are plain functions that give plain JSON. https://spec.openapis.org/oas/v3.1.1
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import models_json_schema

from db import How, WorkKind
from gallery.journeys import find

VERSION = "1.2.0"
REF = "#/components/schemas/{model}"


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Tag(_Told):
    """A tag; a name is empty where it has none in that language."""

    zh: str
    en: str


class Network(_Told):
    """A network that made a part of a work, with the SHA-256 of its weights."""

    part: str
    name: str
    weights: str


class Source(_Told):
    """A work that another was made of; no title and maker for one that is no longer shown."""

    work: int
    how: How
    shown: bool
    title: str | None = None
    maker: str | None = None


class Line(_Told):
    """Who wrote a line: somebody by name, or the network."""

    by: str
    network: bool


class Quoted(_Told):
    """From which poem a line of a cento is."""

    poet: str
    title: str


class Credits(_Told):
    """Who gave what to a work."""

    work: int
    title: str
    maker: str | None
    networks: list[Network]
    sources: list[Source]
    lines: list[Line]
    quoted: list[Quoted] | None = None


class Work(_Told):
    """A work. votes, mean and my_stars are null for works that the visitor of the cookie has not rated."""

    id: int
    kind: WorkKind
    title: str
    signature: str
    subject: str | None
    form: str | None
    verse: list[str]
    tags: list[Tag]
    my_stars: int | None = Field(ge=1, le=5)
    votes: int | None
    mean: float | None
    created: str = Field(description="RFC 3339, UTC")
    url: str
    file: str
    credits: Credits | None
    thumbnail: str | None
    placeholder: str | None = Field(description="ThumbHash, base64; null for poems")


class Works(_Told):
    """A page of the wall; next is the cursor of the page that follows."""

    works: list[Work]
    next: str | None


class Refused(_Told):
    """Why a wish cannot be met: the name of the error, and a sentence in the visitor's language."""

    error: str
    text: str


class Embedded(BaseModel):
    """oEmbed 1.0 of a work: a photo for what has a picture, else rich HTML."""

    model_config = ConfigDict(extra="forbid")
    type: Literal["photo", "rich"]
    version: Literal["1.0"]
    title: str
    author_name: str
    provider_name: str
    provider_url: str
    cache_age: int
    width: int
    height: int
    url: str | None = None
    html: str | None = None
    thumbnail_url: str | None = None
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None


class Alive(_Told):
    """That the web process answers."""

    ok: bool


class Ready(_Told):
    """Whether works can be made and kept, and which part cannot."""

    ready: bool
    database: bool
    disk: bool
    worker: bool


MODELS: tuple[type[BaseModel], ...] = (Works, Refused, Embedded, Alive, Ready)
_MONTH = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"}
# What the wall is asked by, in its own address as well: name, schema, what it says.
QUERY: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("q", {"type": "string", "maxLength": find.LONGEST}, "words of title, verse, signature or tags; pinyin of titles"),
    ("kind", {"type": "string", "enum": ["painting", "poem", "scroll", "film"]}, "kind of work"),
    ("subject", {"type": "string"}, "subject of a painting, as works name it"),
    ("form", {"type": "string"}, "form of verse, as works name it"),
    ("mood", {"type": "string"}, "mood that a painting was made in"),
    ("tag", {"type": "string", "maxLength": 40}, "a tag, by any of its names"),
    ("signature", {"type": "string", "maxLength": 24}, "what works are signed with, in either script and any case"),
    ("show", {"type": "string", "maxLength": 40}, "an exhibition that works hang in, by its name in `/show/…`"),
    ("month", _MONTH, "month in which a work was made (UTC)"),
    ("since", _MONTH, "first month"),
    ("until", _MONTH, "last month"),
    ("parents", {"type": "string", "enum": ["1"]}, "only works made of others"),
    ("poem", {"type": "string", "enum": ["1"]}, "only pictures with a poem: scrolls, and paintings of which one hangs"),
    ("mine", {"type": "string", "enum": ["1"]}, "only works of the visitor of the cookie"),
    ("rated", {"type": "string", "enum": ["yes", "no"]}, "rated by that visitor, or not yet"),
    ("sort", {"type": "string", "enum": ["newest", "best", "voted", "random"], "default": "newest"}, "order"),
    ("seed", {"type": "integer", "minimum": 0, "maximum": find.SEEDS - 1}, "where the shuffled order begins"),
    ("cursor", {"type": "string"}, "`next` of the page before"),
    ("limit", {"type": "integer", "minimum": 1, "maximum": find.PAGE, "default": find.PAGE}, "works of a page"),
)
_ADDRESSES: tuple[tuple[str, str, str, type[BaseModel], tuple[str, ...]], ...] = (
    ("/api/v1/works", "works", "The wall, a page at a time", Works, ("400", "503")),
    ("/oembed", "embed", "What another site shows of a work, by oEmbed", Embedded, ("404", "501")),
    ("/healthz", "alive", "Whether the web process answers", Alive, ()),
    ("/readyz", "ready", "Whether works can be made and kept", Ready, ("503",)),
)
_EMBED: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("url", {"type": "string"}, "address of a work's page in this gallery"),
    ("maxwidth", {"type": "integer", "minimum": 1}, "pixels at most across"),
    ("maxheight", {"type": "integer", "minimum": 1}, "pixels at most down"),
    ("format", {"type": "string", "enum": ["json"]}, "json alone is given"),
)
_ASKED = {"/api/v1/works": QUERY, "/oembed": _EMBED}
_WHY = {
    "400": "a wish that cannot be met",
    "404": "no such work here",
    "501": "another format than JSON",
    "503": "not now; try again in a little while",
}


def description(origin: str) -> dict[str, Any]:
    """The whole description, for the gallery at that origin."""
    _, schemas = models_json_schema([(one, "serialization") for one in MODELS], ref_template=REF)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "诗画 Shihua",
            "version": VERSION,
            "summary": "Paintings by a GAN and classical Chinese verse by an RNN, with who gave what to each.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": origin}],
        "paths": {one[0]: {"get": _operation(*one)} for one in _ADDRESSES},
        "components": {"schemas": schemas["$defs"]},
    }


def _operation(address: str, name: str, summary: str, gives: type[BaseModel], bad: tuple[str, ...]) -> dict[str, Any]:
    asked = _ASKED.get(address, ())
    refused = Ready if gives is Ready else Refused
    answers = {"200": _answer("what was asked for", gives)}
    if address == "/api/v1/works":
        answers["304"] = {"description": "the same as the ETag that was sent"}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [
            {"name": one, "in": "query", "description": said, "schema": schema, "required": one == "url"}
            for one, schema, said in asked
        ],
        "responses": answers | {status: _answer(_WHY[status], refused) for status in bad},
    }


def _answer(said: str, model: type[BaseModel]) -> dict[str, Any]:
    schema = {"$ref": REF.format(model=model.__name__)}
    return {"description": said, "content": {"application/json": {"schema": schema}}}
