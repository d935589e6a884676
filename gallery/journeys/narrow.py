"""Narrow: what the wall can be narrowed to further, and how many works each such step leaves.

The count beside a facet is what choosing it would leave, all else being as it is. Tags and signatures that few works
bear do not stand beside the wall, nor exhibitions before the newest; all of them can be asked for. A signature is what
stands under a work for everybody to read; who its maker is, is told to nobody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

import db
from db import Cell, Selection, Tx
from db.counting import Among
from db.tags import Tag
from gallery.journeys import House, store_errors
from gallery.journeys.find import NAMED, Wish, selection
from gallery.journeys.plans import Plan, day_of
from gallery.visitors import Visitor

BESIDE = 12  # tags, signatures and exhibitions that stand beside the wall
FLAGS = ("descended", "inscribed")


@dataclass(frozen=True)
class Hall:
    """An exhibition in which works of the wall hang, and how many there are."""

    slug: str
    plan: Plan
    works: int


@dataclass(frozen=True)
class Facets:
    """How many works are shown, and how many every further choice would leave. more: these are the newest, and there
    are more; else all is exact.

    tags, signatures: those of most works, `halls` the newest exhibitions; none where only the visitor's own are shown.
    more_tagged, more_signed: as `more`, for these. tag, signature, hall: what is chosen, the signature as it is spelt.
    """

    total: int
    more: bool
    named: Mapping[str, tuple[tuple[str, int], ...]]
    descended: int
    inscribed: int
    mine: int
    rated: int
    unrated: int
    tags: tuple[tuple[Tag, int], ...] = ()
    more_tagged: bool = False
    tag: Tag | None = None
    signatures: tuple[tuple[str, int], ...] = ()
    more_signed: bool = False
    signature: str | None = None
    halls: tuple[Hall, ...] = ()
    hall: Hall | None = None


@dataclass(frozen=True)
class _Borne:
    """What works have of their own, as `Facets` tells it."""

    tags: tuple[tuple[Tag, int], ...] = ()
    more_tagged: bool = False
    signatures: tuple[tuple[str, int], ...] = ()
    more_signed: bool = False
    halls: tuple[Hall, ...] = ()


def facets(house: House, wish: Wish, visitor: Visitor) -> Facets:
    """What is shown and what every further choice would leave; raises as `find.page` does."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        asked = selection(tx, house, wish)
        cells = db.counting.all_cells(tx)
        borne = _Borne() if asked.mine or asked.rated is not None else _borne(tx, house, asked)
        counted = db.counting.counted(tx, asked, cells, visitor=visitor.id)
        chosen = db.tags.everything(tx).root(asked.tags[0]) if asked.tags else None
        by = db.signatures.spelt(tx, [asked.signature]).get(asked.signature) if asked.signature else None
        hall = _halls(tx, house, asked, slug=wish.show)[0] if wish.show else None
    here = counted.of(mine=asked.mine, rated=asked.rated)
    missed = _missed(cells, asked)

    def total(*, mine: bool, rated: bool | None) -> int:
        return sum(works for n, works in counted.of(mine=mine, rated=rated).items() if not missed[n])

    return Facets(
        total=total(mine=asked.mine, rated=asked.rated),
        more=counted.more,
        named=_tally(cells, here, missed),
        descended=sum(works for n, works in here.items() if cells[n].descended and not missed[n]),
        inscribed=sum(works for n, works in here.items() if cells[n].inscribed and not missed[n]),
        mine=total(mine=True, rated=asked.rated),
        rated=total(mine=asked.mine, rated=True),
        unrated=total(mine=asked.mine, rated=False),
        **vars(borne),
        tag=chosen,
        signature=by or wish.signature,
        hall=hall,
    )


def _borne(tx: Tx, house: House, asked: Selection) -> _Borne:
    """What stands beside the wall: tags as if none were asked for, signatures and exhibitions likewise."""
    untagged, unsigned = replace(asked, tags=()), replace(asked, signature=None)
    some = {one: db.counting.among(tx, one) for one in {untagged, unsigned} if one != Selection()}
    tags, names = _tags(tx, some.get(untagged)), _signatures(tx, some.get(unsigned))
    tagged, signed = (one in some and some[one].more for one in (untagged, unsigned))
    halls = tuple(hall for hall in _halls(tx, house, replace(asked, hung=None)) if hall.works)
    return _Borne(tags, tagged and bool(tags), names, signed, halls)


def _tags(tx: Tx, some: Among | None) -> tuple[tuple[Tag, int], ...]:
    """The largest tags with how many of these works bear each, or of all, most first."""
    known = db.tags.everything(tx)
    if not any(one.works for one in known.by_id.values()):
        return ()
    classes = [(one, known.members(one.id)) for one in known.roots()]
    if some is None:
        counted = {one: db.tags.size(tx, known, members) for one, members in classes}
    else:
        bearing, none = db.counting.tags_of(tx, some), set[int]()
        counted = {one: len(none.union(*(bearing.get(each, none) for each in members))) for one, members in classes}
    ranked = sorted(((one, works) for one, works in counted.items() if works), key=lambda one: (-one[1], one[0].id))
    return tuple(ranked[:BESIDE])


def _signatures(tx: Tx, some: Among | None) -> tuple[tuple[str, int], ...]:
    """The largest signatures with how many of these works bear each, or of all, most first."""
    if some is None:
        counted = db.signatures.largest(tx, limit=BESIDE)
    else:
        counted = db.counting.signatures_of(tx, some, limit=BESIDE)
    spelt = db.signatures.spelt(tx, [number for number, _ in counted])
    return tuple((spelt[number], many) for number, many in counted if number in spelt)


def _halls(tx: Tx, house: House, asked: Selection, slug: str | None = None) -> list[Hall]:
    """The newest exhibitions, or the one at that address, each with what it would leave."""
    shown = db.shows.on_view(tx, today=day_of(house.clock()), limit=BESIDE, slug=slug)
    counted = db.counting.hung_of(tx, asked, [(one.show, one.version) for one in shown]) if shown else {}
    return [Hall(one.slug, Plan.from_json(one.body), counted.get((one.show, one.version), 0)) for one in shown]


def on_view(house: House, slug: str) -> Plan | None:
    """The exhibition at that address, if it is shown today; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = db.shows.on_view(tx, today=day_of(house.clock()), slug=slug)
    return Plan.from_json(found[0].body) if found else None


def _missed(cells: Mapping[int, Cell], asked: Selection) -> dict[int, list[str]]:
    """The facets in which each cell is not what is asked for."""
    wanted = [(name, getattr(asked, name)) for name in NAMED if getattr(asked, name) is not None]
    wanted += [(flag, 1) for flag in FLAGS if getattr(asked, flag)]
    ends = asked.since or asked.until
    return {
        number: [name for name, value in wanted if getattr(cell, name) != value]
        + (_outside(cell, asked) if ends else [])
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
    counts: dict[str, dict[str, int]] = {name: defaultdict(int) for name in (*NAMED, *FLAGS, "since", "until")}
    for number, works in numbers.items():
        if len(missed[number]) < 2:
            for name in missed[number] or NAMED:
                counts[name][getattr(cells[number], name, "")] += works
    return {name: _ordered(counts[name], latest=name == "month") for name in NAMED}


def _ordered(found: Mapping[str, int], *, latest: bool) -> tuple[tuple[str, int], ...]:
    values = [(value, works) for value, works in found.items() if value and works]
    return tuple(sorted(values, reverse=True) if latest else sorted(values, key=lambda one: (-one[1], one[0])))
