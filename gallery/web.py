"""The web shell: addresses of our own, the guard around everything, and Gradio mounted once a language.

`/` leads to `/zh/` or `/en/`, which are Gradio; `/work/<id>`, `/media/<sha256>`, `/wall/<language>`, `/healthz` and
`/static` are plain HTTP. The guard gives every visitor a signed cookie, refuses unsafe methods from other origins,
blocks uploads (no page needs one yet) and sets the security headers. Journeys run in threads, never in the event loop.
Sources: OWASP Secure Headers Project; MDN, Content-Security-Policy (nonces).
"""

from __future__ import annotations

import errno
import re
import secrets
import signal
import socket
import sys
import warnings
from collections.abc import Iterable
from contextlib import closing, suppress
from typing import Annotated
from urllib.parse import quote, urlsplit

import gradio as gr
import uvicorn
from fastapi import FastAPI, Form, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gallery import errors
from gallery.journeys import House, browse, create, open_house, rate, say, visitor_of
from gallery.pages import build, wall, work
from gallery.pages.frame import STATIC, Frame
from gallery.pages.theme import head, theme
from gallery.settings import Settings
from gallery.texts import LANGUAGES, load_texts
from gallery.visitors import COOKIE, COOKIE_AGE_S, Visitor
from models.engine import Engine

LANGUAGE_COOKIE = "shihua_language"
_PORT_TROUBLE = {errno.EADDRINUSE, errno.EACCES}
FOR_EVER = "public, max-age=31536000, immutable"
_PAGE = re.compile(r"/(zh|en)(/[a-z]*)?/?")
_HTML_META = re.compile(rb"<meta\s+(?:property=\"og:|name=\"twitter:)[^>]*/?>")
_STATUS = {errors.NotThere: 404, errors.BadWish: 400, errors.EngineTrouble: 503, errors.StoreTrouble: 503}


def policy(nonce: str) -> str:
    """The Content-Security-Policy of every page: our own files only; Gradio needs eval and inline styles."""
    return (
        f"default-src 'self'; script-src 'self' 'unsafe-eval' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'self' https://huggingface.co"
    )


def language_of(request: Request, settings: Settings) -> str:
    """The remembered language, else the first of the browser's that we speak, else the house's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return str(chosen)
    for part in request.headers.get("accept-language", "").split(","):
        if part.strip()[:2].lower() in LANGUAGES:
            return part.strip()[:2].lower()
    return settings.language


class Guard:
    """ASGI middleware around the whole site; see the head of this file."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self.app, self.house = app, house

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse what is foreign, pass on the rest with cookies and headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        refusal = self._refusal(request)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        visitor, known = visitor_of(self.house, request.cookies.get(COOKIE))
        scope["state"] = scope.get("state") or {}
        scope["state"]["visitor"] = visitor
        page = _PAGE.fullmatch(scope["path"])
        cookies = [] if known else [_cookie(request, COOKIE, self.house.signer.cookie(visitor))]
        if page and request.cookies.get(LANGUAGE_COOKIE) != page[1]:
            cookies.append(_cookie(request, LANGUAGE_COOKIE, page[1]))
        answer = _Answer(send, cookies, page[1] if page and request.method == "GET" else None)
        await self.app(scope, receive, answer)

    def _refusal(self, request: Request) -> Response | None:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        origin = request.headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
            return PlainTextResponse(_both("web.foreign"), 403)
        if request.url.path.endswith("/gradio_api/upload"):
            return PlainTextResponse(_both("web.no_upload"), 403)
        return None


def _both(key: str) -> str:
    return " / ".join(load_texts().say(key, language) for language in LANGUAGES)


def _cookie(request: Request, name: str, value: str) -> bytes:
    secure = "; Secure" if request.headers.get("x-forwarded-proto", request.url.scheme) == "https" else ""
    return f"{name}={value}; Path=/; Max-Age={COOKIE_AGE_S}; HttpOnly; SameSite=Lax{secure}".encode()


class _Answer:
    """An answer on its way out: headers on all, cookies on pages only, and Gradio's HTML put right."""

    def __init__(self, send: Send, cookies: Iterable[bytes], language: str | None) -> None:
        self.send, self.cookies, self.language = send, list(cookies), language
        self.nonce = secrets.token_urlsafe(16)
        self.start: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._dress(message)
            html = any(k == b"content-type" and v.startswith(b"text/html") for k, v in message["headers"])
            if self.language and html:
                self.start = message
                return
        elif self.start is not None:
            self.body += message.get("body", b"")
            if message.get("more_body"):
                return
            message = {**message, "body": _put_right(self.body, self.language or "en", self.nonce)}
            size = str(len(message["body"])).encode()
            kept = [(k, v) for k, v in self.start["headers"] if k != b"content-length"]
            await self.send({**self.start, "headers": [*kept, (b"content-length", size)]})
            self.start = None
        await self.send(message)

    def _dress(self, message: Message) -> None:
        headers = [(k.lower(), v) for k, v in message.get("headers", [])]
        html = any(k == b"content-type" and v.startswith(b"text/html") for k, v in headers)
        headers += [
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"content-security-policy", policy(self.nonce).encode()),
        ]
        if html:
            headers += [(b"set-cookie", cookie) for cookie in self.cookies]
            if not any(k == b"cache-control" for k, _ in headers):
                headers.append((b"cache-control", b"no-store"))
        message["headers"] = headers


