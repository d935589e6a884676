"""Changes: what curators change in collections, notes and exhibitions is written down with what was there before, in
one transaction, and can be taken back by whoever changed it, or by a keeper, as long as none of it was changed since.

The log is append-only (db/changes.py); taking back is an entry too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import db
from db import Tx
from db.challenges import Challenge
from db.changes import Aspect, Change, Value
from db.collections import Collection
from db.shows import Show
from db.tags import Tag
from gallery import errors
from gallery.journeys import House, store_errors
from gallery.journeys.accounts import Curator
from gallery.journeys.create import plain_text

LOG_PAGE = 40


@dataclass(frozen=True)
class ChangeLog:
    """A page of the log, the collections, tags, exhibitions and challenges of which it speaks, and the number that the
    next page begins with."""

    changes: tuple[Change, ...]
    collections: Mapping[int, Collection]
    tags: Mapping[int, Tag]
    shows: Mapping[int, Show]
    challenges: Mapping[int, Challenge]
    before: int | None


def change(tx: Tx, house: House, curator: Curator, aspect: Aspect, thing: int, values: Mapping[str, Value]) -> None:
    """Changes what is not so already, and writes it down."""
    before = db.changes.read(tx, aspect, thing, values)
    new = {name: value for name, value in values.items() if before[name] != value}
    if new:
        was = {name: before[name] for name in new}
        db.changes.write(tx, aspect, thing, new)
        db.changes.enter(tx, aspect, thing, was=was, became=new, curator=curator.name, at_ms=house.now_ms())


def log(house: House, before: int | None = None) -> ChangeLog:
    """What was changed, newest first, from the entry before that number on; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = db.changes.log(tx, before=before, limit=LOG_PAGE + 1)
        things = {one.thing for one in found if one.aspect in ("collection", "works", "people")}
        names = {thing: one for thing in things if (one := db.collections.find(tx, thing)) is not None}
        tags = db.tags.everything(tx).by_id if any(one.aspect.startswith("tag") for one in found) else {}
        shows = {one.thing: show for one in found if one.aspect == "show" and (show := db.shows.find(tx, one.thing))}
        called = {one.thing for one in found if one.aspect == "challenge"}
        calls = {thing: call for thing in called if (call := db.challenges.find(tx, thing, called_off=True))}
    following = found[LOG_PAGE - 1].seq if len(found) > LOG_PAGE else None
    return ChangeLog(tuple(found[:LOG_PAGE]), names, tags, shows, calls, following)


def newest(house: House) -> int:
    """The number of the newest entry, 0 if there is none; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return next((one.seq for one in db.changes.log(tx, before=None, limit=1)), 0)


def only_since(house: House, before: int, curator: Curator) -> int | None:
    """The one entry that this curator has made since that one and can take back; None if there are none or several.

    Raises StoreTrouble.
    """
    with store_errors(house.settings.home), house.db.reading() as tx:
        made = [one for one in db.changes.log(tx, before=None, limit=LOG_PAGE) if one.seq > before]
    mine = [one for one in made if one.curator == curator.name]
    return mine[0].seq if len(mine) == 1 and mine[0].undoes is None else None


def may_undo(entry: Change, curator: Curator) -> bool:
    """Whether a curator may take this entry back, if nothing of it was changed since."""
    undoable = entry.undoes is None and not entry.undone
    return undoable and (entry.curator == curator.name or curator.is_keeper)


def open_entry(tx: Tx, seq: object, curator: Curator) -> Change:
    """The entry of that number, if this curator may take it back; raises ChangedSince, NotYours."""
    entry = db.changes.find(tx, int(str(seq))) if re.fullmatch("[0-9]{1,18}", str(seq)) else None
    if entry is None or entry.undone:
        raise errors.ChangedSince()
    if not may_undo(entry, curator):
        raise errors.NotYours()
    return entry


def take_back(tx: Tx, house: House, entry: Change, curator: Curator) -> None:
    """Puts back what was there before, and writes that down; raises ChangedSince."""
    if db.changes.read(tx, entry.aspect, entry.thing, entry.became) != entry.became:
        raise errors.ChangedSince()
    db.changes.write(tx, entry.aspect, entry.thing, entry.was)
    values: dict[str, Any] = {"was": entry.became, "became": entry.was, "undoes": entry.seq}
    db.changes.enter(tx, entry.aspect, entry.thing, **values, curator=curator.name, at_ms=house.now_ms())


def mark(*shown: Value) -> str:
    """What a form shows, in short; it is sent back with the form, to find out whether that was changed meanwhile.

    >>> mark("山", "") == mark("山", ""), mark("山", "") == mark("", "山")
    (True, False)
    """
    return sha256(json.dumps(shown).encode()).hexdigest()[:16]


def require_unchanged(seen: str, now: str) -> None:
    """That a form, if it says what it has shown, has shown what there is now; raises ChangedMeanwhile."""
    if seen and seen != now:
        raise errors.ChangedMeanwhile()


def check_text(text: str, most: int) -> str:
    """A text of that many characters at most, with plain line ends; raises LongText, OddCharacters."""
    plain = re.sub(r"\r\n?", "\n", text).strip()
    if len(plain) > most:
        raise errors.LongText(len(plain), most)
    for line in plain.split("\n"):
        plain_text(line)
    return plain
