"""The page of one live room, whole and in the parts that the socket sends: the stage, the people, the log.

All of it is drawn here, on the server, once for each language; what differs from screen to screen (whose turn it is,
who may close the room) the page's script only shows or hides. What somebody is not to see is not drawn for them: `view`
says what they see (`Room.view_of`), the page itself is drawn as for somebody who looks on. The same drawing serves
whoever watches a room again; a scroll that is not revealed is closed to them too.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from gallery.journeys.create import SIGNATURE_LENGTH
from gallery.journeys.rooms import poet
from gallery.journeys.rooms.brood import CHILDREN, Brood
from gallery.journeys.rooms.exquisite import CLOSED, OPEN, Exquisite
from gallery.journeys.rooms.state import Event, Member, Room, fold
from gallery.journeys.rooms.verse import POET, Verse
from gallery.pages import exquisite
from gallery.pages.check import tell
from gallery.pages.frame import Frame
from models.poem_rnn.prosody import rhyme_book

_SILENT = {"said"}  # happenings that only the log shows
_STEPS = {"line", "voted", "bred", "painted", "wrote", "mounted"}
STAGED = {"started", "called", "finished", "ended"} | _STEPS  # those worth a step of a replay
PATTERNS = 4


def draw(frame: Frame, before: Room, happened: Sequence[Event], origin: str) -> str:
    """The whole page of a room as it is now."""
    room = fold(before, happened)
    return frame.draw(
        "room.html",
        told=_told(before, happened),
        stepped=bool(_steps(happened)),
        address=f"{origin}/r/{room.code}",
        **_stage(frame, room, room.view_of("")),
        **_head(frame, room),
    )


def _head(frame: Frame, room: Room) -> dict[str, Any]:
    other = "en" if frame.language == "zh" else "zh"
    title = frame.say("rooms.title", kind=frame.say(f"rooms.kind_{room.game.kind}"), what=what(frame, room))
    return {"title": title, "page": "rooms", "here": f"/{other}/rooms/{room.code}"}


def what(frame: Frame, room: Room) -> str:
    """What is made in the room."""
    match room.game:
        case Verse(form=form):
            return frame.named(form)
        case Brood(subject=subject):
            return frame.named(subject)
        case Exquisite(form=form, subject=subject):
            return f"{frame.named(subject)} · {frame.named(form)}"


def so_far(frame: Frame, room: Room) -> str:
    """How far the room has come, in a few words."""
    if isinstance(room.game, Brood):
        return frame.say("rooms.generation", number=len(room.game.generations))
    if isinstance(room.game, Exquisite):
        return exquisite.so_far(frame, room.game)
    if not room.game.lines:
        return frame.say("rooms.not_begun")
    return frame.say("rooms.lines", done=len(room.game.lines), all=room.game.count)


def draw_scene(frame: Frame, room: Room, view: str) -> dict[str, Any]:
    """The stage as that view has it, and the people, as HTML."""
    shown = _stage(frame, room, view)
    return {"stage": frame.draw(shown["stage"], **shown), "people": frame.draw("people.html", room=room)}


def _stage(frame: Frame, room: Room, view: str) -> dict[str, Any]:
    """What the stage shows, and the template that shows it."""
    match room.game:
        case Verse() as verse:
            return {"room": room, "stage": "linked.html", **_verse(frame, room, verse)}
        case Brood() as brood:
            return {"room": room, "stage": "brood.html", **_brood(frame, room, brood)}
        case Exquisite() as scroll:
            return {"room": room, "stage": "exquisite.html", **exquisite.stage(frame, room, scroll, view)}


def draw_news(frame: Frame, room: Room, news: Sequence[Event], view: str) -> dict[str, Any]:
    """What of the scene these events have changed; nothing after mere talk."""
    return {} if all(event.kind in _SILENT for event in news) else draw_scene(frame, room, view)


def draw_entries(frame: Frame, before: Room, happened: Sequence[Event]) -> list[tuple[int, str]]:
    """What the log says of each event, with its number; some have nothing to say."""
    told = _told(before, happened)
    drawn = [(event.seq, frame.draw("entry.html", event=event, room=room, member=who)) for event, room, who in told]
    return [(seq, html.strip()) for seq, html in drawn if html.strip()]


def _told(before: Room, happened: Sequence[Event]) -> list[tuple[Event, Room, Member | None]]:
    """Each event with the room after it and the member who did it, if one did."""
    rooms = accumulate(happened, lambda room, event: fold(room, [event]), initial=before)
    return [(event, room, room.member(event.visitor)) for event, room in zip(happened, list(rooms)[1:], strict=True)]


def draw_check(frame: Frame, room: Room, typed: str, view: str) -> str:
    """What the rules say of a line that is being typed, and what they want of it; nothing to who must not know those
    before it."""
    game = room.game
    verse = game if isinstance(game, Verse) else game.verse if isinstance(game, Exquisite) and view == "poet" else None
    reading = None if verse is None or verse.whole else poet.reading(verse, typed)
    last = 0 if reading is None else len(reading.lines)
    faults = [] if reading is None else [one for one in reading.faults if one.line == last and one.rule != "shape"]
    return frame.draw(
        "linecheck.html",
        glyphs=() if reading is None else reading.lines[-1].glyphs,
        wrong={column for one in faults for column in one.columns},
        faults=[tell(frame, one) for one in faults],
    )


def _verse(frame: Frame, room: Room, verse: Verse) -> dict[str, Any]:
    return {
        "verse": verse,
        "columns": [_column(verse, n) for n in range(verse.count)],
        "status": _status(frame, room, verse),
        "wanted": [] if verse.whole else poet.patterns(verse)[:PATTERNS],
        "signature": _signature(room, verse),
        "POET": POET,
    }


def _signature(room: Room, verse: Verse) -> str:
    """Names of those who wrote a line, as many as fit a signature."""
    wrote = {line.by for line in verse.lines}
    names = [one.name for one in room.members if one.number in wrote]
    while len("、".join(names)) > SIGNATURE_LENGTH:
        names.pop()
    return "、".join(names)


def _column(verse: Verse, n: int) -> dict[str, Any]:
    """One line of the poem: its characters with their tones, and who wrote it or is about to."""
    book = rhyme_book()
    if n >= len(verse.lines):
        at_hand = n == len(verse.lines) and verse.turn is not None
        return {"cells": [("", "")] * verse.width, "by": verse.turn if at_hand else None, "at_hand": at_hand}
    line = verse.lines[n]
    return {"cells": [(c, book.tone(c)) for c in line.text], "by": line.by, "at_hand": False}


def _status(frame: Frame, room: Room, verse: Verse) -> str:
    if verse.poem:
        return frame.say("rooms.finished", rhyme=verse.poem["rhyme"])
    if verse.owed == "poem":
        return frame.say("rooms.reading")
    if verse.owed:
        return frame.say("rooms.poet_writes", line=len(verse.lines) + 1)
    if room.ended:
        return frame.say("rooms.over")
    if verse.turn is None:
        return frame.say("rooms.gathering")
    if verse.turn == POET:
        return frame.say("rooms.nobody")
    return frame.say("rooms.turn", name=room.named(verse.turn), line=len(verse.lines) + 1)


def _brood(frame: Frame, room: Room, brood: Brood) -> dict[str, Any]:
    newest = len(brood.generations) - 1
    seated = [one for one in room.members if one.seated]
    voters = [[one for one in seated if brood.votes.get(one.number) == child] for child in range(CHILDREN)]
    key = "over" if room.ended else "choose"
    return {
        "brood": brood,
        "newest": newest,
        "voters": voters,
        "status": frame.say(f"rooms.{key}", number=newest + 1, done=len(brood.votes), all=len(seated)),
    }


def _steps(happened: Sequence[Event]) -> list[int]:
    """How many events each step of a replay shows: after every one that changes the stage."""
    return [n + 1 for n, event in enumerate(happened) if event.kind in STAGED]


def draw_replay(frame: Frame, before: Room, happened: Sequence[Event], step: int) -> str:
    """The room as it was at that step (from 0), with the ways back and on; of a scroll that is still being made only
    how far it was."""
    view = OPEN if fold(before, happened).view_of("") == OPEN else CLOSED
    steps = [0, *_steps(happened)]
    step = max(0, min(step, len(steps) - 1))
    so_far = happened[: steps[step]]
    room = fold(before, so_far)
    return frame.draw(
        "replay.html",
        told=_told(before, so_far),
        step=step,
        last=len(steps) - 1,
        **_stage(frame, room, view),
        **_head(frame, room),
    )
