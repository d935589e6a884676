"""Exhibit: curators prepare exhibitions in rooms with wall text, and open them in versions that stay what they were.

What is prepared is one plan, changed as a whole and written down each time (changes.py), so that any change can be
taken back. Opening keeps the plan as the next version: `/show/<slug>` is the newest, `/show/<slug>@3` the third for
ever. Owner and keepers may change an exhibition; those of the house belong to the keepers. A work that is hidden stays
in its plan and its versions, and is left out of what the public sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import db
from db import Tx, WorkRecord
from db.shows import Show
from gallery import errors
from gallery.journeys import House, arrange, store_errors
from gallery.journeys.accounts import Curator
from gallery.journeys.browse import check_id
from gallery.journeys.changes import change, check_text, mark, require_unchanged
from gallery.journeys.plans import Plan, Room

MOST_ROOMS, MOST_WORKS = 12, 60
TITLE, WALL_TEXT = 60, 4000
_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
_DAYS = ("cover", "opens", "closes")
_TEXTS = {"title_zh": TITLE, "title_en": TITLE, "text_zh": WALL_TEXT, "text_en": WALL_TEXT}


@dataclass(frozen=True)
class Prepared:
    """An exhibition on the desk: its plan, whether one may change it, and whether the newest version is as planned."""

    show: Show
    plan: Plan
    may_edit: bool
    newest: int
    fresh: bool


def everything(house: House, curator: Curator) -> list[Prepared]:
    """All exhibitions that are not taken down; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return [_prepared(tx, show, curator) for show in db.shows.everything(tx)]


def look(house: House, number: object, curator: Curator) -> Prepared:
    """One of them; raises NoSuchShow, StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return _prepared(tx, _find(tx, number), curator)


def works_of(house: House, plan: Plan) -> dict[int, WorkRecord]:
    """The works of a plan that can be seen, by number; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return {work: found for work in plan.works if (found := db.works.find(tx, work)) is not None}


def _prepared(tx: Tx, show: Show, curator: Curator) -> Prepared:
    versions = db.shows.versions_of(tx, show.id)
    newest = versions[0].version if versions else 0
    fresh = bool(versions) and versions[0].body == show.body and show.published == newest
    return Prepared(show, Plan.from_json(show.body), may_edit(show, curator), newest, fresh)


def may_edit(show: Show, curator: Curator) -> bool:
    """Whether this curator may change that exhibition."""
    return curator.is_keeper or show.owner == curator.name


def _find(tx: Tx, number: object) -> Show:
    found = db.shows.find(tx, int(str(number))) if re.fullmatch("[0-9]{1,18}", str(number)) else None
    if found is None or found.removed:
        raise errors.NoSuchShow(str(number)[:20])
    return found


def _mine(tx: Tx, number: object, curator: Curator) -> Show:
    found = _find(tx, number)
    if not may_edit(found, curator):
        raise errors.NotYours()
    return found


def make(house: House, slug: str, titles: Mapping[str, str], curator: Curator) -> int:
    """Begins an exhibition at that address; returns its number.

    Raises BadSlug, SlugTaken, NoHeading, LongText, OddCharacters, StoreTrouble.
    """
    if not _SLUG.fullmatch(slug := slug.strip()):
        raise errors.BadSlug(slug[:40])
    plan = _titled(Plan(), titles)
    with store_errors(house.settings.home), house.db.writing() as tx:
        now = house.now_ms()
        number = db.shows.add(tx, slug=slug, owner=curator.name, created_ms=now, body=plan.to_json())
        if number is None:
            raise errors.SlugTaken(slug)
        change(tx, house, curator, "show", number, {"removed": 0})
    return number


def mark_of(shown: Plan | Room) -> str:
    """What the forms of an exhibition, or of one of its rooms, have shown (changes.mark)."""
    words = [getattr(shown, name) for name in _TEXTS]
    return mark(*words, *(shown.works if isinstance(shown, Room) else (getattr(shown, name) for name in _DAYS)))


