"""Saved: searches that keep collections. Such a collection holds what its search finds at the moment it is looked at,
in the search's order, so that it is never out of date and nothing is stored of it but the question.

What is the asker's own (made by me, rated by me, a place in the pages) is no part of it, since it would be another
collection for everybody who looks. Names of tags in it go on working when tags are renamed or merged.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace

import db
from db import Tx
from db.collections import Held
from gallery import errors
from gallery.journeys import House, find
from gallery.journeys.find import Wish

_PLAIN = Wish()
_MONTH = re.compile("[0-9]{4}-(0[1-9]|1[0-2])")


def impersonal(wish: Wish) -> Wish:
    """The wish without what is the asker's own or chance."""
    sort = "newest" if wish.sort == "random" else wish.sort
    return replace(wish, mine=False, rated=None, seed=0, cursor=None, sort=sort)


def check(tx: Tx, house: House, wish: Wish) -> Wish:
    """The wish as it may keep a collection; raises NothingAsked, BadBounds, and what a search raises."""
    wish = impersonal(wish)
    if not wish.narrowed:
        raise errors.NothingAsked()
    _check_bounds(wish)
    find.selection(tx, house, wish)
    return wish


def _check_bounds(wish: Wish) -> None:
    for month in (wish.since, wish.until):
        if month is not None and not _MONTH.fullmatch(month):
            raise errors.BadBounds(month[:20])
    for score in (wish.least, wish.most):
        if score is not None and not 1 <= score <= 5:
            raise errors.BadBounds(f"{score:g}")
    if wish.least is not None and wish.most is not None and wish.least > wish.most:
        raise errors.BadBounds(f"{wish.least:g}-{wish.most:g}")
    if wish.since and wish.until and wish.since > wish.until:
        raise errors.BadBounds(f"{wish.since}-{wish.until}")


def to_json(wish: Wish) -> str:
    """What a collection keeps of a wish: all that is not as it would be anyway.

    >>> to_json(Wish(q="月", kind="poem", least=3.5))
    '{"kind": "poem", "least": 3.5, "q": "月"}'
    """
    told = {name: value for name, value in asdict(wish).items() if value != getattr(_PLAIN, name)}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> Wish:
    """The wish that `to_json` wrote.

    >>> from_json('{"kind": "poem", "q": "月"}') == Wish(q="月", kind="poem")
    True
    """
    return Wish(**json.loads(text))


def works_of(tx: Tx, house: House, wish: Wish, most: int) -> list[Held]:
    """The first works that a wish finds now, each with its place; raises what a search raises."""
    found = db.shelf.page(tx, find.selection(tx, house, wish), order=wish.sort, after=None, limit=most, visitor="")
    records = db.works.find_all(tx, [card.id for card in found.cards])
    return [Held(work, place, hidden=False) for place, work in enumerate(records, 1)]
