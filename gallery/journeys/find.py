"""Find: the wall, searched and narrowed, in one of four orders, page by page.

A page is found by the key of the last work before it and never by counting, so page 10,000 costs what page 1 costs and
a work hung meanwhile shifts nothing. What others think of a work is shown only to visitors who have rated it. What a
wall can be narrowed to further: narrow.py.
"""

from __future__ import annotations

import math
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace

import db
from db import Card, Key, Order, Selection, Tx, WorkKind
from gallery import errors
from gallery.journeys import House, store_errors, tag
from gallery.journeys.plans import day_of
from gallery.visitors import Visitor

PAGE = 60
LONGEST = 100
SEEDS = db.shelf.DICE
SHELF = 20_000
NAMED = ("kind", "subject", "form", "mood", "month")
_CURSOR = re.compile(r"(newest|best|voted|random)-([0-9.]{1,24})-([0-9]{1,19})")
_LAST_ID = 2**63 - 1


@dataclass(frozen=True)
class Wish:
    """What a visitor asks to see; everything but `kind`, `sort` and `rated` may be whatever they typed.

    tag: by any of its names. signature: what a work is signed with, in either script and any case. show: the address of
    an exhibition that it hangs in. inscribed: a picture with a poem, that is a scroll, or a painting of which a scroll
    hangs. since, until: the first and the last month. rated: by this visitor already (True) or not yet (False). seed:
    where the shuffled order begins. least, most: of the score that orders the wall, for curators alone, since to narrow
    by it is to see it.
    """

    q: str = ""
    kind: WorkKind | None = None
    subject: str | None = None
    form: str | None = None
    mood: str | None = None
    month: str | None = None
    descended: bool = False
    mine: bool = False
    rated: bool | None = None
    sort: Order = "newest"
    seed: int = 0
    cursor: str | None = None
    tag: str | None = None
    since: str | None = None
    until: str | None = None
    least: float | None = None
    most: float | None = None
    signature: str | None = None
    show: str | None = None
    inscribed: bool = False

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order is asked for."""
        return replace(self, sort="newest", seed=0, cursor=None) != Wish()


@dataclass(frozen=True)
class WallPage:
    """Cards of one page; `next_cursor` asks for the one after, None at the end of the wall."""

    cards: tuple[Card, ...]
    next_cursor: str | None


def page(house: House, wish: Wish | None = None, visitor: Visitor | None = None, limit: int = PAGE) -> WallPage:
    """At most `limit` (1 to 60) works after the wish's cursor.

    Raises LongSearch, NothingToSearch, NoSuchTag, NotOnView, BadCursor for a cursor that this order never gave, and
    StoreTrouble.
    """
    wish = wish or Wish()
    after = _read_cursor(wish.cursor, wish.sort) if wish.cursor else None
    viewer = "" if visitor is None else visitor.id
    limit = max(1, min(limit, PAGE))
    with store_errors(house.settings.home), house.db.reading() as tx:
        asked = selection(tx, house, wish)
        found = db.shelf.page(
            tx, asked, order=wish.sort, after=after, limit=limit, visitor=viewer, seed=wish.seed % SEEDS
        )
    return WallPage(found.cards, None if found.last is None else _write_cursor(found.last, wish.sort))


def placeholders(house: House, cards: Sequence[Card]) -> dict[int, str]:
    """What stands in the place of a picture while it is on its way (thumbhash, base64), for works that have one.

    Raises StoreTrouble.
    """
    pictured = [card.id for card in cards if card.thumb]
    with store_errors(house.settings.home), house.db.reading() as tx:
        return {number: b64encode(kept).decode() for number, kept in db.looks.placeholders(tx, pictured).items()}


def selection(tx: Tx, house: House, wish: Wish) -> Selection:
    """The wish without its order; raises LongSearch, NoSuchTag, NotOnView, and NothingToSearch for nothing but
    punctuation."""
    asked = wish.q.strip()
    if len(asked) > LONGEST:
        raise errors.LongSearch(len(asked), LONGEST)
    words = db.search.runs(asked)
    if asked and not words:
        raise errors.NothingToSearch(asked[:20])
    named = {name: getattr(wish, name) for name in (*NAMED, "since", "until", "least", "most")}
    named |= {name: getattr(wish, name) for name in ("descended", "inscribed", "mine", "rated")}
    tags = tag.resolve(tx, wish.tag) if wish.tag else ()
    by = db.signatures.find(tx, wish.signature) if wish.signature else None
    hung = _hung(tx, house, wish.show) if wish.show else None
    return Selection(**named, words=words, tags=tags, signature=by, hung=hung)


def _hung(tx: Tx, house: House, slug: str) -> tuple[int, int]:
    """Number and version of the exhibition at that address; raises NotOnView."""
    found = db.shows.on_view(tx, today=day_of(house.clock()), slug=slug)
    if not found:
        raise errors.NotOnView(slug[:40])
    return found[0].show, found[0].version


def shelves(house: House) -> int:
    """How many shelves of SHELF numbers the works stand on; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return db.shelf.last(tx) // SHELF + 1


def on_shelf(house: House, shelf: int) -> list[int]:
    """The numbers of the works on one of them that can be seen; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return db.shelf.numbers(tx, first=shelf * SHELF, before=(shelf + 1) * SHELF)


def _write_cursor(key: Key, order: Order) -> str:
    """A place on the wall as text; repr gives a float back bit by bit."""
    return f"{order}-{key.value!r}-{key.id}"


def _read_cursor(cursor: str, order: Order) -> Key:
    match = _CURSOR.fullmatch(cursor)
    if match is None or match[1] != order:
        raise errors.BadCursor()
    try:
        key = Key(id=int(match[3]), value=float(match[2]))
    except ValueError:
        raise errors.BadCursor() from None
    if key.id > _LAST_ID or not math.isfinite(key.value):
        raise errors.BadCursor()
    return key
