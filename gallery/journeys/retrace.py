"""Retrace: any change of the curators' log is taken back, whatever it is of, by who may still make such a change.

What each room asks besides is asked of it: arrange.py of collections and notes, exhibit.py of exhibitions, tag.py of
tags, amend.py of challenges.
"""

from __future__ import annotations

import db
from db import Tx
from db.changes import Change
from gallery import errors
from gallery.journeys import House, amend, arrange, exhibit, store_errors, tag
from gallery.journeys.accounts import Curator
from gallery.journeys.changes import open_entry, take_back


def undo(house: House, seq: object, curator: Curator) -> None:
    """Takes any change back, if one may still make such a change; an opening is taken back to the version before.

    Raises ChangedSince, NotYours, NoSuchCollection, NoSuchChallenge, FixedWhileOpen, FixedOnceClosed, BadDay, TagTaken,
    StoreTrouble.
    """
    with store_errors(house.settings.home), house.db.writing() as tx:
        entry = open_entry(tx, seq, curator)
        _require(house, tx, entry, curator)
        take_back(tx, house, entry, curator)
        if entry.aspect == "tag":
            tag.require_clear(tx, entry.thing)


def _require(house: House, tx: Tx, entry: Change, curator: Curator) -> None:
    match entry.aspect:
        case "show":
            show = db.shows.find(tx, entry.thing)
            if show is None or not exhibit.may_edit(show, curator):
                raise errors.NotYours()
        case "challenge":
            amend.require_undo(house, tx, entry, curator)
        case _:
            arrange.require_undo(tx, entry, curator)
