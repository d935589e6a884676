"""Trash: makers take works of theirs down, bring them back within thirty days, and after that they are erased.

A maker is the visitor whose cookie hung the work. What is taken down is hidden everywhere at once, as what curators
hide is; only its maker still sees it, among their own works. Erasing (keep.py, `sweep`) leaves a blank under its
number, so that votes stand as they were cast and what came from it keeps its parent.
"""

from __future__ import annotations

import db
from db import Taken
from gallery import errors
from gallery.journeys import House, browse, store_errors
from gallery.journeys.browse import Media
from gallery.visitors import Visitor

DAYS = 30
DAY_MS = 24 * 3600 * 1000
SHOWN = 60


def take_down(house: House, work_id: object, visitor: Visitor) -> None:
    """Hides this visitor's work everywhere; raises NoSuchWork, NotYourWork, StoreTrouble."""
    number = browse.check_id(work_id)
    with store_errors(house.settings.home), house.db.writing() as tx:
        work = db.works.find(tx, number)
        if work is None:
            raise errors.NoSuchWork(number)
        if work.maker != visitor.id:
            raise errors.NotYourWork(number)
        db.trash.take_down(tx, number, at_ms=house.now_ms())


def bring_back(house: House, work_id: object, visitor: Visitor) -> Taken:
    """Hangs it again where it hung; raises NotTakenDown, Erased, NoSuchWork, StoreTrouble."""
    number = browse.check_id(work_id)
    with store_errors(house.settings.home), house.db.writing() as tx:
        taken = db.trash.find(tx, number, maker=visitor.id)
        if taken is None:
            raise errors.NotTakenDown(number)
        if taken.erased or last_ms(taken) < house.now_ms():
            raise errors.Erased(number, DAYS)
        db.trash.bring_back(tx, number)
    return taken


def last_ms(taken: Taken) -> int:
    """Until when it can be brought back."""
    return taken.at_ms + DAYS * DAY_MS


def find(house: House, work_id: object, visitor: Visitor) -> Taken | None:
    """That work, if this visitor has taken it down and it is not erased; raises NoSuchWork, StoreTrouble."""
    number = browse.check_id(work_id)
    with store_errors(house.settings.home), house.db.reading() as tx:
        taken = db.trash.find(tx, number, maker=visitor.id)
    return None if taken is None or taken.erased else taken


def mine(house: House, visitor: Visitor) -> list[Taken]:
    """What this visitor has taken down, the latest first; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return db.trash.of_maker(tx, visitor.id, limit=SHOWN)


def thumb(house: House, work_id: object, visitor: Visitor) -> Media:
    """The thumbnail of what this visitor has taken down, which nobody else is sent; raises NoSuchWork, PictureLost."""
    taken = find(house, work_id, visitor)
    if taken is None or taken.thumb is None:
        raise errors.NoSuchWork(work_id)
    return browse.media(house, taken.thumb, even_hidden=True)