def half_said(plan: Plan) -> list[int]:
    """Where words stand in one language alone: the places of such rooms, and -1 for the exhibition itself.

    >>> half_said(Plan(title_zh="秋", title_en="Autumn", rooms=(Room(), Room(text_zh="水"))))
    [1]
    """

    def half(one: Plan | Room) -> bool:
        return bool(one.title_zh) != bool(one.title_en) or bool(one.text_zh) != bool(one.text_en)

    everywhere: list[Plan | Room] = [plan, *plan.rooms]
    return [place for place, one in enumerate(everywhere, -1) if half(one)]


def amend(house: House, number: object, curator: Curator, step: Callable[[Plan], Plan]) -> None:
    """Changes a plan; raises NoSuchShow, NotYours, StoreTrouble, and what the step raises."""
    with store_errors(house.settings.home), house.db.writing() as tx:
        show = _mine(tx, number, curator)
        change(tx, house, curator, "show", show.id, {"body": step(Plan.from_json(show.body)).to_json()})


def edit(house: House, number: object, fields: Mapping[str, str], curator: Curator) -> None:
    """Gives an exhibition other words, days and cover, unless it has others by now than the form has shown (`seen`).

    Raises ChangedMeanwhile, BadDay, NoHeading, LongText, OddCharacters besides.
    """
    opens, closes = _day(fields.get("opens", "")), _day(fields.get("closes", ""))
    if opens and closes and closes < opens:
        raise errors.BadDay(closes)
    texts = {name: fields.get(name, "") for name in _TEXTS}

    def step(plan: Plan) -> Plan:
        require_unchanged(fields.get("seen", ""), mark_of(plan))
        cover = next((work for work in plan.works if str(work) == fields.get("cover")), None)
        return replace(_titled(plan, texts), cover=cover, opens=opens, closes=closes)

    amend(house, number, curator, step)


def _titled(plan: Plan, texts: Mapping[str, str]) -> Plan:
    checked = {name: check_text(text, _TEXTS[name]) for name, text in texts.items()}
    if not checked.get("title_zh") and not checked.get("title_en"):
        raise errors.NoHeading()
    return replace(plan, **checked)  # type: ignore[arg-type]


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat() if text.strip() else ""
    except ValueError:
        raise errors.BadDay(text[:20]) from None


def add_room(house: House, number: object, collection: object, curator: Curator) -> None:
    """Adds a room at the end: empty, or with the words of a collection and those of its works that can be seen and do
    not hang here yet. Raises FullCollection, NoSuchCollection besides."""
    view = arrange.look(house, collection, curator) if collection else None

    def step(plan: Plan) -> Plan:
        if len(plan.rooms) >= MOST_ROOMS:
            raise errors.FullCollection(MOST_ROOMS)
        if view is None:
            return replace(plan, rooms=(*plan.rooms, Room()))
        own, works = view.collection, [held.work.id for held in view.works if not held.hidden]
        words = {"title_zh": own.title_zh, "title_en": own.title_en, "text_zh": own.note_zh, "text_en": own.note_en}
        return replace(plan, rooms=(*plan.rooms, Room(**words, works=_new_to(plan, works, 0))))

    amend(house, number, curator, step)


def _new_to(plan: Plan, works: Sequence[int], there: int) -> tuple[int, ...]:
    """Those that do not hang anywhere yet, if the room has place for them beside those that are there."""
    new = tuple(work for work in dict.fromkeys(works) if work not in plan.works)
    if there + len(new) > MOST_WORKS:
        raise errors.FullCollection(MOST_WORKS)
    return new


def edit_room(house: House, number: object, room: int, texts: Mapping[str, str], curator: Curator) -> None:
    """Gives a room other words; raises ChangedMeanwhile besides."""
    checked = {name: check_text(texts.get(name, ""), most) for name, most in _TEXTS.items()}
    step = _in_room(room, texts.get("seen", ""), lambda plan, one: replace(one, **checked))  # type: ignore[arg-type]
    amend(house, number, curator, step)


