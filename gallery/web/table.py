"""A room while somebody is there: its screens, what they see, whose time runs, and what the house is busy with.

All of it lives in the event loop; journeys and drawing run in threads, one at a time a room, so that what is sent is in
the order of the events. What has happened is drawn once for each language, and where not all see the same for each seat
too, and sent as the same text to every such screen. A screen that cannot keep up is let go: it comes back and asks for
what it missed. Nothing here outlives the process; the events do (gallery.journeys.rooms).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from db import WorkRecord
from gallery import errors
from gallery.journeys import House, rooms
from gallery.journeys.rooms import filming, messages
from gallery.journeys.rooms.brood import Film, Piece
from gallery.journeys.rooms.state import Event, Game, Room, fold
from gallery.pages import room as page
from gallery.pages.frame import Frame
from gallery.texts import LANGUAGES
from gallery.visitors import Pace, Visitor
from gallery.web.shooting import Shooting, message

OUTBOX = 64  # messages that a screen may be behind
Sight = tuple[str, str]  # a language, and what is seen (`Room.view_of`)
MOST_SCENES = 64  # drawn and kept until something happens
RETRY_S = 5.0


@dataclass(eq=False)
class Screen:
    """One tab that looks at a room; `known` when its visitor would be known again and so may take a seat."""

    visitor: Visitor
    known: bool
    language: str
    outbox: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(OUTBOX))
    pace: Pace = field(default_factory=lambda: Pace(per_s=8, burst=24))

    def send(self, text: str) -> None:
        """Puts a message on its way; a screen that is too far behind is let go."""
        try:
            self.outbox.put_nowait(text)
        except asyncio.QueueFull:
            with suppress(asyncio.QueueEmpty):
                self.outbox.get_nowait()
            self.outbox.put_nowait(None)


class Table:
    """A room with its screens; see the head of this file."""

    def __init__(self, house: House, before: Room, happened: Sequence[Event]) -> None:
        self.house = house
        self.room = fold(before, happened)
        self.screens: set[Screen] = set()
        self.guests = 0  # who keep it laid
        self.lock = asyncio.Lock()
        self._frames = {language: Frame(house, language) for language in LANGUAGES}
        self._before, self._happened = before, list(happened)
        self._entries: dict[str, list[tuple[int, str]]] = {}
        self._scenes: dict[tuple[Sight, int], dict[str, Any]] = {}
        self._talk: dict[Visitor, Pace] = {}
        self._clock = Clock(self.room.game.wait)
        self._job: asyncio.Task[None] | None = None
        self._rest_until = 0.0
        self._seen = ""
        self._shooting = Shooting(house, self._shout, lambda: bool(self.screens))

    # who is here

    async def enter(self, screen: Screen, seen: int) -> None:
        """Lets a screen in and shows it how things stand, with all that happened after the event `seen`."""
        async with self.lock:
            scene = await asyncio.to_thread(self._scene_since, self._sight(screen, self.room), seen)
            self.screens.add(screen)
            self._greet(screen)
            screen.send(message("scene", **scene, left=self._clock.left(self.room.game)))
            screen.send(self._shooting.told(self.room))

    def _sight(self, screen: Screen, room: Room) -> Sight:
        return screen.language, room.view_of(screen.visitor.id)

    def _greet(self, screen: Screen) -> None:
        member = self.room.member(screen.visitor.id)
        seated = member is not None and member.seated
        screen.send(
            message(
                "you",
                member=member.number if member else 0,
                seated=seated,
                owner=self.room.owner == screen.visitor.id,
                known=screen.known,
            )
        )

    def leave(self, screen: Screen) -> None:
        """Forgets a screen whose connection is gone."""
        self.screens.discard(screen)

    @property
    def present(self) -> frozenset[int]:
        """The members who have the room on a screen."""
        here = {screen.visitor.id for screen in self.screens}
        return frozenset(one.number for one in self.room.members if one.seated and one.visitor in here)

    # what they do

    async def take(self, screen: Screen, text: str) -> None:
        """Does what a screen asks, or tells it in a sentence why not; the room goes on in either case."""
        frame = self._frames[screen.language]
        try:
            action = self._read(screen, text)
            if isinstance(action, messages.Check):
                view = self.room.view_of(screen.visitor.id)
                html = await asyncio.to_thread(page.draw_check, frame, self.room, action.text, view)
                screen.send(message("checked", id=action.id, html=html))
                return
            if isinstance(action, messages.Film):
                await self._film(screen, action)
                return
            async with self.lock:
                await self._tell(await asyncio.to_thread(rooms.act, self.house, self.room, screen.visitor, action))
            if isinstance(action, messages.Join | messages.Leave):
                for other in [one for one in self.screens if one.visitor == screen.visitor]:
                    self._greet(other)
            screen.send(message("done", id=action.id, seq=self.room.seq))
        except errors.GalleryError as error:
            screen.send(message("refused", id=messages.id_of(text), text=frame.error(error)))

    def _read(self, screen: Screen, text: str) -> messages.Action:
        if not screen.pace.allows():
            raise errors.TooFast()
        action = messages.read(text, room=self.room.code)
        if not screen.known and not isinstance(action, messages.Check):
            raise errors.NoCookie()
        if isinstance(action, messages.Say) and self.room.member(screen.visitor.id):
            pace = self._talk.setdefault(screen.visitor, Pace(per_s=0.8, burst=5))
            if not pace.allows():
                raise errors.TooFast()
        return action

    async def _film(self, screen: Screen, action: messages.Film) -> None:
        """Begins to make the film, unless it is being made or is there; all screens see how far it is."""
        brood = filming.check(self.room, screen.visitor)
        screen.send(message("done", id=action.id, seq=self.room.seq))
        self._shooting.begin(self.room, brood, screen.visitor, self._note)

    async def keep(self, visitor: Visitor, title: str, signature: str, piece: Piece | Film | None) -> WorkRecord:
        """Hangs what the room has made, the poem, the scroll, that picture or the film; raises as `rooms.keep`."""
        news, work = await asyncio.to_thread(rooms.keep, self.house, self.room, visitor, title, signature, piece)
        async with self.lock:
            await self._tell(news)
        return work

    # what they see

    async def _tell(self, news: Sequence[Event]) -> None:
        """Moves on by these events and shows them to everybody; the lock is held."""
        news = [event for event in news if event.seq > self.room.seq]
        if not news:
            return
        before, now = self.room, fold(self.room, news)
        sights = {self._sight(screen, now) for screen in self.screens}
        drawn = await asyncio.to_thread(self._draw_news, before, news, sights)
        self.room = now
        self._happened += news
        self._scenes.clear()
        self._clock.follow(self.room.game.wait)
        left = self._clock.left(self.room.game)
        texts = {sight: message("scene", **scene, left=left) for sight, scene in drawn.items()}
        for screen in self.screens:
            screen.send(texts[self._sight(screen, now)])

    def _draw_news(self, before: Room, news: Sequence[Event], sights: set[Sight]) -> dict[Sight, dict[str, Any]]:
        now, fresh = fold(before, news), dict[str, list[str]]()
        languages = {language for language, _ in sights}
        for gone in set(self._entries) - languages:
            del self._entries[gone]  # drawn anew, and whole, for whoever comes next
        for language in languages:
            entries = self._entries_of(language)
            entries += page.draw_entries(self._frames[language], before, news)
            fresh[language] = [html for seq, html in entries if seq > before.seq]
        return {
            (language, view): {
                "seq": now.seq,
                "entries": fresh[language],
                **page.draw_news(self._frames[language], now, news, view),
            }
            for language, view in sights
        }

    def _entries_of(self, language: str) -> list[tuple[int, str]]:
        """What the log says in a language, event by event; drawn when the first screen asks for it."""
        if language not in self._entries:
            self._entries[language] = page.draw_entries(self._frames[language], self._before, self._happened)
        return self._entries[language]

    def _scene_since(self, sight: Sight, seen: int) -> dict[str, Any]:
        """How things stand, and what has happened after `seen`; the same for all who ask at once, as after a break."""
        key, (language, view) = (sight, seen), sight
        if len(self._scenes) >= MOST_SCENES:
            self._scenes.clear()
        if key not in self._scenes:
            entries = [html for seq, html in self._entries_of(language) if seq > seen]
            stage = page.draw_scene(self._frames[language], self.room, view)
            self._scenes[key] = {"seq": self.room.seq, "entries": entries, **stage}
        return self._scenes[key]

    # what time does

    async def tick(self) -> None:
        """Called twice a second: who is here, whose time has run out, and what the house owes."""
        self._show_presence()
        hurry = self.room.game.hurry(self.present) if self._clock.wait is not None else None
        if self._clock.hurry(hurry):
            self._shout(message("clock", left=self._clock.left(self.room.game)))
        if self._clock.is_out(self.room.game) and not self._busy:
            wait = self._clock.wait  # what has run out, and not what the room may wait for by the time it is its turn
            await self._happen(lambda: rooms.time_out(self.house, self.room, wait))
        elif self.house.now_ms() - self.room.at_ms > rooms.IDLE_S * 1000 and not self.room.ended:
            await self._happen(lambda: rooms.end_if_idle(self.house, self.room))
        if self.room.game.owed and not self._busy and time.monotonic() >= self._rest_until:
            self._job = asyncio.create_task(self._pay())

    @property
    def _busy(self) -> bool:
        return self._job is not None and not self._job.done()

    @property
    def idle(self) -> bool:
        """Whether nobody is here and nothing is under way."""
        return not self.guests and not self._busy and not self._shooting.busy

    def _show_presence(self) -> None:
        members = sorted(self.present)
        watching = len({one.visitor for one in self.screens} - {Visitor(one.visitor) for one in self.room.members})
        text = message("present", members=members, watching=watching)
        if text != self._seen:
            self._seen = text
            self._shout(text)

    def _shout(self, text: str) -> None:
        for screen in self.screens:
            screen.send(text)

    async def _happen(self, work: Callable[[], list[Event]]) -> None:
        """Lets something happen that nobody has asked for; the database may be busy, and then it is tried again."""
        async with self.lock:
            with suppress(errors.StoreTrouble):
                await self._tell(await asyncio.to_thread(work))

    async def _pay(self) -> None:
        """Makes what the house owes; when that cannot be now, says so and tries again a little later."""
        debt = self.room.game.owed
        try:
            payment = await rooms.pay(self.house, self.room)
            async with self.lock:
                await self._tell(await asyncio.to_thread(rooms.settle, self.house, self.room, debt, payment))
        except errors.GalleryError as error:
            self._rest_until = time.monotonic() + RETRY_S
            self._note(error)

    def _note(self, error: errors.GalleryError) -> None:
        for screen in self.screens:
            screen.send(message("note", text=self._frames[screen.language].error(error)))


class Clock:
    """How long a room waits for what it waits for; it runs only while somebody is there."""

    def __init__(self, wait: object) -> None:
        self.wait = wait
        self._began = time.monotonic()
        self._hurried: tuple[float, float] | None = None  # since when, and how long from then

    def follow(self, wait: object) -> None:
        """Begins anew when the room waits for something else."""
        if wait != self.wait:
            self.wait, self._began, self._hurried = wait, time.monotonic(), None

    def hurry(self, seconds: float | None) -> bool:
        """From now on there are only so many seconds left, or, for None, as many as ever; says whether that is new."""
        if (seconds is None) == (self._hurried is None):
            return False
        self._hurried = None if seconds is None else (time.monotonic(), seconds)
        return True

    def left(self, game: Game) -> float | None:
        """Seconds left, None when the room waits for nothing."""
        if self.wait is None:
            return None
        until = self._began + game.timer_s
        if self._hurried is not None:
            until = min(until, sum(self._hurried))
        return round(max(0.0, until - time.monotonic()), 1)

    def is_out(self, game: Game) -> bool:
        """Whether the time has run out."""
        return self.left(game) == 0.0
