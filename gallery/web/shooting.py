"""The making of a breeding room's film while its screens look on: one at a time a room, in a thread of its own.

How far it is goes to all screens of the room. When the last of them has gone, it is broken off. The film itself is
journeys/rooms/filming.py's.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import closing

from gallery import errors
from gallery.journeys import House
from gallery.journeys.rooms import filming, messages
from gallery.journeys.rooms.brood import Brood
from gallery.journeys.rooms.state import Room
from gallery.journeys.shoot import Painted
from gallery.visitors import Visitor

TELL_EVERY_S = 0.4


def message(say: str, **values: object) -> str:
    """One message to a screen, as it is sent."""
    return json.dumps({"v": messages.VERSION, "say": say, **values}, ensure_ascii=False, separators=(",", ":"))


class Shooting:
    """The film of one room. shout: sends a text to all its screens; watched: whether there are any."""

    def __init__(self, house: House, shout: Callable[[str], None], watched: Callable[[], bool]) -> None:
        self._house, self._shout, self._watched = house, shout, watched
        self._job: asyncio.Task[None] | None = None
        self._far = (0, 0)

    @property
    def busy(self) -> bool:
        """Whether it is being made."""
        return self._job is not None and not self._job.done()

    def told(self, room: Room) -> str:
        """How far it is, as a message to a screen."""
        done, total = self._far if self.busy else (0, 0)
        ready = not self.busy and filming.shot(self._house, room) is not None
        return message("film", rolling=self.busy, done=done, total=total, ready=ready)

    def begin(self, room: Room, brood: Brood, visitor: Visitor, note: Callable[[errors.GalleryError], None]) -> None:
        """Makes it, unless it is being made or is there; note: tells all screens why it cannot be made now."""
        if not self.busy and filming.shot(self._house, room) is None:
            self._far = (0, 0)
            self._job = asyncio.create_task(self._make(room, brood, visitor, note))
        self._shout(self.told(room))

    async def _make(
        self, room: Room, brood: Brood, visitor: Visitor, note: Callable[[errors.GalleryError], None]
    ) -> None:
        loop = asyncio.get_running_loop()
        try:
            await asyncio.to_thread(self._roll, room, brood, visitor, loop)
        except errors.GalleryError as error:
            note(error)
        finally:
            self._job = None
            self._shout(self.told(room))

    def _roll(self, room: Room, brood: Brood, visitor: Visitor, loop: asyncio.AbstractEventLoop) -> None:
        """Runs in a thread; closing the iterator takes back what still waits in the queue."""
        shown = 0.0
        with closing(filming.roll(self._house, room, brood, visitor)) as news:
            for item in news:
                if not self._watched():
                    return
                if isinstance(item, Painted):
                    self._far = (item.done, item.total)
                if time.monotonic() - shown > TELL_EVERY_S:
                    shown = time.monotonic()
                    loop.call_soon_threadsafe(self._shout, self.told(room))