def _put_right(html: bytes, language: str, nonce: str) -> bytes:
    """Gradio's page in our language, without its own advertisement, its inline scripts allowed by the nonce."""
    html = _HTML_META.sub(b"", html)
    html = re.sub(rb"(<html\s+lang=)\"en\"", rb'\1"' + language.encode() + b'"', html, count=1)
    html = re.sub(rb"<script(?![^>]*\bsrc=)", b'<script nonce="' + nonce.encode() + b'"', html)
    about = load_texts().say("web.description", language)
    card = f'<meta property="og:title" content="诗画 Shihua"><meta name="description" content="{about}">'
    card += f'<meta property="og:description" content="{about}"><meta property="og:type" content="website">'
    return html.replace(b"</head>", card.encode() + b"</head>", 1)


def _visitor(request: Request) -> Visitor:
    visitor: Visitor = request.state.visitor
    return visitor


def build_app(house: House) -> ASGIApp:
    """The whole site around an open house."""
    app = FastAPI(title="Shihua", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/static", _Static(directory=STATIC), name="static")
    _add_plain_routes(app, house)
    _add_work_routes(app, house)
    _add_sorry(app, house)
    for language in LANGUAGES:
        _mount(app, house, language)
    return Guard(app, house)  # outermost, so that even a failure bears its headers


def _mount(app: FastAPI, house: House, language: str) -> None:
    """Gradio in one language, without what it would add of its own."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "SSR mode is not supported", UserWarning)  # it was not asked for
        gr.mount_gradio_app(
            app,
            build(house, language),
            path=f"/{language}",
            theme=theme(),
            head=head(),
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            show_error=False,
        )


class _Static(StaticFiles):
    """Files of ours, kept by browsers for ever: their addresses change when they do."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["cache-control"] = FOR_EVER
        return response


def _add_plain_routes(app: FastAPI, house: House) -> None:
    @app.get("/")
    def front_door(request: Request) -> Response:
        return RedirectResponse(f"/{language_of(request, house.settings)}/", 307)

    @app.get("/language/{language}")
    def switch(request: Request, language: str, next: str = "/") -> Response:  # noqa: A002 (the address says it)
        safe = next if re.fullmatch(r"/[A-Za-z0-9/]*", next) and not next.startswith("//") else "/"
        answer = RedirectResponse(safe, 303)
        if language in LANGUAGES:
            answer.headers.append("set-cookie", _cookie(request, LANGUAGE_COOKIE, language).decode())
        return answer

    @app.get("/favicon.ico")
    def icon() -> Response:
        return FileResponse(STATIC / "seal.svg", headers={"cache-control": "public, max-age=86400"})

    @app.get("/media/{sha}")
    def media(sha: str) -> Response:
        try:
            found = browse.media(house, sha)
        except errors.GalleryError as error:
            return PlainTextResponse(say(error, house.settings.language), 404)
        return FileResponse(found.path, media_type=found.mime, headers={"cache-control": FOR_EVER, "etag": f'"{sha}"'})

    @app.get("/wall/{language}")
    def more_of_the_wall(request: Request, language: str) -> Response:
        frame = Frame(house, language if language in LANGUAGES else house.settings.language)
        try:
            return HTMLResponse(wall.cards(frame, wall.View.read(dict(request.query_params)), _visitor(request)))
        except errors.GalleryError as error:
            return PlainTextResponse(frame.error(error), _status(error))

    @app.get("/healthz")
    def health() -> Response:
        return JSONResponse({"ok": True})


def _add_sorry(app: FastAPI, house: House) -> None:
    """A page in the visitor's language in place of the framework's own words."""

    def sorry(request: Request, key: str, status: int) -> Response:
        frame = Frame(house, language_of(request, house.settings))
        return HTMLResponse(work.draw_sorry(frame, frame.say(f"web.{key}"), frame.say(f"web.{key}_heading")), status)

    @app.exception_handler(404)
    def nowhere(request: Request, error: Exception) -> Response:
        return sorry(request, "nowhere", 404)

    @app.exception_handler(500)
    def broken(request: Request, error: Exception) -> Response:
        return sorry(request, "broken", 500)


def _status(error: errors.GalleryError) -> int:
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)


