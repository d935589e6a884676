"""The stage of an exquisite scroll, for each view: a seat's own part and the last step before it, all of it, or none.

What a view does not show is not handed to the template, so that it cannot be sent by mistake.
"""

from __future__ import annotations

from typing import Any

from gallery.journeys.rooms import mounter, painter, poet
from gallery.journeys.rooms.exquisite import CHOSEN, DEALS, HOUSE, OPEN, ROUNDS, SEATS, Exquisite
from gallery.journeys.rooms.state import Room
from gallery.pages.frame import Frame
from models.recipe import Recipe

PATTERNS = 4


def so_far(frame: Frame, scroll: Exquisite) -> str:
    """How far it is, in a few words."""
    return frame.say("together.steps", done=scroll.step, all=ROUNDS * len(SEATS))


def stage(frame: Frame, room: Room, scroll: Exquisite, view: str) -> dict[str, Any]:
    """What the template is given: how far it is, and the part of that view."""
    at_work = scroll.at_hand == view and not scroll.called and not room.ended
    return {
        "far": {name: getattr(scroll, name) for name in ("turn", "called", "step", "begun", "at_hand", "hung")},
        "revealed": scroll.reveal is not None,
        "view": view,
        "at_work": at_work,
        "so_far": so_far(frame, scroll),
        "status": _status(frame, room, scroll),
        "seats": [(seat, _member(room, scroll.seats.get(seat, HOUSE))) for seat in SEATS],
        "marks": [_mark(room, scroll, n) for n in range(ROUNDS * len(SEATS))],
        "part": _part(frame, room, scroll, view, at_work=at_work),
    }


def _member(room: Room, number: int) -> Any:
    return room.members[number - 1] if number else None


def _mark(room: Room, scroll: Exquisite, n: int) -> dict[str, Any]:
    """One of the twelve steps: its seat, whether it is done, and the colour of who did it."""
    seat = SEATS[n % len(SEATS)]
    done = n < scroll.step
    member = _member(room, scroll.by(n)) if done else None
    return {"seat": seat, "done": done, "at_hand": scroll.begun and n == scroll.step, "member": member}


def _status(frame: Frame, room: Room, scroll: Exquisite) -> str:
    if scroll.reveal:
        return frame.say("together.revealed")
    if scroll.owed:
        return frame.say("together.mounting" if scroll.whole else f"together.house_{scroll.at_hand}")
    if room.ended:
        return frame.say("rooms.over")
    if not scroll.begun:
        return frame.say("together.gathering")
    if scroll.turn == HOUSE:
        return frame.say("together.nobody")
    return frame.say(f"together.turn_{scroll.at_hand}", name=room.named(scroll.turn or 0))


def _part(frame: Frame, room: Room, scroll: Exquisite, view: str, *, at_work: bool) -> dict[str, Any]:
    match view:
        case "painter":
            return _painters(frame, scroll)
        case "poet":
            wanted = poet.patterns(scroll.verse)[:PATTERNS] if at_work else []
            seen = scroll.picks[-1].piece if scroll.picks else None
            return {"seen": seen, "lines": [line.text for line in scroll.lines], "wanted": wanted}
        case "mounter":
            return _mounters(frame, scroll)
        case _ if view == OPEN:
            return _all(frame, room, scroll)
    return {}


def _painters(frame: Frame, scroll: Exquisite) -> dict[str, Any]:
    kept = painter.recipe_of(scroll, scroll.picks[-1].piece) if scroll.picks else None
    deal = len(scroll.deals) - 1
    six = [_called(frame, Recipe.from_json(text), kept) for text in scroll.deals[deal]]
    return {
        "seen": _chosen(frame, scroll)[-1:],
        "kept": scroll.picks[-1].piece if scroll.picks else None,
        "deal": deal,
        "six": [] if len(scroll.picks) == ROUNDS else six,
        "left": DEALS - scroll.dealt,
    }


def _called(frame: Frame, recipe: Recipe, kept: Recipe | None) -> str:
    """What one of the six is to the painting that was chosen last."""
    if recipe == kept:
        return frame.say("together.as_it_is")
    if mood := recipe.inputs.get("mood"):
        return frame.say(f"easel.mood_{mood}")
    return frame.say("together.strays") if kept else ""


def _chosen(frame: Frame, scroll: Exquisite) -> list[tuple[str, str]]:
    """(what, which) of the choices so far, in words."""
    made = zip(CHOSEN, scroll.choices, strict=False)
    return [(frame.say(f"scroll.{what}"), frame.say(f"scroll.{what}_{one.value}")) for what, one in made]


def _mounters(frame: Frame, scroll: Exquisite) -> dict[str, Any]:
    what = CHOSEN[len(scroll.choices)] if len(scroll.choices) < ROUNDS else ""
    return {
        "seen": scroll.lines[-1].text if scroll.lines else "",
        "chosen": _chosen(frame, scroll),
        "what": what,
        "options": [(value, frame.say(f"scroll.{what}_{value}")) for value in mounter.options(scroll)],
    }


def _all(frame: Frame, room: Room, scroll: Exquisite) -> dict[str, Any]:
    """Round by round what everybody did, and the scroll once it is mounted."""
    chosen = _chosen(frame, scroll)
    return {
        "layout": mounter.layout_of(scroll) if scroll.reveal else None,
        "verse": [line.text for line in scroll.lines],
        "rounds": [
            {
                "pick": scroll.picks[n] if n < len(scroll.picks) else None,
                "line": scroll.lines[n] if n < len(scroll.lines) else None,
                "choice": (*chosen[n], scroll.choices[n].by) if n < len(chosen) else None,
            }
            for n in range(min(ROUNDS, len(scroll.picks)))
        ],
        "member": lambda number: _member(room, number),
    }
