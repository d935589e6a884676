"""Opening the site: the door, the engine, the first wall, the server; and closing it without breaking anything off.

Told to stop (SIGTERM, or Ctrl-C once), the gallery begins nothing new, says so, goes on answering, and finishes what is
being made, for as long as the settings allow. Rooms need nothing: what has happened in them is in the database.
"""

from __future__ import annotations

import asyncio
import errno
import gc
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from gallery import errors
from gallery.journeys import House, alike, first_scrolls, first_show, first_wall, keep, open_house, preserve, say, taste
from gallery.settings import Settings
from gallery.texts import load_texts
from gallery.web import build_app, heap
from models.engine import Engine, Status

_PORT_TROUBLE = {errno.EADDRINUSE, errno.EACCES}
# A room sends one text to hundreds of screens; deflated, it would be computed for each of them anew.
SOCKETS: dict[str, Any] = {"ws_max_size": 16 * 1024, "ws_per_message_deflate": False}
CHORES = (
    preserve.back_up_now_and_then,
    keep.tidy_now_and_then,
    alike.catch_up,
    taste.learn_now_and_then,
    heap.tidy_now_and_then,
)
KEEP_ALIVE_S = 75  # longer than browsers' pauses and a proxy's patience (60): who closes first may lose a request


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
    heap.leave_no_holes()  # before there are threads, whose arenas would stay
    gc.freeze()  # what has been imported stays, and need not be gone through again and again
    gc.enable()
    texts = load_texts()
    try:
        door = _bind(settings)
    except (OSError, UnicodeError) as error:
        print(_no_door(settings, error), file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # uvicorn raises it again once it has shut down
    engine = Engine(devices=(settings.device,), queue_size=settings.queue_size)
    alone = _alone_with_a_fresh_key(settings)
    with suppress(KeyboardInterrupt), door, alone, engine, closing(open_house(settings, engine)) as house:
        if settings.seed_wall:
            _hang_first_wall(house)
        app = build_app(house)
        engine.wake()  # not before: on few cores it would hold up the first page
        for chore in CHORES:
            _in_the_background(chore, settings)
        config = server_of(settings, app)
        print(texts.say("cli.open", settings.language, url=f"http://{settings.host}:{settings.port}/"), flush=True)
        Server(config, engine, settings.stop_s).run(sockets=[door])
    return 0


@contextmanager
def _alone_with_a_fresh_key(settings: Settings) -> Iterator[None]:
    with keep.alone(settings):
        keep.renew_secret(settings, time.time())
        yield


class Server(uvicorn.Server):
    """Told to stop, it goes on answering until what is being made is ready, for `patience_s` at most.

    A second Ctrl-C ends it at once.
    """

    def __init__(self, config: uvicorn.Config, engine: Engine, patience_s: float) -> None:
        super().__init__(config)
        self._engine, self.patience_s = engine, patience_s

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Takes nothing new, finishes, then closes."""
        self._engine.drain()
        until = time.monotonic() + self.patience_s
        while time.monotonic() < until and not self.force_exit and _busy(self._engine.status()):  # noqa: ASYNC110
            await asyncio.sleep(0.1)  # the engine works in threads and knows no event loop
        await super().shutdown(sockets)


def _busy(now: Status) -> bool:
    return bool(now.waiting or now.running)


def server_of(settings: Settings, app: ASGIApp) -> uvicorn.Config:
    """How the site is served, and whose word is taken on where a visitor comes from."""
    times: dict[str, Any] = {"timeout_graceful_shutdown": 5, "timeout_keep_alive": KEEP_ALIVE_S}
    trusted = settings.trusted_proxies
    return uvicorn.Config(app, log_level="warning", forwarded_allow_ips=trusted, **times, **SOCKETS)


def _in_the_background(work: Callable[[Settings, threading.Event], None], settings: Settings) -> None:
    stop = threading.Event()  # never set: what is cut short leaves nothing by halves
    threading.Thread(target=work, args=(settings, stop), daemon=True).start()


def _hang_first_wall(house: House) -> None:
    def show(done: int, total: int) -> None:
        text = load_texts().say("seeding.progress", house.settings.language, done=done, total=total)
        print(f"\r{text}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    try:
        first_wall.seed_wall(house, progress=show)
        first_scrolls.seed_scrolls(house)
        first_show.open_first_show(house)
    except errors.EngineTrouble as error:
        print(say(error, house.settings.language), file=sys.stderr)
