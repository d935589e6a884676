"""The page of all rooms: those that are open, a way in by a code, and the forms that open one. It only draws."""

from __future__ import annotations

from gallery import errors
from gallery.journeys import rooms
from gallery.journeys.rooms.acts import NAME_LENGTH
from gallery.journeys.rooms.verse import TIMERS
from gallery.pages.frame import Frame
from gallery.pages.room import what
from models.poem_rnn.prosody import FORMS, rhyme_book


def draw(frame: Frame, *, error: errors.GalleryError | None = None, code: str = "") -> str:
    """The whole page, with what was wrong with the last wish, if anything was; raises StoreTrouble."""
    other = "en" if frame.language == "zh" else "zh"
    return frame.draw(
        "rooms.html",
        open=rooms.open_rooms(frame.house),
        what=lambda room: what(frame, room),
        error=None if error is None else frame.error(error),
        code=code,
        forms=[(name, frame.named(name)) for name in FORMS],
        rhymes=rhyme_book().level,
        timers=TIMERS,
        name_length=NAME_LENGTH,
        title=frame.say("rooms.heading"),
        page="rooms",
        here=f"/{other}/rooms",
    )
