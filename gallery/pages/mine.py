"""Mine 我的: a work that its maker has taken down, as only its maker sees it, with the way back; the others are listed
above one's own works on the wall."""

from __future__ import annotations

from db import Taken
from gallery.journeys import trash
from gallery.pages.frame import Frame, day


def draw(frame: Frame, taken: Taken) -> str:
    """The page in place of the work's own."""
    return frame.draw(
        "taken.html",
        taken=taken,
        until=day(trash.last_ms(taken)),
        title=taken.title,
        page="work",
        here=f"/language/{'en' if frame.language == 'zh' else 'zh'}?next=/work/{taken.id}",
    )
