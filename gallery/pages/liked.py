"""Liked (合您眼光): works like those that a visitor has chosen in duels, as cards of the wall without any number."""

from __future__ import annotations

from gallery.journeys import find, liked
from gallery.journeys.liked import OWN_LEAST, Leaning, Liked
from gallery.pages.frame import Frame
from gallery.visitors import Visitor


def draw(frame: Frame, kind: str, visitor: Visitor) -> str:
    """The page for one kind, or for the first that has duels. Raises UnknownKind, StoreTrouble."""
    found = liked.look(frame.house, kind, visitor)
    other, query = "en" if frame.language == "zh" else "zh", f"?kind={found.kind}" if found.kind else ""
    return frame.draw(
        "liked.html",
        title=frame.say("liked.heading"),
        page="duel",
        here=f"/{other}/liked{query}",
        page_here=f"/{frame.language}/liked{query}",
        found=found,
        told=_told(frame, found),
        cards=found.cards,
        blurs=find.placeholders(frame.house, found.cards),
        named=frame.named,
        short=frame.short,
    )


def _told(frame: Frame, found: Liked) -> str:
    """What it goes by, or how many duels it still takes."""
    if not found.kind:
        return frame.say("liked.empty")
    if found.missing:
        return frame.say("liked.missing" if found.own else "liked.missing_none", own=found.own, least=OWN_LEAST)
    if not found.cards:
        return frame.say("liked.nothing")
    words = [_leaning(frame, one) for one in found.leanings]
    what = ("、" if frame.language == "zh" else ", ").join(words)
    leaning = frame.say("liked.leanings" if words else "liked.no_leanings", own=found.own, what=what)
    start = frame.say("liked.started" if found.started else "liked.unstarted")
    return f"{leaning}{'' if frame.language == 'zh' else ' '}{start}"


def _leaning(frame: Frame, one: Leaning) -> str:
    word = frame.say(f"taste.{'more' if one.more else 'less'}_{one.name}")
    return frame.say("liked.leaning", word=word, times=one.times, of=one.of)
