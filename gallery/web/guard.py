"""The guard around the whole site: who is visiting, what is refused, and the headers of every answer.

Every visitor gets a signed cookie. Unsafe methods and sockets are refused when they come from another site, unsafe
methods also when they bear no cookie of ours (Gradio's own excepted: its pages ask for themselves; who comes through a
socket without one may look on; and the tools of programs, which keep nothing); uploads are refused, since no page needs
one. Gradio's HTML is put right on its way out.
Sources: OWASP Secure Headers Project and CSRF Prevention Cheat Sheet (verifying origin); MDN, Content-Security-Policy
(nonces) and Cookies Having Independent Partitioned State.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from gallery import errors
from gallery.journeys import House, visitor_of
from gallery.pages import work
from gallery.pages.frame import Frame
from gallery.settings import Settings
from gallery.texts import LANGUAGES, load_texts
from gallery.visitors import COOKIE, COOKIE_AGE_S

LANGUAGE_COOKIE = "shihua_language"
_INSIDE = re.compile(r"/(zh|en)/")
_GRADIO = re.compile(r"/(zh|en)/gradio_api/")
_PAGE = re.compile(r"/(zh|en)(/[a-z]*)?/?")
_PREFIX = re.compile(rb"__(?:Host|Secure)-(?=shihua_)")
TOOLS = "/mcp"  # programs call it, which bear no cookie (tools.py)
_STUDIO = re.compile(rb'"current_page":"([a-z]+)"')
_HTML_META = re.compile(rb"<meta\s+(?:property=\"og:|name=\"twitter:)[^>]*/?>")


def policy(nonce: str) -> str:
    """The Content-Security-Policy of every page: our own files only; Gradio needs eval and inline styles."""
    return (
        f"default-src 'self'; script-src 'self' 'unsafe-eval' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'self' https://huggingface.co"
    )


def scheme_of(request: Request) -> str:
    """http or https, as the visitor's browser sees it, also behind a proxy."""
    return request.headers.get("x-forwarded-proto", request.url.scheme).partition(",")[0].strip()


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
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        scope = with_plain_cookies(scope)
        connection = HTTPConnection(scope)
        visitor, known = visitor_of(self.house, connection.cookies.get(COOKIE))
        host = connection.client.host if connection.client else ""  # as far as a proxy that the settings trust says
        visitor = replace(visitor, near=self.house.limits.near(host))
        scope["state"] = {**(scope.get("state") or {}), "visitor": visitor, "known": known}
        if scope["type"] == "websocket":
            refused = WebSocketClose(1008) if _is_foreign(connection) else None
            await (refused or self.app)(scope, receive, send)
            return
        request = Request(scope)
        page = _PAGE.fullmatch(scope["path"])
        cookies = [] if known else [cookie_for(request, COOKIE, self.house.signer.cookie(visitor))]
        if page and request.cookies.get(LANGUAGE_COOKIE) != page[1]:
            cookies.append(cookie_for(request, LANGUAGE_COOKIE, page[1]))
        language = page[1] if page and request.method == "GET" else None
        answer = _Answer(send, cookies, language, self._nowhere(request), secure=scheme_of(request) == "https")
        refusal = self._refusal(request, known, cookies)
        await (refusal or self.app)(scope, receive, answer)

    def _nowhere(self, request: Request) -> Callable[[], str] | None:
        """The page that stands in for Gradio's own "Not Found", for those who asked for a page."""
        inside = _INSIDE.match(request.url.path)
        if not inside or request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
            return None
        return partial(draw_nowhere, Frame(self.house, inside[1]))

    def _refusal(self, request: Request, known: bool, cookies: list[bytes]) -> Response | None:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        if _is_foreign(request):
            return PlainTextResponse(_both("web.foreign"), 403)
        if request.url.path.endswith("/gradio_api/upload"):
            return PlainTextResponse(_both("web.no_upload"), 403)
        free = known or request.url.path == TOOLS or _GRADIO.match(request.url.path)
        return None if free else self._ask_for_a_cookie(request, cookies)

    def _ask_for_a_cookie(self, request: Request, cookies: list[bytes]) -> Response:
        """What a visitor nobody could know again is told; the answer brings a cookie, so that a second try may do."""
        frame = Frame(self.house, language_of(request, self.house.settings))
        text = frame.error(errors.NoCookie())
        if "application/json" in request.headers.get("accept", ""):
            answer = JSONResponse({"verdict": "failed", "text": text}, 403)
            answer.raw_headers += [(b"set-cookie", cookie) for cookie in cookies]
            return answer
        return HTMLResponse(work.draw_sorry(frame, text, frame.say("web.no_cookie_heading")), 403)


def draw_nowhere(frame: Frame) -> str:
    """The page of an address that leads nowhere."""
    return work.draw_sorry(frame, frame.say("web.nowhere"), frame.say("web.nowhere_heading"))