def _add_work_routes(app: FastAPI, house: House) -> None:
    def frame_of(request: Request) -> Frame:
        return Frame(house, language_of(request, house.settings))

    @app.get("/work/{work_id}")
    def look(request: Request, work_id: str) -> Response:
        frame = frame_of(request)
        origin = f"{request.headers.get('x-forwarded-proto', request.url.scheme)}://{request.headers.get('host', '')}"
        try:
            return HTMLResponse(work.draw(frame, work_id, _visitor(request), origin))
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame, error), _status(error))

    @app.post("/work/{work_id}/stars")
    def give_stars(request: Request, work_id: str, stars: Annotated[str, Form()] = "") -> Response:
        try:
            rate.cast_vote(house, work_id, int(stars) if re.fullmatch("[0-9]", stars) else stars, _visitor(request))
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame_of(request), error), _status(error))
        return RedirectResponse(f"/work/{int(work_id)}", 303)

    @app.post("/work/{work_id}/again")
    def make_again(request: Request, work_id: str) -> Response:
        frame = frame_of(request)
        try:
            kind = browse.look(house, work_id).work.kind
            replay = browse.remake(house, work_id)
        except errors.GalleryError as error:
            text = frame.say("work.again_failed", reason=frame.error(error))
            return JSONResponse({"verdict": "failed", "text": text}, _status(error))
        return JSONResponse({"verdict": replay.verdict, "text": work.verdict(frame, replay, kind)})

    @app.get("/work/{work_id}/pinyin")
    def sounds(request: Request, work_id: str) -> Response:
        frame = frame_of(request)
        try:
            return HTMLResponse(work.draw_sounds(frame, work_id))
        except errors.GalleryError as error:
            return PlainTextResponse(frame.error(error), _status(error))

    @app.get("/work/{work_id}/file")
    def download(request: Request, work_id: str) -> Response:
        try:
            found = browse.look(house, work_id).work
            if found.picture is None:
                return _attachment(
                    PlainTextResponse("\n".join([found.title, found.signature, "", *found.verse])), found.title, "txt"
                )
            picture = browse.media(house, found.picture)
        except errors.GalleryError as error:
            return HTMLResponse(work.draw_error(frame_of(request), error), _status(error))
        return _attachment(FileResponse(picture.path, media_type=picture.mime), found.title, "png")


def _attachment(answer: Response, title: str, suffix: str) -> Response:
    answer.headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(title, safe='')}.{suffix}"
    return answer


def _bind(settings: Settings) -> socket.socket:
    """The listening socket; raises OSError or UnicodeError when the port is taken or the address is not ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    door = socket.socket(family)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind((settings.host, settings.port))
        door.listen(128)  # at once, so that a second gallery cannot take the same door while this one hangs its wall
    except (OSError, UnicodeError):
        door.close()
        raise
    return door


def _no_door(settings: Settings, error: OSError | UnicodeError) -> str:
    """Why the door stays shut and what to do: it is the port (taken, or not ours to open), or else the host."""
    reason = getattr(error, "strerror", None) or str(error)
    key = "cli.no_door" if isinstance(error, OSError) and error.errno in _PORT_TROUBLE else "cli.no_host"
    return load_texts().say(key, settings.language, host=settings.host, port=settings.port, reason=reason)


def serve(settings: Settings) -> int:
    """Open the house and serve it until interrupted; 2 with one sentence when that cannot be."""
    texts = load_texts()
    try:
        door = _bind(settings)
    except (OSError, UnicodeError) as error:
        print(_no_door(settings, error), file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn raises it again once it has shut down
    engine = Engine(devices=(settings.device,), queue_size=settings.queue_size)
    with suppress(KeyboardInterrupt), door, engine, closing(open_house(settings, engine)) as house:
        if settings.seed_wall:
            _hang_first_wall(house)
        app = build_app(house)
        engine.wake()  # not before: on few cores it would hold up the first page
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=5)
        print(texts.say("cli.open", settings.language, url=f"http://{settings.host}:{settings.port}/"), flush=True)
        uvicorn.Server(config).run(sockets=[door])
    return 0


def _hang_first_wall(house: House) -> None:
    def show(done: int, total: int) -> None:
        text = load_texts().say("seeding.progress", house.settings.language, done=done, total=total)
        print(f"\r{text}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    try:
        create.seed_wall(house, progress=show)
    except errors.EngineTrouble as error:
        print(say(error, house.settings.language), file=sys.stderr)
