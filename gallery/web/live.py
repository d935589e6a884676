"""The live socket, `/live/<code>`: one WebSocket a tab, through which a room is watched and played.

Gradio's events poll; a socket of our own carries an act to fifty screens in a tenth of the time. The guard has checked
where it comes from and who is there (guard.py). Tables are laid when the first screen asks for a room and cleared when
the last has gone. Messages: gallery.journeys.rooms.messages.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

from gallery import errors
from gallery.journeys import House, rooms
from gallery.pages.frame import Frame
from gallery.texts import LANGUAGES
from gallery.web.shooting import message
from gallery.web.table import Screen, Table

TICK_S = 0.5
MOST_SCREENS = 400  # in one room
MOST_OF_ONE = 12  # of one visitor in one room
GONE, FULL, BEHIND = 4404, 4429, 4408  # why a socket is closed
_log = logging.getLogger(__name__)


class Hall:
    """All rooms in which somebody is, of one house."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._tables: dict[str, Table] = {}
        self._laying = asyncio.Lock()
        self._ticking: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def at(self, code: object) -> AsyncIterator[Table]:
        """A place at the table of that room, which is laid if it is not; raises NoSuchRoom, StoreTrouble."""
        name = rooms.plain_code(code)
        async with self._laying:
            if name not in self._tables:
                before, happened = await asyncio.to_thread(rooms.history, self.house, name)
                self._tables[name] = Table(self.house, before, happened)
            table = self._tables[name]
            table.guests += 1
            if self._ticking is None or self._ticking.done():
                self._ticking = asyncio.create_task(self._tick())
        try:
            yield table
        finally:
            table.guests -= 1

    async def _tick(self) -> None:
        """Time passes at all tables until the last is cleared."""
        while self._tables:
            await asyncio.sleep(TICK_S)
            done = await asyncio.gather(*(table.tick() for table in self._tables.values()), return_exceptions=True)
            for error in filter(None, done):
                _log.error("a table has missed a tick", exc_info=error)
            async with self._laying:
                for code in [code for code, table in self._tables.items() if table.idle]:
                    del self._tables[code]


def add_live_route(app: FastAPI, hall: Hall) -> None:
    """The socket."""

    @app.websocket("/live/{code}")
    async def live(socket: WebSocket, code: str, language: str = "", seen: str = "") -> None:
        house = hall.house
        spoken = language if language in LANGUAGES else house.settings.language
        screen = Screen(socket.state.visitor, socket.state.known, spoken)
        await socket.accept()
        try:
            async with hall.at(code) as table:
                _check_room(table, screen)
                await table.enter(screen, int(seen) if re.fullmatch("[0-9]{1,9}", seen) else 0)
                await _converse(socket, table, screen)
        except errors.GalleryError as error:
            await socket.send_text(message("refused", id="", text=Frame(house, spoken).error(error)))
            await socket.close(GONE if isinstance(error, errors.NotThere) else FULL)


def _check_room(table: Table, screen: Screen) -> None:
    if len(table.screens) >= MOST_SCREENS:
        raise errors.TooManyScreens(MOST_SCREENS)
    if sum(one.visitor == screen.visitor for one in table.screens) >= MOST_OF_ONE:
        raise errors.TooManyScreens(MOST_OF_ONE)


async def _converse(socket: WebSocket, table: Table, screen: Screen) -> None:
    """Carries messages both ways until one side ends it."""
    sending = asyncio.create_task(_send(socket, screen))
    try:
        while (got := await socket.receive())["type"] == "websocket.receive":
            await table.take(screen, got.get("text") or "")
    finally:
        table.leave(screen)
        sending.cancel()
        with suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await sending


async def _send(socket: WebSocket, screen: Screen) -> None:
    """Empties the outbox; a screen that is too far behind finds None in it and is closed, to come back."""
    while (text := await screen.outbox.get()) is not None:
        await socket.send_text(text)
    await socket.close(BEHIND)