def hang(house: House, number: object, room: int, works: Sequence[object], curator: Curator, *, seen: str = "") -> None:
    """Hangs works at the end of a room, each once in an exhibition; raises NothingSelected, NoSuchWork besides."""
    chosen = [check_id(work) for work in works]
    if not chosen:
        raise errors.NothingSelected()
    with store_errors(house.settings.home), house.db.reading() as tx:
        for work in chosen:
            if db.works.find(tx, work) is None:
                raise errors.NoSuchWork(work)

    def add(plan: Plan, one: Room) -> Room:
        return replace(one, works=one.works + _new_to(plan, chosen, len(one.works)))

    amend(house, number, curator, _in_room(room, seen, add))


def shift(house: House, number: object, work: object, way: object, curator: Curator) -> None:
    """Moves a work along its walls, to the next room beyond the last, or takes it down ("off")."""
    moved = check_id(work)

    def step(plan: Plan) -> Plan:
        room = next((place for place, one in enumerate(plan.rooms) if moved in one.works), None)
        if room is None:
            raise errors.ChangedSince()
        line = list(plan.rooms[room].works)
        at, target = line.index(moved), room + (1 if way == "down" else -1)
        over = (way == "down" and at == len(line) - 1) or (way == "up" and at == 0)
        if way != "off" and over and not 0 <= target < len(plan.rooms):
            return plan
        line.remove(moved)
        if way in ("up", "down") and not over:
            line.insert(at + (1 if way == "down" else -1), moved)
        rooms = list(plan.rooms)
        rooms[room] = replace(rooms[room], works=tuple(line))
        if over and way != "off":
            there = rooms[target].works
            rooms[target] = replace(rooms[target], works=(moved, *there) if way == "down" else (*there, moved))
        cover = None if way == "off" and plan.cover == moved else plan.cover
        return replace(plan, rooms=tuple(rooms), cover=cover)

    amend(house, number, curator, step)


def shift_room(house: House, number: object, room: int, way: object, curator: Curator, *, seen: str = "") -> None:
    """Moves a room forward or back, or takes it away with all that hangs in it ("off")."""

    def step(plan: Plan) -> Plan:
        rooms, at = list(plan.rooms), _where(plan, room, seen)
        moved = rooms.pop(at)
        if way in ("up", "down"):
            rooms.insert(max(0, at + (1 if way == "down" else -1)), moved)
        kept = replace(plan, rooms=tuple(rooms))
        return replace(kept, cover=kept.cover if kept.cover in kept.works else None)

    amend(house, number, curator, step)


def _in_room(room: int, seen: str, step: Callable[[Plan, Room], Room]) -> Callable[[Plan], Plan]:
    def within(plan: Plan) -> Plan:
        at = _where(plan, room, seen)
        return replace(plan, rooms=(*plan.rooms[:at], step(plan, plan.rooms[at]), *plan.rooms[at + 1 :]))

    return within


def _where(plan: Plan, room: int, seen: str) -> int:
    """The place of the room that a form has shown there: rooms may have been moved since.

    Raises ChangedMeanwhile where it is not found as it was shown, ChangedSince where there is none at all.
    """
    alike = [place for place, one in enumerate(plan.rooms) if not seen or mark_of(one) == seen]
    if room in alike:
        return room
    if len(alike) != 1 or not seen:
        raise errors.ChangedMeanwhile() if seen else errors.ChangedSince()
    return alike[0]


def publish(house: House, number: object, curator: Curator) -> tuple[str, int]:
    """Opens the plan as the next version; returns its address and number. Raises EmptyShow besides."""
    with store_errors(house.settings.home), house.db.writing() as tx:
        show = _mine(tx, number, curator)
        plan = Plan.from_json(show.body)
        if not any(db.works.find(tx, work) for work in plan.works):
            raise errors.EmptyShow()
        by, now = curator.name, house.now_ms()
        version = db.shows.publish(tx, show.id, body=show.body, works=plan.works, curator=by, at_ms=now)
        change(tx, house, curator, "show", show.id, {"published": version})
    return show.slug, version


def take_down(house: House, number: object, curator: Curator) -> None:
    """Takes an exhibition off the lists, which can be undone; its versions stay at their addresses."""
    with store_errors(house.settings.home), house.db.writing() as tx:
        change(tx, house, curator, "show", _mine(tx, number, curator).id, {"removed": 1})
