"""Collections on the desk: the tree of them, one from near with its works ordered by hand, the search that works are
selected from, what curators note at a work, and the log of what was changed.

Plain HTML with forms, so that all of it works without a script.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from db import WorkRecord
from db.changes import Change
from gallery import errors
from gallery.journeys import arrange, changes, find
from gallery.journeys.accounts import Curator
from gallery.journeys.find import Wish
from gallery.pages import wall
from gallery.pages.desk import Told, choosing, draw_desk, facts_of, moment, name_of, sorry, what_of
from gallery.pages.frame import Frame

FOUND = 48


def draw_all(
    frame: Frame, curator: Curator, *, told: Told | None = None, typed: Mapping[str, str] | None = None
) -> str:
    """The page of all collections. Raises StoreTrouble."""
    values = {"tree": arrange.tree(frame.house, curator), "name": name_of(frame), "told": told or Told()}
    blank = {"title_zh": "", "title_en": ""}
    title = frame.say("collections.heading")
    return draw_desk(
        frame,
        "desk-collections.html",
        curator,
        here="desk/collections",
        title=title,
        typed=blank | dict(typed or {}),
        **values,
    )


def draw(frame: Frame, curator: Curator, number: object, *, told: Told | None = None, **more: object) -> str:
    """The page of one collection; `more`: the work moved last and which way it went. Raises NoSuchCollection."""
    view, name = arrange.look(frame.house, number, curator), name_of(frame)
    inside = {view.collection.id, *(one.collection.id for one in view.inside)}
    others = [one for one in arrange.tree(frame.house, curator, bare=True) if one.collection.id not in inside]
    values: dict[str, Any] = {"typed": {}, "moved": None, "went": None} | more
    return draw_desk(
        frame,
        "desk-collection.html",
        curator,
        here=f"desk/collection/{view.collection.id}",
        title=name(view.collection),
        view=view,
        name=name,
        note=lambda one: one.note_zh if frame.language == "zh" else one.note_en,
        others=others,
        told=told or Told(),
        **values,
    )


def draw_search(frame: Frame, curator: Curator, wish: Wish, *, told: Told | None = None) -> str:
    """The page on which works are found and selected. Raises StoreTrouble."""
    try:
        page = find.page(frame.house, wish, limit=FOUND)
        cards, following = page.cards, page.next_cursor
    except errors.BadWish as error:
        told, cards, following = told or sorry(frame, error), (), None
    return draw_desk(
        frame,
        "desk-find.html",
        curator,
        here="desk/find",
        title=frame.say("desk.find"),
        wish=wish,
        cards=cards,
        kept=wall.parts(wish),
        query=urlencode(wall.parts(replace(wish, cursor=None))),
        to=lambda **changed: wall.address("/desk/find", wish, **changed),
        here_now=wall.address("/desk/find", wish, cursor=wish.cursor),
        more=wall.address("/desk/find", wish, cursor=following) if following else None,
        kinds=wall.KINDS,
        sorts=("newest", "best", "voted"),
        told=told or Told(),
        **choosing(frame, curator),
    )


def draw_work(frame: Frame, curator: Curator, work: object, *, told: Told | None = None, typed: str = "") -> str:
    """The page of what curators have to do with a work. Raises NoSuchWork, StoreTrouble."""
    found = arrange.at_work(frame.house, work, curator)
    return draw_desk(
        frame,
        "desk-work.html",
        curator,
        here=f"desk/work/{found.work.id}",
        title=found.work.title,
        found=found,
        name=name_of(frame),
        chosen=arrange.last_used(frame.house, curator),
        moment=moment,
        typed=typed,
        told=told or Told(),
        **_shown(frame, found.work),
    )


def _shown(frame: Frame, work: WorkRecord) -> dict[str, str]:
    return {"facts": facts_of(frame, work), "what": what_of(frame, work)}


def draw_changes(frame: Frame, curator: Curator, *, before: int | None = None, told: Told | None = None) -> str:
    """The page of what was changed. Raises StoreTrouble."""
    log = changes.log(frame.house, before)
    names = {number: name_of(frame)(one) for number, one in log.collections.items()}
    return draw_desk(
        frame,
        "desk-changes.html",
        curator,
        here="desk/log",
        title=frame.say("collections.log_heading"),
        log=log,
        words={one.seq: _deed(frame, one, names) for one in log.changes},
        mine={one.seq for one in log.changes if changes.may_undo(one, curator)},
        moment=moment,
        told=told or Told(),
    )


def _deed(frame: Frame, one: Change, names: Mapping[int, str]) -> str:
    """What was changed, in words."""
    if one.undoes is not None:
        return frame.say("desk.did_undo", seq=one.undoes)
    values = {"title": names.get(one.thing, ""), "thing": one.thing, "what": "、".join(one.became)}
    return frame.say(f"collections.did_{_sort(one)}", **values)


def _sort(one: Change) -> str:
    """What sort of change it is; see texts, collections.did_*."""
    if one.aspect == "works":
        come, gone = None in one.was.values(), None in one.became.values()
        return "collect" if come else "drop" if gone else "order"
    if one.aspect == "people":
        return "unshare" if None in one.became.values() else "share"
    if "removed" in one.became:
        return f"{'remove' if one.became['removed'] else 'make'}_{one.aspect}"
    if one.aspect == "collection" and {"place", "parent"} & set(one.became):
        return "place"
    return "open_show" if "published" in one.became else f"edit_{one.aspect}"
