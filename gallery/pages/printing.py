"""Printing and exporting, on the desk: what is being written and how far it is, what is ready, and how to fetch it.

While something is being written the page comes again by itself, without a script.
"""

from __future__ import annotations

from gallery import errors
from gallery.journeys.accounts import Curator
from gallery.journeys.press import Press, Printed
from gallery.pages.desk import Told, draw_desk, moment
from gallery.pages.frame import Frame
from gallery.pages.work import draw_sorry as draw_missing


def draw(frame: Frame, curator: Curator, press: Press, *, told: Told | None = None) -> str:
    """The page of exports. Raises StoreTrouble."""
    running = press.running(curator)
    if running is not None and running.refused is not None:
        told = told if told and told.text else Told(frame.error(running.refused), bad=True)
    return draw_desk(
        frame,
        "desk-exports.html",
        curator,
        here="desk/exports",
        title=frame.say("exports.heading"),
        running=running if running is not None and running.writing else None,
        ready=press.ready(curator),
        size=size,
        moment=moment,
        verdicts=lambda one: _verdicts(frame, one),
        told=told or Told(),
    )


def _verdicts(frame: Frame, one: Printed) -> str:
    """What came of works that were made again: "40 identical, 2 different"."""
    return frame.say("exports.list_comma").join(
        frame.say(f"exports.verdict_{name}", count=count) for name, count in one.verdicts.items()
    )


def draw_sorry(frame: Frame, error: errors.GalleryError) -> str:
    """A page that says why there is nothing to fetch."""
    return draw_missing(frame, frame.error(error), frame.say("exports.heading"))


def size(count: int) -> str:
    """Bytes as people read them.

    >>> size(999), size(16_169_399)
    ('1 kB', '16.2 MB')
    """
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{max(1, round(count / 1e3))} kB"