def _is_foreign(request: HTTPConnection) -> bool:
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "cross-site"
    return urlsplit(origin).netloc != request.headers.get("host")


def _both(key: str) -> str:
    return " / ".join(load_texts().say(key, language) for language in LANGUAGES)


def with_plain_cookies(scope: Scope) -> Scope:
    """The same connection, its cookies called as on plain http.

    Over https a cookie's name begins with __Host- or __Secure-, which browsers take from this very site alone; one of
    the same name without that, which a neighbouring site may have set, does not count beside it.
    """
    headers = [(name, value) for name, value in scope["headers"] if name != b"cookie"]
    pairs = [pair.strip() for name, value in scope["headers"] if name == b"cookie" for pair in value.split(b";")]
    sure = {_PREFIX.sub(b"", pair): pair for pair in pairs if _PREFIX.match(pair)}
    names = {pair.partition(b"=")[0] for pair in sure}
    plain = [pair for pair in pairs if not _PREFIX.match(pair) and pair.partition(b"=")[0] not in names]
    if not sure:
        return scope
    return {**scope, "headers": [*headers, (b"cookie", b"; ".join([*plain, *sure]))]}


def cookie_for(request: Request, name: str, value: str) -> bytes:
    """A cookie for over a year that no script reads.

    On https its name begins with __Host-, and it also comes back from inside another site's page, as a Hugging Face
    Space is shown, and is kept apart for each such site (Partitioned); foreign requests are refused by their origin
    instead. Plain http allows Lax only.
    """
    secure = scheme_of(request) == "https"
    site = "SameSite=None; Secure; Partitioned" if secure else "SameSite=Lax"
    return f"{'__Host-' if secure else ''}{name}={value}; Path=/; Max-Age={COOKIE_AGE_S}; HttpOnly; {site}".encode()


class _Answer:
    """An answer on its way out: headers on all, cookies on pages only, and Gradio's HTML put right."""

    def __init__(
        self,
        send: Send,
        cookies: Iterable[bytes],
        language: str | None,
        nowhere: Callable[[], str] | None,
        *,
        secure: bool,
    ) -> None:
        self.secure = secure
        self.send, self.cookies, self.language, self.nowhere = send, list(cookies), language, nowhere
        self.nonce = secrets.token_urlsafe(16)
        self.start: Message | None = None
        self.body = b""
        self.replaced = False

    async def __call__(self, message: Message) -> None:
        if self.replaced:
            return
        if message["type"] == "http.response.start":
            html = any(k == b"content-type" and v.startswith(b"text/html") for k, v in message["headers"])
            if message["status"] == 404 and self.nowhere is not None and not html:  # a page of ours says more itself
                await self._say_nowhere(HTMLResponse(self.nowhere(), 404))
                return
            self._dress(message)
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

    async def _say_nowhere(self, page: HTMLResponse) -> None:
        """Our page in place of the framework's, whose own words are swallowed."""
        self.replaced = True
        start: Message = {"type": "http.response.start", "status": 404, "headers": page.raw_headers}
        self._dress(start)
        await self.send(start)
        await self.send({"type": "http.response.body", "body": page.body})

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
        if self.secure:
            headers.append((b"strict-transport-security", b"max-age=31536000"))
        if html:
            headers += [(b"set-cookie", cookie) for cookie in self.cookies]
            if not any(k == b"cache-control" for k, _ in headers):
                headers.append((b"cache-control", b"no-store"))
        message["headers"] = headers


def _put_right(html: bytes, language: str, nonce: str) -> bytes:
    """Gradio's page in our language, without its own advertisement, its inline scripts allowed by the nonce."""
    html = _HTML_META.sub(b"", html)
    own = language.encode()  # told twice: Gradio's script puts the browser's language in its place (shihua.js)
    html = re.sub(rb"(<html\s+lang=)\"en\"", rb'\1"' + own + b'" data-lang="' + own + b'"', html, count=1)
    html = re.sub(rb"<script(?![^>]*\bsrc=)", b'<script nonce="' + nonce.encode() + b'"', html)
    about = load_texts().say("web.description", language)
    card = f'<meta property="og:title" content="诗画 Shihua"><meta name="description" content="{about}">'
    card += f'<meta property="og:description" content="{about}"><meta property="og:type" content="website">'
    if studio := _STUDIO.search(html):  # Gradio knows one title for all its pages, and sets it by a script
        title = f"{load_texts().say(f'nav.{studio[1].decode()}_word', language)} · 诗画 Shihua"
        html = html.replace('"title":"诗画 Shihua"'.encode(), f'"title":"{title}"'.encode(), 1)
        card = f"<title>{title}</title>{card}"
    return html.replace(b"</head>", card.encode() + b"</head>", 1)
