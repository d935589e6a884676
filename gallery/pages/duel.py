"""The duel page: two works side by side, chosen by a click or a key; the next pair is in the answer to the last choice.

Plain HTML with forms, so that it works without a script; with one, only the pair is exchanged. Nothing on it says whose
the works are or what others think of them until one is chosen.
"""

from __future__ import annotations

from dataclasses import dataclass

from db import WorkRecord
from gallery import errors
from gallery.journeys import duel
from gallery.journeys.duel import Pair, Progress, Vote
from gallery.pages.frame import Frame
from gallery.visitors import Visitor


@dataclass(frozen=True)
class Told:
    """What came of the visitor's last act: a sentence, or the vote as it was counted."""

    text: str = ""
    bad: bool = False
    vote: Vote | None = None


def draw(frame: Frame, kind: str, visitor: Visitor, *, told: Told | None = None, pair: Pair | None = None) -> str:
    """The whole page; a kind that has no pairs gives way to the first that has. Raises StoreTrouble."""
    kinds = duel.kinds(frame.house)
    shown = kind if kind in kinds else next(iter(kinds), "")
    other = "en" if frame.language == "zh" else "zh"
    return frame.draw(
        "duel.html",
        kinds=kinds,
        title=frame.say("duel.heading"),
        page="duel",
        here=f"/{other}/duel" + (f"?kind={shown}" if shown else ""),
        **_arena(frame, shown, visitor, told, pair),
    )


def draw_arena(frame: Frame, kind: str, visitor: Visitor, *, told: Told, pair: Pair | None = None) -> str:
    """The part of the page that a choice exchanges. Raises UnknownKind, StoreTrouble."""
    return frame.draw("arena.html", **_arena(frame, kind, visitor, told, pair))


def _arena(frame: Frame, kind: str, visitor: Visitor, told: Told | None, pair: Pair | None) -> dict[str, object]:
    pair = pair or (duel.next_pair(frame.house, kind, visitor) if kind else None)
    works = [] if pair is None else [("left", pair.left), ("right", pair.right)]
    return {
        "kind": kind,
        "pair": pair,
        "sides": [(side, work, describe(frame, work)) for side, work in works],
        "told": told or Told(),
        "progress": _progress(frame, duel.progress(frame.house, visitor)),
    }


def describe(frame: Frame, work: WorkRecord) -> str:
    """What a work shows, without its title and maker."""
    sort = frame.named(work.subject or work.form or work.kind)
    return "，".join([f"{sort}：{work.verse[0]}", *work.verse[1:]]) if work.verse else sort


def _progress(frame: Frame, done: Progress) -> str:
    if done.duels < 2:
        return frame.say("duel.progress_one" if done.duels else "duel.progress_none")
    key = "duel.progress" if done.moved else "duel.progress_few"
    return frame.say(key, duels=done.duels, moved=done.moved)


def sorry(frame: Frame, error: errors.GalleryError) -> Told:
    """An error, to be told above the pair."""
    return Told(frame.error(error), bad=True)
