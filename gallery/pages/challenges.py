"""Challenges (征集): the list of them, one with its duels or its podium, and the desk where curators set them.

Plain HTML with forms, readable without a script; with one, only the pair is exchanged. Until the closing nothing says
whose the entries are. Wall text is Markdown of curators, as on exhibitions.
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from db.challenges import Challenge
from db.changes import Change
from gallery.journeys import amend, challenge
from gallery.journeys.accounts import Curator
from gallery.journeys.challenge import MOST_ENTRIES, PODIUM, Placed, View
from gallery.journeys.duel import Pair
from gallery.pages.desk import Told as Said
from gallery.pages.desk import draw_desk
from gallery.pages.duel import Told, describe
from gallery.pages.frame import Frame
from gallery.prose import as_html, paragraphs
from gallery.visitors import Visitor


def draw_all(frame: Frame) -> str:
    """The list of challenges. Raises StoreTrouble."""
    title, found = frame.say("challenges.heading"), challenge.listed(frame.house)
    here = f"/{_other(frame)}/challenges"
    return frame.draw("challenges.html", page="duel", here=here, title=title, challenges=found, **_words(frame))


def draw(frame: Frame, number: object, visitor: Visitor, *, told: Told | None = None) -> str:
    """One challenge. Raises NoSuchChallenge, StoreTrouble."""
    view = challenge.look(frame.house, number, visitor)
    return frame.draw(
        "challenge.html",
        page="duel",
        here=f"/{_other(frame)}/challenge/{view.challenge.id}",
        title=_title(frame, view.challenge),
        view=view,
        podium=view.placed[:PODIUM],
        others=view.placed[PODIUM:],
        bar=lambda placed: _bar(frame, placed),
        **_arena(frame, view, visitor, told),
        **_words(frame),
    )


def draw_arena(frame: Frame, number: object, visitor: Visitor, *, told: Told) -> str:
    """The part of the page that a choice exchanges. Raises NoSuchChallenge, StoreTrouble."""
    view = challenge.look(frame.house, number, visitor)
    return frame.draw("meeting.html", view=view, **_arena(frame, view, visitor, told))


def _arena(frame: Frame, view: View, visitor: Visitor, told: Told | None) -> dict[str, object]:
    pair: Pair | None = challenge.next_pair(frame.house, view.challenge.id, visitor)
    works = [] if pair is None else [("left", pair.left), ("right", pair.right)]
    return {
        "pair": pair,
        "sides": [(side, work, describe(frame, work)) for side, work in works],
        "told": told or Told(),
    }


def draw_on_desk(
    frame: Frame, curator: Curator, *, told: Said | None = None, typed: Mapping[str, str] | None = None
) -> str:
    """The challenges that stand, and the form for another. Raises StoreTrouble."""
    blank = dict.fromkeys(("title_zh", "title_en", "text_zh", "text_en", "wanted", "opens", "closes"), "")
    return draw_desk(
        frame,
        "desk-challenges.html",
        curator,
        here="desk/challenges",
        title=frame.say("challenges.heading"),
        challenges=challenge.listed(frame.house),
        wanted=[(choice, _called(frame, *choice.partition(" ")[::2])) for choice in challenge.wanted(frame.house)],
        most=MOST_ENTRIES,
        told=told or Said(),
        typed=blank | {"most": "3"} | dict(typed or {}),
        **_words(frame),
    )


def draw_amending(
    frame: Frame, curator: Curator, number: object, *, told: Said | None = None, fields: Mapping[str, str] | None = None
) -> str:
    """One challenge, to be changed as far as it still can be. Raises NoSuchChallenge, NotYours, StoreTrouble."""
    one, phase = amend.look(frame.house, number, curator)
    typed, known = amend.typed(one) | dict(fields or {}), challenge.wanted(frame.house)
    if typed["wanted"] not in known:
        known = [typed["wanted"], *known]
    return draw_desk(
        frame,
        "desk-challenge.html",
        curator,
        here="desk/challenges",
        title=_title(frame, one),
        one=one,
        phase=phase,
        mark=amend.mark_of(one),
        wanted=[(choice, _called(frame, *choice.partition(" ")[::2])) for choice in known],
        most=MOST_ENTRIES,
        told=told or Said(),
        typed=typed,
        **_words(frame),
    )


def _words(frame: Frame) -> dict[str, object]:
    """What the templates say challenges with: titles, words, what is asked for, how many entries."""

    def count(entries: int) -> str:
        key = "entries_none" if not entries else "entries_one" if entries == 1 else "entries"
        return frame.say(f"challenges.{key}", count=entries)

    def asks(one: Challenge) -> str:
        key = "challenges.asks_one" if one.most == 1 else "challenges.asks"
        return frame.say(key, what=_called(frame, one.kind, one.narrow or ""), most=one.most)

    return {
        "titled": lambda one: _title(frame, one),
        "text": lambda one: Markup(as_html(_text(frame, one))),  # noqa: S704 (prose.py escapes)
        "opening": lambda one: next(iter(paragraphs(_text(frame, one))), ""),
        "asks": asks,
        "what": lambda one: _called(frame, one.kind, one.narrow or ""),
        "count": count,
    }


def _called(frame: Frame, kind: str, narrow: str) -> str:
    """A kind, or a kind and its subject or form, by name."""
    return " · ".join(frame.named(name) for name in (kind, narrow) if name)


def told_change(frame: Frame, one: Change) -> str:
    """What of a challenge was changed, by the names of its fields; of what is no prose, from what to what."""
    called = {"kind": "wanted", "narrow": "wanted"}
    told = []
    for key, value in one.became.items():
        name, was = frame.say(f"challenges.{called.get(key, key)}"), _shown(frame, one.was[key])
        values = {"name": name, "was": was, "became": _shown(frame, value)}
        told.append(name if key in amend.WORDS else frame.say("collections.from_to", **values))
    return ("、" if frame.language == "zh" else ", ").join(told)


def _shown(frame: Frame, value: object) -> str:
    return frame.named(str(value)) if value else "–"


def _title(frame: Frame, one: Challenge) -> str:
    return _in(frame, one.title_zh, one.title_en)


def _text(frame: Frame, one: Challenge) -> str:
    return _in(frame, one.text_zh, one.text_en)


def _in(frame: Frame, zh: str, en: str) -> str:
    """What is written in this language, or in the other one if there is nothing."""
    return (zh or en) if frame.language == "zh" else (en or zh)


def _bar(frame: Frame, placed: Placed) -> dict[str, object]:
    low, mid, high = (round(100 * part, 1) for part in (placed.low, placed.chosen, placed.high))
    words = frame.say("challenges.bar", mid=round(mid), low=round(low), high=round(high))
    return {"low": low, "mid": mid, "width": round(high - low, 1), "words": words}


def _other(frame: Frame) -> str:
    return "en" if frame.language == "zh" else "zh"
