"""The page of all rooms: those that are open, a way in by a code, and the forms that open one. It only draws."""

from __future__ import annotations

from gallery import errors
from gallery.journeys import descend, rooms
from gallery.journeys.rooms.acts import NAME_LENGTH
from gallery.pages.frame import Frame
from gallery.pages.room import so_far, what
from models.poem_rnn.prosody import FORMS, rhyme_book


def draw(frame: Frame, *, error: errors.GalleryError | None = None, code: str = "", work: str = "") -> str:
    """The whole page, with what was wrong with the last wish, if anything was; `work` is the number of a painting or
    scroll whose children are to be bred. Raises NoSuchWork, NotAPainting, OtherWeights, StoreTrouble.
    """
    other = "en" if frame.language == "zh" else "zh"
    return frame.draw(
        "rooms.html",
        open=rooms.open_rooms(frame.house),
        what=lambda room: what(frame, room),
        so_far=lambda room: so_far(frame, room),
        parent=descend.painting_of(frame.house, work)[0] if work else None,
        subjects=[(name, frame.named(name)) for name in frame.house.subjects()],
        error=None if error is None else frame.error(error),
        code=code,
        forms=[(name, frame.named(name)) for name in FORMS],
        quatrains=[(name, frame.named(name)) for name in rooms.QUATRAINS],
        rhymes=rhyme_book().level,
        timers=rooms.TIMERS,
        name_length=NAME_LENGTH,
        title=frame.say("rooms.heading"),
        page="rooms",
        here=f"/{other}/rooms",
    )
