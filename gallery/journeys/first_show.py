"""The first exhibition: what the house itself hangs of its first wall, by rule, so that a stranger sees one.

Paintings and poems stand in the order of the first wall, and every scroll joins a poem to the painting that its words
come nearest to (first_scrolls.py). Its wall text says how they were chosen (first_wall.py), or that nobody chose them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import db
from db import Tx
from gallery.journeys import House, first_wall, store_errors
from gallery.journeys.plans import Plan, Room
from gallery.texts import LANGUAGES
from gallery.visitors import HOUSE

Words = TypeVar("Words", Room, Plan)
SLUG = "first-light"
ROOMS = (("painting", 8), ("poem", 6), ("scroll", 4))
LEAST = 3  # works, without which no room opens


def open_first_show(house: House) -> bool:
    """Opens it, and says whether it did; not where there ever was an exhibition, or visitors have hung anything.

    Raises StoreTrouble.
    """
    with store_errors(house.settings.home), house.db.writing() as tx:
        if db.shows.anything(tx) or db.works.anyone_but(tx, HOUSE.id):
            return False
        plan = _plan(house, tx)
        if len(plan.works) < LEAST:
            return False
        body, now = plan.to_json(), house.now_ms()
        number = db.shows.add(tx, slug=SLUG, owner=None, created_ms=now, body=body)
        assert number is not None  # noqa: S101 (there was none)
        version = db.shows.publish(tx, number, body=body, works=plan.works, curator=None, at_ms=now)
        db.changes.write(tx, "show", number, {"removed": 0, "published": version})
    return True


def _plan(house: House, tx: Tx) -> Plan:
    rooms = []
    for kind, most in ROOMS:
        found = [db.works.find_by_draft(tx, f"first-wall-{kind}-{number}") for number in range(1, most + 1)]
        if works := tuple(work.id for work in found if work is not None):
            rooms.append(replace(_said(house, Room(), kind), works=works))
    return replace(_said(house, Plan(), "show"), rooms=tuple(rooms), cover=rooms[-1].works[0] if rooms else None)


def _said(house: House, blank: Words, what: str) -> Words:
    """Titles and wall text in both languages."""
    chosen = all(first_wall.chosen(card) for card in house.cards)
    words = {
        f"{part}_{one}": house.texts.say(_key(house, f"seeding.{part}_of_{what}", chosen), one)
        for part in ("title", "text")
        for one in LANGUAGES
    }
    return replace(blank, **words)  # type: ignore[arg-type]


def _key(house: House, key: str, chosen: bool) -> str:
    """Some things are said in other words where nobody chose."""
    plain = f"{key}_by_seed"
    return plain if not chosen and house.texts.has(plain) else key
