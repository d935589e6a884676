"""What Gradio's queue remembers of events that are over: nothing.

Gradio keeps of every event (a press of a button) a row of statistics, 10,000 in each language, and after each event
puts all of them into a table of pandas' anew, for a monitor that this house does not open: 45 ms of a processor and two
megabytes here and there, at every press. It keeps the number of every page that ever pressed a button, for good; and
of a page that was closed, or never listened, what it has not read (glimpses of works, in pictures), for 2,000 pages.
Here there are no statistics, and of a page is known what is under way or has still to be read; what nobody has come for
within UNREAD_S, nobody comes for. Seen in Gradio 6.31: `gradio/queueing.py`, and `sse_stream` of `gradio/routes.py`.
"""

from __future__ import annotations

import time
from asyncio import Queue as Letterbox
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from gradio.blocks import Blocks
from gradio.queueing import Queue

MOST = 2000  # pages with something under way or unread, in one language, as Gradio has it
UNREAD_S = 300.0  # longer than a slow line takes to read what it was sent


class Letters(Letterbox[Any]):
    """What one page has still to read; `last` is when something was put in."""

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock, self.last = clock, clock()

    def _put(self, item: Any) -> None:
        self.last = self._clock()
        super()._put(item)


class Letterboxes(OrderedDict[str, Letters]):
    """Those of all pages of a language, by session. `queue` tells which events are under way."""

    def __init__(self, queue: Queue, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._queue, self._clock = queue, clock

    def __setitem__(self, session: str, _: object) -> None:
        """Puts one up for a page that has none, and takes down those that nobody needs."""
        for name in [name for name, letters in self.items() if self._is_over(name, letters)]:
            del self[name]
        while len(self) >= MOST:
            del self[next(iter(self))]
        super().__setitem__(session, Letters(self._clock))

    def __delitem__(self, session: str) -> None:
        """Takes one down, and what its page had asked for is forgotten (which Gradio leaves when a page is closed)."""
        super().__delitem__(session)
        self._queue.pending_event_ids_session.pop(session, None)

    def _is_over(self, session: str, letters: Letters) -> bool:
        """Whether all that the page asked for has been told; or else is done, and has long been left unread."""
        events = self._queue.pending_event_ids_session.get(session, ())
        if not events and letters.empty():
            return True
        under_way = any(event in self._queue.event_ids_to_events for event in events)
        return not under_way and self._clock() - letters.last > UNREAD_S


def forget_events(blocks: Blocks) -> None:
    """Lets Gradio's queue for these pages remember no more than it has to."""
    queue = blocks._queue
    queue.ANALYTICS_MAX_EVENTS = 0
    queue.pending_messages_per_session = Letterboxes(queue)
