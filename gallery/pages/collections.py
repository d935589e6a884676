"""Collections on the desk: the tree of them, one from near with its works ordered by hand, the search that works are
selected from, what curators note at a work, and the log of what was changed.

Plain HTML with forms, so that all of it works without a script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from db import WorkRecord
from db.changes import Change
from gallery import errors
from gallery.journeys import arrange, changes, curate, find, narrow, tag
from gallery.journeys.accounts import Curator
from gallery.journeys.find import Wish
from gallery.journeys.plans import Plan
from gallery.pages import challenges, wall
from gallery.pages.desk import Told, choosing, draw_desk, facts_of, moment, name_of, sorry, tag_names, what_of
from gallery.pages.frame import Frame
from gallery.visitors import Visitor

FOUND = 48


def draw_all(
    frame: Frame, curator: Curator, *, told: Told | None = None, typed: Mapping[str, str] | None = None
) -> str:
    """The page of all collections. Raises StoreTrouble."""
    values = {"tree": arrange.tree(frame.house, curator), "name": name_of(frame), "told": told or Told()}
    blank = {"title_zh": "", "title_en": "", "parent": ""}
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


def read(query: Mapping[str, str]) -> Wish:
    """The wish of a query string of the desk, which may also bound the score; raises BadBounds.

    >>> read({"kind": "poem", "least": "3.5", "most": ""}).least
    3.5
    """
    return replace(wall.read(query), least=_score(query.get("least", "")), most=_score(query.get("most", "")))


def _score(text: str) -> float | None:
    if not text.strip():
        return None
    if not re.fullmatch(r"[0-9](\.[0-9]{1,4})?", text.strip()) or not 1 <= float(text) <= 5:
        raise errors.BadBounds(text[:20])
    return float(text)


def asked(frame: Frame, wish: Wish) -> list[str]:
    """What a wish asks for, in words, with its order at the end."""
    scores = [frame.say(f"collections.told_{n}", score=f"{v:g}") for n in ("least", "most") if (v := getattr(wish, n))]
    return [*wall.told(frame, wish, _show_of(frame, wish)), *scores, frame.say(f"wall.{wish.sort}")]


def _show_of(frame: Frame, wish: Wish) -> str | None:
    """What the exhibition that a wish asks for is called; its address where it is not on view."""
    plan = narrow.on_view(frame.house, wish.show) if wish.show else None
    return frame.either(plan.title_zh, plan.title_en) if plan else wish.show


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
        asked=asked(frame, view.wish) if view.wish else [],
        search=wall.address("/desk/find", view.wish) if view.wish else "",
        mark=arrange.mark_of(view.collection),
        told=told or (sorry(frame, view.amiss) if view.amiss else Told()),
        **values,
    )


def draw_search(
    frame: Frame, curator: Curator, query: Mapping[str, str], *, told: Told | None = None, **more: object
) -> str:
    """The page on which works are found and selected, and searches kept; `more`: what was ticked and typed there,
    where that was refused. Raises StoreTrouble."""
    wish = Wish()
    try:
        wish = read(query)
        page = find.page(frame.house, wish, limit=FOUND)
        cards, following = page.cards, page.next_cursor
    except errors.BadWish as error:
        wish = replace(wish, q="", tag=None, cursor=None)
        told, cards, following = told or sorry(frame, error), (), None
    return draw_desk(
        frame,
        "desk-find.html",
        curator,
        here=wall.address("desk/find", wish, cursor=wish.cursor),
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
        names=tag_names(frame),
        told=told or Told(),
        **_narrowing(frame, wish),
        **_choosing_searches(frame, curator)
        | {"typed": {"title_zh": "", "title_en": ""}, "keeping": False, "ticked": (), "tag_name": ""}
        | more,
    )


def _narrowing(frame: Frame, wish: Wish) -> dict[str, object]:
    """What a search can be narrowed to: every subject, form and mood on the wall, and the newest exhibitions."""
    there = narrow.facets(frame.house, Wish(), Visitor(""))
    values = {
        name: [(value, wall.call(frame, name, value)) for value, _ in there.named[name]] for name in wall.LISTED[:3]
    }
    halls = {hall.slug: frame.either(hall.plan.title_zh, hall.plan.title_en) for hall in there.halls}
    asked_for = {wish.show: _show_of(frame, wish) or wish.show} if wish.show else {}
    values["show"] = list((asked_for | halls).items())
    return {"facets": values, "asked": asked(frame, wish), "narrowed": wish.narrowed}


def _choosing_searches(frame: Frame, curator: Curator) -> dict[str, object]:
    """What a choice of collections needs, and those that a search keeps and one may change."""
    choice = choosing(frame, curator)
    tree = arrange.tree(frame.house, curator, bare=True)
    return choice | {"searches": [one for one in tree if one.may_edit and one.collection.wish is not None]}


def draw_work(
    frame: Frame, curator: Curator, work: object, *, told: Told | None = None, typed: str = "", **more: object
) -> str:
    """The page of what curators have to do with a work; `more`: the name of a tag, or the number of a collection, that
    was refused there. Raises NoSuchWork, StoreTrouble."""
    found = arrange.at_work(frame.house, work, curator)
    return draw_desk(
        frame,
        "desk-work.html",
        curator,
        here=f"desk/work/{found.work.id}",
        title=found.work.title,
        found=found,
        name=name_of(frame),
        tags=tag.of_work(frame.house, found.work.id),
        called=lambda one: wall.called(frame, one),
        reasons=curate.REASONS,
        names=tag_names(frame),
        moment=moment,
        typed=typed,
        told=told or Told(),
        **{"chosen": arrange.last_used(frame.house, curator), "tag_name": ""} | more,
        **_shown(frame, found.work),
    )


def _shown(frame: Frame, work: WorkRecord) -> dict[str, str]:
    return {"facts": facts_of(frame, work), "what": what_of(frame, work)}


def draw_changes(frame: Frame, curator: Curator, *, before: int | None = None, told: Told | None = None) -> str:
    """The page of what was changed. Raises StoreTrouble."""
    log = changes.log(frame.house, before)
    names = {f"collection {number}": name_of(frame)(one) for number, one in log.collections.items()}
    names |= {f"tag {number}": wall.called(frame, one) for number, one in log.tags.items()}
    plans = {number: Plan.from_json(one.body) for number, one in log.shows.items()}
    names |= {f"show {number}": frame.either(one.title_zh, one.title_en) for number, one in plans.items()}
    names |= {f"challenge {number}": frame.either(one.title_zh, one.title_en) for number, one in log.challenges.items()}
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


def _deed(frame: Frame, one: Change, names: Mapping[str, str]) -> str:
    """What was changed, in words."""
    if one.undoes is not None:
        return frame.say("desk.did_undo", seq=one.undoes)
    of = {"tag": "tag", "tagged": "tag", "show": "show", "challenge": "challenge"}.get(one.aspect, "collection")
    into = names.get(f"tag {one.became.get('merged')}", "")
    values = {"title": names.get(f"{of} {one.thing}", ""), "thing": one.thing, "what": _what(frame, one), "into": into}
    return frame.say(f"collections.did_{_sort(one)}", **values)


def _what(frame: Frame, one: Change) -> str:
    """What of the thing was changed: works by number, people by name, what a challenge says, parts of an exhibition."""
    comma = "、" if frame.language == "zh" else ", "
    if one.aspect == "challenge" and "removed" not in one.became:
        return challenges.told_change(frame, one)
    if "body" in one.became:
        was, now = (Plan.from_json(str(values["body"])) for values in (one.was, one.became))
        return comma.join(frame.say(f"hanging.part_{part}") for part in _parts(was, now))
    return comma.join(one.became)


def _parts(was: Plan, now: Plan) -> list[str]:
    """The parts of an exhibition in which two plans differ.

    >>> _parts(Plan(), Plan(title_en="Snow"))
    ['words']
    """
    found = {
        "words": replace(was, rooms=()) != replace(now, rooms=()),
        "rooms": [replace(room, works=()) for room in was.rooms] != [replace(room, works=()) for room in now.rooms],
        "works": was.works != now.works,
    }
    return [part for part, differs in found.items() if differs]


def _sort(one: Change) -> str:
    """What sort of change it is; see texts, collections.did_*."""
    if one.aspect == "works":
        come, gone = None in one.was.values(), None in one.became.values()
        return "collect" if come else "drop" if gone else "order"
    if one.aspect == "tagged":
        return "untag" if None in one.became.values() else "tag"
    if one.aspect == "tag" and one.became.get("merged"):
        return "name_tag" if "removed" in one.became else "merge_tag"
    if one.aspect == "people":
        return "unshare" if None in one.became.values() else "share"
    if "removed" in one.became:
        return f"{'remove' if one.became['removed'] else 'make'}_{one.aspect}"
    if one.aspect == "collection" and "wish" in one.became:
        return "seek"
    if one.aspect == "collection" and {"place", "parent"} & set(one.became):
        return "place"
    return "open_show" if "published" in one.became else f"edit_{one.aspect}"
