"""The Compare page 比照: two to four works side by side, and under them what of their recipes differs."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from gallery.journeys import compare
from gallery.journeys.compare import Comparison, Row
from gallery.pages.frame import Frame
from gallery.pages.work import called, describe, value_of
from gallery.texts import load_texts
from gallery.visitors import Visitor

ASKED = ("label", "form", "rhyme", "keywords", "title", "manner", "mood")
FEW = 6  # names of what differs that fit a sentence


def draw(frame: Frame, asked: Sequence[str], visitor: Visitor) -> str:
    """The page as HTML. Raises GalleryError."""
    found = compare.look(frame.house, asked, visitor)
    differing = [(call(frame, row, found), shown(frame, row)) for row in found.rows if not row.same]
    numbers = ",".join(str(view.work.id) for view in found.views)
    return frame.draw(
        "compare.html",
        views=[(view.work, describe(frame, view)) for view in found.views],
        told=_told(frame, [name for name, _ in differing]) if found.comparable else frame.say("compare.told_kinds"),
        differing=differing if found.comparable else (),
        alike=[(call(frame, row, found), shown(frame, row)[0]) for row in found.rows if row.same],
        title=frame.say("compare.heading"),
        page="compare",
        here=f"/{'en' if frame.language == 'zh' else 'zh'}/compare?{urlencode({'ids': numbers})}",
    )


def _told(frame: Frame, names: Sequence[str]) -> str:
    """In one sentence, what differs, or in how much."""
    if not names:
        return frame.say("compare.told_same")
    if len(names) > FEW:
        return frame.say("compare.told_many", count=len(names))
    return frame.say("compare.told", names=frame.say("credits.and").join(names))


def call(frame: Frame, row: Row, among: Comparison) -> str:
    """The name of a value in this language, or as the recipe calls it; with its part where there are several."""
    name = called(frame, row.name)
    several = len({one.part for one in among.rows}) > 1
    return f"{frame.say(f'compare.{row.part}')} · {name}" if several else name


def shown(frame: Frame, row: Row) -> list[str]:
    """Its values in this language, where they have a name in it."""
    mood, choice = row.name == "mood", row.part == "mount"
    rooms = ["easel.mood_"] if mood else [f"scroll.{row.name}_"] if choice else []
    named = [next((frame.say(r + v) for r in rooms if load_texts().has(r + v)), v) for v in row.values]
    return [frame.named(value) if row.name in ASKED else value_of(value) for value in named]
