"""Find: the wall, searched and narrowed, in one of four orders, page by page, and how many works a further step leaves.

A page is found by the key of the last work before it and never by counting, so page 10,000 costs what page 1 costs and
a work hung meanwhile shifts nothing. What others think of a work is shown only to visitors who have rated it. The count
beside a facet is what choosing it would leave, all else being as it is.
"""

from __future__ import annotations

import math
import re
from base64 import b64encode
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import db
from db import Card, Cell, Key, Order, Selection, Tx, WorkKind
from db.tags import Tag
from gallery import errors
from gallery.journeys import House, store_errors, tag
from gallery.visitors import Visitor

PAGE = 60
LONGEST = 100
SEEDS = db.shelf.DICE
SHELF = 20_000
TAGS = 12  # beside the wall
NAMED = ("kind", "subject", "form", "mood", "month")
_CURSOR = re.compile(r"(newest|best|voted|random)-([0-9.]{1,24})-([0-9]{1,19})")
_LAST_ID = 2**63 - 1


@dataclass(frozen=True)
class Wish:
    """What a visitor asks to see; everything but `kind`, `sort` and `rated` may be whatever they typed.

    tag: by any of its names. since, until: the first and the last month. rated: by this visitor already (True) or not
    yet (False). seed: where the shuffled order begins. least, most: of the score that orders the wall, for curators
    alone, since to narrow by it is to see it.
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

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order is asked for."""
        return replace(self, sort="newest", seed=0, cursor=None) != Wish()


@dataclass(frozen=True)
class WallPage:
    """Cards of one page; `next_cursor` asks for the one after, None at the end of the wall."""

    cards: tuple[Card, ...]
    next_cursor: str | None


@dataclass(frozen=True)
class Facets:
    """How many works are shown, and how many every further choice would leave. more: these are the newest, and there
    are more; else all is exact. tags: the largest; none where only the visitor's own are shown. more_tagged: as `more`,
    for the tags. tag: the one that is chosen."""

    total: int
    more: bool
    named: Mapping[str, tuple[tuple[str, int], ...]]
    descended: int
    mine: int
    rated: int
    unrated: int
    tags: tuple[tuple[Tag, int], ...] = ()
    more_tagged: bool = False
    tag: Tag | None = None


def page(house: House, wish: Wish | None = None, visitor: Visitor | None = None, limit: int = PAGE) -> WallPage:
    """At most `limit` (1 to 60) works after the wish's cursor.

    Raises LongSearch, NothingToSearch, NoSuchTag, BadCursor for a cursor that this order never gave, and StoreTrouble.
    """
    wish = wish or Wish()
    after = _read_cursor(wish.cursor, wish.sort) if wish.cursor else None
    viewer = "" if visitor is None else visitor.id
    limit = max(1, min(limit, PAGE))
    with store_errors(house.settings.home), house.db.reading() as tx:
        asked = selection(tx, wish)
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


def selection(tx: Tx, wish: Wish) -> Selection:
    """The wish without its order; raises LongSearch, NoSuchTag, and NothingToSearch for nothing but punctuation."""
    asked = wish.q.strip()
    if len(asked) > LONGEST:
        raise errors.LongSearch(len(asked), LONGEST)
    words = db.search.runs(asked)
    if asked and not words:
        raise errors.NothingToSearch(asked[:20])
    named = {name: getattr(wish, name) for name in (*NAMED, "since", "until", "least", "most")}
    tags = tag.resolve(tx, wish.tag) if wish.tag else ()
    return Selection(**named, descended=wish.descended, mine=wish.mine, rated=wish.rated, words=words, tags=tags)


def facets(house: House, wish: Wish, visitor: Visitor) -> Facets:
    """What is shown and what every further choice would leave; raises as `page` does."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        asked = selection(tx, wish)
        cells = db.shelf.all_cells(tx)
        tags, far = ((), False) if asked.mine or asked.rated is not None else _tags(tx, asked)
        counted = db.shelf.counted(tx, asked, cells, visitor=visitor.id)
        chosen = db.tags.everything(tx).root(asked.tags[0]) if asked.tags else None
    here = counted.of(mine=asked.mine, rated=asked.rated)
    missed = _missed(cells, asked)

    def total(*, mine: bool, rated: bool | None) -> int:
        return sum(works for n, works in counted.of(mine=mine, rated=rated).items() if not missed[n])

    return Facets(
        total=total(mine=asked.mine, rated=asked.rated),
        more=counted.more,
        named=_tally(cells, here, missed),
        descended=sum(works for n, works in here.items() if cells[n].descended and not missed[n]),
        mine=total(mine=True, rated=asked.rated),
        rated=total(mine=asked.mine, rated=True),
        unrated=total(mine=asked.mine, rated=False),
        tags=tags,
        more_tagged=far,
        tag=chosen,
    )


def _tags(tx: Tx, asked: Selection) -> tuple[tuple[tuple[Tag, int], ...], bool]:
    """The largest tags with what each would leave, most first, and whether the counts are of the newest works alone."""
    known = db.tags.everything(tx)
    if not any(one.works for one in known.by_id.values()):
        return (), False
    classes = [(one, known.members(one.id)) for one in known.roots()]
    if replace(asked, tags=()) == Selection():
        counted, more = {one: db.tags.size(tx, known, members) for one, members in classes}, False
    else:
        bearing, more = db.shelf.tags_of(tx, asked)
        none: set[int] = set()
        counted = {one: len(none.union(*(bearing.get(each, none) for each in members))) for one, members in classes}
    ranked = sorted(((one, works) for one, works in counted.items() if works), key=lambda one: (-one[1], one[0].id))
    return tuple(ranked[:TAGS]), more


def _missed(cells: Mapping[int, Cell], asked: Selection) -> dict[int, list[str]]:
    """The facets in which each cell is not what is asked for."""
    wanted = [(name, getattr(asked, name)) for name in NAMED if getattr(asked, name) is not None]
    wanted += [("descended", 1)] if asked.descended else []
    return {
        number: [name for name, value in wanted if getattr(cell, name) != value] + _outside(cell, asked)
        for number, cell in cells.items()
    }


def _outside(cell: Cell, asked: Selection) -> list[str]:
    """Which ends of the stretch of months a cell lies beyond."""
    early, late = asked.since and cell.month < asked.since, asked.until and cell.month > asked.until
    return [name for name, out in (("since", early), ("until", late)) if out]


def _tally(
    cells: Mapping[int, Cell], numbers: Mapping[int, int], missed: Mapping[int, list[str]]
) -> dict[str, tuple[tuple[str, int], ...]]:
    """The values of every facet with what each would leave: months latest first, all else most first."""
    counts: dict[str, dict[str, int]] = {name: defaultdict(int) for name in (*NAMED, "descended", "since", "until")}
    for number, works in numbers.items():
        if len(missed[number]) < 2:
            for name in missed[number] or NAMED:
                counts[name][getattr(cells[number], name, "")] += works
    return {name: _ordered(counts[name], latest=name == "month") for name in NAMED}


def _ordered(found: Mapping[str, int], *, latest: bool) -> tuple[tuple[str, int], ...]:
    values = [(value, works) for value, works in found.items() if value and works]
    return tuple(sorted(values, reverse=True) if latest else sorted(values, key=lambda one: (-one[1], one[0])))


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
